import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, isMarketDate, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { lowerBoundBps, rateBps, tallyOf } from "../../../src/core/prediction/hit-rate.ts";
import { DRIFTLESS_BPS, hasPaid, RULE_EVENT } from "../../../src/core/prediction/rule-event.ts";
import { CASES_MIN, HIT_RATES, measuredRate, vintageFor } from "../../../src/core/prediction/rule-hit-rates.ts";
import type { MacdStand, RuleName } from "../../../src/core/prediction/rule-view.ts";

const FROM = istInstant(marketDate("2025-08-29"), "11:00");
const bar = (minute: number, lowPaise: number, highPaise: number): Bar => ({
  startMs: epochMs(FROM + minute * 60_000),
  openPaise: paise(lowPaise),
  highPaise: paise(highPaise),
  lowPaise: paise(lowPaise),
  closePaise: paise(highPaise),
});
const paid = (side: "BULLISH" | "BEARISH", ...path: readonly Bar[]): boolean =>
  hasPaid(path, { side, fromMs: FROM as EpochMs, fromPaise: 100_00, atrPaise: 10_00 });

describe("the event", () => {
  test("has happened when the target is reached first, not when the stop is", () => {
    expect(paid("BULLISH", bar(0, 90_00, 105_00), bar(3, 95_00, 110_00))).toBe(true);
    expect(paid("BULLISH", bar(0, 70_00, 105_00), bar(3, 95_00, 110_00))).toBe(false);
    expect(paid("BEARISH", bar(0, 90_00, 105_00))).toBe(true);
    expect(paid("BEARISH", bar(0, 95_00, 130_00), bar(3, 80_00, 100_00))).toBe(false);
  });

  test("has not happened when one bar reaches both, since the order is not known", () => {
    expect(paid("BULLISH", bar(0, 60_00, 120_00))).toBe(false);
  });

  test("must happen within 75 minutes, and what came before the view does not count", () => {
    expect(paid("BULLISH", bar(74, 95_00, 110_00))).toBe(true);
    expect(paid("BULLISH", bar(75, 95_00, 110_00))).toBe(false);
    expect(paid("BULLISH", bar(-3, 95_00, 110_00))).toBe(false);
  });

  test("a driftless walk reaches 1 before 3 in three of four cases", () => {
    expect(DRIFTLESS_BPS).toBe(7_500);
  });
});

describe("the lower bound", () => {
  // What defines Wilson's bound L: the measured share lies 1.6449 standard deviations of a share of L above it.
  test("is Wilson's", () => {
    for (const [cases, hits] of [
      [100, 80],
      [400, 300],
      [57, 47],
    ] as const) {
      const deviationsAbove = (bound: number): number =>
        (hits / cases - bound) / Math.sqrt((bound * (1 - bound)) / cases);
      const bound = lowerBoundBps({ cases, hits, days: cases, effectiveCases: cases });
      expect(deviationsAbove(bound / 10_000)).toBeGreaterThanOrEqual(1.64485);
      expect(deviationsAbove((bound + 1) / 10_000)).toBeLessThan(1.64486);
    }
  });

  const tally = fc
    .tuple(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([cases, share]) => ({ cases, hits: Math.floor(cases * share), days: cases, effectiveCases: cases }));

  test("never exceeds the rate itself, and rises with it and with the cases", () => {
    fc.assert(
      fc.property(tally, (drawn) => {
        const bound = lowerBoundBps(drawn);
        expect(bound).toBeGreaterThanOrEqual(0);
        expect(bound).toBeLessThanOrEqual(rateBps(drawn));
        const more = {
          ...drawn,
          cases: drawn.cases * 2,
          hits: drawn.hits * 2,
          effectiveCases: drawn.effectiveCases * 2,
        };
        expect(lowerBoundBps(more)).toBeGreaterThanOrEqual(bound);
        if (drawn.hits < drawn.cases) {
          expect(lowerBoundBps({ ...drawn, hits: drawn.hits + 1 })).toBeGreaterThanOrEqual(bound);
        }
      }),
    );
  });

  test("a few cases never pass the gate, however well they went", () => {
    expect(lowerBoundBps({ cases: 6, hits: 6, days: 6, effectiveCases: 6 })).toBeLessThan(7_000);
    expect(lowerBoundBps({ cases: 0, hits: 0, days: 0, effectiveCases: 0 })).toBe(0);
  });

  test("days that go all one way are worth fewer cases than they hold; independent ones keep theirs", () => {
    const together = Array.from({ length: 40 }, (_, at) => ({ cases: 5, hits: at % 4 === 0 ? 0 : 5 }));
    expect(tallyOf(together)).toEqual({ cases: 200, hits: 150, days: 40, effectiveCases: 40 });
    const apart = Array.from({ length: 200 }, (_, at) => ({ cases: 1, hits: at % 4 === 0 ? 0 : 1 }));
    expect(tallyOf(apart)).toEqual({ cases: 200, hits: 150, days: 200, effectiveCases: 200 });
  });
});

describe("the table that was measured", () => {
  test("was measured for the event the predictor states", () => {
    expect(HIT_RATES.event).toEqual(RULE_EVENT);
    expect(HIT_RATES.casesMin).toBe(CASES_MIN);
    expect(HIT_RATES.command).toMatch(/measure-rules/);
  });

  test("leaves every recorded session out", () => {
    for (const date of [
      "2019-05-23",
      "2022-11-18",
      "2025-08-29",
      "2026-01-30",
      "2026-02-01",
      "2026-07-15",
      "2026-08-04",
    ]) {
      expect(HIT_RATES.excludedDates).toContain(date);
    }
  });

  test("each vintage knows only dates before its own, later ones know more, and its rows add up", () => {
    let knownBefore = 0;
    for (const { before, lastDate, rates, anyMoment } of HIT_RATES.vintages) {
      expect(isMarketDate(before) && lastDate < before).toBe(true);
      const cases = anyMoment.reduce((sum, row) => sum + row[3], 0);
      expect(cases).toBeGreaterThan(knownBefore);
      knownBefore = cases;
      for (const [, , , , , n, hits, days, effectiveCases] of rates) {
        expect(n).toBeGreaterThanOrEqual(CASES_MIN);
        expect(hits).toBeLessThanOrEqual(n);
        expect(days).toBeLessThanOrEqual(n);
        expect(effectiveCases).toBeLessThanOrEqual(n);
      }
    }
  });

  test("answers a date by rates from before it, and one before all of them not at all", () => {
    expect(vintageFor(marketDate("2025-08-29"))?.before).toBe("2025-07-01");
    expect(vintageFor(marketDate("2025-07-01"))?.before).toBe("2025-07-01");
    expect(vintageFor(marketDate("2013-12-31"))).toBeNull();
  });

  test("pools the underlyings where one has not been measured, and says so", () => {
    const wanted = { underlying: "SENSEX", rule: "RSI", side: "BEARISH", band: "BELOW_15", macd: "AGREES" } as const;
    expect(measuredRate(wanted, marketDate("2025-08-29"))?.measuredOn).toBe("ALL");
    expect(measuredRate(wanted, marketDate("2026-08-04"))?.measuredOn).toBe("SENSEX");
  });

  test("keeps the rules apart: the trend rule has rates of its own, only where MACD agrees", () => {
    const wanted = { underlying: "NIFTY50", side: "BULLISH", band: "BELOW_15", macd: "AGREES" } as const;
    const rateOf = (rule: RuleName) => measuredRate({ ...wanted, rule }, marketDate("2025-08-29"))?.tally;
    expect(rateOf("TREND")).toBeDefined();
    expect(rateOf("TREND")).not.toEqual(rateOf("RSI"));
    for (const { rates } of HIT_RATES.vintages) {
      for (const [, rule, , , macd] of rates) expect(rule === "RSI" || macd === "AGREES").toBe(true);
    }
  });

  test("holds a rate against moments that have MACD as it has, which succeed more often than those before it", () => {
    const anyMoment = (macd: MacdStand) => {
      const wanted = { underlying: "NIFTY50", rule: "RSI", side: "BULLISH", band: "UNKNOWN", macd } as const;
      return rateBps(measuredRate(wanted, marketDate("2025-08-29"))?.anyMoment ?? { cases: 0, hits: 0 });
    };
    expect(anyMoment("MISSING")).toBeGreaterThan(5_000);
    expect(anyMoment("AGREES")).toBeGreaterThan(anyMoment("MISSING"));
    expect(anyMoment("DISAGREES")).toBe(anyMoment("AGREES"));
  });

  test("lets some cases through the gate and keeps others out", () => {
    const bounds = UNDERLYINGS.flatMap((underlying) =>
      (["AGREES", "MISSING"] as const).map((macd) => {
        const rate = measuredRate(
          { underlying, rule: "RSI", side: "BULLISH", band: "BELOW_15", macd },
          marketDate("2025-08-29"),
        );
        return lowerBoundBps(rate?.tally ?? { cases: 0, hits: 0, days: 0, effectiveCases: 0 }) > 7_000;
      }),
    );
    expect(bounds).toEqual([true, false, true, false, true, false]);
  });
});
