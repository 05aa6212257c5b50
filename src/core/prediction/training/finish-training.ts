// The end of a training: how far each model is to be believed, told by the later slice, and the hybrid with its figures.
import { assert } from "../../kernel/assert.ts";
import { CLASSES, type Dataset, daysOf, featuresOfRow, UNKNOWN_LABEL } from "../dataset.ts";
import { type ClassScores, classScores } from "../evaluation/class-scores.ts";
import type { DecisionTree } from "../forest/decision-tree.ts";
import { packForest, predictPacked } from "../forest/packed-forest.ts";
import type { RandomForest } from "../forest/random-forest.ts";
import type { MakeLstmKernel } from "../lstm/lstm-kernel.ts";
import type { LstmModel } from "../lstm/lstm-model.ts";
import { lstmPredictor } from "../lstm/lstm-predictor.ts";
import type { LstmProgress } from "../lstm/lstm-trainer.ts";
import { baseRatesOf, calibrated, fitCalibration } from "../models/calibration.ts";
import type { Ensemble, OutcomeHead } from "../models/ensemble.ts";
import { ensembleToBytes } from "../models/ensemble-bytes.ts";
import type { FeatureScale } from "../models/feature-scale.ts";
import { previousRows, putWindowOfRow, SEQUENCE_STEPS, stepInputs } from "../models/sequences.ts";
import type { FullTrainingOptions } from "./training-options.ts";
import type { TrainingSlices } from "./training-slices.ts";
import type { ForestTask } from "./training-tasks.ts";

export interface TrainingFigures {
  readonly days: number;
  readonly rows: { readonly learned: number; readonly calibrated: number };
  /** Features by their share in what the direction's splits gained, greatest first. */
  readonly importances: readonly { readonly feature: string; readonly share: number }[];
  readonly network: { readonly epochs: number; readonly end: string | null } | null;
  /** How far the later slice believes the forest and the network. */
  readonly trust: readonly number[];
  /** Of the slice that was calibrated on: no score out of sample. */
  readonly calibration: ClassScores | null;
}

export interface TrainingResult {
  readonly ensemble: Ensemble;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly figures: TrainingFigures;
}

interface Finished {
  readonly dataset: Dataset;
  readonly make: MakeLstmKernel;
  readonly slices: TrainingSlices;
  readonly options: FullTrainingOptions;
  readonly scale: FeatureScale;
  readonly tasks: readonly ForestTask[];
  readonly trees: readonly (readonly DecisionTree[])[];
  readonly importances: Float64Array;
  readonly network: { readonly model: LstmModel | null; readonly progress: LstmProgress } | null;
}

export function finishTraining(finished: Finished): TrainingResult {
  const { dataset, slices, options, scale, tasks, trees, importances, network } = finished;
  const features = dataset.columns.length;
  const directionAt = tasks.findIndex(({ kind }) => kind === "DIRECTION");
  const forest: RandomForest = {
    classes: CLASSES.length,
    features,
    trees: trees[directionAt] as readonly DecisionTree[],
  };
  assert(forest.trees.length > 0, "a hybrid needs rows whose direction is known");
  const model = network?.progress.end === "DIVERGED" ? null : (network?.model ?? null);
  const later = knownRows(slices.calibrate, dataset.direction);
  const models = [forestShares(dataset, forest, later)];
  if (model !== null) models.push(networkShares(finished, model, later));
  const labels = Uint8Array.from(later, (row) => dataset.direction[row] as number);
  const base = baseRatesOf(labelsOf(slices.learn, dataset.direction), CLASSES.length);
  const direction = fitCalibration(base, models, labels, options.calibration);
  const outcomes = CLASSES.map((_, view) => {
    const at = tasks.findIndex(({ kind, number }) => kind === "OUTCOME" && number === view);
    const grown = trees[at] as readonly DecisionTree[];
    return grown.length === 0 ? null : outcomeHead(finished, forest, grown, view);
  });
  const days = daysOf(dataset);
  const ensemble: Ensemble = {
    features: dataset.features,
    window: { fromDay: days[0] as number, toDay: days.at(-1) as number },
    scale,
    forest,
    network: model,
    direction,
    outcomes,
  };
  const total = importances.reduce((sum, share) => sum + share, 0);
  return {
    ensemble,
    bytes: ensembleToBytes(ensemble),
    figures: {
      days: days.length,
      rows: { learned: slices.learn.length, calibrated: later.length },
      importances: dataset.features
        .map((feature, at) => ({ feature, share: total > 0 ? (importances[at] as number) / total : 0 }))
        .sort((one, other) => other.share - one.share),
      network: network === null ? null : { epochs: network.progress.epoch, end: network.progress.end },
      trust: [...direction.trust],
      calibration: later.length === 0 ? null : scoresOf(models, direction, labels),
    },
  };
}

function outcomeHead(
  { dataset, slices, options }: Finished,
  direction: RandomForest,
  trees: readonly DecisionTree[],
  view: number,
): OutcomeHead {
  const labels = dataset.outcome[view] as Uint8Array;
  const forest: RandomForest = { classes: 2, features: dataset.columns.length + CLASSES.length, trees };
  const packed = packForest(forest);
  const rows = knownRows(slices.calibrate, labels);
  const shares = forestShares(dataset, direction, rows);
  const stated = new Float64Array(rows.length * 2);
  const inputs = new Float64Array(forest.features);
  for (const [at, row] of rows.entries()) {
    featuresOfRow(dataset, row, inputs.subarray(0, dataset.columns.length));
    inputs.set(shares.subarray(at * CLASSES.length, (at + 1) * CLASSES.length), dataset.columns.length);
    stated.set(predictPacked(packed, inputs), at * 2);
  }
  const base = baseRatesOf(labelsOf(slices.learn, labels), 2);
  return {
    forest,
    calibration: fitCalibration(
      base,
      [stated],
      Uint8Array.from(rows, (row) => labels[row] as number),
      options.calibration,
    ),
  };
}

const knownRows = (rows: Int32Array, labels: Uint8Array): Int32Array =>
  rows.filter((row) => labels[row] !== UNKNOWN_LABEL);

const labelsOf = (rows: Int32Array, labels: Uint8Array): Uint8Array =>
  Uint8Array.from(rows, (row) => labels[row] as number);

function forestShares(dataset: Dataset, forest: RandomForest, rows: Int32Array): Float64Array {
  const packed = packForest(forest);
  const shares = new Float64Array(rows.length * CLASSES.length);
  for (const [at, row] of rows.entries())
    shares.set(predictPacked(packed, featuresOfRow(dataset, row)), at * CLASSES.length);
  return shares;
}

function networkShares({ dataset, make, scale }: Finished, model: LstmModel, rows: Int32Array): Float64Array {
  const previous = previousRows(dataset);
  const predictor = lstmPredictor(make, model);
  const window = new Float32Array(SEQUENCE_STEPS * stepInputs(scale));
  const shares = new Float64Array(rows.length * CLASSES.length);
  for (const [at, row] of rows.entries()) {
    putWindowOfRow(scale, dataset, previous, row, window);
    shares.set(predictor.predict(window), at * CLASSES.length);
  }
  return shares;
}

function scoresOf(models: readonly Float64Array[], direction: Ensemble["direction"], labels: Uint8Array): ClassScores {
  const shares = new Float64Array(labels.length * CLASSES.length);
  for (let row = 0; row < labels.length; row += 1) {
    const own = models.map((all) => all.subarray(row * CLASSES.length, (row + 1) * CLASSES.length));
    shares.set(calibrated(direction, own), row * CLASSES.length);
  }
  return classScores(shares, labels, CLASSES.length);
}
