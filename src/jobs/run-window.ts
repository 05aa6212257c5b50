// Lets every account act on the cycle's signals, with prices of this moment for the contracts they chose.

import { signalsOfCycle } from "../adapters/storage/signal-rows.ts";
import { assert, required } from "../core/kernel/assert.ts";
import { highestVolatilityBps } from "../core/market/realised-volatility.ts";
import { switchingTermsOf } from "../core/prediction/direction-switching.ts";
import { contractsOf } from "../core/prediction/signal.ts";
import { cycleIdOf, jobKeyOf } from "../core/session/job.ts";
import { switchingOf } from "../deployment-terms.ts";
import { feedViews, pricesOf, vixOf } from "./feeds.ts";
import type { JobStep } from "./run-job.ts";
import { strategyMarkets } from "./strategy-markets.ts";

export const runWindow: JobStep = async (env, job, atMs) => {
  const cycleId = cycleIdOf(job.date, required(job.cycle, "the cycle of the window"));
  const window = job.phase;
  assert(window === 1 || window === 2 || window === 3, `not a window: ${window}`);
  const [signals, views, markets] = await Promise.all([
    signalsOfCycle(env.DB, cycleId),
    feedViews(env, "NONE"),
    strategyMarkets(env, job.date, atMs),
  ]);
  return {
    type: "RUN_WINDOW",
    atMs,
    jobKey: jobKeyOf(job),
    cycleId,
    window,
    vixCenti: vixOf(views),
    volatilityBps: highestVolatilityBps(views.map(({ bars }) => bars)),
    signals,
    switching: switchingTermsOf(switchingOf(env)),
    ...(markets.length === 0 ? {} : { markets }),
    prices: await pricesOf(env, signals.flatMap(contractsOf)),
  };
};
