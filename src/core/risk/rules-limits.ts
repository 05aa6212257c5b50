// The account's limits on how often and how much it opens. An entry under way counts as if it were done, so that several at
// once cannot pass a limit together; what is left of an order that has dealt is the rest of a trade and no further one.

import { ENTRY_WAIT_MAX_MS, releaseAt } from "../order/order-rate.ts";
import { effectiveLimits } from "./effective-limits.ts";
import { atMost, below, bounded, type CheckContext, type Finding, PASSED, type Rule } from "./rule.ts";
import { addsToOpen, openTradesOf, tradesIn, tradesOfCycle, tradesOfDay } from "./trade-counts.ts";

export const LIMIT_RULES: readonly Rule[] = [
  { id: "DAY_TRADES_LIMIT", on: "ENTRY", check: dayTrades },
  { id: "INDEX_TRADES_LIMIT", on: "ENTRY", check: indexTrades },
  { id: "CYCLE_TRADES_LIMIT", on: "ENTRY", check: cycleTrades },
  { id: "OPEN_TRADES_LIMIT", on: "ENTRY", check: openTrades },
  { id: "ORDER_RATE_LIMIT", on: "ENTRY", check: orderRate },
];

/** The strictest of user, operator and category, and the day's adaptive figure: all bind (C-59). */
function dayTrades({ state, profile, day, working, isRest }: CheckContext): Finding {
  if (isRest) return PASSED;
  const limit = Math.min(effectiveLimits(profile).tradesPerDayMax.limit, day.vixTradesMax);
  const value = tradesOfDay(state, working.pendingEntries);
  return below(
    { code: "DAY_TRADES_LIMIT", field: "side", limit, value, unit: "TRADES" },
    () => "no further trade passes today",
  );
}

function indexTrades({ state, profile, terms, working, isRest }: CheckContext): Finding {
  const { underlying } = terms.contract;
  const limit = effectiveLimits(profile).tradesPerDayByUnderlying[underlying]?.limit;
  if (limit === undefined || isRest) return PASSED;
  const pending = working.pendingEntries.filter((order) => order.contract.underlying === underlying);
  const value = working.tradesOf[underlying] + tradesIn(state, pending);
  return below(
    { code: "INDEX_TRADES_LIMIT", field: "instrumentId", limit, value, unit: "TRADES" },
    () => `no further trade in ${underlying} passes today; another index may`,
  );
}

/** Per underlying and account (C-06). */
function cycleTrades({ state, profile, terms, working, isRest }: CheckContext): Finding {
  if (terms.cycleId === null || isRest) return PASSED;
  const { underlying } = terms.contract;
  const { limit } = effectiveLimits(profile).tradesPerCycleMax;
  const value = tradesOfCycle(state, working.pendingEntries, terms.cycleId, underlying);
  return below(
    { code: "CYCLE_TRADES_LIMIT", field: "instrumentId", limit, value, unit: "TRADES" },
    () => `${underlying} can be traded again in the next cycle`,
  );
}

/** More of what is open already is no further open trade. */
function openTrades({ state, profile, terms, working, market }: CheckContext): Finding {
  const open = openTradesOf(state, working.entries);
  const { limit } = effectiveLimits(profile).openTradesMax;
  return bounded(
    addsToOpen(open, state, terms, market.list?.isCombination === true) || open.size < limit,
    { code: "OPEN_TRADES_LIMIT", field: "instrumentId", limit, value: open.size, unit: "TRADES" },
    () => "close a trade first",
  );
}

/** Ten a second for an exchange; an entry waits a second at most, because its price is no longer the one it was decided on. */
function orderRate({ day, terms, now }: CheckContext): Finding {
  const value = releaseAt(day.releases?.[terms.contract.exchange] ?? [], now, "ENTRY") - now;
  return atMost(
    { code: "ORDER_RATE_LIMIT", field: "clientOrderId", limit: ENTRY_WAIT_MAX_MS, value, unit: "MS" },
    () => `send it again in ${value - ENTRY_WAIT_MAX_MS} ms or later, under a new id`,
  );
}
