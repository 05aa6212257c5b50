// Makes what D1 shows of an account again from its journal: read models, ledger entries, notices, its own row and where its
// strategies are deployed. Whatever is there already and newer stays, so that it may run beside the day and be repeated; what
// only D1 knows (that a notice was read, whose account it is) stays where it is there, and is not made up where it is lost.
import { addAccount } from "../adapters/read-models/accounts.ts";
import { putDeployment } from "../adapters/read-models/strategies.ts";
import { ledgerStatements, notificationStatements, readModelStatements } from "../adapters/storage/ledger-rows.ts";
import { jobRuns } from "../adapters/storage/operations-schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import { epochMs, istDateOf } from "../core/kernel/time.ts";
import type { AppEnv } from "../env.ts";
import type { RebuiltPage } from "../ports/jobs.ts";

const EVENTS_PER_PAGE = 500;

export async function rebuildAccount(
  env: AppEnv,
  accountId: string,
  afterSequence: number,
  isAudited = true,
): Promise<RebuiltPage | null> {
  const startedMs = Date.now();
  const account = env.ACCOUNT.getByName(accountId);
  const page = await account.retell(afterSequence, EVENTS_PER_PAGE);
  const { profile, openedAtMs, rows, entries, notifications, throughSequence, isComplete } = page;
  if (profile === null || openedAtMs === null) return null;
  const statements = [
    ...readModelStatements(env.DB, rows, "SAME"),
    ...ledgerStatements(env.DB, entries),
    ...notificationStatements(env.DB, notifications),
    ...(isAudited ? rebuildRecord(env.DB, `${accountId}/${afterSequence + 1}-${throughSequence}`, startedMs) : []),
  ];
  if (statements.length > 0) await env.DB.batch(statements);
  if (isComplete) {
    await addAccount(env.DB, { accountId, ...profile, status: "ACTIVE", createdAtMs: openedAtMs, holderId: null });
    for (const { instanceId, strategyId, underlying, loadedAtMs } of await account.strategies()) {
      await putDeployment(env.DB, { accountId, instanceId, strategyId, underlying, atMs: loadedAtMs });
    }
  }
  return {
    throughSequence,
    isComplete,
    rows: rows.length,
    ledgerEntries: entries.length,
    notifications: notifications.length,
  };
}

/** In the same batch as the rows: what was rewritten, and when, is read with the other jobs. */
export const rebuildRecord = (db: D1Database, what: string, startedMs: number): D1PreparedStatement[] =>
  insertOnce(db, jobRuns, [
    {
      jobKey: `REBUILD/${what}/${startedMs}`,
      date: istDateOf(epochMs(startedMs)),
      name: "REBUILD",
      cycle: null,
      phase: null,
      state: "DONE",
      atMs: startedMs,
      startedMs,
      finishedMs: Date.now(),
      failure: null,
    },
  ]);
