// How much money moves between savings and trading account, and in which parts. PULL funds the day up to the capital level;
// PUSH carries exactly the settlement's pay-out.
import { assert } from "../kernel/assert.ts";
import { maxPaise, minPaise, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import type { Transfer, TransferKind } from "./transfer.ts";

/** The largest single instruction; more goes in parts (FND-04). */
const TRANSFER_PART_MAX_PAISE = paise(1_00_000_00);

export interface PullInput {
  /** The capital level that the trading account is filled up to. */
  readonly capitalPaise: Paise;
  readonly cashPaise: Paise;
  /** What may be taken: savings without the tax lock. */
  readonly availableSavingsPaise: Paise;
}

/** What the morning's PULL moves: what is missing to the capital level (FND-07), as far as the savings reach. */
export const pullAmountPaise = ({ capitalPaise, cashPaise, availableSavingsPaise }: PullInput): Paise =>
  maxPaise(ZERO_PAISE, minPaise(subtractPaise(capitalPaise, cashPaise), availableSavingsPaise));

/** What PUSH moves, and how much of it is locked for tax (SET-08, C-07). */
export const pushAmounts = (
  worksheet: SettlementWorksheet,
): { readonly amountPaise: Paise; readonly taxLockPaise: Paise } => ({
  amountPaise: worksheet.payoutPaise,
  taxLockPaise: worksheet.taxLockPaise,
});

/** Full parts and a rest; they sum exactly to the amount. No parts for nothing. */
export function transferParts(amountPaise: Paise, partMaxPaise: Paise = TRANSFER_PART_MAX_PAISE): Paise[] {
  assert(partMaxPaise > 0 && amountPaise >= 0, "amounts of transfers are not negative");
  const parts: Paise[] = [];
  for (let rest: number = amountPaise; rest > 0; rest -= partMaxPaise) parts.push(paise(Math.min(rest, partMaxPaise)));
  return parts;
}

export interface TransferPlan {
  readonly accountId: string;
  readonly date: MarketDate;
  readonly kind: TransferKind;
  /** All that moves, the tax lock included. */
  readonly amountPaise: Paise;
  readonly taxLockPaise: Paise;
  readonly rail: string;
  readonly atMs: EpochMs;
}

/** The transfers that carry an amount, none when it is zero. The tax lock goes with the first parts, whole. */
export function planTransfers(plan: TransferPlan): Transfer[] {
  assert(plan.taxLockPaise >= 0 && plan.taxLockPaise <= plan.amountPaise, "the tax lock is part of the amount");
  let lockLeft = plan.taxLockPaise;
  return transferParts(plan.amountPaise).map((amountPaise, index) => {
    const taxLockPaise = minPaise(amountPaise, lockLeft);
    lockLeft = subtractPaise(lockLeft, taxLockPaise);
    return {
      transferId: `${plan.accountId}/${plan.date}/${plan.kind}/${index + 1}`,
      kind: plan.kind,
      date: plan.date,
      amountPaise,
      taxLockPaise,
      status: "PENDING",
      rail: plan.rail,
      railReference: null,
      failure: null,
      requestedAtMs: plan.atMs,
      completedAtMs: null,
    };
  });
}
