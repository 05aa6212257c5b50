// What a run comes to: counts, ratios over days, the deepest fall of the equity, and every month. Ratios that rest on nothing are
// null, never 0.
import type { MarketDate } from "../../kernel/time.ts";
import { sharpeFigures } from "../metrics.ts";
import type { IndexOutcome } from "./index-run.ts";
import type { IndexTrade } from "./trade-log.ts";

export const TRADING_DAYS_A_YEAR = 252;

export interface IndexFigures {
  readonly trades: number;
  readonly winRate: number | null;
  /** What winners won over what losers lost. */
  readonly profitFactor: number | null;
  /** Net result of a trade on average. */
  readonly expectancyPaise: number | null;
  readonly grossPaise: number;
  readonly chargesPaise: number;
  /** Spread and slippage, which the gross result is already without. */
  readonly frictionPaise: number;
  readonly netPaise: number;
  /** Charges and friction as a share of what would have been made without them, where that is a gain. */
  readonly costShare: number | null;
  readonly turnoverPaise: number;
  /** Share of the bars during which something was held. */
  readonly exposure: number | null;
  /** Of daily returns on the equity before, times √252, without a riskless rate. */
  readonly sharpe: number | null;
  /** 95 % of stationary block bootstraps over days; null on too few of them. */
  readonly sharpeInterval: readonly [number, number] | null;
  readonly sortino: number | null;
  readonly drawdown: IndexDrawdown;
  readonly months: readonly { readonly month: string; readonly netPaise: number; readonly trades: number }[];
}

export interface IndexDrawdown {
  readonly depthPaise: number;
  /** Of the peak it fell from. */
  readonly depthShare: number;
  /** The most trading days from a peak until it was seen again, or until the end. */
  readonly longestDays: number;
}

export interface FiguresInput {
  readonly outcome: IndexOutcome;
  readonly trades: readonly IndexTrade[];
  readonly dates: readonly MarketDate[];
  readonly capitalPaise: number;
  readonly bars: number;
  /** Of the bootstrap, the only thing here that is drawn. */
  readonly seed?: number;
}

export function indexFigures({ outcome, trades, dates, capitalPaise, bars, seed = 1 }: FiguresInput): IndexFigures {
  const { equityPaise, balances, barsHeld, turnoverPaise, frictionPaise } = outcome;
  const sum = (of: (trade: IndexTrade) => number): number => trades.reduce((total, trade) => total + of(trade), 0);
  const netPaise = balances.cashPaise - capitalPaise;
  const chargesPaise = balances.chargesPaise;
  const won = sum((trade) => Math.max(trade.netPaise, 0));
  const lost = sum((trade) => Math.max(-trade.netPaise, 0));
  const beforeCosts = netPaise + chargesPaise + frictionPaise;
  const returns = dailyReturns(equityPaise, capitalPaise);
  return {
    trades: trades.length,
    winRate: ratio(trades.filter((trade) => trade.netPaise > 0).length, trades.length),
    profitFactor: ratio(won, lost),
    expectancyPaise: ratio(netPaise, trades.length),
    grossPaise: sum((trade) => trade.grossPaise),
    chargesPaise,
    frictionPaise,
    netPaise,
    costShare: beforeCosts > 0 ? (chargesPaise + frictionPaise) / beforeCosts : null,
    turnoverPaise,
    exposure: ratio(barsHeld, bars),
    sharpe: yearly(returns, returns),
    sharpeInterval: sharpeFigures(Float64Array.from(returns), seed).sharpeInterval,
    sortino: yearly(
      returns,
      returns.map((each) => Math.min(each, 0)),
      0,
    ),
    drawdown: drawdownOf(equityPaise, capitalPaise),
    months: monthsOf(trades, dates, equityPaise, capitalPaise),
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export const dailyReturns = (equityPaise: Float64Array, capitalPaise: number): number[] =>
  Array.from(equityPaise, (equity, day) => {
    const before = equityPaise[day - 1] ?? capitalPaise;
    return before > 0 ? equity / before - 1 : 0;
  });

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of the returns over the deviation of `spread` from `around` (its own mean unless given), for a year. */
function yearly(returns: readonly number[], spread: readonly number[], around?: number): number | null {
  if (returns.length < 2) return null;
  const center = around ?? meanOf(spread);
  const squares = spread.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const deviation = Math.sqrt(squares / (around === undefined ? spread.length - 1 : spread.length));
  return deviation === 0 ? null : (meanOf(returns) / deviation) * Math.sqrt(TRADING_DAYS_A_YEAR);
}

function drawdownOf(equityPaise: Float64Array, capitalPaise: number): IndexDrawdown {
  let [peak, depthPaise, depthShare, days, longestDays] = [capitalPaise, 0, 0, 0, 0];
  for (const equity of equityPaise) {
    days = equity >= peak ? 0 : days + 1;
    peak = Math.max(peak, equity);
    longestDays = Math.max(longestDays, days);
    depthPaise = Math.max(depthPaise, peak - equity);
    depthShare = Math.max(depthShare, (peak - equity) / peak);
  }
  return { depthPaise, depthShare, longestDays };
}

/** The equity's change over each month; a trade counts in the month it ended. */
function monthsOf(
  trades: readonly IndexTrade[],
  dates: readonly MarketDate[],
  equityPaise: Float64Array,
  capitalPaise: number,
): IndexFigures["months"] {
  const months = new Map<string, { netPaise: number; trades: number }>();
  for (const [day, date] of dates.entries()) {
    const month = months.get(date.slice(0, 7)) ?? { netPaise: 0, trades: 0 };
    month.netPaise += (equityPaise[day] as number) - (equityPaise[day - 1] ?? capitalPaise);
    months.set(date.slice(0, 7), month);
  }
  for (const { exitMs } of trades) {
    const month = months.get(new Date(exitMs).toISOString().slice(0, 7));
    if (month !== undefined) month.trades += 1;
  }
  return [...months].map(([month, figures]) => ({ month, ...figures }));
}
