// The in-app channel: a notification is told once, however often its message comes.
import { notificationStatements } from "../../adapters/storage/ledger-rows.ts";
import { assert } from "../../core/kernel/assert.ts";
import type { AppEnv } from "../../env.ts";
import type { NotificationMessage } from "../../ports/messages.ts";
import { storeThenConfirm } from "./store-then-confirm.ts";

export const consumeNotifications = (batch: MessageBatch<NotificationMessage>, env: AppEnv): Promise<void> =>
  storeThenConfirm(batch, env, (messages) => {
    for (const message of messages) assert(message.kind === "NOTIFICATION", "not a message for notifications");
    return notificationStatements(
      env.DB,
      messages.flatMap((message) => message.notifications),
    );
  });
