// Bollinger's bands: a moving average and so many standard deviations (of the whole, not of a sample) to either side, whole
// series at once and value by value; both give the same bits, and TA-Lib's figures. Sums are kept running as TA-Lib keeps them;
// of prices in paise they are whole numbers below 2^53, so nothing builds up over the years.

export interface BollingerLines {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/** Into `out`; NaN while fewer than `period` values have come. */
export function bollingerInto(values: Float64Array, period: number, deviations: number, out: BollingerLines): void {
  const { upper, middle, lower } = out;
  const ready = Math.min(period - 1, values.length);
  let [sum, squares] = [0, 0];
  for (let at = 0; at < ready; at += 1) {
    const value = values[at] as number;
    sum += value;
    squares += value * value;
  }
  for (const line of [upper, middle, lower]) line.fill(Number.NaN, 0, ready);
  for (let at = ready; at < values.length; at += 1) {
    const [value, leaving] = [values[at] as number, values[at - ready] as number];
    sum += value;
    squares += value * value;
    const mean = sum / period;
    const width = deviations * deviationOf(mean, squares / period);
    middle[at] = mean;
    upper[at] = mean + width;
    lower[at] = mean - width;
    sum -= leaving;
    squares -= leaving * leaving;
  }
}

/** The bands of the last value, NaN while too few have come. */
export class Bollinger {
  upper = Number.NaN;
  middle = Number.NaN;
  lower = Number.NaN;
  readonly #period: number;
  readonly #deviations: number;
  readonly #last: Float64Array;
  #count = 0;
  #sum = 0;
  #squares = 0;

  constructor(period: number, deviations: number) {
    this.#period = period;
    this.#deviations = deviations;
    this.#last = new Float64Array(period);
  }

  next(value: number): void {
    const period = this.#period;
    const place = this.#count % period;
    this.#last[place] = value;
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
    if (this.#count < period) return;
    const mean = this.#sum / period;
    const width = this.#deviations * deviationOf(mean, this.#squares / period);
    this.middle = mean;
    this.upper = mean + width;
    this.lower = mean - width;
    const leaving = this.#last[(place + 1) % period] as number;
    this.#sum -= leaving;
    this.#squares -= leaving * leaving;
  }
}

/** Rounding can leave a variance of nothing a little below it. */
function deviationOf(mean: number, meanOfSquares: number): number {
  const variance = meanOfSquares - mean * mean;
  return variance > 0 ? Math.sqrt(variance) : 0;
}
