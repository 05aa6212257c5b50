// What a trained hybrid has to beat: the base rates, the last move going on, straight lines, and the older model of four
// features. Each is learned from the same rows as the hybrid.
import { seedOfPart } from "../../kernel/seeded-random.ts";
import { CLASSES, type Dataset, UNKNOWN_LABEL } from "../dataset.ts";
import { packForest, predictPacked } from "../forest/packed-forest.ts";
import { trainForest } from "../forest/random-forest.ts";
import type { DirectionModel } from "../predictor.ts";
import { baseRatesOf } from "./calibration.ts";
import { fitScale, putScaled, scaledCount } from "./feature-scale.ts";
import { fitLogistic, logisticShares } from "./logistic.ts";

/** Features of the older model, in its order (AI-05). */
export const V9_FEATURES = ["rsi", "atr", "volume", "vix"] as const;
const V9_TREES = 100;

/** The move of the last cycle, in bar volatilities times the root of its bars. */
const LAST_MOVE = "return5";

/** Rows to learn from, all with a known direction. */
export interface LearnedRows {
  readonly dataset: Dataset;
  readonly rows: Int32Array;
}

export const rowsWithDirection = (dataset: Dataset, rows: Int32Array): Int32Array =>
  rows.filter((row) => dataset.direction[row] !== UNKNOWN_LABEL);

const labelsOf = ({ dataset, rows }: LearnedRows): Uint8Array =>
  Uint8Array.from(rows, (row) => dataset.direction[row] as number);

/** Always the frequencies of the classes. */
export function majorityModel(learned: LearnedRows): DirectionModel {
  const base = baseRatesOf(labelsOf(learned), CLASSES.length);
  return { id: "majority", shares: () => base };
}

/** Frequencies of the classes after a move down, none to speak of, up, or one that is not known; a third of the moves each. */
export function persistenceModel(learned: LearnedRows): DirectionModel {
  const { dataset, rows } = learned;
  const at = dataset.features.indexOf(LAST_MOVE);
  const column = dataset.columns[at];
  if (column === undefined) return { ...majorityModel(learned), id: "persistence" };
  const known = Float64Array.from(rows, (row) => column[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const [low, high] = [1 / 3, 2 / 3].map((share) => known[Math.floor(share * known.length)] ?? 0) as [number, number];
  const stateOf = (value: number): number => (Number.isNaN(value) ? 3 : value < low ? 0 : value > high ? 2 : 1);
  const shares = [0, 1, 2, 3].map((state) =>
    baseRatesOf(
      Uint8Array.from(
        rows.filter((row) => stateOf(column[row] as number) === state),
        (row) => dataset.direction[row] as number,
      ),
      CLASSES.length,
    ),
  );
  return { id: "persistence", shares: (row) => shares[stateOf(row[at] as number)] as Float64Array };
}

export function logisticModel(learned: LearnedRows): DirectionModel {
  const { dataset, rows } = learned;
  const scale = fitScale(dataset.columns, rows);
  const count = scaledCount(scale);
  const inputs = new Float64Array(rows.length * count);
  for (const [at, row] of rows.entries())
    putScaled(scale, (feature) => dataset.columns[feature]?.[row] as number, inputs, at * count);
  const fitted = fitLogistic(inputs, labelsOf(learned), CLASSES.length);
  const own = new Float64Array(count);
  return {
    id: "logistic",
    shares: (row) => {
      putScaled(scale, (feature) => row[feature] as number, own, 0);
      return logisticShares(fitted, own);
    },
  };
}

/** The older forest: four features, trees grown to the end, shares as they come (AI-05, C-17). */
export function v9Model(learned: LearnedRows, seed: number): DirectionModel {
  const { dataset, rows } = learned;
  const places = V9_FEATURES.map((name) => dataset.features.indexOf(name));
  const columns = places.map((place) => Float64Array.from(rows, (row) => dataset.columns[place]?.[row] ?? Number.NaN));
  const options = { trees: V9_TREES, seed: seedOfPart(seed, 0) };
  const forest = packForest(trainForest(columns, labelsOf(learned), CLASSES.length, options).forest);
  return {
    id: "v9",
    shares: (row) =>
      predictPacked(
        forest,
        places.map((place) => row[place] ?? Number.NaN),
      ),
  };
}
