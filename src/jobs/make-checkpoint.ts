// Seals the day: once every account's messages have been stored, one Merkle root stands for all ledger entries of the date in
// the order (account, sequence, part). The same journals give the same root.

import { inLanes } from "../core/kernel/in-lanes.ts";
import type { MarketDate } from "../core/kernel/time.ts";
import { merkleRoot } from "../core/ledger/merkle.ts";
import type { AppEnv } from "../env.ts";
import { activeAccounts } from "./active-accounts.ts";
import type { JobStep } from "./run-job.ts";

const LANES_MAX = 16;
/** How long one run waits for the consumers; whoever runs the job runs it again. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 100;
const LEAVES_PER_PAGE = 2_000;

export const makeCheckpoint: JobStep = async (env, { date }, atMs) => {
  await drainOutboxes(env, await activeAccounts(env, date));
  const leaves = await leavesOf(env.DB, date);
  await env.DB.prepare(
    "INSERT INTO checkpoints (date, size, root, at_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
  )
    .bind(date, leaves.length, merkleRoot(leaves), atMs)
    .run();
  return null;
};

/** Throws when something is still on its way after a while. */
async function drainOutboxes(env: AppEnv, accountIds: readonly string[]): Promise<void> {
  const untilMs = Date.now() + PATIENCE_MS;
  let left = accountIds;
  for (;;) {
    const counts = await inLanes(left, LANES_MAX, async (accountId) => ({
      accountId,
      ...(await env.ACCOUNT.getByName(accountId).flushOutbox()),
    }));
    const waiting = counts.filter(({ pending, parked }) => pending + parked > 0);
    if (waiting.length === 0) return;
    if (Date.now() > untilMs) {
      throw new Error(`messages of ${waiting.length} accounts are not stored yet, ${waiting[0]?.accountId} among them`);
    }
    left = waiting.map(({ accountId }) => accountId);
    await scheduler.wait(LOOK_EVERY_MS);
  }
}

/** The leaves of a date's ledger entries in the log's order. */
export async function leavesOf(db: D1Database, date: MarketDate): Promise<readonly string[]> {
  const leaves: string[] = [];
  let after = { accountId: "", sequence: -1, part: -1 };
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT account_id AS accountId, sequence, part, leaf FROM ledger_entries
         WHERE date = ?1 AND (account_id, sequence, part) > (?2, ?3, ?4)
         ORDER BY account_id, sequence, part LIMIT ?5`,
      )
      .bind(date, after.accountId, after.sequence, after.part, LEAVES_PER_PAGE)
      .all<{ accountId: string; sequence: number; part: number; leaf: string }>();
    for (const row of results) leaves.push(row.leaf);
    const last = results.at(-1);
    if (last === undefined || results.length < LEAVES_PER_PAGE) return leaves;
    after = last;
  }
}
