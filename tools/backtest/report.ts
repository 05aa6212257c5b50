// The HTML page of a run with options.
import type { BacktestProgress } from "../../src/core/backtest/backtest.ts";
import { htmlReport } from "../../src/core/backtest/report/html-report.ts";
import type { OptionBacktest } from "./option-level.ts";

export function reportOf(result: OptionBacktest, { days, trades }: BacktestProgress): string {
  const { title, underlyings, from, to, account, prices, leftOut, failure, metrics, parameters, sweep } = result;
  const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return htmlReport({
    title,
    subtitle: `${underlyings.join(", ")}, ${from} to ${to}; ${account.category}, capital ₹${account.capitalPaise / 100}${values.length === 0 ? "" : `; ${values.join(", ")}`}`,
    notes: [
      prices.note,
      ...prices.errors,
      "Days are played by the platform's own code: risk check, margin, order rate, matching, charges, settlement.",
      "A run over known days is no forecast. Sharpe is of daily results on the day's capital, without a riskless rate.",
      ...(failure === null ? [] : [`The run ended on ${failure.date}: ${failure.detail}`]),
      ...Object.entries(leftOut).map(([reason, count]) => `${count} days left out: ${reason}`),
    ],
    metrics,
    days,
    trades,
    ...(sweep === undefined ? {} : { comparison: sweep }),
  });
}
