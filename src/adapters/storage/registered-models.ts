// The models of the registry laid out for answering. The one that comes with the code is registered with the first look.
import { assert } from "../../core/kernel/assert.ts";
import { istInstant } from "../../core/kernel/time.ts";
import type { MakeLstmKernel } from "../../core/prediction/lstm/lstm-kernel.ts";
import { type EnsembleModel, ensembleModel } from "../../core/prediction/models/ensemble.ts";
import { ensembleFromBytes } from "../../core/prediction/models/ensemble-bytes.ts";
import { promotionChecks } from "../../core/prediction/promotion.ts";
import type { ModelRecord } from "../../core/prediction/registry.ts";
import type { ModelManifest } from "../models/model-manifest.ts";
import { keepModel, modelBytes, modelRecords } from "./models.ts";

/** What only the composition root can load. */
export interface ModelWiring {
  readonly kernel: MakeLstmKernel;
  readonly shipped: { readonly manifest: ModelManifest; readonly bytes: Uint8Array<ArrayBuffer> };
}

export interface SpeakingModel {
  readonly record: ModelRecord;
  readonly model: EnsembleModel;
}

/** Models laid out for answering; a model is named by its bytes, so that what is kept here is never old. */
const laidOut = new Map<string, EnsembleModel>();
const LAID_OUT_MAX = 4;

/** Every model there is. */
export async function registeredModels(
  db: D1Database,
  { manifest, bytes }: ModelWiring["shipped"],
): Promise<readonly ModelRecord[]> {
  const records = await modelRecords(db);
  if (records.some(({ id }) => id === manifest.id)) return records;
  const { id, fromDate, toDate, bytesSha256, dataSha256, codeSha256, options, figures, evidence } = manifest;
  // Where its evidence passes the rule it was promoted before it was shipped; here that is dated with the end of its data. One that
  // has shown too little has to show it here, whether somebody speaks already or not.
  const trainedAtMs = istInstant(toDate, "15:30");
  const isProven = promotionChecks(evidence).every(({ passed }) => passed);
  const isFirst = isProven && records.every(({ state }) => state !== "PROMOTED");
  const state = isFirst ? "PROMOTED" : isProven ? "RETIRED" : "SHADOW";
  await keepModel(db, {
    record: {
      ...{ id, state, fromDate, toDate, bytesSha256, dataSha256, codeSha256, trainedAtMs },
      promotedAtMs: isFirst ? trainedAtMs : null,
    },
    bytes,
    options,
    figures: { ...figures, evidence },
    runId: null,
    by: "code",
    reason: isProven ? "came with the code, with its evidence" : "came with the code, without evidence that suffices",
  });
  return modelRecords(db);
}

/** The model laid out for answering. Rejects bytes that are not those that were trained, to the last bit. */
export async function openModel(db: D1Database, kernel: MakeLstmKernel, record: ModelRecord): Promise<SpeakingModel> {
  const known = laidOut.get(record.bytesSha256);
  if (known !== undefined) return { record, model: known };
  const bytes = await modelBytes(db, record.id);
  assert(bytes !== null, `the bytes of ${record.id} are not there`);
  const ensemble = ensembleFromBytes(bytes);
  assert(ensemble.ok && (await sha256(bytes)) === record.bytesSha256, `the bytes of ${record.id} are damaged`);
  const model = ensembleModel(ensemble.value, kernel);
  if (laidOut.size >= LAID_OUT_MAX) laidOut.delete(laidOut.keys().next().value ?? "");
  laidOut.set(record.bytesSha256, model);
  return { record, model };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
