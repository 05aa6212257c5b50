// Where a training of a hybrid stands, and its bytes: the trees grown so far, what they gained, and the network's own state.
import { err, ok, type Result } from "../../kernel/result.ts";
import type { Dataset } from "../dataset.ts";
import type { DecisionTree } from "../forest/decision-tree.ts";
import { forestFromBytes, forestToBytes } from "../forest/forest-bytes.ts";
import { joinParts, splitParts } from "../models/ensemble-bytes.ts";

export interface TrainingState {
  /** Trees by task, in the order in which they are grown. */
  readonly trees: readonly DecisionTree[][];
  /** Sums over the direction's trees of each feature's share in their gain. */
  readonly importances: Float64Array;
  /** Null before the network's first step. */
  readonly network: Uint8Array | null;
}

export interface TrainingStateRefusal {
  readonly code: "TRAINING_STATE_MALFORMED" | "TRAINING_STATE_OF_ANOTHER";
  readonly detail: string;
}

/** "AHR1" */
const MAGIC = 0x31524841;

/** Features and classes of a task's forest. */
export interface ForestForm {
  readonly features: number;
  readonly classes: number;
}

export function trainingStateToBytes(
  key: readonly number[],
  forms: readonly ForestForm[],
  { trees, importances, network }: TrainingState,
): Uint8Array<ArrayBuffer> {
  return joinParts(MAGIC, [
    bytesOf(Float64Array.from(key)),
    bytesOf(importances),
    network ?? new Uint8Array(),
    ...trees.map((grown, at) =>
      grown.length === 0 ? new Uint8Array() : forestToBytes({ ...(forms[at] as ForestForm), trees: grown }),
    ),
  ]);
}

export function trainingStateFromBytes(
  key: readonly number[],
  forms: readonly ForestForm[],
  bytes: Uint8Array,
): Result<TrainingState, TrainingStateRefusal> {
  const parts = splitParts(MAGIC, bytes);
  if (parts === null || parts.length < 3) return malformed("no training begins like this");
  const [keyBytes, importanceBytes, network] = parts as [Uint8Array, Uint8Array, Uint8Array];
  const forests = parts.slice(3);
  const own = bytesOf(Float64Array.from(key));
  if (own.length !== keyBytes.length || own.some((byte, at) => byte !== keyBytes[at]))
    return err({ code: "TRAINING_STATE_OF_ANOTHER", detail: "data or options are not those it began with" });
  if (forests.length !== forms.length || importanceBytes.length % 8 !== 0) return malformed("it has other parts");
  const trees: DecisionTree[][] = [];
  for (const [at, part] of forests.entries()) {
    if (part.length === 0) {
      trees.push([]);
      continue;
    }
    const read = forestFromBytes(part);
    if (!read.ok) return malformed(read.error.detail);
    const form = forms[at] as ForestForm;
    if (read.value.classes !== form.classes || read.value.features !== form.features)
      return malformed(`forest ${at} has another form`);
    trees.push([...read.value.trees]);
  }
  const importances = new Float64Array(importanceBytes.slice().buffer);
  return ok({ trees, importances, network: network.length === 0 ? null : network });
}

/** Tells one dataset from another (FNV-1a over words); no protection against intent. */
export function datasetFingerprint(dataset: Dataset): number {
  let hash = 0x811c9dc5;
  const mix = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  for (const text of dataset.features) for (const letter of text) mix(letter.codePointAt(0) as number);
  for (const column of [...dataset.columns, dataset.atMs, dataset.labelEndMs, dataset.outcomeEndMs])
    for (const word of new Uint32Array(column.slice().buffer)) mix(word);
  for (const labels of [dataset.underlying, dataset.direction, ...dataset.outcome])
    for (const label of labels) mix(label);
  return hash >>> 0;
}

const bytesOf = (numbers: Float64Array): Uint8Array => new Uint8Array(numbers.slice().buffer);

const malformed = (detail: string): Result<never, TrainingStateRefusal> =>
  err({ code: "TRAINING_STATE_MALFORMED", detail });
