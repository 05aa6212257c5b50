// What an account's category decides: leverage, capital ladder, order value and the limits it starts with (rules.md §1.2).
// A category nobody knows gets nothing at all (C-54).

import { UNDERLYINGS } from "../instrument/contract.ts";
import { bpsOf, maxPaise, minPaise, mulDivFloor, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type AccountLimits, type Category, isCategory, type ShortOptions } from "./profile.ts";

export interface CategoryRules {
  /** Exposure ÷ capital, × 10,000 (LEV-01). */
  readonly leverageBps: number;
  /** Capital levels, lowest first (INC-02). One level means that it is always returned to (INC-07). */
  readonly ladderPaise: readonly Paise[];
  /** Premium × units of the largest single order (CMP-07). */
  readonly orderValueMaxPaise: Paise;
  /** What a user begins with; theirs to lower, and to raise as far as the day's adaptive figure binds anyway (C-59). */
  readonly tradesPerDayMax: number;
  /** What an operator may set it to (C-59, G-34); a user may always lower their own further. */
  readonly tradesPerDayRange: { readonly min: number; readonly max: number };
  /** The most that may be sold: a sponsored or small account never what nothing bounds (C-11b, AI-11). */
  readonly shortOptions: Exclude<ShortOptions, "NONE">;
}

const rupees = (amount: number): Paise => paise(amount * 100);

/** Own capital that may be traded, and what leverage may make of it (C-03). Both are inclusive. */
export const OWN_CAPITAL_MAX_PAISE = rupees(15_00_000);
export const EXPOSURE_MAX_PAISE = rupees(50_00_000);

/** Loss of a day after which nothing new is opened, unless the user sets another: the drawdown rule's 2.5 % (RSK-04). */
const DAILY_LOSS_BPS = 250;
const TRADES_PER_CYCLE_MAX = 4;
const OPEN_TRADES_MAX = 5;

/** Nobody trades more often in a day, whatever the volatility and the confidence (C-28). */
const TRADES_PER_DAY_CEILING = 216;
const ANY_TRADES = { min: 0, max: TRADES_PER_DAY_CEILING };
/** The tiers of Alpha-Beta, sponsored and subscribed (U-02, G-34). */
const ALPHA_BETA_TRADES = { min: 27, max: 45 };

const USER_LADDER = [rupees(10_000), rupees(50_000), rupees(1_00_000)];
const RULES: Readonly<Record<Category, CategoryRules>> = {
  NGD: {
    leverageBps: 15_000,
    ladderPaise: [rupees(5_000)],
    orderValueMaxPaise: rupees(50_000),
    tradesPerDayMax: 18,
    tradesPerDayRange: ANY_TRADES,
    shortOptions: "DEFINED_RISK",
  },
  RESTRICTED: {
    leverageBps: 30_000,
    ladderPaise: USER_LADDER,
    orderValueMaxPaise: rupees(1_00_000),
    tradesPerDayMax: 27,
    tradesPerDayRange: ALPHA_BETA_TRADES,
    shortOptions: "DEFINED_RISK",
  },
  SEMI_RESTRICTED: {
    leverageBps: 30_000,
    ladderPaise: USER_LADDER,
    orderValueMaxPaise: rupees(5_00_000),
    tradesPerDayMax: 27,
    tradesPerDayRange: ALPHA_BETA_TRADES,
    shortOptions: "DEFINED_RISK",
  },
  REGULAR: {
    leverageBps: 30_000,
    ladderPaise: USER_LADDER,
    orderValueMaxPaise: rupees(1_00_000),
    tradesPerDayMax: 27,
    tradesPerDayRange: ANY_TRADES,
    shortOptions: "NAKED",
  },
  ADMIN: {
    leverageBps: 30_000,
    ladderPaise: [...USER_LADDER, rupees(5_00_000), rupees(15_00_000)],
    orderValueMaxPaise: rupees(1_00_00_000),
    tradesPerDayMax: 180,
    tradesPerDayRange: ANY_TRADES,
    shortOptions: "NAKED",
  },
};

export interface CategoryRefusal {
  readonly code: "UNKNOWN_CATEGORY";
  readonly category: string;
}

/** Takes any text: a category that is not in the table is refused, never given the most generous rules (C-54). */
export const rulesOfCategory = (category: string): Result<CategoryRules, CategoryRefusal> =>
  isCategory(category) ? ok(RULES[category]) : err({ code: "UNKNOWN_CATEGORY", category });

/** Capital × leverage, at most the platform's ceiling (LEV-01, C-03, G-31). Capital beyond what may be own counts for nothing. */
export function exposureMaxPaise(capitalPaise: Paise, category: Category): Paise {
  const ownPaise = minPaise(maxPaise(capitalPaise, ZERO_PAISE), OWN_CAPITAL_MAX_PAISE);
  return minPaise(mulDivFloor(ownPaise, RULES[category].leverageBps, 10_000), EXPOSURE_MAX_PAISE);
}

/** What a single order of the category may be worth; a single position as well, unless another figure is set. */
export const categoryOrderValueMaxPaise = (category: Category): Paise => RULES[category].orderValueMaxPaise;

export const tradesPerDayRangeOf = (category: Category): CategoryRules["tradesPerDayRange"] =>
  RULES[category].tradesPerDayRange;

export const shortOptionsMaxOf = (category: Category): ShortOptions => RULES[category].shortOptions;

/**
 * What an account of the category may begin with and be set to, both inclusive: Alpha-Beta has a range of its own (C-60, G-34),
 * NGD begins with little, any other with ₹10,000 at least (CMP-06).
 */
export function capitalRangeOf(category: Category): { readonly minPaise: Paise; readonly maxPaise: Paise } {
  switch (category) {
    case "RESTRICTED":
    case "SEMI_RESTRICTED":
      return { minPaise: rupees(7_500), maxPaise: rupees(1_00_000) };
    case "NGD":
      return { minPaise: paise(1), maxPaise: OWN_CAPITAL_MAX_PAISE };
    default:
      return { minPaise: rupees(10_000), maxPaise: OWN_CAPITAL_MAX_PAISE };
  }
}

export const ladderOf = (category: Category): readonly Paise[] => RULES[category].ladderPaise;

/** The lowest rung: what an account of the category starts with unless it says otherwise. */
export const startCapitalPaise = (category: Category): Paise => RULES[category].ladderPaise[0] ?? ZERO_PAISE;

/** The limits of a new account. */
export const defaultLimits = (
  category: Category,
  capitalPaise: Paise = startCapitalPaise(category),
): AccountLimits => ({
  tradesPerDayMax: RULES[category].tradesPerDayMax,
  tradesPerCycleMax: TRADES_PER_CYCLE_MAX,
  openTradesMax: OPEN_TRADES_MAX,
  dailyLossMaxPaise: bpsOf(capitalPaise, DAILY_LOSS_BPS, "FLOOR"),
  orderValueMaxPaise: RULES[category].orderValueMaxPaise,
  allowedUnderlyings: UNDERLYINGS,
});
