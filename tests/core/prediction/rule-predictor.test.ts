import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../../src/core/market/bars.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { lowerBoundBps } from "../../../src/core/prediction/hit-rate.ts";
import type { PredictionInput } from "../../../src/core/prediction/predictor.ts";
import { directionOf, rsiDirection } from "../../../src/core/prediction/rule-direction.ts";
import type { HitRateRow, HitRateTable } from "../../../src/core/prediction/rule-hit-rates.ts";
import { predictByRules } from "../../../src/core/prediction/rule-predictor.ts";

const date = marketDate("2025-08-29");
const OPEN = istInstant(date, "09:15");

/** Bars of a day that closes at these prices in paise, one after the other. */
const barsOf = (closes: readonly number[]): Bar[] =>
  closes.map((close, at) => ({
    startMs: epochMs(OPEN + at * BAR_INTERVAL_MS),
    openPaise: paise(closes[at - 1] ?? close),
    highPaise: paise(Math.max(close, closes[at - 1] ?? close) + 500),
    lowPaise: paise(Math.min(close, closes[at - 1] ?? close) - 500),
    closePaise: paise(close),
  }));
const rising = (count: number): Bar[] => barsOf(Array.from({ length: count }, (_, at) => 24_500_00 + at * at * 40));
const falling = (count: number): Bar[] => barsOf(Array.from({ length: count }, (_, at) => 24_500_00 - at * at * 40));

const rates = (rows: readonly HitRateRow[]): HitRateTable => ({
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
      anyMoment: [
        ["NIFTY50", "BULLISH", "WITH_MACD", 1_000, 710],
        ["NIFTY50", "BULLISH", "BEFORE_MACD", 1_000, 600],
      ],
      rates: rows,
      calmAnyMoment: [],
      calm: [],
    },
  ],
});
const SURE = rates([
  ["NIFTY50", "RSI", "BULLISH", "BELOW_15", "AGREES", 1_000, 800, 500, 1_000],
  ["NIFTY50", "RSI", "BEARISH", "BELOW_15", "AGREES", 1_000, 800, 500, 1_000],
  ["NIFTY50", "TREND", "BULLISH", "BELOW_15", "AGREES", 1_000, 750, 500, 1_000],
  ["NIFTY50", "TREND", "BEARISH", "BELOW_15", "AGREES", 1_000, 750, 500, 1_000],
]);
const at = (bars: readonly Bar[]): EpochMs => epochMs(OPEN + bars.length * BAR_INTERVAL_MS + 60_000);
const ask = (bars: readonly Bar[], change: Partial<PredictionInput> = {}) =>
  predictByRules({
    underlying: "NIFTY50",
    date,
    atMs: at(bars),
    cycleEndMs: istInstant(date, "12:00"),
    spotPaise: paise(24_500_00),
    vixCenti: 12_00,
    bars,
    rates: SURE,
    ...change,
  });

describe("the direction of an RSI", () => {
  test("G-09: RSI 75 is bullish at 0.71, not at 0.70; RSI 70 is not bullish at 0.9", () => {
    expect(directionOf(75, 7_100)).toBe("BULLISH");
    expect(directionOf(75, 7_000)).toBe("NO_TRADE");
    expect(directionOf(70, 9_000)).toBe("NEUTRAL");
  });

  test("G-10: RSI 25 is bearish at 0.8; RSI 30 is neutral", () => {
    expect(directionOf(25, 8_000)).toBe("BEARISH");
    expect(directionOf(30, 8_000)).toBe("NEUTRAL");
  });

  test("G-11: RSI 50 is neutral at 0.9", () => {
    expect(directionOf(50, 9_000)).toBe("NEUTRAL");
  });

  test("the contrarian reading is the momentum reading turned round, and never passes a gate the other does not", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.integer({ min: 0, max: 10_000 }),
        (rsi, confidence) => {
          const opposite = { BULLISH: "BEARISH", BEARISH: "BULLISH", NEUTRAL: "NEUTRAL" } as const;
          expect(rsiDirection(rsi, "CONTRARIAN")).toBe(opposite[rsiDirection(rsi)]);
          expect(directionOf(rsi, confidence) === "NO_TRADE").toBe(confidence <= 7_000);
          expect(directionOf(rsi, confidence, "CONTRARIAN") === "NO_TRADE").toBe(confidence <= 7_000);
        },
      ),
    );
  });
});

describe("a prediction", () => {
  test("G-54: four bars give no view, name the bars that are missing, and no indicator is 0", () => {
    const prediction = ask(rising(4));
    expect(prediction).toMatchObject({ direction: "NO_TRADE", confidenceBps: 0, targetMovePaise: null });
    expect(prediction.reason).toMatch(/Warming up: 11 more 3-minute bars/);
    expect(prediction.inputs).toMatchObject({ rsi: null, atrPaise: null, macdHistogramPaise: null, barCount: 4 });
    expect(prediction.expiresAtMs).toBe(istInstant(date, "12:00"));
  });

  test("is bullish on a steep rise and bearish on a steep fall, with distances of 1 and 3 ATR and 75 minutes", () => {
    const [up, down] = [ask(rising(40)), ask(falling(40))];
    expect([up.direction, down.direction]).toEqual(["BULLISH", "BEARISH"]);
    for (const view of [up, down]) {
      expect(view.targetMovePaise).toBe(view.inputs.atrPaise);
      expect(Math.abs((view.stopMovePaise ?? 0) - 3 * (view.inputs.atrPaise ?? 0))).toBeLessThanOrEqual(2);
      expect(view.expiresAtMs).toBe(OPEN + 40 * BAR_INTERVAL_MS + 75 * 60_000);
    }
  });

  test("counts the lower bound as confidence and tells rule, event, rate, cases, any moment and chance", () => {
    const { confidenceBps, reason } = ask(rising(40));
    expect(confidenceBps).toBe(lowerBoundBps({ cases: 1_000, hits: 800, days: 500, effectiveCases: 1_000 }));
    expect(confidenceBps).toBeLessThan(8_000);
    expect(reason).toMatch(/^RSI rule: RSI\(14\) is 100\.0: BULLISH; MACD agrees; India VIX below 15\./);
    expect(reason).toMatch(/rises 1 ATR \(\d+\.\d\d\) before it falls 3 ATR \(\d+\.\d\d\), within 75 minutes/);
    expect(reason).toMatch(/800 of 1000 such cases \(80\.0 %\) on 500 days before 2025-07-01, measured on NIFTY50/);
    expect(reason).toMatch(/counted as 77\.8 %, the lower bound/);
    expect(reason).toMatch(/At any moment with MACD: 71\.0 %; a walk without drift or time limit: 75\.0 %/);
  });

  test("is no trade when the measured rate does not pass the gate, and keeps the confidence it had", () => {
    const weak = rates([["NIFTY50", "RSI", "BULLISH", "BELOW_15", "AGREES", 1_000, 700, 500, 1_000]]);
    const prediction = ask(rising(40), { rates: weak });
    expect(prediction.direction).toBe("NO_TRADE");
    expect(prediction.confidenceBps).toBeGreaterThan(6_000);
    expect(prediction.reason).toMatch(/Not above 70\.0 %, so no trade\.$/);
  });

  test("is no trade when the case was never measured, or not before the date", () => {
    expect(ask(rising(40), { vixCenti: 31_00 }).reason).toMatch(/Too few such cases/);
    expect(ask(rising(20)).reason).toMatch(/MACD not there yet .* Too few such cases/);
    const early = marketDate("2025-06-30");
    const bars = rising(40).map((bar) => ({ ...bar, startMs: epochMs(bar.startMs - 60 * 86_400_000) }));
    expect(ask(bars, { date: early, atMs: epochMs(at(bars) - 60 * 86_400_000) }).reason).toMatch(/Too few such cases/);
  });

  test("is no trade in the contrarian reading, for which nothing is measured", () => {
    expect(ask(rising(40), { polarity: "CONTRARIAN" })).toMatchObject({ direction: "NO_TRADE", confidenceBps: 0 });
  });

  test("is no trade when its horizon would reach beyond 15:15", () => {
    expect(ask(rising(95)).direction).toBe("BULLISH");
    expect(ask(rising(96)).reason).toMatch(/75 minutes no longer fit in before 15:15/);
  });

  test("is no trade when the index is silent or stands still", () => {
    const bars = rising(40);
    expect(ask(bars, { atMs: epochMs(at(bars) + 3 * BAR_INTERVAL_MS) }).reason).toMatch(/silent/);
    const flat = bars.map((bar) => ({
      ...bar,
      openPaise: paise(1),
      highPaise: paise(1),
      lowPaise: paise(1),
      closePaise: paise(1),
    }));
    expect(ask(flat).reason).toMatch(/stands still/);
  });

  test("does not look at a bar that still runs", () => {
    const bars = rising(41);
    const before = ask(bars.slice(0, 40));
    expect(ask(bars, { atMs: at(bars.slice(0, 40)) })).toEqual(before);
  });

  test("never states a confidence beyond its bounds, and never NEUTRAL", () => {
    const closes = fc.array(fc.integer({ min: -3_000, max: 3_000 }), { minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(closes, fc.option(fc.integer({ min: 8_00, max: 40_00 })), (steps, vixCenti) => {
        let close = 24_500_00;
        const bars = barsOf(steps.map((step) => (close += step)));
        const { direction, confidenceBps } = ask(bars, { vixCenti });
        expect(["BULLISH", "BEARISH", "NO_TRADE"]).toContain(direction);
        expect(confidenceBps).toBeGreaterThanOrEqual(0);
        expect(confidenceBps).toBeLessThan(10_000);
        if (direction !== "NO_TRADE") expect(confidenceBps).toBeGreaterThan(7_000);
      }),
    );
  });
});
