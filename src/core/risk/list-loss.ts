// What a list that sells something can lose at most, and how much of that the day still carries. No stop helps against a gap, so
// what lies beyond a wing is held against the day's loss limit and its drawdown before anything is sent. What only buys is
// left by its stop like any single long.
import type { PriceView } from "../account/command.ts";
import { listsOf } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { minPaise, mulDivCeil, type Paise, paise, subtractPaise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import { worstPayoffPaise } from "../margin/worst-payoff.ts";
import { coverKey } from "../order-list/coverage.ts";
import { isListOver, type ListLeg, type OrderList } from "../order-list/order-list.ts";
import { dayResultPaise, openResultPaise } from "./daily-loss.ts";
import { drawdownOf } from "./drawdown.ts";
import { effectiveLimits } from "./effective-limits.ts";

type PricedLeg = Pick<ListLeg, "contract" | "side" | "quantityUnits" | "limitPricePaise">;

/** At expiry, wherever the index goes, at the prices it may deal at; null where nothing is sold or nothing bounds it. */
export function worstLossPaise(legs: readonly PricedLeg[]): Paise | null {
  if (legs.every(({ side }) => side === "BUY") || !isCovered(legs)) return null;
  const held = legs.map(({ contract, side, quantityUnits, limitPricePaise }) => ({
    contract,
    netUnits: side === "BUY" ? quantityUnits : -quantityUnits,
    pricePaise: limitPricePaise,
    ivBps: null,
  }));
  let worst = 0;
  // The index may end anywhere at each expiry.
  for (const expiry of new Set(held.map(({ contract }) => contract.expiry))) {
    worst += worstPayoffPaise(held.filter(({ contract }) => contract.expiry === expiry));
  }
  const cost = held.reduce((sum, { netUnits, pricePaise }) => sum + netUnits * pricePaise, 0);
  return paise(Math.max(0, worst + cost));
}

/** Of every kind at least as much is bought as is sold; what may be sold beyond that is sold naked, by leave of the limits. */
function isCovered(legs: readonly PricedLeg[]): boolean {
  const units = new Map<string, number>();
  for (const { contract, side, quantityUnits } of legs) {
    const key = coverKey(contract);
    units.set(key, (units.get(key) ?? 0) + (side === "BUY" ? quantityUnits : -quantityUnits));
  }
  return [...units.values()].every((net) => net >= 0);
}

/** What lists may still lose today beside those that stand or are under way: by the loss limit or the drawdown, the nearer one. */
export function lossLeftPaise(state: AccountState, prices: readonly PriceView[]): Paise {
  if (state.profile === null) return ZERO_PAISE;
  const standing = standingLists(state);
  const names = new Set(standing.map(({ listId }) => listId));
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  // What they have lost by now is part of what they may lose.
  const theirs = Object.values(state.openTrades).filter(({ listId }) => listId !== undefined && names.has(listId));
  const countedPaise = sumPaise(theirs, ({ position }) => openResultPaise(position, byInstrument) ?? ZERO_PAISE);
  const resultPaise = subtractPaise(dayResultPaise(state, prices), countedPaise);
  const { limit } = effectiveLimits(state.profile).dailyLossMaxPaise;
  const byDayPaise = paise(limit - Math.max(0, -resultPaise));
  const drawdown = drawdownOf(state, prices);
  const byDrawdownPaise =
    drawdown === null ? byDayPaise : paise(drawdown.limitPaise - Math.max(0, drawdown.peakResultPaise - resultPaise));
  return subtractPaise(minPaise(byDayPaise, byDrawdownPaise), sumPaise(standing, worstOf));
}

/** What the lists that stand or are under way may lose together. */
export const listsMayLosePaise = (state: AccountState): Paise => sumPaise(standingLists(state), worstOf);

const standingLists = (state: AccountState): readonly OrderList[] =>
  listsOf(state).filter((list) => isAtRisk(state, list) && worstOf(list) > 0);

const isAtRisk = ({ openTrades }: AccountState, { kind, purpose, stage, listId }: OrderList): boolean =>
  kind === "COMBINATION" &&
  purpose === "ENTRY" &&
  (!isListOver(stage) || Object.values(openTrades).some((trade) => trade.listId === listId));

/** Of one that was given up in part, the sets that are kept; rounded up, against the user. */
const worstOf = ({ legs, sets, keptSets }: OrderList): Paise =>
  mulDivCeil(worstLossPaise(legs) ?? ZERO_PAISE, keptSets ?? sets, sets);
