// Brings parameters and windows into a kernel's memory and parameters out of it. Outside, parameters have no padding.
import { assert } from "../../kernel/assert.ts";
import { BATCH_LANES, GATE_COUNT, type LstmLayout } from "./lstm-layout.ts";
import { parameterCount, windowFloats } from "./lstm-shape.ts";

type Memory = Float32Array | Float64Array;

/** Writes the rows of ones. Called by a kernel once, on a memory of zeros. */
export function prepareMemory({ shape, rows, stack, single }: LstmLayout, memory: Memory): void {
  const bias = shape.units + shape.features;
  for (let step = 0; step <= shape.steps; step += 1) {
    const row = stack + (step * rows + bias) * BATCH_LANES;
    memory.fill(1, row, row + BATCH_LANES);
    memory[single + step * rows + bias] = 1;
  }
}

/** Parameters, gradient or moments (by where they begin) as one array: `[unit][row][gate]`, then the head. */
export function unload({ shape, rows, head }: LstmLayout, memory: Memory, from: number): Float32Array {
  const values = new Float32Array(parameterCount(shape));
  const ofUnit = (shape.units + shape.features + 1) * GATE_COUNT;
  for (let unit = 0; unit < shape.units; unit += 1) {
    const at = from + unit * rows * GATE_COUNT;
    values.set(memory.subarray(at, at + ofUnit), unit * ofUnit);
  }
  const headFrom = shape.units * ofUnit;
  values.set(memory.subarray(from + head, from + head + values.length - headFrom), headFrom);
  return values;
}

export function load(
  { shape, rows, head }: LstmLayout,
  memory: Memory,
  into: number,
  values: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
): void {
  assert(values.length === parameterCount(shape), `${values.length} of ${parameterCount(shape)} parameters`);
  const ofUnit = (shape.units + shape.features + 1) * GATE_COUNT;
  for (let unit = 0; unit < shape.units; unit += 1)
    memory.set(values.subarray(unit * ofUnit, (unit + 1) * ofUnit), into + unit * rows * GATE_COUNT);
  memory.set(values.subarray(shape.units * ofUnit, values.length), into + head);
}

/** Puts a window, `[step][feature]` from `at` on, into a lane. */
export function putWindow(
  { shape, rows, stack }: LstmLayout,
  memory: Memory,
  lane: number,
  inputs: Float32Array,
  at: number,
): void {
  const { steps, features, units } = shape;
  let from = at;
  for (let step = 0; step < steps; step += 1) {
    let to = stack + (step * rows + units) * BATCH_LANES + lane;
    for (let feature = 0; feature < features; feature += 1) {
      memory[to] = inputs[from] as number;
      to += BATCH_LANES;
      from += 1;
    }
  }
}

/** Puts a window where `forwardOne` reads it. */
export function putSingle({ shape, rows, single }: LstmLayout, memory: Memory, window: ArrayLike<number>): void {
  assert(window.length === windowFloats(shape), `${window.length} of ${windowFloats(shape)} numbers in a window`);
  let from = 0;
  for (let step = 0; step < shape.steps; step += 1) {
    const to = single + step * rows + shape.units;
    for (let feature = 0; feature < shape.features; feature += 1) {
      memory[to + feature] = window[from] as number;
      from += 1;
    }
  }
}
