// Who trades, and within which limits. Category decides leverage, ladder, fee and order value (rules.md §1.2, C-01, C-61).
import type { KycRecord } from "../compliance/kyc.ts";
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

export const CATEGORIES = ["NGD", "RESTRICTED", "SEMI_RESTRICTED", "REGULAR", "ADMIN"] as const;
export type Category = (typeof CATEGORIES)[number];
export const isCategory = (text: string): text is Category => (CATEGORIES as readonly string[]).includes(text);

/** The strictest first. */
export const SHORT_OPTIONS = ["NONE", "DEFINED_RISK", "NAKED"] as const;
export type ShortOptions = (typeof SHORT_OPTIONS)[number];

/** What an account may sell unless somebody has said otherwise. */
export const SHORT_OPTIONS_DEFAULT: ShortOptions = "DEFINED_RISK";

/** The user's own limits. The effective limit is always the strictest of these, the category's and the day's (C-59). */
export interface AccountLimits {
  readonly tradesPerDayMax: number;
  /** Per underlying (C-06). */
  readonly tradesPerCycleMax: number;
  readonly openTradesMax: number;
  readonly dailyLossMaxPaise: Paise;
  readonly orderValueMaxPaise: Paise;
  readonly allowedUnderlyings: readonly Underlying[];
  /** Of one underlying on one day, where set (C-59). */
  readonly tradesPerDayByUnderlying?: Readonly<Partial<Record<Underlying, number>>>;
  /** Open and under way in one underlying (C-04). */
  readonly openLotsMax?: number;
  /** Notional of one position with what is there already (C-26). */
  readonly positionSizeMaxPaise?: Paise;
  /** All that is open or under way (C-26). */
  readonly portfolioExposureMaxPaise?: Paise;
  /** Premium bought and sold in a day; without it there is no such limit (C-32). */
  readonly dailyTurnoverMaxPaise?: Paise;
  /** What one common move of correlated indices may hit; without it a large one only warns. */
  readonly correlatedExposureMaxPaise?: Paise;
  /** NONE: nothing is sold that is not held. DEFINED_RISK, meant when absent: only what is protected. NAKED: whatever margin carries. */
  readonly shortOptions?: ShortOptions;
}

/** The operator's own figures beside the user's: they can only be stricter, because the strictest binds. */
export type LimitOverrides = Partial<AccountLimits>;

type OptionalLimit = {
  [Name in keyof AccountLimits]-?: undefined extends AccountLimits[Name] ? Name : never;
}[keyof AccountLimits];

/** Changes to some of the limits; null lifts one that need not be there. */
export type LimitsPatch = Partial<Omit<AccountLimits, OptionalLimit>> & {
  readonly [Name in OptionalLimit]?: AccountLimits[Name] | null;
};

/** The limits with the changes; what these do not name stays as it is. */
export const patchedLimits = (limits: AccountLimits, patch: LimitsPatch): AccountLimits =>
  Object.fromEntries(
    Object.entries({ ...limits, ...patch }).filter(([, value]) => value !== null),
  ) as unknown as AccountLimits;

/** What nobody may edit until an operator has unlocked it (U-01). */
export interface LimitLocks {
  readonly capital: boolean;
  readonly tradeLimit: boolean;
  readonly accounts: boolean;
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
  /** Absent: the operator has set none. */
  readonly overrides?: LimitOverrides;
  /** Absent: nothing is locked. */
  readonly locks?: LimitLocks;
  /** Absent: nothing has been shown, and nothing is opened. */
  readonly kyc?: KycRecord;
}
