// Indicators worked out from their definitions, whole series at once: what the slow features are made of. One answer per value;
// null where too few values have come. All averages begin at the first value.

type Series<Answer> = readonly (Answer | null)[];

interface HighLowClose {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

interface MacdFigures {
  readonly macd: number;
  readonly signal: number;
  readonly histogram: number;
}

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
    return gain === null || loss === null ? null : gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  });
}

export const atrSeries = (bars: readonly HighLowClose[], period: number): Series<number> =>
  averages(
    bars.map(({ high, low }, at) => {
      const before = bars[at - 1]?.close;
      return before === undefined ? high - low : Math.max(high, before) - Math.min(low, before);
    }),
    period,
    1 / period,
  );

const emaSeries = (values: readonly number[], period: number): Series<number> =>
  averages(values, period, 2 / (period + 1));

/** MACD(12, 26, 9). */
export function macdSeries(closes: readonly number[]): Series<MacdFigures> {
  const [fast, slow] = [emaSeries(closes, 12), emaSeries(closes, 26)];
  const lines = closes.map((_, at) => {
    const [quick, sluggish] = [fast[at] ?? null, slow[at] ?? null];
    return quick === null || sluggish === null ? null : quick - sluggish;
  });
  const first = 25;
  const signals = emaSeries(
    lines.slice(first).map((line) => line ?? 0),
    9,
  );
  return lines.map((macd, at) => {
    const signal = signals[at - first] ?? null;
    if (macd === null || signal === null || at < 33) return null;
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
