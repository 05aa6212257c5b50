// What the LSTM is timed on, the same in Node and in workerd: windows of ten returns of a random walk, and the return that
// follows. There is nothing to be learned, which changes nothing about the time it takes.
import { SeededRandom } from "../../src/core/kernel/seeded-random.ts";
import type { MakeLstmKernel } from "../../src/core/prediction/lstm/lstm-kernel.ts";
import type { LstmShape } from "../../src/core/prediction/lstm/lstm-shape.ts";
import type { LstmTraining } from "../../src/core/prediction/lstm/lstm-trainer.ts";

export const WINDOWS = 11_000;
export const EPOCHS = 10;
export const SHAPE: LstmShape = { steps: 10, features: 1, units: 50, head: "VALUE", outputs: 1 };

export function lstmTask(make: MakeLstmKernel): LstmTraining {
  const random = new SeededRandom(1);
  const returns = Float32Array.from({ length: WINDOWS + SHAPE.steps }, () => random.normal());
  const inputs = Float32Array.from(
    { length: WINDOWS * SHAPE.steps },
    (_, at) => returns[Math.floor(at / SHAPE.steps) + (at % SHAPE.steps)] as number,
  );
  const targets = returns.slice(SHAPE.steps);
  const options = { seed: 1, epochs: EPOCHS, batch: 32, clipNorm: null, patience: null };
  return { make, shape: SHAPE, slices: { train: { count: WINDOWS, inputs, targets }, later: null }, options };
}
