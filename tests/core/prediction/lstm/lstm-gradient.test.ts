import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { headBack, headOutputs, lossOf } from "../../../../src/core/prediction/lstm/lstm-head.ts";
import type { LstmKernel } from "../../../../src/core/prediction/lstm/lstm-kernel.ts";
import { layoutOf } from "../../../../src/core/prediction/lstm/lstm-layout.ts";
import { load, putWindow } from "../../../../src/core/prediction/lstm/lstm-memory.ts";
import { initialModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { type LstmShape, parameterCount, windowFloats } from "../../../../src/core/prediction/lstm/lstm-shape.ts";
import type { LstmWindows } from "../../../../src/core/prediction/lstm/lstm-windows.ts";
import { referenceKernel } from "../../../../src/core/prediction/lstm/reference-kernel.ts";

const SHAPES: readonly LstmShape[] = [
  { steps: 4, features: 2, units: 3, head: "VALUE", outputs: 2 },
  { steps: 3, features: 3, units: 5, head: "CLASSES", outputs: 3 },
];

function setUp(shape: LstmShape): { kernel: LstmKernel; windows: LstmWindows; order: Int32Array } {
  const random = new SeededRandom(4);
  const layout = layoutOf(shape);
  const kernel = referenceKernel(layout);
  load(layout, kernel.memory, layout.parameters, initialModel(shape, 3).parameters);
  const count = 5;
  const inputs = Float32Array.from({ length: count * windowFloats(shape) }, () => random.normal());
  const targets =
    shape.head === "CLASSES"
      ? Uint8Array.from({ length: count }, () => random.below(shape.outputs))
      : Float32Array.from({ length: count * shape.outputs }, () => random.normal());
  for (let lane = 0; lane < count; lane += 1)
    putWindow(layout, kernel.memory, lane, inputs, lane * windowFloats(shape));
  return {
    kernel,
    windows: { count, inputs, targets },
    order: Int32Array.from({ length: count }, (_, index) => index),
  };
}

function meanLossOf(kernel: LstmKernel, { count, targets }: LstmWindows, results: Float64Array): number {
  kernel.forward();
  headOutputs(kernel, results);
  let sum = 0;
  for (let lane = 0; lane < count; lane += 1) sum += lossOf(kernel.layout.shape, results, lane, targets, lane);
  return sum / count;
}

describe("the gradient", () => {
  it.each(SHAPES)("is the slope of the loss in every parameter: $head", (shape) => {
    const { kernel, windows, order } = setUp(shape);
    const { layout, memory } = kernel;
    const results = new Float64Array(shape.outputs * 32);
    meanLossOf(kernel, windows, results);
    headBack(kernel, results, windows.targets, order);
    kernel.backward();
    const gradient = memory.slice(layout.gradient, layout.gradient + layout.parameterFloats);
    let checked = 0;
    for (let at = 0; at < layout.parameterFloats; at += 1) {
      const before = memory[layout.parameters + at] as number;
      const shift = 1e-5;
      memory[layout.parameters + at] = before + shift;
      const above = meanLossOf(kernel, windows, results);
      memory[layout.parameters + at] = before - shift;
      const below = meanLossOf(kernel, windows, results);
      memory[layout.parameters + at] = before;
      const slope = (above - below) / (2 * shift);
      expect(Math.abs(slope - (gradient[at] as number)), `parameter ${at}`).toBeLessThan(1e-8);
      if (slope !== 0) checked += 1;
    }
    // Everything that is learned has been moved, and the padding has no slope at all.
    expect(checked).toBe(parameterCount(shape));
  });
});
