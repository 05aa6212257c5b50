// What an LSTM needs computed: everything that costs time, and nothing that decides. The core says where the numbers lie and
// in which order the steps come; a kernel multiplies them. Two kernels that round alike train the same model, bit by bit.
import type { LstmLayout } from "./lstm-layout.ts";

export interface AdamStep {
  /** The gradient is multiplied by this first: 1, or less where it is clipped. */
  readonly scale: number;
  readonly rate: number;
  readonly meanDecay: number;
  readonly squareDecay: number;
  readonly epsilon: number;
  /** Steps so far, with this one: from 1. */
  readonly count: number;
}

export interface LstmKernel {
  /** Names how it rounds; part of what a model's bytes depend on. */
  readonly name: string;
  readonly layout: LstmLayout;
  /** Zero at first, but for the rows of ones (`prepareMemory`). */
  readonly memory: Float32Array | Float64Array;
  /** From the windows in the stack to the units' outputs of the last step, in the stack's last. */
  forward(): void;
  /** From `hiddenLoss` at the last step to the gradient of all weights but the head's. Needs a forward run before it. */
  backward(): void;
  /** Sum of squares of the whole gradient. */
  squaredNorm(): number;
  adam(step: AdamStep): void;
  /** As forward, for the one window in `single`. */
  forwardOne(): void;
}

/** Each kernel has a memory of its own, and so one network at a time. */
export type MakeLstmKernel = (layout: LstmLayout) => LstmKernel;

/** `1 − decayᵗ`, by which Adam's moments are too small at first. */
export const adamCorrection = (decay: number, count: number): number => 1 - decay ** count;
