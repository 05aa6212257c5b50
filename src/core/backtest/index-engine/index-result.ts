// A run on index bars in the form in which the lab keeps runs, so that both levels are listed, compared and reported alike.
import type { Underlying } from "../../instrument/contract.ts";
import { required } from "../../kernel/assert.ts";
import { type Paise, paise } from "../../kernel/money.ts";
import { epochMs, istDateOf, type MarketDate } from "../../kernel/time.ts";
import { sha256Hex } from "../../ledger/hash-chain.ts";
import type { BarSeries } from "../../market/bar-series.ts";
import type { ParameterValues } from "../../strategy/definition/definition.ts";
import type { BacktestMetrics } from "../metrics.ts";
import { keptTrades, type RunResult } from "../run-result.ts";
import { compareVariants } from "../sweep.ts";
import type { BacktestTrade } from "../trades.ts";
import { type IndexFigures, indexFigures } from "./index-figures.ts";
import type { IndexSetup } from "./index-rule.ts";
import type { NamedIndexRule } from "./index-rules.ts";
import { runIndexRule } from "./index-run.ts";
import { IndexHistory } from "./stances.ts";
import type { IndexTrade } from "./trade-log.ts";

export interface IndexRunTerms {
  readonly rule: NamedIndexRule;
  readonly underlying: Underlying;
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly capitalPaise: Paise;
  /** One for a backtest. */
  readonly sets: readonly { readonly parameters: ParameterValues; readonly setup: IndexSetup }[];
  readonly dataSha256: string;
}

export function indexResult(series: BarSeries, terms: IndexRunTerms): RunResult {
  const history = new IndexHistory(series);
  const played = terms.sets.map((set, at) => ({
    name: `set ${String(at + 1).padStart(2, "0")}`,
    ...onePlayed(history, terms, set),
  }));
  const comparison = compareVariants(played.map(({ name, curve, metrics }) => ({ name, days: curve, metrics })));
  const { name: _name, ...best } = required(
    played.find(({ name }) => name === comparison.ranking[0]),
    "a set",
  );
  if (played.length === 1) return best;
  return {
    ...best,
    sweep: {
      ...comparison,
      results: played.map(({ name, parameters, metrics: { trades, resultPaise, sharpe, winRate } }) => ({
        name,
        parameters,
        trades,
        resultPaise,
        sharpe,
        winRate,
      })),
    },
  };
}

function onePlayed(
  history: IndexHistory,
  { rule, underlying, from, to, capitalPaise, dataSha256 }: IndexRunTerms,
  { parameters, setup }: IndexRunTerms["sets"][number],
): RunResult {
  const outcome = runIndexRule(history, setup);
  const trades = outcome.log.trades(history.series.startMs);
  const dates = history.days.map(({ date }) => date);
  const figures = indexFigures({ outcome, trades, dates, capitalPaise, bars: history.series.length });
  return {
    level: "INDEX",
    strategy: rule.name,
    title: rule.description,
    parameters,
    underlyings: [underlying],
    from,
    to,
    firstDay: dates[0] ?? null,
    lastDay: dates.at(-1) ?? null,
    account: { category: "ADMIN", capitalPaise },
    leftOut: {},
    leftOutDays: [],
    failure: null,
    views: null,
    prices: null,
    metrics: metricsOf(figures, trades, dates),
    dataSha256,
    curve: dates.map((date, day) => {
      const before = paise(outcome.equityPaise[day - 1] ?? capitalPaise);
      const equityPaise = paise(outcome.equityPaise[day] as number);
      return { date, resultPaise: paise(equityPaise - before), capitalPaise: before, equityPaise };
    }),
    ...keptTrades(trades.map((trade) => tradeOf(trade, underlying))),
    tradesSha256: sha256Hex(JSON.stringify(trades)),
  };
}

/** Regimes are not told apart on the index. */
function metricsOf(
  figures: IndexFigures,
  trades: readonly IndexTrade[],
  dates: readonly MarketDate[],
): BacktestMetrics {
  const daysOf = Map.groupBy(dates, (date) => date.slice(0, 7));
  return {
    trades: figures.trades,
    netPaise: paise(figures.netPaise),
    winners: trades.filter(({ netPaise }) => netPaise > 0).length,
    winRate: figures.winRate,
    profitFactor: figures.profitFactor,
    expectancyPaise: figures.expectancyPaise,
    days: dates.length,
    realisedPaise: paise(figures.grossPaise),
    chargesPaise: paise(figures.chargesPaise),
    resultPaise: paise(figures.netPaise),
    feesPaise: paise(0),
    costShare: figures.costShare,
    turnoverPaise: paise(figures.turnoverPaise),
    exposure: figures.exposure,
    sharpe: figures.sharpe,
    sharpeInterval: figures.sharpeInterval,
    sortino: figures.sortino,
    drawdown: { ...figures.drawdown, depthPaise: paise(figures.drawdown.depthPaise) },
    months: figures.months.map(({ month, netPaise, trades: count }) => ({
      month,
      days: daysOf.get(month)?.length ?? 0,
      trades: count,
      resultPaise: paise(netPaise),
    })),
    byVix: {},
    byTimeOfDay: {},
    byUnderlying: {},
    byExit: {},
  };
}

function tradeOf(trade: IndexTrade, underlying: Underlying): BacktestTrade {
  const { side, units, entryPaise, exitPaise } = trade;
  const [bought, sold] = side === "LONG" ? [entryPaise, exitPaise] : [exitPaise, entryPaise];
  return {
    date: istDateOf(epochMs(trade.exitMs)),
    underlying,
    name: `${underlying} ${trade.reason}`,
    structure: null,
    direction: side,
    units,
    openedAtMs: epochMs(trade.entryMs),
    closedAtMs: epochMs(trade.exitMs),
    boughtPaise: paise(bought * units),
    soldPaise: paise(sold * units),
    realisedPaise: paise(trade.grossPaise),
    chargesPaise: paise(trade.chargesPaise),
    netPaise: paise(trade.netPaise),
    exitReason: null,
    signalId: null,
    confidenceBps: null,
    vixCenti: null,
    fills: 2,
    modelledFills: 0,
  };
}
