import { describe, expect, it } from "vitest";
import { daysOf } from "../../../../src/core/prediction/dataset.ts";
import { walkForwardSplits } from "../../../../src/core/prediction/evaluation/walk-forward.ts";
import { madeDataset } from "../made-dataset.ts";

const dataset = madeDataset({ days: 50, seed: 1, skill: 0 });

describe("walk-forward splits", () => {
  it("learn from thirty trading days and judge each later day exactly once", () => {
    const splits = walkForwardSplits(dataset);
    const judged = splits.flatMap(({ testFrom, testTo }) =>
      Array.from({ length: testTo - testFrom }, (_, at) => testFrom + at),
    );
    expect(judged).toEqual(Array.from({ length: 20 * 30 }, (_, at) => 30 * 30 + at));
    for (const { train, testFrom } of splits) {
      const days = new Set([...train].map((row) => dataset.day[row]));
      expect(days.size).toBe(30);
      expect(Math.max(...train)).toBeLessThan(testFrom);
    }
  });

  it("learn from no row whose label reaches to within the embargo of what is judged", () => {
    // Outcomes that take three days to be known, as positions held overnight would.
    const slow = { ...dataset, outcomeEndMs: dataset.atMs.map((at) => at + 3 * 86_400_000) };
    const embargoMs = 3_600_000;
    for (const { train, testFrom } of walkForwardSplits(slow, { embargoMs })) {
      const from = slow.atMs[testFrom] as number;
      expect(train.length).toBeGreaterThan(0);
      for (const row of train) expect(slow.outcomeEndMs[row] as number).toBeLessThanOrEqual(from - embargoMs);
    }
    const sizes = walkForwardSplits(slow).map(({ train }) => train.length);
    expect(Math.max(...sizes)).toBeLessThan(28 * 30);
  });

  it("take other windows and only some of the splits", () => {
    expect(walkForwardSplits(dataset, { windowDays: 10, testDays: 1 })).toHaveLength(40);
    expect(walkForwardSplits(dataset, { windowDays: 10, testDays: 1, every: 20 })).toHaveLength(2);
    expect(walkForwardSplits(dataset, { windowDays: daysOf(dataset).length })).toHaveLength(0);
  });
});
