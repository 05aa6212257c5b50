// A run as one HTML page that needs nothing else: no script, no font, no request. It says first what the figures rest on.
import { formatRupees, paise } from "../../kernel/money.ts";
import { formatIstTime } from "../../kernel/time.ts";
import { calibrationError, reliabilityBins } from "../../prediction/evaluation/reliability.ts";
import type { BacktestDay } from "../backtest.ts";
import type { BacktestMetrics, TradeFigures } from "../metrics.ts";
import type { Comparison } from "../sweep.ts";
import type { BacktestTrade } from "../trades.ts";
import { barChart, escaped, lineChart, reliabilityChart } from "./charts.ts";
import { STYLE } from "./style.ts";

export interface ReportInput {
  readonly title: string;
  readonly subtitle: string;
  /** What has to be known before any figure is read. */
  readonly notes: readonly string[];
  /** What stands behind a line that is opened when it is wanted. */
  readonly details?: { readonly title: string; readonly lines: readonly string[] };
  /** By which this run is told to be the same as another. */
  readonly hashes?: Readonly<Record<string, string>>;
  readonly metrics: BacktestMetrics;
  readonly days: readonly Pick<BacktestDay, "date" | "resultPaise">[];
  readonly trades: readonly BacktestTrade[];
  /** Of the model whose views it had, largest first. */
  readonly importances?: Importances;
  readonly comparison?: Pick<Comparison, "variants" | "warning"> & {
    readonly results: readonly {
      readonly name: string;
      readonly trades: number;
      readonly resultPaise: number;
      readonly sharpe: number | null;
    }[];
  };
}

export interface Importances {
  readonly model: string;
  readonly shares: readonly { readonly feature: string; readonly share: number }[];
}

const TRADES_SHOWN = 200;
const IMPORTANCES_SHOWN = 20;

export function htmlReport(input: ReportInput): string {
  const { title, subtitle, notes, details, hashes, metrics, days, trades, importances } = input;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1><p>${escaped(subtitle)}</p>
<ul class="notes">${notes.map((note) => `<li>${escaped(note)}</li>`).join("")}</ul>
${detailsBox(details)}
${figuresTable(metrics)}
${lineChart("Result after charges, in rupees", curve(days))}
${lineChart("Below the best so far, in rupees", drawdowns(days), true)}
${monthsTable(metrics)}
${groupTable("By India VIX", metrics.byVix)}${groupTable("By time of the entry", metrics.byTimeOfDay)}
${groupTable("By index", metrics.byUnderlying)}${groupTable("By exit", metrics.byExit)}
${reliability(trades)}
${barChart(
  `What ${importances?.model ?? "the model"} looks at: share in what its forest's splits gained`,
  (importances?.shares ?? [])
    .slice(0, IMPORTANCES_SHOWN)
    .map(({ feature, share }) => ({ label: feature, value: share })),
)}
${comparisonTable(input.comparison)}
${tradesTable(trades)}
${hashLines(hashes)}
</body></html>
`;
}

function curve(days: ReportInput["days"]) {
  let total = 0;
  return days.map(({ date, resultPaise }) => {
    total += resultPaise;
    return { label: date, value: total / 100 };
  });
}

function drawdowns(days: ReportInput["days"]) {
  let peak = 0;
  return curve(days).map(({ label, value }) => {
    peak = Math.max(peak, value);
    return { label, value: value - peak };
  });
}

/** Of trades that a stated confidence stands behind: whether that share of them made money after charges. */
function reliability(trades: readonly BacktestTrade[]): string {
  const spoken = trades.filter(({ confidenceBps }) => confidenceBps !== null);
  if (spoken.length === 0) return "";
  const stated = Float64Array.from(spoken, ({ confidenceBps }) => (confidenceBps ?? 0) / 10_000);
  const bins = reliabilityBins(
    stated,
    Uint8Array.from(spoken, ({ netPaise }) => (netPaise > 0 ? 1 : 0)),
  );
  const error = (calibrationError(bins) * 100).toFixed(1);
  return reliabilityChart(
    `Stated confidence against trades that made money after charges: ${spoken.length} trades, ${error} points apart on average`,
    bins,
  );
}

/** ₹1,23,456.50; groups are Indian. */
export function rupees(amount: number | null): string {
  if (amount === null) return "–";
  const [whole = "", part] = formatRupees(paise(Math.abs(Math.round(amount)))).split(".");
  return `${amount < 0 ? "−" : ""}₹${whole.replace(/(\d)(?=(\d\d)+\d$)/g, "$1,")}.${part}`;
}

function detailsBox(details: ReportInput["details"]): string {
  if (details === undefined || details.lines.length === 0) return "";
  const lines = details.lines.map((line) => `<li>${escaped(line)}</li>`).join("");
  return `<details><summary>${escaped(details.title)}</summary><ul>${lines}</ul></details>`;
}

const hashLines = (hashes: ReportInput["hashes"] = {}): string =>
  Object.entries(hashes)
    .map(([name, hash]) => `<p class="hash">${escaped(name)} ${escaped(hash)}</p>`)
    .join("");

const wide = (table: string): string => `<div class="wide">${table}</div>`;
const percent = (share: number | null): string => (share === null ? "–" : `${(share * 100).toFixed(1)} %`);
const plain = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

function figuresTable(metrics: BacktestMetrics): string {
  const { sharpeInterval, drawdown } = metrics;
  const interval = sharpeInterval === null ? "" : ` (95 %: ${plain(sharpeInterval[0])} to ${plain(sharpeInterval[1])})`;
  const rows: readonly (readonly [string, string])[] = [
    ["Days", String(metrics.days)],
    ["Trades", String(metrics.trades)],
    ["Result after charges", rupees(metrics.resultPaise)],
    ["Charges", rupees(metrics.chargesPaise)],
    ["Platform fees", rupees(metrics.feesPaise)],
    ["Won", percent(metrics.winRate)],
    ["Profit factor", plain(metrics.profitFactor)],
    ["A trade on average", rupees(metrics.expectancyPaise)],
    ["Sharpe", `${plain(metrics.sharpe)}${interval}`],
    ["Sortino", plain(metrics.sortino)],
    ["Deepest fall", `${rupees(drawdown.depthPaise)} (${percent(drawdown.depthShare)} of capital)`],
    ["Longest below a peak", `${drawdown.longestDays} trading days`],
    ["Time in the market", percent(metrics.exposure)],
    ["Turnover", rupees(metrics.turnoverPaise)],
    ["Charges of what winners brought", percent(metrics.costShare)],
  ];
  return `<table class="figures">${rows.map(([name, value]) => `<tr><th>${name}</th><td>${value}</td></tr>`).join("")}</table>`;
}

function monthsTable({ months }: BacktestMetrics): string {
  const years = [...Map.groupBy(months, ({ month }) => month.slice(0, 4))];
  const numbers = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, "0"));
  const rows = years.map(([year, ofYear]) => {
    const cells = numbers.map((number) => {
      const found = ofYear.find(({ month }) => month.endsWith(`-${number}`));
      return `<td class="${(found?.resultPaise ?? 0) < 0 ? "down" : ""}">${found === undefined ? "" : rupees(found.resultPaise)}</td>`;
    });
    const total = ofYear.reduce((sum, { resultPaise }) => sum + resultPaise, 0);
    return `<tr><th>${year}</th>${cells.join("")}<td>${rupees(total)}</td></tr>`;
  });
  return `<h2>Months</h2>${wide(`<table><tr><th></th>${numbers.map((number) => `<th>${number}</th>`).join("")}<th>Year</th></tr>${rows.join("")}</table>`)}`;
}

function groupTable(title: string, groups: Readonly<Record<string, TradeFigures | undefined>>): string {
  if (Object.keys(groups).length === 0) return "";
  const rows = Object.entries(groups).map(([name, figures]) =>
    figures === undefined
      ? ""
      : `<tr><th>${escaped(name)}</th><td>${figures.trades}</td><td>${percent(figures.winRate)}</td><td>${plain(figures.profitFactor)}</td><td>${rupees(figures.netPaise)}</td></tr>`,
  );
  return `<h2>${title}</h2>${wide(`<table><tr><th></th><th>Trades</th><th>Won</th><th>Profit factor</th><th>Net</th></tr>${rows.join("")}</table>`)}`;
}

function comparisonTable(comparison: ReportInput["comparison"]): string {
  if (comparison === undefined) return "";
  const rows = comparison.results.map(
    ({ name, trades, resultPaise, sharpe }) =>
      `<tr><th>${escaped(name)}</th><td>${trades}</td><td>${rupees(resultPaise)}</td><td>${plain(sharpe)}</td></tr>`,
  );
  const warning = comparison.warning === null ? "" : `<p class="warning">${escaped(comparison.warning)}</p>`;
  return `<h2>Variants</h2>${warning}${wide(`<table><tr><th></th><th>Trades</th><th>Result</th><th>Sharpe</th></tr>${rows.join("")}</table>`)}`;
}

const minute = (atMs: BacktestTrade["openedAtMs"]): string => formatIstTime(atMs).slice(0, 5);

function tradesTable(trades: readonly BacktestTrade[]): string {
  const shown = trades.slice(-TRADES_SHOWN);
  const rows = shown.map(
    ({
      date,
      openedAtMs,
      closedAtMs,
      name,
      structure,
      direction,
      units,
      realisedPaise,
      chargesPaise,
      netPaise,
      exitReason,
    }) =>
      `<tr><td>${date}</td><td>${minute(openedAtMs)}–${minute(closedAtMs)}</td><td>${escaped(structure ?? name)}</td><td>${direction}</td><td>${units}</td><td>${rupees(realisedPaise)}</td><td>${rupees(chargesPaise)}</td><td class="${netPaise < 0 ? "down" : ""}">${rupees(netPaise)}</td><td>${exitReason ?? ""}</td></tr>`,
  );
  const which = shown.length < trades.length ? `the last ${shown.length} of ${trades.length}` : `all ${trades.length}`;
  if (trades.length === 0) return "<h2>Trades</h2><p>Nothing was traded.</p>";
  return `<h2>Trades (${which})</h2>${wide(`<table class="trades"><tr><th>Date</th><th>Time (IST)</th><th>What</th><th>Side</th><th>Units</th><th>Realised</th><th>Charges</th><th>Net</th><th>Exit</th></tr>${rows.join("")}</table>`)}`;
}
