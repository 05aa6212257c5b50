import { describe, expect, it } from "vitest";
import { MODEL_CODE_SHA256 } from "../../../src/core/prediction/training/model-code.ts";
import { modelCodeSha256, modelSources } from "../../../tools/models/model-code.ts";

describe("the hash of the sources that make a model", () => {
  it("is the one that the platform writes into its models; `npm run model-code` writes it anew", () => {
    expect(MODEL_CODE_SHA256).toBe(modelCodeSha256());
  });

  it("is of everything that makes rows and bytes, and of nothing that only uses them", () => {
    const sources = modelSources();
    for (const made of [
      "src/adapters/compute/lstm.wasm",
      "src/core/prediction/builder/build-dataset.ts",
      "src/core/prediction/features/day-features.ts",
      "src/core/prediction/forest/grow-tree.ts",
      "src/core/prediction/labels/iron-fly-outcome.ts",
      "src/core/prediction/lstm/lstm-trainer.ts",
      "src/core/charges/contract-note.ts",
      "src/core/instrument/market-rules.json",
      "src/core/kernel/seeded-random.ts",
    ])
      expect(sources).toContain(made);
    expect(
      sources.filter((file) => /predictor\.ts$|core\/account\/decide|durable-objects|src\/edge/.test(file)),
    ).toEqual(["src/core/prediction/lstm/lstm-predictor.ts"]);
  });
});
