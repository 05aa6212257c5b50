// Features as small whole numbers: every value is replaced by the bin it falls into, so that a split is found by counting
// instead of sorting. Missing values have a bin of their own below all others; they are never taken for a number.
import { assert } from "../../kernel/assert.ts";

/** Bins of values; one more is for what is missing. */
export const BINS_MAX = 255;
export const MISSING_BIN = 0;

export interface BinnedFeatures {
  readonly rows: number;
  /** One array of bin numbers per feature, by row. */
  readonly bins: readonly Uint8Array[];
  /**
   * Upper edges per feature: `edges[feature][bin]` is the largest value that still falls into the bin. Going left at a bin
   * means: missing, or at most its edge. That of the missing bin is −∞.
   */
  readonly edges: readonly Float64Array[];
}

/** `columns`: one array of values per feature, by row; NaN where a value is missing. Infinite values are refused. */
export function binFeatures(columns: readonly Float64Array[]): BinnedFeatures {
  const rows = columns[0]?.length ?? 0;
  const edges = columns.map((column) => {
    assert(column.length === rows, `a feature has ${column.length} of ${rows} rows`);
    return edgesOf(column);
  });
  const bins = columns.map((column, feature) => {
    const edge = edges[feature] as Float64Array;
    return Uint8Array.from(column, (value) => binOf(edge, value));
  });
  return { rows, bins, edges };
}

/** Edges half-way between neighbours: between all of them where there are few, else between quantiles. */
function edgesOf(column: Float64Array): Float64Array {
  const values = column.filter((value) => !Number.isNaN(value)).sort();
  assert(
    values.length === 0 || (Number.isFinite(values[0]) && Number.isFinite(values.at(-1))),
    "a feature is infinite",
  );
  const distinct = values.filter((value, index) => index === 0 || value !== values[index - 1]);
  const edges = [Number.NEGATIVE_INFINITY];
  if (distinct.length <= BINS_MAX) {
    for (let at = 1; at < distinct.length; at += 1)
      edges.push(between(distinct[at - 1] as number, distinct[at] as number));
  } else {
    for (let bin = 1; bin < BINS_MAX; bin += 1) {
      const at = Math.floor((bin * values.length) / BINS_MAX);
      const edge = between(values[at - 1] as number, values[at] as number);
      // A value that fills several quantiles gives one edge only.
      if (edge > (edges.at(-1) as number) && edge < (values.at(-1) as number)) edges.push(edge);
    }
  }
  edges.push(Number.POSITIVE_INFINITY);
  return Float64Array.from(edges);
}

/** Never the greater of the two, so that each falls on its own side. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

/** The first bin whose edge is not below the value. */
function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return MISSING_BIN;
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
