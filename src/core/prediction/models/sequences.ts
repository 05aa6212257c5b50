// Windows for the network: the rows of the day so far, at most so many, oldest first. A day begins without a past: steps that
// were not there are zeros and say so in one number of their own, so that nothing of yesterday has to be at hand.
import type { Dataset } from "../dataset.ts";
import { type FeatureScale, putScaled, scaledCount } from "./feature-scale.ts";

/** Ten steps (ML-02). */
export const SEQUENCE_STEPS = 10;

/** Numbers of one step: the scaled features, and 1 where the step was there. */
export const stepInputs = (scale: FeatureScale): number => scaledCount(scale) + 1;

/** By row: the row before it of the same underlying and day, or −1. */
export function previousRows({ underlying, day, rows }: Pick<Dataset, "underlying" | "day" | "rows">): Int32Array {
  const last = new Map<number, number>();
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = underlying[row] as number;
    const previous = last.get(own) ?? -1;
    last.set(own, row);
    return previous >= 0 && day[previous] === day[row] ? previous : -1;
  });
}

/** Writes the window that ends with `row`, from `at` on. */
export function putWindowOfRow(
  scale: FeatureScale,
  { columns }: Pick<Dataset, "columns">,
  previous: Int32Array,
  row: number,
  into: Float32Array,
  at = 0,
): void {
  const inputs = stepInputs(scale);
  into.fill(0, at, at + SEQUENCE_STEPS * inputs);
  let from = row;
  for (let step = SEQUENCE_STEPS - 1; step >= 0 && from >= 0; step -= 1) {
    const own = from;
    putScaled(scale, (feature) => columns[feature]?.[own] as number, into, at + step * inputs);
    into[at + (step + 1) * inputs - 1] = 1;
    from = previous[own] as number;
  }
}

/** The same window from rows that lie one after another, oldest first. */
export function windowOfSequence(scale: FeatureScale, sequence: Float64Array, features: number): Float32Array {
  const inputs = stepInputs(scale);
  const into = new Float32Array(SEQUENCE_STEPS * inputs);
  const rows = Math.min(SEQUENCE_STEPS, Math.floor(sequence.length / features));
  for (let back = 0; back < rows; back += 1) {
    const from = sequence.length - (back + 1) * features;
    const step = SEQUENCE_STEPS - 1 - back;
    putScaled(scale, (feature) => sequence[from + feature] as number, into, step * inputs);
    into[(step + 1) * inputs - 1] = 1;
  }
  return into;
}

/** The features of the window's rows one after another, oldest first: what a caller hands to a predictor. */
export function sequenceOfRow({ columns }: Pick<Dataset, "columns">, previous: Int32Array, row: number): Float64Array {
  const rows: number[] = [];
  for (let from = row; from >= 0 && rows.length < SEQUENCE_STEPS; from = previous[from] as number) rows.unshift(from);
  return Float64Array.from(rows.flatMap((each) => columns.map((column) => column[each] as number)));
}
