// How an account has done, measured and never promised: win rate (C-56), profit factor and expectancy of its trades; Sharpe
// (REP-06), Sortino and drawdown of its days. Returns are fractions of the day's capital, never rupees.
import { Decimal } from "decimal.js";
import { addPaise, type Paise, paise, roundPaise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

export interface DayResult {
  readonly date: MarketDate;
  /** After charges and the platform's fee. */
  readonly resultPaise: Paise;
  /** What the day began with. */
  readonly capitalPaise: Paise;
}

/** A position from open to flat. */
export interface TradeResult {
  readonly date: MarketDate;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
}

export interface TradePerformance {
  readonly trades: number;
  readonly winners: number;
  readonly losers: number;
  /** Winners (above zero, before charges) in percent of all, two decimals; "0.00" without trades (C-56). */
  readonly winRatePercent: string;
  /** What winners won ÷ what losers lost, two decimals; null where nothing was lost. */
  readonly profitFactor: string | null;
  /** Mean result of a trade after charges. */
  readonly expectancyPaise: Paise;
  readonly averageWinPaise: Paise;
  readonly averageLossPaise: Paise;
}

export interface Drawdown {
  /** Fraction of the peak. */
  readonly depth: number;
  readonly depthPaise: Paise;
  /** Days from the peak to a new one, or to the last day; the longest stretch. */
  readonly days: number;
}

const TRADING_DAYS = 252;
const RISK_FREE_PER_DAY = 0.05 / TRADING_DAYS;

export function tradePerformance(trades: readonly TradeResult[]): TradePerformance {
  const won = trades.filter(({ realisedPaise }) => realisedPaise > 0);
  const lost = trades.filter(({ realisedPaise }) => realisedPaise < 0);
  const wonPaise = sumPaise(won, ({ realisedPaise }) => realisedPaise);
  const lostPaise = sumPaise(lost, ({ realisedPaise }) => realisedPaise);
  const netPaise = sumPaise(trades, ({ realisedPaise, chargesPaise }) => paise(realisedPaise - chargesPaise));
  return {
    trades: trades.length,
    winners: won.length,
    losers: lost.length,
    winRatePercent: trades.length === 0 ? "0.00" : new Decimal(won.length).times(100).div(trades.length).toFixed(2),
    profitFactor: lostPaise === 0 ? null : new Decimal(wonPaise).div(-lostPaise).toFixed(2),
    expectancyPaise: averagePaise(netPaise, trades.length),
    averageWinPaise: averagePaise(wonPaise, won.length),
    averageLossPaise: averagePaise(lostPaise, lost.length),
  };
}

/** Floored, against the account. */
const averagePaise = (total: Paise, count: number): Paise =>
  count === 0 ? ZERO_PAISE : roundPaise(new Decimal(total).div(count), "FLOOR");

/** Days without capital have no return. */
export const dailyReturns = (days: readonly DayResult[]): number[] =>
  days
    .filter(({ capitalPaise }) => capitalPaise > 0)
    .map(({ resultPaise, capitalPaise }) => resultPaise / capitalPaise);

/** Four decimals; 0 for fewer than two returns or where they do not differ (REP-06). */
export function sharpeRatio(returns: readonly number[]): number {
  if (returns.length < 2) return 0;
  const mean = meanOf(returns);
  const deviation = Math.sqrt(
    returns.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / (returns.length - 1),
  );
  return deviation > 0 ? annualised((mean - RISK_FREE_PER_DAY) / deviation) : 0;
}

/** As Sharpe, held against what fell short of the risk-free rate only. 0 where nothing did. */
export function sortinoRatio(returns: readonly number[]): number {
  if (returns.length < 2) return 0;
  const short = returns.map((one) => Math.min(0, one - RISK_FREE_PER_DAY));
  const deviation = Math.sqrt(meanOf(short.map((one) => one * one)));
  return deviation > 0 ? annualised((meanOf(returns) - RISK_FREE_PER_DAY) / deviation) : 0;
}

const meanOf = (figures: readonly number[]): number => figures.reduce((sum, one) => sum + one, 0) / figures.length;
const annualised = (ratio: number): number => Math.round(ratio * Math.sqrt(TRADING_DAYS) * 10_000) / 10_000 || 0;

export interface EquityPoint {
  readonly date: MarketDate;
  readonly equityPaise: Paise;
  /** Fraction below the highest point so far. */
  readonly drawdown: number;
}

/** The first day's capital and every day's result on top of it, as if nothing were paid out. */
export function equityCurve(days: readonly DayResult[]): EquityPoint[] {
  let equity = days[0]?.capitalPaise ?? ZERO_PAISE;
  let peak: Paise = equity;
  return days.map(({ date, resultPaise }) => {
    equity = addPaise(equity, resultPaise);
    peak = paise(Math.max(peak, equity));
    return { date, equityPaise: equity, drawdown: peak > 0 ? (peak - equity) / peak : 0 };
  });
}

export function worstDrawdown(days: readonly DayResult[]): Drawdown {
  const start = days[0]?.capitalPaise ?? ZERO_PAISE;
  let [peak, depth, depthPaise, below, longest]: [number, number, number, number, number] = [start, 0, 0, 0, 0];
  for (const { equityPaise, drawdown } of equityCurve(days)) {
    below = equityPaise < peak ? below + 1 : 0;
    peak = Math.max(peak, equityPaise);
    depth = Math.max(depth, drawdown);
    depthPaise = Math.max(depthPaise, peak - equityPaise);
    longest = Math.max(longest, below);
  }
  return { depth, depthPaise: paise(depthPaise), days: longest };
}

export const PERIODS = ["day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

export interface PeriodResult {
  /** "2025-08-29", "2025-W35" (ISO) or "2025-08". */
  readonly period: string;
  readonly days: number;
  readonly trades: number;
  readonly winners: number;
  readonly resultPaise: Paise;
  /** Sum over the period ÷ capital at its beginning. */
  readonly return: number;
}

/** In order; a period without days is left out. */
export function resultsByPeriod(
  period: Period,
  days: readonly DayResult[],
  trades: readonly TradeResult[],
): PeriodResult[] {
  const tradesIn = Map.groupBy(trades, ({ date }) => periodOf(date, period));
  return [...Map.groupBy(days, ({ date }) => periodOf(date, period))]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, group]) => {
      const resultPaise = sumPaise(group, (day) => day.resultPaise);
      const capital = group[0]?.capitalPaise ?? ZERO_PAISE;
      const own = tradesIn.get(name) ?? [];
      return {
        period: name,
        days: group.length,
        trades: own.length,
        winners: own.filter(({ realisedPaise }) => realisedPaise > 0).length,
        resultPaise,
        return: capital > 0 ? resultPaise / capital : 0,
      };
    });
}

function periodOf(date: MarketDate, period: Period): string {
  if (period === "day") return date;
  if (period === "month") return date.slice(0, 7);
  // ISO 8601: the week belongs to the year of its Thursday.
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const yearStart = Date.UTC(day.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((day.getTime() - yearStart) / 86_400_000 + 1) / 7);
  return `${day.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}
