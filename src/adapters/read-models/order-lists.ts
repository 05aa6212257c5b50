// Order lists of all days with the orders that carried them out, as the ledger consumer last heard of them.
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { orderLists, orders } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";
import type { OrderRecord } from "./orders.ts";

type ListRow = typeof orderLists.$inferSelect;
export type OrderListRecord = ListRow & { readonly orders: readonly OrderRecord[] };

/** Of one date, newest first by creation, which no later change moves. */
export async function listOrderLists(
  d1: D1Database,
  accountId: string,
  date: string,
  { limit, after }: PageRequest,
): Promise<Page<OrderListRecord>> {
  const key = [orderLists.createdAtMs, orderLists.listId];
  const rows = await database(d1)
    .select()
    .from(orderLists)
    .where(and(eq(orderLists.accountId, accountId), eq(orderLists.date, date), afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (row) => [row.createdAtMs, row.listId]);
  return { ...page, rows: await withOrders(d1, page.rows) };
}

/** The latest of that id. */
export async function findOrderList(
  d1: D1Database,
  accountId: string,
  listId: string,
): Promise<OrderListRecord | null> {
  const rows = await database(d1)
    .select()
    .from(orderLists)
    .where(and(eq(orderLists.accountId, accountId), eq(orderLists.listId, listId)))
    .orderBy(desc(orderLists.date))
    .limit(1);
  return (await withOrders(d1, rows))[0] ?? null;
}

/** D1 binds a hundred values at most, and a page has up to twice as many lists: their ids go in several turns. */
const IDS_PER_QUERY = 90;

/** Rows of one account and date, each with its orders in the order they were made. */
async function withOrders(d1: D1Database, rows: readonly ListRow[]): Promise<OrderListRecord[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const found: OrderRecord[] = [];
  for (let from = 0; from < rows.length; from += IDS_PER_QUERY) {
    const ids = rows.slice(from, from + IDS_PER_QUERY).map(({ listId }) => listId);
    found.push(
      ...(await database(d1)
        .select()
        .from(orders)
        .where(and(eq(orders.accountId, first.accountId), eq(orders.date, first.date), inArray(orders.listId, ids)))
        .orderBy(asc(orders.createdAtMs), asc(orders.clientOrderId))),
    );
  }
  const byList = Map.groupBy(found, ({ listId }) => listId);
  return rows.map((row) => ({ ...row, orders: byList.get(row.listId) ?? [] }));
}
