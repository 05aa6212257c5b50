// What of an account's options is sold, what protects it, and how much of a long may go without leaving a short uncovered.
import type { AccountState } from "../account/state.ts";
import type { InstrumentId, OptionContract } from "../instrument/contract.ts";
import { rememberingLast } from "../kernel/remembered.ts";
import { openUnits } from "../order/order.ts";
import { type Coverage, coverageOf, coverKey, type Holding, NO_COVERAGE, spareUnits } from "../order-list/coverage.ts";
import { shortOptionsOf } from "./effective-limits.ts";
import { workingOrders } from "./working-orders.ts";

/** What everything held and every sale under way comes to, by underlying, expiry and type: every level of every trade asks. */
const coverages = rememberingLast(
  (state: AccountState): ReadonlyMap<string, Coverage> => coverageOf(holdingsOf(state)),
);

/** Everything held, with the sales that are under way; purchases under way protect nothing yet. */
export function holdingsOf(state: AccountState): readonly Holding[] {
  const holdings = new Map<InstrumentId, { contract: OptionContract; netUnits: number; sellingUnits: number }>();
  for (const { position } of Object.values(state.openTrades)) {
    const { contract, netUnits } = position;
    holdings.set(contract.instrumentId, { contract, netUnits, sellingUnits: 0 });
  }
  for (const order of workingOrders(state).underWay) {
    const { contract, side } = order;
    if (side !== "SELL") continue;
    const known = holdings.get(contract.instrumentId) ?? { contract, netUnits: 0, sellingUnits: 0 };
    known.sellingUnits += openUnits(order);
    holdings.set(contract.instrumentId, known);
  }
  return [...holdings.values()];
}

/** Units of a contract's kind that may still be sold short with protection behind them. */
export const coverableUnits = (state: AccountState, contract: OptionContract): number =>
  spareUnits(coverages(state).get(coverKey(contract)) ?? NO_COVERAGE);

/** Sold units of any kind that nothing held protects, with everything under way that sells dealt: 0 in a sound account. */
export function uncoveredUnits(state: AccountState): number {
  let uncovered = 0;
  for (const { soldUnits, protectingUnits } of coverages(state).values()) {
    uncovered += Math.max(0, soldUnits - protectingUnits);
  }
  return uncovered;
}

/**
 * How many units of a long may be sold. A list's own protection stays as long as the list's short does: its margin rests on
 * exactly that distance of strikes. Beyond that any held unit of the kind protects as well as any other, and where naked
 * shorts are allowed none needs to.
 */
export function releasableUnits(state: AccountState, contract: OptionContract): number {
  const trade = state.openTrades[contract.instrumentId];
  if (trade === undefined || !hasSales(state)) return Number.POSITIVE_INFINITY;
  const key = coverKey(contract);
  const ofList = Object.values(state.openTrades).filter(
    ({ listId, position }) => listId !== undefined && listId === trade.listId && coverKey(position.contract) === key,
  );
  const heldOfList = ofList.reduce((sum, { position }) => sum + Math.max(0, position.netUnits), 0);
  const soldOfList = ofList.reduce((sum, { position }) => sum + Math.max(0, -position.netUnits), 0);
  const spareOfList = soldOfList === 0 ? Number.POSITIVE_INFINITY : Math.max(0, heldOfList - soldOfList);
  if (shortOptionsOf(state.profile) === "NAKED") return spareOfList;
  const coverage = coverages(state).get(key) ?? NO_COVERAGE;
  return coverage.soldUnits === 0 ? spareOfList : Math.min(spareOfList, spareUnits(coverage));
}

/** Whether anything is sold short or is being sold: where nothing is, nothing has to be covered. */
const hasSales = (state: AccountState): boolean =>
  Object.values(state.openTrades).some(({ position }) => position.netUnits < 0) ||
  workingOrders(state).underWay.some(({ side }) => side === "SELL");
