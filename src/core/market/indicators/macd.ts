// Appel's MACD with its signal line and histogram, whole series at once and close by close; both give the same bits.
import { Ema, emaWeight } from "./ema.ts";
import { SmoothedAverage } from "./smoothed-average.ts";

export interface MacdPeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

export const MACD_12_26_9: MacdPeriods = { fast: 12, slow: 26, signal: 9 };

/**
 * TOGETHER: the fast average starts out of the last `fast` of the first `slow` closes, so that both begin at the same bar, as in
 * TA-Lib. APART: each starts from the first closes, as in Appel's tables. After a few `slow` the two agree.
 */
export type MacdStart = "TOGETHER" | "APART";

/** Closes that the first MACD with its signal line needs. */
export const macdWarmUp = ({ slow, signal }: MacdPeriods): number => slow + signal - 1;

export interface MacdLines {
  readonly macd: Float64Array;
  readonly signal: Float64Array;
  /** `macd − signal`. */
  readonly histogram: Float64Array;
}

/** Into `out`; NaN in all three lines while fewer than `macdWarmUp` closes have come. */
export function macdInto(
  closes: Float64Array,
  periods: MacdPeriods,
  out: MacdLines,
  start: MacdStart = "TOGETHER",
): void {
  const { fast, slow, signal } = periods;
  const { macd, signal: signalLine, histogram } = out;
  const ready = Math.min(macdWarmUp(periods) - 1, closes.length);
  const [quick, sluggish] = [averageOf(fast, start === "TOGETHER" ? slow - fast : 0), averageOf(slow, 0)];
  const signals = new SmoothedAverage(signal, emaWeight(signal));
  let [quickNow, sluggishNow, signalNow] = [Number.NaN, Number.NaN, Number.NaN];
  for (const line of [macd, signalLine, histogram]) line.fill(Number.NaN, 0, ready);
  // The warm-up is the stream's; the long rest is a plain loop over numbers.
  for (let at = 0; at <= ready && at < closes.length; at += 1) {
    const close = closes[at] as number;
    quickNow = quick(close);
    sluggishNow = sluggish(close);
    if (at >= slow - 1) signalNow = signals.next(quickNow - sluggishNow);
  }
  if (ready === closes.length) return;
  macd[ready] = quickNow - sluggishNow;
  signalLine[ready] = signalNow;
  histogram[ready] = quickNow - sluggishNow - signalNow;
  const [quickWeight, sluggishWeight, signalWeight] = [emaWeight(fast), emaWeight(slow), emaWeight(signal)];
  for (let at = ready + 1; at < closes.length; at += 1) {
    const close = closes[at] as number;
    quickNow += (close - quickNow) * quickWeight;
    sluggishNow += (close - sluggishNow) * sluggishWeight;
    const difference = quickNow - sluggishNow;
    signalNow += (difference - signalNow) * signalWeight;
    macd[at] = difference;
    signalLine[at] = signalNow;
    histogram[at] = difference - signalNow;
  }
}

/** The three figures of the last close, NaN while too few have come. */
export class Macd {
  macd = Number.NaN;
  signal = Number.NaN;
  histogram = Number.NaN;
  readonly #quick: (close: number) => number;
  readonly #sluggish: (close: number) => number;
  readonly #signals: Ema;

  constructor({ fast, slow, signal }: MacdPeriods, start: MacdStart = "TOGETHER") {
    this.#quick = averageOf(fast, start === "TOGETHER" ? slow - fast : 0);
    this.#sluggish = averageOf(slow, 0);
    this.#signals = new Ema(signal);
  }

  next(close: number): void {
    const difference = this.#quick(close) - this.#sluggish(close);
    if (Number.isNaN(difference)) return;
    const signal = this.#signals.next(difference);
    if (Number.isNaN(signal)) return;
    this.macd = difference;
    this.signal = signal;
    this.histogram = difference - signal;
  }
}

/** An exponential average that leaves out the first `skipped` values. */
function averageOf(period: number, skipped: number): (value: number) => number {
  const average = new Ema(period);
  let left = skipped;
  return (value) => {
    if (left === 0) return average.next(value);
    left -= 1;
    return Number.NaN;
  };
}
