import { describe, expect, it } from "vitest";
import { InvariantBroken } from "../../../../src/core/kernel/assert.ts";
import { SeededRandom, seedOfPart } from "../../../../src/core/kernel/seeded-random.ts";
import { lstmToBytes } from "../../../../src/core/prediction/lstm/lstm-bytes.ts";
import { initialModel, type LstmModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { lstmPredictor } from "../../../../src/core/prediction/lstm/lstm-predictor.ts";
import type { LstmShape } from "../../../../src/core/prediction/lstm/lstm-shape.ts";
import { LstmTrainer, type LstmTraining, orderOf } from "../../../../src/core/prediction/lstm/lstm-trainer.ts";
import { referenceKernel } from "../../../../src/core/prediction/lstm/reference-kernel.ts";
import { accuracyOf, firstDiffersFromLast, signWindows, wasmKernel } from "./lstm-fixtures.ts";
import { digestOfSum, SUM_DIGEST } from "./sum-task.ts";

const SHAPE: LstmShape = { steps: 6, features: 1, units: 12, head: "CLASSES", outputs: 2 };
const WHOLE = Number.MAX_SAFE_INTEGER;
const test = signWindows(SHAPE, 800, 2, firstDiffersFromLast);
const training: LstmTraining = {
  make: wasmKernel,
  shape: SHAPE,
  slices: {
    train: signWindows(SHAPE, 1_000, 1, firstDiffersFromLast),
    later: signWindows(SHAPE, 300, 3, firstDiffersFromLast),
  },
  options: { seed: 5, epochs: 25, rate: 0.01, patience: null },
};
const by = (options: Partial<LstmTraining["options"]>): LstmTraining => ({
  ...training,
  options: { ...training.options, ...options },
});
const bytesOf = (trainer: LstmTrainer): Uint8Array => lstmToBytes(trainer.model() as LstmModel);

describe("a network that is trained", () => {
  const trainer = new LstmTrainer(training);
  const { end, losses } = trainer.run(WHOLE);
  const model = trainer.model() as LstmModel;

  it("learns what no single step tells: whether the first sign differs from the last", () => {
    expect(end).toBe("ALL_EPOCHS");
    expect(losses[0]?.later).toBeGreaterThan(0.6);
    expect(Math.min(...losses.map(({ later }) => later ?? 1))).toBeLessThan(0.05);
    expect(accuracyOf(model, test)).toBeGreaterThan(0.98);
  });

  it("learns numbers too: the mean of its steps", () => {
    const random = new SeededRandom(6);
    const shape: LstmShape = { steps: 5, features: 1, units: 10, head: "VALUE", outputs: 1 };
    const windows = (count: number) => {
      const inputs = Float32Array.from({ length: count * 5 }, () => 2 * random.next() - 1);
      const targets = Float32Array.from({ length: count }, (_, index) =>
        inputs.subarray(index * 5, index * 5 + 5).reduce((sum, value) => sum + value / 5, 0),
      );
      return { count, inputs, targets };
    };
    const slices = { train: windows(1_000), later: windows(200) };
    const { losses: errors } = new LstmTrainer({ ...training, shape, slices }).run(WHOLE);
    // The variance of such a mean is 1 / 15.
    expect(errors.at(-1)?.later).toBeLessThan(0.001);
  });

  it("finds nothing in classes that were drawn by lot", () => {
    const byLot = (count: number, seed: number) => signWindows(SHAPE, count, seed, (_, random) => random.below(2));
    const slices = { train: byLot(1_000, 11), later: byLot(300, 12) };
    const shuffled = new LstmTrainer({ ...by({ epochs: 8 }), slices });
    shuffled.run(WHOLE);
    const tested = byLot(2_000, 13);
    expect(Math.abs(accuracyOf(shuffled.model() as LstmModel, tested) - 0.5)).toBeLessThan(0.04);
  });

  it("is the same, byte for byte, for the same seed, and another for another", () => {
    const short = by({ epochs: 3 });
    const [one, same, other] = [short, short, by({ epochs: 3, seed: 6 })].map((each) => {
      const each3 = new LstmTrainer(each);
      each3.run(WHOLE);
      return bytesOf(each3);
    }) as [Uint8Array, Uint8Array, Uint8Array];
    expect(Buffer.compare(one, same)).toBe(0);
    expect(Buffer.compare(one, other)).not.toBe(0);
  });

  it("comes out with the bytes that workerd gives for the same windows and seed", async () => {
    expect(await digestOfSum(wasmKernel)).toBe(SUM_DIGEST);
  });

  it("says of one window what it says of many, and that its classes make up everything", () => {
    const predictor = lstmPredictor(wasmKernel, model);
    const many = predictor.predictMany(40, test.inputs.subarray(0, 40 * 6));
    for (let window = 0; window < 40; window += 1) {
      const one = predictor.predict(test.inputs.subarray(window * 6, window * 6 + 6));
      expect((one[0] as number) + (one[1] as number)).toBeCloseTo(1, 12);
      expect(one[1]).toBeCloseTo(many[window * 2 + 1] as number, 5);
    }
    expect(() => predictor.predict([1, 1, 1, 1, 1])).toThrow(InvariantBroken);
    expect(() => predictor.predict([1, 1, Number.NaN, 1, 1, 1])).toThrow(InvariantBroken);
  });

  it("goes the way the reference goes, as long as rounding lets it", () => {
    // The reference is slow: few windows say as much.
    const slices = {
      train: signWindows(SHAPE, 160, 1, firstDiffersFromLast),
      later: signWindows(SHAPE, 40, 3, firstDiffersFromLast),
    };
    const few = { ...by({ epochs: 2, rate: 0.003 }), slices };
    const slow = new LstmTrainer({ ...few, make: referenceKernel }).run(WHOLE).losses;
    const fast = new LstmTrainer(few).run(WHOLE).losses;
    for (const [epoch, { train, later }] of slow.entries()) {
      expect(fast[epoch]?.train).toBeCloseTo(train, 5);
      expect(fast[epoch]?.later).toBeCloseTo(later as number, 5);
    }
  });
});

describe("a training in steps", () => {
  const short = by({ epochs: 4, batch: 24 });

  it("ends with the same bytes wherever it is cut, also in the middle of an epoch", () => {
    const whole = new LstmTrainer(short);
    const progress = whole.run(WHOLE);
    for (const batches of [1, 17, 42, 100]) {
      let trainer = new LstmTrainer(short);
      while (trainer.run(batches).end === null) {
        const resumed = LstmTrainer.resume(short, trainer.save());
        if (!resumed.ok) throw new Error(resumed.error.detail);
        trainer = resumed.value;
      }
      expect(trainer.progress()).toEqual(progress);
      expect(Buffer.compare(trainer.save(), whole.save())).toBe(0);
      expect(Buffer.compare(bytesOf(trainer), bytesOf(whole))).toBe(0);
    }
  });

  it("is not gone on with by other options, other windows or another shape", () => {
    const trainer = new LstmTrainer(short);
    trainer.run(3);
    const saved = trainer.save();
    const others: readonly LstmTraining[] = [
      by({ epochs: 4, batch: 24, rate: 0.02 }),
      { ...short, slices: { ...short.slices, later: null } },
      { ...short, slices: { ...short.slices, train: signWindows(SHAPE, 1_000, 9, firstDiffersFromLast) } },
      { ...short, shape: { ...SHAPE, units: 8 } },
    ];
    for (const other of others)
      expect(LstmTrainer.resume(other, saved)).toMatchObject({
        ok: false,
        error: { code: "TRAINING_STATE_OF_ANOTHER" },
      });
  });

  it("is not gone on with from bytes that are damaged", () => {
    const trainer = new LstmTrainer(short);
    trainer.run(3);
    const saved = trainer.save();
    const wrongMagic = saved.slice();
    wrongMagic[0] = 0;
    const wrongPlace = saved.slice();
    // The epoch under way, which is not the number of those that have ended.
    new DataView(wrongPlace.buffer).setFloat64(40 + (9 + 2 + 1) * 8, 2, true);
    for (const damaged of [saved.subarray(0, 30), saved.subarray(0, saved.length - 4), wrongMagic, wrongPlace])
      expect(LstmTrainer.resume(short, damaged)).toMatchObject({
        ok: false,
        error: { code: "TRAINING_STATE_MALFORMED" },
      });
  });

  it("has no network before its first epoch has ended", () => {
    const trainer = new LstmTrainer(short);
    expect(trainer.run(41)).toMatchObject({ epoch: 0, batch: 41, batchesPerEpoch: 42, end: null });
    expect(trainer.model()).toBeNull();
    expect(trainer.run(1)).toMatchObject({ epoch: 1, batch: 0, end: null });
    expect(trainer.model()).not.toBeNull();
  });
});

describe("the end of a training", () => {
  it("comes when the later slice stops getting better, and the network is that of its best epoch", () => {
    // Learns its few windows by heart, which says nothing about later ones.
    const byLot = (count: number, seed: number) => signWindows(SHAPE, count, seed, (_, random) => random.below(2));
    const slices = { train: byLot(64, 21), later: byLot(200, 22) };
    const trainer = new LstmTrainer({ ...by({ epochs: 200, patience: 4 }), slices });
    const { end, epoch, losses } = trainer.run(WHOLE);
    expect(end).toBe("NO_LONGER_BETTER");
    const later = losses.map((loss) => loss.later as number);
    const best = later.indexOf(Math.min(...later));
    expect(epoch).toBe(best + 1 + 4);
    const upToBest = new LstmTrainer({ ...by({ epochs: best + 1 }), slices });
    upToBest.run(WHOLE);
    expect(Buffer.compare(bytesOf(trainer), bytesOf(upToBest))).toBe(0);
  });

  it("comes at once when the loss is no number any more, and no network is given out for it", () => {
    const random = new SeededRandom(1);
    const shape: LstmShape = { steps: 2, features: 1, units: 4, head: "VALUE", outputs: 1 };
    const inputs = Float32Array.from({ length: 200 }, () => random.normal());
    const train = { count: 100, inputs, targets: Float32Array.from({ length: 100 }, () => 3e38) };
    const trainer = new LstmTrainer({ ...training, shape, slices: { train, later: null } });
    expect(trainer.run(WHOLE).end).toBe("DIVERGED");
    expect(trainer.model()).toBeNull();
  });

  it("is not begun with numbers that are missing or classes that do not exist", () => {
    const { train } = training.slices;
    const holes = Float32Array.from(train.inputs);
    holes[5] = Number.NaN;
    const wrong = [
      { ...train, inputs: holes },
      { ...train, targets: Uint8Array.from(train.targets, () => 2) },
      { ...train, count: 999 },
    ];
    for (const each of wrong)
      expect(() => new LstmTrainer({ ...training, slices: { train: each, later: null } })).toThrow(InvariantBroken);
  });
});

describe("a long gradient", () => {
  it("is shortened, so that one wild batch moves nothing far", () => {
    const shape: LstmShape = { steps: 2, features: 1, units: 4, head: "VALUE", outputs: 1 };
    const train = { count: 32, inputs: new Float32Array(64).fill(1), targets: new Float32Array(32).fill(1e6) };
    const movedBy = (clipNorm: number | null): number => {
      // With so great an epsilon, a step is about a thousandth of the gradient.
      const options = { seed: 1, epochs: 1, epsilon: 1e3, rate: 1, clipNorm };
      const trainer = new LstmTrainer({ make: wasmKernel, shape, slices: { train, later: null }, options });
      trainer.run(1);
      const before = initialModel(shape, seedOfPart(1, 0)).parameters;
      const after = (trainer.model() as LstmModel).parameters;
      return Math.hypot(...after.map((value, at) => value - (before[at] as number)));
    };
    expect(movedBy(1)).toBeCloseTo(1e-3, 4);
    expect(movedBy(null)).toBeGreaterThan(0.5);
  });
});

describe("the order of an epoch", () => {
  it("has every window once and follows from its seed", () => {
    const order = orderOf(1_000, 3);
    expect(order.toSorted()).toEqual(Int32Array.from({ length: 1_000 }, (_, index) => index));
    expect(orderOf(1_000, 3)).toEqual(order);
    expect(orderOf(1_000, 4)).not.toEqual(order);
  });
});
