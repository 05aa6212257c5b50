// The developer data's index days, by underlying: 3-minute bars for the rule, and the finest bars there are for what happened
// next. Days that belong to a recorded session are left out, so that no replay is judged by a rate that has seen it.
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { dateOfDayNumber, type EpochMs, type MarketDate } from "../../src/core/kernel/time.ts";
import { barsOf, dayRanges } from "../../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../src/core/market/bars.ts";
import type { Bar } from "../../src/core/market/market-event.ts";
import { readBars, readCommonBars, readDaily } from "../history-folder.ts";

export interface IndexDay {
  readonly date: MarketDate;
  readonly bars: readonly Bar[];
  /** 1-minute bars where there are any, else the 3-minute ones. */
  readonly path: readonly Bar[];
}

/** Days in order of date, short ones and special sessions among them, each from one source only: 1-minute bars before 3-minute ones. */
export function indexDaysOf(dataFolder: string, underlying: Underlying): IndexDay[] {
  const { bars, minutes } = readCommonBars(dataFolder, { index: underlying, hours: "ANY" });
  const paths = new Map(dayRanges(minutes).map(({ date, from, to }) => [date, { from, to }]));
  return dayRanges(bars).map(({ date, from, to }) => {
    const ofDay = barsOf(bars, from, to);
    const path = paths.get(date);
    return { date, bars: ofDay, path: path === undefined ? ofDay : barsOf(minutes, path.from, path.to) };
  });
}

/** India VIX in hundredths as it was known at an instant: the day's own 3-minute bars, else the close of an earlier day. */
export function vixLookup(dataFolder: string): (atMs: EpochMs, date: MarketDate) => number | null {
  const { series } = readBars(dataFolder, { index: "INDIAVIX", bar: "3m", hours: "ANY" });
  const intraday = new Map(dayRanges(series).map(({ date, from, to }) => [date, barsOf(series, from, to)]));
  const daily = readDaily(dataFolder, "INDIAVIX");
  const closes = Array.from(daily?.day ?? [], (day, at) => ({
    date: dateOfDayNumber(day),
    centi: Math.round((daily?.close[at] ?? 0) * 100),
  }));
  let next = 0;
  let asOf = "";
  return (atMs, date) => {
    const bar = intraday.get(date)?.findLast(({ startMs }) => startMs + BAR_INTERVAL_MS <= atMs);
    if (bar !== undefined) return bar.closePaise;
    if (date < asOf) next = 0;
    asOf = date;
    while ((closes[next]?.date ?? "9999") < date) next += 1;
    return closes[next - 1]?.centi ?? null;
  };
}
