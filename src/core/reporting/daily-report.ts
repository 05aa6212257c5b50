// The daily report: what an account did on one day and what came of it, measured, never promised. Targets are not in it.
import { Decimal } from "decimal.js";
import type { AccountEvent } from "../account/event.ts";
import type { Category } from "../account/profile.ts";
import type { AccountState } from "../account/state.ts";
import type { TransferKind } from "../funds/transfer.ts";
import { UNDERLYINGS } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, formatRupees, type Paise, roundPaise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import { formatInstant, type MarketDate } from "../kernel/time.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import { type ClosedTrade, closedTrades } from "./closed-trades.ts";

/** Amounts are decimal strings of rupees; results of trades are before charges (REP-03). */
export interface DailyReport {
  readonly accountId: string;
  readonly date: MarketDate;
  readonly category: Category;
  readonly trades: TradeMetrics;
  readonly byUnderlying: readonly ResultGroup[];
  readonly byExitReason: readonly ResultGroup[];
  readonly closedTrades: readonly ClosedTradeLine[];
  readonly orders: { readonly submitted: number; readonly denied: number };
  /** By the final worksheet; PUSH has moved what the provisional one said. */
  readonly settlement: SettlementLines;
  /** What the rail has really moved on this day. */
  readonly transfers: { readonly pulled: string; readonly paidOut: string };
  readonly balances: { readonly cash: string; readonly savings: string; readonly taxLock: string };
  readonly capital: { readonly today: string; readonly next: string; readonly accumulatedProfit: string };
  /** Head of the account's hash chain when the day was closed: it stands for every entry before it (REP-05). */
  readonly ledger: { readonly sequence: number; readonly hash: string };
}

/** A trade is won when its result is above zero; flat ones count in the total only (C-56). */
export interface TradeMetrics {
  readonly total: number;
  readonly winners: number;
  readonly losers: number;
  /** Winners in percent of the total, two decimals; "0.00" without trades. */
  readonly winRatePercent: string;
  readonly realised: string;
  readonly average: string;
  readonly averageWin: string;
  readonly averageLoss: string;
  readonly largestWin: string;
  readonly largestLoss: string;
  /** Bought plus sold premium. */
  readonly turnover: string;
}

export interface ResultGroup {
  readonly name: string;
  readonly trades: number;
  readonly winners: number;
  readonly realised: string;
}

export interface ClosedTradeLine {
  readonly instrumentId: string;
  readonly underlying: string;
  readonly direction: "LONG" | "SHORT";
  readonly units: number;
  readonly bought: string;
  readonly sold: string;
  readonly realised: string;
  readonly exitReason: string | null;
  readonly openedAt: string;
  readonly closedAt: string;
}

export interface SettlementLines {
  readonly stage: "PROVISIONAL" | "FINAL" | "NONE";
  readonly realised: string;
  readonly charges: string;
  readonly grossProfit: string;
  readonly fee: string;
  readonly gstOnFee: string;
  readonly taxLock: string;
  readonly netToSavings: string;
  readonly roundingBuffer: string;
  readonly payout: string;
}

export interface ReportInput {
  /** The account just before the day is closed, while its orders are still at hand. */
  readonly state: AccountState;
  readonly closing: Extract<AccountEvent, { readonly type: "DAY_CLOSED" }>;
  readonly ledgerSequence: number;
  readonly ledgerHash: string;
}

export function dailyReport({ state, closing, ledgerSequence, ledgerHash }: ReportInput): DailyReport {
  const profile = required(state.profile, "an open account");
  const trades = closedTrades(Object.values(state.orders));
  return {
    accountId: profile.accountId,
    date: closing.date,
    category: profile.category,
    trades: tradeMetrics(trades),
    byUnderlying: UNDERLYINGS.flatMap((name) => resultGroup(name, trades, ({ underlying }) => underlying)),
    byExitReason: [...new Set(trades.map(exitReasonOf))]
      .sort()
      .flatMap((name) => resultGroup(name, trades, exitReasonOf)),
    closedTrades: trades.map(closedTradeLine),
    orders: { submitted: state.day?.ordersSubmitted ?? 0, denied: state.day?.ordersDenied ?? 0 },
    settlement: settlementLines(state.day?.final ?? state.day?.provisional ?? null),
    transfers: { pulled: movedBy("PULL", state, closing.date), paidOut: movedBy("PUSH", state, closing.date) },
    balances: {
      cash: formatRupees(state.cashPaise),
      savings: formatRupees(state.savingsPaise),
      taxLock: formatRupees(state.taxLockPaise),
    },
    capital: {
      today: formatRupees(profile.capitalPaise),
      next: formatRupees(closing.nextCapitalPaise),
      accumulatedProfit: formatRupees(closing.accumulatedProfitPaise),
    },
    ledger: { sequence: ledgerSequence, hash: ledgerHash },
  };
}

/** Averages are rounded half up to the paisa; losses keep their minus sign (REP-03, C-56). */
export function tradeMetrics(trades: readonly ClosedTrade[]): TradeMetrics {
  const results = trades.map(({ realisedPaise }) => realisedPaise);
  const wins = results.filter((result) => result > 0);
  const losses = results.filter((result) => result < 0);
  return {
    total: trades.length,
    winners: wins.length,
    losers: losses.length,
    winRatePercent: percent(wins.length, trades.length),
    realised: formatRupees(sumPaise(results, same)),
    average: formatRupees(averagePaise(results)),
    averageWin: formatRupees(averagePaise(wins)),
    averageLoss: formatRupees(averagePaise(losses)),
    largestWin: formatRupees(wins.reduce((most, win) => (win > most ? win : most), ZERO_PAISE)),
    largestLoss: formatRupees(losses.reduce((most, loss) => (loss < most ? loss : most), ZERO_PAISE)),
    turnover: formatRupees(sumPaise(trades, ({ boughtPaise, soldPaise }) => addPaise(boughtPaise, soldPaise))),
  };
}

/** Part ÷ whole in percent with two decimals, half up. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? "0.00" : new Decimal(part).times(100).div(whole).toFixed(2, Decimal.ROUND_HALF_UP);

const same = (amount: Paise): Paise => amount;

const averagePaise = (amounts: readonly Paise[]): Paise =>
  amounts.length === 0 ? ZERO_PAISE : roundPaise(new Decimal(sumPaise(amounts, same)).div(amounts.length), "HALF_UP");

const exitReasonOf = ({ exitReason }: ClosedTrade): string => exitReason ?? "NONE";

/** A group without trades is left out. */
function resultGroup(name: string, all: readonly ClosedTrade[], nameOf: (trade: ClosedTrade) => string): ResultGroup[] {
  const trades = all.filter((trade) => nameOf(trade) === name);
  if (trades.length === 0) return [];
  const winners = trades.filter(({ realisedPaise }) => realisedPaise > 0).length;
  const realised = formatRupees(sumPaise(trades, ({ realisedPaise }) => realisedPaise));
  return [{ name, trades: trades.length, winners, realised }];
}

const closedTradeLine = (trade: ClosedTrade): ClosedTradeLine => ({
  instrumentId: trade.instrumentId,
  underlying: trade.underlying,
  direction: trade.direction,
  units: trade.units,
  bought: formatRupees(trade.boughtPaise),
  sold: formatRupees(trade.soldPaise),
  realised: formatRupees(trade.realisedPaise),
  exitReason: trade.exitReason,
  openedAt: formatInstant(trade.openedAtMs),
  closedAt: formatInstant(trade.closedAtMs),
});

const movedBy = (kind: TransferKind, { transfers }: AccountState, date: MarketDate): string => {
  const moved = Object.values(transfers).filter(
    (transfer) => transfer.kind === kind && transfer.date === date && transfer.status === "COMPLETED",
  );
  return formatRupees(sumPaise(moved, ({ amountPaise }) => amountPaise));
};

const settlementLines = (worksheet: SettlementWorksheet | null): SettlementLines => ({
  stage: worksheet?.stage ?? "NONE",
  realised: formatRupees(worksheet?.realisedPaise ?? ZERO_PAISE),
  charges: formatRupees(worksheet?.charges.totalPaise ?? ZERO_PAISE),
  grossProfit: formatRupees(worksheet?.grossProfitPaise ?? ZERO_PAISE),
  fee: formatRupees(worksheet?.feePaise ?? ZERO_PAISE),
  gstOnFee: formatRupees(worksheet?.gstOnFeePaise ?? ZERO_PAISE),
  taxLock: formatRupees(worksheet?.taxLockPaise ?? ZERO_PAISE),
  netToSavings: formatRupees(worksheet?.netToSavingsPaise ?? ZERO_PAISE),
  roundingBuffer: formatRupees(worksheet?.roundingBufferPaise ?? ZERO_PAISE),
  payout: formatRupees(worksheet?.payoutPaise ?? ZERO_PAISE),
});
