// The dense head on the units' outputs of the last step, its losses, and the way back into the units.

import { portableExp, portableLog } from "../../kernel/portable-math.ts";
import type { LstmKernel } from "./lstm-kernel.ts";
import { BATCH_LANES, type LstmLayout } from "./lstm-layout.ts";

/** Numbers to learn from: for VALUE every output of every window, for CLASSES the class of every window. */
export type Targets = Float32Array | Uint8Array;

/** Where the last outputs of the units begin. */
const lastOf = ({ shape, rows, stack }: LstmLayout): number => stack + shape.steps * rows * BATCH_LANES;

/** `[output][lane]`: values, or the likelihood of every class. Needs a forward run. */
export function headOutputs({ layout, memory }: LstmKernel, results: Float64Array): void {
  const { units, outputs, head } = { ...layout.shape, head: layout.parameters + layout.head };
  const last = lastOf(layout);
  for (let output = 0; output < outputs; output += 1) {
    const into = output * BATCH_LANES;
    results.fill(memory[head + outputs * units + output] as number, into, into + BATCH_LANES);
    for (let unit = 0; unit < units; unit += 1) {
      const weight = memory[head + output * units + unit] as number;
      const from = last + unit * BATCH_LANES;
      for (let lane = 0; lane < BATCH_LANES; lane += 1)
        results[into + lane] = (results[into + lane] as number) + weight * (memory[from + lane] as number);
    }
  }
  if (layout.shape.head === "CLASSES")
    for (let lane = 0; lane < BATCH_LANES; lane += 1) softmax(results, lane, BATCH_LANES, outputs);
}

/** In place, over `count` numbers `apart` from each other. */
export function softmax(values: Float64Array, from: number, apart: number, count: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) most = Math.max(most, values[from + index * apart] as number);
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const power = portableExp((values[from + index * apart] as number) - most);
    values[from + index * apart] = power;
    sum += power;
  }
  for (let index = 0; index < count; index += 1)
    values[from + index * apart] = (values[from + index * apart] as number) / sum;
}

/** A likelihood of 0 would make the loss infinite. */
const LIKELIHOOD_MIN = 1e-12;

/** The loss of one window: mean of the squared errors of its outputs, or −log of the likelihood of its class. */
export function lossOf(
  { head, outputs }: LstmLayout["shape"],
  results: Float64Array,
  lane: number,
  targets: Targets,
  window: number,
): number {
  if (head === "CLASSES")
    return -portableLog(Math.max(LIKELIHOOD_MIN, results[(targets[window] as number) * BATCH_LANES + lane] as number));
  let sum = 0;
  for (let output = 0; output < outputs; output += 1) {
    const error = (results[output * BATCH_LANES + lane] as number) - (targets[window * outputs + output] as number);
    sum += error * error;
  }
  return sum / outputs;
}

/**
 * Turns results into what each has done to the mean loss of these windows (lane after lane), writes the head's gradient and
 * the units' share into `hiddenLoss`. Lanes without a window have no say.
 */
export function headBack(
  { layout, memory }: LstmKernel,
  results: Float64Array,
  targets: Targets,
  windows: Int32Array,
): void {
  const { units, outputs, head } = layout.shape;
  for (let lane = 0; lane < BATCH_LANES; lane += 1) {
    for (let output = 0; output < outputs; output += 1) {
      const at = output * BATCH_LANES + lane;
      const window = windows[lane];
      if (window === undefined) results[at] = 0;
      else if (head === "CLASSES")
        results[at] = ((results[at] as number) - (targets[window] === output ? 1 : 0)) / windows.length;
      else
        results[at] =
          (2 * ((results[at] as number) - (targets[window * outputs + output] as number))) / (outputs * windows.length);
    }
  }
  const last = lastOf(layout);
  const weights = layout.parameters + layout.head;
  const gradient = layout.gradient + layout.head;
  memory.fill(0, layout.hiddenLoss, layout.hiddenLoss + layout.unitsPadded * BATCH_LANES);
  for (let output = 0; output < outputs; output += 1) {
    const from = output * BATCH_LANES;
    let bias = 0;
    for (let lane = 0; lane < BATCH_LANES; lane += 1) bias += results[from + lane] as number;
    memory[gradient + outputs * units + output] = bias;
    for (let unit = 0; unit < units; unit += 1) {
      const weight = memory[weights + output * units + unit] as number;
      const values = last + unit * BATCH_LANES;
      const losses = layout.hiddenLoss + unit * BATCH_LANES;
      let slope = 0;
      for (let lane = 0; lane < BATCH_LANES; lane += 1) {
        const loss = results[from + lane] as number;
        slope += loss * (memory[values + lane] as number);
        memory[losses + lane] = (memory[losses + lane] as number) + loss * weight;
      }
      memory[gradient + output * units + unit] = slope;
    }
  }
}
