// Limits as they travel: what may be set, and what binds with whose figure it is.
import * as z from "zod";
import {
  type AccountLimits,
  type AccountProfile,
  type LimitOverrides,
  type LimitsPatch,
  SHORT_OPTIONS,
} from "../core/account/profile.ts";
import { kycStateOf } from "../core/compliance/kyc.ts";
import type { Paise } from "../core/kernel/money.ts";
import { type EffectiveLimit, effectiveLimits } from "../core/risk/effective-limits.ts";
import { NonNegativeRupeesIn, Rupees, rupees, UnderlyingName } from "./schemas.ts";

const Count = z.number().int().min(0).max(1_000_000);
const ByUnderlying = z
  .strictObject({ NIFTY50: Count.optional(), BANKNIFTY: Count.optional(), SENSEX: Count.optional() })
  .openapi("TradesByUnderlying");

const ShortOptionsIn = z.enum(SHORT_OPTIONS).openapi({
  description: "What may be sold: nothing that is not held, only what is protected, or whatever margin carries.",
});

/** Limits that every account has. */
const Standing = {
  tradesPerDayMax: Count.optional(),
  tradesPerCycleMax: Count.optional(),
  openTradesMax: Count.optional(),
  dailyLossMax: NonNegativeRupeesIn.optional(),
  orderValueMax: NonNegativeRupeesIn.optional(),
  allowedUnderlyings: z.array(UnderlyingName).max(3).optional(),
};
/** Limits that somebody may have set. */
const Further = {
  openLotsMax: Count.optional(),
  positionSizeMax: NonNegativeRupeesIn.optional(),
  portfolioExposureMax: NonNegativeRupeesIn.optional(),
  dailyTurnoverMax: NonNegativeRupeesIn.optional(),
  correlatedExposureMax: NonNegativeRupeesIn.optional(),
  tradesPerDayByUnderlying: ByUnderlying.optional(),
  shortOptions: ShortOptionsIn.optional(),
};

/** Any of the limits; what is left out stays as it is. */
export const LimitsIn = z.strictObject({ ...Standing, ...Further }).openapi("LimitsIn");

/** The same; null lifts a limit that need not be there. */
export const LimitsPatchIn = z
  .strictObject({
    ...Standing,
    openLotsMax: Further.openLotsMax.nullable(),
    positionSizeMax: Further.positionSizeMax.nullable(),
    portfolioExposureMax: Further.portfolioExposureMax.nullable(),
    dailyTurnoverMax: Further.dailyTurnoverMax.nullable(),
    correlatedExposureMax: Further.correlatedExposureMax.nullable(),
    tradesPerDayByUnderlying: Further.tradesPerDayByUnderlying.nullable(),
    shortOptions: Further.shortOptions.nullable(),
  })
  .openapi("LimitsPatchIn");

const Bound = z.object({
  limit: z.union([z.number().int(), Rupees]),
  boundBy: z.enum(["USER", "OPERATOR", "CATEGORY", "LEVERAGE", "PLATFORM"]),
});

export const LimitsBody = z
  .object({
    capital: Rupees,
    locks: z.object({ capital: z.boolean(), tradeLimit: z.boolean(), accounts: z.boolean() }),
    kycState: z.string(),
    effective: z
      .record(z.string(), Bound)
      .openapi({ description: "The strictest of every figure that is set, and whose it is." }),
    allowedUnderlyings: z.array(UnderlyingName),
    shortOptions: z.object({ allowed: z.enum(SHORT_OPTIONS), boundBy: Bound.shape.boundBy }),
  })
  .openapi("Limits");

export const limitsOf = (body: z.infer<typeof LimitsIn>): LimitOverrides => patchOf(body) as Partial<AccountLimits>;

/** Named apart, because an absent limit must stay absent and never become undefined. */
export function patchOf(body: z.infer<typeof LimitsPatchIn>): LimitsPatch {
  const {
    dailyLossMax,
    orderValueMax,
    positionSizeMax,
    portfolioExposureMax,
    dailyTurnoverMax,
    correlatedExposureMax,
    ...rest
  } = body;
  const amounts = {
    dailyLossMaxPaise: dailyLossMax,
    orderValueMaxPaise: orderValueMax,
    positionSizeMaxPaise: positionSizeMax,
    portfolioExposureMaxPaise: portfolioExposureMax,
    dailyTurnoverMaxPaise: dailyTurnoverMax,
    correlatedExposureMaxPaise: correlatedExposureMax,
  };
  return Object.fromEntries(
    Object.entries({ ...rest, ...amounts }).filter(([, value]) => value !== undefined),
  ) as LimitsPatch;
}

export function limitsBody(profile: AccountProfile): z.infer<typeof LimitsBody> {
  const { allowedUnderlyings, tradesPerDayByUnderlying, shortOptions, ...limits } = effectiveLimits(profile);
  const shown: Record<string, z.infer<typeof Bound>> = {};
  for (const [name, limit] of Object.entries(limits)) {
    if (limit !== null) shown[name.replace(/Paise$/, "")] = boundOf(name, limit);
  }
  for (const [underlying, limit] of Object.entries(tradesPerDayByUnderlying)) {
    shown[`tradesPerDayMax.${underlying}`] = boundOf("trades", limit);
  }
  return {
    capital: rupees(profile.capitalPaise),
    locks: profile.locks ?? { capital: false, tradeLimit: false, accounts: false },
    kycState: kycStateOf(profile),
    effective: shown,
    allowedUnderlyings: [...allowedUnderlyings],
    shortOptions,
  };
}

const boundOf = (name: string, { limit, boundBy }: EffectiveLimit): z.infer<typeof Bound> => ({
  limit: name.endsWith("Paise") ? rupees(limit as Paise) : limit,
  boundBy,
});
