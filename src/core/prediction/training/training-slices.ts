// Which rows are learned from, which end the network's training, and which say how far to believe it all: in the order of time,
// each slice only with rows whose labels were known before the next one begins.
import { type Dataset, daysOf } from "../dataset.ts";
import { firstRowsOf, rowsEndingBefore } from "../evaluation/walk-forward.ts";
import type { FullTrainingOptions } from "./training-options.ts";

export interface TrainingSlices {
  readonly learn: Int32Array;
  /** The part of `learn` that the network learns from, and the later part by which it ends. */
  readonly network: Int32Array;
  readonly stop: Int32Array;
  readonly calibrate: Int32Array;
  /** By row of `learn`: the part of the days it belongs to. */
  readonly fold: Uint8Array;
}

export type TrainingRefusal = { readonly code: "TOO_FEW_DAYS"; readonly days: number; readonly daysMin: number };

/** Fewer days cannot be cut into the slices. */
export const TRAINING_DAYS_MIN = 10;

export function trainingSlices(dataset: Dataset, options: FullTrainingOptions): TrainingSlices {
  const days = daysOf(dataset);
  const firsts = firstRowsOf(dataset);
  const calibrateFrom = days.length - Math.max(1, Math.round(days.length * options.calibrationShare));
  const stopFrom = calibrateFrom - Math.max(1, Math.round(calibrateFrom * options.stopShare));
  const rowAt = (day: number): number => firsts[day] as number;
  const endsBefore = (from: number, to: number): Int32Array =>
    rowsEndingBefore(dataset, rowAt(from), rowAt(to), dataset.atMs[rowAt(to)] as number);
  const learn = endsBefore(0, calibrateFrom);
  const dayNumber = new Map(days.map((day, at) => [day, at]));
  return {
    learn,
    network: endsBefore(0, stopFrom),
    stop: endsBefore(stopFrom, calibrateFrom),
    calibrate: Int32Array.from({ length: dataset.rows - rowAt(calibrateFrom) }, (_, at) => rowAt(calibrateFrom) + at),
    fold: Uint8Array.from(learn, (row) =>
      Math.floor((options.folds * (dayNumber.get(dataset.day[row] as number) as number)) / calibrateFrom),
    ),
  };
}

/** Rows of `learn` outside a fold whose labels do not reach into it, nor its labels to them. */
export function rowsOutsideFold(dataset: Dataset, { learn, fold }: TrainingSlices, number: number): Int32Array {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const endOf = (row: number): number =>
    Math.max(dataset.labelEndMs[row] as number, dataset.outcomeEndMs[row] as number);
  for (const [at, row] of learn.entries()) {
    if (fold[at] !== number) continue;
    fromMs = Math.min(fromMs, dataset.atMs[row] as number);
    toMs = Math.max(toMs, endOf(row));
  }
  return learn.filter(
    (row, at) => fold[at] !== number && (endOf(row) <= fromMs || (dataset.atMs[row] as number) >= toMs),
  );
}
