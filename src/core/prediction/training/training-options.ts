// How a hybrid is trained. Every option is part of what its bytes follow from.
import { assert } from "../../kernel/assert.ts";
import { CALIBRATION, type CalibrationOptions } from "../models/calibration.ts";

export interface TrainingOptions {
  readonly seed: number;
  readonly trees?: number;
  readonly depthMax?: number;
  /** Share of the rows that a leaf must hold at least. */
  readonly leafShare?: number;
  /** Share of the days, the latest, that nothing is learned from but how far to believe the models. */
  readonly calibrationShare?: number;
  /** Share of the days before them by which the network's training ends. */
  readonly stopShare?: number;
  /** Parts of the days that leave each other out, so that the outcome heads learn from shares that had not seen the day. */
  readonly folds?: number;
  readonly units?: number;
  /** 0: no network. */
  readonly epochs?: number;
  readonly rate?: number;
  readonly patience?: number;
  readonly calibration?: CalibrationOptions;
}

export type FullTrainingOptions = Readonly<Required<TrainingOptions>>;

export function fullTrainingOptions(options: TrainingOptions): FullTrainingOptions {
  const full: FullTrainingOptions = {
    trees: 100,
    depthMax: 5,
    leafShare: 0.01,
    calibrationShare: 0.2,
    stopShare: 0.15,
    folds: 3,
    units: 50,
    epochs: 10,
    rate: 1e-3,
    patience: 2,
    calibration: CALIBRATION,
    ...options,
  };
  assert(full.trees >= 1 && full.folds >= 2 && full.depthMax >= 1, `${full.trees} trees in ${full.folds} folds`);
  assert(full.calibrationShare > 0 && full.calibrationShare < 1, `a later slice of ${full.calibrationShare}`);
  assert(full.stopShare > 0 && full.stopShare < 1, `a stopping slice of ${full.stopShare}`);
  return full;
}

/** In one order, for telling one training from another. */
export const trainingNumbers = (full: FullTrainingOptions): readonly number[] => [
  full.seed,
  full.trees,
  full.depthMax,
  full.leafShare,
  full.calibrationShare,
  full.stopShare,
  full.folds,
  full.units,
  full.epochs,
  full.rate,
  full.patience,
  full.calibration.trustRidge,
  full.calibration.shiftRidge,
];
