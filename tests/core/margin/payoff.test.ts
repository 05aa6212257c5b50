import { describe, expect, it } from "vitest";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { type Payoff, payoffOf } from "../../../src/core/margin/payoff.ts";
import { impliedVolatility } from "../../../src/core/market/implied-volatility.ts";
import { ASSUMED_RATE, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { Seeded } from "../../support/seeded.ts";
import { anyLegs, leg, MARKET, marketAt, NEXT_TUESDAY, option, payoffLeg, SPOT } from "./margin-legs.ts";

const resultAt = (payoff: Payoff, spot: number): Paise | undefined =>
  payoff.points.find((point) => point.spotPaise === spot * 100)?.atExpiryPaise;

const STT_ON_EXERCISE = 0.0015;

describe("the payoff of a basket", () => {
  it("of a long call: loses premium and charges at most, breaks even above strike plus premium, gains without bound", () => {
    const payoff = payoffOf([option("CALL", 24_000, 65, 200)], MARKET);
    const lost = -(200_00 * 65 + payoff.entryChargesPaise);
    expect(payoff).toMatchObject({
      basis: "EXACT",
      maxProfitPaise: null,
      maxLossPaise: lost,
      netPremiumPaise: 200_00 * 65,
    });
    expect(payoff.entryChargesPaise).toBeGreaterThan(20_00);
    expect(payoff.roundTripChargesPaise).toBeGreaterThan(payoff.entryChargesPaise + 20_00);
    const breakeven = 24_000_00 - lost / 65 / (1 - STT_ON_EXERCISE);
    expect(payoff.breakevensPaise).toEqual([Math.round(breakeven)]);
    expect(resultAt(payoff, 24_000)).toBe(lost);
  });

  it("of a short straddle: two breakevens around the strike, loss without bound, profit at the strike", () => {
    const payoff = payoffOf([option("CALL", 24_000, -65, 200), option("PUT", 24_000, -65, 180)], MARKET);
    const kept = 380_00 * 65 - payoff.entryChargesPaise;
    expect(payoff).toMatchObject({ maxLossPaise: null, maxProfitPaise: kept });
    expect(payoff.breakevensPaise).toEqual([24_000_00 - kept / 65, 24_000_00 + kept / 65].map(Math.round));
    expect(payoff.greeks.thetaPaise).toBeGreaterThan(0);
    expect(payoff.greeks.vegaPaise).toBeLessThan(0);
    expect(payoff.greeks.gamma).toBeLessThan(0);
  });

  it("of an iron condor: both extremes bounded, and as much as premium, wings and charges say", () => {
    const payoff = payoffOf(
      [
        option("PUT", 23_500, 65, 30),
        option("PUT", 23_700, -65, 55),
        option("CALL", 24_300, -65, 60),
        option("CALL", 24_400, 65, 40),
      ],
      MARKET,
    );
    const kept = 45_00 * 65 - payoff.entryChargesPaise;
    expect(payoff.maxProfitPaise).toBe(kept);
    expect(payoff.maxLossPaise).toBe(kept - 200_00 * 65);
    expect(payoff.breakevensPaise).toHaveLength(2);
    expect(payoff.profitProbabilityBps).toBeGreaterThan(3_000);
    expect(payoff.profitProbabilityBps).toBeLessThan(9_500);
  });

  it("of positions held counts from what they were bought for, while the curve of today starts from today's price", () => {
    const held = payoffLeg(leg("CALL", 24_000, 65, 260), paise(200_00));
    const payoff = payoffOf([held], MARKET, {
      range: { lowPaise: paise(23_000_00), highPaise: paise(25_000_00), points: 3 },
    });
    const now = payoff.points.find((point) => point.spotPaise === SPOT * 100);
    expect(now?.closedPaise).toBe(60_00 * 65 - payoff.roundTripChargesPaise);
    expect(payoff.points.map((point) => point.spotPaise)).toEqual([23_000_00, 24_000_00, 25_000_00]);
  });

  it("follows a what-if: time takes value from a long, volatility gives some back", () => {
    const long = [option("CALL", 24_000, 65, 200)];
    const closedAtSpot = (whatIf: NonNullable<Parameters<typeof payoffOf>[2]>["whatIf"]): number =>
      payoffOf(long, MARKET, whatIf === undefined ? {} : { whatIf }).points.find(
        (point) => point.spotPaise === SPOT * 100,
      )?.closedPaise ?? Number.NaN;
    const now = closedAtSpot(undefined);
    const friday = closedAtSpot({ atMs: istInstant(marketDate("2026-11-20"), "15:30") });
    expect(friday).toBeLessThan(now);
    expect(closedAtSpot({ volatilityShiftBps: 200 })).toBeGreaterThan(now);
    expect(closedAtSpot({ volatilityShiftBps: -200 })).toBeLessThan(now);
    // Nothing is left of it at expiry, and closing it costs the brokerage of one more order with its tax.
    const gone = closedAtSpot({ atMs: istInstant(NEXT_TUESDAY, "15:30") });
    expect(gone).toBe(-200_00 * 65 - payoffOf(long, MARKET).entryChargesPaise - 23_60);
  });

  it("gives the probability of the lognormal law, which 200,000 draws confirm", () => {
    const legs = [option("CALL", 24_200, -65, 110), option("PUT", 23_800, -65, 95)];
    const payoff = payoffOf(legs, MARKET);
    const [low = 0, high = 0] = payoff.breakevensPaise;
    const years = yearsToExpiry(MARKET.atMs, NEXT_TUESDAY, "15:30");
    const implied = impliedVolatility({
      spot: SPOT,
      strike: 24_200,
      years,
      rate: ASSUMED_RATE,
      optionType: "CALL",
      price: 110,
    });
    if (!implied.ok) throw new Error(implied.error.code);
    const random = new Seeded(5);
    let inside = 0;
    const draws = 200_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      const sigma = implied.value;
      const spot =
        SPOT * 100 * Math.exp((ASSUMED_RATE - (sigma * sigma) / 2) * years + sigma * Math.sqrt(years) * normal);
      if (spot > low && spot < high) inside += 1;
    }
    expect(Math.abs(payoff.profitProbabilityBps / 10_000 - inside / draws)).toBeLessThan(0.005);
  });

  it("of two expiries is modelled at the first: a calendar peaks at its strike and loses at most what it cost", () => {
    const payoff = payoffOf(
      [option("CALL", 24_000, -65, 150, marketDate("2026-11-17")), option("CALL", 24_000, 65, 250)],
      MARKET,
    );
    expect(payoff).toMatchObject({ basis: "MODELLED", firstExpiry: "2026-11-17" });
    expect(payoff.breakevensPaise).toHaveLength(2);
    const best = payoff.points.reduce((top, point) => (point.atExpiryPaise > top.atExpiryPaise ? point : top));
    expect(Math.abs(best.spotPaise - SPOT * 100)).toBeLessThan(200_00);
    expect(payoff.maxLossPaise).toBeGreaterThanOrEqual(-(100_00 * 65 + payoff.entryChargesPaise) - 65 * 40_00);
  });

  it("has extremes that no point exceeds, breakevens where the sign changes, and is linear in the basket", () => {
    const random = new Seeded(6);
    for (let index = 0; index < 150; index += 1) {
      const legs = anyLegs(random).map((base) =>
        payoffLeg({ ...base, contract: { ...base.contract, expiry: NEXT_TUESDAY } }),
      );
      const payoff = payoffOf(legs, MARKET, {
        range: { lowPaise: paise(20_000_00), highPaise: paise(28_000_00), points: 41 },
      });
      const strikes = legs.map((each) => each.contract.strikePaise);
      for (const point of payoff.points) {
        // Beyond the strikes the tax on exercised longs goes on growing.
        if (point.spotPaise > Math.max(...strikes) || point.spotPaise < Math.min(...strikes)) continue;
        if (payoff.maxProfitPaise !== null) expect(point.atExpiryPaise).toBeLessThanOrEqual(payoff.maxProfitPaise);
        if (payoff.maxLossPaise !== null) expect(point.atExpiryPaise).toBeGreaterThanOrEqual(payoff.maxLossPaise);
      }
      for (const [position, point] of payoff.points.entries()) {
        const next = payoff.points[position + 1];
        if (next === undefined || next.spotPaise > Math.max(...strikes)) continue;
        const crosses = payoff.breakevensPaise.some((price) => price >= point.spotPaise && price <= next.spotPaise);
        if (point.atExpiryPaise < -1 !== next.atExpiryPaise < -1) expect(crosses).toBe(true);
      }
      expect(payoff.profitProbabilityBps).toBeGreaterThanOrEqual(0);
      expect(payoff.profitProbabilityBps).toBeLessThanOrEqual(10_000);
    }
  });

  it("on the evening of expiry knows whether it has won", () => {
    const evening = marketAt(SPOT, NEXT_TUESDAY, "15:35");
    expect(payoffOf([option("CALL", 23_900, 65, 50)], evening).profitProbabilityBps).toBe(10_000);
    expect(payoffOf([option("CALL", 24_100, 65, 50)], evening).profitProbabilityBps).toBe(0);
  });
});
