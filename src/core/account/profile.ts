// Who trades, and within which limits. Category decides leverage, ladder, fee and order value (rules.md §1.2, C-01, C-61).
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

export const CATEGORIES = ["NGD", "RESTRICTED", "SEMI_RESTRICTED", "REGULAR", "ADMIN"] as const;
export type Category = (typeof CATEGORIES)[number];
export const isCategory = (text: string): text is Category => (CATEGORIES as readonly string[]).includes(text);

/** The user's own limits. The effective limit is always the strictest of these, the category's and the day's (C-59). */
export interface AccountLimits {
  readonly tradesPerDayMax: number;
  /** Per underlying (C-06). */
  readonly tradesPerCycleMax: number;
  readonly openTradesMax: number;
  readonly dailyLossMaxPaise: Paise;
  readonly orderValueMaxPaise: Paise;
  readonly allowedUnderlyings: readonly Underlying[];
}

export interface AccountProfile {
  readonly accountId: string;
  readonly displayName: string;
  readonly category: Category;
  /** The ladder level: what PULL tops the trading account up to (FND-07, INC-02). */
  readonly capitalPaise: Paise;
  /** Balance of the savings account at opening. In replay it is simulated money. */
  readonly savingsPaise: Paise;
  readonly activatedOn: MarketDate;
  readonly feeSchedule: "v9" | "beta-2025";
  readonly limits: AccountLimits;
}
