// One day's result turned into a worksheet: what was earned, what is owed, what is locked, what is paid out. Every line is
// whole paise, and gross = fee + GST + tax lock + saved + rounding buffer + loss buffer, to the paisa.
import type { Category } from "../account/profile.ts";
import { FEE_SCHEDULES, type FeeSchedule, type FeeScheduleName, feeRateBps } from "../fees/fee-schedule.ts";
import { feeShares, gstOnFeePaise, platformFeePaise } from "../fees/platform-fee.ts";
import { addPaise, bpsOf, maxPaise, type Paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import { roundDownToUnit } from "./rounding.ts";
import type { ChargeHeads, SettlementWorksheet } from "./worksheet.ts";

/** Locked for income tax: 39 % of the gross profit (SET-03, SET-04). */
const TAX_LOCK_BPS = 3_900;

export interface SettlementInput {
  readonly date: MarketDate;
  readonly stage: "PROVISIONAL" | "FINAL";
  /** Realised by the day's fills, before charges. */
  readonly realisedPaise: Paise;
  readonly charges: ChargeHeads;
  readonly category: Category;
  readonly activatedOn: MarketDate;
  /** A schedule of its own, or the name of one. */
  readonly feeSchedule: FeeSchedule | FeeScheduleName;
  /** Kept back from the profit before the fee; for days on which trades lost (SET-05). Off unless given. */
  readonly lossBufferBps?: number;
}

/**
 * Settles a day (SET-03, SET-08). Fee, GST on it and tax lock are rounded half up to the paisa, and only a profit bears them;
 * the net is rounded down to its unit. On a loss nothing is paid out and the buffer carries the loss.
 */
export function settle(input: SettlementInput): SettlementWorksheet {
  const { date, stage, realisedPaise, charges, category, activatedOn } = input;
  const schedule = typeof input.feeSchedule === "string" ? FEE_SCHEDULES[input.feeSchedule] : input.feeSchedule;
  const grossProfitPaise = subtractPaise(realisedPaise, charges.totalPaise);
  const profitPaise = maxPaise(grossProfitPaise, ZERO_PAISE);
  const lossBufferPaise = bpsOf(profitPaise, input.lossBufferBps ?? 0, "HALF_UP");
  const basisPaise = subtractPaise(profitPaise, lossBufferPaise);

  const rateBps = feeRateBps(schedule, category, activatedOn, date);
  const feePaise = platformFeePaise(basisPaise, rateBps);
  const gstPaise = gstOnFeePaise(feePaise, schedule.gstBps);
  const taxLockPaise = bpsOf(basisPaise, TAX_LOCK_BPS, "HALF_UP");
  const netPaise = subtractPaise(grossProfitPaise, lossBufferPaise, feePaise, gstPaise, taxLockPaise);
  const { savedPaise, bufferPaise } = roundDownToUnit(netPaise);
  return {
    date,
    stage,
    realisedPaise,
    charges,
    grossProfitPaise,
    lossBufferPaise,
    feeSchedule: schedule.name,
    feeRateBps: rateBps,
    feePaise,
    feeShares: feeShares(feePaise, schedule.parties),
    gstOnFeePaise: gstPaise,
    taxLockPaise,
    netPaise,
    netToSavingsPaise: savedPaise,
    roundingBufferPaise: bufferPaise,
    payoutPaise: addPaise(savedPaise, taxLockPaise),
  };
}

/** The result of one trade as its statement names it: a profit, or a loss as a positive amount (SET-02). */
export interface TradeStatement {
  readonly tradeId: string;
  readonly profitPaise: Paise;
  readonly lossPaise: Paise;
}

export const tradeStatement = (tradeId: string, realisedPaise: Paise): TradeStatement => ({
  tradeId,
  profitPaise: maxPaise(realisedPaise, ZERO_PAISE),
  lossPaise: maxPaise(subtractPaise(ZERO_PAISE, realisedPaise), ZERO_PAISE),
});
