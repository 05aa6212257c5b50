// The best split of a node by one feature after another. Large nodes are counted into a histogram of bins; small ones, of
// which a full tree has by far the most, are sorted instead, which touches only what is there.
import type { TrainingRows } from "./grow-tree.ts";

/** Nodes of up to this many rows are sorted. Speed hardly depends on it between 24 and 100; the row must fit into 8 bits. */
const SORTED_ROWS_MAX = 40;
const BINS = 256;
/** A gain below this share of the node's weight is rounding. */
const GAIN_MIN = 1e-12;

export class SplitFinder {
  /** The best split since `start`: rows up to `bin` go left. `feature` is -1 while there is none. */
  readonly best = { feature: -1, bin: 0, gain: 0 };
  readonly #bins: readonly Uint8Array[];
  readonly #labels: Uint8Array;
  readonly #weights: Float64Array;
  readonly #classes: number;
  readonly #leafRowsMin: number;
  readonly #histogram: Float64Array;
  readonly #rowsInBin = new Int32Array(BINS);
  readonly #counts: Float64Array;
  readonly #left: Float64Array;
  readonly #sorted = new Int32Array(SORTED_ROWS_MAX);
  #total = 0;
  #impurity = 0;

  constructor({ features, labels, classes }: TrainingRows, weights: Float64Array, leafRowsMin: number) {
    this.#bins = features.bins;
    this.#labels = labels;
    this.#weights = weights;
    this.#classes = classes;
    this.#leafRowsMin = leafRowsMin;
    this.#histogram = new Float64Array(BINS * classes);
    this.#counts = new Float64Array(classes);
    this.#left = new Float64Array(classes);
  }

  /** Weight of every class among the rows from `from` to before `to`. The same array is used for every node. */
  count(rows: Int32Array, from: number, to: number): Float64Array {
    const counts = this.#counts;
    counts.fill(0);
    for (let at = from; at < to; at += 1) {
      const row = rows[at] as number;
      const label = this.#labels[row] as number;
      counts[label] = (counts[label] as number) + (this.#weights[row] as number);
    }
    let total = 0;
    let squares = 0;
    for (const count of counts) {
      total += count;
      squares += count * count;
    }
    this.#total = total;
    this.#impurity = squares / total;
    return counts;
  }

  isPure(counts: Float64Array): boolean {
    let classes = 0;
    for (const count of counts) if (count > 0) classes += 1;
    return classes < 2;
  }

  start(): void {
    this.best.feature = -1;
    this.best.bin = 0;
    this.best.gain = GAIN_MIN * this.#total;
  }

  /** Looks for a better split of the counted rows by a feature. False when the feature does not vary among them. */
  look(feature: number, rows: Int32Array, from: number, to: number): boolean {
    const bins = this.#bins[feature] as Uint8Array;
    return to - from <= SORTED_ROWS_MAX
      ? this.#lookSorted(feature, bins, rows, from, to)
      : this.#lookCounted(feature, bins, rows, from, to);
  }

  #lookCounted(feature: number, bins: Uint8Array, rows: Int32Array, from: number, to: number): boolean {
    const classes = this.#classes;
    const histogram = this.#histogram;
    const rowsInBin = this.#rowsInBin;
    histogram.fill(0);
    rowsInBin.fill(0);
    let low = BINS;
    let high = -1;
    for (let at = from; at < to; at += 1) {
      const row = rows[at] as number;
      const bin = bins[row] as number;
      const cell = bin * classes + (this.#labels[row] as number);
      histogram[cell] = (histogram[cell] as number) + (this.#weights[row] as number);
      rowsInBin[bin] = (rowsInBin[bin] as number) + 1;
      if (bin < low) low = bin;
      if (bin > high) high = bin;
    }
    if (low === high) return false;
    const left = this.#left;
    left.fill(0);
    let leftRows = 0;
    for (let bin = low; bin < high; bin += 1) {
      const inBin = rowsInBin[bin] as number;
      if (inBin === 0) continue;
      leftRows += inBin;
      for (let index = 0; index < classes; index += 1) {
        left[index] = (left[index] as number) + (histogram[bin * classes + index] as number);
      }
      this.#consider(feature, bin, leftRows, to - from - leftRows);
    }
    return true;
  }

  #lookSorted(feature: number, bins: Uint8Array, rows: Int32Array, from: number, to: number): boolean {
    const sorted = this.#sorted;
    const size = to - from;
    // Insertion sort by bin; the row's place in the node rides along in the lower bits.
    for (let index = 0; index < size; index += 1) {
      const key = ((bins[rows[from + index] as number] as number) << 8) | index;
      let at = index;
      for (; at > 0 && (sorted[at - 1] as number) > key; at -= 1) sorted[at] = sorted[at - 1] as number;
      sorted[at] = key;
    }
    if ((sorted[0] as number) >> 8 === (sorted[size - 1] as number) >> 8) return false;
    const left = this.#left;
    left.fill(0);
    for (let index = 0; index < size - 1; index += 1) {
      const key = sorted[index] as number;
      const row = rows[from + (key & 0xff)] as number;
      const label = this.#labels[row] as number;
      left[label] = (left[label] as number) + (this.#weights[row] as number);
      const bin = key >> 8;
      if (bin !== (sorted[index + 1] as number) >> 8) this.#consider(feature, bin, index + 1, size - index - 1);
    }
    return true;
  }

  /** Gini by its equivalent: the sum of squared class weights over the weight of each side, the more the purer. */
  #consider(feature: number, bin: number, leftRows: number, rightRows: number): void {
    if (leftRows < this.#leafRowsMin || rightRows < this.#leafRowsMin) return;
    const left = this.#left;
    const counts = this.#counts;
    let leftTotal = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    for (let index = 0; index < left.length; index += 1) {
      const inLeft = left[index] as number;
      const inRight = (counts[index] as number) - inLeft;
      leftTotal += inLeft;
      leftSquares += inLeft * inLeft;
      rightSquares += inRight * inRight;
    }
    const gain = leftSquares / leftTotal + rightSquares / (this.#total - leftTotal) - this.#impurity;
    const { best } = this;
    if (gain > best.gain) {
      best.feature = feature;
      best.bin = bin;
      best.gain = gain;
    }
  }
}
