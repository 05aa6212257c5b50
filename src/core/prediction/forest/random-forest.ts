// A random forest for classification: trees on bootstrap samples, whose leaf shares are averaged. Every tree has a seed of its
// own, so that a forest can be grown tree by tree, in any order and in as many steps as a platform allows, with the same result.
import { assert } from "../../kernel/assert.ts";
import { seedOfPart } from "../../kernel/seeded-random.ts";
import { type BinnedFeatures, binFeatures } from "./binned-features.ts";
import { addShares, type DecisionTree } from "./decision-tree.ts";
import { type GrownTree, growTree, type TrainingRows } from "./grow-tree.ts";

export interface ForestOptions {
  readonly trees: number;
  readonly seed: number;
  readonly depthMax?: number;
  readonly leafRowsMin?: number;
  /** Features looked at for every split; the root of their number unless given. */
  readonly featuresPerSplit?: number;
  /** BALANCED weighs every class by the inverse of how often it occurs. */
  readonly classWeights?: "EQUAL" | "BALANCED";
}

export interface RandomForest {
  readonly classes: number;
  readonly features: number;
  readonly trees: readonly DecisionTree[];
}

export interface ForestTraining {
  readonly forest: RandomForest;
  /** Judged by trees that had not seen the row. Null when no row was left out by any tree. */
  readonly outOfBag: { readonly rows: number; readonly accuracy: number; readonly logLoss: number } | null;
  /** Share of each feature in what the splits have gained; sums to 1 where there was any split. */
  readonly importances: Float64Array;
}

/** `columns`: one array per feature, NaN where a value is missing. `labels`: the class of every row, from 0. */
export function trainForest(
  columns: readonly Float64Array[],
  labels: Uint8Array,
  classes: number,
  options: ForestOptions,
): ForestTraining {
  const data = trainingRows(columns, labels, classes, options);
  const grown = Array.from({ length: options.trees }, (_, index) => growForestTree(data, options, index));
  return gatherForest(data, columns, grown);
}

export function trainingRows(
  columns: readonly Float64Array[],
  labels: Uint8Array,
  classes: number,
  { classWeights = "EQUAL" }: ForestOptions,
): TrainingRows {
  assert(columns.length > 0 && labels.length > 0, "a forest needs rows and features");
  const features: BinnedFeatures = binFeatures(columns);
  assert(features.rows === labels.length, `${labels.length} labels for ${features.rows} rows`);
  const counts = new Float64Array(classes);
  for (const label of labels) {
    assert(label < classes, `label ${label} of ${classes} classes`);
    counts[label] = (counts[label] as number) + 1;
  }
  const present = counts.filter((count) => count > 0).length;
  return {
    features,
    labels,
    classes,
    classWeights: counts.map((count) =>
      classWeights === "EQUAL" ? 1 : count === 0 ? 0 : labels.length / (present * count),
    ),
  };
}

/** One tree of the forest; depends on nothing but the data, the options and its index. */
export function growForestTree(data: TrainingRows, options: ForestOptions, index: number): GrownTree {
  const features = data.features.bins.length;
  return growTree(
    data,
    {
      featuresPerSplit: options.featuresPerSplit ?? Math.max(1, Math.floor(Math.sqrt(features))),
      depthMax: options.depthMax ?? Number.POSITIVE_INFINITY,
      leafRowsMin: options.leafRowsMin ?? 1,
    },
    seedOfPart(options.seed, index),
  );
}

export function gatherForest(
  data: TrainingRows,
  columns: readonly Float64Array[],
  grown: readonly GrownTree[],
): ForestTraining {
  const forest: RandomForest = {
    classes: data.classes,
    features: columns.length,
    trees: grown.map(({ tree }) => tree),
  };
  return { forest, outOfBag: judgeOutOfBag(data, columns, grown), importances: importancesOf(columns.length, grown) };
}

/** Share of every class for one row; `row` holds one value per feature, NaN where one is missing. Sums to 1. */
export function predictShares({ trees, classes }: RandomForest, row: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(classes);
  for (const tree of trees) addShares(tree, row, classes, sums);
  for (let index = 0; index < classes; index += 1) sums[index] = (sums[index] as number) / trees.length;
  return sums;
}

/** Every tree counts alike, whatever it has gained in all. */
function importancesOf(features: number, grown: readonly GrownTree[]): Float64Array {
  const shares = new Float64Array(features);
  for (const { importances } of grown) {
    const total = importances.reduce((sum, gain) => sum + gain, 0);
    if (total === 0) continue;
    for (const [feature, gain] of importances.entries()) shares[feature] = (shares[feature] as number) + gain / total;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/** A probability of 0 would make the loss infinite; a forest of n trees cannot know anything finer than about 1 / n anyway. */
const SHARE_MIN = 1e-6;

function judgeOutOfBag(
  { labels, classes }: TrainingRows,
  columns: readonly Float64Array[],
  grown: readonly GrownTree[],
): ForestTraining["outOfBag"] {
  const sums = Array.from(labels, () => null as Float64Array | null);
  const row = new Float64Array(columns.length);
  for (const { tree, outOfBag } of grown) {
    for (const at of outOfBag) {
      for (const [feature, column] of columns.entries()) row[feature] = column[at] as number;
      sums[at] ??= new Float64Array(classes);
      addShares(tree, row, classes, sums[at] as Float64Array);
    }
  }
  let [rows, right, loss] = [0, 0, 0];
  sums.forEach((shares, at) => {
    if (shares === null) return;
    const label = labels[at] as number;
    const total = shares.reduce((sum, share) => sum + share, 0);
    rows += 1;
    if (mostLikely(shares) === label) right += 1;
    loss -= Math.log(Math.max(SHARE_MIN, (shares[label] as number) / total));
  });
  return rows === 0 ? null : { rows, accuracy: right / rows, logLoss: loss / rows };
}

/** The first of the most likely classes. */
export function mostLikely(shares: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < shares.length; index += 1) {
    if ((shares[index] as number) > (shares[best] as number)) best = index;
  }
  return best;
}
