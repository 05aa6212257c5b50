// How many trades an account has made or is about to make. An entry under way counts as if it were done, so that several at
// once cannot pass a limit together.
import { listsOf } from "../account/lists.ts";
import type { AccountState, OpenTrade } from "../account/state.ts";
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { type ClientOrderId, isOver, type Order, type OrderTerms, openUnits } from "../order/order.ts";
import { ordersOfList, workingOrders } from "./working-orders.ts";

export const cycleTradesKey = (cycleId: string, underlying: Underlying): string => `${cycleId}/${underlying}`;

/** Entries that have not dealt yet; from the first fill on they are counted as trades. */
export const pendingEntries = (state: AccountState): readonly Order[] => workingOrders(state).pendingEntries;

export const tradesOfDay = (state: AccountState, pending: readonly Order[]): number =>
  (state.day?.trades ?? 0) + tradesIn(state, pending);

/** A list is one trade, and from its first fill on it is counted already. */
export const tradesIn = (state: AccountState, pending: readonly Order[]): number =>
  new Set(
    pending
      .filter(({ listId }) => listId === undefined || !hasDealt(state, listId))
      .map(({ clientOrderId, listId }) => listId ?? clientOrderId),
  ).size;

const hasDealt = (state: AccountState, listId: ClientOrderId): boolean =>
  ordersOfList(state, listId).some((order) => order.purpose === "ENTRY" && order.filledUnits > 0);

export function tradesOfCycle(
  state: AccountState,
  pending: readonly Order[],
  cycleId: string,
  underlying: Underlying,
): number {
  const made = state.day?.tradesByCycle[cycleTradesKey(cycleId, underlying)] ?? 0;
  const ofCycle = pending.filter((order) => order.cycleId === cycleId && order.contract.underlying === underlying);
  return made + tradesIn(state, ofCycle);
}

/** What is open or about to be: the instruments of trades of their own, and lists whole. */
export function openTradesOf(state: AccountState, pending: readonly Order[]): ReadonlySet<string> {
  const open = new Set<string>([
    ...Object.values(state.openTrades).map((trade) => openedAs(state, trade)),
    ...pending.map((order) => opensAs(state, order)),
    // While it builds it may have nothing out for a moment, and what it has dealt may have gone to what was held before.
    ...listsOf(state).flatMap(({ listId, kind, stage }) =>
      kind === "COMBINATION" && BUILDING.has(stage) ? [listId] : [],
    ),
  ]);
  const byExits = exceededByExits(state).filter((instrumentId) => !open.has(instrumentId));
  return new Set([...open, ...byExits.map((instrumentId) => `${instrumentId}/EXIT`)]);
}

/**
 * An entry may have closed what an exit under way was to close: the exit then opens the other side, once it deals. It counts,
 * but as long as it has not dealt no entry is more of it.
 */
const exceededByExits = (state: AccountState): readonly InstrumentId[] =>
  [...workingOrders(state).leavingUnits]
    .filter(([instrumentId, units]) => units > Math.abs(state.openTrades[instrumentId]?.position.netUnits ?? 0))
    .map(([instrumentId]) => instrumentId);

/**
 * More of what a list holds is the list's, as long as some of that stays. Where all of it is leaving already, what deals
 * after the exits opens a trade of its own; so does what goes against what is held, whoever holds it.
 */
function opensAs(state: AccountState, { listId, side, contract: { instrumentId } }: Order): string {
  const trade = state.openTrades[instrumentId];
  if (listId !== undefined) return listId;
  if (trade === undefined) return instrumentId;
  return isMoreOf(trade, side) && !isLeavingList(state, trade)
    ? openedAs(state, trade)
    : besideHeld(instrumentId, side);
}

const isMoreOf = ({ position }: OpenTrade, side: Order["side"]): boolean => (side === "BUY") === position.netUnits > 0;

const isLeavingList = (state: AccountState, { position: { contract }, listId }: OpenTrade): boolean =>
  listId !== undefined && closableUnits(state, contract.instrumentId) === 0;

const besideHeld = (instrumentId: InstrumentId, side: Order["side"]): string => `${instrumentId}/${side}`;

const BUILDING: ReadonlySet<string> = new Set(["PROTECTING", "SELLING"]);

/** A list has what its legs say. Held on the other side of a leg is what somebody else has bought or sold beyond it. */
function openedAs({ lists }: AccountState, { position: { contract, netUnits }, listId }: OpenTrade): string {
  const leg =
    listId === undefined
      ? undefined
      : lists?.[listId]?.legs.find(({ contract: { instrumentId } }) => instrumentId === contract.instrumentId);
  const isBeyond = leg !== undefined && (leg.side === "BUY") !== netUnits > 0;
  return listId === undefined || isBeyond ? contract.instrumentId : listId;
}

/**
 * Whether an order adds to what is open already: to its list, to what is held of its instrument on its side, or to an entry
 * that will open it. A combination is a trade of its own, whatever its legs are in; and so are an entry in what a list holds,
 * where all of that is leaving, and one against what is held, which turns it round.
 */
export function addsToOpen(
  open: ReadonlySet<string>,
  state: AccountState,
  { listId, contract: { instrumentId }, side }: OrderTerms,
  isOfCombination: boolean,
): boolean {
  if (listId !== undefined && open.has(listId)) return true;
  if (isOfCombination) return false;
  if (open.has(besideHeld(instrumentId, side))) return true;
  const trade = state.openTrades[instrumentId];
  if (trade === undefined) return open.has(instrumentId);
  return isMoreOf(trade, side) && !isLeavingList(state, trade);
}

/**
 * Whether a list has dealt or may still deal by what it has out: then it has met the limits on trades as a whole, and counts.
 * One whose orders have all come to nothing, by a lowered limit for instance, is asked again.
 */
export const isListUnderWay = (state: AccountState, listId: ClientOrderId | undefined): boolean =>
  listId !== undefined && ordersOfList(state, listId).some((order) => order.filledUnits > 0 || !isOver(order));

/** Units that may still be given for exit: what is held less what exits under way may take of it. Signed like the position. */
export function closableUnits(state: AccountState, instrumentId: InstrumentId): number {
  const held = state.openTrades[instrumentId]?.position.netUnits ?? 0;
  const { leavingUnits, entries } = workingOrders(state);
  let leaving = leavingUnits.get(instrumentId) ?? 0;
  // An entry against what is held (a short that was asked for before the long came) takes of it as well, once it deals.
  for (const entry of entries) {
    if (entry.contract.instrumentId === instrumentId && (entry.side === "SELL") === held > 0)
      leaving += openUnits(entry);
  }
  return held > 0 ? Math.max(0, held - leaving) : Math.min(0, held + leaving);
}

export const hasExitUnderWay = (state: AccountState, instrumentId: InstrumentId): boolean =>
  workingOrders(state).leavingUnits.has(instrumentId);
