import { describe, expect, it } from "vitest";
import { formatRupees, paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import {
  cushionPaise,
  explainMargin,
  heldMarginPaise,
  marginOf,
  NO_MARGIN,
} from "../../../src/core/margin/margin-of.ts";
import { MARGIN_ROWS, marginParametersOn } from "../../../src/core/margin/margin-parameters.ts";
import { priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { fairLeg, leg, MARKET, MONDAY, marketAt, NEXT_TUESDAY, SPOT, TUESDAY } from "./margin-legs.ts";

describe("exposure and the day of expiry", () => {
  it("takes 2 % of the notional of shorts, 3 % beyond 10 % out of the money, and nothing less for a hedge", () => {
    const exposure = (strike: number, optionType: "CALL" | "PUT" = "CALL"): string =>
      formatRupees(marginOf([leg(optionType, strike, -65, 10)], MARKET).exposurePaise);
    expect([exposure(24_000), exposure(26_400), exposure(26_450)]).toEqual(["31200.00", "31200.00", "46800.00"]);
    expect([exposure(21_600, "PUT"), exposure(21_550, "PUT"), exposure(30_000, "PUT")]).toEqual([
      "31200.00",
      "46800.00",
      "31200.00",
    ]);
    const hedged = marginOf([leg("CALL", 24_000, -65, 100), leg("CALL", 24_050, 65, 80)], MARKET);
    expect(formatRupees(hedged.exposurePaise)).toBe("31200.00");
  });

  it("takes 2 % more on the day a short expires, from 2024-11-20 on, and only of what expires", () => {
    const added = (date: string, expiry: string): string =>
      formatRupees(
        marginOf(
          [
            leg("CALL", 24_000, -65, 100, { expiry: marketDate(expiry) }),
            leg("CALL", 24_500, -65, 40, { expiry: marketDate("2026-12-29") }),
            leg("CALL", 24_600, 650, 40, { expiry: marketDate(expiry) }),
          ],
          marketAt(SPOT, marketDate(date)),
        ).expiryDayPaise,
      );
    expect(added("2024-11-20", "2024-11-20")).toBe("31200.00");
    expect(added("2024-11-19", "2024-11-19")).toBe("0.00");
    expect(added("2026-11-16", "2026-11-17")).toBe("0.00");
    expect(added("2026-11-17", "2026-11-17")).toBe("31200.00");
  });
});

describe("the spread benefit", () => {
  it("caps a covered vertical at its width, and says what was saved", () => {
    const short = leg("CALL", 24_000, -65, 150);
    const spread = marginOf([short, leg("CALL", 24_100, 65, 105)], MARKET);
    expect(formatRupees(spread.spanPaise)).toBe("6500.00");
    expect(spread.spreadBenefitPaise).toBe(marginOf([short], MARKET).spanPaise - spread.spanPaise);
    expect(spread.netOptionValuePaise).toBe(-45_00 * 65);
  });

  it("caps an iron condor at its wider wing, not at both", () => {
    const condor = [
      leg("PUT", 23_500, 65, 30),
      leg("PUT", 23_700, -65, 55),
      leg("CALL", 24_300, -65, 60),
      leg("CALL", 24_400, 65, 40),
    ];
    const { spanPaise } = marginOf(condor, MARKET);
    expect(spanPaise).toBeLessThanOrEqual(200_00 * 65);
    expect(spanPaise).toBeGreaterThan(199_00 * 65);
  });

  it("requires of a short straddle about what one of its sides requires, plus the other's premium", () => {
    const call = fairLeg("CALL", 24_000, -65, 0.12);
    const put = fairLeg("PUT", 24_000, -65, 0.12);
    const [both, one] = [marginOf([call, put], MARKET), marginOf([call], MARKET)];
    expect(both.spanPaise).toBeGreaterThanOrEqual(one.spanPaise);
    expect(both.spanPaise).toBeLessThan(one.spanPaise * 1.1);
  });
});

describe("several expiries", () => {
  const near = fairLeg("CALL", 24_000, -65, 0.12, { expiry: TUESDAY });
  const far = fairLeg("CALL", 24_000, 65, 0.12, { expiry: NEXT_TUESDAY });

  it("lets the later cover the earlier for the calendar charge, until the day the earlier expires", () => {
    const [alone, covered] = [marginOf([near], MARKET), marginOf([near, far], MARKET)];
    // The charge is 1.75 % of the spot on a delta of about a half.
    expect(covered.spanPaise).toBeLessThan(alone.spanPaise / 4);
    expect(covered.spanPaise).toBeGreaterThan(0.0175 * 0.45 * 65 * SPOT * 100);
    const expiryDay = marketAt(SPOT, TUESDAY);
    expect(marginOf([near, far], expiryDay).spanPaise).toBe(marginOf([near], expiryDay).spanPaise);
    expect(marginOf([near, far], expiryDay).spreadBenefitPaise).toBe(0);
  });

  it("kept the calendar benefit on expiry day until 2025-01-31", () => {
    const on = (date: string): number => {
      const market = marketAt(SPOT, marketDate(date));
      const legs = [
        fairLeg("CALL", 24_000, -65, 0.12, { market, expiry: marketDate(date) }),
        fairLeg("CALL", 24_000, 65, 0.12, { market, expiry: marketDate("2025-02-27") }),
      ];
      return marginOf(legs, market).spanPaise;
    };
    expect(on("2025-01-31")).toBeLessThan(on("2025-02-01") / 4);
  });
});

describe("the extreme moves", () => {
  it("count at 35 % of their loss, and decide for a short far out of the money", () => {
    const iv = 0.2;
    const short = leg("CALL", 26_000, -65, 20, { iv });
    const spot = SPOT * (1 + 2 * 0.093);
    const years = yearsToExpiry(MARKET.atMs, NEXT_TUESDAY, "15:30");
    const { price } = priceOption({ spot, strike: 26_000, years, rate: 0, volatility: iv, optionType: "CALL" });
    expect(marginOf([short], MARKET).spanPaise / 100).toBeCloseTo(65 * (0.65 * 20 + 0.35 * price), 1);
  });
});

describe("what the model rests on", () => {
  it("has one row for every day, each with a source, and the oldest before the first", () => {
    for (const [index, row] of MARGIN_ROWS.entries()) {
      expect(row.source).toMatch(/SEBI/);
      const next = MARGIN_ROWS[index + 1];
      expect(row.to === null).toBe(next === undefined);
      if (next !== undefined) expect((row.to ?? "") < next.from).toBe(true);
    }
    expect(marginParametersOn(marketDate("2018-01-01"))).toBe(MARGIN_ROWS[0]);
    expect(marginParametersOn(MONDAY)).toMatchObject({ priceScanBps: 930, expiryDayBps: 200 });
  });

  it("takes the volatility given, else the price's, else assumes the worse for the side", () => {
    const sourcesOf = (legs: Parameters<typeof marginOf>[0]) =>
      explainMargin(legs, MARKET).volatilities.map(({ source, volatility }) => [source, Number(volatility.toFixed(2))]);
    expect(
      sourcesOf([
        fairLeg("CALL", 24_500, -65, 0.14),
        fairLeg("PUT", 23_500, -65, 0.14, { tells: false }),
        leg("CALL", 23_000, -65, 1),
        leg("CALL", 23_100, 65, 1),
      ]),
    ).toEqual([
      ["FALLBACK", 0.3],
      ["FALLBACK", 0.1],
      // Below the 0.14 it was priced with: scenarios are valued without interest.
      ["IMPLIED", 0.13],
      ["GIVEN", 0.14],
    ]);
  });

  it("adds the account's cushion of 5 % to all but the premium", () => {
    const margin = marginOf([leg("CALL", 24_000, -65, 100), leg("CALL", 24_100, 65, 60)], MARKET);
    expect(heldMarginPaise(margin)).toBe(6_500_00 + 31_200_00);
    expect(cushionPaise(margin)).toBe(1_885_00);
    expect(margin.totalPaise).toBe(37_700_00 + 3_900_00);
  });

  it("requires nothing for nothing, and refuses to mix underlyings", () => {
    expect(marginOf([], MARKET)).toEqual(NO_MARGIN);
    expect(marginOf([leg("CALL", 24_000, 65, 9), leg("CALL", 24_000, -65, 9)], MARKET)).toEqual(NO_MARGIN);
    const mixed = [leg("CALL", 24_000, -65, 9), leg("CALL", 80_000, -20, 9, { underlying: "SENSEX" })];
    expect(() => marginOf(mixed, MARKET)).toThrow("one underlying");
    expect(() => marginOf([leg("CALL", 24_000, -65, 9)], { ...MARKET, spotPaise: paise(0) })).toThrow("price");
  });
});
