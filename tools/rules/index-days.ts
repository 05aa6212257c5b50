// The developer data's index days, by underlying: 3-minute bars for the rule, and the finest bars there are for what happened
// next. Days that belong to a recorded session are left out, so that no replay is judged by a rate that has seen it.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, isMarketDate, type MarketDate } from "../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS, mergeBars } from "../../src/core/market/bars.ts";
import type { Bar } from "../../src/core/market/market-event.ts";
import { readGzipCsv } from "./gzip-csv.ts";

export interface IndexDay {
  readonly date: MarketDate;
  readonly bars: readonly Bar[];
  /** 1-minute bars where there are any, else the 3-minute ones. */
  readonly path: readonly Bar[];
}

const COLUMNS = ["timestamp", "open", "high", "low", "close"];

/** Days in order of date, each from one source only: 1-minute bars before 3-minute ones. */
export function indexDaysOf(dataFolder: string, underlying: Underlying): IndexDay[] {
  const excluded = replayDatesOf(dataFolder);
  const days = new Map<MarketDate, IndexDay>();
  for (const [interval, merge] of [
    ["1m", true],
    ["3m", false],
  ] as const) {
    for (const [date, bars] of barsByDate(path.join(dataFolder, "index", interval), underlying)) {
      if (excluded.has(date) || days.has(date)) continue;
      days.set(date, { date, bars: merge ? mergeBars(bars, BAR_INTERVAL_MS) : bars, path: bars });
    }
  }
  return [...days.values()].sort((left, right) => (left.date < right.date ? -1 : 1));
}

/** India VIX in hundredths as it was known at an instant: the day's own 3-minute bars, else the close of an earlier day. */
export function vixLookup(dataFolder: string): (atMs: EpochMs, date: MarketDate) => number | null {
  const intraday = barsByDate(path.join(dataFolder, "index", "3m"), "INDIAVIX");
  const closes = readGzipCsv(path.join(dataFolder, "daily", "INDIAVIX-1d.csv.gz"), ["date", "close"])
    .map(([date = "", close]) => ({ date: date.slice(0, 10), centi: Math.round(Number(close) * 100) }))
    .filter(({ centi }) => centi > 0);
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

/** Dates that have a recorded session of their own. */
export function replayDatesOf(dataFolder: string): ReadonlySet<string> {
  const folder = path.join(dataFolder, "replay");
  return new Set(existsSync(folder) ? readdirSync(folder).filter((name) => isMarketDate(name)) : []);
}

function barsByDate(folder: string, index: string): Map<MarketDate, Bar[]> {
  const days = new Map<MarketDate, Bar[]>();
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith(`${index}-`)) : [];
  for (const file of files.sort()) {
    for (const [timestamp = "", open, high, low, close] of readGzipCsv(path.join(folder, file), COLUMNS)) {
      const date = timestamp.slice(0, 10) as MarketDate;
      const bars = days.get(date) ?? [];
      if (bars.length === 0) days.set(date, bars);
      bars.push({
        startMs: epochMs(Date.parse(timestamp)),
        openPaise: paiseOf(open),
        highPaise: paiseOf(high),
        lowPaise: paiseOf(low),
        closePaise: paiseOf(close),
      });
    }
  }
  return days;
}

const paiseOf = (text: string | undefined) => paise(Math.round(Number(text) * 100));
