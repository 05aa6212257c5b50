// Lets the rule of promotion act once a day's views are scored: a model in shadow that has shown enough, and no less than the
// speaker it would replace over the same cycles, takes its place: in what it knows, and in what its views earned after all costs.
// Nobody needs to be there, and nothing but evidence decides; but it is not looked at every day, because who is looked at often
// enough passes by luck, and of several that pass the best is taken (decision 0165).
import { scoredDays } from "../adapters/storage/model-views.ts";
import { changeModels } from "../adapters/storage/models.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { leastLoss } from "../core/prediction/beside-live.ts";
import { isLookDay } from "../core/prediction/promotion.ts";
import { type ModelRecord, promote } from "../core/prediction/registry.ts";
import type { AppEnv } from "../env.ts";
import { registeredModels } from "./predict.ts";
import { shownEvidence } from "./shown-evidence.ts";

export async function promoteByRule(env: AppEnv, atMs: EpochMs): Promise<void> {
  const records = await registeredModels(env.DB);
  const shadows = records.filter(({ state }) => state === "SHADOW");
  const best = leastLoss((await Promise.all(shadows.map((shadow) => candidate(env, records, shadow, atMs)))).flat());
  if (best === null) return;
  await changeModels(env.DB, records, best.promoted, { by: "rule", reason: best.reason, atMs });
}

async function candidate(env: AppEnv, records: readonly ModelRecord[], shadow: ModelRecord, atMs: EpochMs) {
  if (!isLookDay(await scoredDays(env.DB, shadow.id))) return [];
  const shown = await shownEvidence(env, records, shadow);
  if (shown === null) return [];
  const { evidence, views } = shown;
  const promoted = promote(records, shadow.id, evidence, atMs);
  if (!promoted.ok) return [];
  const reason = `gain ${evidence.gain.toFixed(4)} a row over ${evidence.days} days it had not learned from`;
  return [{ promoted: promoted.value, reason, views }];
}
