// Settlements and transfers, newest first.
import { and, eq } from "drizzle-orm";
import { settlements, transfers } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type SettlementRecord = typeof settlements.$inferSelect;
export type TransferRecord = typeof transfers.$inferSelect;

export async function listSettlements(
  d1: D1Database,
  accountId: string,
  date: string | undefined,
  { limit, after }: PageRequest,
): Promise<Page<SettlementRecord>> {
  const key = [settlements.date, settlements.sequence];
  const rows = await database(d1)
    .select()
    .from(settlements)
    .where(
      and(
        eq(settlements.accountId, accountId),
        date === undefined ? undefined : eq(settlements.date, date),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.sequence]);
}

export async function listTransfers(
  d1: D1Database,
  accountId: string,
  date: string | undefined,
  { limit, after }: PageRequest,
): Promise<Page<TransferRecord>> {
  const key = [transfers.date, transfers.requestedAtMs, transfers.transferId];
  const rows = await database(d1)
    .select()
    .from(transfers)
    .where(
      and(
        eq(transfers.accountId, accountId),
        date === undefined ? undefined : eq(transfers.date, date),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.requestedAtMs, row.transferId]);
}
