// Read models and double entries into D1, idempotent by (account, sequence).
import { ledgerStatements, readModelStatements } from "../../adapters/storage/ledger-rows.ts";
import { assert } from "../../core/kernel/assert.ts";
import type { AppEnv } from "../../env.ts";
import type { LedgerMessage } from "../../ports/messages.ts";
import { storeThenConfirm } from "./store-then-confirm.ts";

export const consumeLedger = (batch: MessageBatch<LedgerMessage>, env: AppEnv): Promise<void> =>
  storeThenConfirm(batch, env, (messages) => {
    for (const message of messages) assert(message.kind === "LEDGER", "not a message for the ledger");
    return [
      ...readModelStatements(
        env.DB,
        messages.flatMap((message) => message.rows),
      ),
      ...ledgerStatements(
        env.DB,
        messages.flatMap((message) => message.entries),
      ),
    ];
  });
