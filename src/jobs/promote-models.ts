// Lets the rule of promotion act once a day's views are scored: a model in shadow that has shown enough, and no less than the live
// one over the same cycles, takes its place. Nobody needs to be there, and nothing but evidence decides.
import { scoredViews } from "../adapters/storage/model-views.ts";
import { changeModels, modelRecords } from "../adapters/storage/models.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { type ModelRecord, promote, promotedOf } from "../core/prediction/registry.ts";
import { type ScoredView, shadowEvidence } from "../core/prediction/shadow-evidence.ts";
import type { AppEnv } from "../env.ts";
import { openModel, openModelIfSound } from "./predict.ts";

export async function promoteByRule(env: AppEnv, atMs: EpochMs): Promise<void> {
  const records = await modelRecords(env.DB);
  const live = promotedOf(records);
  const liveViews = live === null ? [] : await scoredViews(env.DB, live.id);
  for (const record of records.filter(({ state }) => state === "SHADOW")) {
    const opened = await openModelIfSound(env, record);
    if (opened === null) continue;
    const views = await scoredViews(env.DB, record.id);
    const evidence = shadowEvidence(views, opened.model.ensemble.direction.base);
    if (evidence === null) continue;
    const promoted = promote(records, record.id, evidence, atMs);
    if (!promoted.ok) continue;
    if (live !== null && !(await isNoWorse(env, { views, gain: evidence.gain }, live, liveViews))) continue;
    const reason = `gain ${evidence.gain.toFixed(4)} a row over ${evidence.days} days it had not learned from`;
    await changeModels(env.DB, records, promoted.value, { by: "rule", reason, atMs });
    return;
  }
}

/** Against what the live one gained over the cycles that both have spoken in. */
async function isNoWorse(
  env: AppEnv,
  shadow: { readonly views: readonly ScoredView[]; readonly gain: number },
  live: ModelRecord,
  liveViews: readonly ScoredView[],
): Promise<boolean> {
  const cycles = new Set(shadow.views.map(({ cycleKey }) => cycleKey));
  const shared = liveViews.filter(({ cycleKey }) => cycles.has(cycleKey));
  const { model } = await openModel(env, live);
  const evidence = shadowEvidence(shared, model.ensemble.direction.base);
  return evidence === null || shadow.gain >= evidence.gain;
}
