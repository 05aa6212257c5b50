// The market's history in D1, a day of one index in a row. The first that was kept of a day stays, unless whoever gives it says
// that it is better.
import type { MarketDate } from "../../core/kernel/time.ts";
import type { HistoryName, PackedBars, PackedDay } from "../../core/market/packed-bars.ts";
import type { BarDay } from "../../ports/history.ts";
import { barDays } from "./lab-schema.ts";
import { insertOnce } from "./write-rows.ts";

export interface HistoryWanted {
  readonly index: HistoryName;
  readonly intervalMs: number;
  readonly from: MarketDate;
  readonly to: MarketDate;
  /** A day whose bars count even where they were played for show. */
  readonly evenPlayed?: MarketDate;
}

/** Keeps days that are not there yet; with `replace`, the others too. */
export async function keepBarDays(
  db: D1Database,
  days: readonly BarDay[],
  { atMs, replace = false }: { readonly atMs: number; readonly replace?: boolean },
): Promise<void> {
  if (days.length === 0) return;
  const rows = days.map(({ index, intervalMs, date, source, bars }) => ({
    indexName: index,
    intervalMs,
    date,
    source,
    count: bars.minute.length,
    bars: JSON.stringify(bars),
    storedAtMs: atMs,
  }));
  const removals = replace
    ? days.map(({ index, intervalMs, date }) =>
        db
          .prepare("DELETE FROM bar_days WHERE index_name = ?1 AND interval_ms = ?2 AND date = ?3")
          .bind(index, intervalMs, date),
      )
    : [];
  await db.batch([...removals, ...insertOnce(db, barDays, rows)]);
}

const DAYS_PER_READ = 200;

/** Days in order of date. What was played for show is left out: nothing is learned from it. */
export async function readBarDays(
  db: D1Database,
  { index, intervalMs, from, to, evenPlayed }: HistoryWanted,
): Promise<PackedDay[]> {
  const days: PackedDay[] = [];
  for (let after = ""; ; ) {
    const { results } = await db
      .prepare(
        `SELECT date, bars FROM bar_days WHERE index_name = ?1 AND interval_ms = ?2 AND date BETWEEN ?3 AND ?4
         AND date > ?5 AND (source <> 'REPLAY' OR date = ?7) ORDER BY date LIMIT ?6`,
      )
      .bind(index, intervalMs, from, to, after, DAYS_PER_READ, evenPlayed ?? "")
      .all<{ date: MarketDate; bars: string }>();
    for (const { date, bars } of results) days.push({ date, bars: JSON.parse(bars) as PackedBars });
    if (results.length < DAYS_PER_READ) return days;
    after = results.at(-1)?.date ?? "";
  }
}
