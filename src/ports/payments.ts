// A payment rail: how money gets from the savings account to the trading account and back. The transfer's id is the
// idempotency key on every rail, so a question can be asked again and an order can be given again.
import type { Transfer } from "../core/funds/transfer.ts";
import type { EpochMs } from "../core/kernel/time.ts";

/** Three outcomes only. UNKNOWN: the answer was lost; ask for the status before doing anything else. */
export type InitiateOutcome =
  | { readonly kind: "ACCEPTED"; readonly reference: string }
  | { readonly kind: "REFUSED"; readonly code: string }
  | { readonly kind: "UNKNOWN"; readonly reason: string };

export type TransferProgress =
  | { readonly kind: "PROCESSING"; readonly reference: string }
  | { readonly kind: "COMPLETED"; readonly reference: string }
  /** Nothing has moved. Under the same id nothing will, or the rail says COMPLETED when it is asked again. */
  | { readonly kind: "FAILED"; readonly code: string }
  /** It had moved and has been sent back, days later at times. */
  | { readonly kind: "REVERSED"; readonly reference: string; readonly code: string }
  | { readonly kind: "NOT_FOUND" };

export interface PaymentRail {
  readonly name: string;
  initiate(transfer: Transfer, nowMs: EpochMs): Promise<InitiateOutcome>;
  status(transfer: Transfer, nowMs: EpochMs): Promise<TransferProgress>;
}
