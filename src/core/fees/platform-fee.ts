// The fee on one profit, the GST on the fee, and the fee's split among its receivers, each exact to the paisa.
import { assert } from "../kernel/assert.ts";
import { allocateLastTakesRemainder, bpsOf, type Paise, ZERO_PAISE } from "../kernel/money.ts";
import type { FeeShare } from "../settlement/worksheet.ts";
import type { FeeParty } from "./fee-schedule.ts";

/** Profit × rate, half up to the paisa; nothing on a loss or on no profit (FEE-01, FEE-03). */
export const platformFeePaise = (profitPaise: Paise, rateBps: number): Paise =>
  profitPaise <= 0 ? ZERO_PAISE : bpsOf(profitPaise, rateBps, "HALF_UP");

/** GST on the fee, half up to the paisa. It is charged on top and is nobody's revenue (C-09). */
export const gstOnFeePaise = (feePaise: Paise, gstBps: number): Paise => bpsOf(feePaise, gstBps, "HALF_UP");

/** The fee's split: every part floored, the last party takes what is left, so that the parts sum to the fee (REV-01, C-14). */
export function feeShares(feePaise: Paise, parties: readonly FeeParty[]): FeeShare[] {
  const shareSum = parties.reduce((sum, { shareBps }) => sum + shareBps, 0);
  assert(shareSum === 10_000, `fee shares sum to ${shareSum} of 10,000`);
  const amounts = allocateLastTakesRemainder(
    feePaise,
    parties.map(({ shareBps }) => shareBps),
  );
  return parties.map(({ party }, index) => ({ party, amountPaise: amounts[index] ?? ZERO_PAISE }));
}
