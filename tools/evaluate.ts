// npm run evaluate -- [--data <folder>] [--model <folder>] [--from DATE] [--to DATE] [--premiums fitted|platform] [--json]
// Scores a trained model, the shipped one unless another is named, on every day of a data folder that it has learned nothing
// from, earlier ones than its own among them, per index: what it says against what came to pass, and what the product would
// have traded with it, by the engine of backtests.
import { SMILES } from "../src/core/backtest/smiles.ts";
import type { Underlying } from "../src/core/instrument/contract.ts";
import { addDays, dateOfDayNumber, dayNumberOf } from "../src/core/kernel/time.ts";
import { daysOf, takeRows, UNKNOWN_LABEL } from "../src/core/prediction/dataset.ts";
import { gainParts } from "../src/core/prediction/evaluation/gain-parts.ts";
import { judgeRows, positionsWith } from "../src/core/prediction/evaluation/judged-rows.ts";
import { modelEvidence } from "../src/core/prediction/evaluation/model-evidence.ts";
import { HISTORY_DAYS } from "../src/core/prediction/features/history-figures.ts";
import { promotionChecks } from "../src/core/prediction/promotion.ts";
import { smileNamed } from "./backtest/smiles.ts";
import { readOptions, tellFaults, windowOption } from "./command-line.ts";
import { DATA_FOLDER, DataUnusable } from "./history-folder.ts";
import { byIndex, FIGURES, type GroupFigures, groupsOf } from "./models/index-figures.ts";
import { readModel, SHIPPED_FOLDER } from "./models/model-files.ts";
import { NOTHING_PLAYED, type ProductFigures, type ProductTrades, productTrades } from "./models/product-trades.ts";
import { readDataset } from "./models/read-dataset.ts";
import { groupTable, partsWords, percent, productTable } from "./models/report.ts";

tellFaults("evaluate");
const values = readOptions({
  data: { type: "string", default: DATA_FOLDER },
  model: { type: "string", default: SHIPPED_FOLDER },
  from: { type: "string" },
  to: { type: "string" },
  premiums: { type: "string", default: "fitted" },
  json: { type: "boolean", default: false },
});

await main();

async function main(): Promise<void> {
  const premiums = SMILES[smileNamed(values.premiums)];
  const window = windowOption(values);
  const opened = readModel(values.model);
  if (opened === null) throw new DataUnusable(`${values.model} holds no model`);
  const { manifest, model } = opened;
  // Features look back: the days before the first one asked for are read too, and not judged.
  const { from } = window;
  const read = from === undefined ? window : { ...window, from: addDays(from, -HISTORY_DAYS) };
  const { dataset, lacks, repairs: repairedBars } = readDataset(values.data, read);
  const firstDay = from === undefined ? 0 : dayNumberOf(from);
  const seen = new Set(manifest.days);
  const rows = Int32Array.from(
    [...dataset.direction.keys()].filter(
      (row) =>
        dataset.direction[row] !== UNKNOWN_LABEL &&
        (dataset.day[row] as number) >= firstDay &&
        !seen.has(dataset.day[row] as number),
    ),
  );
  if (rows.length === 0) {
    throw new DataUnusable(`${values.data} has no day to judge that ${manifest.id} has not learned from`);
  }
  const judged = judgeRows(model, dataset, rows);
  const { base } = model.ensemble.direction;
  const heads = groupsOf(judged, byIndex(judged), base);
  const days = daysOf(takeRows(dataset, rows));
  const dates = days.map(dateOfDayNumber);
  const product = await productTrades({
    ...{ folder: values.data, dates, smile: premiums.smile, seed: FIGURES.seed },
    model: { id: manifest.id, model },
  });
  const { indices: traded, ...account } = product;
  const indices = heads.map((own) => withTrades(own, traded[own.group as Underlying] ?? NOTHING_PLAYED));
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
    /** Bars of the files that were left out, sorted or missing. */
    repairedBars,
    indices: Object.fromEntries(indices.map(({ group, ...figures }) => [group, figures])),
    /** All indices in one account; `trades` and what follows of an index are its share. */
    product: { premiums: values.premiums, premiumsOffBy: premiums.errors, ...account },
    parts: gainParts(judged, "hybrid", positionsWith(judged), FIGURES, base),
    evidence,
    promotion: evidence === null ? [] : promotionChecks(evidence),
  };
  console.log(
    values.json
      ? JSON.stringify(whole, null, 2)
      : inWords(whole, `${groupTable(heads)}\n\n${productTable(indices, product.all)}`),
  );
}

/** What one lot of every view above 70 % would have earned by its label stands beside what the product would have traded. */
function withTrades(
  { trades, winRate, netPaise, sharpe, sharpeInterval, deflatedSharpe, ...own }: GroupFigures,
  product: ProductFigures,
) {
  return { ...own, ...product, oneLotEach: { trades, winRate, netPaise, sharpe, sharpeInterval, deflatedSharpe } };
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
  readonly lacks: readonly string[];
  readonly repairedBars: number;
  readonly evidence: ReturnType<typeof modelEvidence>;
  readonly product: Omit<ProductTrades, "indices" | "all"> & { readonly premiums: string };
}

function aboveWords(evidence: Whole["evidence"]): string {
  const rows = evidence?.rows ?? 0;
  const above = evidence?.above70;
  if (above === undefined || above.n === 0 || above.hitRate === null) {
    return `Above 70 %: nothing was voiced in ${rows} rows, so there is no figure of how often it comes true.`;
  }
  const { n, days, hitRate, stated, interval = null } = above;
  const range =
    interval === null ? "too few days for an interval" : `${percent(interval.low)} to ${percent(interval.high)}`;
  return `Above 70 %: ${n} views of ${rows} rows, on ${days} days; stated ${percent(stated ?? 0)}, came true ${percent(hitRate)} (${range}).`;
}

function inWords(
  { model, learned, judged, parts, lacks, repairedBars, evidence, product }: Whole,
  tables: string,
): string {
  return [
    `${model}, learned from ${learned.days} days, ${learned.from} to ${learned.to}; judged on ${judged.days} others, ${judged.from} to ${judged.to}${
      judged.daysBeforeItsEnd === 0 ? "." : ` (${judged.daysBeforeItsEnd} of them before its last).`
    }`,
    "",
    tables,
    "",
    aboveWords(evidence),
    `The product's trades: one account, ${product.account.category}, capital ₹${product.account.capitalPaise / 100}; ${product.daysPlayed} days played, premiums ${product.premiums} where nobody recorded them. The model's are those on its own views; on the others a rule spoke and the model did not object.`,
    ...Object.entries(product.leftOut).map(([reason, count]) => `${count} days without trades: ${reason}`),
    ...(product.failure === null ? [] : [`The days ended early: ${product.failure}`]),
    ...(lacks.length === 0 ? [] : [`The folder has ${lacks.join("; ")}.`]),
    ...(repairedBars === 0 ? [] : [`Of its files ${repairedBars} bars were left out, sorted or missing.`]),
    ...(parts === null ? [] : ["", partsWords(parts)]),
  ].join("\n");
}
