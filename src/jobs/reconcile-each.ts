// The job's part of comparing every account with the venue: the accounts do the rest, each with its own clock and its own book.
import { jobKeyOf } from "../core/session/job.ts";
import type { JobStep } from "./run-job.ts";

export const reconcileEach: JobStep = async (_env, job, atMs) => ({
  type: "COMPARE_WITH_VENUE",
  atMs,
  jobKey: jobKeyOf(job),
});
