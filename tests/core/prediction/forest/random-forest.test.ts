import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantBroken } from "../../../../src/core/kernel/assert.ts";
import { SeededRandom } from "../../../../src/core/kernel/seeded-random.ts";
import { binFeatures, MISSING_BIN } from "../../../../src/core/prediction/forest/binned-features.ts";
import { forestFromBytes, forestToBytes } from "../../../../src/core/prediction/forest/forest-bytes.ts";
import { packForest, predictPacked } from "../../../../src/core/prediction/forest/packed-forest.ts";
import {
  gatherForest,
  growForestTree,
  mostLikely,
  predictShares,
  type RandomForest,
  trainForest,
  trainingRows,
} from "../../../../src/core/prediction/forest/random-forest.ts";

interface Sample {
  readonly columns: readonly Float64Array[];
  readonly labels: Uint8Array;
}

/** Class 0 where the first two features have the same sign, else 1: no single feature tells; the third is noise. */
function crossed(rows: number, seed: number): Sample {
  const random = new SeededRandom(seed);
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => random.normal()));
  const [first, second] = columns as [Float64Array, Float64Array, Float64Array];
  return { columns, labels: Uint8Array.from(first, (value, row) => (value * (second[row] as number) > 0 ? 0 : 1)) };
}

const rowOf = ({ columns }: Sample, row: number): number[] => columns.map((column) => column[row] as number);

const accuracyOf = (forest: RandomForest, sample: Sample): number =>
  sample.labels.filter((label, row) => mostLikely(predictShares(forest, rowOf(sample, row))) === label).length /
  sample.labels.length;

const OPTIONS = { trees: 40, seed: 11 };

describe("bins of features", () => {
  it("put a value into the first bin whose edge it does not exceed, and keep the order of values", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(values, (list) => {
        const { bins, edges } = binFeatures([Float64Array.from(list)]);
        const [bin, edge] = [bins[0] as Uint8Array, edges[0] as Float64Array];
        for (const [row, value] of list.entries()) {
          const at = bin[row] as number;
          expect(at).toBeGreaterThan(MISSING_BIN);
          expect(value <= (edge[at] as number)).toBe(true);
          expect(value > (edge[at - 1] as number)).toBe(true);
        }
      }),
    );
  });

  it("tell up to 255 different values apart", () => {
    const { bins } = binFeatures([Float64Array.from({ length: 255 }, (_, index) => Math.sin(index) * 1e-9)]);
    expect(new Set(bins[0]).size).toBe(255);
  });

  it("keep what is missing apart from every number, and refuse what is infinite", () => {
    const { bins } = binFeatures([Float64Array.from([-1e300, Number.NaN, 0])]);
    expect([...(bins[0] as Uint8Array)].map((bin) => bin === MISSING_BIN)).toEqual([false, true, false]);
    expect(binFeatures([Float64Array.from([Number.NaN])]).bins[0]).toEqual(Uint8Array.of(MISSING_BIN));
    expect(() => binFeatures([Float64Array.from([1, Number.POSITIVE_INFINITY])])).toThrow(InvariantBroken);
    expect(() => binFeatures([Float64Array.of(1, 2), Float64Array.of(1)])).toThrow(InvariantBroken);
  });
});

describe("a random forest", () => {
  const train = crossed(1_500, 1);
  const test = crossed(1_500, 2);
  const { forest, outOfBag, importances } = trainForest(train.columns, train.labels, 2, OPTIONS);

  it("learns what no single feature tells", () => {
    expect(accuracyOf(forest, test)).toBeGreaterThan(0.93);
  });

  it("is judged by rows its trees have not seen about as well as by new ones", () => {
    expect(outOfBag?.rows).toBe(1_500);
    expect(Math.abs((outOfBag?.accuracy ?? 0) - accuracyOf(forest, test))).toBeLessThan(0.03);
    expect(outOfBag?.logLoss).toBeLessThan(Math.log(2) / 2);
  });

  it("says which features it goes by, as shares", () => {
    const [first, second, noise] = importances as unknown as [number, number, number];
    expect(first + second + noise).toBeCloseTo(1, 12);
    expect(noise).toBeLessThan(first / 3);
    expect(noise).toBeLessThan(second / 3);
  });

  it("finds nothing in labels that were shuffled: no better than chance, in and out of the bag", () => {
    const random = new SeededRandom(5);
    const labels = Uint8Array.from(train.labels, () => random.below(2));
    const shuffled = trainForest(train.columns, labels, 2, OPTIONS);
    expect(Math.abs((shuffled.outOfBag?.accuracy ?? 0) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(accuracyOf(shuffled.forest, test) - 0.5)).toBeLessThan(0.05);
  });

  it("is the same, byte for byte, for the same data and seed, and another for another seed", () => {
    const bytes = forestToBytes(forest);
    const again = trainForest(train.columns, train.labels, 2, OPTIONS).forest;
    const other = trainForest(train.columns, train.labels, 2, { ...OPTIONS, seed: 12 }).forest;
    expect(Buffer.compare(bytes, forestToBytes(again))).toBe(0);
    expect(Buffer.compare(bytes, forestToBytes(other))).not.toBe(0);
  });

  it("can be grown in any order of its trees", () => {
    const data = trainingRows(train.columns, train.labels, 2, OPTIONS);
    const grown = [2, 0, 1].map((index) => [index, growForestTree(data, OPTIONS, index)] as const);
    const inOrder = grown.toSorted(([one], [other]) => one - other).map(([, tree]) => tree);
    const gathered = gatherForest(data, train.columns, inOrder).forest;
    const atOnce = trainForest(train.columns, train.labels, 2, { ...OPTIONS, trees: 3 }).forest;
    expect(Buffer.compare(forestToBytes(gathered), forestToBytes(atOnce))).toBe(0);
  });

  it("gives shares that sum to one, also for rows of which everything is missing", () => {
    for (const row of [rowOf(test, 0), [Number.NaN, Number.NaN, Number.NaN]]) {
      expect(predictShares(forest, row).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    }
  });

  it("answers the same, bit by bit, when it is laid out to be walked", () => {
    const random = new SeededRandom(17);
    for (const trees of [1, 4, 7]) {
      const some: RandomForest = { ...forest, trees: forest.trees.slice(0, trees) };
      const packed = packForest(some);
      for (let index = 0; index < 500; index += 1) {
        const row = rowOf(test, index).map((value) => (random.next() < 0.1 ? Number.NaN : value));
        expect(predictPacked(packed, row)).toEqual(predictShares(some, row));
      }
      // Just on a threshold goes left, the next number right.
      const [by, edge] = [some.trees[0]?.feature[0] as number, some.trees[0]?.threshold[0] as number];
      for (const value of [edge, edge + Math.abs(edge) * Number.EPSILON, -edge]) {
        const row = rowOf(test, 0).with(by, value);
        expect(predictPacked(packed, row)).toEqual(predictShares(some, row));
      }
    }
    expect(() => predictPacked(packForest(forest), [0])).toThrow(InvariantBroken);
  });

  it("learns from a value being missing", () => {
    const random = new SeededRandom(3);
    const labels = Uint8Array.from({ length: 600 }, () => random.below(2));
    const column = Float64Array.from(labels, (label) => (label === 1 ? Number.NaN : random.normal()));
    const trained = trainForest([column], labels, 2, OPTIONS).forest;
    expect(mostLikely(predictShares(trained, [Number.NaN]))).toBe(1);
    expect(mostLikely(predictShares(trained, [-50]))).toBe(0);
  });

  it("takes a rare class as seriously as a common one when classes are balanced", () => {
    const random = new SeededRandom(9);
    const labels = Uint8Array.from({ length: 3_000 }, () => (random.next() < 0.06 ? 1 : 0));
    const column = Float64Array.from(labels, (label) => random.normal() + label);
    const found = (classWeights: "EQUAL" | "BALANCED"): number => {
      const { forest: trained } = trainForest([column], labels, 2, { ...OPTIONS, leafRowsMin: 25, classWeights });
      return labels.filter(
        (label, row) => label === 1 && mostLikely(predictShares(trained, [column[row] as number])) === 1,
      ).length;
    };
    expect(found("BALANCED")).toBeGreaterThan(4 * Math.max(1, found("EQUAL")));
  });

  it("obeys the least size of a leaf and the greatest depth", () => {
    const stump = trainForest(train.columns, train.labels, 2, { ...OPTIONS, depthMax: 1 }).forest;
    for (const tree of stump.trees) expect(tree.feature.length).toBeLessThanOrEqual(3);
    const coarse = trainForest(train.columns, train.labels, 2, { ...OPTIONS, leafRowsMin: 200 }).forest;
    for (const tree of coarse.trees) expect(tree.shares.length / 2).toBeLessThanOrEqual(1_500 / 200);
    const whole = trainForest(train.columns, train.labels, 2, { ...OPTIONS, leafRowsMin: 1_501 }).forest;
    for (const tree of whole.trees) expect(tree.feature).toEqual(Int16Array.of(-1));
  });

  it("G-51: three rows of three classes, one held out: the class that was never seen is never predicted", () => {
    const columns = [
      Float64Array.of(70, 30, 50),
      Float64Array.of(1, 2, 3),
      Float64Array.of(5, 6, 7),
      Float64Array.of(12, 15, 20),
    ];
    for (let out = 0; out < 3; out += 1) {
      const kept = [0, 1, 2].filter((row) => row !== out);
      const { forest: trained } = trainForest(
        columns.map((column) => Float64Array.from(kept, (row) => column[row] as number)),
        Uint8Array.from(kept),
        3,
        { trees: 100, seed: 42 },
      );
      expect(
        mostLikely(
          predictShares(
            trained,
            columns.map((column) => column[out] as number),
          ),
        ),
      ).not.toBe(out);
    }
  });

  it("refuses labels outside its classes and columns that do not fit", () => {
    expect(() => trainForest([Float64Array.of(1)], Uint8Array.of(2), 2, OPTIONS)).toThrow(InvariantBroken);
    expect(() => trainForest([Float64Array.of(1, 2)], Uint8Array.of(0), 2, OPTIONS)).toThrow(InvariantBroken);
    expect(() => trainForest([], Uint8Array.of(), 2, OPTIONS)).toThrow(InvariantBroken);
  });
});

describe("a forest as bytes", () => {
  const sample = crossed(200, 4);
  const { forest } = trainForest(sample.columns, sample.labels, 2, { trees: 5, seed: 1 });
  const bytes = forestToBytes(forest);

  it("comes back as it was", () => {
    expect(forestFromBytes(bytes)).toEqual({ ok: true, value: forest });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(forestFromBytes(shifted.subarray(3))).toEqual({ ok: true, value: forest });
  });

  it("is refused when it is cut anywhere, goes on, or is something else", () => {
    for (let length = 0; length < bytes.length; length += 37) {
      expect(forestFromBytes(bytes.subarray(0, length)).ok).toBe(false);
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(forestFromBytes(longer).ok).toBe(false);
    expect(forestFromBytes(new TextEncoder().encode('{"classes":3,"features":4}')).ok).toBe(false);
  });

  it("is never walked in circles or out of bounds, whatever bytes were changed", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        const read = forestFromBytes(damaged);
        if (read.ok) expect(predictShares(read.value, [0, 0, 0]).length).toBe(read.value.classes);
      }),
      { numRuns: 300 },
    );
  });
});
