// From the history of the indices to the table that models learn from. Every row comes out of the same stream that a live
// caller uses; labels are added from the bars that follow. What the history lacks is NaN, 255 or no row, and told in the report.
//
//   days     regular and full-length special sessions of the calendar; in years without a holiday list, weekdays that have bars
//   rows     cycles 1 to 24 of a day; from the second on only where the index was not silent for more than two bars
//   freeze   bars from where the index stands still are not looked at; the day's last one only as its close
import { UNDERLYINGS, type Underlying } from "../../instrument/contract.ts";
import { epochMs, type MarketDate } from "../../kernel/time.ts";
import { type BarSeries, barAt, type DayRange, dayRanges, mergeSeries } from "../../market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import type { Dataset } from "../dataset.ts";
import type { ChainFigures } from "../features/chain-figures.ts";
import { DayFeatures } from "../features/day-features.ts";
import { type DaySummary, historyFigures, type OutsideCloses } from "../features/history-figures.ts";
import { directionLabel } from "../labels/direction-label.ts";
import { ironFlyTrade } from "../labels/iron-fly-outcome.ts";
import type { DayPath, LabelMoment } from "../labels/label-moment.ts";
import { longOptionTrade } from "../labels/long-option-outcome.ts";
import { CALM_HORIZON_MS } from "../rule-calm.ts";
import { HORIZON_MS } from "../rule-event.ts";
import { BlankDataset } from "./blank-dataset.ts";
import { type SessionHours, sessionHours } from "./session-hours.ts";
import { closesOf, mergedCloses, vixAt } from "./vix-track.ts";

export interface DatasetSources {
  /** Bars of 1 or 3 minutes; underlyings may be missing, and each has one series at most. */
  readonly bars: readonly BarSeries[];
  /** India VIX × 100 in bars; null or empty where there are none. */
  readonly vixBars: BarSeries | null;
  readonly outside: Partial<OutsideCloses>;
  /** Readings of the option chain by `${underlying}/${date}`. */
  readonly chains?: ReadonlyMap<string, readonly ChainFigures[]>;
  /** What users thought of a cycle before it began, −1 to 1, by `${underlying}/${date}` and then by cycle. */
  readonly community?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Outcomes take most of the time; without them they are unknown. */
  readonly outcomes?: boolean;
}

export interface UnderlyingReport {
  readonly underlying: Underlying;
  readonly days: number;
  readonly firstDate: MarketDate | null;
  readonly lastDate: MarketDate | null;
  readonly rows: number;
  /** Cycles that gave no row because the index had been silent. */
  readonly silentCycles: number;
  readonly skippedDays: readonly { readonly date: MarketDate; readonly reason: string }[];
  /** Days on which India VIX was known as it moved. */
  readonly daysWithVixBars: number;
}

export interface BuiltDataset {
  readonly dataset: Dataset;
  readonly report: readonly UnderlyingReport[];
}

export function buildDataset(sources: DatasetSources): BuiltDataset {
  const series = UNDERLYINGS.flatMap((underlying): readonly (readonly [Underlying, BarSeries])[] => {
    const own = sources.bars.find(({ index, length }) => index === underlying && length > 0);
    return own === undefined ? [] : [[underlying, mergeSeries(own, BAR_INTERVAL_MS)]];
  });
  const outside = outsideCloses(sources);
  const days = series.map(([, bars]) => dayRanges(bars));
  const rows = new BlankDataset(days.flat().length * 25);
  const report = series.map(([underlying, bars], at) =>
    addUnderlying(rows, { ...sources, outside }, { underlying, bars, days: days[at] ?? [] }),
  );
  return { dataset: rows.finished(), report };
}

/** The closes that days know of: those that the daily figures lack are closed by their bars. For a live caller as for the dataset. */
export function outsideCloses({
  bars,
  outside,
  vixBars,
}: Pick<DatasetSources, "bars" | "outside" | "vixBars">): Partial<OutsideCloses> {
  const nifty = bars.find(({ index, length }) => index === "NIFTY50" && length > 0);
  return {
    ...outside,
    indiaVixCenti: mergedCloses(outside.indiaVixCenti ?? [], vixBars === null ? [] : closesOf(vixBars)),
    niftyPaise: mergedCloses(outside.niftyPaise ?? [], nifty === undefined ? [] : closesOf(nifty)),
  };
}

interface UnderlyingDays {
  readonly underlying: Underlying;
  readonly bars: BarSeries;
  readonly days: readonly DayRange[];
}

function addUnderlying(rows: BlankDataset, sources: DatasetSources, own: UnderlyingDays): UnderlyingReport {
  const summaries: DaySummary[] = [];
  const used: MarketDate[] = [];
  const skippedDays: { date: MarketDate; reason: string }[] = [];
  const before = rows.rows;
  let [silentCycles, daysWithVixBars] = [0, 0];
  for (const range of own.days) {
    const hours = sessionHours(range.date);
    if ("reason" in hours) {
      skippedDays.push({ date: range.date, reason: hours.reason });
      continue;
    }
    const added = addDay(rows, sources, { ...own, range, hours, summaries });
    if (added.summary !== null) summaries.push(added.summary);
    used.push(range.date);
    silentCycles += added.silentCycles;
    daysWithVixBars += Number(added.hasVix);
  }
  return {
    underlying: own.underlying,
    days: used.length,
    firstDate: used[0] ?? null,
    lastDate: used.at(-1) ?? null,
    rows: rows.rows - before,
    silentCycles,
    skippedDays,
    daysWithVixBars,
  };
}

interface DayToAdd extends UnderlyingDays {
  readonly range: DayRange;
  readonly hours: SessionHours;
  readonly summaries: readonly DaySummary[];
}

function addDay(
  rows: BlankDataset,
  sources: DatasetSources,
  { underlying, bars, range, hours, summaries }: DayToAdd,
): { readonly summary: DaySummary | null; readonly silentCycles: number; readonly hasVix: boolean } {
  const { date, from, to } = range;
  const { openMs, barsEndMs, cycles } = hours;
  const history = historyFigures(date, summaries, sources.outside);
  const day = new DayFeatures({ underlying, date, openMs, barsEndMs, history });
  const vixNow = (atMs: number): number | null => vixAt(sources.vixBars, openMs, atMs);
  const path: DayPath = { underlying, date, bars, from, to, vixCenti: vixOnPath(range, bars, vixNow, history) };
  const chain = sources.chains?.get(`${underlying}/${date}`) ?? [];
  const crowd = sources.community?.get(`${underlying}/${date}`);
  let [nextBar, nextReading, silentCycles] = [from, 0, 0];
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    const atMs = epochMs(openMs + (cycle - 1) * CYCLE_MS);
    for (; nextBar < to && (bars.startMs[nextBar] as number) + BAR_INTERVAL_MS <= atMs; nextBar += 1) {
      day.addBar(barAt(bars, nextBar));
    }
    for (; (chain[nextReading]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs; nextReading += 1) {
      day.addChain(chain[nextReading] as ChainFigures);
    }
    if (day.isSilent(atMs)) {
      silentCycles += 1;
      continue;
    }
    const vixCenti = vixNow(atMs);
    const knownVix = vixCenti ?? history.previousVixCenti;
    const moment: LabelMoment = {
      path,
      atMs,
      first: nextBar,
      spotPaise: day.lastEndMs === atMs ? day.closePaise : Number.NaN,
      atrPaise: day.lastEndMs === atMs ? day.atrPaise : null,
      vixCenti: knownVix,
    };
    rows.add({
      underlying,
      date,
      cycle,
      atMs,
      features: day.row(atMs, { vixCenti, community: crowd?.get(cycle) ?? null }),
      labelEndMs: atMs + CYCLE_MS,
      direction: directionLabel(moment, history.barVolatility, cycle === 1),
      netPaise: sources.outcomes === false ? NO_TRADES : netsOf(moment),
      outcomeEndMs: atMs + Math.max(CALM_HORIZON_MS, HORIZON_MS),
      vixCenti: knownVix,
    });
  }
  for (; nextBar < to; nextBar += 1) day.addBar(barAt(bars, nextBar));
  return { summary: day.summary(), silentCycles, hasVix: vixNow(openMs + 2 * CYCLE_MS) !== null };
}

const NO_TRADES = [Number.NaN, Number.NaN, Number.NaN] as const;

/** What the structure of each view earned; NaN where the product would not have traded it, or the history lacks too much. */
const netsOf = (moment: LabelMoment): readonly [number, number, number] => [
  longOptionTrade(moment, "BEARISH")?.netPaise ?? Number.NaN,
  ironFlyTrade(moment)?.netPaise ?? Number.NaN,
  longOptionTrade(moment, "BULLISH")?.netPaise ?? Number.NaN,
];

/** Today's VIX where it is known, else the close of the day before: what a replay of the day models its premiums with. */
function vixOnPath(
  { from, to }: DayRange,
  bars: BarSeries,
  vixNow: (atMs: number) => number | null,
  { previousVixCenti }: { readonly previousVixCenti: number | null },
): Float64Array {
  return Float64Array.from(
    { length: to - from },
    (_, at) => vixNow((bars.startMs[from + at] as number) + BAR_INTERVAL_MS) ?? previousVixCenti ?? Number.NaN,
  );
}
