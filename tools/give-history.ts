// npm run give-history -- --data <folder> [--from YYYY-MM-DD] [--before YYYY-MM-DD] [--api <address>] [--source <name>]
//
// Gives a data folder's history to a running API: 3-minute bars of the indices and of India VIX (1-minute bars are merged, also
// where a folder has no others) and the daily figures of other markets. It says how far it is. Days that the API has stay as they
// are: giving them again changes nothing, and a run that broke off is run again. The operator's key comes from OPERATOR_KEY,
// else from this machine's own secrets.
import path from "node:path";
import { parseArgs } from "node:util";
import type { DailySeries } from "../src/adapters/market-data/history/daily-history.ts";
import { UNDERLYINGS } from "../src/core/instrument/contract.ts";
import { dateOfDayNumber, isMarketDate, type MarketDate, MS_PER_DAY } from "../src/core/kernel/time.ts";
import { barsOf, dayRanges } from "../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../src/core/market/bars.ts";
import { type HistoryName, type PackedDay, packBars } from "../src/core/market/packed-bars.ts";
import { ApiClient } from "./api-client.ts";
import { projectRoot } from "./build.ts";
import { type DailyName, readCommonBars, readDaily } from "./history-folder.ts";
import { knownSecrets } from "./local-secrets.ts";

/** The days that come with the project, all before the demo's session. */
export const SHIPPED_HISTORY = path.join(projectRoot, "tools/history");

export interface HistoryOfIndex {
  readonly index: HistoryName;
  readonly intervalMs: number;
  readonly days: readonly PackedDay[];
}

export interface HistoryGiven {
  readonly index: HistoryName;
  readonly intervalMs: number;
  readonly days: number;
  readonly from: MarketDate;
  readonly to: MarketDate;
}

export interface GiveOptions {
  /** Only days from this one on, and only days before that one. */
  readonly from?: MarketDate;
  readonly before?: MarketDate;
  readonly source?: string;
  /** Told after every request: what of how many days of an index is there. */
  readonly onProgress?: (progress: HistoryProgress) => void;
}

export interface HistoryProgress {
  readonly index: HistoryName;
  readonly intervalMs: number;
  readonly given: number;
  readonly days: number;
  readonly to: MarketDate;
}

/** The API no longer answers, or has refused: what was given before stays. */
export class HistoryCutShort extends Error {
  override readonly name = "HistoryCutShort";
}

const SHIPPED_SOURCE = "shipped";
const BARRED = [...UNDERLYINGS, "INDIAVIX"] as const;
const DAILY = ["INDIAVIX", "CBOE_VIX", "GIFTNIFTY", "NIFTY50"] as const satisfies readonly (DailyName & HistoryName)[];
/** A hundred days of 3-minute bars are about 0.5 MB; the API takes 1 MB and a hundred days at once. */
const DAYS_PER_REQUEST = 100;
/** A daily figure is known when its day is over; its row is of that day. */
const DAILY_MINUTE = 0;

/** Everything in a data folder that the API keeps; what the folder does not have is left out. */
export function historyIn(
  folder: string,
  { from: first, before }: Pick<GiveOptions, "from" | "before"> = {},
): readonly HistoryOfIndex[] {
  const isWanted = ({ date }: PackedDay): boolean =>
    (before === undefined || date < before) && (first === undefined || date >= first);
  const barred = BARRED.map((index): HistoryOfIndex => {
    const { bars } = readCommonBars(folder, { index, hours: "ANY", ...(first === undefined ? {} : { from: first }) });
    const days = dayRanges(bars).map(({ date, from, to }) => ({ date, bars: packBars(barsOf(bars, from, to)) }));
    return { index, intervalMs: BAR_INTERVAL_MS, days: days.filter(isWanted) };
  });
  const daily = DAILY.map((index): HistoryOfIndex => {
    const series = readDaily(folder, index);
    return { index, intervalMs: MS_PER_DAY, days: series === null ? [] : dailyRows(series).filter(isWanted) };
  });
  return [...barred, ...daily].filter(({ days }) => days.length > 0);
}

/** Gives it; says what was given. */
export async function giveHistory(
  api: Pick<ApiClient, "request">,
  folder: string,
  { source = SHIPPED_SOURCE, onProgress, ...window }: GiveOptions = {},
): Promise<readonly HistoryGiven[]> {
  const given: HistoryGiven[] = [];
  for (const { index, intervalMs, days } of historyIn(folder, window)) {
    for (let at = 0; at < days.length; at += DAYS_PER_REQUEST) {
      const part = days.slice(at, at + DAYS_PER_REQUEST);
      try {
        await api.request("POST", "/v1/operations/history", { index, intervalMs, source, days: part });
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        throw new HistoryCutShort(
          `${index}, ${wordsOf(intervalMs)}: ${at} of ${days.length} days are given, then: ${said}. ` +
            `The same command goes on where this one stopped; days that are there stay as they are`,
        );
      }
      const last = part.at(-1);
      if (last !== undefined) {
        onProgress?.({ index, intervalMs, given: at + part.length, days: days.length, to: last.date });
      }
    }
    const [first, last] = [days[0], days.at(-1)];
    if (first !== undefined && last !== undefined) {
      given.push({ index, intervalMs, days: days.length, from: first.date, to: last.date });
    }
  }
  return given;
}

/** In hundredths, as the API keeps every figure. A source that has only closes has no range either. */
function dailyRows({ day, open, high, low, close }: DailySeries): PackedDay[] {
  return Array.from(day, (number, at) => {
    const last = close[at] as number;
    const cells = [open[at], high[at], low[at]] as [number, number, number];
    const [o, h, l] = cells.some(Number.isNaN) ? [last, last, last] : cells;
    const hundredths = (figure: number): readonly number[] => [Math.round(figure * 100)];
    return {
      date: dateOfDayNumber(number),
      bars: {
        minute: [DAILY_MINUTE],
        open: hundredths(o),
        high: hundredths(Math.max(h, o, last)),
        low: hundredths(Math.min(l, o, last)),
        close: hundredths(last),
      },
    };
  });
}

const wordsOf = (intervalMs: number): string =>
  intervalMs === MS_PER_DAY ? "daily figures" : `${intervalMs / 60_000}-minute bars`;

const USAGE =
  "npm run give-history -- --data <folder> [--from YYYY-MM-DD] [--before YYYY-MM-DD] [--api <address>] [--source <name>]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      from: { type: "string" },
      before: { type: "string" },
      api: { type: "string", default: "http://127.0.0.1:8788/" },
      source: { type: "string", default: "given" },
    },
  });
  const { data, from, before, api, source } = values;
  const isWindow = [from, before].every((date) => date === undefined || isMarketDate(date));
  if (data === undefined || !isWindow) return refuse(USAGE);
  const key = process.env["OPERATOR_KEY"] ?? knownSecrets()["OPERATOR_KEY"];
  if (key === undefined) return refuse("no operator key: set OPERATOR_KEY, or run npm start once on this machine");
  const client = new ApiClient(new URL(api), key);
  const given = await giveHistory(client, data, {
    source,
    ...(from === undefined ? {} : { from: from as MarketDate }),
    ...(before === undefined ? {} : { before: before as MarketDate }),
    onProgress: ({ index, intervalMs, given: done, days, to }) =>
      process.stderr.write(`${index}: ${wordsOf(intervalMs)}, ${done} of ${days} days, up to ${to}\n`),
  });
  if (given.length === 0) return refuse(`${data} has no history in index/ or daily/`);
  for (const { index, intervalMs, days, from: first, to } of given) {
    process.stdout.write(`${index}: ${wordsOf(intervalMs)} of ${days} days, ${first} to ${to}\n`);
  }
  return 0;
}

function refuse(sentence: string): number {
  process.stderr.write(`give-history: ${sentence}\n`);
  return 2;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`give-history: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
