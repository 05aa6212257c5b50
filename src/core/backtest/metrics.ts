// What a run comes to. Money is whole paise; ratios are floats, and null where they would rest on nothing, never 0.
import type { Underlying } from "../instrument/contract.ts";
import { type Paise, paise, sumPaise } from "../kernel/money.ts";
import { istMsOfDay, MS_PER_MINUTE } from "../kernel/time.ts";
import { bootstrapInterval } from "../prediction/evaluation/block-bootstrap.ts";
import { returnFigures, sharpeOf, TRADING_DAYS_PER_YEAR } from "../prediction/evaluation/deflated-sharpe.ts";
import { type BandName, volatilityBand } from "../strategy/volatility-regime.ts";
import type { BacktestDay } from "./backtest.ts";
import type { BacktestTrade } from "./trades.ts";

export interface TradeFigures {
  readonly trades: number;
  /** After the charges that accrued on them. */
  readonly netPaise: Paise;
  /** Net above zero. */
  readonly winners: number;
  readonly winRate: number | null;
  /** What winners won over what losers lost, net. */
  readonly profitFactor: number | null;
  /** Net of a trade on average. */
  readonly expectancyPaise: number | null;
}

export interface Drawdown {
  readonly depthPaise: Paise;
  /** Of the capital of the day. */
  readonly depthShare: number;
  /** The most trading days from a peak until it was seen again, or until the end. */
  readonly longestDays: number;
}

export interface BacktestMetrics extends TradeFigures {
  readonly days: number;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
  /** Realised less the charges of the contract notes: what the strategy earned. */
  readonly resultPaise: Paise;
  readonly feesPaise: Paise;
  /** Charges as a share of what winning trades brought before charges. */
  readonly costShare: number | null;
  readonly turnoverPaise: Paise;
  /** Share of the days' trading time during which something was held. */
  readonly exposure: number | null;
  /** Of daily results on the day's capital, times √252, without a riskless rate. */
  readonly sharpe: number | null;
  /** 95 % of stationary block bootstraps over days. */
  readonly sharpeInterval: readonly [number, number] | null;
  readonly sortino: number | null;
  readonly drawdown: Drawdown;
  readonly months: readonly MonthFigures[];
  readonly byVix: Readonly<Record<string, TradeFigures>>;
  readonly byTimeOfDay: Readonly<Record<string, TradeFigures>>;
  readonly byUnderlying: Readonly<Partial<Record<Underlying, TradeFigures>>>;
  readonly byExit: Readonly<Record<string, TradeFigures>>;
}

export interface MonthFigures {
  readonly month: string;
  readonly days: number;
  readonly trades: number;
  readonly resultPaise: Paise;
}

const SESSION_MS = 375 * MS_PER_MINUTE;
const BOOTSTRAP_REPETITIONS = 500;
/** Quarters of the day by the time of the entry. */
const TIMES = [
  { name: "09:15-10:45", beforeMinutes: 10 * 60 + 45 },
  { name: "10:45-12:15", beforeMinutes: 12 * 60 + 15 },
  { name: "12:15-13:45", beforeMinutes: 13 * 60 + 45 },
  { name: "13:45-15:30", beforeMinutes: 24 * 60 },
] as const;
const BANDS: Readonly<Record<BandName, string>> = {
  BELOW_15: "VIX below 15",
  FROM_15: "VIX 15 to 20",
  FROM_20: "VIX 20 to 30",
  FROM_30: "VIX 30 and above",
  UNKNOWN: "VIX not known",
};

/** `seed`: of the bootstrap, the only thing here that is drawn. */
export function backtestMetrics(
  days: readonly BacktestDay[],
  trades: readonly BacktestTrade[],
  seed = 1,
): BacktestMetrics {
  const returns = Float64Array.from(days, ({ resultPaise, capitalPaise }) => ratio(resultPaise, capitalPaise) ?? 0);
  const gains = trades.reduce((sum, { realisedPaise }) => sum + Math.max(0, realisedPaise), 0);
  const chargesPaise = sumPaise(days, (day) => day.chargesPaise);
  return {
    ...tradeFigures(trades),
    days: days.length,
    realisedPaise: sumPaise(days, (day) => day.realisedPaise),
    chargesPaise,
    resultPaise: sumPaise(days, (day) => day.resultPaise),
    feesPaise: sumPaise(days, (day) => day.feesPaise),
    costShare: ratio(chargesPaise, gains),
    turnoverPaise: sumPaise(days, (day) => day.turnoverPaise),
    exposure: ratio(heldMs(trades), days.length * SESSION_MS),
    ...sharpeFigures(returns, seed),
    sortino: sortinoOf(returns),
    drawdown: drawdownOf(days),
    months: monthsOf(days),
    byVix: grouped(trades, ({ vixCenti }) => BANDS[volatilityBand(vixCenti).name]),
    byTimeOfDay: grouped(trades, timeOf),
    byUnderlying: grouped(trades, ({ underlying }) => underlying),
    byExit: grouped(trades, ({ exitReason }) => exitReason ?? "NONE"),
  };
}

export function tradeFigures(trades: readonly BacktestTrade[]): TradeFigures {
  const netPaise = sumPaise(trades, (trade) => trade.netPaise);
  const won = trades.reduce((sum, trade) => sum + Math.max(0, trade.netPaise), 0);
  const winners = trades.filter((trade) => trade.netPaise > 0).length;
  return {
    trades: trades.length,
    netPaise,
    winners,
    winRate: ratio(winners, trades.length),
    profitFactor: ratio(won, won - netPaise),
    expectancyPaise: ratio(netPaise, trades.length),
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Of daily results as shares of the capital; null where they would rest on nothing. */
export const sharpeFigures = (
  returns: Float64Array,
  seed: number,
): Pick<BacktestMetrics, "sharpe" | "sharpeInterval"> => ({
  sharpe: yearly(returns),
  sharpeInterval: sharpeInterval(returns, seed),
});

function yearly(returns: Float64Array): number | null {
  const { count, deviation } = returnFigures(returns);
  return count < 2 || deviation === 0 ? null : sharpeOf(returns) * Math.sqrt(TRADING_DAYS_PER_YEAR);
}

/** Too few days say nothing about how else it could have come out. */
const INTERVAL_DAYS_MIN = 20;

function sharpeInterval(returns: Float64Array, seed: number): readonly [number, number] | null {
  if (returns.length < INTERVAL_DAYS_MIN || yearly(returns) === null) return null;
  const sample = new Float64Array(returns.length);
  const { low, high } = bootstrapInterval(
    returns.length,
    (drawn) => {
      for (let at = 0; at < drawn.length; at += 1) sample[at] = returns[drawn[at] as number] as number;
      return yearly(sample) ?? Number.NaN;
    },
    { seed, repetitions: BOOTSTRAP_REPETITIONS },
  );
  return Number.isNaN(low) ? null : [low, high];
}

/** The mean over the root of the mean square of the losses. */
function sortinoOf(returns: Float64Array): number | null {
  if (returns.length < 2) return null;
  let [sum, squares] = [0, 0];
  for (const each of returns) {
    sum += each;
    squares += Math.min(0, each) ** 2;
  }
  if (squares === 0) return null;
  return (sum / returns.length / Math.sqrt(squares / returns.length)) * Math.sqrt(TRADING_DAYS_PER_YEAR);
}

function drawdownOf(days: readonly BacktestDay[]): Drawdown {
  let [total, peak, depthPaise, depthShare, since, longestDays] = [0, 0, 0, 0, 0, 0];
  for (const { resultPaise, capitalPaise } of days) {
    total += resultPaise;
    since = total >= peak ? 0 : since + 1;
    peak = Math.max(peak, total);
    longestDays = Math.max(longestDays, since);
    depthPaise = Math.max(depthPaise, peak - total);
    depthShare = Math.max(depthShare, ratio(peak - total, capitalPaise) ?? 0);
  }
  return { depthPaise: paise(depthPaise), depthShare, longestDays };
}

function monthsOf(days: readonly BacktestDay[]): readonly MonthFigures[] {
  return [...Map.groupBy(days, ({ date }) => date.slice(0, 7))].map(([month, ofMonth]) => ({
    month,
    days: ofMonth.length,
    trades: ofMonth.reduce((sum, day) => sum + day.trades, 0),
    resultPaise: sumPaise(ofMonth, (day) => day.resultPaise),
  }));
}

/** Time at which anything at all was held; trades that overlap count once. */
function heldMs(trades: readonly BacktestTrade[]): number {
  const inTime = [...trades].sort((one, other) => one.openedAtMs - other.openedAtMs);
  let [held, until] = [0, 0];
  for (const { openedAtMs, closedAtMs } of inTime) {
    held += Math.max(0, closedAtMs - Math.max(openedAtMs, until));
    until = Math.max(until, closedAtMs);
  }
  return held;
}

function timeOf({ openedAtMs }: BacktestTrade): string {
  const minutes = istMsOfDay(openedAtMs) / MS_PER_MINUTE;
  return (TIMES.find(({ beforeMinutes }) => minutes < beforeMinutes) ?? TIMES[3]).name;
}

function grouped<Name extends string>(
  trades: readonly BacktestTrade[],
  nameOf: (trade: BacktestTrade) => Name,
): Record<Name, TradeFigures> {
  const groups = [...Map.groupBy(trades, nameOf)].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(groups.map(([name, group]) => [name, tradeFigures(group)])) as Record<Name, TradeFigures>;
}
