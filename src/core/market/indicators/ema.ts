// The exponential moving average, whole series at once and value by value; both give the same bits, and TA-Lib's figures.
import { SmoothedAverage } from "./smoothed-average.ts";

export const emaWeight = (period: number): number => 2 / (period + 1);

/** Into `out`, from position `first` of the values on; NaN while fewer than `period` values have come. */
export function emaInto(values: Float64Array, period: number, out: Float64Array, first = 0): void {
  const length = values.length;
  const ready = Math.min(first + period - 1, length);
  const weight = emaWeight(period);
  let average = 0;
  for (let at = first; at < ready; at += 1) average += (values[at] as number) / period;
  out.fill(Number.NaN, 0, ready);
  if (ready === length) return;
  average += (values[ready] as number) / period;
  out[ready] = average;
  for (let at = ready + 1; at < length; at += 1) {
    average += ((values[at] as number) - average) * weight;
    out[at] = average;
  }
}

export class Ema {
  readonly #average: SmoothedAverage;

  constructor(period: number) {
    this.#average = new SmoothedAverage(period, emaWeight(period));
  }

  next(value: number): number {
    return this.#average.next(value);
  }
}
