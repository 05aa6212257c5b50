// API keys as they are stored: by id, with the hash of the key. The key itself is nowhere.
import { and, eq, isNull } from "drizzle-orm";
import { apiKeys } from "../storage/people-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

export async function findApiKey(d1: D1Database, keyId: string): Promise<ApiKeyRow | null> {
  const rows = await database(d1).select().from(apiKeys).where(eq(apiKeys.keyId, keyId)).limit(1);
  return rows[0] ?? null;
}

/**
 * Adds a key while its account, or the platform, has fewer good ones than `max`: the statement itself counts, however many are
 * asked for at once. Nothing is written when the id is taken, or there are enough.
 */
export async function addApiKey(d1: D1Database, row: ApiKeyRow, max: number): Promise<"ADDED" | "TAKEN" | "TOO_MANY"> {
  const { keyId, secretHash, accountId, scopes, name, createdAtMs, expiresAtMs } = row;
  const added = await d1
    .prepare(
      `INSERT INTO api_keys (key_id, secret_hash, account_id, scopes, name, created_at_ms, expires_at_ms)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
       WHERE (SELECT count(*) FROM api_keys WHERE account_id IS ?3 AND revoked_at_ms IS NULL
         AND (expires_at_ms IS NULL OR expires_at_ms > ?6)) < ?8
       ON CONFLICT DO NOTHING`,
    )
    .bind(keyId, secretHash, accountId, scopes, name, createdAtMs, expiresAtMs, max)
    .run();
  if (added.meta.changes > 0) return "ADDED";
  return (await findApiKey(d1, keyId)) === null ? "TOO_MANY" : "TAKEN";
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
