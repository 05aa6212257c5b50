// What an operator may do to models: promote one on its evidence, go back to the one before, put one away. Only the rule of
// promotion lets a model speak, whoever asks; every change is on record with its reason.
import { changeModels } from "../adapters/storage/models.ts";
import { err, ok, type Result } from "../core/kernel/result.ts";
import { epochMs } from "../core/kernel/time.ts";
import { type ModelRecord, promote, type RegistryRefusal, retire, rollBack } from "../core/prediction/registry.ts";
import type { AppEnv } from "../env.ts";
import type { ModelAction, ShownEvidence } from "../ports/lab.ts";
import { registeredModels } from "./predict.ts";
import { shownEvidence } from "./shown-evidence.ts";

export async function actOnModel(
  env: AppEnv,
  { action, modelId, by, reason }: ModelAction,
): Promise<Result<readonly ModelRecord[], RegistryRefusal>> {
  const before = await registeredModels(env.DB);
  const atMs = epochMs(Date.now());
  let after: Result<readonly ModelRecord[], RegistryRefusal>;
  if (action === "ROLL_BACK") after = rollBack(before, modelId);
  else if (action === "RETIRE") after = retire(before, modelId);
  else {
    const evidence = await evidenceOf(env, modelId);
    after = promote(before, modelId, evidence ?? NOTHING_SHOWN, atMs);
  }
  if (!after.ok) return after;
  if (!(await changeModels(env.DB, before, after.value, { by, reason, atMs }))) {
    return err({ code: "MODEL_STATE_FORBIDS", detail: "its state was changed by somebody else at the same time" });
  }
  return ok(after.value);
}

/** What a model has shown so far; null while nothing of it is scored, or there is no such model. */
export async function evidenceOf(env: AppEnv, modelId: string): Promise<ShownEvidence | null> {
  const records = await registeredModels(env.DB);
  const record = records.find(({ id }) => id === modelId);
  const shown = record === undefined ? null : await shownEvidence(env, records, record);
  return shown?.evidence ?? null;
}

const NOTHING_SHOWN = {
  days: 0,
  rows: 0,
  gain: 0,
  gainInterval: { low: 0, high: 0 },
  ece: 1,
  above70: { n: 0, hitRate: null, stated: null, days: 0 },
  beside: [],
} as const;
