// A trained hybrid as bytes: the same hybrid always has the same spelling, so that its hash names the model. What was read is
// written again and must give the same bytes, so nothing that could be spelled two ways is ever taken in.
import { assert } from "../../kernel/assert.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import { CLASSES } from "../dataset.ts";
import { forestFromBytes, forestToBytes } from "../forest/forest-bytes.ts";
import type { RandomForest } from "../forest/random-forest.ts";
import { lstmFromBytes, lstmToBytes } from "../lstm/lstm-bytes.ts";
import type { LstmModel } from "../lstm/lstm-model.ts";
import type { Calibration } from "./calibration.ts";
import type { Ensemble, OutcomeHead } from "./ensemble.ts";
import { scaledCount } from "./feature-scale.ts";
import { SEQUENCE_STEPS, stepInputs } from "./sequences.ts";

/** "AHE1": the layout below. */
const MAGIC = 0x31454841;

export interface EnsembleBytesRefusal {
  readonly code: "MODEL_BYTES_MALFORMED";
  readonly detail: string;
}

interface Head {
  readonly features: readonly string[];
  readonly window: readonly [number, number];
  readonly scale: readonly [number[], number[], number[], number[]];
  readonly direction: CalibrationNumbers;
  readonly outcomes: readonly (CalibrationNumbers | null)[];
}
type CalibrationNumbers = readonly [base: number[], trust: number[], shift: number[]];

/** Magic; then parts, each with its length: the small figures as JSON, the forest, the network, the outcome forests. */
export function ensembleToBytes(ensemble: Ensemble): Uint8Array<ArrayBuffer> {
  const { scale, window, direction, outcomes } = ensemble;
  const head: Head = {
    features: ensemble.features,
    window: [window.fromDay, window.toDay],
    scale: [[...scale.used], [...scale.means], [...scale.deviations], [...scale.told]],
    direction: numbersOf(direction),
    outcomes: outcomes.map((outcome) => (outcome === null ? null : numbersOf(outcome.calibration))),
  };
  return joinParts(MAGIC, [
    asciiBytes(JSON.stringify(head)),
    forestToBytes(ensemble.forest),
    ensemble.network === null ? new Uint8Array() : lstmToBytes(ensemble.network),
    ...outcomes.map((outcome) => (outcome === null ? new Uint8Array() : forestToBytes(outcome.forest))),
  ]);
}

/** Refuses bytes that are damaged, of another layout, or whose parts do not fit together. */
export function ensembleFromBytes(bytes: Uint8Array): Result<Ensemble, EnsembleBytesRefusal> {
  const parts = splitParts(MAGIC, bytes);
  if (parts === null || parts.length !== 3 + CLASSES.length) return malformed("no ensemble is laid out like this");
  const [headBytes, forestBytes, networkBytes] = parts as [Uint8Array, Uint8Array, Uint8Array];
  const outcomeBytes = parts.slice(3);
  const head = headOf(headBytes);
  if (head === null) return malformed("its figures cannot be read");
  const forest = forestFromBytes(forestBytes);
  if (!forest.ok) return forest;
  let network: LstmModel | null = null;
  if (networkBytes.length > 0) {
    const read = lstmFromBytes(networkBytes);
    if (!read.ok) return read;
    network = read.value;
  }
  const outcomes: (OutcomeHead | null)[] = [];
  for (const [view, part] of outcomeBytes.entries()) {
    const numbers = head.outcomes[view] ?? null;
    if (numbers === null) {
      outcomes.push(null);
      continue;
    }
    const read = forestFromBytes(part);
    if (!read.ok) return read;
    outcomes.push({ forest: read.value, calibration: calibrationOf(numbers) });
  }
  const [used, means, deviations, told] = head.scale;
  const ensemble: Ensemble = {
    features: head.features,
    window: { fromDay: head.window[0], toDay: head.window[1] },
    scale: {
      used: Int32Array.from(used),
      means: Float64Array.from(means),
      deviations: Float64Array.from(deviations),
      told: Int32Array.from(told),
    },
    forest: forest.value,
    network,
    direction: calibrationOf(head.direction),
    outcomes,
  };
  if (!fitsTogether(ensemble)) return malformed("its parts do not fit together");
  return isSame(ensembleToBytes(ensemble), bytes) ? ok(ensemble) : malformed("it is spelled in another way");
}

const numbersOf = ({ base, trust, shift }: Calibration): CalibrationNumbers => [[...base], [...trust], [...shift]];

const calibrationOf = ([base, trust, shift]: CalibrationNumbers): Calibration => ({
  base: Float64Array.from(base),
  trust: Float64Array.from(trust),
  shift: Float64Array.from(shift),
});

function headOf(bytes: Uint8Array): Head | null {
  try {
    const head = JSON.parse(String.fromCodePoint(...bytes)) as Head;
    const lists = [
      head.window,
      ...head.scale,
      ...head.direction,
      ...head.outcomes.flatMap((numbers) => numbers ?? []),
    ] as readonly (readonly unknown[])[];
    const isSound =
      head.features.every((feature) => typeof feature === "string") &&
      head.scale.length === 4 &&
      [head.direction, ...head.outcomes].every((numbers) => numbers === null || numbers.length === 3) &&
      lists.every((list) => list.every((value) => typeof value === "number" && Number.isFinite(value)));
    return isSound ? head : null;
  } catch {
    // Whatever is not of this form fails on the way.
    return null;
  }
}

function fitsTogether({ features, scale, forest, network, direction, outcomes }: Ensemble): boolean {
  const count = features.length;
  const isCalibration = ({ base, trust, shift }: Calibration, classes: number, models: number): boolean =>
    base.length === classes && shift.length === classes && trust.length === models && base.every((rate) => rate > 0);
  const isNumbered = (list: Int32Array): boolean => list.every((feature) => feature >= 0 && feature < count);
  return (
    forest.features === count &&
    forest.classes === CLASSES.length &&
    isNumbered(scale.used) &&
    isNumbered(scale.told) &&
    scale.means.length === scale.used.length &&
    scale.deviations.length === scale.used.length &&
    scaledCount(scale) >= 0 &&
    (network === null ||
      (network.shape.steps === SEQUENCE_STEPS &&
        network.shape.features === stepInputs(scale) &&
        network.shape.head === "CLASSES" &&
        network.shape.outputs === CLASSES.length)) &&
    isCalibration(direction, CLASSES.length, network === null ? 1 : 2) &&
    outcomes.length === CLASSES.length &&
    outcomes.every(
      (head) => head === null || (isOutcomeForest(head.forest, count) && isCalibration(head.calibration, 2, 1)),
    )
  );
}

const isOutcomeForest = (forest: RandomForest, features: number): boolean =>
  forest.classes === 2 && forest.features === features + CLASSES.length;

export function joinParts(magic: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + 4 + part.length, 8);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, parts.length, true);
  let at = 8;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Null where the bytes begin with another word, or their lengths do not add up. */
export function splitParts(magic: number, bytes: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== magic) return null;
  const parts: Uint8Array[] = [];
  let at = 8;
  for (let index = view.getUint32(4, true); index > 0; index -= 1) {
    if (at + 4 > bytes.length) return null;
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) return null;
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return at === bytes.length ? parts : null;
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.codePointAt(0) as number;
    assert(code < 128, `a feature's name has the letter ${letter}`);
    return code;
  });
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

const malformed = (detail: string): Result<never, EnsembleBytesRefusal> =>
  err({ code: "MODEL_BYTES_MALFORMED", detail });
