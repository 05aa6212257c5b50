// npm run evaluate -- [--data <folder>] [--model <folder>] [--from DATE] [--to DATE] [--json]
// Scores a trained model, the shipped one unless another is named, on every day of a data folder that it has learned nothing
// from, per index. Trades are one lot of each view above 70 %, on modelled premiums, after spread, slippage and all charges.
import { dateOfDayNumber } from "../src/core/kernel/time.ts";
import { daysOf, takeRows, UNKNOWN_LABEL } from "../src/core/prediction/dataset.ts";
import { gainParts } from "../src/core/prediction/evaluation/gain-parts.ts";
import { judgeRows, positionsWith } from "../src/core/prediction/evaluation/judged-rows.ts";
import { modelEvidence } from "../src/core/prediction/evaluation/model-evidence.ts";
import { promotionChecks } from "../src/core/prediction/promotion.ts";
import { readOptions, tellFaults, windowOption } from "./command-line.ts";
import { DATA_FOLDER, DataUnusable } from "./history-folder.ts";
import { byIndex, FIGURES, groupsOf } from "./models/index-figures.ts";
import { readModel, SHIPPED_FOLDER } from "./models/model-files.ts";
import { readDataset } from "./models/read-dataset.ts";
import { groupTable, partsWords } from "./models/report.ts";

tellFaults("evaluate");
const values = readOptions({
  data: { type: "string", default: DATA_FOLDER },
  model: { type: "string", default: SHIPPED_FOLDER },
  from: { type: "string" },
  to: { type: "string" },
  json: { type: "boolean", default: false },
});

main();

function main(): void {
  const window = windowOption(values);
  const opened = readModel(values.model);
  if (opened === null) throw new DataUnusable(`${values.model} holds no model`);
  const { manifest, model } = opened;
  const { dataset, lacks } = readDataset(values.data, window);
  const seen = new Set(manifest.days);
  const rows = Int32Array.from(
    [...dataset.direction.keys()].filter(
      (row) => dataset.direction[row] !== UNKNOWN_LABEL && !seen.has(dataset.day[row] as number),
    ),
  );
  if (rows.length === 0) {
    throw new DataUnusable(`${values.data} has no day to judge that ${manifest.id} has not learned from`);
  }
  const judged = judgeRows(model, dataset, rows);
  const { base } = model.ensemble.direction;
  const indices = groupsOf(judged, byIndex(judged), base);
  const days = daysOf(takeRows(dataset, rows));
  const evidence = modelEvidence(judged, FIGURES, base);
  const whole = {
    model: manifest.id,
    learned: { from: manifest.fromDate, to: manifest.toDate, days: manifest.days.length },
    judged: {
      days: days.length,
      from: dateOfDayNumber(days[0] ?? 0),
      to: dateOfDayNumber(days.at(-1) ?? 0),
      /** Days that lie before the model's last: it did not learn from them, but from later ones. */
      daysBeforeItsEnd: days.filter((day) => dateOfDayNumber(day) <= manifest.toDate).length,
    },
    lacks,
    indices: Object.fromEntries(indices.map(({ group, ...figures }) => [group, figures])),
    parts: gainParts(judged, "hybrid", positionsWith(judged), FIGURES, base),
    evidence,
    promotion: evidence === null ? [] : promotionChecks(evidence),
  };
  console.log(values.json ? JSON.stringify(whole, null, 2) : inWords(whole, groupTable(indices)));
}

interface Whole {
  readonly model: string;
  readonly learned: { readonly from: string; readonly to: string; readonly days: number };
  readonly judged: {
    readonly days: number;
    readonly from: string;
    readonly to: string;
    readonly daysBeforeItsEnd: number;
  };
  readonly parts: ReturnType<typeof gainParts>;
}

function inWords({ model, learned, judged, parts }: Whole, tables: string): string {
  return [
    `${model}, learned from ${learned.days} days, ${learned.from} to ${learned.to}; judged on ${judged.days} others, ${judged.from} to ${judged.to}${
      judged.daysBeforeItsEnd === 0 ? "." : ` (${judged.daysBeforeItsEnd} of them before its last).`
    }`,
    "",
    tables,
    ...(parts === null ? [] : ["", partsWords(parts)]),
  ].join("\n");
}
