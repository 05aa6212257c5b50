// A long history of one index as columns of numbers: ten years of 1-minute bars are a few typed arrays instead of a million
// objects. Bars are in order of time, no two start together, and prices are whole paise (India VIX: hundredths). Days and
// windows are views on the same memory; nothing here changes a column.
import { assert } from "../kernel/assert.ts";
import { paise } from "../kernel/money.ts";
import { type EpochMs, epochMs, istDateOf, istMsOfDay, type MarketDate, MS_PER_DAY } from "../kernel/time.ts";
import { barStartMs } from "./bars.ts";
import type { Bar, IndexName } from "./market-event.ts";

export interface BarSeries {
  readonly index: IndexName;
  readonly intervalMs: number;
  readonly length: number;
  /** Starts of the bars, as everywhere. */
  readonly startMs: Float64Array;
  readonly openPaise: Float64Array;
  readonly highPaise: Float64Array;
  readonly lowPaise: Float64Array;
  readonly closePaise: Float64Array;
}

/** The bars of one IST date: positions `from` up to and without `to`. */
export interface DayRange {
  readonly date: MarketDate;
  readonly from: number;
  readonly to: number;
}

export function seriesOfBars(index: IndexName, intervalMs: number, bars: readonly Bar[]): BarSeries {
  const series = blankSeries(index, intervalMs, bars.length);
  for (const [at, bar] of bars.entries()) {
    assert(at === 0 || bar.startMs > (series.startMs[at - 1] as number), "bars of a series are in order of time");
    series.startMs[at] = bar.startMs;
    series.openPaise[at] = bar.openPaise;
    series.highPaise[at] = bar.highPaise;
    series.lowPaise[at] = bar.lowPaise;
    series.closePaise[at] = bar.closePaise;
  }
  return series;
}

/** Bars `from` up to and without `to`, on the same memory. */
export const sliceSeries = (series: BarSeries, from: number, to: number): BarSeries => {
  const startMs = series.startMs.subarray(from, to);
  return {
    index: series.index,
    intervalMs: series.intervalMs,
    length: startMs.length,
    startMs,
    openPaise: series.openPaise.subarray(from, to),
    highPaise: series.highPaise.subarray(from, to),
    lowPaise: series.lowPaise.subarray(from, to),
    closePaise: series.closePaise.subarray(from, to),
  };
};

/** Position of the first bar that starts at or after an instant; `length` when there is none. */
export function firstBarFrom({ startMs, length }: BarSeries, atMs: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((startMs[middle] as number) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bars of a longer interval that the series' own divides, on the market's grid from 09:15 of each day. */
export function mergeSeries(series: BarSeries, intervalMs: number): BarSeries {
  if (intervalMs === series.intervalMs) return series;
  assert(intervalMs % series.intervalMs === 0, `${series.intervalMs} ms bars do not make bars of ${intervalMs} ms`);
  const merged = blankSeries(series.index, intervalMs, series.length);
  const { startMs, openPaise, highPaise, lowPaise, closePaise } = series;
  let last = -1;
  let endMs = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < series.length; at += 1) {
    const start = startMs[at] as number;
    if (start >= endMs) {
      last += 1;
      const mergedStart = barStartMs(start as EpochMs, intervalMs);
      endMs = mergedStart + intervalMs;
      merged.startMs[last] = mergedStart;
      merged.openPaise[last] = openPaise[at] as number;
      merged.highPaise[last] = highPaise[at] as number;
      merged.lowPaise[last] = lowPaise[at] as number;
    } else {
      merged.highPaise[last] = Math.max(merged.highPaise[last] as number, highPaise[at] as number);
      merged.lowPaise[last] = Math.min(merged.lowPaise[last] as number, lowPaise[at] as number);
    }
    merged.closePaise[last] = closePaise[at] as number;
  }
  // Copied, so that the unused rest of the columns is given back.
  return copySeries(sliceSeries(merged, 0, last + 1));
}

export function barAt(series: BarSeries, at: number): Bar {
  return {
    startMs: epochMs(series.startMs[at] as number),
    openPaise: paise(series.openPaise[at] as number),
    highPaise: paise(series.highPaise[at] as number),
    lowPaise: paise(series.lowPaise[at] as number),
    closePaise: paise(series.closePaise[at] as number),
  };
}

/** Bars `from` up to and without `to` as objects, for code that takes one day at a time. */
export const barsOf = (series: BarSeries, from: number, to: number): Bar[] =>
  Array.from({ length: to - from }, (_, offset) => barAt(series, from + offset));

/** The days that have bars, in order. */
export function dayRanges({ startMs, length }: BarSeries): DayRange[] {
  const days: DayRange[] = [];
  for (let from = 0, to = 0; from < length; from = to) {
    const first = startMs[from] as EpochMs;
    const midnightMs = first - istMsOfDay(first) + MS_PER_DAY;
    while (to < length && (startMs[to] as number) < midnightMs) to += 1;
    days.push({ date: istDateOf(first), from, to });
  }
  return days;
}

/** The days of both, in order; they share none. */
export function joinDays(one: BarSeries, other: BarSeries): BarSeries {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const parts = [one, other]
    .flatMap((series) => dayRanges(series).map(({ from, to }) => sliceSeries(series, from, to)))
    .sort((left, right) => (left.startMs[0] as number) - (right.startMs[0] as number));
  return joined(one, parts);
}

/** The days that `isWanted` says so of. */
export function selectDays(series: BarSeries, isWanted: (date: MarketDate) => boolean): BarSeries {
  const days = dayRanges(series);
  const wanted = days.filter(({ date }) => isWanted(date));
  if (wanted.length === days.length) return series;
  return joined(
    series,
    wanted.map(({ from, to }) => sliceSeries(series, from, to)),
  );
}

function joined({ index, intervalMs }: BarSeries, parts: readonly BarSeries[]): BarSeries {
  const series = blankSeries(
    index,
    intervalMs,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    series.startMs.set(part.startMs, at);
    series.openPaise.set(part.openPaise, at);
    series.highPaise.set(part.highPaise, at);
    series.lowPaise.set(part.lowPaise, at);
    series.closePaise.set(part.closePaise, at);
    at += part.length;
  }
  return series;
}

export function blankSeries(index: IndexName, intervalMs: number, length: number): BarSeries {
  const column = () => new Float64Array(length);
  return {
    index,
    intervalMs,
    length,
    startMs: column(),
    openPaise: column(),
    highPaise: column(),
    lowPaise: column(),
    closePaise: column(),
  };
}

const copySeries = (series: BarSeries): BarSeries => ({
  ...series,
  startMs: series.startMs.slice(),
  openPaise: series.openPaise.slice(),
  highPaise: series.highPaise.slice(),
  lowPaise: series.lowPaise.slice(),
  closePaise: series.closePaise.slice(),
});
