// The runs of the lab as D1 knows them: begun by whoever asks, kept up to date by the run's own object.
import { type LabRequest, type LabRunView, type LabStart, RUNS_UNDER_WAY_MAX } from "../../ports/lab.ts";

interface RunRow {
  readonly account_id: string | null;
  readonly started_by: string;
  readonly request: string;
}

/**
 * The run that stands under this id: this one, or the one that was written down before, whose row stays as it is. Null where the
 * account has as many under way as it may: counting and writing are one statement, so that no two requests at once pass the bound.
 */
export async function recordRun(db: D1Database, run: LabStart, atMs: number): Promise<LabStart | null> {
  const { runId, accountId, startedBy, request } = run;
  const [, found] = await db.batch([
    db
      .prepare(
        `INSERT INTO lab_runs (run_id, kind, account_id, started_by, request, state, progress_bps, note, created_at_ms, changed_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, 'QUEUED', 0, 'waiting', ?6, ?6 WHERE ?3 IS NULL OR
         (SELECT COUNT(*) FROM lab_runs WHERE account_id = ?3 AND state IN ('QUEUED', 'RUNNING')) < ?7
         ON CONFLICT DO NOTHING`,
      )
      .bind(runId, request.kind, accountId, startedBy, JSON.stringify(request), atMs, RUNS_UNDER_WAY_MAX),
    db.prepare("SELECT account_id, started_by, request FROM lab_runs WHERE run_id = ?1").bind(runId),
  ]);
  const row = found?.results[0] as RunRow | undefined;
  return row === undefined
    ? null
    : { runId, accountId: row.account_id, startedBy: row.started_by, request: JSON.parse(row.request) as LabRequest };
}

/** What is over stays over: a late report never takes a run back. */
export async function reportRun(
  db: D1Database,
  run: LabRunView & { readonly result: string | null; readonly changedAtMs: number },
): Promise<void> {
  await db
    .prepare(
      `UPDATE lab_runs SET state = ?2, progress_bps = ?3, note = ?4, result = ?5, changed_at_ms = ?6
       WHERE run_id = ?1 AND state IN ('QUEUED', 'RUNNING')`,
    )
    .bind(run.runId, run.state, run.progressBps, run.note, run.result, run.changedAtMs)
    .run();
}
