// Wilder's average true range, whole series at once and bar by bar; both give the same bits.
import { SmoothedAverage } from "./smoothed-average.ts";

/**
 * SECOND_BAR: the first bar only lends its close, as in TA-Lib; the first answer is that of bar `period + 1`. FIRST_BAR: the
 * true range of the first bar is its high less its low, as in Wilder's own tables; the first answer is that of bar `period`.
 */
export type AtrSeed = "SECOND_BAR" | "FIRST_BAR";

export interface HighLowCloses {
  readonly highPaise: Float64Array;
  readonly lowPaise: Float64Array;
  readonly closePaise: Float64Array;
}

/** Into `out`; NaN while too few bars have come. */
export function atrInto(bars: HighLowCloses, period: number, out: Float64Array, seed: AtrSeed = "SECOND_BAR"): void {
  const { highPaise, lowPaise, closePaise } = bars;
  const length = closePaise.length;
  const first = seed === "SECOND_BAR" ? 1 : 0;
  const ready = Math.min(first + period - 1, length);
  const weight = 1 / period;
  out.fill(Number.NaN, 0, ready);
  if (ready === length) return;
  let average = 0;
  for (let at = first; at <= ready; at += 1) {
    const [high, low] = [highPaise[at] as number, lowPaise[at] as number];
    average += (at === 0 ? high - low : trueRange(high, low, closePaise[at - 1] as number)) / period;
  }
  out[ready] = average;
  let previous = closePaise[ready] as number;
  for (let at = ready + 1; at < length; at += 1) {
    const range = trueRange(highPaise[at] as number, lowPaise[at] as number, previous);
    previous = closePaise[at] as number;
    average += (range - average) * weight;
    out[at] = average;
  }
}

export class Atr {
  readonly #average: SmoothedAverage;
  readonly #seed: AtrSeed;
  #previousClose: number | null = null;

  constructor(period: number, seed: AtrSeed = "SECOND_BAR") {
    this.#average = new SmoothedAverage(period, 1 / period);
    this.#seed = seed;
  }

  next(high: number, low: number, close: number): number {
    const previous = this.#previousClose;
    this.#previousClose = close;
    if (previous !== null) return this.#average.next(trueRange(high, low, previous));
    return this.#seed === "FIRST_BAR" ? this.#average.next(high - low) : Number.NaN;
  }
}

const trueRange = (high: number, low: number, previousClose: number): number =>
  (high > previousClose ? high : previousClose) - (low < previousClose ? low : previousClose);
