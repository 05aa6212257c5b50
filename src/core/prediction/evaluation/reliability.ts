// Whether "70 %" came true in 70 of 100 cases: stated probabilities in bins, beside what was observed in each.
import { assert } from "../../kernel/assert.ts";

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean of the stated probabilities. */
  readonly stated: number;
  /** Share of rows in which it came true. */
  readonly observed: number;
}

const BINS = 10;

/** Bins without a row are left out. A probability of exactly 1 belongs to the last bin. */
export function reliabilityBins(stated: Float64Array, cameTrue: Uint8Array, bins = BINS): readonly ReliabilityBin[] {
  assert(stated.length === cameTrue.length, `${stated.length} probabilities of ${cameTrue.length} rows`);
  const rows = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let row = 0; row < stated.length; row += 1) {
    const probability = stated[row] as number;
    assert(probability >= 0 && probability <= 1 + 1e-9, `a probability of ${probability}`);
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    rows[bin] = (rows[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + probability;
    hits[bin] = (hits[bin] as number) + (cameTrue[row] as number);
  }
  return Array.from(rows, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    rows: count,
    stated: (sums[bin] as number) / count,
    observed: (hits[bin] as number) / count,
  })).filter((bin) => bin.rows > 0);
}

/** Expected calibration error: the distance of stated from observed, weighted by rows. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  if (rows === 0) return 0;
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.stated - bin.observed), 0);
}
