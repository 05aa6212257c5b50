// The pieces a training is made of: which forests are grown, on which rows and for which labels. Every piece follows from the
// dataset, the options and the pieces before it, so that it can be made again wherever a training goes on.
import { seedOfPart } from "../../kernel/seeded-random.ts";
import { CLASSES, type Dataset, UNKNOWN_LABEL } from "../dataset.ts";
import type { DecisionTree } from "../forest/decision-tree.ts";
import type { TrainingRows } from "../forest/grow-tree.ts";
import { packForest, predictPacked } from "../forest/packed-forest.ts";
import { type ForestOptions, trainingRows } from "../forest/random-forest.ts";
import type { MakeLstmKernel } from "../lstm/lstm-kernel.ts";
import type { LstmTraining } from "../lstm/lstm-trainer.ts";
import type { LstmWindows } from "../lstm/lstm-windows.ts";
import type { FeatureScale } from "../models/feature-scale.ts";
import { previousRows, putWindowOfRow, SEQUENCE_STEPS, stepInputs } from "../models/sequences.ts";
import type { FullTrainingOptions } from "./training-options.ts";
import { rowsOutsideFold, type TrainingSlices } from "./training-slices.ts";

/** A forest to be grown: the direction's, one for every fold, one for every view's outcome. */
export interface ForestTask {
  readonly kind: "DIRECTION" | "FOLD" | "OUTCOME";
  /** Number of the fold or view; 0 for the direction. */
  readonly number: number;
  readonly trees: number;
  readonly classes: number;
}

export function forestTasks({ trees, folds }: FullTrainingOptions): readonly ForestTask[] {
  return [
    { kind: "DIRECTION", number: 0, trees, classes: CLASSES.length },
    ...Array.from({ length: folds }, (_, number) => ({
      kind: "FOLD" as const,
      number,
      trees: Math.ceil(trees / folds),
      classes: CLASSES.length,
    })),
    ...CLASSES.map((_, number) => ({ kind: "OUTCOME" as const, number, trees, classes: 2 })),
  ];
}

/** Of the parts of the seed: one for every task, then the network's. */
export const NETWORK_SEED_PART = 1_000;

/** Fewer known outcomes of a view are not learned from. */
const OUTCOMES_MIN = 100;

/** What a forest is grown on; null where there is too little. */
export interface ForestRows {
  readonly data: TrainingRows;
  readonly options: ForestOptions;
}

export function rowsOfTask(
  dataset: Dataset,
  slices: TrainingSlices,
  options: FullTrainingOptions,
  task: ForestTask,
  seedPart: number,
  foldTrees: readonly (readonly DecisionTree[])[],
): ForestRows | null {
  const { kind, number, classes } = task;
  const labels = kind === "OUTCOME" ? (dataset.outcome[number] as Uint8Array) : dataset.direction;
  const isKnown = (row: number): boolean => labels[row] !== UNKNOWN_LABEL;
  const rows = (kind === "FOLD" ? rowsOutsideFold(dataset, slices, number) : slices.learn).filter(isKnown);
  const own = Uint8Array.from(rows, (row) => labels[row] as number);
  if (rows.length === 0 || (kind === "OUTCOME" && rows.length < OUTCOMES_MIN)) return null;
  const columns: Float64Array[] = dataset.columns.map((column) =>
    Float64Array.from(rows, (row) => column[row] as number),
  );
  if (kind === "OUTCOME") columns.push(...foldShares(dataset, slices, rows, foldTrees));
  const forest: ForestOptions = {
    trees: task.trees,
    seed: seedOfPart(options.seed, seedPart),
    depthMax: options.depthMax,
    leafRowsMin: Math.max(1, Math.round(options.leafShare * rows.length)),
  };
  return { data: trainingRows(columns, own, classes, forest), options: forest };
}

/** Shares of direction for rows, each by the forest that had not seen the row's days: one column for every class. */
function foldShares(
  dataset: Dataset,
  { learn, fold }: TrainingSlices,
  rows: Int32Array,
  foldTrees: readonly (readonly DecisionTree[])[],
): Float64Array[] {
  const foldOf = new Map<number, number>();
  for (const [at, row] of learn.entries()) foldOf.set(row, fold[at] as number);
  const forests = foldTrees.map((trees) =>
    trees.length === 0 ? null : packForest({ classes: CLASSES.length, features: dataset.columns.length, trees }),
  );
  const columns = CLASSES.map(() => new Float64Array(rows.length).fill(Number.NaN));
  for (const [at, row] of rows.entries()) {
    const forest = forests[foldOf.get(row) as number] ?? null;
    if (forest === null) continue;
    const values = dataset.columns.map((column) => column[row] as number);
    for (const [index, share] of predictPacked(forest, values).entries()) (columns[index] as Float64Array)[at] = share;
  }
  return columns;
}

/** Null where there is nothing for a network to learn from. */
export function networkTraining(
  make: MakeLstmKernel,
  dataset: Dataset,
  slices: TrainingSlices,
  scale: FeatureScale,
  { seed, units, epochs, rate, patience }: FullTrainingOptions,
): LstmTraining | null {
  if (epochs === 0 || stepInputs(scale) < 2) return null;
  const previous = previousRows(dataset);
  const train = windowsOf(dataset, scale, previous, slices.network);
  const later = windowsOf(dataset, scale, previous, slices.stop);
  if (train.count === 0) return null;
  return {
    make,
    shape: { steps: SEQUENCE_STEPS, features: stepInputs(scale), units, head: "CLASSES", outputs: CLASSES.length },
    slices: { train, later: later.count === 0 ? null : later },
    options: { seed: seedOfPart(seed, NETWORK_SEED_PART), epochs, rate, patience },
  };
}

function windowsOf(dataset: Dataset, scale: FeatureScale, previous: Int32Array, rows: Int32Array): LstmWindows {
  const known = rows.filter((row) => dataset.direction[row] !== UNKNOWN_LABEL);
  const floats = SEQUENCE_STEPS * stepInputs(scale);
  const inputs = new Float32Array(known.length * floats);
  for (const [at, row] of known.entries()) putWindowOfRow(scale, dataset, previous, row, inputs, at * floats);
  return { count: known.length, inputs, targets: Uint8Array.from(known, (row) => dataset.direction[row] as number) };
}
