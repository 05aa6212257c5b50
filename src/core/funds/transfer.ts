// Money between the user's savings and trading account. PULL funds the day, PUSH carries the pay-out home (C-05).
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";

export type TransferKind = "PULL" | "PUSH";
export type TransferStatus = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "REVERSED";

/** PUSH carries the tax lock beside the net amount; the two are kept apart to the end (SET-08). */
export interface Transfer {
  /** `${accountId}/${date}/${kind}/${part}`, then `…/a2`, `…/a3`: the idempotency key on every rail (FND-06). */
  readonly transferId: string;
  /** Of a further attempt: the id of the part's first transfer, and the attempt's number, from 2. */
  readonly attemptOf?: string;
  readonly attempt?: number;
  readonly kind: TransferKind;
  readonly date: MarketDate;
  readonly amountPaise: Paise;
  readonly taxLockPaise: Paise;
  readonly status: TransferStatus;
  readonly rail: string;
  readonly railReference: string | null;
  readonly failure: string | null;
  readonly requestedAtMs: EpochMs;
  readonly completedAtMs: EpochMs | null;
}
