// Who speaks on a date, and what it is asked with: the promoted model of the registry, or the one before it where that has
// learned from the date, or the rules; models in shadow are asked beside it. All of them are asked with the same features, out
// of rows in D1, so that a second run of the job asks the same.
import { keepReadings, readingsOf } from "../adapters/storage/cycle-readings.ts";
import { readHistorySources } from "../adapters/storage/lab-sources.ts";
import {
  openModel as layOut,
  registeredModels as lookUp,
  type SpeakingModel,
} from "../adapters/storage/registered-models.ts";
import { UNDERLYINGS, type Underlying } from "../core/instrument/contract.ts";
import { addDays, type EpochMs, type MarketDate } from "../core/kernel/time.ts";
import { outsideCloses } from "../core/prediction/builder/build-dataset.ts";
import { historyTeller } from "../core/prediction/builder/history-days.ts";
import { sessionHours } from "../core/prediction/builder/session-hours.ts";
import { type CommunityVoice, communityLean } from "../core/prediction/community.ts";
import { chainFigures } from "../core/prediction/features/chain-figures.ts";
import { type CycleFeatures, cycleFeatures } from "../core/prediction/features/cycle-rows.ts";
import { HISTORY_DAYS, type HistoryFigures } from "../core/prediction/features/history-figures.ts";
import { guidedPredictor } from "../core/prediction/guided-predictor.ts";
import { type ModelRecord, modelForDate } from "../core/prediction/registry.ts";
import type { AppEnv } from "../env.ts";
import type { FeedView } from "../ports/objects.ts";

import { lstmKernel, shippedModel } from "../wiring-models.ts";
import { logFailure } from "./log.ts";

export type { SpeakingModel };

export interface Speakers {
  /** Null: the rules. */
  readonly live: SpeakingModel | null;
  readonly shadows: readonly SpeakingModel[];
}

export async function speakersOf(env: AppEnv, date: MarketDate): Promise<Speakers> {
  const records = await registeredModels(env.DB);
  const live = modelForDate(records, date);
  const shadows = records.filter(({ state, toDate }) => state === "SHADOW" && toDate < date);
  // Only the live one is needed: a model on probation that cannot be read says nothing, and keeps nobody from trading.
  const opened = await Promise.all(shadows.map((record) => openModelIfSound(env, record)));
  return {
    live: live === null ? null : await openModel(env, live),
    shadows: opened.filter((shadow) => shadow !== null),
  };
}

/** Null, and a line in the log, where its bytes are missing or damaged. */
export async function openModelIfSound(env: AppEnv, record: ModelRecord): Promise<SpeakingModel | null> {
  try {
    return await openModel(env, record);
  } catch (failure) {
    logFailure("models", { modelId: record.id }, failure);
    return null;
  }
}

/** Every model there is; the one that comes with the code is registered with the first look. */
export const registeredModels = (db: D1Database): Promise<readonly ModelRecord[]> => lookUp(db, shippedModel());

/** The model laid out for answering. Rejects bytes that are not those that were trained, to the last bit. */
export const openModel = (env: AppEnv, record: ModelRecord): Promise<SpeakingModel> =>
  layOut(env.DB, lstmKernel(), record);

/** The speaker as the predictor that signals are made with. */
export const predictorOf = ({ record, model }: SpeakingModel) => guidedPredictor({ id: record.id, model });

/** Keeps what the market shows now and answers the features of the cycle, by underlying. */
export async function featuresOfCycle(
  env: AppEnv,
  { date, cycle, atMs }: { readonly date: MarketDate; readonly cycle: number; readonly atMs: EpochMs },
  views: readonly FeedView[],
  voices: ReadonlyMap<Underlying, CommunityVoice | null>,
): Promise<ReadonlyMap<Underlying, CycleFeatures>> {
  const now = views.map(({ underlying, vixCenti, quotes }) => ({
    underlying,
    cycle,
    vixCenti,
    chain: chainFigures(quotes, date, atMs),
    community: communityLean(voices.get(underlying) ?? null),
  }));
  await keepReadings(env.DB, date, now, atMs);
  const hours = sessionHours(date);
  if ("reason" in hours) return new Map();
  const [readings, historyOf] = await Promise.all([readingsOf(env.DB, date, cycle), historyBefore(env.DB, date)]);
  return new Map(
    views.map(({ underlying, bars }) => {
      const own = readings.filter((reading) => reading.underlying === underlying);
      const day = { underlying, date, ...hours, history: historyOf(underlying) };
      return [underlying, cycleFeatures(day, atMs, bars, own)];
    }),
  );
}

/** What a day knows of the days before it, by underlying. */
export async function historyBefore(
  db: D1Database,
  date: MarketDate,
): Promise<(underlying: Underlying) => HistoryFigures> {
  const sources = await readHistorySources(db, addDays(date, -HISTORY_DAYS), addDays(date, -1));
  const outside = outsideCloses(sources);
  return (underlying) => historyTeller(underlying, sources.bars[UNDERLYINGS.indexOf(underlying)], outside)(date);
}
