// The network is trained where it will run: in workerd, by the module that is compiled with the Worker.
import { describe, expect, it } from "vitest";
import lstmModule from "../../../src/adapters/compute/lstm.wasm";
import { wasmLstmKernel } from "../../../src/adapters/compute/wasm-lstm-kernel.ts";
import type { LstmModel } from "../../../src/core/prediction/lstm/lstm-model.ts";
import { lstmPredictor } from "../../../src/core/prediction/lstm/lstm-predictor.ts";
import { LstmTrainer } from "../../../src/core/prediction/lstm/lstm-trainer.ts";
import { digestOfSum, SUM_DIGEST, SUM_STEPS, sumTraining, sumWindows } from "../../core/prediction/lstm/sum-task.ts";
import { digestOfHybrid, HYBRID_DIGEST } from "../../core/prediction/training/hybrid-task.ts";

const make = wasmLstmKernel(lstmModule);

describe("a network in workerd", () => {
  it("is trained in steps, each continued from what the one before has saved, and answers", () => {
    const training = sumTraining(make, 6);
    let trainer = new LstmTrainer(training);
    while (trainer.run(50).end === null) {
      const resumed = LstmTrainer.resume(training, trainer.save());
      if (!resumed.ok) throw new Error(resumed.error.detail);
      trainer = resumed.value;
    }
    const predictor = lstmPredictor(make, trainer.model() as LstmModel);
    const { count, inputs, targets } = sumWindows(500, 3);
    const right = targets.filter((target, window) => {
      const likelihood = predictor.predict(inputs.subarray(window * SUM_STEPS, (window + 1) * SUM_STEPS))[1] as number;
      return (likelihood > 0.5 ? 1 : 0) === target;
    });
    expect(right.length / count).toBeGreaterThan(0.93);
  });

  it("comes out with the bytes that Node gives for the same windows and seed", async () => {
    expect(await digestOfSum(make)).toBe(SUM_DIGEST);
  });
});

describe("a hybrid in workerd", () => {
  it("comes out of training in steps with the bytes that Node gives", async () => {
    expect(await digestOfHybrid(make)).toBe(HYBRID_DIGEST);
  });
});
