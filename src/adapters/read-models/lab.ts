// What the lab has to show: its runs, and which days of the market's history there are.
import { and, eq, getTableColumns, isNull } from "drizzle-orm";
import { labRuns } from "../storage/lab-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type LabRunRecord = typeof labRuns.$inferSelect;

/** Without what came of it: results are long, and a list of them would be read at every look. */
export type ListedLabRun = Omit<LabRunRecord, "result">;
const { result: _result, ...listed } = getTableColumns(labRuns);

/** Newest first. `accountId` null: of the platform; undefined: of the platform and of everybody. */
export async function listLabRuns(
  d1: D1Database,
  { accountId, kind }: { readonly accountId?: string | null | undefined; readonly kind?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<ListedLabRun>> {
  const key = [labRuns.createdAtMs, labRuns.runId];
  const rows = await database(d1)
    .select(listed)
    .from(labRuns)
    .where(
      and(
        accountId === undefined ? undefined : isOf(accountId),
        kind === undefined ? undefined : eq(labRuns.kind, kind),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.createdAtMs, row.runId]);
}

const isOf = (accountId: string | null) =>
  accountId === null ? isNull(labRuns.accountId) : eq(labRuns.accountId, accountId);

export async function findLabRun(d1: D1Database, runId: string): Promise<LabRunRecord | null> {
  const rows = await database(d1).select().from(labRuns).where(eq(labRuns.runId, runId));
  return rows[0] ?? null;
}

export interface HistoryCoverage {
  readonly index: string;
  readonly intervalMs: number;
  readonly source: string;
  readonly days: number;
  readonly from: string;
  readonly to: string;
  readonly bars: number;
}

/** One row per index, interval and source. */
export async function historyCoverage(d1: D1Database): Promise<readonly HistoryCoverage[]> {
  const { results } = await d1
    .prepare(
      `SELECT index_name AS "index", interval_ms AS intervalMs, source, COUNT(*) AS days, MIN(date) AS "from", MAX(date) AS "to",
       SUM(count) AS bars FROM bar_days GROUP BY index_name, interval_ms, source ORDER BY index_name, interval_ms, source`,
    )
    .all<HistoryCoverage>();
  return results;
}

/** How many days of a stretch have bars of any of the indices, of any of the intervals. */
export async function countHistoryDays(
  d1: D1Database,
  {
    underlyings,
    intervals,
    from,
    to,
  }: {
    readonly underlyings: readonly string[];
    readonly intervals: readonly number[];
    readonly from: string;
    readonly to: string;
  },
): Promise<number> {
  const days = await d1
    .prepare(
      `SELECT COUNT(DISTINCT date) AS days FROM bar_days WHERE interval_ms IN (SELECT value FROM json_each(?1)) AND source <> 'REPLAY'
       AND date BETWEEN ?2 AND ?3 AND index_name IN (SELECT value FROM json_each(?4))`,
    )
    .bind(JSON.stringify(intervals), from, to, JSON.stringify(underlyings))
    .first<number>("days");
  return days ?? 0;
}
