// The in-app channel: what a user was told, newest first, and that they have read it. A journal event tells at most one thing,
// so its sequence names it.
import { and, eq, isNull } from "drizzle-orm";
import { notifications } from "../storage/operations-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type NotificationRecord = typeof notifications.$inferSelect;

export async function listNotifications(
  d1: D1Database,
  accountId: string,
  unreadOnly: boolean,
  { limit, after }: PageRequest,
): Promise<Page<NotificationRecord>> {
  const key = [notifications.sequence, notifications.title];
  const rows = await database(d1)
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.accountId, accountId),
        unreadOnly ? isNull(notifications.readAtMs) : undefined,
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.sequence, row.title]);
}

/** The first reading counts. Null when there is no such notification. */
export async function readNotification(
  d1: D1Database,
  accountId: string,
  sequence: number,
  atMs: number,
): Promise<NotificationRecord | null> {
  const isIt = and(eq(notifications.accountId, accountId), eq(notifications.sequence, sequence));
  await database(d1)
    .update(notifications)
    .set({ readAtMs: atMs })
    .where(and(isIt, isNull(notifications.readAtMs)));
  const rows = await database(d1).select().from(notifications).where(isIt).limit(1);
  return rows[0] ?? null;
}
