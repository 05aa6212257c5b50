// What a network says about windows, and how far it is off, 32 windows at a time.
import { headOutputs, lossOf } from "./lstm-head.ts";
import type { LstmKernel } from "./lstm-kernel.ts";
import { BATCH_LANES } from "./lstm-layout.ts";
import { putWindow } from "./lstm-memory.ts";
import { windowFloats } from "./lstm-shape.ts";
import type { LstmWindows } from "./lstm-windows.ts";

/** The mean loss over the windows, by the parameters that are in the kernel's memory. */
export function meanLoss(kernel: LstmKernel, windows: LstmWindows): number {
  const { shape } = kernel.layout;
  let sum = 0;
  forLots(kernel, windows, (first, lanes, results) => {
    for (let lane = 0; lane < lanes; lane += 1) sum += lossOf(shape, results, lane, windows.targets, first + lane);
  });
  return sum / windows.count;
}

/** `[window][output]`: values, or the likelihood of every class. */
export function resultsOf(kernel: LstmKernel, windows: Pick<LstmWindows, "count" | "inputs">): Float32Array {
  const { outputs } = kernel.layout.shape;
  const all = new Float32Array(windows.count * outputs);
  forLots(kernel, windows, (first, lanes, results) => {
    for (let lane = 0; lane < lanes; lane += 1)
      for (let output = 0; output < outputs; output += 1)
        all[(first + lane) * outputs + output] = results[output * BATCH_LANES + lane] as number;
  });
  return all;
}

function forLots(
  kernel: LstmKernel,
  { count, inputs }: Pick<LstmWindows, "count" | "inputs">,
  visit: (first: number, lanes: number, results: Float64Array) => void,
): void {
  const { layout, memory } = kernel;
  const floats = windowFloats(layout.shape);
  const results = new Float64Array(layout.shape.outputs * BATCH_LANES);
  for (let first = 0; first < count; first += BATCH_LANES) {
    const lanes = Math.min(BATCH_LANES, count - first);
    for (let lane = 0; lane < lanes; lane += 1) putWindow(layout, memory, lane, inputs, (first + lane) * floats);
    kernel.forward();
    headOutputs(kernel, results);
    visit(first, lanes, results);
  }
}
