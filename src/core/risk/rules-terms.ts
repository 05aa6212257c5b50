// Whether the order's own terms are such as the exchange takes: contract, product, whole lots, freeze quantity, tick.
import { expiryKindOf } from "../instrument/expiry-calendar.ts";
import { permittedExpiryOf } from "../instrument/permitted-expiry.ts";
import { effectiveLimits } from "./effective-limits.ts";
import { orderUnitsMax } from "./order-size.ts";
import { atMost, bounded, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";

export const TERMS_RULES: readonly Rule[] = [
  { id: "UNDERLYING_NOT_ALLOWED", on: "ENTRY", check: underlyingAllowed },
  { id: "PRODUCT_NOT_INTRADAY", on: "ENTRY", check: intraday },
  { id: "CONTRACT_EXPIRED", on: "BOTH", check: notExpired },
  { id: "EXPIRY_UNKNOWN", on: "ENTRY", check: expiryKnown },
  { id: "EXPIRY_NOT_PERMITTED", on: "ENTRY", check: expiryPermitted },
  { id: "QUANTITY_NOT_WHOLE_LOTS", on: "BOTH", check: wholeLots },
  { id: "QUANTITY_ABOVE_FREEZE", on: "BOTH", check: withinFreeze },
  { id: "PRICE_NOT_ON_TICK", on: "BOTH", check: onTick },
  { id: "TRIGGER_MISPLACED", on: "BOTH", check: triggerPlaced },
];

function underlyingAllowed({ profile, terms }: CheckContext): Finding {
  const { allowedUnderlyings } = effectiveLimits(profile);
  if (allowedUnderlyings.includes(terms.contract.underlying)) return PASSED;
  const allowed = allowedUnderlyings.length === 0 ? "nothing" : allowedUnderlyings.join(", ");
  return refused("UNDERLYING_NOT_ALLOWED", "instrumentId", `this account trades ${allowed}`);
}

function intraday({ market }: CheckContext): Finding {
  return market.product === "INTRADAY"
    ? PASSED
    : refused("PRODUCT_NOT_INTRADAY", "product", "positions are closed within the day: use INTRADAY");
}

function notExpired({ terms: { contract }, day }: CheckContext): Finding {
  return contract.expiry >= day.date
    ? PASSED
    : refused("CONTRACT_EXPIRED", "instrumentId", `it expired on ${contract.expiry}; choose a later expiry`);
}

/** A day the calendar does not know as an expiry of the underlying (C-50). */
function expiryKnown({ terms: { contract } }: CheckContext): Finding {
  return expiryKindOf(contract.underlying, contract.expiry) !== null
    ? PASSED
    : refused(
        "EXPIRY_UNKNOWN",
        "instrumentId",
        `${contract.expiry} is no known expiry of ${contract.underlying}; choose a listed one`,
      );
}

/** Not after the last expiry of the month (CMP-03). */
function expiryPermitted({ terms: { contract }, day }: CheckContext): Finding {
  const permitted = permittedExpiryOf(contract.underlying, day.date);
  if (permitted === null) return refused("EXPIRY_NOT_PERMITTED", "instrumentId", "no expiry is known to be permitted");
  return contract.expiry <= permitted
    ? PASSED
    : refused("EXPIRY_NOT_PERMITTED", "instrumentId", `expiries up to ${permitted} pass`);
}

function wholeLots({ terms: { contract, quantityUnits } }: CheckContext): Finding {
  const { lotSize } = contract;
  const isWhole = Number.isSafeInteger(quantityUnits) && quantityUnits > 0 && quantityUnits % lotSize === 0;
  return bounded(
    isWhole,
    { code: "QUANTITY_NOT_WHOLE_LOTS", field: "quantityUnits", limit: lotSize, value: quantityUnits, unit: "UNITS" },
    () => `use a multiple of ${lotSize} units`,
  );
}

function withinFreeze({ terms }: CheckContext): Finding {
  const limit = orderUnitsMax(terms);
  return atMost(
    { code: "QUANTITY_ABOVE_FREEZE", field: "quantityUnits", limit, value: terms.quantityUnits, unit: "UNITS" },
    () => `one order may be ${limit} units at most; send several`,
  );
}

function onTick({ terms: { contract, limitPricePaise } }: CheckContext): Finding {
  const tick = contract.tickSizePaise;
  return bounded(
    limitPricePaise > 0 && limitPricePaise % tick === 0,
    { code: "PRICE_NOT_ON_TICK", field: "limitPricePaise", limit: tick, value: limitPricePaise, unit: "PAISE" },
    () => `use a positive multiple of ${tick} paise`,
  );
}

/** A stop waits for a price it has not reached; one that would trigger at once is a LIMIT order in disguise. */
function triggerPlaced({ terms, market }: CheckContext): Finding {
  const { type, side, triggerPricePaise, limitPricePaise, contract } = terms;
  const misplaced = (detail: string): Finding => refused("TRIGGER_MISPLACED", "triggerPricePaise", detail);
  if (type !== "STOP_LIMIT") {
    return triggerPricePaise === undefined ? PASSED : misplaced(`a ${type} order has no trigger`);
  }
  const tick = contract.tickSizePaise;
  if (triggerPricePaise === undefined) return misplaced("a STOP_LIMIT needs a trigger price");
  if (triggerPricePaise <= 0 || triggerPricePaise % tick !== 0) {
    const bound = { code: "PRICE_NOT_ON_TICK", field: "triggerPricePaise", limit: tick, unit: "PAISE" } as const;
    return bounded(false, { ...bound, value: triggerPricePaise }, () => `use a positive multiple of ${tick} paise`);
  }
  if (terms.timeInForce === "IOC") return misplaced("a STOP_LIMIT rests until its trigger: send it DAY");
  const isBuy = side === "BUY";
  if (isBuy ? limitPricePaise < triggerPricePaise : limitPricePaise > triggerPricePaise) {
    return misplaced(`the limit must be ${isBuy ? "at or above" : "at or below"} the trigger`);
  }
  const last = market.price?.lastPaise ?? null;
  return last === null || (isBuy ? triggerPricePaise > last : triggerPricePaise < last)
    ? PASSED
    : misplaced(`the trigger must be ${isBuy ? "above" : "below"} the last price, ${last} paise`);
}
