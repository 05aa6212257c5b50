// The bytes from which a training goes on, with the code that made them before them: a deployment in the middle would otherwise grow
// one half of a model by the old code and the other by the new, under the new one's hash.
import { MODEL_CODE_SHA256 } from "../../src/core/prediction/training/model-code.ts";

export function toSaved(run: Uint8Array, codeSha256: string = MODEL_CODE_SHA256): Uint8Array<ArrayBuffer> {
  const code = new TextEncoder().encode(codeSha256);
  const saved = new Uint8Array(code.length + run.length);
  saved.set(code);
  saved.set(run, code.length);
  return saved;
}

/** Null where other code has made them. */
export function fromSaved(saved: Uint8Array): Uint8Array | null {
  const code = new TextDecoder().decode(saved.subarray(0, MODEL_CODE_SHA256.length));
  return code === MODEL_CODE_SHA256 ? saved.subarray(MODEL_CODE_SHA256.length) : null;
}
