import { describe, expect, it } from "vitest";
import {
  featureSkills,
  suspectsOf,
  withLeakedFeature,
  withShuffledLabels,
} from "../../../../src/core/prediction/evaluation/leak-checks.ts";
import { madeDataset } from "../made-dataset.ts";

const counts = (labels: Uint8Array): number[] =>
  [0, 1, 2].map((label) => labels.filter((each) => each === label).length);

describe("checks for leaks", () => {
  const honest = madeDataset({ days: 60, seed: 4, skill: 0.2 });

  it("find a feature that knows the future in a third of the rows, and only that one", () => {
    const suspects = suspectsOf(featureSkills(withLeakedFeature(honest, 0.35, 1)));
    expect(suspects.map(({ feature }) => feature)).toEqual(["leak"]);
    expect(suspectsOf(featureSkills(honest))).toEqual([]);
  });

  it("see no skill in any feature once the labels are dealt out anew, not even in the leak", () => {
    const shuffled = withShuffledLabels(withLeakedFeature(honest, 0.9, 1), 2);
    expect(counts(shuffled.direction)).toEqual(counts(honest.direction));
    for (const { gain } of featureSkills(shuffled)) expect(gain).toBeLessThan(0.01);
  });

  it("leave unknown labels where they are", () => {
    const direction = honest.direction.map((label, row) => (row % 7 === 0 ? 255 : label));
    const shuffled = withShuffledLabels({ ...honest, direction }, 3);
    expect([...shuffled.direction].map((label) => label === 255)).toEqual([...direction].map((label) => label === 255));
  });
});
