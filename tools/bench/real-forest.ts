// The forest on what it is for: 30 trading days of all three indices with every feature, and the whole hybrid on the same rows.
// Needs the data folder; without it there is nothing real to grow on, and the figures are null.
import { existsSync } from "node:fs";
import { marketDate } from "../../src/core/kernel/time.ts";
import {
  CLASSES,
  type Dataset,
  daysOf,
  featuresOfRow,
  rowsOfDays,
  takeRows,
  UNKNOWN_LABEL,
} from "../../src/core/prediction/dataset.ts";
import { packForest, predictPacked } from "../../src/core/prediction/forest/packed-forest.ts";
import { trainForest } from "../../src/core/prediction/forest/random-forest.ts";
import { ensembleModel } from "../../src/core/prediction/models/ensemble.ts";
import { previousRows, sequenceOfRow } from "../../src/core/prediction/models/sequences.ts";
import { TrainingRun } from "../../src/core/prediction/training/training-run.ts";
import { DATA_FOLDER } from "../history-folder.ts";
import { nodeKernel } from "../models/model-files.ts";
import { readDataset } from "../models/read-dataset.ts";

const DAYS = 30;
const TREES = 100;
const CALLS = 5_000;

export interface RealForest {
  readonly shape: string;
  readonly trainSeconds: number;
  readonly oneRowUs: number;
  /** The whole hybrid: forests, network, outcome heads, calibration. */
  readonly hybridSeconds: number;
  readonly hybridAnswerUs: number;
}

export function benchRealForest(): RealForest | null {
  if (!existsSync(DATA_FOLDER)) return null;
  const { dataset } = readDataset(DATA_FOLDER, { from: marketDate("2025-07-30"), to: marketDate("2025-09-30") });
  const days = daysOf(dataset).slice(-DAYS);
  const rows = rowsOfDays(dataset, days[0] ?? 0, days.at(-1) ?? 0);
  const known = takeRows(
    rows,
    [...rows.direction.keys()].filter((row) => rows.direction[row] !== UNKNOWN_LABEL),
  );
  const forest = timed(() => trainForest(known.columns, known.direction, CLASSES.length, { trees: TREES, seed: 1 }));
  const packed = packForest(forest.value.forest);
  const oneRowUs = medianUs(known, (row) => predictPacked(packed, featuresOfRow(known, row)));
  const hybrid = timed(() => {
    const run = TrainingRun.start({ dataset: rows, make: nodeKernel(), options: { seed: 1 } });
    if (!run.ok) throw new Error(run.error.code);
    while (run.value.step().stage !== "DONE");
    return run.value.result();
  });
  const model = ensembleModel(hybrid.value.ensemble, nodeKernel());
  const previous = previousRows(rows);
  return {
    shape: `${known.rows} rows of ${DAYS} days and 3 indices, ${known.features.length} features, ${TREES} trees grown to the end`,
    trainSeconds: forest.seconds,
    oneRowUs,
    hybridSeconds: hybrid.seconds,
    hybridAnswerUs: medianUs(rows, (row) => model.answer(featuresOfRow(rows, row), sequenceOfRow(rows, previous, row))),
  };
}

/** Of the processor, which a busy machine does not stretch. */
function timed<T>(run: () => T): { readonly value: T; readonly seconds: number } {
  const started = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(started);
  return { value, seconds: Number(((user + system) / 1e6).toFixed(2)) };
}

function medianUs({ rows }: Dataset, call: (row: number) => void): number {
  const times = Float64Array.from({ length: CALLS }, (_, index) => {
    const started = performance.now();
    call(index % rows);
    return (performance.now() - started) * 1_000;
  }).sort();
  return Number((times[CALLS >> 1] as number).toFixed(1));
}
