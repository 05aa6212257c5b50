// Which accounts there are. The account object knows everything else about them.
import { accounts } from "../storage/people-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type AccountRow = typeof accounts.$inferSelect;

export async function accountExists(d1: D1Database, accountId: string): Promise<boolean> {
  const row = await d1.prepare("SELECT 1 FROM accounts WHERE account_id = ?").bind(accountId).first();
  return row !== null;
}

/** Adding an account again changes nothing. */
export async function addAccount(d1: D1Database, row: AccountRow): Promise<void> {
  await database(d1).insert(accounts).values(row).onConflictDoNothing();
}

export async function listAccounts(d1: D1Database, { limit, after }: PageRequest): Promise<Page<AccountRow>> {
  const key = [accounts.accountId];
  const rows = await database(d1)
    .select()
    .from(accounts)
    .where(afterKey(key, after, "OLDEST_FIRST"))
    .orderBy(...inOrder(key, "OLDEST_FIRST"))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.accountId]);
}
