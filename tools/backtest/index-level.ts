// Backtests on the index itself: fast, and honest about what they are. What they say of a rule's direction carries over to
// options; what they say of money does not.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type IndexFigures, indexFigures } from "../../src/core/backtest/index-engine/index-figures.ts";
import {
  axisNames,
  type GridAxis,
  type IndexGrid,
  runIndexGrid,
} from "../../src/core/backtest/index-engine/index-grid.ts";
import type { IndexRisk, IndexSetup, IndexSignal } from "../../src/core/backtest/index-engine/index-rule.ts";
import { INDEX_COSTS, INDEX_RISK, INDEX_RULES, NO_COSTS } from "../../src/core/backtest/index-engine/index-rules.ts";
import { runIndexRule } from "../../src/core/backtest/index-engine/index-run.ts";
import { IndexHistory } from "../../src/core/backtest/index-engine/stances.ts";
import type { IndexTrade } from "../../src/core/backtest/index-engine/trade-log.ts";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { epochMs, formatIstTime, istDateOf, type MarketDate } from "../../src/core/kernel/time.ts";
import type { BarSeries } from "../../src/core/market/bar-series.ts";
import { WrongArgument } from "../command-line.ts";
import { type BarName, DataUnusable, readBars, readCommonBars } from "../history-folder.ts";
import { axesOf, numberOf, periodOf, underlyingOf, type Values, wordOf } from "./arguments.ts";

export interface IndexBacktest {
  readonly level: "INDEX";
  readonly strategy: string;
  readonly underlying: Underlying;
  readonly bar: BarName;
  readonly from: MarketDate;
  readonly to: MarketDate;
  /** The days there were bars for. */
  readonly firstDay: MarketDate;
  readonly lastDay: MarketDate;
  readonly days: number;
  readonly bars: number;
  /** What the reader did about bars that could not be taken as they are, by kind: how many times. */
  readonly repairs: Readonly<Record<string, number>>;
  readonly setup: IndexSetup;
  readonly figures: IndexFigures;
  /** Of all trades, so that two runs can be compared at a glance. */
  readonly tradesSha256: string;
  readonly grid?: IndexGrid;
  readonly trades?: readonly (IndexTrade & { readonly entryTime: string; readonly exitTime: string })[];
}

export function runIndexLevel(values: Values): IndexBacktest {
  const strategy = values.strategy ?? "";
  const named = INDEX_RULES.find(({ name }) => name === strategy);
  if (named === undefined) {
    const known = INDEX_RULES.map(({ name }) => name).join(", ");
    throw new WrongArgument(`--strategy ${strategy || "is missing"}${strategy && " is not known"}; there are ${known}`);
  }
  const underlying = underlyingOf(values);
  const period = periodOf(values);
  const bar = wordOf("bar", values.bar, ["1m", "3m", "5m", "15m"]);
  const polarity = wordOf("polarity", values.polarity ?? "momentum", ["MOMENTUM", "CONTRARIAN"]);
  const setup: IndexSetup = {
    rule: {
      signal: withTrigger(named.signal(polarity), values),
      sides: ({ both: "BOTH", long: "LONG_ONLY", short: "SHORT_ONLY" } as const)[
        wordOf("sides", values.sides, ["both", "long", "short"])
      ],
      memory: wordOf("memory", values.memory, ["DAILY", "CONTINUOUS"]),
    },
    costs: wordOf("costs", values.costs, ["future", "none"]) === "none" ? NO_COSTS : INDEX_COSTS,
    risk: riskOf(values),
    capitalPaise: Math.round((numberOf("capital", values.capital, 1, 1e12) ?? 0) * 100),
  };
  const { series, repairs } = barsFor(values, { index: underlying, bar, ...period });
  const history = new IndexHistory(series);
  const outcome = runIndexRule(history, setup);
  const trades = outcome.log.trades(series.startMs);
  const dates = history.days.map(({ date }) => date);
  return {
    level: "INDEX",
    strategy,
    underlying,
    bar,
    ...period,
    firstDay: dates[0] ?? period.from,
    lastDay: dates.at(-1) ?? period.to,
    days: dates.length,
    bars: series.length,
    repairs,
    setup,
    figures: indexFigures({ outcome, trades, dates, capitalPaise: setup.capitalPaise, bars: series.length }),
    tradesSha256: createHash("sha256").update(JSON.stringify(trades)).digest("hex"),
    ...(values.grid === undefined ? {} : { grid: runIndexGrid(history, setup, gridOf(values.grid, setup)) }),
    ...(values.trades ? { trades: trades.map(withTimes) } : {}),
  };
}

const withTimes = (trade: IndexTrade) => ({
  ...trade,
  entryTime: istText(trade.entryMs),
  exitTime: istText(trade.exitMs),
});
const istText = (atMs: number): string => `${istDateOf(epochMs(atMs))} ${formatIstTime(epochMs(atMs))}`;

function withTrigger(signal: IndexSignal, { trigger }: Values): IndexSignal {
  if (trigger === undefined) return signal;
  const word = wordOf("trigger", trigger, ["LEVEL", "CROSS"]);
  if (signal.kind !== "RSI") throw new WrongArgument("--trigger is for rsi-crossover only");
  return { ...signal, trigger: word };
}

function gridOf(text: string, setup: IndexSetup): GridAxis[] {
  const axes = axesOf(text, axisNames(setup));
  const { signal } = setup.rule;
  const valuesOf = (name: string, otherwise: number) => axes.find((axis) => axis.name === name)?.values ?? [otherwise];
  if (
    signal.kind === "RSI" &&
    Math.max(...valuesOf("lower", signal.lower)) > Math.min(...valuesOf("upper", signal.upper))
  ) {
    throw new WrongArgument("--grid lower must stay below upper");
  }
  return axes;
}

function riskOf(values: Values): IndexRisk {
  const units = numberOf("units", values.units, 1, INDEX_RISK.maxUnits);
  const dailyLoss = numberOf("daily-loss", values["daily-loss"], 1, 1e12);
  // 0 goes without.
  const stop = numberOf("stop", values.stop, 0, 100) ?? 0;
  const target = numberOf("target", values.target, 0, 100) ?? 0;
  return {
    ...INDEX_RISK,
    sizing: units === null ? INDEX_RISK.sizing : { by: "UNITS", units: Math.floor(units) },
    stop: stop === 0 ? null : { unit: "ATR_CENTI", value: Math.round(stop * 100) },
    target: target === 0 ? null : { unit: "ATR_CENTI", value: Math.round(target * 100) },
    dailyLossPaise: dailyLoss === null ? null : Math.round(dailyLoss * 100),
    entriesPerDay: numberOf("entries-per-day", values["entries-per-day"], 1, 1_000),
    ...(values.overnight ? { flatFrom: null, noEntryFrom: null } : {}),
  };
}

interface Wanted {
  readonly index: Underlying;
  readonly bar: BarName;
  readonly from: MarketDate;
  readonly to: MarketDate;
}

function barsFor(
  values: Values,
  wanted: Wanted,
): { readonly series: BarSeries; readonly repairs: Record<string, number> } {
  if (!existsSync(values.data)) throw new DataUnusable(`the data folder ${values.data} does not exist`);
  const query = { ...wanted, replayDays: values["replay-days"] ? "INCLUDED" : "EXCLUDED" } as const;
  const read = wanted.bar === "3m" ? readCommonBars(values.data, query) : readBars(values.data, query);
  const series = "bars" in read ? read.bars : read.series;
  if (series.length === 0) {
    const { index, bar, from, to } = wanted;
    const also = bar === "3m" ? " nor 1m" : "";
    throw new DataUnusable(`${values.data} has no ${bar}${also} bars of ${index} from ${from} to ${to}`);
  }
  const repairs: Record<string, number> = {};
  for (const { code } of read.repairs) repairs[code] = (repairs[code] ?? 0) + 1;
  return { series, repairs };
}

const rupees = (paise: number | null): string => (paise === null ? "-" : (paise / 100).toFixed(2));
const share = (value: number | null): string => (value === null ? "-" : `${(value * 100).toFixed(1)} %`);
const plain = (value: number | null): string => (value === null ? "-" : value.toFixed(2));
const GRID_ROWS_SHOWN = 10;

/** A few lines for people. */
export function printIndexLevel(result: IndexBacktest): string {
  const { strategy, underlying, bar, firstDay, lastDay, days, bars, figures, setup, grid } = result;
  const { chargesPpm, spreadPaise, slippagePpm } = setup.costs;
  const { drawdown } = figures;
  return [
    `${strategy} (${JSON.stringify(setup.rule.signal)}) on ${underlying}, ${bars} bars of ${bar}, ${days} days from ${firstDay} to ${lastDay}`,
    `Index units, not options: costs stand in for the index future (${chargesPpm} ppm, spread ${spreadPaise} paise, slippage ${slippagePpm} ppm a deal).`,
    `trades ${figures.trades}, won ${share(figures.winRate)}, profit factor ${plain(figures.profitFactor)}, a trade ${rupees(figures.expectancyPaise)}`,
    `net ${rupees(figures.netPaise)} of ${rupees(setup.capitalPaise)} rupees; charges ${rupees(figures.chargesPaise)}, spread and slippage ${rupees(figures.frictionPaise)}`,
    `Sharpe ${plain(figures.sharpe)}, Sortino ${plain(figures.sortino)}, drawdown ${share(drawdown.depthShare)} and ${drawdown.longestDays} days, exposure ${share(figures.exposure)}`,
    ...(grid === undefined ? [] : gridLines(grid)),
    "",
  ].join("\n");
}

const gridLines = ({ sets, rows, bestIsSkillProbability, warning }: IndexGrid): string[] => [
  `${sets} sets of parameters, the best ${Math.min(sets, GRID_ROWS_SHOWN)}:`,
  ...rows
    .slice(0, GRID_ROWS_SHOWN)
    .map(
      ({ parameters, trades, netPaise, sharpe }) =>
        `  ${JSON.stringify(parameters)}: Sharpe ${plain(sharpe)}, net ${rupees(netPaise)}, ${trades} trades`,
    ),
  `Probability that the best is more than luck, given ${sets} tries: ${share(bestIsSkillProbability)}. ${warning}`,
];
