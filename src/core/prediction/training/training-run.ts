// Trains a hybrid in as many steps as a platform needs: forest of direction, forests that leave parts of the days out, network,
// outcome forests, and at last how far to believe them. Where it is cut makes no difference to the bytes that come out.
import { assert } from "../../kernel/assert.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { type Dataset, daysOf } from "../dataset.ts";
import type { DecisionTree } from "../forest/decision-tree.ts";
import { growForestTree } from "../forest/random-forest.ts";
import type { MakeLstmKernel } from "../lstm/lstm-kernel.ts";
import { LstmTrainer, type LstmTraining } from "../lstm/lstm-trainer.ts";
import { type FeatureScale, fitScale } from "../models/feature-scale.ts";
import { stepInputs } from "../models/sequences.ts";
import { finishTraining, type TrainingResult } from "./finish-training.ts";
import {
  type FullTrainingOptions,
  fullTrainingOptions,
  type TrainingOptions,
  trainingNumbers,
} from "./training-options.ts";
import { TRAINING_DAYS_MIN, type TrainingRefusal, type TrainingSlices, trainingSlices } from "./training-slices.ts";
import {
  datasetFingerprint,
  type ForestForm,
  type TrainingState,
  type TrainingStateRefusal,
  trainingStateFromBytes,
  trainingStateToBytes,
} from "./training-state.ts";
import { type ForestRows, type ForestTask, forestTasks, networkTraining, rowsOfTask } from "./training-tasks.ts";

export interface TrainingInput {
  readonly dataset: Dataset;
  readonly make: MakeLstmKernel;
  readonly options: TrainingOptions;
}

export interface TrainingProgress {
  readonly stage: "FORESTS" | "NETWORK" | "OUTCOMES" | "DONE";
  /** Units of work done, and in all: one row in one tree. Exact at the end; the network may end sooner than reckoned. */
  readonly done: number;
  readonly total: number;
}

/** What one window of one network epoch takes, in rows of a tree, roughly: by its multiplications. */
const UNITS_PER_WEIGHT = 1 / 600;
/** Batches between two looks at the budget. */
const BATCHES_AT_ONCE = 4;

/** A step of so many units takes a few seconds of one core, and stays far below the 20 s that a Worker's step may take. */
export const STEP_UNITS = 1_500_000;

export class TrainingRun {
  readonly #input: TrainingInput;
  readonly #options: FullTrainingOptions;
  readonly #slices: TrainingSlices;
  readonly #scale: FeatureScale;
  readonly #tasks: readonly ForestTask[];
  readonly #key: readonly number[];
  #trees: DecisionTree[][];
  #importances: Float64Array;
  #savedNetwork: Uint8Array | null = null;
  #trainer: LstmTrainer | null = null;
  #rows: { readonly task: number; readonly rows: ForestRows } | null = null;
  /** Tasks for which there is too little to learn from. */
  readonly #empty = new Set<number>();
  #training: LstmTraining | null | undefined;

  private constructor(input: TrainingInput) {
    this.#input = input;
    this.#options = fullTrainingOptions(input.options);
    this.#slices = trainingSlices(input.dataset, this.#options);
    this.#scale = fitScale(input.dataset.columns, this.#slices.network);
    this.#tasks = forestTasks(this.#options);
    this.#key = [...trainingNumbers(this.#options), datasetFingerprint(input.dataset)];
    this.#trees = this.#tasks.map(() => []);
    this.#importances = new Float64Array(input.dataset.columns.length);
  }

  static start(input: TrainingInput): Result<TrainingRun, TrainingRefusal> {
    const days = daysOf(input.dataset).length;
    if (days < TRAINING_DAYS_MIN)
      return { ok: false, error: { code: "TOO_FEW_DAYS", days, daysMin: TRAINING_DAYS_MIN } };
    return ok(new TrainingRun(input));
  }

  /** Goes on where `save` stopped. Data and options have to be the same. */
  static resume(input: TrainingInput, saved: Uint8Array): Result<TrainingRun, TrainingRefusal | TrainingStateRefusal> {
    const begun = TrainingRun.start(input);
    if (!begun.ok) return begun;
    const state = trainingStateFromBytes(begun.value.#key, begun.value.#forms(), saved);
    if (!state.ok) return state;
    begun.value.#trees = state.value.trees.map((grown) => [...grown]);
    begun.value.#importances = state.value.importances;
    begun.value.#savedNetwork = state.value.network;
    return begun;
  }

  /** Works until about so many units are spent. A single tree or a few batches are never cut. */
  step(units: number = STEP_UNITS): TrainingProgress {
    let spent = 0;
    while (spent < units) {
      const task = this.#openTask();
      // The outcome heads come after the network, which needs none of them.
      if (task !== null && this.#tasks[task]?.kind !== "OUTCOME") spent += this.#grow(task);
      else if (!this.#isNetworkDone()) spent += this.#learn();
      else if (task !== null) spent += this.#grow(task);
      else break;
    }
    return this.progress();
  }

  progress(): TrainingProgress {
    const { learn } = this.#slices;
    const planned = this.#tasks.reduce((sum, { trees }) => sum + trees, 0) * learn.length;
    const grown = this.#tasks.reduce(
      (sum, { trees }, at) => sum + (this.#isTaskDone(at) ? trees : (this.#trees[at]?.length ?? 0)),
      0,
    );
    const network = this.#options.epochs * this.#slices.network.length * this.#unitsPerWindow();
    const open = this.#openTask();
    const isBefore = open !== null && this.#tasks[open]?.kind !== "OUTCOME";
    // The network's windows are many: they are only laid out when it is its turn.
    const isNetworkDone = !isBefore && this.#isNetworkDone();
    const done = grown * learn.length + (isNetworkDone ? network : isBefore ? 0 : this.#networkDone());
    const stage = isBefore ? "FORESTS" : isNetworkDone ? (open === null ? "DONE" : "OUTCOMES") : "NETWORK";
    return { stage, done: Math.round(done), total: Math.round(planned + network) };
  }

  save(): Uint8Array<ArrayBuffer> {
    const state: TrainingState = {
      trees: this.#trees,
      importances: this.#importances,
      network: this.#trainer?.save() ?? this.#savedNetwork,
    };
    return trainingStateToBytes(this.#key, this.#forms(), state);
  }

  /** The hybrid; only when everything is done. */
  result(): TrainingResult {
    assert(this.progress().stage === "DONE", "a training that is under way has no result");
    const network = this.#networkTrainer();
    return finishTraining({
      dataset: this.#input.dataset,
      make: this.#input.make,
      slices: this.#slices,
      options: this.#options,
      scale: this.#scale,
      tasks: this.#tasks,
      trees: this.#trees,
      importances: this.#importances,
      network: network === null ? null : { model: network.model(), progress: network.progress() },
    });
  }

  #forms(): readonly ForestForm[] {
    const features = this.#input.dataset.columns.length;
    return this.#tasks.map(({ kind, classes }) => ({
      classes,
      features: kind === "OUTCOME" ? features + 3 : features,
    }));
  }

  /** The first forest that is not whole; null where all are. */
  #openTask(): number | null {
    for (let at = 0; at < this.#tasks.length; at += 1) if (!this.#isTaskDone(at)) return at;
    return null;
  }

  #isTaskDone(at: number): boolean {
    return this.#empty.has(at) || this.#trees[at]?.length === this.#tasks[at]?.trees;
  }

  #grow(at: number): number {
    const { dataset } = this.#input;
    if (this.#rows?.task !== at) {
      const folds = this.#trees.filter((_, index) => this.#tasks[index]?.kind === "FOLD");
      const own = rowsOfTask(dataset, this.#slices, this.#options, this.#tasks[at] as ForestTask, at, folds);
      if (own === null) {
        this.#empty.add(at);
        return 0;
      }
      this.#rows = { task: at, rows: own };
    }
    const { rows } = this.#rows;
    const trees = this.#trees[at] as DecisionTree[];
    const { tree, importances } = growForestTree(rows.data, rows.options, trees.length);
    trees.push(tree);
    if (this.#tasks[at]?.kind === "DIRECTION") addShares(this.#importances, importances);
    return rows.data.labels.length;
  }

  #learn(): number {
    const trainer = this.#networkTrainer();
    if (trainer === null) return 0;
    trainer.run(BATCHES_AT_ONCE);
    return BATCHES_AT_ONCE * 32 * this.#unitsPerWindow();
  }

  #isNetworkDone(): boolean {
    const trainer = this.#networkTrainer();
    return trainer === null || trainer.progress().end !== null;
  }

  #networkDone(): number {
    const progress = this.#networkTrainer()?.progress();
    if (progress === undefined) return 0;
    const epochs = progress.epoch + progress.batch / progress.batchesPerEpoch;
    return epochs * this.#slices.network.length * this.#unitsPerWindow();
  }

  #unitsPerWindow(): number {
    const { units } = this.#options;
    return UNITS_PER_WEIGHT * 10 * 4 * units * (units + stepInputs(this.#scale));
  }

  #networkTrainer(): LstmTrainer | null {
    if (this.#trainer !== null) return this.#trainer;
    const { dataset, make } = this.#input;
    if (this.#training === undefined)
      this.#training = networkTraining(make, dataset, this.#slices, this.#scale, this.#options);
    if (this.#training === null) return null;
    if (this.#savedNetwork === null) {
      this.#trainer = new LstmTrainer(this.#training);
    } else {
      const resumed = LstmTrainer.resume(this.#training, this.#savedNetwork);
      assert(resumed.ok, "the network's state belongs to this training by its key");
      this.#trainer = resumed.value;
    }
    return this.#trainer;
  }
}

/** Every tree counts alike, whatever it has gained in all. */
function addShares(sums: Float64Array, gains: Float64Array): void {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  if (total === 0) return;
  for (const [feature, gain] of gains.entries()) sums[feature] = (sums[feature] as number) + gain / total;
}
