// The account's limits on amounts: one order, one position, one underlying, everything together. What is under way counts with
// what is left of it, and the order that is asked for counts in full.
import type { OptionContract } from "../instrument/contract.ts";
import { openUnits } from "../order/order.ts";
import { effectiveLimits } from "./effective-limits.ts";
import { openCostPaise, reservedPaise } from "./exposure.ts";
import { lossLeftPaise } from "./list-loss.ts";
import { openSummary } from "./open-trades.ts";
import { atMost, type CheckContext, type Finding, PASSED, type Rule, whatPasses } from "./rule.ts";

export const SIZE_RULES: readonly Rule[] = [
  { id: "ORDER_VALUE_LIMIT", on: "ENTRY", check: orderValue },
  { id: "POSITION_LOTS_LIMIT", on: "ENTRY", check: positionLots },
  { id: "POSITION_SIZE_LIMIT", on: "ENTRY", check: positionSize },
  { id: "PORTFOLIO_EXPOSURE_LIMIT", on: "ENTRY", check: portfolioExposure },
  { id: "DAILY_TURNOVER_LIMIT", on: "ENTRY", check: turnover },
  { id: "LIST_LOSS_LIMIT", on: "ENTRY", check: listLoss },
];

function orderValue(context: CheckContext): Finding {
  const { profile, orderPaise, market } = context;
  const { limit } = effectiveLimits(profile).orderValueMaxPaise;
  const own = market.list?.valuePaise ?? orderPaise;
  const { dealtPaise = 0 } = market;
  const value = own + dealtPaise;
  return atMost({ code: "ORDER_VALUE_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" }, () =>
    whatPasses(context, limit - dealtPaise, own, "not even one does: take a cheaper contract"),
  );
}

/** Lots of one underlying, over all its contracts (C-04). */
function positionLots({ state, profile, terms, working, market }: CheckContext): Finding {
  const { underlying } = terms.contract;
  const { limit } = effectiveLimits(profile).openLotsMax;
  let held = openSummary(state.openTrades).of.get(underlying)?.lots ?? 0;
  for (const order of working.entries) {
    if (order.contract.underlying === underlying) held += lots(order.contract, openUnits(order));
  }
  const value = held + (market.list?.lots ?? lots(terms.contract, terms.quantityUnits));
  return atMost(
    { code: "POSITION_LOTS_LIMIT", field: "quantityUnits", limit, value, unit: "LOTS" },
    () => `${Math.max(0, limit - held)} further lots of ${underlying} would pass`,
  );
}

/** Notional of the position with what is there already (C-26, G-40). */
function positionSize(context: CheckContext): Finding {
  const { state, profile, terms, working, market, orderPaise } = context;
  const { instrumentId } = terms.contract;
  const { limit } = effectiveLimits(profile).positionSizeMaxPaise;
  // An order in slices is one position, whichever of them is asked about.
  const ownPaise = market.list?.isCombination === false ? market.list.valuePaise : orderPaise;
  let value = ownPaise + Math.abs(state.openTrades[instrumentId]?.position.costPaise ?? 0);
  for (const order of working.entries) {
    if (order.contract.instrumentId === instrumentId) value += order.reservedPaise;
  }
  return atMost({ code: "POSITION_SIZE_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" }, () =>
    whatPasses(context, limit - value + ownPaise, ownPaise, "close some of the position first"),
  );
}

function portfolioExposure(context: CheckContext): Finding {
  const { state, profile, needPaise, setAsidePaise } = context;
  const { limit } = effectiveLimits(profile).portfolioExposureMaxPaise;
  const value = openCostPaise(state) + reservedPaise(state) - setAsidePaise + needPaise;
  return atMost({ code: "PORTFOLIO_EXPOSURE_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" }, () =>
    whatPasses(context, limit - value + needPaise, needPaise, "close a trade first"),
  );
}

/** Premium of everything dealt today, both sides, and of what may still deal. Off unless somebody has set it (C-32). */
function turnover(context: CheckContext): Finding {
  const { profile, working, orderPaise, market } = context;
  const limit = effectiveLimits(profile).dailyTurnoverMaxPaise?.limit;
  if (limit === undefined) return PASSED;
  const ownPaise = market.list?.valuePaise ?? orderPaise;
  const value = working.tradedPaise + working.reservedPaise + ownPaise;
  return atMost({ code: "DAILY_TURNOVER_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" }, () =>
    whatPasses(context, limit - value + ownPaise, ownPaise, "today only exits are taken"),
  );
}

/** A part of a lot counts as a whole one. */
const lots = ({ lotSize }: OptionContract, units: number): number => Math.ceil(units / lotSize);

/** What a list may lose beyond its wings, against what the day may still lose by its limit and its drawdown. */
function listLoss({ state, market: { list, heldPrices } }: CheckContext): Finding {
  const value = list?.lossMaxPaise ?? null;
  if (list === undefined || value === null) return PASSED;
  const limit = Math.max(0, lossLeftPaise(state, heldPrices));
  const sets = Math.floor((limit * list.sets) / Math.max(1, value));
  return atMost({ code: "LIST_LOSS_LIMIT", field: "sets", limit, value, unit: "PAISE" }, () =>
    sets > 0
      ? `${sets} of these sets may lose no more than the day still may and would pass`
      : "one set may lose more than the day still may; what is bought nearer to what is sold would pass, or more capital",
  );
}
