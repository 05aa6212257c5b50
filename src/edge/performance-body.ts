// Performance as the API shows it: counts and ratios as numbers, amounts as decimal strings, and no word about what is to come.
import * as z from "zod";
import type { DateRange } from "../adapters/read-models/executions.ts";
import {
  type DayResult,
  dailyReturns,
  equityCurve,
  PERIODS,
  type Period,
  resultsByPeriod,
  sharpeRatio,
  sortinoRatio,
  type TradeResult,
  tradePerformance,
  worstDrawdown,
} from "../core/portfolio/performance.ts";
import { rounded } from "./risk-body.ts";
import { MarketDateOut, Rupees, rupees } from "./schemas.ts";

const PeriodBody = z
  .object({
    period: z.string().openapi({ example: "2025-W35" }),
    days: z.number().int(),
    trades: z.number().int(),
    winners: z.number().int(),
    result: Rupees,
    returnPercent: z.number(),
  })
  .openapi("PeriodResult");

export const PerformanceBody = z
  .object({
    accountId: z.string(),
    from: MarketDateOut,
    to: MarketDateOut,
    complete: z.boolean().openapi({
      description: "False: more days or executions than are read at once; measured is the earlier part.",
    }),
    trades: z.object({
      total: z.number().int(),
      winners: z
        .number()
        .int()
        .openapi({ description: "Above zero before charges; flat ones count in the total only." }),
      losers: z.number().int(),
      winRatePercent: z.string(),
      profitFactor: z.string().nullable(),
      expectancy: Rupees.openapi({ description: "Mean result of a trade after charges." }),
      averageWin: Rupees,
      averageLoss: Rupees,
    }),
    days: z.object({
      total: z.number().int(),
      result: Rupees.openapi({ description: "After charges, the platform's fee and GST." }),
      sharpe: z.number(),
      sortino: z.number(),
      drawdownPercent: z.number(),
      drawdown: Rupees,
      drawdownDays: z.number().int(),
    }),
    curve: z.array(z.object({ date: MarketDateOut, equity: Rupees, drawdownPercent: z.number() })),
    periods: z.object({ day: z.array(PeriodBody), week: z.array(PeriodBody), month: z.array(PeriodBody) }),
  })
  .openapi("Performance");

export function performanceBody(
  accountId: string,
  { from, to }: DateRange,
  days: readonly DayResult[],
  trades: readonly TradeResult[],
  complete: boolean,
): z.infer<typeof PerformanceBody> {
  const traded = tradePerformance(trades);
  const returns = dailyReturns(days);
  const fall = worstDrawdown(days);
  const [day, week, month] = PERIODS.map((period) => periodBodies(period, days, trades));
  return {
    accountId,
    from,
    to,
    complete,
    trades: {
      total: traded.trades,
      winners: traded.winners,
      losers: traded.losers,
      winRatePercent: traded.winRatePercent,
      profitFactor: traded.profitFactor,
      expectancy: rupees(traded.expectancyPaise),
      averageWin: rupees(traded.averageWinPaise),
      averageLoss: rupees(traded.averageLossPaise),
    },
    days: {
      total: days.length,
      result: rupees(days.reduce((sum, { resultPaise }) => sum + resultPaise, 0)),
      sharpe: sharpeRatio(returns),
      sortino: sortinoRatio(returns),
      drawdownPercent: rounded(fall.depth * 100, 3),
      drawdown: rupees(fall.depthPaise),
      drawdownDays: fall.days,
    },
    curve: equityCurve(days).map(({ date, equityPaise, drawdown }) => ({
      date,
      equity: rupees(equityPaise),
      drawdownPercent: rounded(drawdown * 100, 3),
    })),
    periods: { day: day ?? [], week: week ?? [], month: month ?? [] },
  };
}

const periodBodies = (
  period: Period,
  days: readonly DayResult[],
  trades: readonly TradeResult[],
): z.infer<typeof PeriodBody>[] =>
  resultsByPeriod(period, days, trades).map((one) => ({
    period: one.period,
    days: one.days,
    trades: one.trades,
    winners: one.winners,
    result: rupees(one.resultPaise),
    returnPercent: rounded(one.return * 100, 3),
  }));
