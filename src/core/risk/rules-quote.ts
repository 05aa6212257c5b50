// Whether the contract's quote can be traded on, and whether the order's price lies where the exchange takes it. An entry
// without a price, on an old one or on nonsense, is a bet on nothing.
import { priceBandOf } from "../instrument/price-band.ts";
import { formatRupees, paise } from "../kernel/money.ts";
import { insanityOf, referencePaiseOf } from "./quote-sanity.ts";
import { atMost, bounded, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";

/** Wider than this and the ask says nothing about what the contract is worth; a few ticks are always allowed. */
const SPREAD_MAX_BPS = 2_500;
const SPREAD_ALWAYS_TICKS = 20;

export const QUOTE_RULES: readonly Rule[] = [
  { id: "QUOTE_MISSING", on: "ENTRY", check: quoted },
  { id: "QUOTE_INSANE", on: "ENTRY", check: sane },
  { id: "QUOTE_STALE", on: "ENTRY", check: fresh },
  { id: "SPREAD_TOO_WIDE", on: "ENTRY", check: narrow },
  { id: "PRICE_BAND", on: "BOTH", check: withinBand },
];

/** A list was checked against the quotes of all its legs, seconds ago, and none of its orders deals at a worse price. */
const isOfCheckedList = ({ terms, market }: CheckContext): boolean =>
  terms.listId !== undefined && market.list === undefined;

function quoted(context: CheckContext): Finding {
  const { terms, market } = context;
  const { price } = market;
  if (isOfCheckedList(context)) return PASSED;
  if (terms.side === "SELL" && terms.marginPaise === undefined) {
    return refused(
      "QUOTE_MISSING",
      "instrumentId",
      "the price of the index is not known, so no margin can be worked out",
    );
  }
  const touchPaise = terms.side === "SELL" ? price?.bidPaise : price?.askPaise;
  return (touchPaise ?? price?.lastPaise ?? null) === null
    ? refused(
        "QUOTE_MISSING",
        "instrumentId",
        `${terms.contract.instrumentId} has no price to ${terms.side.toLowerCase()} at`,
      )
    : PASSED;
}

function sane({ market: { price }, now }: CheckContext): Finding {
  const insanity = price === null ? null : insanityOf(price, now);
  return insanity === null
    ? PASSED
    : refused("QUOTE_INSANE", "instrumentId", `${insanity}; an entry passes on the next quote that makes sense`);
}

function fresh(context: CheckContext): Finding {
  const { market, now } = context;
  const { price } = market;
  if (price === null || isOfCheckedList(context)) return PASSED;
  const value = now - price.quotedAtMs;
  return atMost(
    { code: "QUOTE_STALE", field: "instrumentId", limit: price.staleAfterMs, value, unit: "MS" },
    () => "wait for a newer quote",
  );
}

function narrow({ terms: { contract }, market: { price } }: CheckContext): Finding {
  const { bidPaise = null, askPaise = null } = price ?? {};
  if (bidPaise === null || askPaise === null) return PASSED;
  const spreadPaise = askPaise - bidPaise;
  const value = Math.ceil((spreadPaise * 20_000) / (askPaise + bidPaise));
  const isNarrow = value <= SPREAD_MAX_BPS || spreadPaise <= SPREAD_ALWAYS_TICKS * contract.tickSizePaise;
  return bounded(
    isNarrow,
    { code: "SPREAD_TOO_WIDE", field: "instrumentId", limit: SPREAD_MAX_BPS, value, unit: "BPS" },
    () => `wait until bid and ask are at most ${SPREAD_MAX_BPS / 100} % apart, or choose another contract`,
  );
}

/**
 * The exchange's limit price protection. What a guardrail sends is priced within it and never held back here; an exit by
 * request only on the word of a fresh quote that makes sense.
 */
function withinBand({ terms, market: { price }, day, now }: CheckContext): Finding {
  const { purpose, type, limitPricePaise, contract } = terms;
  if (price === null || (purpose === "EXIT" && (terms.origin !== "API" || type === "MARKET"))) return PASSED;
  if (purpose === "EXIT" && (now - price.quotedAtMs > price.staleAfterMs || insanityOf(price, now) !== null))
    return PASSED;
  const referencePaise = referencePaiseOf(price);
  if (referencePaise === null) return PASSED;
  const band = priceBandOf(contract.exchange, day.date, paise(referencePaise));
  if (band === null) return refused("PRICE_BAND", "limitPricePaise", `no price band is known for ${day.date}`);
  const { fromPaise, toPaise } = band;
  const limit = limitPricePaise < fromPaise ? fromPaise : toPaise;
  return bounded(
    limitPricePaise >= fromPaise && limitPricePaise <= toPaise,
    { code: "PRICE_BAND", field: "limitPricePaise", limit, value: limitPricePaise, unit: "PAISE" },
    () => `the exchange takes prices from ₹${formatRupees(fromPaise)} to ₹${formatRupees(toPaise)}`,
  );
}
