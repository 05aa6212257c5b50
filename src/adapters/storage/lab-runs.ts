// The runs of the lab as D1 knows them: begun by whoever asks, kept up to date by the run's own object.
import type { LabRunView, LabStart } from "../../ports/lab.ts";
import { labRuns } from "./lab-schema.ts";
import { insertOnce } from "./write-rows.ts";

/** The row of a run that is about to be started; a second one of the same id changes nothing. */
export async function recordRun(db: D1Database, run: LabStart, atMs: number): Promise<void> {
  await db.batch(
    insertOnce(db, labRuns, [
      {
        runId: run.runId,
        kind: run.request.kind,
        accountId: run.accountId,
        startedBy: run.startedBy,
        request: JSON.stringify(run.request),
        state: "QUEUED",
        progressBps: 0,
        note: "waiting",
        result: null,
        createdAtMs: atMs,
        changedAtMs: atMs,
      },
    ]),
  );
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
