// Lets the rule of promotion act once a day's views are scored: a model in shadow that has shown enough, and no less than the
// speaker it would replace over the same cycles, takes its place: in what it knows, and in what its views earned after all costs.
// Nobody needs to be there, and nothing but evidence decides.
import { changeModels } from "../adapters/storage/models.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { promote } from "../core/prediction/registry.ts";
import type { AppEnv } from "../env.ts";
import { registeredModels } from "./predict.ts";
import { shownEvidence } from "./shown-evidence.ts";

export async function promoteByRule(env: AppEnv, atMs: EpochMs): Promise<void> {
  const records = await registeredModels(env.DB);
  for (const record of records.filter(({ state }) => state === "SHADOW")) {
    const evidence = await shownEvidence(env, records, record);
    if (evidence === null) continue;
    const promoted = promote(records, record.id, evidence, atMs);
    if (!promoted.ok) continue;
    const reason = `gain ${evidence.gain.toFixed(4)} a row over ${evidence.days} days it had not learned from`;
    await changeModels(env.DB, records, promoted.value, { by: "rule", reason, atMs });
    return;
  }
}
