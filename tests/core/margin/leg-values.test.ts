// How legs are netted, and what a leg is worth in each of the sixteen scenarios: every move and volatility by its figure.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { type MarginLeg, netLegs, SCENARIOS, valueLeg } from "../../../src/core/margin/leg-values.ts";
import { explainMargin, marginOf, NO_MARGIN } from "../../../src/core/margin/margin-of.ts";
import { marginParametersOn } from "../../../src/core/margin/margin-parameters.ts";
import { priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { leg, MARKET, MONDAY, NEXT_TUESDAY, SPOT, TUESDAY } from "./margin-legs.ts";

const PARAMETERS = marginParametersOn(MONDAY);

describe("netting", () => {
  it("refuses units that are no whole number and a price below zero, each for itself; a price of zero passes", () => {
    const sound = leg("CALL", 24_000, -65, 100);
    const broken = "a leg has whole units and a price";
    expect(() => netLegs([{ ...sound, netUnits: 0.5 }])).toThrow(broken);
    expect(() => netLegs([{ ...sound, netUnits: Number.NaN }])).toThrow(broken);
    expect(() => netLegs([{ ...sound, pricePaise: paise(-1) }])).toThrow(broken);
    expect(netLegs([{ ...sound, pricePaise: paise(0) }])).toHaveLength(1);
  });

  it("leaves out what cancels out, and orders the rest by expiry, strike and type", () => {
    const call = leg("CALL", 24_000, 65, 100);
    const put = leg("PUT", 24_000, -65, 90);
    const higher = leg("CALL", 24_100, -65, 60);
    const earlier = leg("PUT", 25_000, -65, 900, { expiry: TUESDAY });
    expect(netLegs([put, higher, call, earlier])).toEqual([earlier, call, put, higher]);
    expect(netLegs([call, put, { ...call, netUnits: -65 }])).toEqual([put]);
    expect(netLegs([])).toEqual([]);
  });

  it("adds the units of one contract and keeps the higher price, whichever comes first", () => {
    const cheap = leg("CALL", 24_000, -65, 100);
    const dear = { ...cheap, netUnits: -130, pricePaise: paise(120_00) };
    for (const legs of [
      [cheap, dear],
      [dear, cheap],
    ]) {
      expect(netLegs(legs)).toEqual([{ ...cheap, netUnits: -195, pricePaise: 120_00 }]);
    }
  });

  it("keeps of equal prices the higher volatility, and any that is told over none", () => {
    const at = (ivBps: number | null): MarginLeg => ({ ...leg("CALL", 24_000, -65, 100), ivBps });
    const kept = (one: number | null, other: number | null) => netLegs([at(one), at(other)])[0]?.ivBps;
    expect([kept(1_200, 1_500), kept(1_500, 1_200)]).toEqual([1_500, 1_500]);
    expect([kept(null, 1_500), kept(1_500, null)]).toEqual([1_500, 1_500]);
    expect([kept(1, null), kept(null, 1), kept(null, 0), kept(0, null)]).toEqual([1, 1, 0, 0]);
    expect(kept(null, null)).toBeNull();
  });

  it("prefers the higher price whatever the volatilities say", () => {
    const cheap = leg("CALL", 24_000, -65, 100, { iv: 0.3 });
    const dear = leg("CALL", 24_000, -65, 101, { iv: 0.1 });
    expect(netLegs([cheap, dear])[0]).toMatchObject({ pricePaise: 101_00, ivBps: 1_000 });
    expect(netLegs([dear, cheap])[0]).toMatchObject({ pricePaise: 101_00, ivBps: 1_000 });
  });
});

describe("the sixteen scenarios of a leg", () => {
  const years = yearsToExpiry(MARKET.atMs, NEXT_TUESDAY, "15:30");
  const worth = (optionType: "CALL" | "PUT", strike: number, spot: number, volatility: number): number =>
    priceOption({ spot: spot * 100, strike: strike * 100, years, rate: 0, volatility, optionType }).price;

  it.each([
    ["CALL", 24_500, 0.14],
    ["PUT", 23_500, 0.14],
  ] as const)(
    "of a %s: thirds of 9.3 %% up and down at 4 points more and less, then 18.6 %% at its own volatility",
    (optionType, strike, iv) => {
      const { values } = valueLeg(leg(optionType, strike, -65, 50, { iv }), MARKET, PARAMETERS);
      expect(values).toHaveLength(SCENARIOS);
      const scanned = [0, 0.031, -0.031, 0.062, -0.062, 0.093, -0.093].flatMap((move) =>
        [iv + 0.04, iv - 0.04].map((sigma) => worth(optionType, strike, SPOT * (1 + move), sigma)),
      );
      const extremes = [0.186, -0.186].map((move) => worth(optionType, strike, SPOT * (1 + move), iv));
      for (const [index, expected] of [...scanned, ...extremes].entries()) {
        expect(values[index], `scenario ${index + 1}`).toBeCloseTo(expected, 4);
      }
    },
  );

  it("never take a volatility below half a point", () => {
    const { values } = valueLeg(leg("CALL", 24_000, -65, 50, { iv: 0.03 }), MARKET, PARAMETERS);
    expect(values[0]).toBeCloseTo(worth("CALL", 24_000, SPOT, 0.07), 4);
    expect(values[1]).toBeCloseTo(worth("CALL", 24_000, SPOT, 0.005), 4);
  });

  it("take a volatility that is given, be it a hundredth of a point, and none that is zero", () => {
    const sourceOf = (ivBps: number | null) =>
      valueLeg({ ...leg("CALL", 24_000, -65, 250), ivBps }, MARKET, PARAMETERS).volatilitySource;
    expect([sourceOf(1), sourceOf(0), sourceOf(null)]).toEqual(["GIVEN", "IMPLIED", "IMPLIED"]);
    expect(valueLeg(leg("CALL", 24_000, -65, 250, { iv: 0.2 }), MARKET, PARAMETERS).volatility).toBe(0.2);
  });
});

describe("the margin of scenarios", () => {
  it("of a short is the dearest of the scenarios, an extreme one with 65 % of the price now and 35 % of its own", () => {
    // Each short is decided by another kind of scenario: a full move, and an extreme one.
    for (const [strike, price, iv] of [
      [24_000, 200, 0.14],
      [26_500, 150, 0.35],
      [26_500, 12, 0.12],
    ] as const) {
      const short = leg("CALL", strike, -65, price, { iv });
      const { values } = valueLeg(short, MARKET, PARAMETERS);
      const costs = [...values].map((value, index) => (index < 14 ? value : 0.65 * price * 100 + 0.35 * value));
      expect(marginOf([short], MARKET).spanPaise).toBe(Math.ceil(65 * Math.max(...costs, price * 100) - 1e-6));
    }
  });

  it("needs no price of the underlying for nothing, and looks at no volatility for longs alone", () => {
    expect(explainMargin([], { ...MARKET, spotPaise: paise(0) })).toEqual({ requirement: NO_MARGIN, volatilities: [] });
    const longs = [leg("CALL", 24_000, 65, 100), leg("PUT", 24_000, 65, 90)];
    expect(explainMargin(longs, MARKET)).toEqual({
      requirement: {
        ...NO_MARGIN,
        premiumPaise: 190_00 * 65,
        netOptionValuePaise: 190_00 * 65,
        totalPaise: 190_00 * 65,
      },
      volatilities: [],
    });
  });

  it("saves nothing for shorts that each stand alone in an expiry of their own", () => {
    const near = leg("CALL", 24_000, -65, 150, { expiry: NEXT_TUESDAY });
    const far = leg("CALL", 24_000, -65, 400, { expiry: marketDate("2026-12-29") });
    const both = marginOf([near, far], MARKET);
    expect(both.spanPaise).toBe(
      Math.min(both.spanPaise, marginOf([near], MARKET).spanPaise + marginOf([far], MARKET).spanPaise),
    );
    expect(both.spreadBenefitPaise).toBeLessThanOrEqual(1);
  });
});
