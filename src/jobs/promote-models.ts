// Lets the rule of promotion act once a day's views are scored: a model in shadow that has shown enough, and no less than the
// speaker it would replace over the same cycles, takes its place: in what it knows, and in what its views earned after all costs.
// Nobody needs to be there, and nothing but evidence decides.
import { scoredNets, scoredViews } from "../adapters/storage/model-views.ts";
import { changeModels } from "../adapters/storage/models.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { type ModelRecord, promote, promotedOf } from "../core/prediction/registry.ts";
import { RULE_PREDICTOR } from "../core/prediction/rule-predictor.ts";
import { earnedNoLess, knowsNoLess, type ScoredView, shadowEvidence } from "../core/prediction/shadow-evidence.ts";
import type { AppEnv } from "../env.ts";
import { openModelIfSound, registeredModels } from "./predict.ts";

export async function promoteByRule(env: AppEnv, atMs: EpochMs): Promise<void> {
  const records = await registeredModels(env.DB);
  const live = promotedOf(records);
  for (const record of records.filter(({ state }) => state === "SHADOW")) {
    const opened = await openModelIfSound(env, record);
    if (opened === null) continue;
    const views = await scoredViews(env.DB, record.id);
    const evidence = shadowEvidence(views, opened.model.ensemble.direction.base);
    if (evidence === null) continue;
    const promoted = promote(records, record.id, evidence, atMs);
    if (!promoted.ok || !(await isNoWorse(env, views, live))) continue;
    const reason = `gain ${evidence.gain.toFixed(4)} a row over ${evidence.days} days it had not learned from`;
    await changeModels(env.DB, records, promoted.value, { by: "rule", reason, atMs });
    return;
  }
}

/** Against the live one, or the rules where they speak alone, over the cycles in which both have spoken. */
async function isNoWorse(env: AppEnv, shadow: readonly ScoredView[], live: ModelRecord | null): Promise<boolean> {
  const nets = await scoredNets(env.DB, live?.id ?? RULE_PREDICTOR.id);
  if (!earnedNoLess(shadow, nets)) return false;
  return live === null || knowsNoLess(shadow, await scoredViews(env.DB, live.id));
}
