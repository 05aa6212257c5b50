// Grows one tree on a bootstrap sample: at every node a few features are drawn, and the split that separates the classes best
// (Gini) is taken, until a node is pure or too small. Everything follows from the seed.
import { SeededRandom } from "../../kernel/seeded-random.ts";
import type { BinnedFeatures } from "./binned-features.ts";
import type { DecisionTree } from "./decision-tree.ts";
import { SplitFinder } from "./split-finder.ts";

export interface TreeOptions {
  /** Features looked at for every split. */
  readonly featuresPerSplit: number;
  readonly depthMax: number;
  /** Rows of the sample, each counted once, that a leaf must have at least. */
  readonly leafRowsMin: number;
}

export interface TrainingRows {
  readonly features: BinnedFeatures;
  /** Class of every row, from 0. */
  readonly labels: Uint8Array;
  readonly classes: number;
  /** Weight of every class. */
  readonly classWeights: Float64Array;
}

export interface GrownTree {
  readonly tree: DecisionTree;
  /** Rows that were not drawn: what the tree can be judged by. */
  readonly outOfBag: Int32Array;
  /** How much each feature has separated the classes, before it is made a share. */
  readonly importances: Float64Array;
}

interface Node {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

export function growTree(data: TrainingRows, options: TreeOptions, seed: number): GrownTree {
  const random = new SeededRandom(seed);
  const { rows, weights, outOfBag } = bootstrap(data, random);
  const finder = new SplitFinder(data, weights, options.leafRowsMin);
  const grown = new NodeList(rows.length, data.classes);
  const importances = new Float64Array(data.features.bins.length);
  const order = Int32Array.from(importances, (_, feature) => feature);
  const scratch = new Int32Array(rows.length);
  const open: Node[] = [{ node: grown.add(), from: 0, to: rows.length, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from, to, depth } = next;
    const counts = finder.count(rows, from, to);
    const canSplit = depth < options.depthMax && to - from >= 2 * options.leafRowsMin && !finder.isPure(counts);
    const isSplit = canSplit && findSplit(finder, rows, from, to, order, options.featuresPerSplit, random);
    if (!isSplit) {
      grown.makeLeaf(node, counts);
      continue;
    }
    const { feature, bin } = finder.best;
    importances[feature] = (importances[feature] as number) + finder.best.gain;
    const middle = partition(data.features.bins[feature] as Uint8Array, bin, rows, from, to, scratch);
    const edges = data.features.edges[feature] as Float64Array;
    const left = grown.split(node, feature, edges[bin] as number);
    open.push(
      { node: left + 1, from: middle, to, depth: depth + 1 },
      { node: left, from, to: middle, depth: depth + 1 },
    );
  }
  return { tree: grown.finish(), outOfBag, importances };
}

/** As many draws as there are rows, with putting back: the rows drawn, their weights, and those never drawn. */
function bootstrap({ labels, classWeights }: TrainingRows, random: SeededRandom) {
  const drawn = new Uint16Array(labels.length);
  for (let draw = 0; draw < labels.length; draw += 1) {
    const row = random.below(labels.length);
    drawn[row] = (drawn[row] as number) + 1;
  }
  const rows: number[] = [];
  const outOfBag: number[] = [];
  const weights = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const times = drawn[row] as number;
    if (times === 0) outOfBag.push(row);
    else rows.push(row);
    weights[row] = times * (classWeights[labels[row] as number] as number);
  }
  return { rows: Int32Array.from(rows), weights, outOfBag: Int32Array.from(outOfBag) };
}

/** Draws features without putting back until enough that vary have been looked at. True when one of them splits the node. */
function findSplit(
  finder: SplitFinder,
  rows: Int32Array,
  from: number,
  to: number,
  order: Int32Array,
  featuresPerSplit: number,
  random: SeededRandom,
): boolean {
  finder.start();
  let looked = 0;
  for (let at = 0; at < order.length && (looked < featuresPerSplit || finder.best.feature < 0); at += 1) {
    const other = at + random.below(order.length - at);
    const feature = order[other] as number;
    order[other] = order[at] as number;
    order[at] = feature;
    if (finder.look(feature, rows, from, to)) looked += 1;
  }
  return finder.best.feature >= 0;
}

/** Brings the rows that go left to the front, both sides in their old order. Returns where the right side begins. */
function partition(
  bins: Uint8Array,
  bin: number,
  rows: Int32Array,
  from: number,
  to: number,
  scratch: Int32Array,
): number {
  let left = from;
  let right = 0;
  for (let at = from; at < to; at += 1) {
    const row = rows[at] as number;
    if ((bins[row] as number) <= bin) {
      rows[left] = row;
      left += 1;
    } else {
      scratch[right] = row;
      right += 1;
    }
  }
  rows.set(scratch.subarray(0, right), left);
  return left;
}

/** Nodes while they are made. A tree over n rows has at most 2n − 1 of them. */
class NodeList {
  readonly #feature: Int16Array;
  readonly #threshold: Float64Array;
  readonly #left: Int32Array;
  readonly #shares: Float32Array;
  readonly #classes: number;
  #nodes = 0;
  #leaves = 0;

  constructor(rows: number, classes: number) {
    const most = Math.max(1, 2 * rows - 1);
    this.#feature = new Int16Array(most);
    this.#threshold = new Float64Array(most);
    this.#left = new Int32Array(most);
    this.#shares = new Float32Array(Math.max(1, rows) * classes);
    this.#classes = classes;
  }

  add(): number {
    this.#nodes += 1;
    return this.#nodes - 1;
  }

  /** Returns the left child. */
  split(node: number, feature: number, threshold: number): number {
    const left = this.add();
    this.add();
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#left[node] = left;
    return left;
  }

  makeLeaf(node: number, counts: Float64Array): void {
    this.#feature[node] = -1;
    this.#left[node] = this.#leaves;
    let total = 0;
    for (const count of counts) total += count;
    for (let index = 0; index < this.#classes; index += 1) {
      this.#shares[this.#leaves * this.#classes + index] = (counts[index] as number) / total;
    }
    this.#leaves += 1;
  }

  finish(): DecisionTree {
    return {
      feature: this.#feature.slice(0, this.#nodes),
      threshold: this.#threshold.slice(0, this.#nodes),
      left: this.#left.slice(0, this.#nodes),
      shares: this.#shares.slice(0, this.#leaves * this.#classes),
    };
  }
}
