// What may not be opened on a day: frozen for the accounts with the opening of their day, and sent to them at once when it
// changes while a day is open. The batches are on record before they are sent, so a lost queue cannot lose a ban.
import { restrictionsInForce } from "../adapters/read-models/restrictions.ts";
import { jobBatches } from "../adapters/storage/operations-schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import { epochMs, istDateOf, type MarketDate } from "../core/kernel/time.ts";
import { type AppEnv, SESSION_NAME } from "../env.ts";
import type { AccountWorkMessage } from "../ports/messages.ts";
import { activeAccounts } from "./active-accounts.ts";

const ACCOUNTS_PER_BATCH = 25;

/** Tells every account that takes part in the open day. Returns how many were told; 0 while no day is open. */
export async function spreadRestrictions(env: AppEnv): Promise<number> {
  const moment = await openDayOf(env);
  if (moment === null) return 0;
  const { date, atMs } = moment;
  const [restrictions, accountIds] = await Promise.all([restrictionsInForce(env.DB, date), activeAccounts(env, date)]);
  const sentMs = Date.now();
  // By the wall clock, so that a later change is never taken for an earlier one.
  const jobKey = `RESTRICTIONS/${date}/${sentMs}/${crypto.randomUUID().slice(0, 8)}`;
  const messages: AccountWorkMessage[] = [];
  for (let from = 0; from < accountIds.length; from += ACCOUNTS_PER_BATCH) {
    messages.push({
      kind: "ACCOUNT_WORK",
      batchId: `${jobKey}/${messages.length}`,
      awaited: false,
      accountIds: accountIds.slice(from, from + ACCOUNTS_PER_BATCH),
      command: { type: "CHANGE_RESTRICTIONS", atMs, jobKey, date, restrictions },
    });
  }
  const rows = messages.map((message) => ({
    batchId: message.batchId,
    jobKey,
    date,
    message: JSON.stringify(message),
    state: "PENDING",
    sentMs,
  }));
  if (rows.length > 0) await env.DB.batch([...insertOnce(env.DB, jobBatches, rows)]);
  for (const body of messages) await env.ACCOUNT_WORK.send(body);
  return accountIds.length;
}

/** The day and the instant it is at: the session's in replay, the wall's otherwise. */
async function openDayOf(env: AppEnv) {
  if (env.TRADING_MODE !== "REPLAY")
    return { date: istDateOf(epochMs(Date.now())) as MarketDate, atMs: epochMs(Date.now()) };
  const { session, nowMs } = await env.SESSION.getByName(SESSION_NAME).view();
  return session === null || nowMs === null ? null : { date: session.date, atMs: nowMs };
}
