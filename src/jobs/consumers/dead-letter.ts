// Keeps what no consumer could take, so that it can be looked at and sent again. Nothing is ever dropped.
import { required } from "../../core/kernel/assert.ts";
import type { AppEnv } from "../../env.ts";
import { queueOfDeadLetters } from "../dead-letters.ts";
import { logFailure } from "../log.ts";

const ERROR = "given up after the last attempt; the log of the consumer says why";

export async function consumeDeadLetters(batch: MessageBatch<unknown>, env: AppEnv): Promise<void> {
  const queue = required(queueOfDeadLetters(batch.queue), "a dead-letter queue");
  const insert = env.DB.prepare(
    `INSERT INTO dead_letters (id, queue, body, attempts, first_seen_ms, error, state)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'PENDING') ON CONFLICT DO NOTHING`,
  );
  for (const message of batch.messages) {
    try {
      await insert
        .bind(message.id, queue, JSON.stringify(message.body), message.attempts, message.timestamp.getTime(), ERROR)
        .run();
      message.ack();
    } catch (failure) {
      logFailure(batch.queue, { id: message.id }, failure);
      message.retry();
    }
  }
}
