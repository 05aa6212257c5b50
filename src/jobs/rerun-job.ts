// A second chance for a job that an account refused, or that an outage let pass: once a person has seen to the reason, the whole
// job is run as of now. Accounts that had done their step do nothing again.
import { tradingSessionOf } from "../core/instrument/trading-calendar.ts";
import { err, ok, type Result } from "../core/kernel/result.ts";
import { type EpochMs, epochMs, isMarketDate, type MarketDate } from "../core/kernel/time.ts";
import { dayPlan } from "../core/session/day-plan.ts";
import { isByHand, type Job, jobKeyOf } from "../core/session/job.ts";
import { type AppEnv, SESSION_NAME } from "../env.ts";
import type { JobRefusal, JobRerun } from "../ports/jobs.ts";
import { jobOfKey, reopenJob } from "./job-records.ts";
import { runJob } from "./run-job.ts";

/**
 * Runs a job again. In replay it is only opened: the failed session runs it, at its own time, when it is started again. A job
 * that is done, or already on its way, is left as it is, so that asking twice is asking once.
 */
export async function rerunJob(env: AppEnv, jobKey: string): Promise<Result<JobRerun, JobRefusal>> {
  const nowMs = epochMs(Date.now());
  const found = (await jobOfKey(env.DB, jobKey)) ?? (env.TRADING_MODE === "PAPER" ? missedJob(jobKey, nowMs) : null);
  if (found === null) return err({ code: "JOB_NOT_FOUND", detail: `no job ${jobKey} has been run` });
  const { job, state } = found;
  if (state === "DONE") return ok({ jobKey, state });
  if (env.TRADING_MODE === "REPLAY" && !isByHand(job))
    return state === "FAILED" ? reopenForSession(env, jobKey, job) : ok({ jobKey, state });
  await reopenJob(env.DB, jobKey);
  const { batchIds } = await runJob(env, job, nowMs);
  return ok({ jobKey, state: batchIds.length === 0 ? "DONE" : "SENT" });
}

async function reopenForSession(env: AppEnv, jobKey: string, job: Job): Promise<Result<JobRerun, JobRefusal>> {
  const { status, session } = await env.SESSION.getByName(SESSION_NAME).view();
  if (status !== "FAILED" || session?.date !== job.date) {
    return err({
      code: "JOB_NOT_RERUNNABLE",
      detail: `no session of ${job.date} has failed; the current one is ${status}`,
    });
  }
  await reopenJob(env.DB, jobKey);
  return ok({ jobKey, state: "RUNNING" });
}

/** A job that was due by now on some date and was never begun, as if it had failed; or null. */
function missedJob(jobKey: string, nowMs: EpochMs): { readonly job: Job; readonly state: "FAILED" } | null {
  const date = jobKey.split("/")[1] ?? "";
  const session = isMarketDate(date) ? tradingSessionOf(date as MarketDate) : null;
  if (session === null || !session.ok) return null;
  const planned = dayPlan(session.value.date, session.value).find(({ job }) => jobKeyOf(job) === jobKey);
  return planned === undefined || planned.atMs > nowMs ? null : { job: planned.job, state: "FAILED" };
}
