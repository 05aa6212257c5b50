// Whether a quote can be what the market really shows. A feed that sends nonsense must not open anything: crossed prices,
// zeros, figures that are no money, a price a hundred times away from the last trade, or a quote from the future.
import type { PriceView } from "../account/command.ts";
import type { EpochMs } from "../kernel/time.ts";

/** A real premium moves a lot in a day, but not a hundredfold between two ticks: that is rupees taken for paise. */
const JUMP_MAX = 100;

/** One sentence about what is wrong with it, or null for a quote that makes sense. */
export function insanityOf(price: PriceView, now: EpochMs): string | null {
  const { bidPaise, askPaise, lastPaise, quotedAtMs, staleAfterMs } = price;
  for (const [name, figure] of [
    ["bid", bidPaise],
    ["ask", askPaise],
    ["last price", lastPaise],
  ] as const) {
    if (figure !== null && (!Number.isSafeInteger(figure) || figure <= 0)) return `the ${name} is no price: ${figure}`;
  }
  if (!Number.isSafeInteger(quotedAtMs)) return `the quote's time is no instant: ${quotedAtMs}`;
  if (quotedAtMs - now > staleAfterMs) return "the quote is from the future";
  if (askPaise !== null && (bidPaise ?? 0) > askPaise) {
    return `the bid of ${bidPaise} paise is above the ask of ${askPaise}`;
  }
  const side = askPaise ?? bidPaise;
  if (side !== null && lastPaise !== null && (side >= lastPaise * JUMP_MAX || lastPaise >= side * JUMP_MAX)) {
    return `${side} paise beside a last price of ${lastPaise} is a jump of ${JUMP_MAX} times or more`;
  }
  return null;
}

/** Where the market stands: between bid and ask, or the last price where one of them is missing. */
export const referencePaiseOf = ({ bidPaise, askPaise, lastPaise }: PriceView): number | null =>
  bidPaise !== null && askPaise !== null ? Math.round((bidPaise + askPaise) / 2) : (lastPaise ?? askPaise ?? bidPaise);
