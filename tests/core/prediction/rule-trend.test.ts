import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../../src/core/market/bars.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { featureStream, type RuleFeatures, TREND_BARS } from "../../../src/core/prediction/rule-features.ts";
import type { HitRateRow, HitRateTable } from "../../../src/core/prediction/rule-hit-rates.ts";
import { predictByRules } from "../../../src/core/prediction/rule-predictor.ts";
import { trendDirection } from "../../../src/core/prediction/rule-trend.ts";
import { ruleViewOf } from "../../../src/core/prediction/rule-view.ts";

const date = marketDate("2025-08-29");
const OPEN = istInstant(date, "09:15");

/** A rise of 3 ATR with everything on its side. */
const UP: RuleFeatures = {
  barCount: 60,
  asOfMs: epochMs(OPEN + 60 * BAR_INTERVAL_MS),
  rsi: 64,
  atrPaise: 10_00,
  macdPaise: 5_00,
  macdHistogramPaise: 1_00,
  trendMovePaise: 30_00,
};
const mirrored = (features: RuleFeatures): RuleFeatures => ({
  ...features,
  rsi: features.rsi === null ? null : 100 - features.rsi,
  macdPaise: features.macdPaise === null ? null : -features.macdPaise,
  macdHistogramPaise: features.macdHistogramPaise === null ? null : -features.macdHistogramPaise,
  trendMovePaise: features.trendMovePaise === null ? null : -features.trendMovePaise,
});
const features = fc.record<RuleFeatures>({
  barCount: fc.constant(60),
  asOfMs: fc.constant(UP.asOfMs),
  rsi: fc.option(fc.integer({ min: 0, max: 100 })),
  atrPaise: fc.option(fc.integer({ min: 1, max: 2_000 })),
  macdPaise: fc.option(fc.integer({ min: -500, max: 500 })),
  macdHistogramPaise: fc.option(fc.integer({ min: -100, max: 100 })),
  trendMovePaise: fc.option(fc.integer({ min: -9_000, max: 9_000 })),
});

describe("a trend", () => {
  test("is a move of at least 3 ATR", () => {
    expect(trendDirection(UP)).toBe("BULLISH");
    expect(trendDirection({ ...UP, trendMovePaise: 29_99 })).toBe("NEUTRAL");
    expect(trendDirection(mirrored(UP))).toBe("BEARISH");
  });

  test("has the RSI on its side and not beyond the bounds: above 55 and up to 70, or below 45 and down to 30", () => {
    expect([55, 55.1, 70, 70.1].map((rsi) => trendDirection({ ...UP, rsi }))).toEqual([
      "NEUTRAL",
      "BULLISH",
      "BULLISH",
      "NEUTRAL",
    ]);
    expect([45, 44.9, 30, 29.9].map((rsi) => trendDirection({ ...mirrored(UP), rsi }))).toEqual([
      "NEUTRAL",
      "BEARISH",
      "BEARISH",
      "NEUTRAL",
    ]);
  });

  test("has both MACD and its histogram on its side", () => {
    expect(trendDirection({ ...UP, macdPaise: 0 })).toBe("NEUTRAL");
    expect(trendDirection({ ...UP, macdHistogramPaise: -1 })).toBe("NEUTRAL");
  });

  test("is not told while anything it rests on is missing", () => {
    for (const key of ["rsi", "atrPaise", "macdPaise", "macdHistogramPaise", "trendMovePaise"] as const) {
      expect(trendDirection({ ...UP, [key]: null })).toBe("NEUTRAL");
    }
  });

  test("turned round points the other way", () => {
    const opposite = { BULLISH: "BEARISH", BEARISH: "BULLISH", NEUTRAL: "NEUTRAL" } as const;
    fc.assert(
      fc.property(features, (drawn) => {
        expect(trendDirection(mirrored(drawn))).toBe(opposite[trendDirection(drawn)]);
      }),
    );
  });

  test("is measured from the close 10 bars before the last one", () => {
    const next = featureStream();
    const moves = Array.from({ length: 12 }, (_, at) => next(barAt(at, 100_00 + at * at * 100)).trendMovePaise);
    expect(moves.slice(0, TREND_BARS)).toEqual(Array.from({ length: TREND_BARS }, () => null));
    expect(moves.slice(TREND_BARS)).toEqual([100 * 100, (121 - 1) * 100]);
  });
});

describe("which rule speaks", () => {
  test("is the RSI rule beyond its bounds, and the trend rule only within them", () => {
    expect(ruleViewOf({ ...UP, rsi: 75 })).toEqual({ rule: "RSI", side: "BULLISH", macd: "AGREES" });
    expect(ruleViewOf(UP)).toEqual({ rule: "TREND", side: "BULLISH", macd: "AGREES" });
    expect(ruleViewOf({ ...UP, trendMovePaise: 0 })).toBeNull();
    fc.assert(
      fc.property(features, (drawn) => {
        const view = ruleViewOf(drawn);
        if (view === null) return;
        expect(view.rule).toBe((drawn.rsi ?? 50) > 70 || (drawn.rsi ?? 50) < 30 ? "RSI" : "TREND");
        if (view.rule === "TREND") expect(view.macd).toBe("AGREES");
      }),
    );
  });

  test("is the RSI rule or none in the contrarian reading", () => {
    expect(ruleViewOf({ ...UP, rsi: 75 }, "CONTRARIAN")?.side).toBe("BEARISH");
    expect(ruleViewOf(UP, "CONTRARIAN")).toBeNull();
  });
});

describe("a prediction by the trend rule", () => {
  // Quiet, then a rise with small setbacks in every third bar: the RSI ends within its bounds.
  const bars = trendingBars();
  const ask = (rates: HitRateTable) =>
    predictByRules({
      underlying: "NIFTY50",
      date,
      atMs: epochMs(OPEN + bars.length * BAR_INTERVAL_MS + 60_000),
      cycleEndMs: istInstant(date, "13:00"),
      spotPaise: paise(24_500_00),
      vixCenti: 12_00,
      bars,
      rates,
    });

  test("names the rule, the move and the rate of that rule, not the other's", () => {
    const { direction, reason, confidenceBps, targetMovePaise, inputs } = ask(
      ratesOf([
        ["NIFTY50", "RSI", "BULLISH", "BELOW_15", "AGREES", 1_000, 900, 500, 1_000],
        ["NIFTY50", "TREND", "BULLISH", "BELOW_15", "AGREES", 1_000, 760, 500, 1_000],
      ]),
    );
    expect(direction).toBe("BULLISH");
    expect(reason).toMatch(
      /^Trend rule: the index rose [3-9]\.\d ATR in 10 bars, RSI\(14\) is \d\d\.\d: BULLISH; MACD agrees/,
    );
    expect(reason).toMatch(/760 of 1000 such cases/);
    expect(confidenceBps).toBeLessThan(7_600);
    expect(targetMovePaise).toBe(inputs.atrPaise);
  });

  test("is no trade where only the RSI rule was measured, and where its own rate does not pass", () => {
    const onlyRsi = ask(ratesOf([["NIFTY50", "RSI", "BULLISH", "BELOW_15", "AGREES", 1_000, 900, 500, 1_000]]));
    expect(onlyRsi).toMatchObject({ direction: "NO_TRADE", confidenceBps: 0 });
    const weak = ask(ratesOf([["NIFTY50", "TREND", "BULLISH", "BELOW_15", "AGREES", 1_000, 715, 500, 1_000]]));
    expect(weak.direction).toBe("NO_TRADE");
    expect(weak.reason).toMatch(/^Trend rule: .*Not above 70\.0 %, so no trade\.$/);
  });

  function trendingBars(): Bar[] {
    let close = 24_500_00;
    return Array.from({ length: 60 }, (_, at) => {
      close += at < 46 ? (at % 2 === 0 ? 8_00 : -8_00) : at % 3 === 2 ? -6_00 : 12_00;
      return barAt(at, close);
    });
  }
});

function barAt(at: number, close: number): Bar {
  return {
    startMs: epochMs(OPEN + at * BAR_INTERVAL_MS),
    openPaise: paise(close),
    highPaise: paise(close + 2_00),
    lowPaise: paise(close - 2_00),
    closePaise: paise(close),
  };
}

function ratesOf(rates: readonly HitRateRow[]): HitRateTable {
  return {
    command: "a test",
    event: { targetAtr: 1, stopAtr: 3, horizonMinutes: 75 },
    calmEvent: { withinExpected: 0.8, horizonMinutes: 120 },
    casesMin: 30,
    remark: "",
    sources: {},
    excludedDates: [],
    vintages: [
      {
        before: marketDate("2025-07-01"),
        firstDate: marketDate("2020-01-01"),
        lastDate: marketDate("2025-06-30"),
        anyMoment: [["NIFTY50", "BULLISH", "WITH_MACD", 1_000, 710]],
        rates,
        calmAnyMoment: [],
        calm: [],
      },
    ],
  };
}
