// Who takes part in a day: in replay the accounts the session was loaded with, otherwise every active account, by id.
import type { MarketDate } from "../core/kernel/time.ts";
import type { AppEnv } from "../env.ts";

export async function activeAccounts(env: AppEnv, date: MarketDate): Promise<readonly string[]> {
  if (env.TRADING_MODE === "REPLAY") {
    const row = await env.DB.prepare("SELECT account_ids AS accountIds FROM sessions WHERE date = ?1")
      .bind(date)
      .first<{ accountIds: string }>();
    return row === null ? [] : (JSON.parse(row.accountIds) as readonly string[]);
  }
  return everyAccount(env);
}

/** Whoever is active on the platform, in whatever session. */
export async function everyAccount(env: AppEnv): Promise<readonly string[]> {
  const { results } = await env.DB.prepare(
    "SELECT account_id AS accountId FROM accounts WHERE status = 'ACTIVE' ORDER BY account_id",
  ).all<{ accountId: string }>();
  return results.map((row) => row.accountId);
}
