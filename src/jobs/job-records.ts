// What is written down about jobs: a row per job and one per batch of accounts. A batch stays PENDING until it has been
// carried out, because a queue may forget it.
import { jobBatches } from "../adapters/storage/operations-schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import { required } from "../core/kernel/assert.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { type Job, jobKeyOf } from "../core/session/job.ts";
import type { JobState } from "../ports/jobs.ts";
import type { AccountWorkMessage } from "../ports/messages.ts";

export interface JobRecord {
  readonly state: JobState;
  readonly failure: string | null;
}

/** Writes down that a job is being run, unless it is further already, and says where it stands. */
export async function startJob(db: D1Database, job: Job, atMs: EpochMs): Promise<JobRecord> {
  const row = await db
    .prepare(
      `INSERT INTO job_runs (job_key, date, name, cycle, phase, state, at_ms, started_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, 'RUNNING', ?6, ?7)
       ON CONFLICT (job_key) DO UPDATE SET started_ms = started_ms
       RETURNING state, failure`,
    )
    .bind(jobKeyOf(job), job.date, job.name, job.cycle, job.phase, atMs, Date.now())
    .first<JobRecord>();
  return required(row, "the job's row");
}

/** A job that has been run, by its key. */
export async function jobOfKey(
  db: D1Database,
  jobKey: string,
): Promise<{ readonly job: Job; readonly state: JobState } | null> {
  const row = await db
    .prepare("SELECT name, date, cycle, phase, state FROM job_runs WHERE job_key = ?1")
    .bind(jobKey)
    .first<Job & { readonly state: JobState }>();
  if (row === null) return null;
  const { state, ...job } = row;
  return { job, state };
}

/** Lets a failed job be run once more from its beginning. One that has not failed is left as it is. */
export async function reopenJob(db: D1Database, jobKey: string): Promise<void> {
  const hasFailed = "EXISTS (SELECT 1 FROM job_runs r WHERE r.job_key = ?1 AND r.state = 'FAILED')";
  await db.batch([
    db.prepare(`DELETE FROM job_batches WHERE job_key = ?1 AND ${hasFailed}`).bind(jobKey),
    db
      .prepare(
        `UPDATE job_runs SET state = 'RUNNING', failure = NULL, finished_ms = NULL
         WHERE job_key = ?1 AND state = 'FAILED'`,
      )
      .bind(jobKey),
  ]);
}

export async function finishJob(db: D1Database, jobKey: string): Promise<void> {
  await db
    .prepare("UPDATE job_runs SET state = 'DONE', finished_ms = ?2 WHERE job_key = ?1 AND state <> 'FAILED'")
    .bind(jobKey, Date.now())
    .run();
}

/** Writes the batches down before any of them is sent. */
export async function recordBatches(db: D1Database, job: Job, messages: readonly AccountWorkMessage[]): Promise<void> {
  const jobKey = jobKeyOf(job);
  const sentMs = Date.now();
  const rows = messages.map((message) => ({
    batchId: message.batchId,
    jobKey,
    date: job.date,
    message: JSON.stringify(message),
    state: "PENDING",
    sentMs,
  }));
  await db.batch([
    ...insertOnce(db, jobBatches, rows),
    db.prepare("UPDATE job_runs SET state = 'SENT' WHERE job_key = ?1 AND state = 'RUNNING'").bind(jobKey),
  ]);
}

/** The messages of a job that have not been carried out, as they were first sent. */
export async function pendingBatches(db: D1Database, jobKey: string): Promise<readonly AccountWorkMessage[]> {
  const { results } = await db
    .prepare("SELECT message FROM job_batches WHERE job_key = ?1 AND state = 'PENDING' ORDER BY rowid")
    .bind(jobKey)
    .all<{ message: string }>();
  return results.map((row) => JSON.parse(row.message) as AccountWorkMessage);
}

/** Notes that a batch has been carried out, and with the last one its job. A first outcome is never changed by a repetition. */
export async function finishBatch(db: D1Database, batchId: string, failure: string | null): Promise<void> {
  const nowMs = Date.now();
  const ofTheJob = "job_key = (SELECT job_key FROM job_batches WHERE batch_id = ?1)";
  await db.batch([
    db
      .prepare(
        `UPDATE job_batches SET state = CASE WHEN ?2 IS NULL THEN 'DONE' ELSE 'FAILED' END, failure = ?2, finished_ms = ?3
         WHERE batch_id = ?1 AND state = 'PENDING'`,
      )
      .bind(batchId, failure, nowMs),
    db
      .prepare(
        `UPDATE job_runs SET
           state = CASE WHEN EXISTS (SELECT 1 FROM job_batches b WHERE b.job_key = job_runs.job_key AND b.state = 'FAILED')
                        THEN 'FAILED' ELSE 'DONE' END,
           failure = (SELECT b.failure FROM job_batches b
                      WHERE b.job_key = job_runs.job_key AND b.state = 'FAILED' ORDER BY b.rowid LIMIT 1),
           finished_ms = ?2
         WHERE ${ofTheJob} AND state = 'SENT'
           AND NOT EXISTS (SELECT 1 FROM job_batches b WHERE b.job_key = job_runs.job_key AND b.state = 'PENDING')`,
      )
      .bind(batchId, nowMs),
  ]);
}
