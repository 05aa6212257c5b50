// npm run dataset -- --data <folder> [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--json]
// Makes the dataset that models learn from out of a data folder and says what is in it: rows, shares of the classes, what every
// feature lacks, how often each structure made money. Writes nothing.
import { UNDERLYINGS, type Underlying } from "../src/core/instrument/contract.ts";
import { type BuiltDataset, buildDataset } from "../src/core/prediction/builder/build-dataset.ts";
import { datasetSummary } from "../src/core/prediction/builder/dataset-summary.ts";
import { CLASSES, type Dataset, takeRows } from "../src/core/prediction/dataset.ts";
import { readOptions, tellFaults, windowOption } from "./command-line.ts";
import { readDatasetSources } from "./dataset-sources.ts";
import { DATA_FOLDER, DataUnusable } from "./history-folder.ts";

const USAGE = "npm run dataset -- [--data <folder>] [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--json]";

function main(): void {
  const values = readOptions({
    data: { type: "string", default: DATA_FOLDER },
    from: { type: "string" },
    to: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const started = performance.now();
  const window = windowOption(values);
  const { sources, repairs, lacks } = readDatasetSources(values.data, window);
  const read = performance.now();
  const built = buildDataset(sources);
  const seconds = { reading: (read - started) / 1_000, building: (performance.now() - read) / 1_000 };
  if (built.dataset.rows === 0) throw new DataUnusable(`${values.data}: no bars of any index, so no rows`);
  const summary = datasetSummary(built.dataset);
  const { report } = built;
  const labels = report.map(({ underlying }) => ({
    underlying,
    ...datasetSummary(rowsOf(built.dataset, underlying)),
    missing: undefined,
  }));
  const whole = { data: values.data, seconds, lacks, repairs: repairs.length, report, summary, labels };
  console.log(values.json ? JSON.stringify(whole, null, 2) : inWords(whole));
}

interface Whole {
  readonly data: string;
  readonly seconds: { readonly reading: number; readonly building: number };
  readonly lacks: readonly string[];
  readonly repairs: number;
  readonly report: BuiltDataset["report"];
  readonly summary: ReturnType<typeof datasetSummary>;
  readonly labels: readonly (Pick<Whole["summary"], "direction" | "outcomes"> & { readonly underlying: Underlying })[];
}

function rowsOf(dataset: Dataset, underlying: Underlying): Dataset {
  const wanted = UNDERLYINGS.indexOf(underlying);
  const rows = [...dataset.underlying.keys()].filter((row) => dataset.underlying[row] === wanted);
  return takeRows(dataset, rows);
}

function inWords({ data, seconds, lacks, repairs, report, summary, labels }: Whole): string {
  const { rows, days, firstDay, lastDay, direction, outcomes, missing } = summary;
  return [
    `${data}: ${rows} rows on ${days} days, ${firstDay} to ${lastDay} (read in ${seconds.reading.toFixed(1)} s with ${repairs} repairs, built in ${seconds.building.toFixed(1)} s)`,
    ...lacks.map((lack) => `  lacks: ${lack}`),
    "",
    "| index | days | rows | first | last | days with VIX bars | silent cycles | days left out |",
    "|---|---|---|---|---|---|---|---|",
    ...report.map(
      (own) =>
        `| ${own.underlying} | ${own.days} | ${own.rows} | ${own.firstDate} | ${own.lastDate} | ${own.daysWithVixBars} | ${own.silentCycles} | ${own.skippedDays.length} |`,
    ),
    "",
    "| labels of | rows | BEARISH | NEUTRAL | BULLISH | puts bought: trades, made money | flies sold | calls bought |",
    "|---|---|---|---|---|---|---|---|",
    ...[...labels, { underlying: "all", direction, outcomes }].map(labelRow),
    "",
    "| feature | missing |",
    "|---|---|",
    ...missing.map(({ feature, share }) => `| ${feature} | ${percent(share)} |`),
  ].join("\n");
}

const labelRow = ({
  underlying,
  direction,
  outcomes,
}: Pick<Whole["summary"], "direction" | "outcomes"> & { readonly underlying: string }) =>
  `| ${[
    underlying,
    direction.known,
    ...CLASSES.map((_, at) => percent(direction.shares[at])),
    ...outcomes.map(({ known, shares }) => `${known}, ${percent(shares[0])}`),
  ].join(" | ")} |`;

const percent = (share: number | undefined): string =>
  share === undefined || Number.isNaN(share) ? "–" : `${(100 * share).toFixed(1)} %`;

tellFaults("dataset");
main();
