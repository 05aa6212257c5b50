// Where the numbers of a network lie in the one memory it is computed in. Offsets count floats and are multiples of eight.
//
// The batch lies in the lanes: everything but the weights exists once for each of 32 windows, side by side. What the gates see
// at a step is one stack of rows: the units' outputs of the step before, the features, a row of ones (its weight is the bias),
// and rows of zeros up to a multiple of four.
import { assertShape, type LstmShape } from "./lstm-shape.ts";

/** Windows that are computed at once, and so the largest mini-batch. */
export const BATCH_LANES = 32;
/** Input, forget, candidate, output: in this order wherever gates are meant. */
export const GATE_COUNT = 4;

export interface LstmLayout {
  readonly shape: LstmShape;
  /** Rows of the stack at one step. */
  readonly rows: number;
  /** Units up to a multiple of four. */
  readonly unitsPadded: number;
  /** Floats of all parameters with their padding; as many for the gradient and each moment. */
  readonly parameterFloats: number;
  /** `[unit][row][gate]`, and at `head` `[output][unit]`, then one bias for each output. */
  readonly parameters: number;
  /** Offset of the head within parameters, gradient and moments. */
  readonly head: number;
  readonly gradient: number;
  readonly means: number;
  readonly squares: number;
  /** `[steps + 1][row][lane]` */
  readonly stack: number;
  /** `[steps][unit][gate][lane]`; going back, what each gate's sum has done to the loss. */
  readonly gates: number;
  /** `[steps + 1][unit][lane]`, and at each step their tanh. */
  readonly cells: number;
  readonly tanhs: number;
  /** `[unit][lane]`: what the outputs and the cells have done to the loss, at the step that is being gone back through. */
  readonly hiddenLoss: number;
  readonly cellLoss: number;
  /** For one window by itself: `[steps + 1][row]`, `[unit][gate]`, `[unit]`. */
  readonly single: number;
  readonly singleGates: number;
  readonly singleCells: number;
  readonly floats: number;
}

const upTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

export function layoutOf(shape: LstmShape): LstmLayout {
  assertShape(shape);
  const { steps, features, units, outputs } = shape;
  const rows = upTo(units + features + 1, 4);
  const unitsPadded = upTo(units, 4);
  const head = units * rows * GATE_COUNT;
  const parameterFloats = upTo(head + outputs * (units + 1), 4);
  let next = 0;
  const room = (floats: number): number => {
    const at = next;
    next = upTo(next + floats, 8);
    return at;
  };
  return {
    shape,
    rows,
    unitsPadded,
    parameterFloats,
    head,
    parameters: room(parameterFloats),
    gradient: room(parameterFloats),
    means: room(parameterFloats),
    squares: room(parameterFloats),
    stack: room((steps + 1) * rows * BATCH_LANES),
    gates: room(steps * units * GATE_COUNT * BATCH_LANES),
    cells: room((steps + 1) * units * BATCH_LANES),
    tanhs: room(steps * units * BATCH_LANES),
    hiddenLoss: room(unitsPadded * BATCH_LANES),
    cellLoss: room(unitsPadded * BATCH_LANES),
    single: room((steps + 1) * rows),
    singleGates: room(unitsPadded * GATE_COUNT),
    singleCells: room(unitsPadded),
    floats: next,
  };
}
