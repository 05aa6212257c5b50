// A trained hybrid: a forest and a network that say which way the next cycle goes, blended and calibrated; and for every view a
// forest that says whether the structure traded on it makes money, calibrated as well. The answer for a row is one function of
// the row, for a backtest and for a live cycle alike.
import { CLASSES } from "../dataset.ts";
import { type PackedForest, packForest, predictPacked } from "../forest/packed-forest.ts";
import type { RandomForest } from "../forest/random-forest.ts";
import type { MakeLstmKernel } from "../lstm/lstm-kernel.ts";
import type { LstmModel } from "../lstm/lstm-model.ts";
import { type LstmPredictor, lstmPredictor } from "../lstm/lstm-predictor.ts";
import { type Calibration, calibrated } from "./calibration.ts";
import type { FeatureScale } from "./feature-scale.ts";
import { windowOfSequence } from "./sequences.ts";

export interface OutcomeHead {
  /** Over the features, then the forest's shares of direction. */
  readonly forest: RandomForest;
  /** Of two classes: lost, made money. */
  readonly calibration: Calibration;
}

export interface Ensemble {
  readonly features: readonly string[];
  /** First and last day it has learned anything from, yyyymmdd. */
  readonly window: { readonly fromDay: number; readonly toDay: number };
  readonly scale: FeatureScale;
  readonly forest: RandomForest;
  /** Null where its training gave none. */
  readonly network: LstmModel | null;
  /** Of the forest and, where there is one, the network. */
  readonly direction: Calibration;
  /** By class. Null where too few outcomes were known to learn from. */
  readonly outcomes: readonly (OutcomeHead | null)[];
}

export interface EnsembleAnswer {
  /** Calibrated shares of the next cycle's classes. */
  readonly direction: Float64Array;
  /** By view: calibrated probability that its structure makes money; NaN where there is no head for it. */
  readonly outcome: Float64Array;
  /** What went in: each model's own shares, uncalibrated. */
  readonly forest: Float64Array;
  readonly network: Float64Array | null;
}

export interface EnsembleModel {
  readonly ensemble: Ensemble;
  /** `row`: features in the ensemble's order. `sequence`: rows of the day, oldest first, the last of them `row`. */
  answer(row: Float64Array, sequence: Float64Array): EnsembleAnswer;
}

/** Lays the models out for answering. `make` is needed where there is a network. */
export function ensembleModel(ensemble: Ensemble, make: MakeLstmKernel): EnsembleModel {
  const forest = packForest(ensemble.forest);
  const network = ensemble.network === null ? null : lstmPredictor(make, ensemble.network);
  const heads = ensemble.outcomes.map((head) => (head === null ? null : { ...head, packed: packForest(head.forest) }));
  return {
    ensemble,
    answer: (row, sequence) => {
      const parts = partsOf(ensemble, forest, network, row, sequence);
      const own = parts.network === null ? [parts.forest] : [parts.forest, parts.network];
      const outcome = new Float64Array(CLASSES.length).fill(Number.NaN);
      for (const [view, head] of heads.entries())
        if (head !== null) outcome[view] = outcomeOf(head, head.packed, row, parts.forest);
      return { ...parts, direction: calibrated(ensemble.direction, own), outcome };
    },
  };
}

function partsOf(
  { scale, features }: Ensemble,
  forest: PackedForest,
  network: LstmPredictor | null,
  row: Float64Array,
  sequence: Float64Array,
): Pick<EnsembleAnswer, "forest" | "network"> {
  return {
    forest: predictPacked(forest, row),
    network: network === null ? null : network.predict(windowOfSequence(scale, sequence, features.length)),
  };
}

function outcomeOf(
  { calibration }: OutcomeHead,
  packed: PackedForest,
  row: Float64Array,
  shares: Float64Array,
): number {
  const inputs = new Float64Array(row.length + shares.length);
  inputs.set(row);
  inputs.set(shares, row.length);
  return calibrated(calibration, [predictPacked(packed, inputs)])[1] as number;
}

export interface Lean {
  /** The class whose view would be voiced. */
  readonly view: number;
  /** Probability that its structure makes money. */
  readonly probability: number;
  /** How often it did in what was learned from. */
  readonly baseRate: number;
}

/**
 * The view to be voiced, before any gate: of those to which the direction head gives more than their base rate, the one whose
 * structure makes money most likely. Null where it leans nowhere.
 */
export function leanOf(
  { ensemble }: Pick<EnsembleModel, "ensemble">,
  { direction, outcome }: EnsembleAnswer,
): Lean | null {
  let best: Lean | null = null;
  for (let view = 0; view < direction.length; view += 1) {
    const head = ensemble.outcomes[view] ?? null;
    const probability = outcome[view] as number;
    if (head === null || !((direction[view] as number) > (ensemble.direction.base[view] as number))) continue;
    if (best === null || probability > best.probability)
      best = { view, probability, baseRate: head.calibration.base[1] as number };
  }
  return best;
}
