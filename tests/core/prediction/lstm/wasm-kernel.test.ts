import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import type { LstmKernel } from "../../../../src/core/prediction/lstm/lstm-kernel.ts";
import { layoutOf } from "../../../../src/core/prediction/lstm/lstm-layout.ts";
import { load, putSingle, putWindow } from "../../../../src/core/prediction/lstm/lstm-memory.ts";
import { initialModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { type LstmShape, windowFloats } from "../../../../src/core/prediction/lstm/lstm-shape.ts";
import { referenceKernel } from "../../../../src/core/prediction/lstm/reference-kernel.ts";
import { lstmModule } from "../../../../tools/wasm/lstm-module.ts";
import { roundedTwice } from "../../../../tools/wasm/lstm-places.ts";
import { wasmFile, wasmKernel, wasmModule } from "./lstm-fixtures.ts";

const SHAPES: readonly LstmShape[] = [
  { steps: 1, features: 1, units: 1, head: "VALUE", outputs: 1 },
  { steps: 4, features: 3, units: 5, head: "CLASSES", outputs: 3 },
  { steps: 3, features: 7, units: 8, head: "VALUE", outputs: 2 },
  { steps: 10, features: 1, units: 50, head: "VALUE", outputs: 1 },
  { steps: 6, features: 18, units: 51, head: "CLASSES", outputs: 3 },
];

/** Both kernels with the same network, the same windows in their lanes and the same losses of the last outputs. */
function pairOf(shape: LstmShape): readonly [LstmKernel, LstmKernel] {
  const layout = layoutOf(shape);
  const pair = [wasmKernel(layout), referenceKernel(layout)] as const;
  for (const { memory } of pair) {
    const random = new SeededRandom(8);
    load(layout, memory, layout.parameters, initialModel(shape, 2).parameters);
    const window = (): Float32Array => Float32Array.from({ length: windowFloats(shape) }, () => random.normal());
    for (let lane = 0; lane < 32; lane += 1) putWindow(layout, memory, lane, window(), 0);
    putSingle(layout, memory, window());
    for (let at = 0; at < shape.units * 32; at += 1) memory[layout.hiddenLoss + at] = Math.fround(random.normal() / 32);
  }
  return pair;
}

/** The greatest difference, as a share of the greatest number or of `atLeast`. */
function apart([one, other]: readonly [LstmKernel, LstmKernel], from: number, count: number, atLeast = 0): number {
  let [difference, greatest] = [0, atLeast];
  for (let at = from; at < from + count; at += 1) {
    difference = Math.max(difference, Math.abs((one.memory[at] as number) - (other.memory[at] as number)));
    greatest = Math.max(greatest, Math.abs(other.memory[at] as number));
  }
  return difference / greatest;
}

describe("the WebAssembly kernel", () => {
  it("is what its source says, byte for byte", () => {
    expect(Buffer.compare(readFileSync(wasmFile), lstmModule(roundedTwice))).toBe(0);
  });

  it("knows the logistic function and tanh within 10⁻⁶ everywhere, exactly at 0, and what is not a number", () => {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const { exports } = new WebAssembly.Instance(wasmModule, { env: { memory } });
    const activations = exports["activations"] as (from: number, end: number, apartBytes: number) => void;
    const values = new Float32Array(memory.buffer);
    const count = 20_000;
    const inputs = Float32Array.from({ length: count }, (_, index) => ((index - count / 2) / count) * 80);
    inputs.set([-1e30, 1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-30, -1e-30, 0], 0);
    values.set(inputs);
    values[count - 1] = Number.NaN;
    activations(0, count * 4, count * 4);
    let worst = 0;
    for (let index = 0; index < count - 1; index += 1) {
      const input = inputs[index] as number;
      worst = Math.max(
        worst,
        Math.abs((values[index] as number) - 1 / (1 + Math.exp(-input))),
        Math.abs((values[count + index] as number) - Math.tanh(input)),
      );
    }
    expect(worst).toBeLessThan(1e-6);
    expect([values[6], values[count + 6]]).toEqual([0.5, 0]);
    expect([values[count - 1], values[2 * count - 1]]).toEqual([Number.NaN, Number.NaN]);
  });

  it.each(SHAPES)("goes forward as the reference does: $units units, $features features", (shape) => {
    const pair = pairOf(shape);
    const { layout } = pair[0];
    for (const kernel of pair) kernel.forward();
    expect(apart(pair, layout.stack, (shape.steps + 1) * layout.rows * 32, 1)).toBeLessThan(2e-6);
    expect(apart(pair, layout.cells, (shape.steps + 1) * shape.units * 32, 1)).toBeLessThan(2e-6);
  });

  it.each(SHAPES)("goes back as the reference does: $units units, $features features", (shape) => {
    const pair = pairOf(shape);
    const { layout } = pair[0];
    for (const kernel of pair) {
      kernel.forward();
      kernel.backward();
    }
    expect(apart(pair, layout.gradient, layout.head)).toBeLessThan(1e-5);
    const [norm, expected] = pair.map((kernel) => kernel.squaredNorm()) as [number, number];
    expect(Math.abs(norm / expected - 1)).toBeLessThan(1e-4);
  });

  it("gives the same gradient again: nothing is left over from the batch before", () => {
    const [kernel] = pairOf(SHAPES[1] as LstmShape);
    const { layout, memory } = kernel;
    const losses = memory.slice(layout.hiddenLoss, layout.hiddenLoss + layout.unitsPadded * 32);
    const gradient = (): Float32Array | Float64Array => {
      memory.set(losses, layout.hiddenLoss);
      kernel.forward();
      kernel.backward();
      return memory.slice(layout.gradient, layout.gradient + layout.head);
    };
    expect(gradient()).toEqual(gradient());
  });

  it("takes Adam's step as the reference does, and never moves the padding", () => {
    const pair = pairOf(SHAPES[1] as LstmShape);
    const { layout } = pair[0];
    for (const { memory, adam } of pair) {
      const random = new SeededRandom(3);
      for (let count = 1; count <= 5; count += 1) {
        const gradient = initialModel(layout.shape, 1).parameters.map(() => random.normal());
        load(layout, memory, layout.gradient, gradient);
        adam({ scale: 0.5, rate: 0.01, meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, count });
      }
    }
    for (const from of [layout.parameters, layout.means, layout.squares])
      expect(apart(pair, from, layout.parameterFloats)).toBeLessThan(1e-5);
    const padding = layout.shape.units + layout.shape.features + 1;
    for (let unit = 0; unit < layout.shape.units; unit += 1)
      for (let at = padding * 4; at < layout.rows * 4; at += 1)
        expect(pair[0].memory[layout.parameters + unit * layout.rows * 4 + at]).toBe(0);
  });

  it.each(SHAPES)("says of one window what it says of it among others: $units units", (shape) => {
    const pair = pairOf(shape);
    const { layout } = pair[0];
    for (const kernel of pair) {
      kernel.forwardOne();
      kernel.forwardOne();
    }
    expect(apart(pair, layout.single, (shape.steps + 1) * layout.rows, 1)).toBeLessThan(2e-6);
  });
});
