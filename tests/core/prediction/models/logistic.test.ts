import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { fitScale, putScaled, scaledCount } from "../../../../src/core/prediction/models/feature-scale.ts";
import { fitLogistic, logisticShares } from "../../../../src/core/prediction/models/logistic.ts";
import { minimize } from "../../../../src/core/prediction/models/minimize.ts";

describe("the search for the least", () => {
  it("finds that of a long valley", () => {
    const found = minimize((x, gradient) => {
      const [one, other] = [x[0] as number, x[1] as number];
      gradient[0] = 2 * (one - 3);
      gradient[1] = 2_000 * (other + 1);
      return (one - 3) ** 2 + 1_000 * (other + 1) ** 2;
    }, new Float64Array(2));
    expect(found[0]).toBeCloseTo(3, 6);
    expect(found[1]).toBeCloseTo(-1, 6);
  });
});

describe("logistic regression", () => {
  it("finds the weights that the labels were drawn by", () => {
    const random = new SeededRandom(9);
    const rows = 6_000;
    const inputs = Float64Array.from({ length: rows * 2 }, () => random.normal());
    const labels = Uint8Array.from({ length: rows }, (_, row) => {
      const score = 1.5 * (inputs[2 * row] as number) - 0.5;
      return random.next() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    });
    const fitted = fitLogistic(inputs, labels, 2, 1);
    const difference = (at: number): number => (fitted.weights[3 + at] as number) - (fitted.weights[at] as number);
    expect(difference(0)).toBeCloseTo(1.5, 0.9);
    expect(difference(1)).toBeCloseTo(0, 0.9);
    expect(difference(2)).toBeCloseTo(-0.5, 0.9);
    const shares = logisticShares(fitted, Float64Array.of(1, 0));
    expect((shares[0] as number) + (shares[1] as number)).toBeCloseTo(1, 12);
    expect(shares[1]).toBeGreaterThan(0.68);
  });
});

describe("the scale of features", () => {
  it("knows the training rows alone, cuts off what is far out, and tells what is missing", () => {
    const column = Float64Array.of(1, 3, 1, 3, 1_000, Number.NaN);
    const patchy = Float64Array.of(Number.NaN, 2, 4, 2, 4, Number.NaN);
    const never = new Float64Array(6).fill(Number.NaN);
    const constant = new Float64Array(6).fill(7);
    const columns = [column, patchy, never, constant];
    const scale = fitScale(columns, Int32Array.of(0, 1, 2, 3));
    expect([...scale.used]).toEqual([0, 1]);
    expect([...scale.told]).toEqual([1]);
    expect(scaledCount(scale)).toBe(3);
    const into = new Float32Array(3);
    const put = (row: number): number[] => {
      putScaled(scale, (feature) => columns[feature]?.[row] as number, into, 0);
      return [...into];
    };
    expect(put(0)).toEqual([-1, 0, 1]);
    expect(put(4)[0]).toBe(5);
    expect(put(5)).toEqual([0, 0, 1]);
  });
});
