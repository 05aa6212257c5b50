// Daily reports, newest first.
import { and, eq } from "drizzle-orm";
import { reports } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type ReportRecord = typeof reports.$inferSelect;

export async function listReports(
  d1: D1Database,
  accountId: string,
  { limit, after }: PageRequest,
): Promise<Page<ReportRecord>> {
  const key = [reports.date];
  const rows = await database(d1)
    .select()
    .from(reports)
    .where(and(eq(reports.accountId, accountId), afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date]);
}

export async function findReport(d1: D1Database, accountId: string, date: string): Promise<ReportRecord | null> {
  const rows = await database(d1)
    .select()
    .from(reports)
    .where(and(eq(reports.accountId, accountId), eq(reports.date, date)))
    .limit(1);
  return rows[0] ?? null;
}
