// What a run with options comes to, in a few lines for people.
import { edgeWords } from "../../src/core/backtest/modelled-day.ts";
import type { BacktestTrade } from "../../src/core/backtest/trades.ts";
import { type EpochMs, formatIstTime, istDateOf } from "../../src/core/kernel/time.ts";
import type { OptionBacktest } from "./option-level.ts";
import { intervalWords, plain, repairWords, rupees, share } from "./words.ts";

const SETS_SHOWN = 10;

/** A few lines for people. */
export function printOptionLevel({
  title,
  underlyings,
  from,
  to,
  metrics,
  prices,
  leftOut,
  sweep,
  failure,
  spoken,
  parameters,
  edgeVixCenti,
  repairs,
  trades,
}: OptionBacktest): string {
  const leftOutDays = Object.entries(leftOut).map(([reason, count]) => `${count} days left out: ${reason}`);
  return [
    `${title} on ${underlyings.join(", ")}, ${metrics.days} days from ${from} to ${to}`,
    ...(Object.keys(parameters).length === 0 ? [] : [`with ${pairs(parameters)}`]),
    ...edgeWords(edgeVixCenti),
    prices.note,
    ...spoken.map((who) => `views of ${who.predictor} on ${who.days} days, ${who.from} to ${who.to}`),
    `trades ${metrics.trades}, won ${share(metrics.winRate)}, profit factor ${plain(metrics.profitFactor)}, a trade ${rupees(metrics.expectancyPaise)}`,
    `result ${rupees(metrics.resultPaise)} after ${rupees(metrics.chargesPaise)} charges; fees ${rupees(metrics.feesPaise)}; turnover ${rupees(metrics.turnoverPaise)}`,
    `Sharpe ${plain(metrics.sharpe)}${intervalWords(metrics.sharpeInterval)}, Sortino ${plain(metrics.sortino)}, drawdown ${rupees(metrics.drawdown.depthPaise)} and ${metrics.drawdown.longestDays} days, exposure ${share(metrics.exposure)}`,
    ...(failure === null ? [] : [`The run ended on ${failure.date}: ${failure.detail}`]),
    ...leftOutDays,
    ...repairWords(repairs),
    ...(sweep === undefined ? [] : sweepLines(sweep)),
    ...(trades ?? []).map(tradeLine),
    "",
  ].join("\n");
}

const pairs = (parameters: OptionBacktest["parameters"]): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

/** Best first; the figures above are those of the first row. */
function sweepLines({ ranking, results, warning }: NonNullable<OptionBacktest["sweep"]>): string[] {
  const rows = ranking.flatMap((name) => results.filter((row) => row.name === name));
  return [
    `${rows.length} sets of parameters, the best ${Math.min(rows.length, SETS_SHOWN)}; the figures above are those of the first:`,
    ...rows
      .slice(0, SETS_SHOWN)
      .map(
        ({ name, trades, resultPaise, sharpe, winRate }) =>
          `  ${name}: Sharpe ${plain(sharpe)}, result ${rupees(resultPaise)}, ${trades} trades, won ${share(winRate)}`,
      ),
    ...(warning === null ? [] : [warning]),
  ];
}

const istText = (atMs: EpochMs): string => `${istDateOf(atMs)} ${formatIstTime(atMs)}`;
const tradeLine = ({ openedAtMs, closedAtMs, name, direction, units, exitReason, netPaise }: BacktestTrade): string =>
  `${istText(openedAtMs)} to ${istText(closedAtMs)} ${direction} ${units} ${name}, out by ${exitReason ?? "-"}, net ${rupees(netPaise)}`;
