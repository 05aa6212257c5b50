// Makes a cycle's signals, once per underlying and for all accounts. The first that was written stays: a second run of the job
// may see later prices, but it does not change what the accounts act on.

import { modelViews } from "../adapters/storage/lab-schema.ts";
import { cycles, signals } from "../adapters/storage/market-schema.ts";
import { insertOnce } from "../adapters/storage/write-rows.ts";
import type { Underlying } from "../core/instrument/contract.ts";
import { required } from "../core/kernel/assert.ts";
import { recordedStaleAfterMs } from "../core/market-feed/feed-terms.ts";
import { communityVoice } from "../core/prediction/community.ts";
import type { CycleFeatures } from "../core/prediction/features/cycle-rows.ts";
import { FEATURES } from "../core/prediction/features/feature-list.ts";
import { isModelsOwn } from "../core/prediction/hybrid-predictor.ts";
import type { PredictionInput, Predictor } from "../core/prediction/predictor.ts";
import { RULE_PREDICTOR } from "../core/prediction/rule-predictor.ts";
import type { Signal } from "../core/prediction/signal.ts";
import { cycleEndMs, cycleStartMs } from "../core/session/cycle.ts";
import { cycleIdOf } from "../core/session/job.ts";
import { makeSignal } from "../core/strategy/make-signal.ts";
import { communityPort } from "../wiring.ts";
import { feedViews, vixOf } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import { featuresOfCycle, predictorOf, type SpeakingModel, speakersOf } from "./predict.ts";
import type { JobStep } from "./run-job.ts";

export const generateSignals: JobStep = async (env, job, atMs) => {
  const cycle = required(job.cycle, "the cycle of the signals");
  const cycleId = cycleIdOf(job.date, cycle);
  const hours = await marketHoursOf(env, job.date);
  const endMs = cycleEndMs(hours, cycle);
  const views = await feedViews(env, "ALL");
  const { live, shadows } = await speakersOf(env, job.date);
  const crowd = await communityPort(env).sourceOf(cycleId);
  const voices = new Map(views.map(({ underlying }) => [underlying, communityVoice(crowd, underlying, atMs)]));
  const features =
    live === null && shadows.length === 0
      ? new Map<Underlying, CycleFeatures>()
      : await featuresOfCycle(env, { date: job.date, cycle, atMs }, views, voices);
  const made: Signal[] = [];
  const said: (typeof modelViews.$inferInsert)[] = [];
  for (const view of views) {
    const { spotPaise, coverage } = view;
    if (spotPaise === null) continue;
    const request = {
      cycleId,
      date: job.date,
      atMs,
      cycleEndMs: endMs,
      view: { ...view, spotPaise },
      staleAfterMs: recordedStaleAfterMs(coverage),
      ...features.get(view.underlying),
    };
    // What models are scored by is their own word: only the signal has the community's blended in.
    const community = voices.get(view.underlying) ?? null;
    made.push(makeSignal({ ...request, community, ...(live === null ? {} : { predictor: predictorOf(live) }) }));
    const asked = { ...request, ...view, spotPaise, atMs };
    said.push(
      viewOf(RULE_PREDICTOR, asked),
      ...[...(live === null ? [] : [live]), ...shadows].map((speaker) => modelView(speaker, asked)),
    );
  }
  await env.DB.batch([
    ...insertOnce(env.DB, modelViews, said),
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

type Asked = PredictionInput & { readonly cycleId: string };
type Said = typeof modelViews.$inferInsert;

/** What somebody says, to be scored when the day is over: the rules too, which every model is held against. */
function viewOf(speaker: Predictor, input: Asked): Said {
  const view = speaker.predict(input);
  const { direction, confidenceBps } = view;
  const own = direction === "NO_TRADE" ? null : Number(isModelsOwn(view));
  const { cycleId, underlying, atMs } = input;
  const said = { modelId: speaker.id, cycleId, underlying, direction, confidenceBps, own, atMs };
  return { ...said, shares: null, outcome: null, paid: null, netPaise: null };
}

function modelView({ record, model }: SpeakingModel, input: Asked): Said {
  const { features, sequence } = input;
  const isCurrent = model.ensemble.features.join() === FEATURES.join();
  const shares = features === undefined || !isCurrent ? null : model.answer(features, sequence ?? features).direction;
  return {
    ...viewOf(predictorOf({ record, model }), input),
    modelId: record.id,
    shares: shares === null ? null : JSON.stringify([...shares]),
  };
}
