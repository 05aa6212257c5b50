// Money for the day in the morning, the pay-out home in the afternoon, and asking the rail how far it has come (FND-06).
import { jobKeyOf } from "../core/session/job.ts";
import type { JobStep } from "./run-job.ts";

export const requestPull: JobStep = async (_env, job, atMs) => ({ type: "REQUEST_PULL", atMs, jobKey: jobKeyOf(job) });

export const requestPush: JobStep = async (_env, job, atMs) => ({ type: "REQUEST_PUSH", atMs, jobKey: jobKeyOf(job) });

export const pollTransfers: JobStep = async (_env, job, atMs) => ({
  type: "POLL_TRANSFERS",
  atMs,
  jobKey: jobKeyOf(job),
});
