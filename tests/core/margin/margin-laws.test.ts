// What holds for every portfolio, whatever its prices and volatilities: 400 seeded portfolios each.
import { describe, expect, it } from "vitest";
import { addPaise, paise, sumPaise, valuePaise } from "../../../src/core/kernel/money.ts";
import type { MarginLeg } from "../../../src/core/margin/leg-values.ts";
import { heldMarginPaise, marginIncreasePaise, marginOf } from "../../../src/core/margin/margin-of.ts";
import { payoffAt, worstPayoffPaise } from "../../../src/core/margin/worst-payoff.ts";
import { Seeded } from "../../support/seeded.ts";
import { anyLegs, fairLeg, MARKET, NEXT_TUESDAY, SPOT } from "./margin-legs.ts";

const CASES = 400;

function forEachPortfolio(seed: number, check: (legs: readonly MarginLeg[], random: Seeded) => void): void {
  const random = new Seeded(seed);
  for (let index = 0; index < CASES; index += 1) check(anyLegs(random), random);
}

const keyOf = ({ contract }: MarginLeg): string => `${contract.optionType}${contract.strikePaise}${contract.expiry}`;

/** Legs of other contracts than the portfolio's. */
const othersThan = (legs: readonly MarginLeg[], candidates: readonly MarginLeg[]): readonly MarginLeg[] =>
  candidates.filter((candidate) => !legs.some((leg) => keyOf(leg) === keyOf(candidate)));

describe("the margin of any portfolio", () => {
  it("is never negative in any part, and the parts make the total", () => {
    forEachPortfolio(1, (legs) => {
      const { netOptionValuePaise: _, totalPaise, spreadBenefitPaise, ...parts } = marginOf(legs, MARKET);
      for (const part of [...Object.values(parts), spreadBenefitPaise]) expect(part).toBeGreaterThanOrEqual(0);
      expect(totalPaise).toBe(addPaise(...Object.values(parts)));
    });
  });

  it("is the premium and nothing else for longs alone", () => {
    const random = new Seeded(2);
    for (let index = 0; index < CASES; index += 1) {
      const legs = anyLegs(random, "LONG");
      const premium = sumPaise(legs, (leg) => valuePaise(leg.pricePaise, leg.netUnits));
      expect(marginOf(legs, MARKET)).toMatchObject({ premiumPaise: premium, spanPaise: 0, totalPaise: premium });
    }
  });

  it("is never raised by a hedge beyond the hedge's own premium", () => {
    forEachPortfolio(3, (legs, random) => {
      for (const hedge of othersThan(legs, anyLegs(random, "LONG"))) {
        const [before, after] = [marginOf(legs, MARKET), marginOf([...legs, hedge], MARKET)];
        expect(heldMarginPaise(after)).toBeLessThanOrEqual(heldMarginPaise(before));
        expect(after.spanPaise).toBeLessThanOrEqual(before.spanPaise);
        expect(after.totalPaise - before.totalPaise).toBeLessThanOrEqual(hedge.pricePaise * hedge.netUnits);
      }
    });
  });

  it("is never lowered by another short", () => {
    forEachPortfolio(4, (legs, random) => {
      for (const short of othersThan(legs, anyLegs(random, "SHORT"))) {
        const [before, after] = [marginOf(legs, MARKET), marginOf([...legs, short], MARKET)];
        expect(after.spanPaise).toBeGreaterThanOrEqual(before.spanPaise);
        expect(heldMarginPaise(after)).toBeGreaterThan(heldMarginPaise(before));
      }
    });
  });

  it("is not raised by buying a part of a short back, nor by buying all of it", () => {
    forEachPortfolio(5, (legs, random) => {
      const short = legs.find((leg) => leg.netUnits < 0);
      if (short === undefined) return;
      const units = 1 + random.below(-short.netUnits);
      expect(marginIncreasePaise(legs, [{ ...short, netUnits: units }], MARKET)).toBeLessThanOrEqual(0);
      const without = legs.filter((leg) => leg !== short);
      expect(marginOf([...legs, { ...short, netUnits: -short.netUnits }], MARKET)).toEqual(marginOf(without, MARKET));
    });
  });

  it("returns to what it was when what was added is taken away", () => {
    forEachPortfolio(6, (legs, random) => {
      const extra = othersThan(legs, anyLegs(random));
      const undone = extra.map((leg) => ({ ...leg, netUnits: -leg.netUnits }));
      const reserved = marginIncreasePaise(legs, extra, MARKET);
      const voided = marginIncreasePaise([...legs, ...extra], undone, MARKET);
      expect(reserved + voided).toBe(0);
    });
  });

  it("does not depend on the order of the legs nor on how they are split", () => {
    forEachPortfolio(7, (legs, random) => {
      const expected = marginOf(legs, MARKET);
      expect(marginOf(random.shuffle(legs), MARKET)).toEqual(expected);
      const split = legs.flatMap((leg) => {
        const part = random.below(Math.abs(leg.netUnits)) * Math.sign(leg.netUnits);
        return [
          { ...leg, netUnits: part },
          { ...leg, netUnits: leg.netUnits - part },
        ];
      });
      expect(marginOf(random.shuffle(split), MARKET)).toEqual(expected);
    });
  });

  it("of n times the legs is at most n times as much, and short of it by less than a paisa a part and lot", () => {
    forEachPortfolio(8, (legs, random) => {
      const times = 2 + random.below(30);
      const once = marginOf(legs, MARKET).totalPaise;
      const scaled = marginOf(
        legs.map((leg) => ({ ...leg, netUnits: leg.netUnits * times })),
        MARKET,
      ).totalPaise;
      expect(scaled).toBeLessThanOrEqual(once * times);
      expect(scaled).toBeGreaterThan((once - 3) * times);
    });
  });

  it("of two portfolios of one expiry together, fairly priced, is at most the sum of both", () => {
    forEachPortfolio(9, (legs, random) => {
      const fair = (leg: MarginLeg): MarginLeg => {
        const { optionType, strikePaise } = leg.contract;
        return fairLeg(optionType, strikePaise / 100, leg.netUnits, 0.15);
      };
      const some = legs.map(fair);
      const others = othersThan(some, anyLegs(random).map(fair));
      const total = marginOf([...some, ...others], MARKET).totalPaise;
      // A paisa for each of the parts that are rounded up.
      expect(total).toBeLessThanOrEqual(marginOf(some, MARKET).totalPaise + marginOf(others, MARKET).totalPaise + 3);
    });
  });
});

describe("a structure whose risk is defined", () => {
  /** Verticals and condors at fair prices, all strikes within 8 % of the spot. */
  function anyDefinedRisk(random: Seeded): readonly MarginLeg[] {
    const units = 65 * (1 + random.below(20));
    const volatility = 0.09 + random.next() * 0.2;
    const distance = 50 * random.below(20);
    const width = 50 * (1 + random.below(19));
    const calls = [
      fairLeg("CALL", SPOT + distance, -units, volatility),
      fairLeg("CALL", SPOT + distance + width, units, volatility),
    ];
    const puts = [
      fairLeg("PUT", SPOT - distance, -units, volatility),
      fairLeg("PUT", SPOT - distance - width, units, volatility),
    ];
    return random.pick([calls, puts, [...calls, ...puts]]);
  }

  it("requires at least its worst loss: what is held and what was received cover the worst payoff", () => {
    const random = new Seeded(20);
    for (let index = 0; index < CASES; index += 1) {
      const legs = anyDefinedRisk(random);
      const margin = marginOf(legs, MARKET);
      const worst = worstPayoffPaise(legs);
      expect(heldMarginPaise(margin) - margin.netOptionValuePaise).toBeGreaterThanOrEqual(worst);
    }
  });

  it("never has a SPAN above its worst payoff, however its legs are priced", () => {
    const random = new Seeded(21);
    for (let index = 0; index < CASES; index += 1) {
      const legs = anyDefinedRisk(random).map((leg) => ({
        ...leg,
        ivBps: 500 + random.below(6_000),
        pricePaise: paise(5 * (1 + random.below(20_000))),
      }));
      expect(marginOf(legs, MARKET).spanPaise).toBeLessThanOrEqual(worstPayoffPaise(legs));
    }
  });

  it("has a worst payoff that no settlement price exceeds and one reaches", () => {
    forEachPortfolio(22, (all, random) => {
      const legs = all.map((leg) => ({ ...leg, contract: { ...leg.contract, expiry: NEXT_TUESDAY } }));
      const worst = worstPayoffPaise(legs);
      for (let probe = 0; probe < 50; probe += 1) {
        expect(-payoffAt(legs, random.below(60_000_00))).toBeLessThanOrEqual(worst);
      }
      if (!Number.isFinite(worst)) expect(-payoffAt(legs, 1e12)).toBeGreaterThan(1e12);
      else if (worst > 0) {
        const corners = [0, ...legs.map((leg) => leg.contract.strikePaise)];
        expect(Math.max(...corners.map((spot) => -payoffAt(legs, spot)))).toBe(worst);
      }
    });
  });
});
