// Runs one step of the day. What a job has come to is written down, so that running it again does only what is still missing:
// nothing when it is done, the unanswered batches when it was sent, all of it when it broke off before that.
import type { EpochMs } from "../core/kernel/time.ts";
import { isByHand, type Job, type JobName, jobKeyOf } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import type { JobOutcome } from "../ports/jobs.ts";
import type { AccountWorkMessage } from "../ports/messages.ts";
import type { JobCommand } from "../ports/objects.ts";
import { activeAccounts, everyAccount } from "./active-accounts.ts";
import { closeDay, enterExitOnly, settleFinal, settleProvisional, squareOff } from "./close-of-day.ts";
import { followSwitch } from "./follow-switch.ts";
import { generateSignals } from "./generate-signals.ts";
import { finishJob, pendingBatches, recordBatches, startJob } from "./job-records.ts";
import { keepBars } from "./keep-bars.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";
import { openDay } from "./open-day.ts";
import { reconcileEach } from "./reconcile-each.ts";
import { runWindow } from "./run-window.ts";
import { scoreModels } from "./score-models.ts";
import { pollTransfers, requestPull, requestPush } from "./transfers.ts";

/** Does a job's own part and returns the command for every account, or null when the accounts have no part in it. */
export type JobStep = (env: AppEnv, job: Job, atMs: EpochMs) => Promise<JobCommand | null>;

const STEPS: Readonly<Record<JobName, JobStep>> = {
  OPEN_DAY: openDay,
  PULL: requestPull,
  POLL_TRANSFERS: pollTransfers,
  GENERATE_SIGNALS: generateSignals,
  RUN_WINDOW: runWindow,
  EXIT_ONLY: enterExitOnly,
  SQUARE_OFF: squareOff,
  SETTLE_PROVISIONAL: settleProvisional,
  PUSH: requestPush,
  SETTLE_FINAL: settleFinal,
  CLOSE_DAY: closeDay,
  KEEP_BARS: keepBars,
  SCORE_MODELS: scoreModels,
  CHECKPOINT: makeCheckpoint,
  PLATFORM_HALT: followSwitch,
  PLATFORM_RESUME: followSwitch,
  RECONCILE: reconcileEach,
};

const ACCOUNTS_PER_BATCH = 25;
/** What a queue takes in one call, in messages and, with room to spare, in characters. */
const MESSAGES_PER_SEND = 100;
const CHARACTERS_PER_SEND = 200_000;

/**
 * Carries a job out, or what is left of it. Batches of accounts go over the queue; their ids are returned, and the job is done
 * when `finishBatch` has seen all of them. Throws when something it needs does not answer; it may then be run again.
 */
export async function runJob(env: AppEnv, job: Job, atMs: EpochMs): Promise<JobOutcome> {
  const jobKey = jobKeyOf(job);
  const { state, failure } = await startJob(env.DB, job, atMs);
  if (state === "DONE") return { batchIds: [], failure: null };
  if (state === "FAILED") return { batchIds: [], failure };
  if (state === "RUNNING") {
    const command = await STEPS[job.name](env, job, atMs);
    const accountIds =
      command === null ? [] : await (isByHand(job) ? everyAccount(env) : activeAccounts(env, job.date));
    const isAwaited = env.TRADING_MODE === "REPLAY" && !isByHand(job);
    const messages = command === null ? [] : batchesFor(isAwaited, jobKey, command, accountIds);
    if (messages.length === 0) {
      await finishJob(env.DB, jobKey);
      return { batchIds: [], failure: null };
    }
    await recordBatches(env.DB, job, messages);
    await send(env, messages);
    return { batchIds: messages.map((message) => message.batchId), failure: null };
  }
  const pending = await pendingBatches(env.DB, jobKey);
  await send(env, pending);
  return { batchIds: pending.map((message) => message.batchId), failure: null };
}

function batchesFor(
  awaited: boolean,
  jobKey: string,
  command: JobCommand,
  accountIds: readonly string[],
): AccountWorkMessage[] {
  const messages: AccountWorkMessage[] = [];
  for (let from = 0; from < accountIds.length; from += ACCOUNTS_PER_BATCH) {
    messages.push({
      kind: "ACCOUNT_WORK",
      batchId: `${jobKey}/${messages.length}`,
      awaited,
      accountIds: accountIds.slice(from, from + ACCOUNTS_PER_BATCH),
      command,
    });
  }
  return messages;
}

async function send(env: AppEnv, messages: readonly AccountWorkMessage[]): Promise<void> {
  let group: AccountWorkMessage[] = [];
  let characters = 0;
  for (const message of messages) {
    const size = JSON.stringify(message).length;
    if (group.length === MESSAGES_PER_SEND || (group.length > 0 && characters + size > CHARACTERS_PER_SEND)) {
      await env.ACCOUNT_WORK.sendBatch(group.map((body) => ({ body })));
      group = [];
      characters = 0;
    }
    group.push(message);
    characters += size;
  }
  if (group.length > 0) await env.ACCOUNT_WORK.sendBatch(group.map((body) => ({ body })));
}
