// Keeps the day's bars for what learns from them: the indices as the feeds made them, and India VIX as it stood at each cycle.
// The bars of a recorded session are marked as played: nobody learns from what is shown.
import { keepBarDays } from "../adapters/storage/bar-days.ts";
import { paise } from "../core/kernel/money.ts";
import { epochMs } from "../core/kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../core/market/bars.ts";
import { packBars } from "../core/market/packed-bars.ts";
import { CYCLE_MS } from "../core/session/cycle.ts";
import type { BarDay } from "../ports/history.ts";
import { feedViews } from "./feeds.ts";
import type { JobStep } from "./run-job.ts";

export const keepBars: JobStep = async (env, { date }, atMs) => {
  const source = env.TRADING_MODE === "REPLAY" ? "REPLAY" : "LIVE";
  const views = await feedViews(env, "NONE");
  const days: BarDay[] = views
    .map(({ underlying, bars }) => ({
      index: underlying,
      intervalMs: BAR_INTERVAL_MS,
      source,
      date,
      bars: packBars(completedBars(bars, atMs, BAR_INTERVAL_MS)),
    }))
    .filter(({ bars }) => bars.minute.length > 0);
  const vix = await vixOfCycles(env.DB, date);
  if (vix.length > 0) days.push({ index: "INDIAVIX", intervalMs: CYCLE_MS, source, date, bars: packBars(vix) });
  await keepBarDays(env.DB, days, { atMs });
  return null;
};

/** One print a cycle, as a bar of nothing else. */
async function vixOfCycles(db: D1Database, date: string) {
  const { results } = await db
    .prepare(
      "SELECT start_ms AS startMs, vix_centi AS vixCenti FROM cycles WHERE date = ?1 AND vix_centi > 0 ORDER BY start_ms",
    )
    .bind(date)
    .all<{ startMs: number; vixCenti: number }>();
  return results.map(({ startMs, vixCenti }) => {
    const price = paise(vixCenti);
    return { startMs: epochMs(startMs), openPaise: price, highPaise: price, lowPaise: price, closePaise: price };
  });
}
