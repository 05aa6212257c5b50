// What was checked of every order, and the figures of the compliance report.
import { and, eq } from "drizzle-orm";
import { orderChecks } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type OrderCheckRecord = typeof orderChecks.$inferSelect;

export interface CheckFilter {
  readonly accountId?: string | undefined;
  readonly date?: string | undefined;
}

/** Newest first within an account. */
export async function listOrderChecks(
  d1: D1Database,
  { accountId, date }: CheckFilter,
  { limit, after }: PageRequest,
): Promise<Page<OrderCheckRecord>> {
  const key = [orderChecks.date, orderChecks.accountId, orderChecks.sequence];
  const rows = await database(d1)
    .select()
    .from(orderChecks)
    .where(and(ofFilter({ accountId, date }), afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.accountId, row.sequence]);
}

/** How many orders came to which status, by the rule that refused. */
export async function countOrderChecks(
  d1: D1Database,
  { accountId, date }: CheckFilter,
): Promise<readonly { readonly status: string; readonly ruleId: string | null; readonly orders: number }[]> {
  const { results } = await d1
    .prepare(
      `SELECT status, rule_id AS ruleId, COUNT(*) AS orders FROM order_checks
       WHERE (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR date = ?2)
       GROUP BY status, rule_id ORDER BY status, rule_id`,
    )
    .bind(accountId ?? null, date ?? null)
    .all<{ status: string; ruleId: string | null; orders: number }>();
  return results;
}

const ofFilter = ({ accountId, date }: CheckFilter) =>
  and(
    accountId === undefined ? undefined : eq(orderChecks.accountId, accountId),
    date === undefined ? undefined : eq(orderChecks.date, date),
  );
