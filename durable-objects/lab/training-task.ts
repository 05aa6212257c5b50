// A training as the platform runs it: the dataset of the window out of D1, the hybrid step by step, and the finished model into
// the registry, on probation. The same history, window and seed give the same bytes, wherever the work was cut.

import { readingsBetween } from "../../src/adapters/storage/cycle-readings.ts";
import { historyWindow, lastHistoryDay, readHistorySources } from "../../src/adapters/storage/lab-sources.ts";
import { changeModels, keepModel, modelRecords } from "../../src/adapters/storage/models.ts";
import { dateOfDayNumber, dayNumberOf, epochMs, type MarketDate } from "../../src/core/kernel/time.ts";
import type { LabOutcome, LabTask } from "../../src/core/lab/lab-task.ts";
import { buildDataset } from "../../src/core/prediction/builder/build-dataset.ts";
import { rowsOfDays } from "../../src/core/prediction/dataset.ts";
import { SUMMARIES_WANTED } from "../../src/core/prediction/features/history-figures.ts";
import type { MakeLstmKernel } from "../../src/core/prediction/lstm/lstm-kernel.ts";
import { toShadow } from "../../src/core/prediction/registry.ts";
import { MODEL_CODE_SHA256 } from "../../src/core/prediction/training/model-code.ts";
import {
  type TrainingInput,
  type TrainingProgress,
  TrainingRun,
} from "../../src/core/prediction/training/training-run.ts";
import type { LabStart, TrainingRequest } from "../../src/ports/lab.ts";
import { fromSaved, toSaved } from "./saved-training.ts";

export interface TrainingEnv {
  readonly db: D1Database;
  readonly kernel: MakeLstmKernel;
}

/** Work in one step, well below a second of one core: between two of them others get in. */
const UNITS_PER_STEP = 200_000;
const STAGE_WORDS: Readonly<Record<TrainingProgress["stage"], string>> = {
  FORESTS: "growing the forest",
  NETWORK: "training the network",
  OUTCOMES: "learning what the structures earn",
  DONE: "keeping the model",
};

export async function openTraining(
  env: TrainingEnv,
  { runId, startedBy, request }: LabStart<TrainingRequest>,
  saved: Uint8Array | null,
): Promise<LabTask> {
  const prepared = await prepare(env, request);
  if ("reason" in prepared) return endingAtOnce({ ok: false, reason: prepared.reason });
  const { input, dataSha256, from, to } = prepared;
  const own = saved === null ? null : fromSaved(saved);
  const resumed = own === null ? null : TrainingRun.resume(input, own);
  // Bytes of other code or other history: the work begins anew.
  const begun = resumed?.ok === true ? resumed : TrainingRun.start(input);
  if (!begun.ok) {
    const { days, daysMin } = begun.error;
    return endingAtOnce({ ok: false, reason: `${days} trading days are there, ${daysMin} at least are needed` });
  }
  const run = begun.value;
  return {
    step: async () => {
      const { stage, done, total } = run.step(UNITS_PER_STEP);
      if (stage !== "DONE") return { doneBps: Math.floor((10_000 * done) / total), note: STAGE_WORDS[stage] };
      const { bytes, figures, ensemble } = run.result();
      const bytesSha256 = await sha256(bytes);
      const id = `hybrid-${ensemble.window.toDay}-${bytesSha256.slice(0, 12)}`;
      const result = { modelId: id, bytes: bytes.length, bytesSha256, dataSha256, from, to, figures };
      const keep = async (): Promise<void> => {
        const nowMs = epochMs(Date.now());
        const record = { id, state: "TRAINED", fromDate: from, toDate: to, bytesSha256, dataSha256 } as const;
        await keepModel(env.db, {
          record: { ...record, codeSha256: MODEL_CODE_SHA256, trainedAtMs: nowMs, promotedAtMs: null },
          bytes,
          options: request,
          figures,
          runId,
          by: startedBy,
          reason: `trained on ${from} to ${to}`,
        });
        const records = await modelRecords(env.db);
        const isNew = records.some((each) => each.id === id && each.state === "TRAINED");
        const shadowed = toShadow(records, id);
        if (!isNew || !shadowed.ok) return;
        const reason = "predicts beside the live one from now on";
        await changeModels(env.db, records, shadowed.value, { by: startedBy, reason, atMs: nowMs });
      };
      return { ok: true, result, keep };
    },
    save: () => toSaved(run.save()),
  };
}

interface Prepared {
  readonly input: TrainingInput;
  readonly dataSha256: string;
  readonly from: MarketDate;
  readonly to: MarketDate;
}

async function prepare(
  { db, kernel }: TrainingEnv,
  { to, windowDays, seed }: TrainingRequest,
): Promise<Prepared | { readonly reason: string }> {
  const last = to ?? (await lastHistoryDay(db));
  const window =
    last === null ? null : await historyWindow(db, { to: last, count: windowDays, before: SUMMARIES_WANTED });
  if (window === null) return { reason: "there is no history to learn from" };
  const sources = await readHistorySources(db, window.readFrom, window.to);
  const { rows, ...readings } = await readingsBetween(db, window.from, window.to);
  const { dataset } = buildDataset({ ...sources, ...readings });
  const own = rowsOfDays(dataset, dayNumberOf(window.from), dayNumberOf(window.to));
  if (own.rows === 0) return { reason: `no rows from ${window.from} to ${window.to}` };
  return {
    input: { dataset: own, make: kernel, options: { seed } },
    dataSha256: await sha256(new TextEncoder().encode(JSON.stringify([sources.days, rows]))),
    from: dateOfDayNumber(own.day[0] as number),
    to: dateOfDayNumber(own.day.at(-1) as number),
  };
}

const endingAtOnce = (outcome: LabOutcome): LabTask => ({ step: async () => outcome, save: () => null });

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
