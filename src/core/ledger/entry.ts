// Double entry: every movement of money is one entry whose lines sum to zero. Debit is positive, credit negative.
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";

export interface LedgerLine {
  /** Name from the chart of accounts, e.g. "trading-cash" or "charges:stt"; platform accounts start with "platform:". */
  readonly account: string;
  readonly amountPaise: Paise;
}

export type LedgerEntryKind = "OPENING" | "PAY_IN" | "FILL" | "CHARGES" | "FEE" | "TAX_LOCK" | "PAY_OUT" | "ADJUSTMENT";

export interface LedgerEntry {
  readonly accountId: string;
  /** Sequence of the journal event that caused it, and which of that event's entries it is (0-based). */
  readonly sequence: number;
  readonly part: number;
  readonly kind: LedgerEntryKind;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly reference: string;
  readonly lines: readonly LedgerLine[];
}
