// npm run train -- [--data <folder>] [--from DATE] [--to DATE] [--window-days N] [--seed N] [--out <folder>] [--evidence <file>] [--json]
// Trains a hybrid on the latest trading days of a data folder, in the steps a Worker would take, and writes its bytes and their
// manifest. The last day is never one of a session that is shown. --evidence takes what `walk-forward --json` printed of
// models made by the same terms and code, where it passes the rule of promotion; without it the manifest says that nothing has been
// shown yet, and the platform puts the model into shadow.
import path from "node:path";
import { type ModelManifest, sha256Hex } from "../src/adapters/models/model-manifest.ts";
import { dateOfDayNumber } from "../src/core/kernel/time.ts";
import { daysOf, rowsOfDays } from "../src/core/prediction/dataset.ts";
import type { ModelEvidence } from "../src/core/prediction/promotion.ts";
import { MODEL_TERMS } from "../src/core/prediction/training/model-terms.ts";
import { TrainingRun } from "../src/core/prediction/training/training-run.ts";
import { TRAINING_DAYS_MIN } from "../src/core/prediction/training/training-slices.ts";
import { projectRoot } from "./build.ts";
import { readOptions, tellFaults, wholeOption, windowOption } from "./command-line.ts";
import { DATA_FOLDER, DataUnusable } from "./history-folder.ts";
import { modelCodeSha256 } from "./models/model-code.ts";
import { dataSha256, nodeKernel, writeModel } from "./models/model-files.ts";
import { readDataset } from "./models/read-dataset.ts";
import { walkedEvidence } from "./models/walked-evidence.ts";

/** The session that ships with the project is of the day after. */
const LAST_DATE = "2025-08-28";
const NO_EVIDENCE: ModelEvidence = {
  days: 0,
  rows: 0,
  gain: 0,
  gainInterval: { low: 0, high: 0 },
  ece: 0,
  above70: { n: 0, hitRate: null, stated: null, days: 0 },
};

tellFaults("train");
const values = readOptions({
  data: { type: "string", default: DATA_FOLDER },
  from: { type: "string" },
  to: { type: "string", default: LAST_DATE },
  "window-days": { type: "string", default: String(MODEL_TERMS.windowDays) },
  seed: { type: "string", default: String(MODEL_TERMS.options.seed) },
  out: { type: "string", default: path.join(projectRoot, ".wrangler/models") },
  evidence: { type: "string" },
  json: { type: "boolean", default: false },
});

const window = windowOption(values);
const windowDays = wholeOption("window-days", values["window-days"], TRAINING_DAYS_MIN, 10_000);
const seed = wholeOption("seed", values.seed, 0, 2_147_483_647);
const options = { ...MODEL_TERMS.options, seed };
const codeSha256 = modelCodeSha256();
const evidence =
  values.evidence === undefined ? NO_EVIDENCE : walkedEvidence(values.evidence, { windowDays, options, codeSha256 });
const { dataset: all, lacks } = readDataset(values.data, window);
for (const lack of lacks) console.error(`lacks: ${lack}`);
const days = daysOf(all).slice(-windowDays);
const dataset = rowsOfDays(all, days[0] ?? 0, days.at(-1) ?? 0);
const begun = TrainingRun.start({ dataset, make: nodeKernel(), options });
if (!begun.ok) {
  const { days: found, daysMin } = begun.error;
  throw new DataUnusable(`${values.data}: ${found} trading days to learn from, ${daysMin} at least are needed`);
}
let longestMs = 0;
for (let stage = ""; stage !== "DONE"; ) {
  const started = process.cpuUsage();
  const progress = begun.value.step();
  const { user, system } = process.cpuUsage(started);
  longestMs = Math.max(longestMs, (user + system) / 1_000);
  stage = progress.stage;
  console.error(
    `${stage.padEnd(8)} ${progress.done} of ${progress.total} (${((user + system) / 1e6).toFixed(1)} s of processor)`,
  );
}
const { bytes, ensemble, figures } = begun.value.result();
const bytesSha256 = sha256Hex(bytes);
const toDate = dateOfDayNumber(ensemble.window.toDay);
const manifest: ModelManifest = {
  id: `hybrid-${toDate}-${bytesSha256.slice(0, 8)}`,
  fromDate: dateOfDayNumber(ensemble.window.fromDay),
  toDate,
  days,
  options,
  bytesSha256,
  dataSha256: dataSha256(dataset),
  codeSha256,
  figures,
  evidence,
};
writeModel(values.out, manifest, bytes);
const said = {
  id: manifest.id,
  out: values.out,
  bytes: bytes.length,
  rows: dataset.rows,
  longestStepCpuMs: Math.round(longestMs),
  figures,
};
if (values.json) console.log(JSON.stringify(said, null, 2));
else
  console.log(
    [
      `${said.id}: ${said.rows} rows of ${days.length} days, ${manifest.fromDate} to ${toDate}, ${said.bytes} bytes in ${path.relative(process.cwd(), values.out)}`,
      `longest step ${said.longestStepCpuMs} ms of processor; trust in forest and network: ${figures.trust.map((trust) => trust.toFixed(2)).join(", ")}`,
      `most telling features: ${figures.importances
        .slice(0, 8)
        .map(({ feature, share }) => `${feature} ${(100 * share).toFixed(1)} %`)
        .join(", ")}`,
    ].join("\n"),
  );
