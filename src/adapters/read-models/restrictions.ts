// Restrictions of symbols: listed, added and lifted by operators today, and by whatever reads the regulators later.
import { and, eq, gte, isNull, lte, or } from "drizzle-orm";
import { inForceOn, type Restriction } from "../../core/compliance/restriction.ts";
import type { MarketDate } from "../../core/kernel/time.ts";
import { restrictions } from "../storage/operations-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type RestrictionRecord = typeof restrictions.$inferSelect;

/** Newest first, lifted ones as well. */
export async function listRestrictions(
  d1: D1Database,
  date: string | undefined,
  { limit, after }: PageRequest,
): Promise<Page<RestrictionRecord>> {
  const key = [restrictions.createdAtMs, restrictions.restrictionId];
  const inForce =
    date === undefined
      ? undefined
      : and(
          isNull(restrictions.liftedAtMs),
          lte(restrictions.fromDate, date),
          or(isNull(restrictions.toDate), gte(restrictions.toDate, date)),
        );
  const rows = await database(d1)
    .select()
    .from(restrictions)
    .where(and(inForce, afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.createdAtMs, row.restrictionId]);
}

/** What accounts are given for a date: everything that is not lifted and in force on it. */
export async function restrictionsInForce(d1: D1Database, date: MarketDate): Promise<readonly Restriction[]> {
  const rows = await database(d1).select().from(restrictions).where(isNull(restrictions.liftedAtMs));
  return inForceOn(rows.map(restrictionOf), date);
}

/** False when one of that id is there already; nothing is changed then. */
export async function addRestriction(d1: D1Database, row: RestrictionRecord): Promise<boolean> {
  const added = await database(d1)
    .insert(restrictions)
    .values(row)
    .onConflictDoNothing()
    .returning({ restrictionId: restrictions.restrictionId });
  return added.length > 0;
}

/** Lifts it once; the first who did stays on record. Null when there is none of that id. */
export async function liftRestriction(
  d1: D1Database,
  restrictionId: string,
  by: { readonly atMs: number; readonly actor: string },
): Promise<RestrictionRecord | null> {
  await d1
    .prepare(
      "UPDATE restrictions SET lifted_at_ms = ?2, lifted_by = ?3 WHERE restriction_id = ?1 AND lifted_at_ms IS NULL",
    )
    .bind(restrictionId, by.atMs, by.actor)
    .run();
  const rows = await listOne(d1, restrictionId);
  return rows[0] ?? null;
}

const listOne = (d1: D1Database, restrictionId: string): Promise<RestrictionRecord[]> =>
  database(d1).select().from(restrictions).where(eq(restrictions.restrictionId, restrictionId));

const restrictionOf = (row: RestrictionRecord): Restriction => ({
  restrictionId: row.restrictionId,
  source: row.source as Restriction["source"],
  type: row.type as Restriction["type"],
  symbol: row.symbol as Restriction["symbol"],
  from: row.fromDate as MarketDate,
  to: row.toDate as MarketDate | null,
  message: row.message,
});
