// A basket of option legs as a calculator is asked about it. Contracts are told by their terms; the lot comes from the dated
// tables, so that any date can be asked.
import * as z from "zod";
import type { OptionContract, Underlying } from "../core/instrument/contract.ts";
import { contractOf } from "../core/instrument/contract-tables.ts";
import type { Paise } from "../core/kernel/money.ts";
import { err, ok, type Result } from "../core/kernel/result.ts";
import { istInstant, type MarketDate } from "../core/kernel/time.ts";
import type { MarginMarket } from "../core/margin/leg-values.ts";
import type { PayoffLeg } from "../core/margin/payoff-legs.ts";
import { MarketDateIn, PriceIn, PriceOrZeroIn, Side, UnderlyingName } from "./schemas.ts";

const LEGS_MAX = 20;
const LOTS_MAX = 1_000;
const IV_MAX_BPS = 50_000;
export const DEFAULT_TIME = "12:00";

export const IstTimeIn = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time HH:MM in IST");

export const BasketLeg = z.strictObject({
  expiry: MarketDateIn,
  strike: PriceIn,
  optionType: z.enum(["CALL", "PUT"]),
  side: Side,
  lots: z.number().int().min(1).max(LOTS_MAX),
  price: PriceOrZeroIn.openapi({ description: "The premium of one unit now." }),
  ivBps: z.number().int().min(1).max(IV_MAX_BPS).optional().openapi({
    description: "Implied volatility × 10,000; without it, what the price implies.",
  }),
});
type BasketLeg = z.infer<typeof BasketLeg>;

/** What every question about a basket says of the market. */
export const MarketQuestion = z.strictObject({
  underlying: UnderlyingName,
  date: MarketDateIn,
  time: IstTimeIn.optional().openapi({ description: `In IST; ${DEFAULT_TIME} unless told.` }),
  spot: PriceIn,
});

export const MarginQuestion = MarketQuestion.extend({
  legs: z.array(BasketLeg).min(1).max(LEGS_MAX).openapi({ description: "What is to be traded." }),
  held: z.array(BasketLeg).max(LEGS_MAX).default([]).openapi({ description: "What is held before." }),
}).openapi("MarginQuestion");
export type MarginQuestion = z.infer<typeof MarginQuestion>;

const POINTS_MAX = 401;
const SHIFT_MAX_BPS = 5_000;

export const PayoffQuestion = MarketQuestion.extend({
  legs: z
    .array(
      BasketLeg.extend({
        entryPrice: PriceOrZeroIn.optional().openapi({ description: "What it was traded at; `price` unless told." }),
      }),
    )
    .min(1)
    .max(LEGS_MAX),
  range: z
    .strictObject({ low: PriceIn, high: PriceIn, points: z.number().int().min(2).max(POINTS_MAX) })
    .refine((range) => range.low < range.high, { path: ["high"], message: "above `low`" })
    .optional(),
  whatIf: z
    .strictObject({
      date: MarketDateIn.optional(),
      time: IstTimeIn.optional(),
      volatilityShiftBps: z.number().int().min(-SHIFT_MAX_BPS).max(SHIFT_MAX_BPS).optional(),
    })
    .optional()
    .openapi({ description: "Draws the second curve for another moment or volatility (100 = one point)." }),
}).openapi("PayoffQuestion");
export type PayoffQuestion = z.infer<typeof PayoffQuestion>;

export interface BasketRefusal {
  readonly code: "CONTRACT_TERMS_UNKNOWN";
  readonly field: string;
  readonly detail: string;
}

/** A leg with its whole contract. */
export type Leg = PayoffLeg & { readonly contract: OptionContract };

export const marketOf = (question: z.infer<typeof MarketQuestion>): MarginMarket => ({
  spotPaise: question.spot,
  atMs: istInstant(question.date, question.time ?? DEFAULT_TIME),
  date: question.date,
});

/** The legs with their contracts, or the first whose terms no table knows. */
export function legsOf(
  question: { readonly underlying: Underlying; readonly date: MarketDate },
  legs: readonly (BasketLeg & { readonly entryPrice?: Paise | undefined })[],
  field: string,
): Result<readonly Leg[], BasketRefusal> {
  const found: Leg[] = [];
  for (const [index, leg] of legs.entries()) {
    const { expiry, strike, optionType, side, lots, price, ivBps, entryPrice = price } = leg;
    const terms = { underlying: question.underlying, expiry, strikePaise: strike, optionType };
    const contract = contractOf(terms, question.date);
    if (!contract.ok) {
      return err({ code: "CONTRACT_TERMS_UNKNOWN", field: `${field}.${index}`, detail: contract.error.reason });
    }
    const units = lots * contract.value.lotSize;
    found.push({
      contract: contract.value,
      netUnits: side === "BUY" ? units : -units,
      pricePaise: price,
      ivBps: ivBps ?? null,
      entryPricePaise: entryPrice,
    });
  }
  return ok(found);
}
