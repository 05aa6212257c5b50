// Money is an integer number of paise (1 rupee = 100 paise). No float ever holds money: every operation that could leave
// the integers names its rounding. Safe up to 9,00,719 crore rupees, asserted.
import { Decimal } from "decimal.js";
import { assert, InvariantBroken } from "./assert.ts";
import type { Brand } from "./brand.ts";
import { err, ok, type Result } from "./result.ts";

export type Paise = Brand<number, "Paise">;

export const ZERO_PAISE = 0 as Paise;

/** Asserts that `value` is a safe integer number of paise. */
export function paise(value: number): Paise {
  // The words are made only for the error: this runs for every price of every quote.
  if (!Number.isSafeInteger(value)) throw new InvariantBroken(`not a whole, safe number of paise: ${value}`);
  return (value === 0 ? 0 : value) as Paise;
}

export const addPaise = (...terms: readonly Paise[]): Paise =>
  paise(terms.reduce<number>((sum, term) => sum + term, 0));
export const subtractPaise = (from: Paise, ...terms: readonly Paise[]): Paise =>
  paise(terms.reduce<number>((rest, term) => rest - term, from));
export const negatePaise = (value: Paise): Paise => paise(-value);
export const minPaise = (...values: readonly Paise[]): Paise => paise(Math.min(...values));
export const maxPaise = (...values: readonly Paise[]): Paise => paise(Math.max(...values));
export const sumPaise = <T>(items: Iterable<T>, of: (item: T) => Paise): Paise => {
  let sum = 0;
  for (const item of items) sum += of(item);
  return paise(sum);
};

/** Price in paise per unit × units. Exact. */
export const valuePaise = (pricePaise: Paise, units: number): Paise => paise(pricePaise * units);

/** Floor division of integers, towards minus infinity. */
export function divFloor(dividend: number, divisor: number): number {
  assert(Number.isSafeInteger(dividend) && Number.isSafeInteger(divisor) && divisor > 0, "divFloor takes integers");
  return Math.floor(dividend / divisor);
}

/** `value × numerator ÷ denominator`, floored. Exact: the product is formed in bigint. */
export function mulDivFloor(value: Paise, numerator: number, denominator: number): Paise {
  assert(denominator > 0, "denominator must be positive");
  const product = BigInt(value) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const quotient = product / divisor;
  return paise(Number(product % divisor !== 0n && product < 0n ? quotient - 1n : quotient));
}

/** `value × numerator ÷ denominator`, rounded up. Exact: the product is formed in bigint. */
export const mulDivCeil = (value: Paise, numerator: number, denominator: number): Paise =>
  negatePaise(mulDivFloor(negatePaise(value), numerator, denominator));

/** How an exact amount of paise becomes a whole one. Each rule of the product names exactly one. */
export type Rounding = "HALF_UP" | "FLOOR" | "CEIL" | "NEAREST_RUPEE";

/** Rounds an exact decimal amount of paise to whole paise. HALF_UP rounds half away from zero. */
export function roundPaise(exact: Decimal, rounding: Rounding): Paise {
  switch (rounding) {
    case "HALF_UP":
      return paise(exact.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber());
    case "FLOOR":
      return paise(exact.toDecimalPlaces(0, Decimal.ROUND_FLOOR).toNumber());
    case "CEIL":
      return paise(exact.toDecimalPlaces(0, Decimal.ROUND_CEIL).toNumber());
    case "NEAREST_RUPEE":
      return paise(exact.div(100).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).times(100).toNumber());
  }
}

/** Basis points of an amount (1 bps = 0.01 %), rounded once by the named rule. */
export const bpsOf = (amount: Paise, bps: number, rounding: Rounding): Paise =>
  roundPaise(new Decimal(amount).times(bps).div(10_000), rounding);

/**
 * Splits `total` by integer `weights` so that the parts sum to it exactly: each part is floored and the last takes the
 * remainder (REV-01, C-14).
 */
export function allocateLastTakesRemainder(total: Paise, weights: readonly number[]): Paise[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  assert(weights.length > 0 && weightSum > 0, "weights must be given and positive in sum");
  const parts = weights.map((weight) => mulDivFloor(total, weight, weightSum));
  const last = parts.length - 1;
  parts[last] = subtractPaise(total, ...parts.slice(0, last));
  return parts;
}

const RUPEES = /^-?\d{1,15}(?:\.\d{1,2})?$/;

/** Parses a decimal string of rupees, e.g. "-1234.50", into paise. At most two decimals; no grouping, no exponent. */
export function parseRupees(text: string): Result<Paise, { readonly code: "MONEY_MALFORMED"; readonly text: string }> {
  if (!RUPEES.test(text)) return err({ code: "MONEY_MALFORMED", text: text.slice(0, 40) });
  const amount = new Decimal(text).times(100).toNumber();
  return Number.isSafeInteger(amount) ? ok(paise(amount)) : err({ code: "MONEY_MALFORMED", text: text.slice(0, 40) });
}

/** Decimal string of rupees with exactly two decimals, the form money takes in every JSON answer. */
export function formatRupees(amount: Paise): string {
  const digits = Math.abs(amount).toString().padStart(3, "0");
  return `${amount < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
