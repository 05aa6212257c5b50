// How far a figure could have come out otherwise by chance: trading days are drawn anew in runs of random length that wrap
// around (Politis and Romano's stationary bootstrap), so that rows of one day stay together and so do days of one mood.
import { assert } from "../../kernel/assert.ts";
import { SeededRandom } from "../../kernel/seeded-random.ts";

export interface BootstrapOptions {
  readonly seed: number;
  readonly repetitions?: number;
  /** Mean length of a run of days. */
  readonly blockDays?: number;
  /** Share of the repetitions that lie within the interval. */
  readonly level?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `statistic` gets days by number, as many as there are, some more than once. A draw without an answer (NaN) is left out. */
export function bootstrapInterval(
  days: number,
  statistic: (drawn: Int32Array) => number,
  { seed, repetitions = 1_000, blockDays = 5, level = 0.95 }: BootstrapOptions,
): Interval {
  assert(days > 0 && blockDays >= 1 && level > 0 && level < 1, `${days} days in runs of ${blockDays}`);
  const random = new SeededRandom(seed);
  const drawn = new Int32Array(days);
  const values: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    let day = random.below(days);
    for (let at = 0; at < days; at += 1) {
      if (at > 0) day = random.next() < 1 / blockDays ? random.below(days) : (day + 1) % days;
      drawn[at] = day;
    }
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return { low: Number.NaN, high: Number.NaN };
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Interval of a mean per row, from the sum and the number of rows of every day. */
export function meanInterval(sums: Float64Array, counts: Float64Array, options: BootstrapOptions): Interval {
  return bootstrapInterval(
    sums.length,
    (drawn) => {
      let [sum, count] = [0, 0];
      for (const day of drawn) {
        sum += sums[day] as number;
        count += counts[day] as number;
      }
      return count === 0 ? Number.NaN : sum / count;
    },
    options,
  );
}

/** Between neighbours by straight line. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(sorted.length - 1, low + 1);
  return (sorted[low] as number) + (place - low) * ((sorted[high] as number) - (sorted[low] as number));
}
