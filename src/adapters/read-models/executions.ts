// An account's executions as portfolio accounting takes them, oldest first, and the results of its settled days.
import { and, asc, eq, gte, lte } from "drizzle-orm";
import { paise, parseRupees, subtractPaise, ZERO_PAISE } from "../../core/kernel/money.ts";
import { epochMs, marketDate } from "../../core/kernel/time.ts";
import type { Execution } from "../../core/portfolio/execution.ts";
import type { DayResult } from "../../core/portfolio/performance.ts";
import type { DailyReport } from "../../core/reporting/daily-report.ts";
import { reports } from "../storage/read-model-schema.ts";
import { database } from "./database.ts";
import { readTrades, type TradeRecord } from "./trades.ts";

export interface DateRange {
  readonly from: string;
  readonly to: string;
}

export interface Executions {
  readonly executions: readonly Execution[];
  /** False when there are more than are read at once. */
  readonly complete: boolean;
}

const EXECUTIONS_MAX = 20_000;
const DAYS_MAX = 1_000;

export async function executionsOf(d1: D1Database, accountId: string, range: DateRange): Promise<Executions> {
  const executions: Execution[] = [];
  for await (const page of readTrades(d1, accountId, range)) {
    executions.push(...page.map(executionOf));
    if (executions.length > EXECUTIONS_MAX) return { executions: executions.slice(0, EXECUTIONS_MAX), complete: false };
  }
  return { executions, complete: true };
}

const executionOf = (row: TradeRecord): Execution => ({
  executionId: row.executionId,
  date: marketDate(row.date),
  atMs: epochMs(row.atMs),
  instrumentId: row.instrumentId,
  underlying: row.underlying,
  side: row.side === "BUY" ? "BUY" : "SELL",
  units: row.units,
  pricePaise: paise(row.pricePaise),
  chargesPaise: paise(row.accruedChargesPaise),
  strategy: row.strategy,
  signalId: row.signalId,
  exitReason: row.exitReason,
  optionType: row.optionType,
  strikePaise: row.strikePaise === null ? null : paise(row.strikePaise),
  expiry: row.expiry === null ? null : marketDate(row.expiry),
  listId: row.listId,
  legIndex: row.legIndex,
});

export interface DayResults {
  /** Oldest first. */
  readonly days: readonly DayResult[];
  /** False when there are more than are read at once. */
  readonly complete: boolean;
}

/** By the final settlement of each day: realised, less charges, the platform's fee and the GST on it. */
export async function dayResultsOf(d1: D1Database, accountId: string, { from, to }: DateRange): Promise<DayResults> {
  const rows = await database(d1)
    .select()
    .from(reports)
    .where(and(eq(reports.accountId, accountId), gte(reports.date, from), lte(reports.date, to)))
    .orderBy(asc(reports.date))
    .limit(DAYS_MAX + 1);
  return { days: rows.slice(0, DAYS_MAX).map(dayResultOf), complete: rows.length <= DAYS_MAX };
}

function dayResultOf(row: typeof reports.$inferSelect): DayResult {
  const { settlement, capital } = JSON.parse(row.report) as DailyReport;
  const { grossProfit, fee, gstOnFee } = settlement;
  return {
    date: marketDate(row.date),
    resultPaise: subtractPaise(amountOf(grossProfit), amountOf(fee), amountOf(gstOnFee)),
    capitalPaise: amountOf(capital.today),
  };
}

function amountOf(text: string) {
  const amount = parseRupees(text);
  return amount.ok ? amount.value : ZERO_PAISE;
}
