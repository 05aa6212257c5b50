// Seals the day: once every account's messages have been stored, one Merkle root stands for all ledger entries up to the date that
// no earlier checkpoint has sealed, in the order (account, sequence, part). What a checkpoint sealed it goes on proving: an entry
// that comes later, of whatever date, is sealed by a later one. The same journals give the same root.

import { leavesSealedOn } from "../adapters/read-models/ledger.ts";
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
/** What one statement of D1 does well within its time. */
const MARKS_PER_STATEMENT = 10_000;

export const makeCheckpoint: JobStep = async (env, { date }, atMs) => {
  await drainOutboxes(env, await activeAccounts(env, date));
  if (await isSealed(env.DB, date)) return null;
  await markEntries(env.DB, date);
  const leaves = (await leavesSealedOn(env.DB, date)).map(({ leaf }) => leaf);
  // Marks are only ever added while there is no checkpoint: as many as were read are the very same.
  await env.DB.prepare(
    `INSERT INTO checkpoints (date, size, root, at_ms)
     SELECT ?1, ?2, ?3, ?4 WHERE (SELECT COUNT(*) FROM ledger_entries WHERE sealed_on = ?1) = ?2 ON CONFLICT DO NOTHING`,
  )
    .bind(date, leaves.length, merkleRoot(leaves), atMs)
    .run();
  if (!(await isSealed(env.DB, date))) throw new Error("entries came while the day was being sealed");
  return null;
};

const isSealed = async (db: D1Database, date: MarketDate): Promise<boolean> =>
  (await db.prepare("SELECT 1 AS n FROM checkpoints WHERE date = ?1").bind(date).first<number>("n")) !== null;

/** Marks the entries that belong under the date's checkpoint, as long as it has not been made: afterwards none is marked. */
async function markEntries(db: D1Database, date: MarketDate): Promise<void> {
  for (;;) {
    const { meta } = await db
      .prepare(
        `UPDATE ledger_entries SET sealed_on = ?1 WHERE (account_id, sequence, part) IN (
           SELECT account_id, sequence, part FROM ledger_entries WHERE sealed_on IS NULL AND date <= ?1 LIMIT ?2)
         AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE date = ?1)`,
      )
      .bind(date, MARKS_PER_STATEMENT)
      .run();
    if (meta.changes === 0) return;
  }
}

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
