// What D1 has of the market for a stretch of days, in the form in which datasets and backtests take it.
import { UNDERLYINGS } from "../../core/instrument/contract.ts";
import { assert } from "../../core/kernel/assert.ts";
import { type MarketDate, MS_PER_DAY } from "../../core/kernel/time.ts";
import type { BarSeries } from "../../core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../core/market/bars.ts";
import type { IndexName } from "../../core/market/market-event.ts";
import { type HistoryName, type PackedDay, seriesOfDays } from "../../core/market/packed-bars.ts";
import type { DatasetSources } from "../../core/prediction/builder/build-dataset.ts";
import { vixDays } from "../../core/prediction/builder/vix-track.ts";
import type { DatedClose } from "../../core/prediction/features/history-figures.ts";
import { CYCLE_MS } from "../../core/session/cycle.ts";
import { readBarDays } from "./bar-days.ts";

export interface HistorySources extends DatasetSources {
  /** What was read, so that a hash of it names the data. */
  readonly days: readonly {
    readonly index: HistoryName;
    readonly intervalMs: number;
    readonly days: readonly PackedDay[];
  }[];
}

/** Everything from `from` to `to`: 3-minute bars, India VIX in 3-minute bars or else, day by day, as of each cycle, and daily closes. */
export async function readHistorySources(
  db: D1Database,
  from: MarketDate,
  to: MarketDate,
  evenPlayed?: MarketDate,
): Promise<HistorySources> {
  const read = async (index: HistoryName, intervalMs: number) => ({
    index,
    intervalMs,
    days: await readBarDays(db, {
      index,
      intervalMs,
      from,
      to,
      ...(evenPlayed === undefined ? {} : { evenPlayed }),
    }),
  });
  const bars = await Promise.all(UNDERLYINGS.map((index) => read(index, BAR_INTERVAL_MS)));
  const vix = await Promise.all([read("INDIAVIX", BAR_INTERVAL_MS), read("INDIAVIX", CYCLE_MS)]);
  const [vixDaily, spVix, gift, nifty] = await Promise.all(
    (["INDIAVIX", "CBOE_VIX", "GIFTNIFTY", "NIFTY50"] as const).map((index) => read(index, MS_PER_DAY)),
  );
  // A history that was given goes on with days that the feeds have kept: each day counts by the finest there is of it.
  const vixOf = vixDays(vix[0].days, vix[1].days);
  return {
    bars: bars.map(({ index, intervalMs, days }) => seriesOf(index as IndexName, intervalMs, days)),
    vixBars: vixOf.length === 0 ? null : seriesOf("INDIAVIX", BAR_INTERVAL_MS, vixOf),
    outside: {
      indiaVixCenti: closesOf(vixDaily?.days, 1),
      spVix: closesOf(spVix?.days, 100),
      giftPaise: closesOf(gift?.days, 1),
      niftyPaise: closesOf(nifty?.days, 1),
    },
    days: [...bars, ...vix, vixDaily, spVix, gift, nifty].filter((each) => each !== undefined),
  };
}

/** The last day of which bars of an underlying are there to learn from; null without any. */
export async function lastHistoryDay(db: D1Database): Promise<MarketDate | null> {
  return db
    .prepare(
      `SELECT MAX(date) AS date FROM bar_days WHERE interval_ms = ?1 AND source <> 'REPLAY'
       AND index_name IN (SELECT value FROM json_each(?2))`,
    )
    .bind(BAR_INTERVAL_MS, JSON.stringify(UNDERLYINGS))
    .first<MarketDate>("date");
}

/** The `count` trading days up to a date and, before them, `before` more; null when there is no day at all. */
export async function historyWindow(
  db: D1Database,
  { to, count, before }: { readonly to: MarketDate; readonly count: number; readonly before: number },
): Promise<{
  readonly readFrom: MarketDate;
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly days: number;
} | null> {
  const { results } = await db
    .prepare(
      `SELECT DISTINCT date FROM bar_days WHERE interval_ms = ?1 AND source <> 'REPLAY' AND date <= ?2
       AND index_name IN (SELECT value FROM json_each(?3)) ORDER BY date DESC LIMIT ?4`,
    )
    .bind(BAR_INTERVAL_MS, to, JSON.stringify(UNDERLYINGS), count + before)
    .all<{ date: MarketDate }>();
  const dates = results.map(({ date }) => date);
  const [last] = dates;
  const own = dates.slice(0, count);
  const [first, earliest] = [own.at(-1), dates.at(-1)];
  if (last === undefined || first === undefined || earliest === undefined) return null;
  return { readFrom: earliest, from: first, to: last, days: own.length };
}

function seriesOf(index: IndexName, intervalMs: number, days: readonly PackedDay[]): BarSeries {
  const series = seriesOfDays(index, intervalMs, days);
  assert(series.ok, `bars of ${index} were checked before they were stored`);
  return series.value;
}

/** Daily figures are kept in hundredths; `unit` of them make one of the figure's own. */
const closesOf = (days: readonly PackedDay[] | undefined, unit: number): DatedClose[] =>
  (days ?? []).map(({ date, bars }) => ({ date, close: (bars.close.at(-1) as number) / unit }));
