// Trains a network: mini-batches in an order that follows from the seed, Adam, clipping, and an end when a later slice, which
// is never learned from, no longer gets better. Can be stopped after any batch, saved, and gone on with elsewhere; the network
// in the end is the same. The caller decides how many batches fit the time it has.
import { assert } from "../../kernel/assert.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { SeededRandom, seedOfPart } from "../../kernel/seeded-random.ts";
import { headBack, headOutputs, lossOf } from "./lstm-head.ts";
import { meanLoss } from "./lstm-judge.ts";
import type { LstmKernel, MakeLstmKernel } from "./lstm-kernel.ts";
import { BATCH_LANES, layoutOf } from "./lstm-layout.ts";
import { load, putWindow, unload } from "./lstm-memory.ts";
import { initialModel, type LstmModel } from "./lstm-model.ts";
import { type FullLstmOptions, fullOptions, type LstmOptions, optionNumbers } from "./lstm-options.ts";
import { type LstmShape, sameShape, windowFloats } from "./lstm-shape.ts";
import {
  type EpochLoss,
  type LstmStateRefusal,
  type LstmTrainingKey,
  type LstmTrainingState,
  stateFromBytes,
  stateToBytes,
} from "./lstm-state.ts";
import { assertWindows, fingerprintOf, type LstmWindows } from "./lstm-windows.ts";

export interface LstmSlices {
  readonly train: LstmWindows;
  /** Begins after `train` ends, with whatever gap the horizon of the targets needs. Null: nothing to judge by. */
  readonly later: LstmWindows | null;
}

export type LstmEnd = "ALL_EPOCHS" | "NO_LONGER_BETTER" | "DIVERGED";

export interface LstmProgress {
  readonly epoch: number;
  /** Of the epoch that is under way. */
  readonly batch: number;
  readonly batchesPerEpoch: number;
  readonly losses: readonly EpochLoss[];
  readonly end: LstmEnd | null;
}

export interface LstmTraining {
  readonly make: MakeLstmKernel;
  readonly shape: LstmShape;
  readonly slices: LstmSlices;
  readonly options: LstmOptions;
  /** Where to begin; weights drawn by the seed unless given. */
  readonly initial?: LstmModel;
}

/** The part of the seed that draws the weights; those after it draw the orders of the epochs. */
const SEED_OF_WEIGHTS = 0;

export class LstmTrainer {
  readonly #kernel: LstmKernel;
  readonly #slices: LstmSlices;
  readonly #options: FullLstmOptions;
  readonly #key: LstmTrainingKey;
  readonly #batchesPerEpoch: number;
  readonly #results: Float64Array;
  #losses: readonly EpochLoss[] = [];
  #best: Float32Array | null = null;
  #bestEpoch = 0;
  #epoch = 0;
  #batch = 0;
  #lossSum = 0;
  #hasDiverged = false;
  #order: Int32Array | null = null;

  constructor(training: LstmTraining) {
    const { make, shape, slices, options, initial } = training;
    assertWindows(shape, slices.train);
    assert(slices.train.count > 0, "nothing to learn from");
    if (slices.later !== null) assertWindows(shape, slices.later);
    this.#slices = slices;
    this.#options = fullOptions(options);
    this.#key = {
      shape,
      options: optionNumbers(this.#options),
      fingerprints: [slices.train, ...(slices.later === null ? [] : [slices.later])].map(fingerprintOf),
    };
    this.#batchesPerEpoch = Math.ceil(slices.train.count / this.#options.batch);
    this.#results = new Float64Array(shape.outputs * BATCH_LANES);
    this.#kernel = make(layoutOf(shape));
    const start = initial ?? initialModel(shape, seedOfPart(this.#options.seed, SEED_OF_WEIGHTS));
    assert(sameShape(start.shape, shape), "training begins from a network of another shape");
    this.#put("parameters", start.parameters);
  }

  /** Goes on where `save` stopped. The training has to be the same in everything. */
  static resume(training: LstmTraining, saved: Uint8Array): Result<LstmTrainer, LstmStateRefusal> {
    const trainer = new LstmTrainer(training);
    const state = stateFromBytes(trainer.#key, saved);
    if (!state.ok) return state;
    trainer.#restore(state.value);
    return ok(trainer);
  }

  /** Trains on at most so many batches; what belongs to the end of an epoch is done with its last batch. */
  run(batchesMax: number): LstmProgress {
    for (let done = 0; done < batchesMax && this.#end() === null; done += 1) {
      this.#learn();
      this.#batch += 1;
      if (this.#batch === this.#batchesPerEpoch && !this.#hasDiverged) this.#endEpoch();
    }
    return this.progress();
  }

  progress(): LstmProgress {
    return {
      epoch: this.#epoch,
      batch: this.#batch,
      batchesPerEpoch: this.#batchesPerEpoch,
      losses: this.#losses,
      end: this.#end(),
    };
  }

  /** The network after its best epoch: by the later slice, or without one after the last. Null before an epoch has ended. */
  model(): LstmModel | null {
    return this.#best === null ? null : { shape: this.#key.shape, parameters: this.#best };
  }

  save(): Uint8Array<ArrayBuffer> {
    assert(this.#kernel.memory instanceof Float32Array, "only what is computed in floats can be saved without loss");
    return stateToBytes(this.#key, {
      parameters: this.#take("parameters"),
      means: this.#take("means"),
      squares: this.#take("squares"),
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      epoch: this.#epoch,
      batch: this.#batch,
      lossSum: this.#lossSum,
      losses: this.#losses,
      hasDiverged: this.#hasDiverged,
    });
  }

  #restore(state: LstmTrainingState): void {
    this.#put("parameters", state.parameters);
    this.#put("means", state.means);
    this.#put("squares", state.squares);
    this.#best = state.best;
    this.#bestEpoch = state.bestEpoch;
    this.#epoch = state.epoch;
    this.#batch = state.batch;
    this.#lossSum = state.lossSum;
    this.#losses = state.losses;
    this.#hasDiverged = state.hasDiverged;
  }

  #put(what: "parameters" | "means" | "squares", values: Float32Array): void {
    load(this.#kernel.layout, this.#kernel.memory, this.#kernel.layout[what], values);
  }

  #take(what: "parameters" | "means" | "squares"): Float32Array {
    return unload(this.#kernel.layout, this.#kernel.memory, this.#kernel.layout[what]);
  }

  #end(): LstmEnd | null {
    const { epochs, patience } = this.#options;
    if (this.#hasDiverged) return "DIVERGED";
    const hasStalled = this.#slices.later !== null && patience !== null && this.#epoch - this.#bestEpoch >= patience;
    if (this.#best !== null && hasStalled) return "NO_LONGER_BETTER";
    return this.#epoch >= epochs ? "ALL_EPOCHS" : null;
  }

  /** One mini-batch and one step of Adam. */
  #learn(): void {
    const kernel = this.#kernel;
    const { shape } = kernel.layout;
    const { inputs, targets } = this.#slices.train;
    const { batch, rate, meanDecay, squareDecay, epsilon, clipNorm } = this.#options;
    this.#order ??= orderOf(this.#slices.train.count, seedOfPart(this.#options.seed, this.#epoch + 1));
    const windows = this.#order.subarray(this.#batch * batch, (this.#batch + 1) * batch);
    const floats = windowFloats(shape);
    for (const [lane, window] of windows.entries())
      putWindow(kernel.layout, kernel.memory, lane, inputs, window * floats);
    kernel.forward();
    headOutputs(kernel, this.#results);
    for (const [lane, window] of windows.entries())
      this.#lossSum += lossOf(shape, this.#results, lane, targets, window);
    headBack(kernel, this.#results, targets, windows);
    kernel.backward();
    const norm = Math.sqrt(kernel.squaredNorm());
    if (!Number.isFinite(norm) || !Number.isFinite(this.#lossSum)) {
      this.#hasDiverged = true;
      return;
    }
    const scale = clipNorm === null || norm <= clipNorm ? 1 : clipNorm / norm;
    const count = this.#epoch * this.#batchesPerEpoch + this.#batch + 1;
    kernel.adam({ scale, rate, meanDecay, squareDecay, epsilon, count });
  }

  #endEpoch(): void {
    const { train, later } = this.#slices;
    const judged = later === null ? null : meanLoss(this.#kernel, later);
    const least = Math.min(...this.#losses.map((loss) => loss.later ?? Number.POSITIVE_INFINITY));
    this.#losses = [...this.#losses, { train: this.#lossSum / train.count, later: judged }];
    this.#epoch += 1;
    this.#batch = 0;
    this.#lossSum = 0;
    this.#order = null;
    if (judged === null || judged < least) {
      this.#best = this.#take("parameters");
      this.#bestEpoch = this.#epoch;
    }
  }
}

/** All windows, in an order drawn by the seed. */
export function orderOf(count: number, seed: number): Int32Array {
  const random = new SeededRandom(seed);
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const moved = order[at] as number;
    order[at] = order[other] as number;
    order[other] = moved;
  }
  return order;
}
