// Wilder's RSI and ATR, the exponential average and Appel's MACD, as streams that take one value in constant time. Until there
// are enough values the answer is null, never 0. Floats: an indicator is not money.

/** Takes the next value and answers with the indicator as of it, or null while too few have come. */
export type Stream<Value, Answer> = (next: Value) => Answer | null;

export interface HighLowClose {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface Macd {
  readonly macd: number;
  readonly signal: number;
  /** `macd − signal`. */
  readonly histogram: number;
}

export interface MacdPeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

export const MACD_12_26_9: MacdPeriods = { fast: 12, slow: 26, signal: 9 };

/** Closes that the first MACD with its signal line needs. */
export const macdWarmUp = ({ slow, signal }: MacdPeriods): number => slow + signal - 1;

/** The first RSI needs `period` changes, so `period + 1` closes. */
export function rsiStream(period: number): Stream<number, number> {
  const gains = wilderAverage(period);
  const losses = wilderAverage(period);
  let previous: number | null = null;
  return (close) => {
    const change = previous === null ? null : close - previous;
    previous = close;
    if (change === null) return null;
    const gain = gains(Math.max(0, change));
    const loss = losses(Math.max(0, -change));
    return gain === null || loss === null ? null : rsiOf(gain, loss);
  };
}

/** The first ATR needs `period` bars: the true range of the very first one is its high less its low. */
export function atrStream(period: number): Stream<HighLowClose, number> {
  const average = wilderAverage(period);
  let previousClose: number | null = null;
  return (bar) => {
    const range = trueRange(bar, previousClose);
    previousClose = bar.close;
    return average(range);
  };
}

/** Exponential average that starts from the plain average of its first `period` values. */
export const emaStream = (period: number): Stream<number, number> => smoothedAverage(period, 2 / (period + 1));

/** The first answer comes with the value number `macdWarmUp`. */
export function macdStream({ fast, slow, signal }: MacdPeriods): Stream<number, Macd> {
  const fastAverage = emaStream(fast);
  const slowAverage = emaStream(slow);
  const signalAverage = emaStream(signal);
  return (close) => {
    const quick = fastAverage(close);
    const sluggish = slowAverage(close);
    if (quick === null || sluggish === null) return null;
    const macd = quick - sluggish;
    const signalLine = signalAverage(macd);
    return signalLine === null ? null : { macd, signal: signalLine, histogram: macd - signalLine };
  };
}

/** 100 without any loss, 0 without any gain, 50 where nothing moved at all. */
export function rsiOf(averageGain: number, averageLoss: number): number {
  const total = averageGain + averageLoss;
  return total === 0 ? 50 : (100 * averageGain) / total;
}

export const trueRange = ({ high, low }: HighLowClose, previousClose: number | null): number =>
  previousClose === null ? high - low : Math.max(high, previousClose) - Math.min(low, previousClose);

const wilderAverage = (period: number): Stream<number, number> => smoothedAverage(period, 1 / period);

function smoothedAverage(period: number, weight: number): Stream<number, number> {
  let count = 0;
  let average = 0;
  return (value) => {
    count += 1;
    if (count <= period) {
      average += value / period;
      return count < period ? null : average;
    }
    average += (value - average) * weight;
    return average;
  };
}
