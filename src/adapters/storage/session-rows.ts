// The session a replay plays, as D1 knows it.
import type { RecordedSession } from "../../core/market/recorded-session.ts";

/** Writes the session down and forgets what an earlier replay of the same date has left about its jobs and signals. */
export async function writeLoadedSession(
  db: D1Database,
  session: RecordedSession,
  accountIds: readonly string[],
  wallMs: number,
): Promise<void> {
  await db.batch([
    ...["job_batches", "job_runs", "signals", "cycles", "checkpoints"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE date = ?1`).bind(session.date),
    ),
    db
      .prepare(
        `INSERT INTO sessions (date, mode, meta, account_ids, loaded_at_ms) VALUES (?1, 'REPLAY', ?2, ?3, ?4)
         ON CONFLICT (date) DO UPDATE SET meta = excluded.meta, account_ids = excluded.account_ids,
           loaded_at_ms = excluded.loaded_at_ms`,
      )
      .bind(session.date, JSON.stringify(session), JSON.stringify(accountIds), wallMs),
  ]);
}
