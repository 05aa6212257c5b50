// The steps of a day. A job is identified by what it is for, so that running it twice has the effect of running it once.
import { isMarketDate, type MarketDate } from "../kernel/time.ts";

export const JOB_NAMES = [
  "OPEN_DAY",
  "PULL",
  "POLL_TRANSFERS",
  "GENERATE_SIGNALS",
  "RUN_WINDOW",
  "EXIT_ONLY",
  "SQUARE_OFF",
  "SETTLE_PROVISIONAL",
  "PUSH",
  "SETTLE_FINAL",
  "CLOSE_DAY",
  "KEEP_BARS",
  "SCORE_MODELS",
  "CHECKPOINT",
  "PLATFORM_HALT",
  "PLATFORM_RESUME",
  "RECONCILE",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

export interface Job {
  readonly name: JobName;
  readonly date: MarketDate;
  /** 1-based number of the 15-minute cycle; null for jobs that are not part of one. */
  readonly cycle: number | null;
  /** Number of the switch for PLATFORM_HALT and PLATFORM_RESUME; the n-th run on a date for RECONCILE; execution window 1 to 3 for RUN_WINDOW; the n-th run on a day for POLL_TRANSFERS and SQUARE_OFF; else null. */
  readonly phase: number | null;
}

/** What an operator asks for comes when it comes, belongs to no day's plan, and is for every account there is. */
export const isByHand = ({ name }: Pick<Job, "name">): boolean =>
  name === "PLATFORM_HALT" || name === "PLATFORM_RESUME" || name === "RECONCILE";

/** "(job, date, cycle, phase)" as one key. */
export const jobKeyOf = (job: Job): string => `${job.name}/${job.date}/${job.cycle ?? "-"}/${job.phase ?? "-"}`;

/** The date a job's key is for; null when there is none in it. */
export function dateOfJobKey(jobKey: string): MarketDate | null {
  const date = jobKey.split("/")[1] ?? "";
  return isMarketDate(date) ? date : null;
}

export const cycleIdOf = (date: MarketDate, cycle: number): string => `${date}-C${String(cycle).padStart(2, "0")}`;
