// What a run on the index comes to, in a few lines for people.
import type { IndexGrid } from "../../src/core/backtest/index-engine/index-grid.ts";
import type { IndexBacktest } from "./index-level.ts";
import { gridWorth, intervalWords, plain, repairWords, rupees, share } from "./words.ts";

type Trade = NonNullable<IndexBacktest["trades"]>[number];

const GRID_ROWS_SHOWN = 10;

/** A few lines for people. */
export function printIndexLevel(result: IndexBacktest): string {
  const { strategy, underlying, bar, firstDay, lastDay, days, bars, figures, setup, grid, repairs, trades } = result;
  const { chargesPpm, spreadPaise, slippagePpm } = setup.costs;
  const { drawdown } = figures;
  return [
    `${strategy} (${JSON.stringify(setup.rule.signal)}) on ${underlying}, ${bars} bars of ${bar}, ${days} days from ${firstDay} to ${lastDay}`,
    chargesPpm + spreadPaise + slippagePpm === 0
      ? "Index units, not options, and without any costs."
      : `Index units, not options: costs stand in for the index future (${chargesPpm} ppm, spread ${spreadPaise} paise, slippage ${slippagePpm} ppm a deal).`,
    `trades ${figures.trades}, won ${share(figures.winRate)}, profit factor ${plain(figures.profitFactor)}, a trade ${rupees(figures.expectancyPaise)}`,
    `net ${rupees(figures.netPaise)} of ${rupees(setup.capitalPaise)} rupees; charges ${rupees(figures.chargesPaise)}, spread and slippage ${rupees(figures.frictionPaise)}`,
    `Sharpe ${plain(figures.sharpe)}${intervalWords(figures.sharpeInterval)}, Sortino ${plain(figures.sortino)}, drawdown ${share(drawdown.depthShare)} and ${drawdown.longestDays} days, exposure ${share(figures.exposure)}`,
    ...repairWords(repairs),
    ...(grid === undefined ? [] : gridLines(grid)),
    ...(trades ?? []).map(tradeLine),
    "",
  ].join("\n");
}

const tradeLine = ({ entryTime, exitTime, side, units, entryPaise, exitPaise, netPaise, reason }: Trade): string =>
  `${entryTime} to ${exitTime} ${side} ${units} at ${rupees(entryPaise)}, out at ${rupees(exitPaise)} (${reason}), net ${rupees(netPaise)}`;

const gridLines = ({ sets, rows, bestIsSkillProbability, warning }: IndexGrid): string[] => [
  `${sets} sets of parameters, the best ${Math.min(sets, GRID_ROWS_SHOWN)}:`,
  ...rows
    .slice(0, GRID_ROWS_SHOWN)
    .map(
      ({ parameters, trades, netPaise, sharpe }) =>
        `  ${JSON.stringify(parameters)}: Sharpe ${plain(sharpe)}, net ${rupees(netPaise)}, ${trades} trades`,
    ),
  `${gridWorth(sets, bestIsSkillProbability)} ${warning}`,
];
