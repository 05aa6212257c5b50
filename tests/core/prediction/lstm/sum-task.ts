// A training that the core runs in Node and the worker tests in workerd; it must end with the same bytes in both.
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { lstmToBytes } from "../../../../src/core/prediction/lstm/lstm-bytes.ts";
import type { MakeLstmKernel } from "../../../../src/core/prediction/lstm/lstm-kernel.ts";
import type { LstmModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { LstmTrainer, type LstmTraining } from "../../../../src/core/prediction/lstm/lstm-trainer.ts";

export const SUM_STEPS = 10;

/** Class 1 where the numbers of a window sum to more than nothing. */
export function sumWindows(count: number, seed: number) {
  const random = new SeededRandom(seed);
  const inputs = Float32Array.from({ length: count * SUM_STEPS }, () => 2 * random.next() - 1);
  const targets = Uint8Array.from({ length: count }, (_, window) =>
    inputs.subarray(window * SUM_STEPS, (window + 1) * SUM_STEPS).reduce((sum, value) => sum + value, 0) > 0 ? 1 : 0,
  );
  return { count, inputs, targets };
}

export const sumTraining = (make: MakeLstmKernel, epochs: number): LstmTraining => ({
  make,
  shape: { steps: SUM_STEPS, features: 1, units: 50, head: "CLASSES", outputs: 2 },
  slices: { train: sumWindows(1_280, 1), later: sumWindows(320, 2) },
  options: { seed: 5, epochs, rate: 0.003 },
});

/** SHA-256 of the network after one epoch, as hexadecimal digits. */
export const SUM_DIGEST = "807f1287f36016abb0cdbf09616d78ede868a8fa97a486dea539db7d5501ceb7";

export async function digestOfSum(make: MakeLstmKernel): Promise<string> {
  const trainer = new LstmTrainer(sumTraining(make, 1));
  trainer.run(Number.MAX_SAFE_INTEGER);
  const digest = await crypto.subtle.digest("SHA-256", lstmToBytes(trainer.model() as LstmModel));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
