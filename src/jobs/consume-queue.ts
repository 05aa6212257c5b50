// Queue → consumer. One message never costs another: each is confirmed or given back by itself.
import { assert } from "../core/kernel/assert.ts";
import type { AppEnv } from "../env.ts";
import type {
  AccountWorkMessage,
  LedgerMessage,
  NotificationMessage,
  QueueMessage,
  RebuildMessage,
} from "../ports/messages.ts";
import { consumeAccountWork } from "./consumers/account-work.ts";
import { consumeDeadLetters } from "./consumers/dead-letter.ts";
import { consumeLedger } from "./consumers/ledger.ts";
import { consumeNotifications } from "./consumers/notifications.ts";
import { queueOfDeadLetters } from "./dead-letters.ts";

export async function consumeQueue(batch: MessageBatch<QueueMessage>, env: AppEnv): Promise<void> {
  if (queueOfDeadLetters(batch.queue) !== null) return consumeDeadLetters(batch, env);
  switch (batch.queue) {
    case "account-work":
      return consumeAccountWork(batch as MessageBatch<AccountWorkMessage | RebuildMessage>, env);
    case "ledger":
      return consumeLedger(batch as MessageBatch<LedgerMessage>, env);
    case "notifications":
      return consumeNotifications(batch as MessageBatch<NotificationMessage>, env);
    default:
      assert(false, `no consumer for the queue ${batch.queue}`);
  }
}
