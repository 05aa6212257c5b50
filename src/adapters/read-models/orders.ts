// Orders of all days, as the ledger consumer last heard of them.
import { and, desc, eq, gte, lte } from "drizzle-orm";
import { orders } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type OrderRecord = typeof orders.$inferSelect;

export interface OrderFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: string | undefined;
  readonly underlying?: string | undefined;
}

/** Newest first by creation, which no later change moves. */
export async function listOrders(
  d1: D1Database,
  accountId: string,
  filter: OrderFilter,
  { limit, after }: PageRequest,
): Promise<Page<OrderRecord>> {
  const key = [orders.date, orders.createdAtMs, orders.clientOrderId];
  const rows = await database(d1)
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.accountId, accountId),
        filter.from === undefined ? undefined : gte(orders.date, filter.from),
        filter.to === undefined ? undefined : lte(orders.date, filter.to),
        filter.status === undefined ? undefined : eq(orders.status, filter.status),
        filter.underlying === undefined ? undefined : eq(orders.underlying, filter.underlying),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.createdAtMs, row.clientOrderId]);
}

/** The latest of that name. */
export async function findOrder(d1: D1Database, accountId: string, clientOrderId: string): Promise<OrderRecord | null> {
  const rows = await database(d1)
    .select()
    .from(orders)
    .where(and(eq(orders.accountId, accountId), eq(orders.clientOrderId, clientOrderId)))
    .orderBy(desc(orders.date))
    .limit(1);
  return rows[0] ?? null;
}
