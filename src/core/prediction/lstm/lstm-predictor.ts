// A trained network that answers: one window at a time, or many at once.
import { assert } from "../../kernel/assert.ts";
import { softmax } from "./lstm-head.ts";
import { resultsOf } from "./lstm-judge.ts";
import type { MakeLstmKernel } from "./lstm-kernel.ts";
import { layoutOf } from "./lstm-layout.ts";
import { load, putSingle } from "./lstm-memory.ts";
import type { LstmModel } from "./lstm-model.ts";

export interface LstmPredictor {
  /** `window`: `[step][feature]`, finite. Values, or the likelihood of every class. */
  predict(window: ArrayLike<number>): Float64Array;
  /** `[window][output]` */
  predictMany(count: number, inputs: Float32Array): Float32Array;
}

export function lstmPredictor(make: MakeLstmKernel, { shape, parameters }: LstmModel): LstmPredictor {
  const layout = layoutOf(shape);
  const kernel = make(layout);
  const { memory } = kernel;
  load(layout, memory, layout.parameters, parameters);
  const head = layout.parameters + layout.head;
  const last = layout.single + shape.steps * layout.rows;
  return {
    predict: (window) => {
      for (let at = 0; at < window.length; at += 1) assert(Number.isFinite(window[at]), `number ${at} is not finite`);
      putSingle(layout, memory, window);
      kernel.forwardOne();
      const results = new Float64Array(shape.outputs);
      for (let output = 0; output < shape.outputs; output += 1) {
        let sum = memory[head + shape.outputs * shape.units + output] as number;
        for (let unit = 0; unit < shape.units; unit += 1)
          sum += (memory[head + output * shape.units + unit] as number) * (memory[last + unit] as number);
        results[output] = sum;
      }
      if (shape.head === "CLASSES") softmax(results, 0, 1, shape.outputs);
      return results;
    },
    predictMany: (count, inputs) => {
      assert(inputs.every(Number.isFinite), "a number is not finite");
      return resultsOf(kernel, { count, inputs });
    },
  };
}
