// How much of an order is dealt against one quote, and at which prices: displayed size at the touch, then equal slices that
// are one tick worse each, never beyond the order's own limit (PAP-04, PAP-09).
import { type Paise, paise } from "../kernel/money.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { OrderTerms } from "../order/order.ts";
import { touchOf } from "./touch.ts";

export interface Execution {
  readonly units: number;
  readonly pricePaise: Paise;
  /** True when no recorded bid or ask stands behind this price: a modelled side, or depth beyond the displayed size. */
  readonly modelled: boolean;
}

/**
 * Size assumed at the touch where the source has no quantities. The median size displayed within ten strikes of the money on
 * 2025-08-29 was 14 lots for NIFTY and 2 for BANKNIFTY; the smaller is taken for all.
 */
const MODELLED_TOUCH_LOTS = 2;

/** The executions of up to `units` against a quote, best first. Empty when the limit does not reach the touch. */
export function executionsAgainst(terms: OrderTerms, units: number, quote: HeldQuote): Execution[] {
  const { lotSize, tickSizePaise } = terms.contract;
  const touch = touchOf(quote, terms.contract);
  // A buyer pays the ask, a seller gets the bid.
  const side = terms.side === "BUY" ? touch.ask : touch.bid;
  if (side === null) return [];
  const worseBy = terms.side === "BUY" ? tickSizePaise : -tickSizePaise;
  const touchUnits = side.units === null ? MODELLED_TOUCH_LOTS * lotSize : Math.floor(side.units / lotSize) * lotSize;
  const sliceUnits = Math.max(touchUnits, lotSize);
  const executions: Execution[] = [];
  let restUnits = units;
  for (let level = 0; restUnits > 0; level += 1) {
    const pricePaise = side.pricePaise + level * worseBy;
    if (pricePaise <= 0 || !isWithinLimit(terms, pricePaise)) break;
    const modelled = side.modelled || level > 0;
    // Below the lowest price there is no further level, so modelled depth ends with one that takes the rest.
    const isLast = modelled && pricePaise + worseBy <= 0;
    const levelUnits = isLast ? restUnits : Math.min(restUnits, level === 0 ? touchUnits : sliceUnits);
    if (levelUnits === 0) continue;
    executions.push({ units: levelUnits, pricePaise: paise(pricePaise), modelled });
    restUnits -= levelUnits;
  }
  return executions;
}

/** Whether the venue could deal at all on the side this order needs. */
export function hasMarketFor(terms: OrderTerms, quote: HeldQuote): boolean {
  const touch = touchOf(quote, terms.contract);
  return (terms.side === "BUY" ? touch.ask : touch.bid) !== null;
}

const isWithinLimit = (terms: OrderTerms, pricePaise: number): boolean =>
  terms.side === "BUY" ? pricePaise <= terms.limitPricePaise : pricePaise >= terms.limitPricePaise;
