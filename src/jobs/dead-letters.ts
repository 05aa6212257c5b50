// Dead letters after they were written down.
import type { AppEnv } from "../env.ts";
import type { AccountWorkMessage, LedgerMessage, NotificationMessage } from "../ports/messages.ts";

const SUFFIX = "-dlq";

/** The queue whose dead letters a queue carries, or null when it carries none. */
export const queueOfDeadLetters = (queue: string): string | null =>
  queue.endsWith(SUFFIX) ? queue.slice(0, -SUFFIX.length) : null;

/** Sends a letter to its queue again. False when there is no such letter waiting. Its consumer takes a repetition in its stride. */
export async function replayDeadLetter(env: AppEnv, id: string): Promise<boolean> {
  const letter = await env.DB.prepare("SELECT queue, body FROM dead_letters WHERE id = ?1 AND state = 'PENDING'")
    .bind(id)
    .first<{ queue: string; body: string }>();
  if (letter === null) return false;
  // Sent first: a crash in between sends it twice, never not at all.
  const sent = await send(env, letter.queue, JSON.parse(letter.body));
  if (!sent) return false;
  await env.DB.prepare("UPDATE dead_letters SET state = 'REPLAYED' WHERE id = ?1").bind(id).run();
  return true;
}

async function send(env: AppEnv, queue: string, body: unknown): Promise<boolean> {
  switch (queue) {
    case "account-work":
      await env.ACCOUNT_WORK.send(body as AccountWorkMessage);
      return true;
    case "ledger":
      await env.LEDGER.send(body as LedgerMessage);
      return true;
    case "notifications":
      await env.NOTIFICATIONS.send(body as NotificationMessage);
      return true;
    default:
      return false;
  }
}

export interface OpenLetter {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
}

/** What a day still waits for: its jobs that are not done, and the accounts whose outboxes are not empty. */
export interface Waiting {
  readonly jobKeys: readonly string[];
  readonly accountIds: readonly string[];
}

/**
 * The letters whose content has not arrived in another way since: work of a job that is not done, and consequences of an account
 * that has unconfirmed ones. All others are for a person to close, and no fault of the day's books.
 */
export function missedLetters(letters: readonly OpenLetter[], { jobKeys, accountIds }: Waiting): readonly OpenLetter[] {
  return letters.filter(({ queue, body }) => {
    const { accountId = "", command } = (JSON.parse(body) ?? {}) as Partial<
      Pick<LedgerMessage, "accountId"> & Pick<AccountWorkMessage, "command">
    >;
    return queue === "account-work" ? jobKeys.includes(command?.jobKey ?? "") : accountIds.includes(accountId);
  });
}
