// Opens every account's day with the market's hours and the VIX as it is known by then.
import { jobKeyOf } from "../core/session/job.ts";
import { feedViews, vixOf } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import type { JobStep } from "./run-job.ts";

export const openDay: JobStep = async (env, job, atMs) => {
  const { openMs, closeMs } = await marketHoursOf(env, job.date);
  return {
    type: "OPEN_DAY",
    atMs,
    jobKey: jobKeyOf(job),
    date: job.date,
    openMs,
    closeMs,
    vixCenti: vixOf(await feedViews(env, "NONE")),
  };
};
