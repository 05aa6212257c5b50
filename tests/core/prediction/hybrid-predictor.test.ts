import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { hybridPredictor } from "../../../src/core/prediction/hybrid-predictor.ts";
import type { EnsembleAnswer, EnsembleModel } from "../../../src/core/prediction/models/ensemble.ts";
import type { PredictionInput } from "../../../src/core/prediction/predictor.ts";

const DATE = marketDate("2025-08-28");
const OPEN = istInstant(DATE, "09:15");
const BAR_MS = 180_000;
const NAMES = ["rsi", "atr", "volume"];

/** A model that answers what it is told to, and remembers what it was asked. */
function modelOf(direction: readonly number[], outcome: readonly number[], features = NAMES) {
  const asked: { row: number[]; sequence: number[] }[] = [];
  const base = Float64Array.of(0.3, 0.4, 0.3);
  const head = {
    calibration: { base: Float64Array.of(0.45, 0.55), trust: new Float64Array(1), shift: new Float64Array(2) },
  };
  const answer: EnsembleAnswer = {
    direction: Float64Array.from(direction),
    outcome: Float64Array.from(outcome),
    forest: Float64Array.from(direction),
    network: null,
  };
  const model = {
    ensemble: { features, direction: { base }, outcomes: [head, head, head] },
    answer: (row: Float64Array, sequence: Float64Array) => {
      asked.push({ row: [...row], sequence: [...sequence] });
      return answer;
    },
  } as unknown as EnsembleModel;
  return { model, asked };
}

const bars: readonly Bar[] = Array.from({ length: 40 }, (_, at) => {
  const price = 2_450_000 + 500 * (at % 7);
  return {
    startMs: epochMs(OPEN + at * BAR_MS),
    openPaise: paise(price),
    highPaise: paise(price + 900),
    lowPaise: paise(price - 900),
    closePaise: paise(price + 100),
  } as Bar;
});

const inputAt = (more: Partial<PredictionInput> = {}): PredictionInput => {
  const atMs = epochMs(OPEN + 40 * BAR_MS);
  return {
    underlying: "NIFTY50",
    date: DATE,
    atMs,
    cycleEndMs: epochMs(atMs + 900_000),
    spotPaise: paise(2_450_000),
    vixCenti: 1_200,
    bars,
    features: Float64Array.of(55, 12, Number.NaN),
    ...more,
  };
};

const predict = (direction: readonly number[], outcome: readonly number[], more: Partial<PredictionInput> = {}) =>
  hybridPredictor({ id: "hybrid-test", model: modelOf(direction, outcome).model, features: NAMES }).predict(
    inputAt(more),
  );

const UP = [0.25, 0.35, 0.4];

describe("the hybrid as a predictor", () => {
  it("voices a view strictly above 70 %, with event, probability, base rate and what is missing", () => {
    const spoken = predict(UP, [0.9, 0.9, 0.7001]);
    expect(spoken).toMatchObject({ direction: "BULLISH", confidenceBps: 7_001 });
    expect(spoken.reason).toContain("Event: the call that this view would buy");
    expect(spoken.reason).toContain("Probability 70.0 %");
    expect(spoken.reason).toContain("base rate 55.0 %");
    expect(spoken.reason).toContain("Missing: volume.");
    expect(spoken.targetMovePaise).toBeGreaterThan(0);
    expect(spoken.stopMovePaise).toBeGreaterThan(2 * (spoken.targetMovePaise as number));
    expect(predict(UP, [0.9, 0.9, 0.7])).toMatchObject({
      direction: "NO_TRADE",
      confidenceBps: 7_000,
      targetMovePaise: null,
    });
  });

  it("needs the direction head to lean the same way: a likely gain on the other side is not voiced", () => {
    expect(predict(UP, [0.95, 0.95, 0.5]).direction).toBe("NO_TRADE");
    expect(predict([0.3, 0.4, 0.3], [0.95, 0.95, 0.95])).toMatchObject({ direction: "NO_TRADE", confidenceBps: 0 });
  });

  it("leans to a side below the gate where it is likelier than usual, and not where it is as likely as ever", () => {
    expect(predict(UP, [0.9, 0.9, 0.65])).toMatchObject({
      direction: "NO_TRADE",
      lean: { direction: "BULLISH", confidenceBps: 6_500 },
    });
    expect(predict(UP, [0.9, 0.9, 0.55])).not.toHaveProperty("lean");
    expect(predict(UP, [0.9, 0.9, 0.9])).not.toHaveProperty("lean");
  });

  it("tells NEUTRAL, a view with a bound, from NO_TRADE, which is none", () => {
    const neutral = predict([0.2, 0.6, 0.2], [0.1, 0.8, 0.1]);
    expect(neutral).toMatchObject({ direction: "NEUTRAL", targetMovePaise: null });
    expect(neutral.stopMovePaise).toBeGreaterThan(0);
    expect(predict([0.2, 0.6, 0.2], [0.1, 0.8, 0.1], { vixCenti: null }).direction).toBe("NO_TRADE");
  });

  it("gates on the blend with the community, not on itself (G-46, C-52)", () => {
    const community = (bps: number) => ({ contributors: 6, confidenceBps: { BEARISH: 0, NEUTRAL: 0, BULLISH: bps } });
    expect(predict(UP, [0, 0, 0.8], { community: community(6_000) })).toMatchObject({
      direction: "BULLISH",
      confidenceBps: 7_400,
    });
    expect(predict(UP, [0, 0, 0.75], { community: community(5_000) })).toMatchObject({
      direction: "NO_TRADE",
      confidenceBps: 6_750,
    });
    // Above 20 VIX only the order of views changes.
    expect(predict(UP, [0, 0, 0.72], { vixCenti: 2_500 })).toMatchObject({
      direction: "BULLISH",
      confidenceBps: 7_200,
    });
  });

  it("is silent without features, on a silent index, and when the horizon no longer fits", () => {
    const { features: _, ...bare } = inputAt();
    const { model } = modelOf(UP, [0.9, 0.9, 0.9]);
    const predictor = hybridPredictor({ id: "hybrid-test", model, features: NAMES });
    expect(predictor.predict(bare).direction).toBe("NO_TRADE");
    expect(predictor.predict(inputAt({ bars: bars.slice(0, 30) })).reason).toContain("silent");
    const late = bars.map((bar) => ({ ...bar, startMs: epochMs(bar.startMs + 4 * 3_600_000) }));
    expect(
      predictor.predict(inputAt({ bars: late, atMs: epochMs(OPEN + 40 * BAR_MS + 4 * 3_600_000) })).reason,
    ).toContain("no longer fit");
  });

  it("hands features over by name: others are left aside, and what is no longer made is missing", () => {
    const { model, asked } = modelOf(UP, [0, 0, 0.9], ["volume", "gone", "rsi"]);
    hybridPredictor({ id: "hybrid-test", model, features: NAMES }).predict(
      inputAt({ features: Float64Array.of(55, 12, 3), sequence: Float64Array.of(54, 11, 2, 55, 12, 3) }),
    );
    expect(asked[0]?.row).toEqual([3, Number.NaN, 55]);
    expect(asked[0]?.sequence).toEqual([2, Number.NaN, 54, 3, Number.NaN, 55]);
  });
});
