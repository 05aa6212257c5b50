// npm run compare-forest [-- --data <folder>] [--python <interpreter>]: grows the same forests here and in scikit-learn, on the
// real features of the data folder, the same days to learn from and later ones to be judged on, and prints accuracy and log-loss
// of both over several seeds. Exits 1 when they are further apart than the seeds alone explain. Needs scikit-learn (Debian:
// python3-sklearn), which nothing else here does.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { marketDate } from "../src/core/kernel/time.ts";
import {
  CLASSES,
  type Dataset,
  daysOf,
  featuresOfRow,
  rowsOfDays,
  takeRows,
  UNKNOWN_LABEL,
} from "../src/core/prediction/dataset.ts";
import { classScores } from "../src/core/prediction/evaluation/class-scores.ts";
import { packForest, predictPacked } from "../src/core/prediction/forest/packed-forest.ts";
import { trainForest } from "../src/core/prediction/forest/random-forest.ts";
import { DATA_FOLDER } from "./history-folder.ts";
import { readDataset } from "./models/read-dataset.ts";

/** The model's own shape, and trees grown to the end, where a difference in the way of growing would show most. */
const CASES = [
  { name: "the hybrid's trees", depthMax: 5, leafRowsMin: 40 },
  { name: "trees grown to the end", depthMax: 60, leafRowsMin: 1 },
] as const;
const TREES = 100;
const SEEDS = [1, 2, 3, 4, 5];
const FROM = marketDate("2019-01-01");
const TO = marketDate("2020-06-30");
const LEARN_DAYS = 250;
/** Standard errors of the difference of two means that chance may make. */
const ERRORS_APART = 3;

interface Score {
  readonly accuracy: number;
  readonly logLoss: number;
}

interface Peer {
  readonly version: string;
  readonly cpuSeconds: number;
  readonly scores: readonly Score[];
}

const { values } = parseArgs({
  options: { data: { type: "string", default: DATA_FOLDER }, python: { type: "string", default: "python3" } },
});
const all = knownRows(readDataset(values.data, { from: FROM, to: TO, outcomes: false }).dataset);
const days = daysOf(all);
const split = days[LEARN_DAYS] ?? days.at(-1) ?? 0;
const [learn, later] = [rowsOfDays(all, 0, split - 1), rowsOfDays(all, split, 99_999_999)];
console.log(
  `${learn.rows} rows of ${LEARN_DAYS} days with ${all.features.length} features; judged on ${later.rows} later rows`,
);
let isApart = false;
for (const { name, ...shape } of CASES) {
  const started = process.cpuUsage();
  const ours = SEEDS.map((seed) => score(seed, shape));
  const { user, system } = process.cpuUsage(started);
  const peer = askPeer(shape);
  console.log(`${name}: ${TREES} trees, ${SEEDS.length} seeds`);
  console.log(
    `  processor: ours ${((user + system) / 1e6).toFixed(1)} s, scikit-learn ${peer.version} ${peer.cpuSeconds.toFixed(1)} s`,
  );
  for (const what of ["accuracy", "logLoss"] as const) {
    const [one, other] = [ours, peer.scores].map((scores) => meanOf(scores.map((own) => own[what])));
    if (one === undefined || other === undefined) throw new RangeError("no scores");
    const error = Math.hypot(one.error, other.error);
    const apart = Math.abs(one.mean - other.mean);
    isApart ||= apart > ERRORS_APART * error;
    console.log(
      `  ${what.padEnd(8)} ours ${one.mean.toFixed(5)}, scikit-learn ${other.mean.toFixed(5)}; apart ${apart.toFixed(5)}, ` +
        `${(apart / error).toFixed(1)} standard errors of the seeds`,
    );
  }
}
process.exitCode = isApart ? 1 : 0;

function knownRows(dataset: Dataset): Dataset {
  const rows = [...dataset.direction.keys()].filter((row) => dataset.direction[row] !== UNKNOWN_LABEL);
  return takeRows(dataset, rows);
}

function score(seed: number, shape: { readonly depthMax: number; readonly leafRowsMin: number }): Score {
  const forest = packForest(
    trainForest(learn.columns, learn.direction, CLASSES.length, { trees: TREES, seed, ...shape }).forest,
  );
  const shares = new Float64Array(later.rows * CLASSES.length);
  for (let row = 0; row < later.rows; row += 1)
    shares.set(predictPacked(forest, featuresOfRow(later, row)), row * CLASSES.length);
  return classScores(shares, later.direction, CLASSES.length);
}

function askPeer(shape: { readonly depthMax: number; readonly leafRowsMin: number }): Peer {
  const folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-forest-"));
  try {
    const features = all.features.length;
    writeFileSync(path.join(folder, "case.json"), JSON.stringify({ features, trees: TREES, seeds: SEEDS, ...shape }));
    for (const [name, own] of Object.entries({ train: learn, later })) {
      const columns = own.columns.map((column) => Buffer.from(Float64Array.from(column).buffer));
      writeFileSync(path.join(folder, `${name}-columns`), Buffer.concat(columns));
      writeFileSync(path.join(folder, `${name}-labels`), own.direction);
    }
    const script = path.join(import.meta.dirname, "peers/forest_sklearn.py");
    const result = spawnSync(values.python, [script, folder], { encoding: "utf8" });
    if (result.status !== 0) throw new Error(`${values.python} with scikit-learn is needed:\n${result.stderr}`);
    return JSON.parse(result.stdout) as Peer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
