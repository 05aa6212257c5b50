import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { bootstrapInterval, meanInterval } from "../../../../src/core/prediction/evaluation/block-bootstrap.ts";

const means = (days: number, random: SeededRandom, shared: number) => {
  let mood = 0;
  const sums = Float64Array.from({ length: days }, () => {
    mood = shared * mood + random.normal();
    return 10 * mood;
  });
  return { sums, counts: new Float64Array(days).fill(10) };
};

describe("the bootstrap by trading day", () => {
  it("covers the true mean about as often as it says", () => {
    const random = new SeededRandom(3);
    let covered = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const { sums, counts } = means(120, random, 0);
      const { low, high } = meanInterval(sums, counts, { seed: trial, repetitions: 200 });
      if (low <= 0 && 0 <= high) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it("is wider for days that hang together when they are drawn in runs", () => {
    const { sums, counts } = means(400, new SeededRandom(4), 0.8);
    const width = (blockDays: number): number => {
      const { low, high } = meanInterval(sums, counts, { seed: 1, blockDays });
      return high - low;
    };
    expect(width(20)).toBeGreaterThan(1.5 * width(1));
  });

  it("follows from the seed, and draws only days that are there", () => {
    const seen = new Set<number>();
    const run = (seed: number) =>
      bootstrapInterval(
        7,
        (drawn) => {
          for (const day of drawn) seen.add(day);
          return drawn[0] as number;
        },
        { seed, repetitions: 60 },
      );
    expect(run(1)).toEqual(run(1));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
