// What a rule says after each bar of a series: be long, be short, or nothing new.
import { assert } from "../../kernel/assert.ts";
import { epochMs, istMsOfDay, MS_PER_MINUTE } from "../../kernel/time.ts";
import { type BarSeries, type DayRange, dayRanges } from "../../market/bar-series.ts";
import { atrInto } from "../../market/indicators/atr.ts";
import { bollingerInto } from "../../market/indicators/bollinger.ts";
import { emaInto } from "../../market/indicators/ema.ts";
import { rsiInto } from "../../market/indicators/rsi.ts";
import type { IndexRule, IndexSignal, Polarity } from "./index-rule.ts";

export const SHORT = -1;
export const NOTHING = 0;
export const LONG = 1;
const OPEN_MS = (9 * 60 + 15) * MS_PER_MINUTE;

/** A series with what many rules over it share: its days, and each indicator line that was once asked for. */
export class IndexHistory {
  readonly series: BarSeries;
  readonly days: readonly DayRange[];
  readonly #lines = new Map<string, Float64Array>();

  constructor(series: BarSeries) {
    this.series = series;
    this.days = dayRanges(series);
  }

  rsi(period: number, memory: IndexRule["memory"]): Float64Array {
    return this.#line(`rsi ${period} ${memory}`, memory, (from, to, out) =>
      rsiInto(this.series.closePaise.subarray(from, to), period, out),
    );
  }

  ema(period: number, memory: IndexRule["memory"]): Float64Array {
    return this.#line(`ema ${period} ${memory}`, memory, (from, to, out) =>
      emaInto(this.series.closePaise.subarray(from, to), period, out),
    );
  }

  atr(period: number): Float64Array {
    return this.#line(`atr ${period}`, "CONTINUOUS", (_from, _to, out) => atrInto(this.series, period, out));
  }

  /** Lower and upper band. */
  bands(period: number, deviations: number, memory: IndexRule["memory"]): readonly [Float64Array, Float64Array] {
    const key = `bands ${period} ${deviations} ${memory}`;
    const upper = new Float64Array(this.series.length);
    const middle = new Float64Array(this.series.length);
    const lower = this.#line(`${key} lower`, memory, (from, to, out) =>
      bollingerInto(this.series.closePaise.subarray(from, to), period, deviations, {
        upper: upper.subarray(from, to),
        middle: middle.subarray(from, to),
        lower: out,
      }),
    );
    return [lower, this.#line(`${key} upper`, memory, (from, to, out) => out.set(upper.subarray(from, to)))];
  }

  #line(
    key: string,
    memory: IndexRule["memory"],
    fill: (from: number, to: number, out: Float64Array) => void,
  ): Float64Array {
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = new Float64Array(this.series.length);
    if (memory === "CONTINUOUS") fill(0, line.length, line);
    else for (const { from, to } of this.days) fill(from, to, line.subarray(from, to));
    this.#lines.set(key, line);
    return line;
  }
}

/** LONG, SHORT or NOTHING after each bar. */
export function stancesOf(history: IndexHistory, { signal, memory }: IndexRule): Int8Array {
  const { series } = history;
  const stances = new Int8Array(series.length);
  switch (signal.kind) {
    case "RSI":
      rsiStances(history.rsi(signal.period, memory), signal, stances);
      return stances;
    case "EMA_CROSS": {
      const [fast, slow] = [history.ema(signal.fast, memory), history.ema(signal.slow, memory)];
      crossings(fast, slow, upwards(signal.polarity), stances);
      return stances;
    }
    case "BOLLINGER": {
      const [lower, upper] = history.bands(signal.period, signal.deviations, memory);
      beyondBands(series.closePaise, lower, upper, upwards(signal.polarity), stances);
      return stances;
    }
    case "OPENING_RANGE":
      for (const day of history.days) openingRange(series, day, signal, stances);
      return stances;
  }
}

const upwards = (polarity: Polarity): number => (polarity === "MOMENTUM" ? LONG : SHORT);

function rsiStances(rsi: Float64Array, signal: Extract<IndexSignal, { kind: "RSI" }>, stances: Int8Array): void {
  const { upper, lower, polarity, trigger } = signal;
  assert(lower <= upper, "RSI's lower bound lies below its upper one");
  const above = upwards(polarity);
  const isCross = trigger === "CROSS";
  let before = Number.NaN;
  for (let at = 0; at < rsi.length; at += 1) {
    const now = rsi[at] as number;
    // NaN compares as no to everything: without a bar before nothing was crossed.
    if (now > upper) stances[at] = isCross && !(before <= upper) ? NOTHING : above;
    else if (now < lower) stances[at] = isCross && !(before >= lower) ? NOTHING : -above;
    before = now;
  }
}

function crossings(fast: Float64Array, slow: Float64Array, above: number, stances: Int8Array): void {
  let before = Number.NaN;
  for (let at = 0; at < fast.length; at += 1) {
    const difference = (fast[at] as number) - (slow[at] as number);
    if (difference > 0 && before <= 0) stances[at] = above;
    else if (difference < 0 && before >= 0) stances[at] = -above;
    before = difference;
  }
}

function beyondBands(
  closes: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  above: number,
  stances: Int8Array,
): void {
  for (let at = 0; at < closes.length; at += 1) {
    const close = closes[at] as number;
    if (close > (upper[at] as number)) stances[at] = above;
    else if (close < (lower[at] as number)) stances[at] = -above;
  }
}

function openingRange(
  { startMs, highPaise, lowPaise, closePaise }: BarSeries,
  { from, to }: DayRange,
  { minutes, polarity }: Extract<IndexSignal, { kind: "OPENING_RANGE" }>,
  stances: Int8Array,
): void {
  const endMs = OPEN_MS + minutes * MS_PER_MINUTE;
  const first = epochMs(startMs[from] as number);
  // A day that began late has no opening range.
  if (istMsOfDay(first) !== OPEN_MS) return;
  const rangeEndMs = first + (endMs - OPEN_MS);
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let at = from;
  for (; at < to && (startMs[at] as number) < rangeEndMs; at += 1) {
    high = Math.max(high, highPaise[at] as number);
    low = Math.min(low, lowPaise[at] as number);
  }
  const above = upwards(polarity);
  let [isAboveDone, isBelowDone] = [false, false];
  for (; at < to; at += 1) {
    const close = closePaise[at] as number;
    if (close > high && !isAboveDone) [stances[at], isAboveDone] = [above, true];
    else if (close < low && !isBelowDone) [stances[at], isBelowDone] = [-above, true];
  }
}
