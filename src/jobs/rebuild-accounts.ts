// What D1 shows of all accounts made again from their journals: one message an account on the way at a time, each a stretch of
// its journal, and how far each has come in D1. A message that comes twice, or late, finds that its stretch was told and ends;
// one that was lost is sent again by whoever asks once more.
import { countRebuilds } from "../adapters/read-models/rebuilds.ts";
import type { AppEnv } from "../env.ts";
import type { RebuildCounts } from "../ports/jobs.ts";
import type { RebuildMessage } from "../ports/messages.ts";
import { rebuildAccount, rebuildRecord } from "./rebuild-account.ts";

/** What a queue takes in one call. */
const MESSAGES_MAX = 100;
/** The queue's last attempt would make a dead letter of it, of which nobody would know whose it was. */
const ATTEMPTS_MAX = 3;

/**
 * Named accounts begin anew; without names, those that are under way go on, and where none is, all that are listed begin. Who is
 * under way is never put back.
 */
export async function rebuildAccounts(env: AppEnv, accountIds: readonly string[] | null): Promise<RebuildCounts> {
  const nowMs = Date.now();
  const { pending } = await countRebuilds(env.DB);
  if (accountIds !== null || pending === 0) {
    const whose =
      accountIds === null ? "SELECT account_id AS id FROM accounts" : "SELECT value AS id FROM json_each(?2)";
    const begin = `INSERT INTO rebuilds (account_id, state, through_sequence, written, started_ms, moved_ms)
      SELECT id, 'PENDING', 0, 0, ?1, ?1 FROM (${whose}) WHERE true ON CONFLICT (account_id) DO UPDATE SET
      state = 'PENDING', through_sequence = 0, written = 0, started_ms = ?1, moved_ms = ?1, failure = NULL
      WHERE rebuilds.state <> 'PENDING'`;
    const ids = accountIds === null ? [] : [JSON.stringify(accountIds)];
    const record = rebuildRecord(env.DB, accountIds === null ? "all" : `${accountIds.length} accounts`, nowMs);
    await env.DB.batch([env.DB.prepare(begin).bind(nowMs, ...ids), ...record]);
  }
  for (let after = ""; ; ) {
    const { results } = await env.DB.prepare(
      `SELECT account_id, through_sequence FROM rebuilds WHERE state = 'PENDING' AND account_id > ?1
       ORDER BY account_id LIMIT ${MESSAGES_MAX}`,
    )
      .bind(after)
      .all<{ account_id: string; through_sequence: number }>();
    const bodies = results.map(
      ({ account_id: accountId, through_sequence: afterSequence }): RebuildMessage => ({
        kind: "REBUILD",
        accountId,
        afterSequence,
      }),
    );
    if (bodies.length > 0) await env.ACCOUNT_WORK.sendBatch(bodies.map((body) => ({ body })));
    if (bodies.length < MESSAGES_MAX) break;
    after = bodies.at(-1)?.accountId ?? "";
  }
  return countRebuilds(env.DB);
}

/** One stretch, and the message for the next. Rejects where it is to be tried again. */
export async function rebuildNext(
  env: AppEnv,
  { accountId, afterSequence }: RebuildMessage,
  attempts: number,
): Promise<void> {
  const row = await env.DB.prepare("SELECT state, through_sequence FROM rebuilds WHERE account_id = ?")
    .bind(accountId)
    .first<{ state: string; through_sequence: number }>();
  // Another message has told this stretch already.
  if (row?.state !== "PENDING" || row.through_sequence > afterSequence) return;
  try {
    const page = await rebuildAccount(env, accountId, afterSequence, false);
    if (page === null) return await failed(env, accountId, "it was never opened");
    const { throughSequence, isComplete } = page;
    // First the next message: one that comes twice does no harm, one that was never sent ends the run for this account.
    if (!isComplete) await env.ACCOUNT_WORK.send({ kind: "REBUILD", accountId, afterSequence: throughSequence });
    await env.DB.prepare(
      `UPDATE rebuilds SET through_sequence = ?2, written = written + ?3, moved_ms = ?4, state = ?5
       WHERE account_id = ?1 AND state = 'PENDING' AND through_sequence <= ?6`,
    )
      .bind(
        accountId,
        throughSequence,
        page.rows + page.ledgerEntries + page.notifications,
        Date.now(),
        isComplete ? "DONE" : "PENDING",
        afterSequence,
      )
      .run();
  } catch (failure) {
    if (attempts < ATTEMPTS_MAX) throw failure;
    await failed(env, accountId, String(failure));
  }
}

async function failed(env: AppEnv, accountId: string, failure: string): Promise<void> {
  await env.DB.prepare(
    "UPDATE rebuilds SET state = 'FAILED', failure = ?2, moved_ms = ?3 WHERE account_id = ?1 AND state = 'PENDING'",
  )
    .bind(accountId, failure, Date.now())
    .run();
}
