// Runs of the comparison with the venue over all accounts: how far each has come, and what was found of whom.
import { type Page, type PageRequest, pageOf } from "./database.ts";

export interface ReconcileRun {
  readonly date: string;
  /** The n-th of its date. */
  readonly phase: number;
  readonly jobKey: string;
  readonly state: string;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  readonly failure: string | null;
  readonly accounts: number;
  /** Whose batch has not been carried out. */
  readonly waiting: number;
  readonly compared: number;
  readonly withDifferences: number;
  readonly raised: number;
}

export interface AccountComparison {
  readonly accountId: string;
  readonly batchState: string;
  readonly failure: string | null;
  /** Null where no comparison is on record. */
  readonly sequence: number | null;
  readonly readAtMs: number | null;
  readonly found: number | null;
  readonly raised: number | null;
  readonly differences: string | null;
}

const RUN = `SELECT j.date, j.phase, j.job_key AS jobKey, j.state, j.started_ms AS startedMs, j.finished_ms AS finishedMs, j.failure,
  (SELECT COALESCE(SUM(json_array_length(b.message, '$.accountIds')), 0) FROM job_batches b
   WHERE b.job_key = j.job_key) AS accounts,
  (SELECT COALESCE(SUM(json_array_length(b.message, '$.accountIds')), 0) FROM job_batches b
   WHERE b.job_key = j.job_key AND b.state = 'PENDING') AS waiting,
  (SELECT COUNT(*) FROM reconciliations r WHERE r.job_key = j.job_key) AS compared,
  (SELECT COUNT(*) FROM reconciliations r WHERE r.job_key = j.job_key AND r.found > 0) AS withDifferences,
  (SELECT COALESCE(SUM(r.raised), 0) FROM reconciliations r WHERE r.job_key = j.job_key) AS raised
  FROM job_runs j WHERE j.name = 'RECONCILE'`;

/** Newest first. */
export async function listReconcileRuns(d1: D1Database, { limit, after }: PageRequest): Promise<Page<ReconcileRun>> {
  const [date, phase] = after ?? [null, null];
  const { results } = await d1
    .prepare(`${RUN} AND (?1 IS NULL OR (j.date, j.phase) < (?1, ?2)) ORDER BY j.date DESC, j.phase DESC LIMIT ?3`)
    .bind(date ?? null, phase ?? null, limit + 1)
    .all<ReconcileRun>();
  return pageOf(results, limit, (row) => [row.date, row.phase]);
}

export const findReconcileRun = (d1: D1Database, date: string, phase: number): Promise<ReconcileRun | null> =>
  d1.prepare(`${RUN} AND j.date = ?1 AND j.phase = ?2`).bind(date, phase).first<ReconcileRun>();

export const lastReconcileRun = (d1: D1Database, date: string): Promise<ReconcileRun | null> =>
  d1.prepare(`${RUN} AND j.date = ?1 ORDER BY j.phase DESC LIMIT 1`).bind(date).first<ReconcileRun>();

/** The accounts of a run by id; those with differences only where that is asked for. */
export async function comparisonsOf(
  d1: D1Database,
  jobKey: string,
  onlyDifferent: boolean,
  { limit, after }: PageRequest,
): Promise<Page<AccountComparison>> {
  const { results } = await d1
    .prepare(
      `SELECT a.value AS accountId, b.state AS batchState, b.failure, r.sequence, r.read_at_ms AS readAtMs, r.found,
         r.raised, r.differences
       FROM job_batches b, json_each(b.message, '$.accountIds') a
       LEFT JOIN reconciliations r ON r.job_key = b.job_key AND r.account_id = a.value
       WHERE b.job_key = ?1 AND a.value > ?2 AND (?3 = 0 OR r.found > 0) ORDER BY a.value LIMIT ?4`,
    )
    .bind(jobKey, String(after?.[0] ?? ""), onlyDifferent ? 1 : 0, limit + 1)
    .all<AccountComparison>();
  return pageOf(results, limit, (row) => [row.accountId]);
}
