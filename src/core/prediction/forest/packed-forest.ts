// A forest laid out to be walked: every threshold is replaced by its place among those of its feature, so that a node is two
// whole numbers, and going left or right is arithmetic; four trees are walked side by side, so that the waits for memory
// overlap. It answers exactly what the forest itself answers.
import { assert } from "../../kernel/assert.ts";
import type { DecisionTree } from "./decision-tree.ts";
import type { RandomForest } from "./random-forest.ts";

export interface PackedForest {
  readonly classes: number;
  /** Thresholds of each feature, ascending. */
  readonly thresholds: readonly Float64Array[];
  /** At 2 × node: feature and, in the low half, the threshold's place; then the left child. A leaf leads to itself. */
  readonly nodes: Int32Array;
  /** Where the shares of a leaf begin, by node. */
  readonly sharesAt: Int32Array;
  readonly shares: Float32Array;
  readonly roots: Int32Array;
}

/** No value lies beyond this place: a node with it leads left. */
const NEVER_RIGHT = 0xffff;
const SIDE_BY_SIDE = 4;

export function packForest({ classes, features, trees }: RandomForest): PackedForest {
  const thresholds = Array.from({ length: features }, (_, feature) => thresholdsOf(trees, feature));
  const count = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const nodes = new Int32Array(count * 2);
  const sharesAt = new Int32Array(count);
  const shares = new Float32Array(trees.reduce((sum, tree) => sum + tree.shares.length, 0));
  const roots = new Int32Array(trees.length);
  let [first, share] = [0, 0];
  for (const [index, tree] of trees.entries()) {
    roots[index] = first;
    for (let at = 0; at < tree.feature.length; at += 1) {
      const node = first + at;
      const by = tree.feature[at] as number;
      const left = tree.left[at] as number;
      if (by < 0) sharesAt[node] = share + left * classes;
      const place = by < 0 ? NEVER_RIGHT : placeOf(thresholds[by] as Float64Array, tree.threshold[at] as number);
      nodes[2 * node] = (Math.max(0, by) << 16) | place;
      nodes[2 * node + 1] = by < 0 ? node : first + left;
    }
    shares.set(tree.shares, share);
    first += tree.feature.length;
    share += tree.shares.length;
  }
  return { classes, thresholds, nodes, sharesAt, shares, roots };
}

function thresholdsOf(trees: readonly DecisionTree[], feature: number): Float64Array {
  const found = new Set<number>();
  for (const tree of trees) {
    for (const [node, by] of tree.feature.entries()) if (by === feature) found.add(tree.threshold[node] as number);
  }
  assert(found.size < NEVER_RIGHT, `${found.size} thresholds of one feature`);
  return Float64Array.from(found).sort();
}

/** How many thresholds lie below the value: none below one that is missing, which therefore always goes left. */
function placeOf(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value > (thresholds[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Share of every class for one row; `row` holds one value per feature, NaN where one is missing. Sums to 1. */
export function predictPacked(forest: PackedForest, row: ArrayLike<number>): Float64Array {
  const { classes, thresholds, nodes, sharesAt, shares, roots } = forest;
  assert(row.length === thresholds.length, `${row.length} of ${thresholds.length} features`);
  const places = new Int32Array(thresholds.length);
  for (let feature = 0; feature < places.length; feature += 1)
    places[feature] = placeOf(thresholds[feature] as Float64Array, row[feature] as number);
  const sums = new Float64Array(classes);
  const reached = new Int32Array(SIDE_BY_SIDE);
  for (let tree = 0; tree < roots.length; tree += SIDE_BY_SIDE) {
    // Beyond the last tree the last is walked again, and not counted.
    const last = roots.length - 1;
    let a = roots[tree] as number;
    let b = roots[Math.min(tree + 1, last)] as number;
    let c = roots[Math.min(tree + 2, last)] as number;
    let d = roots[Math.min(tree + 3, last)] as number;
    // A leaf leads to itself: nothing moves when all four are there.
    for (let moved = 1; moved !== 0; ) {
      const a1 = child(nodes, places, a);
      const b1 = child(nodes, places, b);
      const c1 = child(nodes, places, c);
      const d1 = child(nodes, places, d);
      moved = (a ^ a1) | (b ^ b1) | (c ^ c1) | (d ^ d1);
      a = a1;
      b = b1;
      c = c1;
      d = d1;
    }
    reached[0] = a;
    reached[1] = b;
    reached[2] = c;
    reached[3] = d;
    for (let side = 0; side < SIDE_BY_SIDE && tree + side < roots.length; side += 1) {
      const from = sharesAt[reached[side] as number] as number;
      for (let index = 0; index < classes; index += 1)
        sums[index] = (sums[index] as number) + (shares[from + index] as number);
    }
  }
  for (let index = 0; index < classes; index += 1) sums[index] = (sums[index] as number) / roots.length;
  return sums;
}

/** The left child, or the right one, which follows it, where the value lies beyond the threshold: then the difference is negative. */
function child(nodes: Int32Array, places: Int32Array, node: number): number {
  const split = nodes[2 * node] as number;
  const beyond = ((split & 0xffff) - (places[split >>> 16] as number)) >>> 31;
  return (nodes[2 * node + 1] as number) + beyond;
}
