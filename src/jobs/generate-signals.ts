// Makes a cycle's signals, once per underlying and for all accounts. The first that was written stays: a second run of the job
// may see later prices, but it does not change what the accounts act on.

import { cycles, signals } from "../adapters/storage/schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import { required } from "../core/kernel/assert.ts";
import { recordedStaleAfterMs } from "../core/market-feed/feed-terms.ts";
import type { Signal } from "../core/prediction/signal.ts";
import { cycleEndMs, cycleStartMs } from "../core/session/cycle.ts";
import { cycleIdOf } from "../core/session/job.ts";
import { makeSignal } from "../core/strategy/make-signal.ts";
import { feedViews, vixOf } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import type { JobStep } from "./run-job.ts";

export const generateSignals: JobStep = async (env, job, atMs) => {
  const cycle = required(job.cycle, "the cycle of the signals");
  const cycleId = cycleIdOf(job.date, cycle);
  const hours = await marketHoursOf(env, job.date);
  const endMs = cycleEndMs(hours, cycle);
  const views = await feedViews(env, "ALL");
  const made: Signal[] = [];
  for (const view of views) {
    const { spotPaise, coverage } = view;
    if (spotPaise === null) continue;
    made.push(
      makeSignal({
        cycleId,
        date: job.date,
        atMs,
        cycleEndMs: endMs,
        view: { ...view, spotPaise },
        staleAfterMs: recordedStaleAfterMs(coverage),
      }),
    );
  }
  await env.DB.batch([
    ...insertOnce(env.DB, cycles, [
      {
        cycleId,
        date: job.date,
        cycle,
        startMs: cycleStartMs(hours, cycle),
        endMs,
        vixCenti: vixOf(views),
        generatedAtMs: atMs,
      },
    ]),
    ...insertOnce(
      env.DB,
      signals,
      made.map((signal) => ({
        signalId: signal.signalId,
        cycleId,
        date: job.date,
        underlying: signal.underlying,
        direction: signal.direction,
        confidenceBps: signal.confidenceBps,
        reason: signal.reason,
        instrumentId: signal.choice?.contract.instrumentId ?? null,
        signal: JSON.stringify(signal),
        atMs: signal.atMs,
      })),
    ),
  ]);
  return null;
};
