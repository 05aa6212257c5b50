// The figures of a payoff, each worked out by other means: charges, breakevens, extremes, probability, greeks, the curves.
import { describe, expect, it } from "vitest";
import { contractNote } from "../../../src/core/charges/contract-note.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { payoffOf, type WhatIf } from "../../../src/core/margin/payoff.ts";
import { netGreeks, type PayoffLeg, pricedLeg } from "../../../src/core/margin/payoff-legs.ts";
import { normalCumulative } from "../../../src/core/market/normal-distribution.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { leg, MARKET, MONDAY, marketAt, NEXT_TUESDAY, option, payoffLeg, SPOT, TUESDAY } from "./margin-legs.ts";

const KEPT_ON_EXERCISE = 1 - 0.0015;
const FAR = marketDate("2027-06-29");

const charges = (buyRupees: number, sellRupees: number, executedOrders: number): Paise =>
  contractNote({
    date: MONDAY,
    exchange: "NSE",
    buyValuePaise: paise(Math.round(buyRupees * 100)),
    sellValuePaise: paise(Math.round(sellRupees * 100)),
    executedOrders,
  }).totalPaise;

/** Black-Scholes by a leg's own figures, in paise, at a spot in rupees. */
const modelled = (basket: PayoffLeg, spot: number, atMs = MARKET.atMs, shift = 0): number => {
  const { contract, volatility } = pricedLeg(basket, MARKET);
  const { strikePaise: strike, optionType, expiry } = contract;
  const years = yearsToExpiry(epochMs(atMs), expiry, "15:30");
  return priceOption({
    spot: spot * 100,
    strike,
    years,
    rate: ASSUMED_RATE,
    volatility: volatility + shift,
    optionType,
  }).price;
};

const pointAt = (payoff: ReturnType<typeof payoffOf>, spot: number) => {
  const found = payoff.points.find(({ spotPaise }) => spotPaise === spot * 100);
  if (found === undefined) throw new Error(`no point at ${spot}`);
  return found;
};
const around = (low: number, high: number, points: number) => ({
  range: { lowPaise: paise(low * 100), highPaise: paise(high * 100), points },
});

describe("what a payoff is asked of", () => {
  it("is a basket of at least one leg, in one underlying", () => {
    expect(() => payoffOf([], MARKET)).toThrow("a leg");
    const foreign = payoffLeg(leg("CALL", 80_000, 20, 100, { underlying: "SENSEX" }));
    expect(() => payoffOf([option("CALL", 24_000, 65, 200), foreign], MARKET)).toThrow("one underlying at a time");
  });

  it("begins with the earliest expiry, in whatever order the legs come", () => {
    const legs = [option("CALL", 24_000, 65, 250), option("CALL", 24_000, -65, 150, TUESDAY)];
    expect(payoffOf(legs, MARKET)).toMatchObject({ firstExpiry: TUESDAY, basis: "MODELLED" });
    expect(payoffOf(legs.toReversed(), MARKET)).toMatchObject({ firstExpiry: TUESDAY, basis: "MODELLED" });
  });
});

describe("the charges of a basket", () => {
  it("count what is bought and what is sold on entry, and the other way round on the way out at today's prices", () => {
    const long = payoffLeg(leg("CALL", 24_000, 65, 260), paise(200_00));
    const short = payoffLeg(leg("PUT", 23_500, -130, 70), paise(90_00));
    const payoff = payoffOf([long, short], MARKET);
    expect(payoff.entryChargesPaise).toBe(charges(65 * 200, 130 * 90, 2));
    expect(payoff.roundTripChargesPaise).toBe(charges(65 * 200 + 130 * 70, 130 * 90 + 65 * 260, 4));
    expect(payoff.netPremiumPaise).toBe(65 * 200_00 - 130 * 90_00);
  });

  it("of a sale alone are those of a sale, of a purchase alone those of a purchase", () => {
    expect(payoffOf([option("CALL", 24_500, -65, 50)], MARKET).entryChargesPaise).toBe(charges(0, 65 * 50, 1));
    expect(payoffOf([option("CALL", 24_500, 65, 50)], MARKET).entryChargesPaise).toBe(charges(65 * 50, 0, 1));
  });

  it("count an order for every freeze quantity begun", () => {
    const entry = (units: number) => payoffOf([option("CALL", 24_500, units, 50)], MARKET).entryChargesPaise;
    expect(entry(3_510)).toBe(charges(3_510 * 50, 0, 1));
    expect(entry(3_575)).toBe(charges(3_575 * 50, 0, 2));
    expect(payoffOf([option("CALL", 24_500, -7_085, 50)], MARKET).roundTripChargesPaise).toBe(
      charges(7_085 * 50, 7_085 * 50, 6),
    );
  });

  it("are none where nothing was paid: what came for nothing cost no order", () => {
    const given = payoffLeg(leg("CALL", 24_000, 65, 200), paise(0));
    const payoff = payoffOf([given], MARKET);
    expect(payoff.entryChargesPaise).toBe(0);
    expect(payoff.maxLossPaise).toBe(0);
  });
});

describe("the breakevens", () => {
  it("of a call spread are one: the tax on exercise beyond the strikes makes no second", () => {
    const payoff = payoffOf([option("CALL", 24_000, 65, 200), option("CALL", 24_200, -65, 110)], MARKET);
    const paid = 90_00 * 65 + payoff.entryChargesPaise;
    expect(payoff.breakevensPaise).toEqual([Math.round(24_000_00 + paid / 65 / KEPT_ON_EXERCISE)]);
    expect(payoff.maxLossPaise).toBe(-paid);
    expect(payoff.maxProfitPaise).toBe(Math.floor(200_00 * 65 * KEPT_ON_EXERCISE - paid + 1e-4));
  });

  it("are told once, though the result goes on rising beyond the last strike", () => {
    const payoff = payoffOf([option("CALL", 24_000, 130, 40), option("CALL", 24_200, -65, 20)], MARKET);
    const paid = 40_00 * 130 - 20_00 * 65 + payoff.entryChargesPaise;
    expect(payoff.breakevensPaise).toEqual([Math.round(24_000_00 + paid / 130 / KEPT_ON_EXERCISE)]);
    expect(payoff.maxProfitPaise).toBeNull();
  });

  it("beyond the last strike are found however deep in the money it lies", () => {
    const payoff = payoffOf([option("CALL", 10_000, -65, 14_100)], MARKET);
    const kept = 14_100_00 * 65 - payoff.entryChargesPaise;
    expect(payoff.breakevensPaise).toEqual([Math.round(10_000_00 + kept / 65)]);
  });

  it("lie where the result leaves zero, not where its fall ends", () => {
    const free = (strike: number, units: number) => payoffLeg(leg("CALL", strike, units, 100), paise(0));
    const payoff = payoffOf([free(24_000, -65), free(24_200, 65)], MARKET);
    expect(payoff.breakevensPaise).toEqual([24_000_00]);
  });
});

describe("the extremes", () => {
  it("of a short put lie at its strike and at an index of nothing", () => {
    const payoff = payoffOf([option("PUT", 24_000, -65, 180)], MARKET);
    const kept = 180_00 * 65 - payoff.entryChargesPaise;
    expect(payoff).toMatchObject({ maxProfitPaise: kept, maxLossPaise: kept - 24_000_00 * 65 });
    expect(payoff.breakevensPaise).toEqual([Math.round(24_000_00 - kept / 65)]);
  });

  it("of a long put: nothing above the strike, and all of it when the index is worth nothing", () => {
    const payoff = payoffOf([option("PUT", 24_000, 65, 180)], MARKET);
    const paid = 180_00 * 65 + payoff.entryChargesPaise;
    expect(payoff.maxLossPaise).toBe(-paid);
    expect(payoff.maxProfitPaise).toBe(Math.floor(24_000_00 * 65 * KEPT_ON_EXERCISE - paid + 1e-4));
  });

  it("are unbounded by the calls alone: a put bought does not cover a call that is sold", () => {
    const short = payoffOf([option("CALL", 24_200, -65, 110), option("PUT", 23_800, 65, 95)], MARKET);
    expect(short.maxLossPaise).toBeNull();
    expect(short.maxProfitPaise).not.toBeNull();
    const long = payoffOf([option("CALL", 24_200, 65, 110), option("PUT", 23_800, -65, 95)], MARKET);
    expect(long.maxProfitPaise).toBeNull();
    expect(long.maxLossPaise).not.toBeNull();
  });

  it("of later legs lie between the strikes too: no price at all is better than the best by more than a search step", () => {
    const legs = [
      option("CALL", 24_000, -65, 2_000, FAR),
      option("PUT", 24_000, -65, 1_800, FAR),
      option("CALL", 26_000, -65, 5),
    ];
    const payoff = payoffOf(legs, MARKET, around(20_000, 26_000, 601));
    const best = payoff.points.reduce((top, point) => (point.atExpiryPaise > top.atExpiryPaise ? point : top));
    // A straddle of months is cheapest well below its strike, where its calls and puts weigh the same.
    expect(best.spotPaise).toBeLessThan(23_800_00);
    expect(payoff.maxProfitPaise).toBeGreaterThan(pointAt(payoff, 24_000).atExpiryPaise);
    expect(Math.abs((payoff.maxProfitPaise ?? 0) - best.atExpiryPaise)).toBeLessThan(30_00 * 65);
    expect(payoff.maxProfitPaise ?? 0).toBeGreaterThan(best.atExpiryPaise - 5_00 * 65);
  });
});

describe("the curves", () => {
  it("at the first expiry value a later leg at that moment, rounded against the trader", () => {
    const near = option("CALL", 24_000, -65, 150, TUESDAY);
    const far = option("CALL", 24_000, 65, 250);
    const payoff = payoffOf([near, far], MARKET, around(23_000, 25_000, 3));
    const closeMs = istInstant(TUESDAY, "15:30");
    for (const spot of [23_000, 24_000, 25_000]) {
      const worth = 65 * modelled(far, spot, closeMs) - 65 * Math.max(0, spot - 24_000) * 100;
      const result = worth - 65 * 100_00 - payoff.entryChargesPaise;
      expect(pointAt(payoff, spot).atExpiryPaise, `${spot}`).toBe(Math.floor(result + 1e-4));
    }
  });

  it("of closing sell longs at the model's price rounded down and buy shorts back at it rounded up", () => {
    const long = payoffLeg(leg("CALL", 24_000, 65, 260), paise(200_00));
    const short = payoffLeg(leg("CALL", 24_300, -65, 120), paise(130_00));
    const closed = (spot: number, whatIf?: WhatIf) =>
      pointAt(
        payoffOf([long, short], MARKET, { ...around(23_900, 24_100, 3), ...(whatIf === undefined ? {} : { whatIf }) }),
        spot,
      ).closedPaise;
    const expected = (spot: number, atMs = MARKET.atMs, shift = 0): number => {
      const out = Math.floor(modelled(long, spot, atMs, shift) + 1e-4);
      const back = Math.ceil(modelled(short, spot, atMs, shift) - 1e-4);
      const round = charges(65 * (200 + back / 100), 65 * (130 + out / 100), 4);
      return 65 * (out - 200_00) + 65 * (130_00 - back) - round;
    };
    for (const spot of [23_900, 24_000, 24_100]) expect(closed(spot), `${spot}`).toBe(expected(spot));
    const friday = istInstant(marketDate("2026-11-20"), "15:30");
    expect(closed(24_100, { atMs: friday, volatilityShiftBps: 150 })).toBe(expected(24_100, friday, 0.015));
    expect(closed(23_900, { volatilityShiftBps: -150 })).toBe(expected(23_900, MARKET.atMs, -0.015));
  });

  it("of closing now pay exactly today's prices: the dust of the model costs no paisa a unit", () => {
    const short = payoffLeg(leg("CALL", 24_300, -65, 120), paise(130_00));
    const payoff = payoffOf([short], MARKET, around(23_000, 25_000, 3));
    expect(pointAt(payoff, SPOT).closedPaise).toBe(10_00 * 65 - payoff.roundTripChargesPaise);
  });

  it("reach 3 % beyond the farthest strike, and 9 % at least, in 61 steps and at every strike", () => {
    const ends = (...strikes: readonly number[]) => {
      const { points } = payoffOf(
        strikes.map((strike) => option("CALL", strike, 65, Math.max(5, SPOT - strike + 5))),
        MARKET,
      );
      return [points[0]?.spotPaise, points.at(-1)?.spotPaise, points.length];
    };
    expect(ends(24_000)).toEqual([21_840_00, 26_160_00, 61]);
    expect(ends(24_000, 25_250)).toEqual([21_840_00, 26_160_00, 62]);
    expect(ends(26_400)).toEqual([20_880_00, 27_120_00, 62]);
    expect(ends(24_000, 19_200)).toEqual([18_480_00, 29_520_00, 62]);
    expect(ends(60_000)[0]).toBe(0);
  });

  it("show within a range that is asked for its even steps and the strikes inside it, no others, in order", () => {
    const legs = [option("CALL", 22_950, 65, 1_200), option("CALL", 23_700, 65, 500), option("CALL", 25_050, 65, 5)];
    const { points } = payoffOf(legs, MARKET, around(23_000, 25_000, 3));
    expect(points.map(({ spotPaise }) => spotPaise / 100)).toEqual([23_000, 23_700, 24_000, 25_000]);
  });
});

describe("the probability of a profit", () => {
  it("follows the lognormal law with the volatility of the leg nearest the money, wherever it stands", () => {
    const near = option("CALL", 24_500, 65, 2_600, FAR);
    const far = option("PUT", 18_000, -65, 300, FAR);
    const years = yearsToExpiry(MARKET.atMs, FAR, "15:30");
    const sigma = pricedLeg(near, MARKET).volatility;
    expect(Math.abs(sigma - pricedLeg(far, MARKET).volatility)).toBeGreaterThan(0.02);
    for (const legs of [
      [near, far],
      [far, near],
    ]) {
      const payoff = payoffOf(legs, MARKET);
      expect(payoff.breakevensPaise).toHaveLength(1);
      const breakeven = (payoff.breakevensPaise[0] ?? 0) / 100;
      const drift = (ASSUMED_RATE - sigma ** 2 / 2) * years;
      const below = normalCumulative((Math.log(breakeven / SPOT) - drift) / (sigma * Math.sqrt(years)));
      expect(Math.abs(payoff.profitProbabilityBps - (1 - below) * 10_000)).toBeLessThanOrEqual(1);
    }
  });

  it("once trading is over is the result itself, and a result of nothing is no profit", () => {
    const evening = marketAt(SPOT, NEXT_TUESDAY, "15:35");
    const free = (strike: number, units: number) => payoffLeg(leg("CALL", strike, units, 100), paise(0));
    expect(payoffOf([free(24_000, 65), free(24_200, -65)], evening).profitProbabilityBps).toBe(0);
    expect(payoffOf([free(23_950, 65), free(24_200, -65)], evening).profitProbabilityBps).toBe(10_000);
  });
});

describe("the volatility and the greeks of a basket", () => {
  it("takes what the price implies, else what is given, else assumes high for what is owed and low for what is owned", () => {
    const of = (units: number, price: number, ivBps: number | null) => {
      const { volatility, volatilitySource } = pricedLeg({ ...option("CALL", 23_000, units, price), ivBps }, MARKET);
      return [volatilitySource, Number(volatility.toFixed(4))];
    };
    // A call is worth at least the spot less the discounted strike, about 1,033: no volatility explains less.
    expect(of(65, 500, 1_600)).toEqual(["GIVEN", 0.16]);
    expect(of(65, 500, 1)).toEqual(["GIVEN", 0.0001]);
    expect(of(-65, 500, 0)).toEqual(["FALLBACK", 0.3]);
    expect(of(65, 500, null)).toEqual(["FALLBACK", 0.1]);
    expect(of(-65, 500, null)).toEqual(["FALLBACK", 0.3]);
    const [source, volatility] = of(65, 1_100, 9_000);
    expect(source).toBe("IMPLIED");
    expect(volatility).toBeLessThan(0.4);
  });

  it("are the sums of the legs' own: delta in units, gamma a rupee, theta a calendar day, vega a point", () => {
    const legs = [option("CALL", 24_000, 130, 260), option("PUT", 23_500, -65, 70)].map((each) =>
      pricedLeg(each, MARKET),
    );
    const years = yearsToExpiry(MARKET.atMs, NEXT_TUESDAY, "15:30");
    const [call, put] = legs.map(({ contract, volatility }) =>
      priceOption({
        spot: SPOT,
        strike: contract.strikePaise / 100,
        years,
        rate: ASSUMED_RATE,
        volatility,
        optionType: contract.optionType,
      }),
    );
    if (call === undefined || put === undefined) throw new Error("two legs");
    const { delta, gamma, thetaPaise, vegaPaise } = netGreeks(legs, MARKET);
    expect(delta).toBeCloseTo(130 * call.delta - 65 * put.delta, 8);
    expect(delta).toBeGreaterThan(65);
    expect(gamma).toBeCloseTo(130 * call.gamma - 65 * put.gamma, 8);
    expect(thetaPaise).toBeCloseTo(((130 * call.theta - 65 * put.theta) / 365) * 100, 4);
    // A vega of one is rupees for a whole 1.00 of volatility; a point is a hundredth of it, and a rupee a hundred paise.
    expect(vegaPaise).toBeCloseTo(130 * call.vega - 65 * put.vega, 4);
  });
});
