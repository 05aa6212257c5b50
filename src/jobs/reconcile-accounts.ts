// Every active account compared with the venue because an operator asks for it. The run is a job like any other: its batches are on
// record before they are sent, so a lost queue loses none, and asking again while one is under way takes that one up.
import { lastReconcileRun } from "../adapters/read-models/reconciliations.ts";
import { epochMs, istDateOf } from "../core/kernel/time.ts";
import { type Job, jobKeyOf } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import { runJob } from "./run-job.ts";

/** Returns the job's key. */
export async function reconcileAccounts(env: AppEnv): Promise<string> {
  const nowMs = epochMs(Date.now());
  const date = istDateOf(nowMs);
  const last = await lastReconcileRun(env.DB, date);
  const isUnderWay = last !== null && (last.state === "RUNNING" || last.state === "SENT");
  const phase = isUnderWay ? last.phase : (last?.phase ?? 0) + 1;
  const job: Job = { name: "RECONCILE", date, cycle: null, phase };
  await runJob(env, job, nowMs);
  return jobKeyOf(job);
}
