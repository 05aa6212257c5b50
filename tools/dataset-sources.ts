// What a data folder has for a dataset: bars of the three indices and of India VIX, daily figures of the world outside, and the
// option chains of recorded days. Whatever is not there is left out.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { DailySeries } from "../src/adapters/market-data/history/daily-history.ts";
import type { Repair } from "../src/adapters/market-data/history/repair.ts";
import { type DayHistory, dayHistories } from "../src/core/backtest/day-history.ts";
import { UNDERLYINGS } from "../src/core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../src/core/instrument/contract-tables.ts";
import { addDays, dateOfDayNumber, type MarketDate } from "../src/core/kernel/time.ts";
import type { DatasetSources } from "../src/core/prediction/builder/build-dataset.ts";
import { type ChainFigures, type CountedQuote, chainFigures } from "../src/core/prediction/features/chain-figures.ts";
import { type DatedClose, HISTORY_DAYS } from "../src/core/prediction/features/history-figures.ts";
import { type BarQuery, bytesOf, DataUnusable, readCommonBars, readDaily, replayDatesOf } from "./history-folder.ts";

export interface FolderSources {
  readonly sources: DatasetSources;
  readonly repairs: readonly Repair[];
  /** Sentences about what the folder lacks. */
  readonly lacks: readonly string[];
}

const PAISE = 100;
/** Chains whose volume and open interest are in units; others count contracts, and a feature has one unit only. */
const CHAIN_FOLDERS = ["kite-chain-5m"];

export function readDatasetSources(
  folder: string,
  query: Pick<BarQuery, "from" | "to" | "replayDays"> = {},
): FolderSources {
  const { own, vix, outside } = readBarSources(folder, query);
  const vixDaily = outside.indiaVixCenti;
  const chains = chainsOf(folder, query.replayDays === "INCLUDED" ? new Set() : replayDatesOf(folder));
  const lacks = [
    ...UNDERLYINGS.filter((_, at) => own[at]?.bars.length === 0).map((name) => `no bars of ${name}`),
    ...(vix.bars.length === 0 ? ["no bars of India VIX: its previous close stands in"] : []),
    ...(vixDaily.length === 0 ? ["no daily India VIX"] : []),
    ...(vixDaily.length === 0 && vix.bars.length === 0 ? ["no India VIX at all: no outcome can be known"] : []),
    ...(outside.spVix.length === 0 ? ["no CBOE VIX"] : []),
    ...(outside.giftPaise.length === 0 ? ["no GIFT NIFTY"] : []),
    ...(chains.size === 0 ? ["no option chains"] : []),
  ];
  return {
    sources: { bars: own.map(({ bars }) => bars), vixBars: vix.bars, outside, chains },
    repairs: [...own, vix].flatMap(({ repairs }) => repairs),
    lacks,
  };
}

/** Bars and closes, of which days are made and what they know of days before them. */
export function readBarSources(folder: string, query: Pick<BarQuery, "from" | "to" | "replayDays"> = {}) {
  if (!existsSync(folder)) throw new DataUnusable(`${folder} is not there`);
  // No day is left out for how it went on: a row may not know that its day was cut short.
  const read = (index: BarQuery["index"]) => readCommonBars(folder, { ...query, index, hours: "ANY" });
  const own = UNDERLYINGS.map((underlying) => read(underlying));
  const vix = read("INDIAVIX");
  const outside = {
    indiaVixCenti: closes(readDaily(folder, "INDIAVIX"), PAISE),
    spVix: closes(readDaily(folder, "CBOE_VIX"), 1),
    giftPaise: closes(readDaily(folder, "GIFTNIFTY"), PAISE),
    niftyPaise: closes(readDaily(folder, "NIFTY50"), PAISE),
  };
  return { own, vix, outside };
}

/** What each day knows of the days before it. */
export function folderHistories(
  folder: string,
  { from, to }: { readonly from: MarketDate; readonly to: MarketDate },
): (date: MarketDate) => DayHistory {
  const { own, vix, outside } = readBarSources(folder, { from: addDays(from, -HISTORY_DAYS), to });
  return dayHistories({ bars: own.map(({ bars }) => bars), vixBars: vix.bars, outside });
}

function closes(series: DailySeries | null, unit: number): DatedClose[] {
  if (series === null) return [];
  return Array.from(series.day, (day, at) => ({
    date: dateOfDayNumber(day),
    close: unit === 1 ? (series.close[at] as number) : Math.round((series.close[at] as number) * unit),
  }));
}

function chainsOf(folder: string, without: ReadonlySet<string>): ReadonlyMap<string, readonly ChainFigures[]> {
  const chains = new Map<string, readonly ChainFigures[]>();
  for (const kind of CHAIN_FOLDERS) {
    const location = path.join(folder, "options", kind);
    for (const name of existsSync(location) ? readdirSync(location).sort() : []) {
      const match = /^([A-Z]+)-chain-(\d{4}-\d\d-\d\d)\.csv\.gz$/.exec(name);
      const underlying = UNDERLYINGS.find((each) => OPTION_SYMBOL_OF[each] === match?.[1]);
      const date = match?.[2] as MarketDate | undefined;
      if (underlying === undefined || date === undefined || without.has(date)) continue;
      chains.set(`${underlying}/${date}`, readingsOf(path.join(location, name), date));
    }
  }
  return chains;
}

const COLUMNS = ["timestamp", "expiry", "option_type", "volume", "open_interest"] as const;

function readingsOf(file: string, date: MarketDate): ChainFigures[] {
  const [header = "", ...lines] = new TextDecoder().decode(bytesOf(file)).trimEnd().split("\n");
  const names = header.split(",");
  const at = COLUMNS.map((column) => names.indexOf(column));
  const missing = COLUMNS.filter((_, index) => at[index] === -1);
  if (missing.length > 0) throw new DataUnusable(`${file}, line 1: the header lacks ${missing.join(", ")}`);
  const moments = new Map<string, CountedQuote[]>();
  for (const line of lines) {
    const cells = line.split(",");
    const [timestamp = "", expiry = "", optionType, volume = "", interest = ""] = at.map((index) => cells[index]);
    const quotes = moments.get(timestamp) ?? [];
    if (quotes.length === 0) moments.set(timestamp, quotes);
    quotes.push({
      expiry: expiry as MarketDate,
      optionType: optionType === "CE" ? "CALL" : "PUT",
      volumeUnits: volume === "" ? null : Number(volume),
      openInterestUnits: interest === "" ? null : Number(interest),
    });
  }
  return [...moments]
    .flatMap(([timestamp, quotes]) => chainFigures(quotes, date, Date.parse(timestamp)) ?? [])
    .sort((one, other) => one.atMs - other.atMs);
}
