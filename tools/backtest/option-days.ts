// The market of every day of a range, day by day: a recorded chain where the data folder has one, premiums modelled from the index
// and India VIX elsewhere. What stands on a day's board comes from that day and from closes of days before it.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Repair } from "../../src/adapters/market-data/history/repair.ts";
import type { ModelChain } from "../../src/adapters/market-data/recorded/modelled-chain.ts";
import {
  type RecordedTapes,
  readRecordedSession,
} from "../../src/adapters/market-data/recorded/read-recorded-session.ts";
import type { SessionFolder } from "../../src/adapters/market-data/recorded/session-folder.ts";
import type { DayHistory } from "../../src/core/backtest/day-history.ts";
import { type MarketSource, TapeSource } from "../../src/core/backtest/market-source.ts";
import {
  type DayHours,
  knownOf,
  modelledDay,
  NO_VIX,
  ordinaryHours,
  sourcesBy,
  type VixClose,
  vixStanding,
} from "../../src/core/backtest/modelled-day.ts";
import type { DayMarket } from "../../src/core/backtest/run-day.ts";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../../src/core/instrument/contract-tables.ts";
import {
  dateOfDayNumber,
  dayNumberOf,
  epochMs,
  formatIstTime,
  istDateOf,
  type MarketDate,
} from "../../src/core/kernel/time.ts";
import { type BarSeries, type DayRange, dayRanges, sliceSeries } from "../../src/core/market/bar-series.ts";
import { fittedSmile, type Smile } from "../../src/core/market/fitted-smile.ts";
import type { IndexName } from "../../src/core/market/market-event.ts";
import { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";
import { folderHistories } from "../dataset-sources.ts";
import { DataUnusable, readCommonBars, readDaily, repairsByKind, replayDatesOf } from "../history-folder.ts";
import { openRecordedSession } from "../session-folder.ts";
import { modelChainBy } from "./smiles.ts";

/** A day's market, or why there is none. */
export type OptionDay =
  | { readonly date: MarketDate; readonly market: DayMarket }
  | { readonly date: MarketDate; readonly leftOut: string };

export interface OptionDaysQuery {
  readonly folder: string;
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
  /** Recorded sessions that are for demonstration only are left out unless they are asked for. */
  readonly withReplayDays: boolean;
  /** Whether somebody looks at days before the day that is played. */
  readonly withHistory: boolean;
  /** How strikes are priced where nobody has recorded them; as fitted unless said otherwise. */
  readonly smile?: Smile;
  /** Of an edge run: what India VIX × 100 stands at all day; recorded chains know nothing of it and are not played then. */
  readonly edgeVixCenti?: number | undefined;
}

interface IndexDays {
  readonly common: BarSeries;
  readonly minutes: BarSeries;
  readonly repairs: readonly Repair[];
  readonly commonDays: ReadonlyMap<string, DayRange>;
  readonly minuteDays: ReadonlyMap<string, DayRange>;
}

export class OptionDays {
  readonly #query: OptionDaysQuery;
  /** Of indices that a recording has no chain of. */
  readonly #modelChain: ModelChain;
  readonly #indices: ReadonlyMap<Underlying, IndexDays>;
  readonly #vix: IndexDays;
  readonly #vixDaily: ReturnType<typeof readDaily>;
  readonly #replayDates: ReadonlySet<string>;
  readonly #historyOf: ((date: MarketDate) => DayHistory) | null;
  readonly dates: readonly MarketDate[];
  /** What the reader did about bars that could not be taken as they are, by kind. */
  readonly repairs: Readonly<Record<string, number>>;

  constructor(query: OptionDaysQuery) {
    const { folder, underlyings, from, to } = query;
    if (!existsSync(folder)) throw new DataUnusable(`the data folder ${folder} does not exist`);
    this.#query = query;
    this.#modelChain = modelChainBy(query.smile ?? fittedSmile);
    this.#indices = new Map(underlyings.map((underlying) => [underlying, daysOf(folder, underlying, from, to)]));
    this.#vix = daysOf(folder, "INDIAVIX", from, to);
    const read = [...this.#indices.values(), this.#vix];
    this.repairs = repairsByKind(read.flatMap(({ repairs }) => repairs));
    this.#vixDaily = readDaily(folder, "INDIAVIX");
    this.#replayDates = replayDatesOf(folder);
    this.#historyOf = query.withHistory ? folderHistories(folder, query) : null;
    const dates = new Set([...this.#indices.values()].flatMap(({ commonDays }) => [...commonDays.keys()]));
    if (query.withReplayDays) {
      for (const date of this.#replayDates) if (date >= from && date <= to) dates.add(date);
    }
    this.dates = [...dates].sort() as MarketDate[];
    if (this.dates.length === 0) {
      throw new DataUnusable(`${folder} has no 3m nor 1m bars of ${underlyings.join(", ")} from ${from} to ${to}`);
    }
  }

  async day(date: MarketDate): Promise<OptionDay> {
    const day = await this.#day(date);
    if ("leftOut" in day || this.#historyOf === null) return day;
    return { ...day, market: { ...day.market, history: knownOf(this.#historyOf(date), this.#query.edgeVixCenti) } };
  }

  async #day(date: MarketDate): Promise<OptionDay> {
    const isEdge = this.#query.edgeVixCenti !== undefined;
    if (!isEdge && this.#query.withReplayDays && this.#replayDates.has(date)) {
      const folder = path.join(this.#query.folder, "replay", date);
      return { date, market: this.#marketOf(await openRecordedSession(folder, this.#modelChain)) };
    }
    const hours = ordinaryHours(date);
    if (!hours.ok) return { date, leftOut: hours.error };
    if (!isEdge && this.#vixBefore(date) === null && !this.#vix.commonDays.has(date)) {
      return { date, leftOut: NO_VIX };
    }
    const chains = this.#chainFilesOf(date);
    if (!isEdge && chains.length > 0) {
      const read = await readRecordedSession(this.#folderOf(date, chains), { modelChain: this.#modelChain });
      if (!read.ok) return { date, leftOut: `its recorded chain is unusable: ${read.error.detail}` };
      return { date, market: this.#marketOf(read.value) };
    }
    return { date, market: this.#modelled(date, hours.value) };
  }

  #modelled(date: MarketDate, hours: DayHours): DayMarket {
    const bars = new Map<Underlying, BarSeries>();
    for (const [underlying, index] of this.#indices) {
      const own = barsOn(index, date);
      if (own !== null) bars.set(underlying, own);
    }
    const vixBars = barsOn(this.#vix, date);
    const { smile, edgeVixCenti } = this.#query;
    const day = { date, ...hours, bars, vixBars, previousVixCenti: this.#vixBefore(date), edgeVixCenti };
    return modelledDay({ ...day, ...(smile === undefined ? {} : { smile }) });
  }

  #marketOf({ session, tapes }: RecordedTapes): DayMarket {
    const wanted = new Set(this.#query.underlyings);
    const sourceOf = (underlying: Underlying): MarketSource =>
      new TapeSource(new QuoteBoard(underlying, session.date), wanted.has(underlying) ? tapes[underlying] : []);
    const underlyings = session.underlyings.filter(({ underlying }) => wanted.has(underlying));
    return { session: { ...session, underlyings }, sources: sourcesBy(sourceOf) };
  }

  /** What closes of days before say of a date, ×100. */
  #vixBefore(date: MarketDate): number | null {
    const [bars, daily] = [this.#barCloseBefore(date), this.#dailyCloseBefore(date)];
    // The later one, and of one date the finer one.
    return vixStanding(bars === null || (daily !== null && daily.date > bars.date) ? daily : bars, date);
  }

  #barCloseBefore(date: MarketDate): VixClose | null {
    const { common, commonDays } = this.#vix;
    let before: DayRange | null = null;
    for (const range of commonDays.values()) if (range.date < date) before = range;
    return before === null ? null : { date: before.date, centi: common.closePaise[before.to - 1] as number };
  }

  #dailyCloseBefore(date: MarketDate): VixClose | null {
    const daily = this.#vixDaily;
    if (daily === null) return null;
    let at = lastBefore(daily.day, dayNumberOf(date));
    while (at >= 0 && Number.isNaN(daily.close[at] as number)) at -= 1;
    if (at < 0) return null;
    return { date: dateOfDayNumber(daily.day[at] as number), centi: Math.round((daily.close[at] as number) * 100) };
  }

  #chainFilesOf(date: MarketDate): readonly { readonly name: string; readonly location: string }[] {
    const folder = path.join(this.#query.folder, "options", "kite-chain-5m");
    return this.#query.underlyings.flatMap((underlying) => {
      const symbol = OPTION_SYMBOL_OF[underlying];
      const location = path.join(folder, `${symbol}-chain-${date}.csv.gz`);
      return existsSync(location) ? [{ name: `${symbol}-chain.csv`, location }] : [];
    });
  }

  /** Index bars and chains of one date as a recorded session's folder. */
  #folderOf(date: MarketDate, chains: readonly { readonly name: string; readonly location: string }[]): SessionFolder {
    const texts = new Map<string, () => string>();
    for (const [underlying, index] of this.#indices) {
      const bars = barsOn({ ...index, minuteDays: new Map() }, date);
      if (bars !== null) texts.set(`${underlying}-3m.csv`, () => csvOf(bars));
    }
    const vix = barsOn({ ...this.#vix, minuteDays: new Map() }, date);
    if (vix !== null) texts.set("INDIAVIX-3m.csv", () => csvOf(vix));
    for (const { name, location } of chains) {
      texts.set(name, () => gunzipSync(readFileSync(location)).toString("utf8"));
    }
    const previous = this.#vixBefore(date);
    const close = previous === null ? {} : { INDIAVIX: { close_of_last_bar: previous / 100 } };
    texts.set("meta.json", () =>
      JSON.stringify({ date, what: "Recorded chains of the data folder.", prev_close: close }),
    );
    return { files: [...texts.keys()].sort(), readText: async (file) => texts.get(file)?.() ?? null };
  }
}

function daysOf(folder: string, index: IndexName, from: MarketDate, to: MarketDate): IndexDays {
  const { bars, minutes, repairs } = readCommonBars(folder, { index, from, to });
  return {
    repairs,
    common: bars,
    minutes,
    commonDays: new Map(dayRanges(bars).map((range) => [range.date, range])),
    minuteDays: new Map(dayRanges(minutes).map((range) => [range.date, range])),
  };
}

/** The finest bars of a date. */
function barsOn({ common, minutes, commonDays, minuteDays }: IndexDays, date: MarketDate): BarSeries | null {
  const fine = minuteDays.get(date);
  if (fine !== undefined) return sliceSeries(minutes, fine.from, fine.to);
  const range = commonDays.get(date);
  return range === undefined ? null : sliceSeries(common, range.from, range.to);
}

function lastBefore(days: Int32Array, day: number): number {
  let at = -1;
  while (at + 1 < days.length && (days[at + 1] as number) < day) at += 1;
  return at;
}

function csvOf(bars: BarSeries): string {
  const lines = ["timestamp,open,high,low,close,volume,open_interest"];
  const text = (price: number): string => (price / 100).toFixed(2);
  for (let at = 0; at < bars.length; at += 1) {
    const start = epochMs(bars.startMs[at] as number);
    const prices = [bars.openPaise, bars.highPaise, bars.lowPaise, bars.closePaise];
    const cells = prices.map((column) => text(column[at] as number));
    lines.push(`${istDateOf(start)}T${formatIstTime(start)}+05:30,${cells.join()},,`);
  }
  return `${lines.join("\n")}\n`;
}
