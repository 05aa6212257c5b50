// Gives a job's command to a batch of accounts and reports the batch. An account that was told before does nothing again.
import { assert } from "../../core/kernel/assert.ts";
import { inLanes } from "../../core/kernel/in-lanes.ts";
import { type AppEnv, SESSION_NAME } from "../../env.ts";
import type { AccountWorkMessage, RebuildMessage } from "../../ports/messages.ts";
import { finishBatch } from "../job-records.ts";
import { logFailure } from "../log.ts";
import { rebuildNext } from "../rebuild-accounts.ts";

const LANES_MAX = 16;

type Work = AccountWorkMessage | RebuildMessage;

export async function consumeAccountWork(batch: MessageBatch<Work>, env: AppEnv): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        const { body } = message;
        if (body.kind === "REBUILD") await rebuildNext(env, body, message.attempts);
        else await carryOut(body, env);
        message.ack();
      } catch (failure) {
        logFailure("account-work", { id: message.id, attempts: message.attempts }, failure);
        message.retry();
      }
    }),
  );
}

async function carryOut(message: AccountWorkMessage, env: AppEnv): Promise<void> {
  assert(message.kind === "ACCOUNT_WORK" && Array.isArray(message.accountIds), "not a message for account-work");
  const { batchId, accountIds, command } = message;
  const refusals = await inLanes(accountIds, LANES_MAX, async (accountId) => {
    const outcome = await env.ACCOUNT.getByName(accountId).runJob(command);
    return outcome.ok ? null : `${accountId}: ${outcome.error.code} ${outcome.error.detail}`;
  });
  const refused = refusals.filter((refusal) => refusal !== null);
  // A refused step leaves the account where it was; the day must not go on as if it had been taken.
  const failure = refused.length === 0 ? null : refused.slice(0, 5).join("; ");
  await finishBatch(env.DB, batchId, failure);
  if (message.awaited) await env.SESSION.getByName(SESSION_NAME).batchDone(batchId, failure);
}
