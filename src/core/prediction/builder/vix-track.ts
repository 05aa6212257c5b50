// India VIX along the days: the last completed bar of today, never the day's first, whose opening print is wild; and the closes
// of the days before.
import { type MarketDate, MS_PER_MINUTE } from "../../kernel/time.ts";
import { type BarSeries, dayRanges, firstBarFrom } from "../../market/bar-series.ts";
import type { DatedClose } from "../features/history-figures.ts";

/** A VIX older than this is not today's any more. */
const SILENCE_MAX_MS = 15 * MS_PER_MINUTE;

/** India VIX × 100 of today as known at an instant of a session that began at `openMs`; null without a fresh bar. */
export function vixAt(series: BarSeries | null, openMs: number, atMs: number): number | null {
  if (series === null) return null;
  const { startMs, closePaise, intervalMs } = series;
  const at = firstBarFrom(series, atMs - intervalMs + 1) - 1;
  const start = startMs[at];
  if (start === undefined || start < openMs + intervalMs || start + intervalMs < atMs - SILENCE_MAX_MS) return null;
  return closePaise[at] as number;
}

/** The last price of every day, in order of date. */
export const closesOf = (series: BarSeries): DatedClose[] =>
  dayRanges(series).map(({ date, to }) => ({ date, close: series.closePaise[to - 1] as number }));

/** Both lists as one, in order of date; where both have a date the first one's close counts. */
export function mergedCloses(first: readonly DatedClose[], second: readonly DatedClose[]): DatedClose[] {
  const byDate = new Map<MarketDate, DatedClose>();
  for (const close of second) byDate.set(close.date, close);
  for (const close of first) byDate.set(close.date, close);
  return [...byDate.values()].sort((one, other) => (one.date < other.date ? -1 : 1));
}
