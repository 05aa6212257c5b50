// Bar files made for tests: sound days as text, and ways to damage them.
import type { HistoryFile, HistoryHours } from "../../../src/adapters/market-data/history/bar-rows.ts";
import { type History, readHistory } from "../../../src/adapters/market-data/history/read-history.ts";
import { addDays, istInstant, marketDate } from "../../../src/core/kernel/time.ts";

export const BAR_MS = 180_000;
export const HEADER = "timestamp,open,high,low,close,volume,open_interest";
const FIRST = marketDate("2019-12-30");
const BARS_A_DAY = 125;

export const ist = (atMs: number): string => `${new Date(atMs + 19_800_000).toISOString().slice(0, 19)}+05:30`;

/** One sound row for every bar of some sessions; every price its own, so that no row can pass for another. */
export function soundRows(days: number): string[] {
  return Array.from({ length: days * BARS_A_DAY }, (_, n) => {
    const day = addDays(FIRST, Math.floor(n / BARS_A_DAY));
    const startMs = istInstant(day, "09:15") + (n % BARS_A_DAY) * BAR_MS;
    const open = 1_200_000 + n * 7;
    const text = (paise: number): string => (paise / 100).toFixed(2);
    return `${ist(startMs)},${text(open)},${text(open + 300)},${text(open - 205)},${text(open + (n % 11) - 5)},,`;
  });
}

export const fileOf = (rows: readonly string[], file = "NIFTY50-3m-2019.csv"): HistoryFile => ({
  file,
  bytes: new TextEncoder().encode(`${[HEADER, ...rows].join("\n")}\n`),
});

const options = (hours: HistoryHours) => ({ index: "NIFTY50", intervalMs: BAR_MS, hours }) as const;

export function historyOf(files: readonly HistoryFile[], hours: HistoryHours = "REGULAR"): History {
  const read = readHistory(files, options(hours));
  if (!read.ok) throw new Error(`${read.error.file}:${read.error.line} ${read.error.code} ${read.error.detail}`);
  return read.value;
}

export function refusalOf(files: readonly HistoryFile[]) {
  const read = readHistory(files, options("REGULAR"));
  if (read.ok) throw new Error("was not refused");
  return read.error;
}

/** The bars back as rows, to be compared with what was written. */
export const rowsOf = ({ series }: History): string[] =>
  Array.from({ length: series.length }, (_, at) => {
    const text = (column: Float64Array): string => ((column[at] ?? 0) / 100).toFixed(2);
    const { startMs, openPaise, highPaise, lowPaise, closePaise } = series;
    return `${ist(startMs[at] ?? 0)},${text(openPaise)},${text(highPaise)},${text(lowPaise)},${text(closePaise)},,`;
  });
