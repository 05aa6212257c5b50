// Kernels and tasks for the tests of the network.
import { readFileSync } from "node:fs";
import path from "node:path";
import { wasmLstmKernel } from "../../../../src/adapters/compute/wasm-lstm-kernel.ts";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import type { MakeLstmKernel } from "../../../../src/core/prediction/lstm/lstm-kernel.ts";
import type { LstmModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { lstmPredictor } from "../../../../src/core/prediction/lstm/lstm-predictor.ts";
import type { LstmShape } from "../../../../src/core/prediction/lstm/lstm-shape.ts";
import type { LstmWindows } from "../../../../src/core/prediction/lstm/lstm-windows.ts";
import { compileWasm } from "../../../../tools/wasm/compile.ts";

export const wasmFile: string = path.join(import.meta.dirname, "../../../../src/adapters/compute/lstm.wasm");
export const wasmModule: WebAssembly.Module = compileWasm(readFileSync(wasmFile));
export const wasmKernel: MakeLstmKernel = wasmLstmKernel(wasmModule);

/** Windows of +1 and −1 whose class is told by the window, or, without `told`, drawn by lot. */
export function signWindows(
  { steps, features }: LstmShape,
  count: number,
  seed: number,
  told: (window: Float32Array, random: SeededRandom) => number,
): LstmWindows {
  const random = new SeededRandom(seed);
  const inputs = Float32Array.from({ length: count * steps * features }, () => (random.next() < 0.5 ? -1 : 1));
  const floats = steps * features;
  const targets = Uint8Array.from({ length: count }, (_, window) =>
    told(inputs.subarray(window * floats, (window + 1) * floats), random),
  );
  return { count, inputs, targets };
}

/** 1 where the first and the last sign differ: neither of them tells anything by itself. */
export const firstDiffersFromLast = (window: Float32Array): number => (window[0] === window.at(-1) ? 0 : 1);

export function accuracyOf(model: LstmModel, { count, inputs, targets }: LstmWindows): number {
  const { outputs } = model.shape;
  const results = lstmPredictor(wasmKernel, model).predictMany(count, inputs);
  const right = targets.filter((target, window) => {
    const shares = results.subarray(window * outputs, (window + 1) * outputs);
    return shares.indexOf(Math.max(...shares)) === target;
  });
  return right.length / count;
}
