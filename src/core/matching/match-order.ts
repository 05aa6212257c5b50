// The simulated venue's treatment of one order. Each order is dealt with as if it were alone in the market, so that an
// account's results do not depend on who else trades.
import type { VenueReport } from "../account/command.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { Fill, ReplaceableTerms } from "../order/order.ts";
import { executionsAgainst, hasMarketFor } from "./executions.ts";
import { isArmed, type VenueOrderState, type VenueReplace, type VenueRules } from "./venue-order.ts";

interface VenueStep {
  readonly order: VenueOrderState;
  readonly reports: readonly VenueReport[];
}

/** Why the venue turned an order away. */
type VenueRejection =
  | "MARKET_CLOSED"
  | "NO_QUOTE"
  | "QUANTITY_NOT_IN_LOTS"
  | "QUANTITY_ABOVE_FREEZE"
  | "PRICE_OFF_TICK"
  | NonNullable<VenueOrderState["refusal"]>;

/** Why the venue left an order as it was. */
type VenueReplaceRefusal =
  | "ORDER_FINAL"
  | "QUANTITY_BELOW_FILLED"
  | "QUANTITY_NOT_IN_LOTS"
  | "QUANTITY_ABOVE_FREEZE"
  | "PRICE_OFF_TICK"
  | "ALREADY_TRIGGERED";

/**
 * Everything that is due for an order at one instant: its arrival and first match, a match against a new quote
 * (`isNewQuote`), a request to change it that has come in, a request to cancel it, the end of the session; in this order, so
 * that a fill of the same instant comes before what races it. Returns the order unchanged and no reports when nothing was due.
 */
export function advanceOrder(
  order: VenueOrderState,
  quote: HeldQuote | null,
  isNewQuote: boolean,
  now: EpochMs,
  rules: VenueRules,
): VenueStep {
  let step: VenueStep = { order, reports: [] };
  if (order.status === "ARRIVING" && order.arrivesAtMs <= now) step = arrive(order, quote, now, rules);
  else if (order.status === "RESTING" && isNewQuote && quote !== null) step = meetQuote(order, quote, now);
  const { cancelArrivesAtMs, replace } = order;
  if (replace !== undefined && replace.arrivesAtMs <= now) {
    step = followedBy(step, replaceOrder(step.order, replace, quote, now));
  }
  if (cancelArrivesAtMs !== null && cancelArrivesAtMs <= now) step = followedBy(step, cancelOrder(step.order, now));
  if (rules.closeMs <= now) step = followedBy(step, closeOrder(step.order, "EXPIRY", now));
  return step;
}

function arrive(order: VenueOrderState, quote: HeldQuote | null, now: EpochMs, rules: VenueRules): VenueStep {
  const rejection = rejectionOf(order, quote, now, rules);
  const { clientOrderId } = order.terms;
  if (rejection !== null) {
    return {
      order: { ...order, status: "REJECTED", reason: rejection },
      reports: [{ kind: "REJECTED", clientOrderId, reason: rejection, atMs: now }],
    };
  }
  const accepted: VenueStep = {
    order: { ...order, status: "RESTING" },
    reports: [{ kind: "ACCEPTED", clientOrderId, venueOrderId: order.venueOrderId, atMs: now }],
  };
  const matched = quote === null ? accepted : followedBy(accepted, meetQuote(accepted.order, quote, now));
  return order.terms.timeInForce === "IOC" ? followedBy(matched, closeOrder(matched.order, "IOC", now)) : matched;
}

/** A stop is woken by the last price reaching its trigger, and is a limit order against the same quote from then on. */
function meetQuote(order: VenueOrderState, quote: HeldQuote, now: EpochMs): VenueStep {
  if (!isArmed(order)) return matchOrder(order, quote, now);
  const { terms } = order;
  const { triggerPricePaise } = terms;
  if (quote.lastPaise === null || triggerPricePaise === undefined) return { order, reports: [] };
  const isReached = terms.side === "BUY" ? quote.lastPaise >= triggerPricePaise : quote.lastPaise <= triggerPricePaise;
  if (!isReached) return { order, reports: [] };
  const woken: VenueStep = {
    order: { ...order, isTriggered: true },
    reports: [{ kind: "TRIGGERED", clientOrderId: terms.clientOrderId, atMs: now }],
  };
  return followedBy(woken, matchOrder(woken.order, quote, now));
}

/** Gives the order its new terms, whole or not at all, and meets the quote with them at once. */
function replaceOrder(order: VenueOrderState, replace: VenueReplace, quote: HeldQuote | null, now: EpochMs): VenueStep {
  const { modifyId, terms } = replace;
  const { clientOrderId } = order.terms;
  const { replace: _answered, ...rest } = order;
  const answered: VenueOrderState = { ...rest, answered: [...(order.answered ?? []), modifyId] };
  const refusal = replaceRefusal(order, terms);
  if (refusal !== null) {
    const rejected = { kind: "REPLACE_REJECTED", clientOrderId, modifyId, reason: refusal, atMs: now } as const;
    return { order: answered, reports: [rejected] };
  }
  const replaced: VenueStep = {
    order: { ...answered, terms: { ...order.terms, ...terms } },
    reports: [{ kind: "REPLACED", clientOrderId, modifyId, terms, atMs: now }],
  };
  return quote === null ? replaced : followedBy(replaced, meetQuote(replaced.order, quote, now));
}

function replaceRefusal(order: VenueOrderState, terms: ReplaceableTerms): VenueReplaceRefusal | null {
  const { lotSize, freezeQuantity, tickSizePaise } = order.terms.contract;
  if (order.status !== "RESTING") return "ORDER_FINAL";
  if (terms.quantityUnits <= order.filledUnits) return "QUANTITY_BELOW_FILLED";
  if (terms.quantityUnits % lotSize !== 0) return "QUANTITY_NOT_IN_LOTS";
  if (terms.quantityUnits > freezeQuantity) return "QUANTITY_ABOVE_FREEZE";
  const prices = [terms.limitPricePaise, terms.triggerPricePaise ?? tickSizePaise];
  if (prices.some((pricePaise) => pricePaise <= 0 || pricePaise % tickSizePaise !== 0)) return "PRICE_OFF_TICK";
  return terms.triggerPricePaise !== undefined &&
    !isArmed(order) &&
    terms.triggerPricePaise !== order.terms.triggerPricePaise
    ? "ALREADY_TRIGGERED"
    : null;
}

/** An order that has ended meanwhile cannot be taken out any more, and whoever asked is told so. */
function cancelOrder(order: VenueOrderState, now: EpochMs): VenueStep {
  const asked: VenueOrderState = { ...order, cancelArrivesAtMs: null };
  if (order.status === "RESTING") return closeOrder(asked, "REQUEST", now);
  const { clientOrderId } = order.terms;
  return { order: asked, reports: [{ kind: "CANCEL_REJECTED", clientOrderId, reason: "ORDER_FINAL", atMs: now }] };
}

function rejectionOf(
  { terms, refusal }: VenueOrderState,
  quote: HeldQuote | null,
  now: EpochMs,
  rules: VenueRules,
): VenueRejection | null {
  const { lotSize, freezeQuantity, tickSizePaise } = terms.contract;
  if (refusal !== undefined) return refusal;
  if (now < rules.openMs || now >= rules.closeMs) return "MARKET_CLOSED";
  if (terms.quantityUnits <= 0 || terms.quantityUnits % lotSize !== 0) return "QUANTITY_NOT_IN_LOTS";
  if (terms.quantityUnits > freezeQuantity) return "QUANTITY_ABOVE_FREEZE";
  if (terms.limitPricePaise <= 0 || terms.limitPricePaise % tickSizePaise !== 0) return "PRICE_OFF_TICK";
  const { type, triggerPricePaise } = terms;
  if (type === "STOP_LIMIT" && (triggerPricePaise === undefined || triggerPricePaise % tickSizePaise !== 0)) {
    return "PRICE_OFF_TICK";
  }
  if (quote === null || !hasMarketFor(terms, quote)) return "NO_QUOTE";
  return null;
}

/** Deals what the quote offers within the order's limit; a MARKET order's limit is its protection price (PAP-04). */
function matchOrder(order: VenueOrderState, quote: HeldQuote, now: EpochMs): VenueStep {
  const { terms } = order;
  const executions = executionsAgainst(terms, terms.quantityUnits - order.filledUnits, quote);
  if (executions.length === 0) return { order, reports: [] };
  const reports = executions.map((execution, index): VenueReport => {
    const fill: Fill = {
      executionId: `${order.venueOrderId}-${order.executions + index + 1}`,
      clientOrderId: terms.clientOrderId,
      venueOrderId: order.venueOrderId,
      units: execution.units,
      pricePaise: execution.pricePaise,
      atMs: now,
      modelled: execution.modelled,
    };
    return { kind: "FILLED", clientOrderId: terms.clientOrderId, fill, atMs: now };
  });
  const filledUnits = order.filledUnits + executions.reduce((sum, execution) => sum + execution.units, 0);
  return {
    order: {
      ...order,
      filledUnits,
      executions: order.executions + executions.length,
      status: filledUnits === terms.quantityUnits ? "FILLED" : order.status,
    },
    reports,
  };
}

/** Takes what is left of an order out of the book. What is final, or has not arrived, stays as it is. */
function closeOrder(order: VenueOrderState, cause: "REQUEST" | "IOC" | "EXPIRY", now: EpochMs): VenueStep {
  if (order.status !== "RESTING") return { order, reports: [] };
  const { clientOrderId } = order.terms;
  if (cause === "EXPIRY") {
    return {
      order: { ...order, status: "EXPIRED" },
      reports: [{ kind: "EXPIRED", clientOrderId, atMs: now, filledUnits: order.filledUnits }],
    };
  }
  const reason = cause === "IOC" ? "IOC_REMAINDER" : "REQUESTED";
  return {
    order: { ...order, status: "CANCELED", reason },
    reports: [{ kind: "CANCELED", clientOrderId, reason, atMs: now, filledUnits: order.filledUnits }],
  };
}

const followedBy = (first: VenueStep, second: VenueStep): VenueStep => ({
  order: second.order,
  reports: [...first.reports, ...second.reports],
});
