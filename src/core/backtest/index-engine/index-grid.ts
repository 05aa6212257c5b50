// One rule with many sets of parameters over the same history. The best of many sets looks good by chance alone, so what is
// asked of it is the probability that there is anything to it at all, given how many were tried (the deflated Sharpe ratio).
import { assert, required } from "../../kernel/assert.ts";
import { deflatedSharpe, returnFigures, sharpeOf } from "../../prediction/evaluation/deflated-sharpe.ts";
import { dailyReturns, TRADING_DAYS_A_YEAR } from "./index-figures.ts";
import type { IndexSetup } from "./index-rule.ts";
import { runIndexRule } from "./index-run.ts";
import type { IndexHistory } from "./stances.ts";

/** A number of the rule's signal, or the distance of the stop or the target in ATR. */
export interface GridAxis {
  readonly name: string;
  readonly values: readonly number[];
}

export interface GridRow {
  readonly parameters: Readonly<Record<string, number>>;
  readonly trades: number;
  readonly netPaise: number;
  /** By the year, on days; 0 where nothing moved. */
  readonly sharpe: number;
}

export interface IndexGrid {
  readonly sets: number;
  /** Best first. */
  readonly rows: readonly GridRow[];
  /** That the best set's true Sharpe ratio lies above 0, seen by the number of sets and how far apart they came out. */
  readonly bestIsSkillProbability: number | null;
  readonly warning: string;
}

/** What an axis of this setup may be called. */
export const axisNames = ({ rule }: IndexSetup): string[] => [
  ...Object.entries(rule.signal)
    .filter(([, value]) => typeof value === "number")
    .map(([name]) => name),
  "stop",
  "target",
];

export function runIndexGrid(history: IndexHistory, setup: IndexSetup, axes: readonly GridAxis[]): IndexGrid {
  const played = setsOf(axes).map((parameters) => {
    const { log, balances, equityPaise } = runIndexRule(history, withParameters(setup, parameters));
    const returns = dailyReturns(equityPaise, setup.capitalPaise);
    const netPaise = balances.cashPaise - setup.capitalPaise;
    return { parameters, trades: log.length, netPaise, daily: sharpeOf(returns), returns };
  });
  played.sort((left, right) => right.daily - left.daily || right.netPaise - left.netPaise);
  const best = required(played[0], "a set of parameters");
  const spread = returnFigures(played.map(({ daily }) => daily)).deviation;
  const probability = deflatedSharpe(best.returns, played.length, spread ** 2);
  return {
    sets: played.length,
    rows: played.map(({ daily, returns: _returns, ...row }) => ({
      ...row,
      sharpe: daily * Math.sqrt(TRADING_DAYS_A_YEAR),
    })),
    bestIsSkillProbability: Number.isNaN(probability) ? null : probability,
    warning:
      `The first row is the best of ${played.length} sets on the very bars it was chosen on: it flatters itself. ` +
      "Choose on one stretch of time and believe what it does on a later one.",
  };
}

/** Every combination, the last axis running fastest. */
function setsOf(axes: readonly GridAxis[]): Record<string, number>[] {
  assert(axes.length > 0 && axes.every(({ values }) => values.length > 0), "a grid has axes, and they have values");
  return axes.reduce<Record<string, number>[]>(
    (sets, { name, values }) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

export function withParameters(
  setup: IndexSetup,
  { stop, target, ...signal }: Readonly<Record<string, number>>,
): IndexSetup {
  const inAtr = (value: number) =>
    value === 0 ? null : ({ unit: "ATR_CENTI", value: Math.round(value * 100) } as const);
  return {
    ...setup,
    rule: { ...setup.rule, signal: { ...setup.rule.signal, ...signal } },
    risk: {
      ...setup.risk,
      ...(stop === undefined ? {} : { stop: inAtr(stop) }),
      ...(target === undefined ? {} : { target: inAtr(target) }),
    },
  };
}
