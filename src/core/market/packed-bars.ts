// A day's bars as they are kept and sent: columns of whole numbers, starts as minutes of the IST day. Packing and unpacking give
// back the same bars; what is not a day of bars in order of time, each low ≤ open, close ≤ high, is refused with the place.

import { UNDERLYINGS } from "../instrument/contract.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { istInstant, istMsOfDay, type MarketDate, MS_PER_MINUTE } from "../kernel/time.ts";
import { type BarSeries, blankSeries } from "./bar-series.ts";
import type { Bar, IndexName } from "./market-event.ts";

/** What has a history: the indices, and the figures of other markets that are known once a day. */
export const HISTORY_NAMES = [...UNDERLYINGS, "INDIAVIX", "CBOE_VIX", "GIFTNIFTY"] as const;
export type HistoryName = (typeof HISTORY_NAMES)[number];

/** One array per column, by bar. Prices in paise (India VIX: hundredths). */
export interface PackedBars {
  /** Minutes after midnight IST at which each bar begins. */
  readonly minute: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

export interface BarsMalformed {
  readonly code: "BARS_MALFORMED";
  /** Place of the first bar that is wrong. */
  readonly at: number;
  readonly detail: string;
}

const MINUTES_PER_DAY = 1_440;

export const packBars = (bars: readonly Bar[]): PackedBars => ({
  minute: bars.map(({ startMs }) => istMsOfDay(startMs) / MS_PER_MINUTE),
  open: bars.map(({ openPaise }) => openPaise),
  high: bars.map(({ highPaise }) => highPaise),
  low: bars.map(({ lowPaise }) => lowPaise),
  close: bars.map(({ closePaise }) => closePaise),
});

/** Says what is wrong first; null when nothing is. */
export function flawOf(bars: PackedBars, intervalMs: number): BarsMalformed | null {
  const { minute, open, high, low, close } = bars;
  const flaw = (at: number, detail: string): BarsMalformed => ({ code: "BARS_MALFORMED", at, detail });
  const lengths = [open, high, low, close].map(({ length }) => length);
  if (lengths.some((length) => length !== minute.length)) return flaw(0, "the columns are not equally long");
  for (let at = 0; at < minute.length; at += 1) {
    const [m, o, h, l, c] = [minute[at], open[at], high[at], low[at], close[at]] as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (![m, o, h, l, c].every(Number.isSafeInteger)) return flaw(at, "minutes and prices are whole numbers");
    if (m < 0 || m >= MINUTES_PER_DAY) return flaw(at, `minute ${m} is not in a day`);
    if (at > 0 && (m - (minute[at - 1] as number)) * MS_PER_MINUTE < intervalMs)
      return flaw(at, `minute ${m} follows ${minute[at - 1]}: bars are in order and do not overlap`);
    if (l <= 0) return flaw(at, `a price of ${l}`);
    if (l > Math.min(o, c) || h < Math.max(o, c)) return flaw(at, `open ${o} and close ${c} lie outside ${l} to ${h}`);
  }
  return null;
}

export interface PackedDay {
  readonly date: MarketDate;
  readonly bars: PackedBars;
}

/** Days in order of date as one series. */
export function seriesOfDays(
  index: IndexName,
  intervalMs: number,
  days: readonly PackedDay[],
): Result<BarSeries, BarsMalformed & { readonly date: MarketDate }> {
  const series = blankSeries(
    index,
    intervalMs,
    days.reduce((sum, { bars }) => sum + bars.minute.length, 0),
  );
  let at = 0;
  for (const { date, bars } of days) {
    const flaw = flawOf(bars, intervalMs);
    if (flaw !== null) return err({ ...flaw, date });
    const midnightMs = istInstant(date, "00:00");
    for (const [bar, minute] of bars.minute.entries()) {
      series.startMs[at] = midnightMs + minute * MS_PER_MINUTE;
      series.openPaise[at] = bars.open[bar] as number;
      series.highPaise[at] = bars.high[bar] as number;
      series.lowPaise[at] = bars.low[bar] as number;
      series.closePaise[at] = bars.close[bar] as number;
      at += 1;
    }
  }
  return ok(series);
}
