// One classification tree: as arrays of nodes, so that a forest of them is quick to walk and has one spelling as bytes.

export interface DecisionTree {
  /** Feature each node splits by; -1 marks a leaf. Node 0 is the root. */
  readonly feature: Int16Array;
  /** Goes left when the value is missing or at most this. */
  readonly threshold: Float64Array;
  /** The left child; the right one follows it. For a leaf: where its class shares begin, as a number of leaves. */
  readonly left: Int32Array;
  /** Share of every class in each leaf, class by class, leaf after leaf. */
  readonly shares: Float32Array;
}

/** Adds the leaf's class shares for one row to `sums`. `row` holds one value per feature, NaN where one is missing. */
export function addShares(tree: DecisionTree, row: ArrayLike<number>, classes: number, sums: Float64Array): void {
  const { feature, threshold, left, shares } = tree;
  let node = 0;
  for (let by = feature[0] as number; by >= 0; by = feature[node] as number) {
    const value = row[by] as number;
    const child = left[node] as number;
    // Not "value <= threshold": what is missing compares as false and goes left too.
    node = value > (threshold[node] as number) ? child + 1 : child;
  }
  const from = (left[node] as number) * classes;
  for (let index = 0; index < classes; index += 1) {
    sums[index] = (sums[index] as number) + (shares[from + index] as number);
  }
}
