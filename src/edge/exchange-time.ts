// What time it is at the exchange of a trading day, by which it is judged whether something comes in time.
import { type EpochMs, epochMs, istDateOf, type MarketDate } from "../core/kernel/time.ts";
import { type AppEnv, SESSION_NAME } from "../env.ts";

/** Null on any other day. A recorded day has the time that its session has come to. */
export async function exchangeTimeOf(env: AppEnv, date: MarketDate): Promise<EpochMs | null> {
  if (env.TRADING_MODE === "PAPER") {
    const nowMs = epochMs(Date.now());
    return istDateOf(nowMs) === date ? nowMs : null;
  }
  const { session, nowMs } = await env.SESSION.getByName(SESSION_NAME).view();
  return session?.date === date ? nowMs : null;
}
