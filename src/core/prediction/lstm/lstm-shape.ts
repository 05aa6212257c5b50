// The shape of a network: one LSTM layer that reads a window of steps, and a dense head on its last output.
import { assert } from "../../kernel/assert.ts";

export interface LstmShape {
  /** Steps of a window, oldest first. */
  readonly steps: number;
  /** Numbers at every step. */
  readonly features: number;
  readonly units: number;
  /** VALUE: one or more numbers, judged by the mean squared error. CLASSES: probabilities (softmax), by cross-entropy. */
  readonly head: "VALUE" | "CLASSES";
  /** Numbers or classes. */
  readonly outputs: number;
}

const GATES = 4;

/** Weights between stack and gates: those of the units' own outputs, of the features, and one bias for every gate. */
export const recurrentCount = ({ units, features }: LstmShape): number => GATES * units * (units + features + 1);

/** All numbers that are learned. */
export const parameterCount = (shape: LstmShape): number => recurrentCount(shape) + shape.outputs * (shape.units + 1);

export const windowFloats = ({ steps, features }: LstmShape): number => steps * features;

/** Most of everything: keeps what is read from bytes within a Worker's memory. */
const LIMITS = { steps: 512, features: 512, units: 512, outputs: 64 } as const;

export function isShape(shape: LstmShape): boolean {
  return (
    Object.entries(LIMITS).every(([name, most]) => {
      const value = shape[name as keyof typeof LIMITS];
      return Number.isInteger(value) && value >= 1 && value <= most;
    }) &&
    (shape.head === "VALUE" || shape.outputs >= 2)
  );
}

export function assertShape(shape: LstmShape): void {
  assert(isShape(shape), `no network has the shape ${JSON.stringify(shape)}`);
}

export const sameShape = (one: LstmShape, other: LstmShape): boolean =>
  one.steps === other.steps &&
  one.features === other.features &&
  one.units === other.units &&
  one.head === other.head &&
  one.outputs === other.outputs;
