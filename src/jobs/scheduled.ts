// The cron triggers' way into the jobs. In replay the session's clock is the only driver, and cron does nothing.
import { epochMs, MS_PER_SECOND } from "../core/kernel/time.ts";
import { jobKeyOf } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import { logFailure } from "./log.ts";
import { finishSwitches } from "./platform-switch.ts";
import { runJob } from "./run-job.ts";
import { jobsDueBy } from "./schedule.ts";
import { watchPlatform } from "./watch-platform.ts";
import { trainWhenDue } from "./weekly-training.ts";

/** How long a minute's run waits for the batches of one job before it leaves the rest to the next minute. */
const PATIENCE_MS = 20 * MS_PER_SECOND;
const LOOK_EVERY_MS = 250;

/** Runs what is due and not done, in order. A job that is not finished holds the later ones back until the next minute. */
export async function runScheduled(env: AppEnv, scheduledMs: number): Promise<void> {
  await finishSwitches(env).catch((failure: unknown) => logFailure("switches", {}, failure));
  if (env.TRADING_MODE !== "PAPER") return;
  // Beside the jobs: neither waits for the other, whatever D1 or an object takes.
  const watch = watchPlatform(env, epochMs(scheduledMs)).catch((failure: unknown) =>
    logFailure("platform-breaker", {}, failure),
  );
  await runDueJobs(env, scheduledMs);
  await watch;
}

async function runDueJobs(env: AppEnv, scheduledMs: number): Promise<void> {
  await trainWhenDue(env, epochMs(scheduledMs)).catch((failure: unknown) => logFailure("training", {}, failure));
  for (const { job } of jobsDueBy(epochMs(scheduledMs))) {
    const jobKey = jobKeyOf(job);
    try {
      if (await isOver(env, jobKey)) continue;
      // The instant is that of the run, not of the plan: prices and orders are of now.
      const { batchIds, failure } = await runJob(env, job, epochMs(scheduledMs));
      if (failure !== null) logFailure("job", { jobKey }, failure);
      if (batchIds.length > 0 && !(await isOverSoon(env, jobKey))) return;
    } catch (failure) {
      logFailure("job", { jobKey }, failure);
      return;
    }
  }
}

async function isOverSoon(env: AppEnv, jobKey: string): Promise<boolean> {
  for (const untilMs = Date.now() + PATIENCE_MS; Date.now() < untilMs; ) {
    if (await isOver(env, jobKey)) return true;
    await scheduler.wait(LOOK_EVERY_MS);
  }
  return false;
}

async function isOver(env: AppEnv, jobKey: string): Promise<boolean> {
  const state = await env.DB.prepare("SELECT state FROM job_runs WHERE job_key = ?1")
    .bind(jobKey)
    .first<string>("state");
  return state === "DONE" || state === "FAILED";
}
