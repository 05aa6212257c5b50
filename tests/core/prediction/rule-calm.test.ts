import { describe, expect, test } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../../src/core/market/bars.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { lowerBoundBps } from "../../../src/core/prediction/hit-rate.ts";
import type { PredictionInput } from "../../../src/core/prediction/predictor.ts";
import {
  atrShareOf,
  CALM_EVENT,
  calmBoundPaise,
  expectedMovePaise,
  hasStayed,
  isCalm,
} from "../../../src/core/prediction/rule-calm.ts";
import { ruleFeaturesOf } from "../../../src/core/prediction/rule-features.ts";
import { calmRate, HIT_RATES } from "../../../src/core/prediction/rule-hit-rates.ts";
import { predictByRules } from "../../../src/core/prediction/rule-predictor.ts";

const date = marketDate("2025-09-02");
const OPEN = istInstant(date, "09:15");
const SPOT = 24_500_00;

/** A day that goes to and fro by a few points and nowhere else. */
const calmBars = (count: number, swingPaise = 1_50): Bar[] =>
  Array.from({ length: count }, (_, at) => {
    const close = SPOT + (at % 2 === 0 ? swingPaise : -swingPaise);
    const open = at === 0 ? SPOT : SPOT + (at % 2 === 0 ? -swingPaise : swingPaise);
    return {
      startMs: epochMs(OPEN + at * BAR_INTERVAL_MS),
      openPaise: paise(open),
      highPaise: paise(Math.max(open, close) + 1_00),
      lowPaise: paise(Math.min(open, close) - 1_00),
      closePaise: paise(close),
    };
  });
const ask = (bars: readonly Bar[], change: Partial<PredictionInput> = {}) =>
  predictByRules({
    underlying: "NIFTY50",
    date,
    atMs: epochMs(OPEN + bars.length * BAR_INTERVAL_MS + 60_000),
    cycleEndMs: istInstant(date, "13:00"),
    spotPaise: paise(SPOT),
    vixCenti: 12_00,
    bars,
    ...change,
  });

describe("what VIX expects", () => {
  test("is a year's deviation over the root of the time: 12 % of 24,500 in 94,500 minutes, half of it in a quarter", () => {
    expect(expectedMovePaise(SPOT, 12_00, 252 * 375)).toBeCloseTo(2_940_00, 6);
    expect(expectedMovePaise(SPOT, 12_00, (252 * 375) / 4)).toBeCloseTo(1_470_00, 6);
    expect(calmBoundPaise(SPOT, 12_00)).toBeCloseTo(0.8 * 2_940_00 * Math.sqrt(120 / 94_500), 6);
    expect(atrShareOf(expectedMovePaise(SPOT, 12_00, 3), SPOT, 12_00)).toBeCloseTo(1, 12);
  });
});

describe("a calm market", () => {
  const expected = expectedMovePaise(SPOT, 12_00, 3);
  const features = { rsi: 50, atrPaise: 0.6 * expected - 1e-6, macdPaise: 0 };
  const calm = (change: object = {}, vixCenti: number | null = 12_00) =>
    isCalm({ features: { ...features, ...change }, indexPaise: SPOT, vixCenti });

  test("has an ATR of at most three fifths of what VIX expects of a bar", () => {
    expect(calm()).toBe(true);
    expect(calm({ atrPaise: 0.6 * expected + 1 })).toBe(false);
    expect(calm({}, 11_99)).toBe(false);
  });

  test("has its RSI within 30 and 70, where the RSI rule is silent", () => {
    expect([29.9, 30, 70, 70.1].map((rsi) => calm({ rsi }))).toEqual([false, true, true, false]);
  });

  test("cannot be told without VIX, RSI, ATR or MACD", () => {
    expect(calm({}, null)).toBe(false);
    expect(calm({ rsi: null })).toBe(false);
    expect(calm({ atrPaise: null })).toBe(false);
    expect(calm({ macdPaise: null })).toBe(false);
  });

  test("may be asked for more: a narrower RSI, and an ATR that falls", () => {
    const moment = { features: { ...features, rsi: 58 }, indexPaise: SPOT, vixCenti: 12_00 };
    const terms = { atrShareMax: 0.6, rsiWithin50: 10, isAtrFalling: true };
    expect(isCalm({ ...moment, atrEarlierPaise: features.atrPaise + 1 }, terms)).toBe(true);
    expect(isCalm({ ...moment, atrEarlierPaise: features.atrPaise }, terms)).toBe(false);
    expect(isCalm(moment, terms)).toBe(false);
    expect(isCalm({ ...moment, atrEarlierPaise: features.atrPaise + 1 }, { ...terms, rsiWithin50: 5 })).toBe(false);
  });
});

describe("the event of a calm view", () => {
  const FROM = istInstant(date, "11:00");
  const bar = (minute: number, low: number, high: number): Bar => ({
    startMs: epochMs(FROM + minute * 60_000),
    openPaise: paise(low),
    highPaise: paise(high),
    lowPaise: paise(low),
    closePaise: paise(high),
  });
  const stayed = (...path: readonly Bar[]): boolean =>
    hasStayed(path, { fromMs: FROM as EpochMs, fromPaise: 100_00, boundPaise: 10_00 });

  test("fails when the index reaches the bound on either side, and not before", () => {
    expect(stayed(bar(0, 90_01, 109_99), bar(60, 95_00, 105_00))).toBe(true);
    expect(stayed(bar(0, 95_00, 110_00))).toBe(false);
    expect(stayed(bar(0, 90_00, 105_00))).toBe(false);
  });

  test("looks at 120 minutes from the view on, neither before nor after", () => {
    expect(CALM_EVENT.horizonMinutes).toBe(120);
    expect(stayed(bar(-3, 50_00, 150_00), bar(120, 50_00, 150_00))).toBe(true);
    expect(stayed(bar(119, 50_00, 150_00))).toBe(false);
  });
});

describe("the calm rule of the predictor", () => {
  test("voices NEUTRAL with the lower bound of the measured rate, its event, and the rate of any moment", () => {
    const bars = calmBars(45);
    const prediction = ask(bars);
    const rate = calmRate({ underlying: "NIFTY50", band: "BELOW_15" }, date);
    expect(rate?.before).toBe("2025-07-01");
    const close = bars.at(-1)?.closePaise ?? 0;
    expect(prediction).toMatchObject({
      direction: "NEUTRAL",
      confidenceBps: lowerBoundBps(rate?.tally ?? { cases: 0, hits: 0, days: 0, effectiveCases: 0 }),
      targetMovePaise: null,
      stopMovePaise: Math.round(calmBoundPaise(close, 12_00)),
      expiresAtMs: OPEN + 45 * BAR_INTERVAL_MS + 120 * 60_000,
    });
    expect(prediction.confidenceBps).toBeGreaterThan(7_000);
    expect(prediction.reason).toMatch(/Calm rule: .* NEUTRAL; India VIX below 15\. Event: NIFTY50 stays within 83\.82/);
    expect(prediction.reason).toMatch(/such cases .* At any moment with MACD: 70\.6 %\./);
  });

  test("does not speak before MACD is there, with a wide ATR, without VIX, or when the day leaves no time for the event", () => {
    expect(ask(calmBars(33)).reason).not.toMatch(/Calm/);
    expect(ask(calmBars(45, 6_00))).toMatchObject({ direction: "NO_TRADE", confidenceBps: 0 });
    expect(ask(calmBars(45), { vixCenti: null }).reason).not.toMatch(/Calm/);
    // 13:15 is the last moment.
    expect(ask(calmBars(80)).direction).toBe("NEUTRAL");
    expect(ask(calmBars(81)).reason).toMatch(/120 minutes no longer fit/);
  });

  test("knows nothing of BANKNIFTY by other indices, of which it has too few cases, and SENSEX by NIFTY50's at first", () => {
    expect(ruleFeaturesOf(calmBars(45), epochMs(OPEN + 45 * BAR_INTERVAL_MS)).macdPaise).not.toBeNull();
    expect(ask(calmBars(45), { underlying: "BANKNIFTY" })).toMatchObject({ direction: "NO_TRADE" });
    expect(calmRate({ underlying: "SENSEX", band: "BELOW_15" }, date)?.measuredOn).toBe("ALL");
    expect(calmRate({ underlying: "BANKNIFTY", band: "BELOW_15" }, marketDate("2014-01-01"))).toBeNull();
    expect(calmRate({ underlying: "NIFTY50", band: "BELOW_15" }, marketDate("2013-01-01"))).toBeNull();
  });

  test("was measured for the event it states, and its rows add up in every vintage", () => {
    expect(HIT_RATES.calmEvent).toEqual(CALM_EVENT);
    for (const { calm, calmAnyMoment } of HIT_RATES.vintages) {
      for (const [on, , cases, hits, days, effectiveCases] of calm) {
        const any = calmAnyMoment.find(([of]) => of === on);
        expect(hits <= cases && days <= cases && effectiveCases <= cases && cases >= 30).toBe(true);
        expect(any?.[1]).toBeGreaterThanOrEqual(cases);
      }
    }
  });
});
