// The data folder on disk: finds the files of an index, unzips and reads them. Any folder in the format of the data's README
// will do, also one that has only some indices or intervals.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { HistoryFile, HistoryHours } from "../src/adapters/market-data/history/bar-rows.ts";
import { type DailySeries, readDailyHistory } from "../src/adapters/market-data/history/daily-history.ts";
import { type History, readHistory } from "../src/adapters/market-data/history/read-history.ts";
import type { HistoryRefusal, Repair } from "../src/adapters/market-data/history/repair.ts";
import { isMarketDate, istInstant, type MarketDate, MS_PER_DAY, MS_PER_MINUTE } from "../src/core/kernel/time.ts";
import {
  type BarSeries,
  dayRanges,
  firstBarFrom,
  joinDays,
  mergeSeries,
  selectDays,
  sliceSeries,
} from "../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../src/core/market/bars.ts";
import type { IndexName } from "../src/core/market/market-event.ts";

const root = path.resolve(import.meta.dirname, "..");
/** Where the developers' data lie beside the project. */
export const DATA_FOLDER = path.resolve(root, "..", "shared", "data");

export type BarName = "1m" | "3m" | "5m" | "15m";
export type DailyName = "INDIAVIX" | "CBOE_VIX" | "NIFTY50" | "BANKNIFTY" | "SENSEX" | "GIFTNIFTY";

export interface BarQuery {
  readonly index: IndexName;
  readonly bar: BarName;
  /** First and last date wanted; everything without them. */
  readonly from?: MarketDate;
  readonly to?: MarketDate;
  /**
   * EXCLUDED (unless said otherwise) leaves out dates that have a recorded session, so that nothing is ever fitted on one;
   * INCLUDED adds the bars that lie with those sessions.
   */
  readonly replayDays?: "EXCLUDED" | "INCLUDED";
  /** The special sessions too (evenings, Saturdays), and short days. */
  readonly specialSessions?: boolean;
  readonly hours?: HistoryHours;
}

/** A file of the data folder that cannot be used, or one that is not there. The message is for people. */
export class DataUnusable extends Error {
  override readonly name = "DataUnusable";
}

export const minutesOf = (bar: BarName): number => Number.parseInt(bar, 10);

/** The bars of one index and interval; an empty series when the folder has none. */
export function readBars(folder: string, query: BarQuery): History {
  const { index, bar, from, to, replayDays = "EXCLUDED", specialSessions = false } = query;
  const files = barFilesOf(folder, query).map(
    (file): HistoryFile => ({ file, bytes: bytesOf(path.join(folder, file)) }),
  );
  const hours = query.hours ?? (specialSessions ? "ANY" : "REGULAR");
  const read = readHistory(files, { index, intervalMs: minutesOf(bar) * MS_PER_MINUTE, hours });
  if (!read.ok) throw unusable(folder, read.error);
  const { series, repairs } = read.value;
  const window = sliceSeries(
    series,
    from === undefined ? 0 : firstBarFrom(series, istInstant(from, "00:00")),
    to === undefined ? series.length : firstBarFrom(series, istInstant(to, "00:00") + MS_PER_DAY),
  );
  return { series: replayDays === "INCLUDED" ? window : withoutDays(window, replayDatesOf(folder)), repairs };
}

export interface CommonBars {
  /** 3-minute bars: merged from 1-minute ones on days that have them. */
  readonly bars: BarSeries;
  /** The 1-minute bars themselves; what moves within a 3-minute bar is known on their days only. */
  readonly minutes: BarSeries;
  readonly repairs: readonly Repair[];
}

/** An index in the interval that everything is measured in, each day from one source only: 1-minute bars before 3-minute ones. */
export function readCommonBars(folder: string, query: Omit<BarQuery, "bar">): CommonBars {
  const minutes = readBars(folder, { ...query, bar: "1m" });
  const threes = readBars(folder, { ...query, bar: "3m" });
  const merged = mergeSeries(minutes.series, BAR_INTERVAL_MS);
  const fine = new Set(dayRanges(merged).map(({ date }) => date));
  const bars = joinDays(merged, withoutDays(threes.series, fine));
  return { bars, minutes: minutes.series, repairs: [...minutes.repairs, ...threes.repairs] };
}

/** By kind: how many times. Of whole files, which may hold more days than were asked for. */
export function repairsByKind(repairs: readonly Repair[]): Readonly<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const { code } of repairs) counted[code] = (counted[code] ?? 0) + 1;
  return counted;
}

/** Daily figures of an index; null when the folder has none. */
export function readDaily(folder: string, name: DailyName): DailySeries | null {
  const file = [".gz", ""]
    .map((ending) => path.join("daily", `${name}-1d.csv${ending}`))
    .find((each) => existsSync(path.join(folder, each)));
  if (file === undefined) return null;
  const read = readDailyHistory({ file, bytes: bytesOf(path.join(folder, file)) });
  if (!read.ok) throw unusable(folder, read.error);
  return read.value.series;
}

/** Dates that have a recorded session of their own. */
export const replayDatesOf = (folder: string): ReadonlySet<string> =>
  new Set(namesIn(path.join(folder, "replay")).filter((name) => isMarketDate(name)));

/** The files, relative to the folder; those of other years than the ones asked for are not opened. */
function barFilesOf(folder: string, { index, bar, from, to, replayDays, specialSessions }: BarQuery): string[] {
  const own = namesIn(path.join(folder, "index", bar))
    .filter((name) => name.startsWith(`${index}-${bar}`) && isCsv(name))
    .map((name) => path.join("index", bar, name));
  const special = specialSessions === true ? `${bar}-special-sessions` : null;
  const specials =
    special === null
      ? []
      : namesIn(path.join(folder, "index", special))
          .filter((name) => name.startsWith(`${index}-${bar}`) && isCsv(name))
          .map((name) => path.join("index", special, name));
  const replays =
    replayDays === "INCLUDED"
      ? [...replayDatesOf(folder)].sort().flatMap((date) =>
          namesIn(path.join(folder, "replay", date))
            .filter((name) => name === `${index}-${bar}.csv.gz` || name === `${index}-${bar}.csv`)
            .map((name) => path.join("replay", date, name)),
        )
      : [];
  const years = { from: from?.slice(0, 4) ?? "0000", to: to?.slice(0, 4) ?? "9999" };
  return [...own, ...specials, ...replays].filter((file) => {
    const year = /(?:-|\/)(\d{4})(?:-\d\d-\d\d\/|\.csv)/.exec(file)?.[1];
    return year === undefined || (years.from <= year && year <= years.to);
  });
}

const withoutDays = (series: BarSeries, dates: ReadonlySet<string>): BarSeries =>
  selectDays(series, (date) => !dates.has(date));

const isCsv = (name: string): boolean => name.endsWith(".csv.gz") || name.endsWith(".csv");
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** The bytes of a file, unzipped where its name says that it is zipped. */
export function bytesOf(location: string): Uint8Array {
  const bytes = readFileSync(location);
  if (!location.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new DataUnusable(`${location}: cannot be unzipped (${error instanceof Error ? error.message : error})`);
  }
}

const unusable = (folder: string, { file, line, detail, code }: HistoryRefusal): DataUnusable =>
  new DataUnusable(`${path.join(folder, file)}, line ${line}: ${detail} (${code})`);
