// The account's limits on what it opens: how many trades, how many at once, how much in one order. An entry under way counts
// as if it were done, so that several at once cannot pass a limit together.
import { orderValueMaxPaise } from "../account/category.ts";
import { atMost, below, bounded, type CheckContext, type Finding, type Rule } from "./rule.ts";
import { openInstruments, tradesOfCycle, tradesOfDay } from "./trade-counts.ts";

export const LIMIT_RULES: readonly Rule[] = [
  { id: "DAY_TRADES_LIMIT", on: "ENTRY", check: dayTrades },
  { id: "CYCLE_TRADES_LIMIT", on: "ENTRY", check: cycleTrades },
  { id: "OPEN_TRADES_LIMIT", on: "ENTRY", check: openTrades },
  { id: "ORDER_VALUE_LIMIT", on: "ENTRY", check: orderValue },
];

/** The user's figure and the day's adaptive one both bind (C-59). */
function dayTrades({ state, profile, day, working }: CheckContext): Finding {
  const limit = Math.min(profile.limits.tradesPerDayMax, day.vixTradesMax);
  const value = tradesOfDay(state, working.pendingEntries);
  return below(
    { code: "DAY_TRADES_LIMIT", field: "side", limit, value, unit: "TRADES" },
    () => "no further trade passes today",
  );
}

/** Per underlying and account (C-06). */
function cycleTrades({ state, profile, terms, working }: CheckContext): Finding {
  const { underlying } = terms.contract;
  const limit = profile.limits.tradesPerCycleMax;
  const value = terms.cycleId === null ? 0 : tradesOfCycle(state, working.pendingEntries, terms.cycleId, underlying);
  return below(
    { code: "CYCLE_TRADES_LIMIT", field: "instrumentId", limit, value, unit: "TRADES" },
    () => `${underlying} can be traded again in the next cycle`,
  );
}

/** More of what is open already is no further open trade. */
function openTrades({ state, profile, terms, working }: CheckContext): Finding {
  const open = openInstruments(state, working.pendingEntries);
  const limit = profile.limits.openTradesMax;
  return bounded(
    open.has(terms.contract.instrumentId) || open.size < limit,
    { code: "OPEN_TRADES_LIMIT", field: "instrumentId", limit, value: open.size, unit: "TRADES" },
    () => "close a trade first",
  );
}

function orderValue({ profile, orderPaise }: CheckContext): Finding {
  const limit = orderValueMaxPaise(profile);
  return atMost(
    { code: "ORDER_VALUE_LIMIT", field: "quantityUnits", limit, value: orderPaise, unit: "PAISE" },
    () => "use fewer lots",
  );
}
