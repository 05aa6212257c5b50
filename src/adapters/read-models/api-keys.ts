// API keys as they are stored: by id, with the hash of the key. The key itself is nowhere.
import { and, eq, isNull } from "drizzle-orm";
import { apiKeys } from "../storage/people-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

export async function findApiKey(d1: D1Database, keyId: string): Promise<ApiKeyRow | null> {
  const rows = await database(d1).select().from(apiKeys).where(eq(apiKeys.keyId, keyId)).limit(1);
  return rows[0] ?? null;
}

/** False, and nothing is written, when the id is taken. */
export async function addApiKey(d1: D1Database, row: ApiKeyRow): Promise<boolean> {
  const added = await database(d1)
    .insert(apiKeys)
    .values(row)
    .onConflictDoNothing()
    .returning({ keyId: apiKeys.keyId });
  return added.length > 0;
}

/** `accountId` null lists the keys of everybody. */
export async function listApiKeys(
  d1: D1Database,
  accountId: string | null,
  { limit, after }: PageRequest,
): Promise<Page<ApiKeyRow>> {
  const key = [apiKeys.createdAtMs, apiKeys.keyId];
  const rows = await database(d1)
    .select()
    .from(apiKeys)
    .where(and(accountId === null ? undefined : eq(apiKeys.accountId, accountId), afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.createdAtMs, row.keyId]);
}

/** False when there is no such key that is still good, or it is another account's. */
export async function revokeApiKey(
  d1: D1Database,
  keyId: string,
  accountId: string | null,
  atMs: number,
): Promise<boolean> {
  const done = await database(d1)
    .update(apiKeys)
    .set({ revokedAtMs: atMs })
    .where(
      and(
        eq(apiKeys.keyId, keyId),
        isNull(apiKeys.revokedAtMs),
        accountId === null ? undefined : eq(apiKeys.accountId, accountId),
      ),
    )
    .returning({ keyId: apiKeys.keyId });
  return done.length > 0;
}
