// Whether the contract's quote can be traded on, and whether the order's price lies where the exchange takes it. An entry
// without a price, on an old one or on nonsense, is a bet on nothing.
import { priceBandOf } from "../instrument/price-band.ts";
import { formatRupees, paise } from "../kernel/money.ts";
import { isJump, JUMP_TIMES_MAX, modelBounds, STILL_MAX_BPS, stillBps, timesApart } from "./quote-plausibility.ts";
import { insanityOf, referencePaiseOf } from "./quote-sanity.ts";
import { atMost, bounded, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";

/** Wider than this and the ask says nothing about what the contract is worth; a few ticks are always allowed. */
const SPREAD_MAX_BPS = 2_500;
const SPREAD_ALWAYS_TICKS = 20;

export const QUOTE_RULES: readonly Rule[] = [
  { id: "QUOTE_MISSING", on: "ENTRY", check: quoted },
  { id: "QUOTE_INSANE", on: "ENTRY", check: sane },
  { id: "QUOTE_STALE", on: "ENTRY", check: fresh },
  { id: "QUOTE_JUMP", on: "ENTRY", check: steady },
  { id: "QUOTE_FROZEN", on: "ENTRY", check: moving },
  { id: "QUOTE_OFF_MODEL", on: "ENTRY", check: likely },
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

/** Against the price before it: rupees for paise, or a wrong contract's figures. */
function steady({ market: { price } }: CheckContext): Finding {
  const reference = price === null ? null : referencePaiseOf(price);
  const before = price?.steady?.pricePaise;
  if (reference === null || before === undefined) return PASSED;
  return bounded(
    !isJump(reference, before),
    {
      code: "QUOTE_JUMP",
      field: "instrumentId",
      limit: JUMP_TIMES_MAX,
      value: Math.ceil(timesApart(reference, before)),
      unit: "TIMES",
    },
    () => `the price before was ₹${formatRupees(before)}; an entry passes once quotes follow from one another again`,
  );
}

/** Against the index: a quote that stands still while the index moves is no longer the market's. */
function moving({ market: { price } }: CheckContext): Finding {
  const value = price === null ? null : stillBps(price);
  if (value === null) return PASSED;
  return atMost(
    { code: "QUOTE_FROZEN", field: "instrumentId", limit: STILL_MAX_BPS, value, unit: "BPS" },
    () => "an entry passes once the quote moves again",
  );
}

/** Against the model: below half of what exercising it brings, or above what any volatility explains. */
function likely({ terms: { contract }, market: { price }, now }: CheckContext): Finding {
  const value = price === null ? null : referencePaiseOf(price);
  const bounds = price === null ? null : modelBounds(contract, price, now);
  if (value === null || bounds === null) return PASSED;
  const { fromPaise, toPaise } = bounds;
  return bounded(
    value >= fromPaise && value <= toPaise,
    {
      code: "QUOTE_OFF_MODEL",
      field: "instrumentId",
      limit: value < fromPaise ? fromPaise : toPaise,
      value,
      unit: "PAISE",
    },
    () => `with the index where it is an entry passes on quotes from ₹${rupees(fromPaise)} to ₹${rupees(toPaise)}`,
  );
}

const rupees = (amountPaise: number): string => formatRupees(paise(amountPaise));

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
