// Holders, their linked accounts and how their orders were shared out. Every change leaves a row that says who made it and why,
// in the same commit; a link beyond the limit is refused by the statement that would make it, however many ask at once.
import { and, asc, desc, eq } from "drizzle-orm";
import { accounts, allocations, holderChanges, holders } from "../storage/people-schema.ts";
import { database } from "./database.ts";

export type HolderRow = typeof holders.$inferSelect;
export type HolderChangeRow = typeof holderChanges.$inferSelect;
export type AllocationRow = typeof allocations.$inferSelect;

export interface Author {
  readonly changedBy: string;
  readonly reason: string;
  readonly atMs: number;
}

const CHANGES_MAX = 200;

export async function findHolder(d1: D1Database, holderId: string): Promise<HolderRow | null> {
  const rows = await database(d1).select().from(holders).where(eq(holders.holderId, holderId)).limit(1);
  return rows[0] ?? null;
}

/** In the order of their ids: the order in which an allocation counts them. */
export const linkedAccounts = (d1: D1Database, holderId: string): Promise<(typeof accounts.$inferSelect)[]> =>
  database(d1).select().from(accounts).where(eq(accounts.holderId, holderId)).orderBy(asc(accounts.accountId));

/** Newest first. */
export const holderHistory = (d1: D1Database, holderId: string): Promise<HolderChangeRow[]> =>
  database(d1)
    .select()
    .from(holderChanges)
    .where(eq(holderChanges.holderId, holderId))
    .orderBy(desc(holderChanges.changeId))
    .limit(CHANGES_MAX);

/** Opens a holder or changes one. Saying the same again leaves no trace. */
export async function saveHolder(d1: D1Database, row: HolderRow, author: Author): Promise<void> {
  const detail = JSON.stringify({
    displayName: row.displayName,
    category: row.category,
    accountsMax: row.accountsMax,
  });
  await d1.batch([
    d1
      .prepare(
        `INSERT INTO holder_changes (holder_id, at_ms, changed_by, action, detail, reason)
         SELECT ?1, ?2, ?3, iif(EXISTS (SELECT 1 FROM holders WHERE holder_id = ?1), 'CHANGED', 'OPENED'), ?4, ?5
         WHERE NOT EXISTS (SELECT 1 FROM holders
           WHERE holder_id = ?1 AND display_name = ?6 AND category = ?7 AND accounts_max IS ?8)`,
      )
      .bind(
        row.holderId,
        author.atMs,
        author.changedBy,
        detail,
        author.reason,
        row.displayName,
        row.category,
        row.accountsMax,
      ),
    d1
      .prepare(
        `INSERT INTO holders (holder_id, display_name, category, accounts_max, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (holder_id) DO UPDATE SET display_name = ?2, category = ?3, accounts_max = ?4`,
      )
      .bind(row.holderId, row.displayName, row.category, row.accountsMax, row.createdAtMs),
  ]);
}

/** False when the account is somebody else's or the holder has as many as may be. Linking it again changes nothing. */
export async function linkAccount(
  d1: D1Database,
  holderId: string,
  accountId: string,
  accountsMax: number,
  author: Author,
): Promise<boolean> {
  const mayLink = `EXISTS (SELECT 1 FROM accounts WHERE account_id = ?2 AND holder_id IS NULL)
    AND (SELECT count(*) FROM accounts WHERE holder_id = ?1) < ?3`;
  await d1.batch([
    d1
      .prepare(
        `INSERT INTO holder_changes (holder_id, at_ms, changed_by, action, detail, reason)
         SELECT ?1, ?4, ?5, 'LINKED', ?2, ?6 WHERE ${mayLink}`,
      )
      .bind(holderId, accountId, accountsMax, author.atMs, author.changedBy, author.reason),
    d1
      .prepare(`UPDATE accounts SET holder_id = ?1 WHERE account_id = ?2 AND ${mayLink}`)
      .bind(holderId, accountId, accountsMax),
  ]);
  return (await holderOf(d1, accountId)) === holderId;
}

/** False when it was not this holder's. */
export async function unlinkAccount(
  d1: D1Database,
  holderId: string,
  accountId: string,
  author: Author,
): Promise<boolean> {
  const [, unlinked] = await d1.batch([
    d1
      .prepare(
        `INSERT INTO holder_changes (holder_id, at_ms, changed_by, action, detail, reason)
         SELECT ?1, ?3, ?4, 'UNLINKED', ?2, ?5 FROM accounts WHERE account_id = ?2 AND holder_id = ?1`,
      )
      .bind(holderId, accountId, author.atMs, author.changedBy, author.reason),
    d1
      .prepare("UPDATE accounts SET holder_id = NULL WHERE account_id = ?2 AND holder_id = ?1")
      .bind(holderId, accountId),
  ]);
  return (unlinked?.meta.changes ?? 0) > 0;
}

async function holderOf(d1: D1Database, accountId: string): Promise<string | null> {
  const rows = await database(d1)
    .select({ holderId: accounts.holderId })
    .from(accounts)
    .where(eq(accounts.accountId, accountId))
    .limit(1);
  return rows[0]?.holderId ?? null;
}

export async function findAllocation(
  d1: D1Database,
  holderId: string,
  date: string,
  clientOrderId: string,
): Promise<AllocationRow | null> {
  const rows = await database(d1)
    .select()
    .from(allocations)
    .where(
      and(eq(allocations.holderId, holderId), eq(allocations.date, date), eq(allocations.clientOrderId, clientOrderId)),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** The allocation that stands: this one, or the one that was there before. */
export async function keepAllocation(d1: D1Database, row: AllocationRow): Promise<AllocationRow> {
  await database(d1).insert(allocations).values(row).onConflictDoNothing();
  return (await findAllocation(d1, row.holderId, row.date, row.clientOrderId)) ?? row;
}
