// npm run walk-forward -- [--data <folder>] [--window-days N] [--test-days N] [--every N] [--from DATE] [--to DATE] [--json] [--write]
// Learns hybrid and baselines window after window and judges each on the days right after it: what models made this way are
// worth. --every N takes every Nth window only; --write puts tables and plot of all days and windows into the docs.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dateOfDayNumber } from "../src/core/kernel/time.ts";
import { type Dataset, daysOf } from "../src/core/prediction/dataset.ts";
import { gainParts } from "../src/core/prediction/evaluation/gain-parts.ts";
import {
  type JudgedRows,
  joinJudged,
  judgeSplit,
  positionsWith,
} from "../src/core/prediction/evaluation/judged-rows.ts";
import {
  featureSkills,
  suspectsOf,
  withLeakedFeature,
  withShuffledLabels,
} from "../src/core/prediction/evaluation/leak-checks.ts";
import { modelEvidence } from "../src/core/prediction/evaluation/model-evidence.ts";
import { outcomeReliability } from "../src/core/prediction/evaluation/view-figures.ts";
import {
  WALK_FORWARD,
  type WalkForwardOptions,
  walkForwardSplits,
} from "../src/core/prediction/evaluation/walk-forward.ts";
import { promotionChecks } from "../src/core/prediction/promotion.ts";
import { MODEL_TERMS } from "../src/core/prediction/training/model-terms.ts";
import { TRAINING_DAYS_MIN } from "../src/core/prediction/training/training-slices.ts";
import { projectRoot } from "./build.ts";
import { readOptions, tellFaults, WrongArgument, wholeOption, windowOption } from "./command-line.ts";
import { DATA_FOLDER, DataUnusable } from "./history-folder.ts";
import { byBand, byIndex, byTime, FIGURES, groupsOf, modelFigures, VARIANTS_TRIED } from "./models/index-figures.ts";
import { modelCodeSha256 } from "./models/model-code.ts";
import { nodeKernel } from "./models/model-files.ts";
import { readDataset } from "./models/read-dataset.ts";
import { type ReliabilityCurve, reliabilitySvg } from "./models/reliability-svg.ts";
import { groupTable, modelTable, partsWords, percent } from "./models/report.ts";
import type { MadeBy } from "./models/walked-evidence.ts";

const DOCS = path.join(projectRoot, "docs/prediction.md");
const PLOT = path.join(projectRoot, "docs/reliability.svg");
const CURVES = [
  { name: "puts bought (BEARISH)", color: "#b3423c", view: 0 },
  { name: "calls bought (BULLISH)", color: "#2b7a4b", view: 2 },
  { name: "iron flies (NEUTRAL)", color: "#3a5fa8", view: 1 },
] as const;

tellFaults("walk-forward");
const values = readOptions({
  data: { type: "string", default: DATA_FOLDER },
  "window-days": { type: "string", default: String(MODEL_TERMS.windowDays) },
  "test-days": { type: "string", default: String(WALK_FORWARD.testDays) },
  every: { type: "string", default: "1" },
  from: { type: "string" },
  to: { type: "string" },
  json: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
});

const options: Required<Omit<WalkForwardOptions, "embargoMs">> = {
  windowDays: wholeOption("window-days", values["window-days"], TRAINING_DAYS_MIN, 10_000),
  testDays: wholeOption("test-days", values["test-days"], 1, 10_000),
  every: wholeOption("every", values.every, 1, 10_000),
};
for (const name of ["from", "to"] as const)
  if (values.write && values[name] !== undefined)
    throw new WrongArgument(`--write is of all days there are: leave out --${name}`);
if (values.write && options.every !== 1)
  throw new WrongArgument(
    `--write is of every window: leave out --every, or print one in ${options.every} without --write`,
  );
const { dataset, lacks } = readDataset(values.data, windowOption(values));
for (const lack of lacks) console.error(`lacks: ${lack}`);
const judged = walked(dataset);
/** How the judged models were made: evidence of them says nothing of a model that was made otherwise. */
const madeBy: MadeBy = {
  windowDays: options.windowDays,
  options: MODEL_TERMS.options,
  codeSha256: modelCodeSha256(),
};
const figures = {
  ...options,
  ...madeBy,
  days: [dateOfDayNumber(daysOf(dataset)[0] ?? 0), dateOfDayNumber(daysOf(dataset).at(-1) ?? 0)],
  judgedRows: judged.rows.length,
  variantsTried: VARIANTS_TRIED,
  models: modelFigures(judged),
  all: groupsOf(judged, [["all", () => true]]),
  byIndex: groupsOf(judged, byIndex(judged)),
  byBand: groupsOf(judged, byBand(judged)),
  byTime: groupsOf(judged, byTime(judged)),
  outcomes: CURVES.map(({ name, view }) => ({ name, ...outcomeReliability(judged, [view]), ...worth(view) })),
  parts: gainParts(judged, "hybrid", positionsWith(judged), FIGURES),
  leaks: leaks(),
};
const evidence = modelEvidence(judged, FIGURES);
const promotion = evidence === null ? [] : promotionChecks(evidence);
if (values.json) console.log(JSON.stringify({ ...figures, evidence, promotion }, null, 2));
else console.log(words());
if (values.write) write();

function walked(all: Dataset): JudgedRows {
  const make = nodeKernel();
  const splits = walkForwardSplits(all, options);
  const parts: JudgedRows[] = [];
  for (const [at, split] of splits.entries()) {
    const own = judgeSplit(all, split, { make, options: MODEL_TERMS.options });
    if (own !== null) parts.push(own.judged);
    if (at % 10 === 9 || at === splits.length - 1) console.error(`${at + 1} of ${splits.length} windows`);
  }
  if (parts.length === 0) {
    throw new DataUnusable(`${values.data} has too few days for windows of ${options.windowDays}`);
  }
  return joinJudged(parts);
}

/** What one lot of every such structure would have earned, whoever asked for it. */
function worth(view: number): { readonly baseRate: number; readonly meanNetPaise: number } {
  const nets = judged.rows.reduce<number[]>((all, row) => {
    const net = dataset.netPaise?.[view]?.[row] ?? Number.NaN;
    if (!Number.isNaN(net)) all.push(net);
    return all;
  }, []);
  const sum = nets.reduce((all, net) => all + net, 0);
  return { baseRate: nets.filter((net) => net > 0).length / nets.length, meanNetPaise: Math.round(sum / nets.length) };
}

/** Features by themselves; with a planted leak; with labels dealt out anew. */
function leaks() {
  const own = featureSkills(dataset);
  const [best] = own;
  const planted = suspectsOf(featureSkills(withLeakedFeature(dataset, 0.5, 1))).map(({ feature }) => feature);
  const [shuffled] = featureSkills(withShuffledLabels(dataset, 1));
  return { suspects: suspectsOf(own).map(({ feature }) => feature), best, planted, shuffled };
}

function words(): string {
  const { leaks: found } = figures;
  return [
    `Windows of ${options.windowDays} trading days, judged on the ${options.testDays} after each, ${options.every === 1 ? "every window" : `one window in ${options.every}`}; ` +
      `${figures.judgedRows} rows of ${evidence?.days ?? 0} days between ${figures.days[0]} and ${figures.days[1]}.`,
    "",
    modelTable(figures.models),
    "",
    groupTable([...figures.all, ...figures.byIndex, ...figures.byBand, ...figures.byTime]),
    "",
    ...figures.outcomes.map(
      ({ name, rows, baseRate, meanNetPaise, ece }) =>
        `* ${name}: ${percent(baseRate)} of ${rows} made money, ${(meanNetPaise / 100).toFixed(0)} rupees a lot on average; calibration error ${ece.toFixed(3)}.`,
    ),
    ...(figures.parts === null ? [] : [`* ${partsWords(figures.parts)}`]),
    `* Probability of skill in the views' Sharpe ratio, deflated by ${VARIANTS_TRIED} variants tried: ${percent(figures.all[0]?.deflatedSharpe ?? 0)}.`,
    `* Promotion: ${promotion.map(({ rule, passed, value, limit }) => `${rule} ${passed ? "passes" : "fails"} (${value.toFixed(4)} against ${limit.toFixed(4)})`).join(", ")}.`,
    `* Leaks: the most telling single feature, ${found.best?.feature}, takes away ${percent(found.best?.gain ?? 0)} of the log-loss by itself; suspect: ${found.suspects.join(", ") || "none"}. A planted leak is found (${found.planted.join(", ")}); with labels dealt out anew the best feature takes away ${percent(found.shuffled?.gain ?? 0)}.`,
  ].join("\n");
}

function write(): void {
  const curves = figures.outcomes.map(
    ({ bins }, at): ReliabilityCurve => ({ name: CURVES[at]?.name ?? "", color: CURVES[at]?.color ?? "", bins }),
  );
  writeFileSync(PLOT, reliabilitySvg("Probability that a view's structure makes money", curves));
  const text = readFileSync(DOCS, "utf8");
  const [begin, end] = ["<!-- walk-forward: begin -->", "<!-- walk-forward: end -->"];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCS} has no place for the walk-forward.`);
  writeFileSync(DOCS, `${text.slice(0, from + begin.length)}\n${words()}\n${text.slice(to)}`);
}
