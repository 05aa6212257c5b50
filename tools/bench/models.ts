// Training and inference of both models on one core, beside what others need for the same (measured on this kind of machine
// with their own scripts: one thread, the same sizes). Processor time is told with the wall's, which a busy machine stretches.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { wasmLstmKernel } from "../../src/adapters/compute/wasm-lstm-kernel.ts";
import { SeededRandom } from "../../src/core/kernel/seeded-random.ts";
import { packForest, predictPacked } from "../../src/core/prediction/forest/packed-forest.ts";
import { trainForest } from "../../src/core/prediction/forest/random-forest.ts";
import { lstmToBytes } from "../../src/core/prediction/lstm/lstm-bytes.ts";
import type { MakeLstmKernel } from "../../src/core/prediction/lstm/lstm-kernel.ts";
import type { LstmModel } from "../../src/core/prediction/lstm/lstm-model.ts";
import { lstmPredictor } from "../../src/core/prediction/lstm/lstm-predictor.ts";
import { LstmTrainer } from "../../src/core/prediction/lstm/lstm-trainer.ts";
import { buildWorker, projectRoot } from "../build.ts";
import { startWorkerd } from "../stack.ts";
import { compileWasm } from "../wasm/compile.ts";
import { lstmModule } from "../wasm/lstm-module.ts";
import { roundedOnce } from "../wasm/lstm-places.ts";
import { EPOCHS, lstmTask, SHAPE, WINDOWS } from "./lstm-task.ts";
import { benchRealForest, type RealForest } from "./real-forest.ts";

const FOREST = { rows: 9_000, features: 4, trees: 100 } as const;
const BATCHES_PER_STEP = 1_000;
const REPETITIONS = 3;
const CALLS = 20_000;

interface Seconds {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface ModelsBench {
  readonly name: "models";
  readonly lstm: {
    readonly shape: string;
    readonly train: Seconds & { readonly sha256: string };
    /** The same with products rounded once, where the machine can; not what the platform uses. */
    readonly trainFused: Seconds;
    readonly workerd: { readonly steps: number; readonly secondsPerStep: number; readonly isSameModel: boolean };
    readonly oneWindowUs: Quantiles;
    readonly manyWindowsPerSecond: number;
    readonly peers: Readonly<Record<string, string>>;
  };
  readonly forest: {
    readonly shape: string;
    readonly train: Seconds;
    readonly nodes: number;
    readonly oneRowUs: Quantiles;
    readonly peers: Readonly<Record<string, string>>;
  };
  /** Null without the data folder. */
  readonly realForest: RealForest | null;
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

const LSTM_PEERS = {
  "torch 2.13, 1 thread": "train 4.1-4.9 s, one window 85 us",
  "torch 1.13 (Debian), 1 thread": "train 6.5 s, one window 124 us",
  "keras/tensorflow 2.21": "train 11.1-13.2 s, one window 15800 us",
};
const FOREST_PEERS = {
  "scikit-learn 1.9.1, 1 job": "train 1.20-1.42 s, one row 3700 us",
  "scikit-learn 1.2.1 (Debian), 1 job": "train 1.50 s",
  "npm ml-random-forest 2.1": "train 176 s",
};

export async function benchModels(progress: (line: string) => void): Promise<ModelsBench> {
  const wasm = compileWasm(readFileSync(path.join(projectRoot, "src/adapters/compute/lstm.wasm")));
  const make = wasmLstmKernel(wasm);
  const { model, ...train } = trainLstm(make);
  const sha256 = digest(lstmToBytes(model));
  progress(`LSTM: trained in ${train.seconds} s (${train.cpuSeconds} s of processor)`);
  const { model: _, ...trainFused } = trainLstm(wasmLstmKernel(compileWasm(lstmModule(roundedOnce))));
  progress(`LSTM: with products rounded once ${trainFused.seconds} s (${trainFused.cpuSeconds} s of processor)`);
  const workerd = await trainInWorkerd(sha256);
  progress(`LSTM: in workerd ${workerd.steps} steps of ${workerd.secondsPerStep} s at most`);
  const inference = inferLstm(make, model);
  progress(`LSTM: one window in ${inference.oneWindowUs.p50} us`);
  const forest = benchForest();
  progress(`forest: trained in ${forest.train.seconds} s, one row in ${forest.oneRowUs.p50} us`);
  const realForest = benchRealForest();
  progress(
    realForest === null
      ? "real features: no data folder"
      : `real features: forest in ${realForest.trainSeconds} s, one row in ${realForest.oneRowUs} us`,
  );
  return {
    name: "models",
    lstm: {
      shape: `${WINDOWS} windows of ${SHAPE.steps} x ${SHAPE.features}, ${SHAPE.units} units, ${EPOCHS} epochs of batches of 32`,
      train: { ...train, sha256 },
      trainFused,
      workerd,
      ...inference,
      peers: LSTM_PEERS,
    },
    forest,
    realForest,
  };
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const rounded = (value: number, places: number): number => Number(value.toFixed(places));

/** The best of a few runs: whatever else the machine does can only add. */
function bestOf<T>(run: () => T): Seconds & { readonly value: T } {
  let best: (Seconds & { readonly value: T }) | null = null;
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    const value = run();
    const seconds = rounded((performance.now() - started) / 1_000, 2);
    const { user, system } = process.cpuUsage(cpu);
    const cpuSeconds = rounded((user + system) / 1_000_000, 2);
    if (best === null || seconds < best.seconds) best = { value, seconds, cpuSeconds };
  }
  return best as Seconds & { readonly value: T };
}

function trainLstm(make: MakeLstmKernel): Seconds & { readonly model: LstmModel } {
  const task = lstmTask(make);
  const { value, ...times } = bestOf(() => {
    const trainer = new LstmTrainer(task);
    trainer.run(Number.MAX_SAFE_INTEGER);
    return trainer.model() as LstmModel;
  });
  return { model: value, ...times };
}

/** The built Worker in workerd, step after step, its state carried from one request to the next. */
async function trainInWorkerd(sha256: string): Promise<ModelsBench["lstm"]["workerd"]> {
  const directory = mkdtempSync(path.join(tmpdir(), "aurumharmony-bench-"));
  const config = path.join(projectRoot, "tools/bench/trainer/wrangler.toml");
  const bundle = buildWorker(config, path.join(directory, "build"));
  const workerd = startWorkerd({ config, bundle, stateDirectory: path.join(directory, "state") });
  try {
    const url = new URL(`?batches=${BATCHES_PER_STEP}`, await workerd.ready);
    let [steps, longest, state, end] = [0, 0, new Uint8Array(), ""];
    while (end === "") {
      const started = performance.now();
      const response = await fetch(url, { method: "POST", body: state });
      state = new Uint8Array(await response.arrayBuffer());
      if (!response.ok) throw new Error(new TextDecoder().decode(state));
      longest = Math.max(longest, performance.now() - started);
      steps += 1;
      end = response.headers.get("end") ?? "";
    }
    return { steps, secondsPerStep: rounded(longest / 1_000, 2), isSameModel: digest(state) === sha256 };
  } finally {
    await workerd.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

function quantilesOf(call: (index: number) => void): Quantiles {
  for (let index = 0; index < CALLS; index += 1) call(index);
  const timesUs = Float64Array.from({ length: CALLS }, (_, index) => {
    const started = performance.now();
    call(index);
    return (performance.now() - started) * 1_000;
  }).sort();
  const at = (share: number): number => rounded(timesUs[Math.floor(CALLS * share)] as number, 1);
  return { p50: at(0.5), p99: at(0.99) };
}

function inferLstm(make: MakeLstmKernel, model: LstmModel) {
  const { inputs } = lstmTask(make).slices.train;
  const predictor = lstmPredictor(make, model);
  const oneWindowUs = quantilesOf((index) => {
    const window = (index % WINDOWS) * SHAPE.steps;
    predictor.predict(inputs.subarray(window, window + SHAPE.steps));
  });
  const { seconds } = bestOf(() => predictor.predictMany(WINDOWS, inputs));
  return { oneWindowUs, manyWindowsPerSecond: Math.round(WINDOWS / seconds) };
}

function benchForest(): ModelsBench["forest"] {
  const { rows, features, trees } = FOREST;
  const random = new SeededRandom(1);
  const columns = Array.from({ length: features }, () => Float64Array.from({ length: rows }, () => random.normal()));
  // Drawn by lot: trees that have nothing to find grow largest.
  const labels = Uint8Array.from({ length: rows }, () => random.below(2));
  const { value, ...train } = bestOf(() => trainForest(columns, labels, 2, { trees, seed: 1 }).forest);
  const packed = packForest(value);
  const row = new Float64Array(features);
  const oneRowUs = quantilesOf((index) => {
    for (let feature = 0; feature < features; feature += 1)
      row[feature] = (columns[feature] as Float64Array)[index % rows] as number;
    predictPacked(packed, row);
  });
  return {
    shape: `${rows} rows of ${features} features, ${trees} trees, 2 classes drawn by lot`,
    train,
    nodes: value.trees.reduce((sum, tree) => sum + tree.feature.length, 0),
    oneRowUs,
    peers: FOREST_PEERS,
  };
}
