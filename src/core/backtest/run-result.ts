// What the lab keeps of a run: every figure, the daily curve, the last trades with a count of those that were cut, and the hashes by
// which two runs are told to be the same.

import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import { sha256Hex } from "../ledger/hash-chain.ts";
import { RULE_PREDICTOR } from "../prediction/rule-predictor.ts";
import { asksViews } from "../strategy/definition/asks-views.ts";
import type { ParameterValues, StrategyDefinition } from "../strategy/definition/definition.ts";
import type { BacktestDay, BacktestProgress, LeftOutDay } from "./backtest.ts";
import type { ReportedRun } from "./report/run-report.ts";
import type { Comparison } from "./sweep.ts";
import type { BacktestTrade } from "./trades.ts";

export interface CurvePoint {
  readonly date: MarketDate;
  readonly resultPaise: Paise;
  readonly capitalPaise: Paise;
  readonly equityPaise: Paise;
}

export interface SweptSet {
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly trades: number;
  readonly resultPaise: number;
  readonly sharpe: number | null;
  readonly winRate: number | null;
}

export interface RunResult extends ReportedRun {
  readonly level: "OPTIONS" | "INDEX";
  readonly strategy: string;
  /** The days that were played. */
  readonly firstDay: MarketDate | null;
  readonly lastDay: MarketDate | null;
  /** Of all bars read, in order. */
  readonly dataSha256: string;
  readonly curve: readonly CurvePoint[];
  readonly trades: readonly BacktestTrade[];
  /** Earlier ones, which are in the figures but not in the list. */
  readonly tradesCut: number;
  /** Of all trades. */
  readonly tradesSha256: string;
  readonly leftOutDays: readonly LeftOutDay[];
  /** Of a sweep; the other figures are then those of the best set. */
  readonly sweep?: Comparison & { readonly results: readonly SweptSet[] };
}

/** Days in a row on which the same predictor spoke. */
export interface SpokenDays {
  readonly predictor: string;
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly days: number;
}

/** Who was to speak on which of the days that were played; the views of nobody else were there to be had. */
export function spokenDays(days: readonly Pick<BacktestDay, "date" | "predictor">[]): readonly SpokenDays[] {
  const stretches: SpokenDays[] = [];
  for (const { date, predictor = RULE_PREDICTOR.id } of days) {
    const last = stretches.at(-1);
    if (last?.predictor === predictor) stretches[stretches.length - 1] = { ...last, to: date, days: last.days + 1 };
    else stretches.push({ predictor, from: date, to: date, days: 1 });
  }
  return stretches;
}

/** Every predictor once, in the order in which they spoke. */
export const viewsOf = (spoken: readonly SpokenDays[]): string =>
  [...new Set(spoken.map(({ predictor }) => predictor))].join(", ");

/** The model of the latest days that one spoke on, alone or with the rules behind it; null where none did. */
export function speakingModel(spoken: readonly SpokenDays[]): string | null {
  const ids = spoken.map(({ predictor }) => predictor.split("+")[0] ?? predictor);
  return ids.findLast((id) => id !== RULE_PREDICTOR.id) ?? null;
}

/** Keeps a result well below what one row may hold. */
const TRADES_KEPT = 1_000;
const LEFT_OUT_NAMED = 100;

export const keptTrades = (trades: readonly BacktestTrade[]): Pick<RunResult, "trades" | "tradesCut"> => ({
  trades: trades.slice(-TRADES_KEPT),
  tradesCut: Math.max(0, trades.length - TRADES_KEPT),
});

/** What a run's days and trades say without being measured. */
export function playedOf(
  { days, trades, leftOut }: Omit<BacktestProgress, "state">,
  definition: StrategyDefinition | null,
) {
  const failed = days.find(({ failure }) => failure !== null);
  const reasons = Map.groupBy(leftOut, ({ reason }) => reason);
  const reads = asksViews(definition);
  const spoken = reads ? spokenDays(days) : [];
  return {
    views: reads ? viewsOf(spoken) : null,
    spoken,
    firstDay: days[0]?.date ?? null,
    lastDay: days.at(-1)?.date ?? null,
    leftOut: Object.fromEntries([...reasons].map(([reason, left]) => [reason, left.length])),
    leftOutDays: leftOut.slice(0, LEFT_OUT_NAMED),
    failure: failed?.failure ? { date: failed.date, detail: failed.failure.detail } : null,
    curve: days.map(({ date, resultPaise, capitalPaise, equityPaise }) => ({
      date,
      resultPaise,
      capitalPaise,
      equityPaise,
    })),
    ...keptTrades(trades),
    tradesSha256: sha256Hex(JSON.stringify(trades)),
  };
}

export const SIGNALS = "signals";
export const SIGNALS_TITLE = "The platform's own signals";

export const namesOf = (definition: StrategyDefinition | null): Pick<RunResult, "strategy" | "title"> => ({
  strategy: definition?.name ?? SIGNALS,
  title: definition?.title ?? SIGNALS_TITLE,
});
