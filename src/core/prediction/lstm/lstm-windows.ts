// Windows to learn from or to be judged by, in the order of time. Numbers must be finite: what is missing has to be made a
// feature of its own before it comes here, because a network would take any stand-in for a value.
import { assert } from "../../kernel/assert.ts";
import type { Targets } from "./lstm-head.ts";
import { type LstmShape, windowFloats } from "./lstm-shape.ts";

export interface LstmWindows {
  readonly count: number;
  /** `[window][step][feature]` */
  readonly inputs: Float32Array;
  readonly targets: Targets;
}

export function assertWindows(shape: LstmShape, { count, inputs, targets }: LstmWindows): void {
  assert(inputs.length === count * windowFloats(shape), `${inputs.length} numbers in ${count} windows`);
  const isClasses = shape.head === "CLASSES";
  assert(targets.length === count * (isClasses ? 1 : shape.outputs), `${targets.length} targets of ${count} windows`);
  assert(inputs.every(Number.isFinite), "a window has a number that is not finite");
  assert(
    targets.every((target) =>
      isClasses ? Number.isInteger(target) && target < shape.outputs : Number.isFinite(target),
    ),
    "a target is no class, or not finite",
  );
}

/** Tells one set of windows from another (FNV-1a over words); no protection against intent. */
export function fingerprintOf({ inputs, targets }: LstmWindows): number {
  let hash = 0x811c9dc5;
  const words = new Uint32Array(inputs.buffer, inputs.byteOffset, inputs.length);
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  for (const word of new Uint32Array(Float32Array.from(targets).buffer)) hash = Math.imul(hash ^ word, 0x01000193);
  return hash >>> 0;
}
