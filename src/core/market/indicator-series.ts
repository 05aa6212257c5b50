// The same indicators over a whole series at once, each answer worked out from its definition. One answer per value; null
// where too few values have come.
import { type HighLowClose, type Macd, type MacdPeriods, macdWarmUp, rsiOf, trueRange } from "./indicators.ts";

export type Series<Answer> = readonly (Answer | null)[];

export function rsiSeries(closes: readonly number[], period: number): Series<number> {
  const changes = closes.slice(1).map((close, at) => close - (closes[at] ?? close));
  const gains = averages(
    changes.map((change) => Math.max(0, change)),
    period,
    1 / period,
  );
  const losses = averages(
    changes.map((change) => Math.max(0, -change)),
    period,
    1 / period,
  );
  return closes.map((_, at) => {
    const [gain, loss] = [gains[at - 1] ?? null, losses[at - 1] ?? null];
    return gain === null || loss === null ? null : rsiOf(gain, loss);
  });
}

export const atrSeries = (bars: readonly HighLowClose[], period: number): Series<number> =>
  averages(
    bars.map((bar, at) => trueRange(bar, bars[at - 1]?.close ?? null)),
    period,
    1 / period,
  );

export const emaSeries = (values: readonly number[], period: number): Series<number> =>
  averages(values, period, 2 / (period + 1));

export function macdSeries(closes: readonly number[], periods: MacdPeriods): Series<Macd> {
  const [fast, slow] = [emaSeries(closes, periods.fast), emaSeries(closes, periods.slow)];
  const lines = closes.map((_, at) => {
    const [quick, sluggish] = [fast[at] ?? null, slow[at] ?? null];
    return quick === null || sluggish === null ? null : quick - sluggish;
  });
  const first = periods.slow - 1;
  const signals = emaSeries(
    lines.slice(first).map((line) => line ?? 0),
    periods.signal,
  );
  return lines.map((macd, at) => {
    const signal = signals[at - first] ?? null;
    if (macd === null || signal === null || at + 1 < macdWarmUp(periods)) return null;
    return { macd, signal, histogram: macd - signal };
  });
}

/** Seeds with the plain average of the first `period` values, then gives each new value its weight. */
function averages(values: readonly number[], period: number, weight: number): (number | null)[] {
  const seed = values.slice(0, period).reduce((sum, value) => sum + value, 0) / period;
  const answers: (number | null)[] = [];
  let average = seed;
  for (const [at, value] of values.entries()) {
    if (at >= period) average = value * weight + average * (1 - weight);
    answers.push(at < period - 1 ? null : average);
  }
  return answers;
}
