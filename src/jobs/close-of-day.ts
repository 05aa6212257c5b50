// The afternoon: no more entries, everything closed, the books made up twice, the day closed.

import { cycles } from "../adapters/storage/market-schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import { ZERO_PAISE } from "../core/kernel/money.ts";
import { cycleAt, cycleEndMs, cycleStartMs } from "../core/session/cycle.ts";
import { cycleIdOf, jobKeyOf } from "../core/session/job.ts";
import { feedViews, vixOf } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import type { JobStep } from "./run-job.ts";

/** The last cycle of the day has no signals, but it is a cycle (TIM-03). */
export const enterExitOnly: JobStep = async (env, job, atMs) => {
  const hours = await marketHoursOf(env, job.date);
  const cycle = cycleAt(hours, atMs);
  if (cycle !== null) {
    const row = {
      cycleId: cycleIdOf(job.date, cycle),
      date: job.date,
      cycle,
      startMs: cycleStartMs(hours, cycle),
      endMs: cycleEndMs(hours, cycle),
      vixCenti: vixOf(await feedViews(env, "NONE")),
      generatedAtMs: atMs,
    };
    await env.DB.batch(insertOnce(env.DB, cycles, [row]));
  }
  return { type: "ENTER_EXIT_ONLY", atMs, jobKey: jobKeyOf(job) };
};

/** Prices are what each account adds for what it holds. */
export const squareOff: JobStep = async (_env, job, atMs) => ({
  type: "SQUARE_OFF",
  atMs,
  jobKey: jobKeyOf(job),
  prices: [],
});

export const settleProvisional: JobStep = async (_env, job, atMs) => ({
  type: "SETTLE_PROVISIONAL",
  atMs,
  jobKey: jobKeyOf(job),
});

/** The statement is each account's own: it asks the venue for it. */
export const settleFinal: JobStep = async (_env, job, atMs) => ({
  type: "SETTLE_FINAL",
  atMs,
  jobKey: jobKeyOf(job),
  statement: {
    date: job.date,
    fills: 0,
    realisedPaise: ZERO_PAISE,
    charges: {
      brokeragePaise: ZERO_PAISE,
      sttPaise: ZERO_PAISE,
      exchangePaise: ZERO_PAISE,
      ipftPaise: ZERO_PAISE,
      sebiPaise: ZERO_PAISE,
      stampPaise: ZERO_PAISE,
      gstPaise: ZERO_PAISE,
      totalPaise: ZERO_PAISE,
    },
  },
});

export const closeDay: JobStep = async (_env, job, atMs) => ({ type: "CLOSE_DAY", atMs, jobKey: jobKeyOf(job) });
