// The hours of a date: those of the loaded recording in replay, those of the trading calendar otherwise.
import { tradingSessionOf } from "../core/instrument/trading-calendar.ts";
import { assert } from "../core/kernel/assert.ts";
import type { MarketDate } from "../core/kernel/time.ts";
import type { RecordedSession } from "../core/market/recorded-session.ts";
import type { MarketHours } from "../core/session/cycle.ts";
import type { AppEnv } from "../env.ts";

/** Throws InvariantBroken when the market is not open on that date: no job is planned then. */
export async function marketHoursOf(env: AppEnv, date: MarketDate): Promise<MarketHours> {
  if (env.TRADING_MODE === "REPLAY") {
    const row = await env.DB.prepare("SELECT meta FROM sessions WHERE date = ?1").bind(date).first<{ meta: string }>();
    assert(row !== null, `no session of ${date} is loaded`);
    const { openMs, closeMs } = JSON.parse(row.meta) as RecordedSession;
    return { openMs, closeMs };
  }
  const session = tradingSessionOf(date);
  assert(session.ok, `${date} is not a trading day`);
  return { openMs: session.value.openMs, closeMs: session.value.closeMs };
}
