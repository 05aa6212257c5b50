import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import {
  deflatedSharpe,
  expectedBestSharpe,
  normalQuantile,
  probabilisticSharpe,
  sharpeOf,
} from "../../../../src/core/prediction/evaluation/deflated-sharpe.ts";

describe("a Sharpe ratio", () => {
  it("is the mean over the sample's deviation (G-65: 7.7686 a year, above a riskless 5 %)", () => {
    const above = [1, -0.5, 0.8, -0.2, 0.6].map((percent) => percent - 5 / 252);
    expect(sharpeOf(above) * Math.sqrt(252)).toBeCloseTo(7.7686, 4);
    expect(sharpeOf([1, 1, 1])).toBe(0);
  });

  it("is deflated as in the paper's own example: 100 trials of variance ½ a year, 1,250 days at 2.5 a year", () => {
    // Bailey and López de Prado (2014), "A numerical example": skew −3, kurtosis 10, deflated ratio about 0.90.
    const best = expectedBestSharpe(100, 0.5 / 250);
    expect(best).toBeCloseTo(0.1132, 3);
    const figures = { count: 1_250, mean: 2.5 / Math.sqrt(250), deviation: 1, skew: -3, kurtosis: 10 };
    expect(probabilisticSharpe(figures, best)).toBeCloseTo(0.9004, 3);
  });

  it("believes the best of a hundred attempts without skill far less than it would believe it alone", () => {
    const random = new SeededRandom(2);
    const attempts = Array.from({ length: 100 }, () => Float64Array.from({ length: 250 }, () => random.normal()));
    const best = attempts.reduce((one, other) => (sharpeOf(other) > sharpeOf(one) ? other : one));
    expect(deflatedSharpe(best, 1)).toBeGreaterThan(0.97);
    expect(deflatedSharpe(best, 100)).toBeLessThan(0.8);
  });

  it("inverts the normal distribution", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
  });
});
