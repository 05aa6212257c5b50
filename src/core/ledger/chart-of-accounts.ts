// The names of the accounts that ledger lines are booked on. An account's own books and the platform's books for it each
// balance by themselves. Debit is positive: assets and expenses grow by it, income, equity and debts by credit.
import type { Paise } from "../kernel/money.ts";
import type { ChargeHeads } from "../settlement/worksheet.ts";

/** Assets. Their balances are the account state's `savingsPaise`, `cashPaise` and `taxLockPaise`, and what is open at cost. */
export const SAVINGS = "savings";
export const TRADING_CASH = "trading-cash";
export const TAX_LOCK = "tax-lock";
export const POSITIONS = "positions";

/** Equity: what the account began with, and the part of its profit that is reserved for tax. */
export const OPENING_CAPITAL = "opening-capital";
export const TAX_PROVISION = "tax-provision";
export const TAX_RESERVE = "tax-reserve";

/** Income and expenses. */
export const REALISED = "realised";
export const PLATFORM_FEE = "platform-fee";
export const GST_ON_FEE = "gst-on-fee";

export type ChargeHead = "brokerage" | "stt" | "exchange" | "ipft" | "sebi" | "stamp" | "gst";

export const CHARGE_HEADS: readonly { readonly head: ChargeHead; readonly of: (charges: ChargeHeads) => Paise }[] = [
  { head: "brokerage", of: (charges) => charges.brokeragePaise },
  { head: "stt", of: (charges) => charges.sttPaise },
  { head: "exchange", of: (charges) => charges.exchangePaise },
  { head: "ipft", of: (charges) => charges.ipftPaise },
  { head: "sebi", of: (charges) => charges.sebiPaise },
  { head: "stamp", of: (charges) => charges.stampPaise },
  { head: "gst", of: (charges) => charges.gstPaise },
];

export const chargesAccount = (head: ChargeHead): string => `charges:${head}`;

/** The platform's books: what it has received from accounts, and whom it owes it to. */
export const PLATFORM_CLEARING = "platform:clearing";
export const PLATFORM_CHARGES_PAYABLE = "platform:charges-payable";
export const PLATFORM_GST_PAYABLE = "platform:gst-payable";
export const platformFeeAccount = (party: string): string => `platform:fee:${party}`;

export const isPlatformAccount = (account: string): boolean => account.startsWith("platform:");
