// npm run compare-lstm [-- --python <interpreter>]: trains the same networks here and in PyTorch, from the same weights, on
// the same windows in the same order, and prints the losses of both. Exits 1 when they are further apart than a thousandth.
// Needs PyTorch (Debian: python3-torch), which nothing else here does.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { wasmLstmKernel } from "../src/adapters/compute/wasm-lstm-kernel.ts";
import { SeededRandom, seedOfPart } from "../src/core/kernel/seeded-random.ts";
import { initialModel } from "../src/core/prediction/lstm/lstm-model.ts";
import { fullOptions } from "../src/core/prediction/lstm/lstm-options.ts";
import type { LstmShape } from "../src/core/prediction/lstm/lstm-shape.ts";
import type { EpochLoss } from "../src/core/prediction/lstm/lstm-state.ts";
import { LstmTrainer, orderOf } from "../src/core/prediction/lstm/lstm-trainer.ts";
import type { LstmWindows } from "../src/core/prediction/lstm/lstm-windows.ts";
import { projectRoot } from "./build.ts";
import { compileWasm } from "./wasm/compile.ts";

/** Share of the loss that the order of additions may make. */
const APART_MAX = 1e-3;
const OPTIONS = fullOptions({ seed: 1, epochs: 10, rate: 1e-3, clipNorm: 1, patience: null });

const CASES: readonly { readonly name: string; readonly shape: LstmShape; readonly windows: number }[] = [
  {
    name: "baseline: one value",
    shape: { steps: 10, features: 1, units: 50, head: "VALUE", outputs: 1 },
    windows: 11_000,
  },
  {
    name: "three classes",
    shape: { steps: 10, features: 8, units: 50, head: "CLASSES", outputs: 3 },
    windows: 4_000,
  },
];

interface Peer {
  readonly version: string;
  readonly cpuSeconds: number;
  readonly losses: readonly EpochLoss[];
}

const { values } = parseArgs({ options: { python: { type: "string", default: "python3" } } });
const make = wasmLstmKernel(compileWasm(readFileSync(path.join(projectRoot, "src/adapters/compute/lstm.wasm"))));
let isApart = false;
for (const { name, shape, windows } of CASES) {
  const slices = { train: windowsOf(shape, windows, 1), later: windowsOf(shape, 2_000, 2) };
  const started = process.cpuUsage();
  const { losses } = new LstmTrainer({ make, shape, slices, options: OPTIONS }).run(Number.MAX_SAFE_INTEGER);
  const { user, system } = process.cpuUsage(started);
  const peer = askPeer(shape, slices);
  const apart = Math.max(
    ...losses.flatMap((loss, epoch) => {
      const theirs = peer.losses[epoch] as EpochLoss;
      return [loss.train / theirs.train, (loss.later as number) / (theirs.later as number)].map((ratio) =>
        Math.abs(ratio - 1),
      );
    }),
  );
  isApart ||= !(apart <= APART_MAX);
  console.log(`${name}: ${windows} windows of ${shape.steps} x ${shape.features}, ${OPTIONS.epochs} epochs`);
  console.log(
    `  processor: ours ${((user + system) / 1e6).toFixed(2)} s, PyTorch ${peer.version} ${peer.cpuSeconds.toFixed(2)} s`,
  );
  console.log("  epoch  ours: train later   PyTorch: train later");
  for (const [epoch, loss] of losses.entries()) {
    const theirs = peer.losses[epoch] as EpochLoss;
    const row = [loss.train, loss.later, theirs.train, theirs.later].map((value) => (value as number).toFixed(6));
    console.log(`  ${String(epoch + 1).padStart(5)}  ${row.join("  ")}`);
  }
  console.log(`  furthest apart: ${apart.toExponential(1)} of the loss`);
}
process.exitCode = isApart ? 1 : 0;

/** Windows whose target follows from a few products of their numbers, and from chance. */
function windowsOf(shape: LstmShape, count: number, seed: number): LstmWindows {
  const random = new SeededRandom(seed);
  const floats = shape.steps * shape.features;
  const inputs = Float32Array.from({ length: count * floats }, () => random.normal());
  const values = Float32Array.from({ length: count }, (_, window) => {
    const [first, second, last] = [0, floats >> 1, floats - 1].map((at) => inputs[window * floats + at] as number) as [
      number,
      number,
      number,
    ];
    return 0.5 * last - 0.3 * second + 0.4 * first * last + 0.3 * random.normal();
  });
  const targets =
    shape.head === "VALUE" ? values : Uint8Array.from(values, (value) => (value < -0.3 ? 0 : value > 0.3 ? 2 : 1));
  return { count, inputs, targets };
}

function askPeer(shape: LstmShape, slices: { readonly train: LstmWindows; readonly later: LstmWindows }): Peer {
  const folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-lstm-"));
  const write = (name: string, array: Float32Array | Int32Array): void =>
    writeFileSync(path.join(folder, name), new Uint8Array(array.buffer));
  try {
    writeFileSync(path.join(folder, "case.json"), JSON.stringify({ shape, options: OPTIONS }));
    write("initial", initialModel(shape, seedOfPart(OPTIONS.seed, 0)).parameters);
    for (const [name, { inputs, targets }] of Object.entries(slices)) {
      write(`${name}-inputs`, inputs);
      write(`${name}-targets`, Float32Array.from(targets));
    }
    for (let epoch = 0; epoch < OPTIONS.epochs; epoch += 1)
      write(`order-${epoch}`, orderOf(slices.train.count, seedOfPart(OPTIONS.seed, epoch + 1)));
    const script = path.join(import.meta.dirname, "peers/lstm_torch.py");
    const result = spawnSync(values.python, [script, folder], { encoding: "utf8" });
    if (result.status !== 0) throw new Error(`${values.python} with PyTorch is needed:\n${result.stderr}`);
    return JSON.parse(result.stdout) as Peer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
