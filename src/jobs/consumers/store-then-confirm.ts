// What consumers of consequences have in common: all messages of a batch are stored in one atomic write; when that fails each
// is tried alone, so that a bad one cannot hold the others back; what is stored is confirmed to its account.

import { inLanes } from "../../core/kernel/in-lanes.ts";
import type { AppEnv } from "../../env.ts";
import { logFailure } from "../log.ts";

interface Confirmable {
  readonly accountId: string;
  readonly outboxIds: readonly number[];
}

const LANES_MAX = 16;

export async function storeThenConfirm<Body extends Confirmable>(
  batch: MessageBatch<Body>,
  env: AppEnv,
  statementsFor: (bodies: readonly Body[]) => readonly D1PreparedStatement[],
): Promise<void> {
  const store = async (messages: readonly Message<Body>[]): Promise<void> => {
    const statements = statementsFor(messages.map((message) => message.body));
    if (statements.length > 0) await env.DB.batch([...statements]);
  };
  const stored: Message<Body>[] = [];
  try {
    await store(batch.messages);
    stored.push(...batch.messages);
  } catch {
    for (const message of batch.messages) {
      try {
        await store([message]);
        stored.push(message);
      } catch (failure) {
        logFailure(batch.queue, { id: message.id, attempts: message.attempts }, failure);
        message.retry();
      }
    }
  }
  await confirm(stored, env);
}

/** A confirmation that is lost costs a repetition: the account sends the message again. */
async function confirm(messages: readonly Message<Confirmable>[], env: AppEnv): Promise<void> {
  const byAccount = [...Map.groupBy(messages, (message) => message.body.accountId)];
  await inLanes(byAccount, LANES_MAX, async ([accountId, group]) => {
    for (const message of group) message.ack();
    try {
      await env.ACCOUNT.getByName(accountId).confirmOutbox(group.flatMap((message) => message.body.outboxIds));
    } catch (failure) {
      logFailure("confirm", { accountId }, failure);
    }
  });
}
