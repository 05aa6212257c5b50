// Retraining without anybody asking (ML-01): when the newest model is old enough and the markets are closed, one run is begun. Its
// id follows from the date, so that every minute of the date asks for the same one.

import { tradingSessionOf } from "../core/instrument/trading-calendar.ts";
import { type EpochMs, istDateOf, istMsOfDay, MS_PER_DAY, MS_PER_MINUTE } from "../core/kernel/time.ts";
import { MODEL_TERMS } from "../core/prediction/training/model-terms.ts";
import { isTrainingDue } from "../core/prediction/training/training-due.ts";
import type { AppEnv } from "../env.ts";
import { startLabRun } from "./lab.ts";
import { registeredModels } from "./predict.ts";

/** From 08:00 IST on, on days without a session. */
const FROM_MINUTE = 8 * 60;

export async function trainWhenDue(env: AppEnv, nowMs: EpochMs): Promise<void> {
  const date = istDateOf(nowMs);
  if (tradingSessionOf(date).ok || istMsOfDay(nowMs) < FROM_MINUTE * MS_PER_MINUTE) return;
  const runId = `weekly-${date}`;
  const begun = await env.DB.prepare(
    "SELECT 1 AS n FROM lab_runs WHERE kind = 'TRAINING' AND created_at_ms > ?1 LIMIT 1",
  )
    .bind(nowMs - MS_PER_DAY)
    .first<number>("n");
  if (begun !== null) return;
  const trained = (await registeredModels(env.DB)).map(({ trainedAtMs }) => trainedAtMs);
  if (!isTrainingDue(trained, nowMs, Number(env.RETRAIN_DAYS))) return;
  const windowDays = Number(env.TRAINING_WINDOW_DAYS);
  const request = { kind: "TRAINING", to: null, windowDays, seed: MODEL_TERMS.options.seed } as const;
  await startLabRun(env, { runId, accountId: null, startedBy: "schedule", request });
}
