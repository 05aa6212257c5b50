// What the product would have traded with a model on given days, one account for all indices: its own sizing, risk check, margin,
// matching, charges and settlement, by the engine of backtests. Per index, and by who had spoken.
import { Backtest, type BacktestDay } from "../../src/core/backtest/backtest.ts";
import { backtestProfile } from "../../src/core/backtest/backtest-setup.ts";
import { sharpeFigures, tradeFigures } from "../../src/core/backtest/metrics.ts";
import { modelSource, RULE_SOURCE, type SignalSource } from "../../src/core/backtest/signal-source.ts";
import type { BacktestTrade } from "../../src/core/backtest/trades.ts";
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import type { MarketDate } from "../../src/core/kernel/time.ts";
import type { Smile } from "../../src/core/market/fitted-smile.ts";
import type { Interval } from "../../src/core/prediction/evaluation/block-bootstrap.ts";
import { isModelsOwn } from "../../src/core/prediction/hybrid-predictor.ts";
import type { EnsembleModel } from "../../src/core/prediction/models/ensemble.ts";
import { OptionDays } from "../backtest/option-days.ts";

export interface ProductQuery {
  readonly folder: string;
  /** The days to be played, in order; the model has learned from none of them. */
  readonly dates: readonly MarketDate[];
  readonly model: { readonly id: string; readonly model: EnsembleModel };
  readonly smile: Smile;
  readonly seed: number;
}

export interface TradeSums {
  readonly trades: number;
  readonly winRate: number | null;
  readonly netPaise: number;
}

export interface ProductFigures extends TradeSums {
  /** Of the results of days on the account's capital, days without a trade among them, times √252; null without a trade. */
  readonly sharpe: number | null;
  /** 95 %, by stationary bootstrap of days; null on fewer than 20. */
  readonly sharpeInterval: Interval | null;
  readonly daysPlayed: number;
  /** On views of the model's own, above 70 %; and on views of rules that it let speak. */
  readonly byVoice: { readonly model: TradeSums; readonly rules: TradeSums };
  /** The same days with the rules' views alone: no figure of the model. */
  readonly rulesAlone: TradeSums & Pick<ProductFigures, "sharpe">;
}

export interface ProductTrades {
  readonly account: { readonly category: "ADMIN"; readonly capitalPaise: number };
  readonly daysPlayed: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly failure: string | null;
  readonly all: ProductFigures;
  readonly indices: Readonly<Partial<Record<Underlying, ProductFigures>>>;
}

const NO_TRADES: TradeSums = { trades: 0, winRate: null, netPaise: 0 };
/** Of an index of which no day could be played. */
export const NOTHING_PLAYED: ProductFigures = {
  ...NO_TRADES,
  ...{ sharpe: null, sharpeInterval: null, daysPlayed: 0 },
  byVoice: { model: NO_TRADES, rules: NO_TRADES },
  rulesAlone: { ...NO_TRADES, sharpe: null },
};

const ACCOUNT = { category: "ADMIN", capitalPaise: paise(10_00_000_00) } as const;

export async function productTrades(query: ProductQuery): Promise<ProductTrades> {
  const { folder, dates, model, smile, seed } = query;
  const [from, to] = [dates[0], dates.at(-1)];
  if (from === undefined || to === undefined) throw new Error("no days to play");
  const days = new OptionDays({
    folder,
    underlyings: UNDERLYINGS,
    from,
    to,
    withReplayDays: false,
    withHistory: true,
    smile,
  });
  const voices = new Set<string>();
  const guided = heard(modelSource(model), voices);
  const [own, rules] = [guided, RULE_SOURCE].map(
    (signals) => new Backtest({ profile: backtestProfile({ ...ACCOUNT, underlyings: UNDERLYINGS }), signals }),
  ) as [Backtest, Backtest];
  const wanted = new Set<string>(dates);
  for (const date of days.dates) {
    if (!wanted.has(date)) continue;
    for (const backtest of [own, rules]) {
      if (backtest.isOver) continue;
      // A day's market can be played once.
      const day = await days.day(date);
      if ("leftOut" in day) backtest.leaveOut(date, day.leftOut);
      else backtest.play(day.market);
    }
  }
  const played = own.saved;
  const figures = (underlying: Underlying | null): ProductFigures => {
    const mine = shareOf(played, underlying);
    const others = shareOf(rules.saved, underlying);
    const isOwn = ({ signalId }: BacktestTrade): boolean => signalId !== null && voices.has(signalId);
    return {
      ...sums(mine.trades),
      ...sharpeOf(mine, seed),
      daysPlayed: mine.days.length,
      byVoice: {
        model: sums(mine.trades.filter(isOwn)),
        rules: sums(mine.trades.filter((trade) => !isOwn(trade))),
      },
      rulesAlone: { ...sums(others.trades), sharpe: sharpeOf(others, seed).sharpe },
    };
  };
  const reasons = Map.groupBy(played.leftOut, ({ reason }) => reason);
  const failed = played.days.find(({ failure }) => failure !== null);
  const there = UNDERLYINGS.filter((underlying) => played.days.some(({ chains }) => chains[underlying] !== "NONE"));
  return {
    account: ACCOUNT,
    daysPlayed: played.days.length,
    leftOut: Object.fromEntries([...reasons].map(([reason, left]) => [reason, left.length])),
    failure: failed?.failure ? `${failed.date}: ${failed.failure.detail}` : null,
    all: figures(null),
    indices: Object.fromEntries(there.map((underlying) => [underlying, figures(underlying)])),
  };
}

/** Notes which signals are the model's own. */
const heard = (source: SignalSource, voices: Set<string>): SignalSource => ({
  ...source,
  signalOf: (cycle) => {
    const signal = source.signalOf(cycle);
    if (isModelsOwn(signal)) voices.add(signal.signalId);
    return signal;
  },
});

interface Share {
  /** On which the index could be traded. */
  readonly days: readonly BacktestDay[];
  readonly trades: readonly BacktestTrade[];
}

const shareOf = ({ days, trades }: Share, underlying: Underlying | null): Share =>
  underlying === null
    ? { days, trades }
    : {
        days: days.filter(({ chains }) => chains[underlying] !== "NONE"),
        trades: trades.filter((trade) => trade.underlying === underlying),
      };

function sums(trades: readonly BacktestTrade[]): TradeSums {
  const { winRate, netPaise } = tradeFigures(trades);
  return { trades: trades.length, winRate, netPaise };
}

function sharpeOf({ days, trades }: Share, seed: number): Pick<ProductFigures, "sharpe" | "sharpeInterval"> {
  const nets = new Map<MarketDate, number>();
  for (const { date, netPaise } of trades) nets.set(date, (nets.get(date) ?? 0) + netPaise);
  const returns = Float64Array.from(days, ({ date, capitalPaise }) => (nets.get(date) ?? 0) / capitalPaise);
  const { sharpe, sharpeInterval } = sharpeFigures(returns, seed);
  return {
    sharpe,
    sharpeInterval: sharpeInterval === null ? null : { low: sharpeInterval[0], high: sharpeInterval[1] },
  };
}
