// From the text of a cell to integers, without a float on the way: 24140.695 becomes 2414070 paise (half up).
import { type Paise, paise } from "../../core/kernel/money.ts";

/** NOT_A_NUMBER covers exponents, signs other than a leading minus, grouping and everything else that is not plain decimal. */
export type FigureFault = "NOT_A_NUMBER" | "NEGATIVE";

const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d{1,12}))?$/;
const QUANTITY = /^(-?)(\d{1,12}(?:\.\d{1,15})?)$/;

/** Hundredths of a plain decimal, rounded half up: paise of rupees, basis points of percent. */
export function hundredthsOf(text: string): number | FigureFault {
  const match = DECIMAL.exec(text);
  if (match === null) return "NOT_A_NUMBER";
  const [, sign, whole = "", fraction = ""] = match;
  const digits = `${fraction}000`;
  const value = Number(whole) * 100 + Number(digits.slice(0, 2)) + (digits.charCodeAt(2) >= 53 ? 1 : 0);
  return sign === "-" && value !== 0 ? "NEGATIVE" : value;
}

/** A price in paise. */
export function priceOf(text: string): Paise | FigureFault {
  const value = hundredthsOf(text);
  return typeof value === "string" ? value : paise(value);
}

/** A quantity. It may have a fraction: some sources divide by a lot that does not go into it. Never used for money. */
export function quantityOf(text: string): number | FigureFault {
  const match = QUANTITY.exec(text);
  if (match === null) return "NOT_A_NUMBER";
  const value = Number(match[2]);
  return match[1] === "-" && value !== 0 ? "NEGATIVE" : value;
}
