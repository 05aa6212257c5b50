// How good the shares of direction were on judged rows, against base rates known beforehand, with an interval by trading day.
import { CLASSES } from "../dataset.ts";
import { type BootstrapOptions, type Interval, meanInterval } from "./block-bootstrap.ts";
import { type ClassScores, classScores, rowLogLoss } from "./class-scores.ts";
import type { JudgedModel, JudgedRows } from "./judged-rows.ts";

export interface DirectionFigures extends ClassScores {
  /** Log-loss of the base rates less that of the model, per row; with its interval. Null where no base rates were judged beside. */
  readonly gain: number | null;
  readonly gainInterval: Interval | null;
}

/** `positions`: those of the judged rows that count, all with a known direction. */
export function directionFigures(
  judged: JudgedRows,
  model: JudgedModel,
  positions: Int32Array,
  options: BootstrapOptions,
  base: Float64Array | null = null,
): DirectionFigures {
  const count = CLASSES.length;
  const all = judged.shares[model] as Float64Array;
  const shares = new Float64Array(positions.length * count);
  const labels = new Uint8Array(positions.length);
  const [gains, counts] = [new Map<number, number>(), new Map<number, number>()];
  const beside = judged.shares.majority ?? null;
  for (const [at, position] of positions.entries()) {
    const row = judged.rows[position] as number;
    const own = all.subarray(position * count, (position + 1) * count);
    const label = judged.dataset.direction[row] as number;
    shares.set(own, at * count);
    labels[at] = label;
    const rates = beside?.subarray(position * count, (position + 1) * count) ?? base;
    if (rates === null) continue;
    const day = judged.dataset.day[row] as number;
    gains.set(day, (gains.get(day) ?? 0) + rowLogLoss(rates, label) - rowLogLoss(own, label));
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const scores = classScores(shares, labels, count);
  if (gains.size === 0) return { ...scores, gain: null, gainInterval: null };
  const sums = Float64Array.from(gains.values());
  return {
    ...scores,
    gain: sums.reduce((sum, own) => sum + own, 0) / positions.length,
    gainInterval: meanInterval(sums, Float64Array.from(counts.values()), options),
  };
}
