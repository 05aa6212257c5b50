import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { classScores } from "../../../../src/core/prediction/evaluation/class-scores.ts";
import { calibrationError, reliabilityBins } from "../../../../src/core/prediction/evaluation/reliability.ts";

describe("scores of class probabilities", () => {
  it("are those of the textbook for three rows", () => {
    const shares = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.5, 0.3, 0.2);
    const scores = classScores(shares, Uint8Array.of(0, 1, 2), 3);
    expect(scores.accuracy).toBeCloseTo(2 / 3, 12);
    expect(scores.majority).toBeCloseTo(1 / 3, 12);
    expect(scores.logLoss).toBeCloseTo(-(Math.log(0.7) + Math.log(0.6) + Math.log(0.2)) / 3, 12);
    expect(scores.brier).toBeCloseTo((0.09 + 0.04 + 0.01 + 0.01 + 0.16 + 0.09 + 0.25 + 0.09 + 0.64) / 3, 12);
    expect(scores.hindsightLogLoss).toBeCloseTo(Math.log(3), 12);
  });

  it("never fall below what the frequencies themselves score when a constant is stated, and stay finite for a share of 0", () => {
    const random = new SeededRandom(5);
    const labels = Uint8Array.from({ length: 500 }, () => (random.next() < 0.5 ? 1 : random.below(3)));
    for (const constant of [
      [1 / 3, 1 / 3, 1 / 3],
      [0.2, 0.6, 0.2],
      [0, 1, 0],
    ]) {
      const scores = classScores(
        Float64Array.from(labels.length * 3 > 0 ? [...labels].flatMap(() => constant) : []),
        labels,
        3,
      );
      expect(scores.logLoss).toBeGreaterThanOrEqual(scores.hindsightLogLoss - 1e-12);
      expect(Number.isFinite(scores.logLoss)).toBe(true);
    }
  });
});

describe("reliability", () => {
  it("puts stated beside observed in bins, 1 in the last, and weighs the distance by rows", () => {
    const bins = reliabilityBins(Float64Array.of(0.72, 0.78, 0.74, 0.76, 1), Uint8Array.of(1, 1, 0, 1, 1));
    expect(bins.map(({ rows }) => rows)).toEqual([4, 1]);
    expect(bins[0]?.stated).toBeCloseTo(0.75, 12);
    expect(bins[0]?.observed).toBe(0.75);
    expect(calibrationError(bins)).toBeCloseTo(0, 12);
    expect(calibrationError(reliabilityBins(Float64Array.of(0.9, 0.9), Uint8Array.of(0, 0)))).toBeCloseTo(0.9, 12);
  });

  it("is near nothing for probabilities that are true", () => {
    const random = new SeededRandom(8);
    const stated = Float64Array.from({ length: 20_000 }, () => random.next());
    const came = Uint8Array.from(stated, (probability) => (random.next() < probability ? 1 : 0));
    expect(calibrationError(reliabilityBins(stated, came))).toBeLessThan(0.012);
  });
});
