// India VIX along the days: the last completed bar of today, never the day's first, whose opening print is wild; and the closes
// of the days before.
import { istMsOfDay, type MarketDate, MS_PER_MINUTE } from "../../kernel/time.ts";
import { type BarSeries, dayRanges, firstBarFrom } from "../../market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { PackedBars, PackedDay } from "../../market/packed-bars.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import type { DatedClose } from "../features/history-figures.ts";
import { sessionHours } from "./session-hours.ts";

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

/** By how many minutes the last 3-minute bar of a cycle begins after the cycle. */
const LAST_BAR_MINUTES = (CYCLE_MS - BAR_INTERVAL_MS) / MS_PER_MINUTE;

/**
 * Every day as 3-minute bars: its own where they were given, else what is known of each of its cycles, as the cycle's last bar,
 * since a figure of fifteen minutes is known when they are over. Of the first cycle nothing is taken: a day's opening print is
 * wild, and the first 3-minute bar is not looked at either.
 */
export function vixDays(fine: readonly PackedDay[], byCycle: readonly PackedDay[]): readonly PackedDay[] {
  const given = new Set(fine.map(({ date }) => date));
  const others = byCycle
    .filter(({ date }) => !given.has(date))
    .map(({ date, bars }) => ({ date, bars: lastBarsOf(date, bars) }));
  return [...fine, ...others].sort((one, other) => (one.date < other.date ? -1 : 1));
}

function lastBarsOf(date: MarketDate, { minute, open, high, low, close }: PackedBars): PackedBars {
  const hours = sessionHours(date);
  const openMinute = "reason" in hours ? 0 : istMsOfDay(hours.openMs) / MS_PER_MINUTE;
  const first = minute.findIndex((each) => each > openMinute);
  const rest = (column: readonly number[]): readonly number[] => (first < 0 ? [] : column.slice(first));
  return {
    minute: rest(minute).map((each) => each + LAST_BAR_MINUTES),
    open: rest(open),
    high: rest(high),
    low: rest(low),
    close: rest(close),
  };
}
