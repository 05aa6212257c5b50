// Opens every account's day with the market's hours, the VIX as it is known by then, and the restrictions frozen for the day.
import { restrictionsInForce } from "../adapters/read-models/restrictions.ts";
import { jobKeyOf } from "../core/session/job.ts";
import { feedViews, vixOf } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import type { JobStep } from "./run-job.ts";

export const openDay: JobStep = async (env, job, atMs) => {
  const [{ openMs, closeMs }, views, restrictions] = await Promise.all([
    marketHoursOf(env, job.date),
    feedViews(env, "NONE"),
    restrictionsInForce(env.DB, job.date),
  ]);
  return {
    type: "OPEN_DAY",
    atMs,
    jobKey: jobKeyOf(job),
    date: job.date,
    openMs,
    closeMs,
    vixCenti: vixOf(views),
    ...(restrictions.length === 0 ? {} : { restrictions }),
  };
};
