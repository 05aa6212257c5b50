// The limits that bind an account: of every figure anybody has set, the strictest, and who set it. The day's adaptive count of
// trades comes on top (C-59); nothing of this is ever lifted by a high confidence (RSK-07).
import {
  categoryOrderValueMaxPaise,
  EXPOSURE_MAX_PAISE,
  exposureMaxPaise,
  shortOptionsMaxOf,
  tradesPerDayRangeOf,
} from "../account/category.ts";
import {
  type AccountLimits,
  type AccountProfile,
  isCategory,
  SHORT_OPTIONS,
  SHORT_OPTIONS_DEFAULT,
  type ShortOptions,
} from "../account/profile.ts";
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";

export type LimitSource = "USER" | "OPERATOR" | "CATEGORY" | "LEVERAGE" | "PLATFORM";

export interface EffectiveLimit {
  readonly limit: number;
  /** Whose figure it is; of several equal ones the first in the order of `LimitSource`. */
  readonly boundBy: LimitSource;
}

/** What may be sold, and whose word it is. */
interface EffectiveShortOptions {
  readonly allowed: ShortOptions;
  readonly boundBy: LimitSource;
}

export interface EffectiveLimits {
  readonly tradesPerDayMax: EffectiveLimit;
  readonly tradesPerCycleMax: EffectiveLimit;
  readonly openTradesMax: EffectiveLimit;
  readonly openLotsMax: EffectiveLimit;
  readonly dailyLossMaxPaise: EffectiveLimit;
  readonly orderValueMaxPaise: EffectiveLimit;
  readonly positionSizeMaxPaise: EffectiveLimit;
  readonly portfolioExposureMaxPaise: EffectiveLimit;
  /** Null: nobody has set one. */
  readonly dailyTurnoverMaxPaise: EffectiveLimit | null;
  /** Null: nobody has set one, and it only warns. */
  readonly correlatedExposureMaxPaise: EffectiveLimit | null;
  readonly tradesPerDayByUnderlying: Readonly<Partial<Record<Underlying, EffectiveLimit>>>;
  readonly allowedUnderlyings: readonly Underlying[];
  readonly shortOptions: EffectiveShortOptions;
}

/** Lots open and under way in one underlying: five full orders (C-04). */
export const OPEN_LOTS_MAX = 1_250;

type Figure = readonly [source: LimitSource, limit: number | undefined];

const known = new WeakMap<AccountProfile, EffectiveLimits>();

/** For a category that exists. Remembered while the profile is the same one: a changed limit makes a new profile. */
export function effectiveLimits(profile: AccountProfile): EffectiveLimits {
  const remembered = known.get(profile);
  if (remembered !== undefined) return remembered;
  const effective = effectiveOf(profile);
  known.set(profile, effective);
  return effective;
}

function effectiveOf(profile: AccountProfile): EffectiveLimits {
  const { limits, overrides = {}, category, capitalPaise } = profile;
  type Numeric = { [K in keyof AccountLimits]-?: NonNullable<AccountLimits[K]> extends number ? K : never };
  const of = (name: Numeric[keyof AccountLimits], ...others: readonly Figure[]): EffectiveLimit | null =>
    strictest([["USER", limits[name]], ["OPERATOR", overrides[name]], ...others]);
  const certain = (name: Numeric[keyof AccountLimits], ...others: readonly Figure[]): EffectiveLimit =>
    of(name, ...others) ?? { limit: 0, boundBy: "PLATFORM" };
  const orderMax = categoryOrderValueMaxPaise(category);
  const leveraged = exposureMaxPaise(capitalPaise, category);
  return {
    tradesPerDayMax: certain("tradesPerDayMax", ["CATEGORY", tradesPerDayRangeOf(category).max]),
    tradesPerCycleMax: certain("tradesPerCycleMax"),
    openTradesMax: certain("openTradesMax"),
    openLotsMax: certain("openLotsMax", ["PLATFORM", OPEN_LOTS_MAX]),
    dailyLossMaxPaise: certain("dailyLossMaxPaise"),
    orderValueMaxPaise: certain("orderValueMaxPaise", ["CATEGORY", orderMax], ["LEVERAGE", leveraged]),
    positionSizeMaxPaise: certain("positionSizeMaxPaise", ["CATEGORY", orderMax]),
    portfolioExposureMaxPaise: certain("portfolioExposureMaxPaise", ["PLATFORM", EXPOSURE_MAX_PAISE]),
    dailyTurnoverMaxPaise: of("dailyTurnoverMaxPaise"),
    correlatedExposureMaxPaise: of("correlatedExposureMaxPaise"),
    tradesPerDayByUnderlying: byUnderlying(limits, overrides),
    allowedUnderlyings: limits.allowedUnderlyings.filter(
      (underlying) => overrides.allowedUnderlyings?.includes(underlying) ?? true,
    ),
    shortOptions: shortOptions(profile),
  };
}

/**
 * What an account may sell: nothing that it does not hold, only what is protected, or whatever margin carries. Asked before the
 * category has been looked at, so one that nobody knows sells nothing (C-54).
 */
export const shortOptionsOf = (profile: AccountProfile | null): ShortOptions =>
  profile === null || !isCategory(profile.category) ? "NONE" : effectiveLimits(profile).shortOptions.allowed;

function shortOptions({ limits, overrides, category }: AccountProfile): EffectiveShortOptions {
  const found = strictest([
    ["USER", SHORT_OPTIONS.indexOf(limits.shortOptions ?? SHORT_OPTIONS_DEFAULT)],
    ["OPERATOR", overrides?.shortOptions === undefined ? undefined : SHORT_OPTIONS.indexOf(overrides.shortOptions)],
    ["CATEGORY", SHORT_OPTIONS.indexOf(shortOptionsMaxOf(category))],
  ]);
  return { allowed: SHORT_OPTIONS[found?.limit ?? 0] ?? "NONE", boundBy: found?.boundBy ?? "PLATFORM" };
}

function byUnderlying(
  limits: AccountLimits,
  overrides: Partial<AccountLimits>,
): EffectiveLimits["tradesPerDayByUnderlying"] {
  const binding: Partial<Record<Underlying, EffectiveLimit>> = {};
  for (const underlying of UNDERLYINGS) {
    const limit = strictest([
      ["USER", limits.tradesPerDayByUnderlying?.[underlying]],
      ["OPERATOR", overrides.tradesPerDayByUnderlying?.[underlying]],
    ]);
    if (limit !== null) binding[underlying] = limit;
  }
  return binding;
}

function strictest(figures: readonly Figure[]): EffectiveLimit | null {
  let found: EffectiveLimit | null = null;
  for (const [boundBy, limit] of figures) {
    if (limit !== undefined && (found === null || limit < found.limit)) found = { limit, boundBy };
  }
  return found;
}
