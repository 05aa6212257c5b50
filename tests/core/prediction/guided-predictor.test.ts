import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { guidedPredictor } from "../../../src/core/prediction/guided-predictor.ts";
import type { EnsembleAnswer, EnsembleModel } from "../../../src/core/prediction/models/ensemble.ts";
import type { Prediction, PredictionInput } from "../../../src/core/prediction/predictor.ts";

const DATE = marketDate("2025-08-29");
const OPEN = istInstant(DATE, "09:15");
const NAMES = ["rsi", "atr"];

function modelOf(direction: readonly number[], outcome: readonly number[]): EnsembleModel {
  const calibration = { base: Float64Array.of(0.9, 0.1), trust: new Float64Array(1), shift: new Float64Array(2) };
  const answer: EnsembleAnswer = {
    direction: Float64Array.from(direction),
    outcome: Float64Array.from(outcome),
    forest: Float64Array.from(direction),
    network: null,
  };
  const base = Float64Array.of(0.3, 0.4, 0.3);
  const outcomes = [{ calibration }, { calibration }, { calibration }];
  return {
    ensemble: { features: NAMES, direction: { base }, outcomes },
    answer: () => answer,
  } as unknown as EnsembleModel;
}

const bars: readonly Bar[] = Array.from({ length: 40 }, (_, at) => ({
  startMs: epochMs(OPEN + at * 180_000),
  openPaise: paise(2_450_000 + 500 * (at % 7)),
  highPaise: paise(2_452_000 + 500 * (at % 7)),
  lowPaise: paise(2_448_000 + 500 * (at % 7)),
  closePaise: paise(2_450_500 + 500 * (at % 7)),
}));

const INPUT: PredictionInput = {
  underlying: "NIFTY50",
  date: DATE,
  atMs: epochMs(OPEN + 40 * 180_000),
  cycleEndMs: epochMs(OPEN + 45 * 180_000),
  spotPaise: paise(2_450_000),
  vixCenti: 1_200,
  bars,
  features: Float64Array.of(55, 12),
};

const said = (direction: Prediction["direction"]): Prediction =>
  ({ direction, confidenceBps: 7_400, reason: "A rule.", targetMovePaise: 1_000, stopMovePaise: 3_000 }) as Prediction;

function guided(rule: Prediction["direction"], direction: readonly number[], outcome = [0.5, 0.5, 0.5], input = INPUT) {
  const rules = { id: "rules-1", predict: () => said(rule) };
  return guidedPredictor({ id: "hybrid-x", model: modelOf(direction, outcome), features: NAMES, rules }).predict(input);
}

const UP = [0.25, 0.35, 0.4];

describe("a model that guides the rules", () => {
  it("speaks itself where it is sure", () => {
    const view = guided("BEARISH", UP, [0.1, 0.1, 0.9]);
    expect(view).toMatchObject({ direction: "BULLISH", confidenceBps: 9_000 });
  });

  it("lets a rule speak with the rule's own event and rate where it leans the same way", () => {
    const view = guided("BULLISH", UP);
    expect(view).toMatchObject({ direction: "BULLISH", confidenceBps: 7_400, targetMovePaise: 1_000 });
    expect(view.reason).toBe("A rule. The model does not object.");
  });

  it("silences a rule whose direction it gives no more than the base rate", () => {
    const view = guided("BEARISH", UP);
    expect(view).toMatchObject({ direction: "NO_TRADE", targetMovePaise: null, stopMovePaise: null });
    expect(view.reason).toBe("A rule. The model objects: it gives BEARISH 25.0 % where the base rate is 30.0 %.");
    // Where the two contradict each other, neither says where it goes.
    expect(guided("BEARISH", UP, [0.5, 0.5, 0.69])).not.toHaveProperty("lean");
    expect(guided("NO_TRADE", UP, [0.5, 0.5, 0.69])).toHaveProperty("lean");
    expect(guided("BULLISH", [0.35, 0.35, 0.3]).direction).toBe("NO_TRADE");
  });

  it("silences a structure that would make money less often than usual, and lets one that makes it as often", () => {
    const calm = [0.2, 0.6, 0.2];
    expect(guided("NEUTRAL", calm, [0.5, 0.099, 0.5]).direction).toBe("NO_TRADE");
    expect(guided("NEUTRAL", calm, [0.5, 0.1, 0.5]).direction).toBe("NEUTRAL");
    expect(guided("NEUTRAL", calm, [0.5, Number.NaN, 0.5]).direction).toBe("NO_TRADE");
  });

  it("leaves the rules alone, and says so, where the features of the cycle are not there", () => {
    const { features: _, ...without } = INPUT;
    const view = guided("BEARISH", UP, undefined, without);
    expect(view).toMatchObject({ direction: "BEARISH" });
    expect(view.reason).toContain("not asked");
  });

  it("never trades where neither has a view, and gives both reasons", () => {
    const view = guided("NO_TRADE", UP);
    expect(view.direction).toBe("NO_TRADE");
    expect(view.reason).toContain("The rules: A rule.");
  });
});
