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
  withParameters,
} from "../../src/core/backtest/index-engine/index-grid.ts";
import { indexResult } from "../../src/core/backtest/index-engine/index-result.ts";
import type { IndexRisk, IndexSetup, IndexSignal } from "../../src/core/backtest/index-engine/index-rule.ts";
import { INDEX_COSTS, INDEX_RISK, INDEX_RULES, NO_COSTS } from "../../src/core/backtest/index-engine/index-rules.ts";
import { runIndexRule } from "../../src/core/backtest/index-engine/index-run.ts";
import { namedSetup } from "../../src/core/backtest/index-engine/named-setup.ts";
import { IndexHistory } from "../../src/core/backtest/index-engine/stances.ts";
import type { IndexTrade } from "../../src/core/backtest/index-engine/trade-log.ts";
import { reportOf, type Sweep } from "../../src/core/backtest/report/run-report.ts";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { epochMs, formatIstTime, istDateOf, type MarketDate } from "../../src/core/kernel/time.ts";
import type { BarSeries } from "../../src/core/market/bar-series.ts";
import { WrongArgument } from "../command-line.ts";
import { type BarName, DataUnusable, readBars, readCommonBars, repairsByKind } from "../history-folder.ts";
import {
  axesOf,
  numberOf,
  parametersOf,
  periodOf,
  refuseForeign,
  underlyingOf,
  type Values,
  wholeOf,
  wordOf,
} from "./arguments.ts";
import { gridWorth } from "./words.ts";

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

export interface IndexRun {
  readonly result: IndexBacktest;
  /** The run as one HTML page, made when it is asked for. */
  readonly page: () => string;
}

export const runIndexLevel = (values: Values): IndexBacktest => playIndexLevel(values).result;

export function playIndexLevel(values: Values): IndexRun {
  refuseForeign(values, "INDEX");
  const strategy = values.strategy ?? "";
  const named = INDEX_RULES.find(({ name }) => name === strategy);
  if (named === undefined) {
    const known = INDEX_RULES.map(({ name }) => name).join(", ");
    throw new WrongArgument(`--strategy ${strategy || "is missing"}${strategy && " is not known"}; there are ${known}`);
  }
  const underlying = underlyingOf(values);
  const period = periodOf(values);
  const bar = wordOf("bar", values.bar, ["1m", "3m", "5m", "15m"]);
  const capitalPaise = paise(Math.round((numberOf("capital", values.capital, 1, 1e12) ?? 0) * 100));
  const given = parametersOf(values.param ?? []);
  for (const name of ["polarity", "stop", "target"] as const) {
    if (values.given.has(name) && name in given) {
      throw new WrongArgument(`--${name} and --param ${name} both give it; one of them would pass`);
    }
  }
  const asked = namedSetup(named, given, capitalPaise);
  if (!asked.ok) throw new WrongArgument(asked.error.map(({ field, message }) => `${field}: ${message}`).join("; "));
  const { polarity: asParameter, ...numbers } = given;
  const word = values.polarity ?? String(asParameter ?? "momentum").toLowerCase();
  const polarity = wordOf("polarity", word, ["MOMENTUM", "CONTRARIAN"]);
  const plain: IndexSetup = {
    rule: {
      signal: withTrigger(named.signal(polarity), values),
      sides: ({ both: "BOTH", long: "LONG_ONLY", short: "SHORT_ONLY" } as const)[
        wordOf("sides", values.sides, ["both", "long", "short"])
      ],
      memory: wordOf("memory", values.memory, ["DAILY", "CONTINUOUS"]),
    },
    costs: wordOf("costs", values.costs, ["future", "none"]) === "none" ? NO_COSTS : INDEX_COSTS,
    risk: riskOf(values),
    capitalPaise,
  };
  const setup = withParameters(plain, numbers as Readonly<Record<string, number>>);
  const { series, repairs } = barsFor(values, { index: underlying, bar, ...period });
  const history = new IndexHistory(series);
  const outcome = runIndexRule(history, setup);
  const trades = outcome.log.trades(series.startMs);
  const dates = history.days.map(({ date }) => date);
  const result: IndexBacktest = {
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
  const page = (): string => {
    const sets = [{ parameters: { ...setup.rule.signal }, setup }];
    const terms = { rule: named, underlying, ...period, capitalPaise, sets, dataSha256: "" };
    const run = indexResult(series, terms);
    const { grid } = result;
    return reportOf(
      { ...run, ...(grid === undefined ? {} : { sweep: comparisonOf(grid) }) },
      { days: run.curve, trades: run.trades, isFree: setup.costs === NO_COSTS },
    );
  };
  return { result, page };
}

const GRID_ROWS_ON_A_PAGE = 200;

/** A grid as a page compares sets: the best of them, and what being the best of so many is worth. */
const comparisonOf = ({ sets, rows, bestIsSkillProbability, warning }: IndexGrid): Sweep => ({
  variants: sets,
  results: rows.slice(0, GRID_ROWS_ON_A_PAGE).map(({ parameters, trades, netPaise, sharpe }) => ({
    name: Object.entries(parameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
    trades,
    resultPaise: netPaise,
    sharpe,
  })),
  warning: `${gridWorth(sets, bestIsSkillProbability)} ${warning} The figures above are those of the setup as given.`,
});

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
  if (
    signal.kind === "EMA_CROSS" &&
    Math.max(...valuesOf("fast", signal.fast)) >= Math.min(...valuesOf("slow", signal.slow))
  ) {
    throw new WrongArgument("--grid fast must stay below slow");
  }
  return axes;
}

function riskOf(values: Values): IndexRisk {
  const units = wholeOf("units", values.units, 1, INDEX_RISK.maxUnits);
  const dailyLoss = numberOf("daily-loss", values["daily-loss"], 1, 1e12);
  // 0 goes without.
  const stop = numberOf("stop", values.stop, 0, 100) ?? 0;
  const target = numberOf("target", values.target, 0, 100) ?? 0;
  return {
    ...INDEX_RISK,
    sizing: units === null ? INDEX_RISK.sizing : { by: "UNITS", units },
    stop: stop === 0 ? null : { unit: "ATR_CENTI", value: Math.round(stop * 100) },
    target: target === 0 ? null : { unit: "ATR_CENTI", value: Math.round(target * 100) },
    dailyLossPaise: dailyLoss === null ? null : Math.round(dailyLoss * 100),
    entriesPerDay: wholeOf("entries-per-day", values["entries-per-day"], 1, 1_000),
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
): { readonly series: BarSeries; readonly repairs: Readonly<Record<string, number>> } {
  if (!existsSync(values.data)) throw new DataUnusable(`the data folder ${values.data} does not exist`);
  const query = { ...wanted, replayDays: values["replay-days"] ? "INCLUDED" : "EXCLUDED" } as const;
  const read = wanted.bar === "3m" ? readCommonBars(values.data, query) : readBars(values.data, query);
  const series = "bars" in read ? read.bars : read.series;
  if (series.length === 0) {
    const { index, bar, from, to } = wanted;
    const also = bar === "3m" ? " nor 1m" : "";
    throw new DataUnusable(`${values.data} has no ${bar}${also} bars of ${index} from ${from} to ${to}`);
  }
  return { series, repairs: repairsByKind(read.repairs) };
}
