// What whoever runs the platform looks at: jobs and their batches, and messages nobody could take.
import { and, asc, eq } from "drizzle-orm";
import { deadLetters, jobRuns } from "../storage/operations-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type DeadLetterRecord = typeof deadLetters.$inferSelect;
export type JobRunRecord = typeof jobRuns.$inferSelect;

/** Oldest first, because that is what to look at. */
export async function listDeadLetters(
  d1: D1Database,
  state: string,
  { limit, after }: PageRequest,
): Promise<Page<DeadLetterRecord>> {
  const key = [deadLetters.firstSeenMs, deadLetters.id];
  const rows = await database(d1)
    .select()
    .from(deadLetters)
    .where(and(eq(deadLetters.state, state), afterKey(key, after, "OLDEST_FIRST")))
    .orderBy(...key.map((column) => asc(column)))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.firstSeenMs, row.id]);
}

/** Newest first. */
export async function listJobRuns(
  d1: D1Database,
  filter: { readonly date?: string | undefined; readonly state?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<JobRunRecord>> {
  const key = [jobRuns.date, jobRuns.atMs, jobRuns.jobKey];
  const rows = await database(d1)
    .select()
    .from(jobRuns)
    .where(
      and(
        filter.date === undefined ? undefined : eq(jobRuns.date, filter.date),
        filter.state === undefined ? undefined : eq(jobRuns.state, filter.state),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.atMs, row.jobKey]);
}

/** The key of the first job of a date that stands as failed, or null. */
export async function failedJobOf(d1: D1Database, date: string): Promise<string | null> {
  return d1
    .prepare("SELECT job_key FROM job_runs WHERE date = ?1 AND state = 'FAILED' ORDER BY at_ms, job_key LIMIT 1")
    .bind(date)
    .first<string>("job_key");
}
