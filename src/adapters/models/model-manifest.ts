// A trained model as it is kept: bytes beside a manifest that says what they were made of and what they have shown. The bytes
// are only taken as a model where their hash is the manifest's.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { err, ok, type Result } from "../../core/kernel/result.ts";
import type { MarketDate } from "../../core/kernel/time.ts";
import { type HybridOptions, hybridPredictor } from "../../core/prediction/hybrid-predictor.ts";
import type { MakeLstmKernel } from "../../core/prediction/lstm/lstm-kernel.ts";
import { type EnsembleModel, ensembleModel } from "../../core/prediction/models/ensemble.ts";
import { ensembleFromBytes } from "../../core/prediction/models/ensemble-bytes.ts";
import type { Predictor } from "../../core/prediction/predictor.ts";
import type { ModelEvidence } from "../../core/prediction/promotion.ts";
import type { TrainingFigures } from "../../core/prediction/training/finish-training.ts";
import type { TrainingOptions } from "../../core/prediction/training/training-options.ts";

export interface ModelManifest {
  readonly id: string;
  /** It answers only for dates after the last one; for earlier ones its predecessor does. */
  readonly fromDate: MarketDate;
  readonly toDate: MarketDate;
  /** Every day it has learned anything from, yyyymmdd. */
  readonly days: readonly number[];
  readonly options: TrainingOptions;
  readonly bytesSha256: string;
  /** Of the rows it was trained on. */
  readonly dataSha256: string;
  /** Of the sources that made rows and model. */
  readonly codeSha256: string;
  readonly figures: TrainingFigures;
  /** What models made the same way have shown on days they had not seen. */
  readonly evidence: ModelEvidence;
}

export interface ModelRefusal {
  readonly code: "MODEL_BYTES_MALFORMED" | "MODEL_BYTES_OF_ANOTHER";
  readonly detail: string;
}

export interface OpenedModel {
  readonly manifest: ModelManifest;
  readonly model: EnsembleModel;
  readonly predictor: Predictor;
}

export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

export function openModel(
  manifest: ModelManifest,
  bytes: Uint8Array,
  make: MakeLstmKernel,
): Result<OpenedModel, ModelRefusal> {
  if (sha256Hex(bytes) !== manifest.bytesSha256)
    return err({ code: "MODEL_BYTES_OF_ANOTHER", detail: `the bytes are not those of ${manifest.id}` });
  const ensemble = ensembleFromBytes(bytes);
  if (!ensemble.ok) return ensemble;
  const model = ensembleModel(ensemble.value, make);
  const options: HybridOptions = { id: manifest.id, model };
  return ok({ manifest, model, predictor: hybridPredictor(options) });
}

/** Who answers for a date: the model after its data window, else the one before it. */
export const predictorForDate = (
  { manifest, predictor }: OpenedModel,
  before: Predictor,
  date: MarketDate,
): Predictor => (manifest.toDate < date ? predictor : before);
