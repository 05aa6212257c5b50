import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { classScores } from "../../../../src/core/prediction/evaluation/class-scores.ts";
import { baseRatesOf, calibrated, fitCalibration } from "../../../../src/core/prediction/models/calibration.ts";
import { softmaxOf } from "../../../../src/core/prediction/models/softmax.ts";

/** Rows whose true shares are known, and a model that exaggerates them so many times. */
function rowsOf(count: number, seed: number, times: number) {
  const random = new SeededRandom(seed);
  const [stated, truth, labels] = [new Float64Array(count * 3), new Float64Array(count * 3), new Uint8Array(count)];
  for (let row = 0; row < count; row += 1) {
    const scores = Float64Array.from([0, 1, 2], () => 0.6 * random.normal());
    stated.set(softmaxOf(scores.map((score) => times * score)), row * 3);
    const shares = softmaxOf(scores);
    truth.set(shares, row * 3);
    const draw = random.next();
    labels[row] = draw < (shares[0] as number) ? 0 : draw < (shares[0] as number) + (shares[1] as number) ? 1 : 2;
  }
  return { stated, truth, labels };
}

const apply = (calibration: ReturnType<typeof fitCalibration>, ...models: readonly Float64Array[]): Float64Array => {
  const rows = (models[0] as Float64Array).length / 3;
  const all = new Float64Array(rows * 3);
  for (let row = 0; row < rows; row += 1)
    all.set(
      calibrated(
        calibration,
        models.map((own) => own.subarray(row * 3, row * 3 + 3)),
      ),
      row * 3,
    );
  return all;
};

describe("calibration on a later slice", () => {
  const base = Float64Array.of(1 / 3, 1 / 3, 1 / 3);

  it("takes back what a model exaggerates, so that fresh rows score nearly as the truth would", () => {
    const [fit, fresh] = [rowsOf(2_000, 1, 3), rowsOf(4_000, 2, 3)];
    const calibration = fitCalibration(base, [fit.stated], fit.labels);
    const [before, after, truth] = [fresh.stated, apply(calibration, fresh.stated), fresh.truth].map((shares) =>
      classScores(shares as Float64Array, fresh.labels, 3),
    );
    expect(before?.ece).toBeGreaterThan(0.15);
    expect(after?.ece).toBeLessThan(0.03);
    expect(after?.logLoss as number).toBeLessThan((truth?.logLoss as number) + 0.005);
  });

  it("believes a model without skill so little that the base rates remain", () => {
    const [fit, noise, fresh] = [rowsOf(2_000, 3, 1), rowsOf(2_000, 4, 2), rowsOf(4_000, 5, 1)];
    const calibration = fitCalibration(base, [noise.stated], fit.labels);
    expect(calibration.trust[0]).toBeGreaterThanOrEqual(0);
    expect(calibration.trust[0]).toBeLessThan(0.06);
    const loss = classScores(apply(calibration, fresh.stated), fresh.labels, 3).logLoss;
    expect(loss).toBeLessThan(Math.log(3) + 0.005);
  });

  it("blends: the one with skill is believed, the one without is not, and one that is wrong is not turned round", () => {
    const fit = rowsOf(2_000, 6, 1);
    const wrong = fit.truth.map((share) => (1 - share) / 2);
    const { trust } = fitCalibration(base, [rowsOf(2_000, 7, 2).stated, fit.stated, wrong], fit.labels);
    expect(trust[1]).toBeGreaterThan(0.8);
    expect(trust[0]).toBeLessThan(0.1);
    expect(trust[2]).toBeLessThan(0.05);
    expect(fitCalibration(base, [wrong], fit.labels).trust[0]).toBe(0);
  });

  it("counts every class once more than it came", () => {
    expect([...baseRatesOf([0, 0, 2, 255], 3)]).toEqual([3 / 6, 1 / 6, 2 / 6]);
  });
});
