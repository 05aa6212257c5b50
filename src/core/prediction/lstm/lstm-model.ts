// A network by itself: its shape and what it has learned, in no kernel's memory.
import { SeededRandom } from "../../kernel/seeded-random.ts";
import { GATE_COUNT } from "./lstm-layout.ts";
import { assertShape, type LstmShape, parameterCount } from "./lstm-shape.ts";

export interface LstmModel {
  readonly shape: LstmShape;
  /** `[unit][units' outputs, features, bias][gate]`, then `[output][unit]`, then one bias for each output. */
  readonly parameters: Float32Array;
}

const FORGET = 1;

/**
 * Weights even within ± 1 / √units, biases 0; that of the forget gate 1, so that a cell begins by remembering.
 */
export function initialModel(shape: LstmShape, seed: number): LstmModel {
  assertShape(shape);
  const random = new SeededRandom(seed);
  const { units, features, outputs } = shape;
  const within = 1 / Math.sqrt(units);
  const draw = (): number => (2 * random.next() - 1) * within;
  const parameters = new Float32Array(parameterCount(shape));
  let at = 0;
  for (let unit = 0; unit < units; unit += 1) {
    for (let weight = 0; weight < (units + features) * GATE_COUNT; weight += 1) {
      parameters[at] = draw();
      at += 1;
    }
    parameters[at + FORGET] = 1;
    at += GATE_COUNT;
  }
  for (let weight = 0; weight < outputs * units; weight += 1) {
    parameters[at] = draw();
    at += 1;
  }
  return { shape, parameters };
}
