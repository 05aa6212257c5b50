// What D1 has of the market for backtests: which days there are, and the bars of a few of them at a time, so that a run of years
// never holds more than a stretch of it. Days that were played for show are left out.

import type { RunDay } from "../../core/backtest/backtest-run.ts";
import { dayHistories } from "../../core/backtest/day-history.ts";
import { modelledDay, NO_VIX, ordinaryHours, type VixClose, vixStanding } from "../../core/backtest/modelled-day.ts";
import type { Underlying } from "../../core/instrument/contract.ts";
import { assert } from "../../core/kernel/assert.ts";
import { addDays, type MarketDate, MS_PER_DAY, MS_PER_MINUTE } from "../../core/kernel/time.ts";
import type { BarSeries } from "../../core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../core/market/bars.ts";
import type { IndexName } from "../../core/market/market-event.ts";
import { type PackedBars, type PackedDay, seriesOfDays } from "../../core/market/packed-bars.ts";
import { vixDays } from "../../core/prediction/builder/vix-track.ts";
import { HISTORY_DAYS } from "../../core/prediction/features/history-figures.ts";
import { CYCLE_MS } from "../../core/session/cycle.ts";
import { readBarDays } from "./bar-days.ts";
import { readHistorySources } from "./lab-sources.ts";

interface Stretch {
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
}

/** The finest come first: a day is played on those. */
const INTERVALS = [MS_PER_MINUTE, BAR_INTERVAL_MS] as const;

/** Days of which bars of one or three minutes of any of the indices are there. */
export async function backtestDates(
  db: D1Database,
  { underlyings, from, to }: Stretch,
): Promise<readonly MarketDate[]> {
  const { results } = await db
    .prepare(
      `SELECT DISTINCT date FROM bar_days WHERE interval_ms IN (SELECT value FROM json_each(?1)) AND source <> 'REPLAY' AND date BETWEEN ?2 AND ?3
       AND index_name IN (SELECT value FROM json_each(?4)) ORDER BY date`,
    )
    .bind(JSON.stringify(INTERVALS), from, to, JSON.stringify(underlyings))
    .all<{ date: MarketDate }>();
  return results.map(({ date }) => date);
}

/** 3-minute bars of one index over a stretch. */
export async function indexSeries(
  db: D1Database,
  { underlying, from, to }: { readonly underlying: Underlying; readonly from: MarketDate; readonly to: MarketDate },
): Promise<{ readonly series: BarSeries; readonly source: string }> {
  const days = await readBarDays(db, { index: underlying, intervalMs: BAR_INTERVAL_MS, from, to });
  return { series: seriesOf(underlying, BAR_INTERVAL_MS, days), source: JSON.stringify(days) };
}

export interface RunDaysQuery {
  readonly underlyings: readonly Underlying[];
  readonly withHistory: boolean;
  /** Of an edge run: what India VIX × 100 stands at all day. */
  readonly edgeVixCenti?: number | undefined;
}

/** The markets of some of those days, which follow one another; with what each knows of days before it where somebody asks. */
export async function readRunDays(
  db: D1Database,
  { underlyings, withHistory, edgeVixCenti }: RunDaysQuery,
  dates: readonly MarketDate[],
): Promise<readonly RunDay[]> {
  const [from, to] = [dates[0], dates.at(-1)];
  assert(from !== undefined && to !== undefined, "days to read");
  const historyOf = withHistory
    ? dayHistories(await readHistorySources(db, addDays(from, -HISTORY_DAYS), addDays(to, -1)))
    : null;
  const read = async (index: IndexName, intervalMs: number) =>
    new Map((await readBarDays(db, { index, intervalMs, from, to })).map((day) => [day.date, day]));
  const indices = await Promise.all(
    underlyings.flatMap((underlying) =>
      INTERVALS.map(async (intervalMs) => ({ underlying, intervalMs, byDate: await read(underlying, intervalMs) })),
    ),
  );
  const vix = await Promise.all(
    [MS_PER_MINUTE, BAR_INTERVAL_MS, CYCLE_MS].map(
      async (intervalMs) => [intervalMs, await read("INDIAVIX", intervalMs)] as const,
    ),
  );
  const vixDaily = await read("INDIAVIX", MS_PER_DAY);
  let lastVix = await vixBefore(db, from);
  return dates.map((date): RunDay => {
    const days = underlyings.flatMap((underlying) => {
      const found = indices.find((each) => each.underlying === underlying && each.byDate.has(date));
      const day = found?.byDate.get(date);
      return found === undefined || day === undefined ? [] : [[underlying, found.intervalMs, day] as const];
    });
    const own = vix.find(([, byDate]) => byDate.has(date));
    const vixDay = own?.[1].get(date);
    const history = historyOf?.(date);
    const known = history === undefined ? [] : [history];
    const before = vixStanding(lastVix, date);
    const source = JSON.stringify([date, before, days, vixDay ?? null, ...known]);
    const head = { date, source };
    const centi = (vixDay ?? vixDaily.get(date))?.bars.close.at(-1);
    if (centi !== undefined) lastVix = { date, centi };
    const hours = ordinaryHours(date);
    if (!hours.ok) return { ...head, leftOut: hours.error };
    const vixBars = own === undefined || vixDay === undefined ? null : vixSeries(own[0], vixDay);
    if (before === null && vixBars === null && edgeVixCenti === undefined) return { ...head, leftOut: NO_VIX };
    const bars = new Map(
      days.map(([underlying, intervalMs, day]) => [underlying, seriesOf(underlying, intervalMs, [day])] as const),
    );
    const day = { date, ...hours.value, bars, vixBars, previousVixCenti: before, edgeVixCenti };
    return { ...head, market: modelledDay({ ...day, ...(history === undefined ? {} : { history }) }) };
  });
}

/**
 * India VIX of a day as it comes to be known. A day kept by the platform has one figure a cycle, read about a minute into it: as
 * in what models learn from, that counts once the cycle ends. Null where nothing is left of the day.
 */
function vixSeries(intervalMs: number, day: PackedDay): BarSeries | null {
  const [known = day] = intervalMs === CYCLE_MS ? vixDays([], [day]) : [day];
  const series = seriesOf("INDIAVIX", intervalMs === CYCLE_MS ? BAR_INTERVAL_MS : intervalMs, [known]);
  return series.length === 0 ? null : series;
}

/** As it closed on the last day before that has it, by the finest bars there are of that day. */
async function vixBefore(db: D1Database, before: MarketDate): Promise<VixClose | null> {
  const row = await db
    .prepare(
      `SELECT date, bars FROM bar_days WHERE index_name = 'INDIAVIX' AND source <> 'REPLAY' AND date < ?1
       ORDER BY date DESC, interval_ms LIMIT 1`,
    )
    .bind(before)
    .first<{ date: MarketDate; bars: string }>();
  const centi = row === null ? undefined : (JSON.parse(row.bars) as PackedBars).close.at(-1);
  return row === null || centi === undefined ? null : { date: row.date, centi };
}

function seriesOf(index: IndexName, intervalMs: number, days: readonly PackedDay[]): BarSeries {
  const series = seriesOfDays(index, intervalMs, days);
  assert(series.ok, `bars of ${index} were checked before they were stored`);
  return series.value;
}
