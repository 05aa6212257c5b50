// An account's lists, and what they come to from their child orders: what is still reserved for children not sent, and a parent
// order as if it were one order.
import type { OptionContract } from "../instrument/contract.ts";
import { mulDivCeil, type Paise, paise, sumPaise, valuePaise, ZERO_PAISE } from "../kernel/money.ts";
import { type ClientOrderId, type Order, possibleUnits } from "../order/order.ts";
import type { Child } from "../order-list/children.ts";
import { isListOver, type ListLeg, type OrderList } from "../order-list/order-list.ts";
import { parentStatus } from "../order-list/parent-status.ts";
import { ordersOfList } from "../risk/working-orders.ts";
import { findOrder } from "./finished-orders.ts";
import type { AccountState } from "./state.ts";

export type ListChild = Order & Child;

export const findList = (state: AccountState, listId: string): OrderList | undefined =>
  state.lists !== undefined && Object.hasOwn(state.lists, listId) ? state.lists[listId as ClientOrderId] : undefined;

export const listsOf = (state: AccountState): readonly OrderList[] =>
  state.lists === undefined ? [] : Object.values(state.lists);

/** In the order in which they were made. A child never leaves the day's orders while its list may still need it. */
export const childrenOf = (state: AccountState, { listId }: Pick<OrderList, "listId">): readonly ListChild[] =>
  ordersOfList(state, listId).filter((order): order is ListChild => order.legIndex !== undefined);

/** What is blocked for some of a leg that is sold; rounded up, against the account. */
export const marginShare = (leg: Pick<ListLeg, "marginPaise" | "quantityUnits">, units: number): Paise =>
  leg.marginPaise === 0 ? ZERO_PAISE : mulDivCeil(leg.marginPaise, units, leg.quantityUnits);

/** What lists keep for orders they have not sent yet, so that nobody else takes it while they fill leg by leg. */
export const reservedByLists = (state: AccountState): Paise =>
  state.lists === undefined
    ? ZERO_PAISE
    : sumPaise(listsOf(state).filter(isBuilding), (list) => sumPaise(openLegs(state, list), ({ paise: open }) => open));

/** What one list keeps for one of its legs; 0 once it builds no more. */
export const reservedForLeg = (state: AccountState, list: OrderList, legIndex: number): Paise =>
  isBuilding(list) ? (openLegs(state, list)[legIndex]?.paise ?? ZERO_PAISE) : ZERO_PAISE;

const isBuilding = ({ stage, purpose }: OrderList): boolean =>
  purpose === "ENTRY" && (stage === "PROTECTING" || stage === "SELLING" || stage === "WORKING");

/** By leg, what no child has dealt or may still deal: what a child may, it reserves itself. */
function openLegs(state: AccountState, list: OrderList): readonly { readonly paise: Paise }[] {
  const children = childrenOf(state, list);
  return list.legs.map((leg, legIndex) => {
    const given = children
      .filter((child) => child.legIndex === legIndex && child.side === leg.side)
      .reduce((sum, child) => sum + child.filledUnits + possibleUnits(child), 0);
    const open = Math.max(0, leg.quantityUnits - given);
    return { paise: leg.side === "BUY" ? valuePaise(leg.limitPricePaise, open) : marginShare(leg, open) };
  });
}

/** A sliced order as one order: its quantity and all that its children have done (SPL-03). */
export function parentOrder(state: AccountState, list: OrderList): Order | null {
  const [leg] = list.legs;
  if (leg === undefined) return null;
  const children = childrenOf(state, list);
  const last = children.at(-1);
  return {
    clientOrderId: list.listId,
    contract: leg.contract,
    side: leg.side,
    type: leg.type,
    timeInForce: leg.timeInForce,
    quantityUnits: leg.quantityUnits,
    limitPricePaise: leg.limitPricePaise,
    ...(leg.triggerPricePaise === undefined ? {} : { triggerPricePaise: leg.triggerPricePaise }),
    purpose: list.purpose,
    exitReason: list.exitReason,
    origin: list.origin,
    cycleId: list.cycleId,
    signalId: list.signalId,
    ...(list.cut === undefined ? {} : { cut: list.cut }),
    slices: children.length,
    status: list.stage === "DENIED" ? "DENIED" : parentStatus(leg.quantityUnits, children, isListOver(list.stage)),
    filledUnits: children.reduce((sum, child) => sum + child.filledUnits, 0),
    filledValuePaise: sumPaise(children, (child) => child.filledValuePaise),
    reservedPaise: paise(sumPaise(children, (child) => child.reservedPaise) + reservedForLeg(state, list, 0)),
    venueOrderId: null,
    denial: list.denial ?? children.find((child) => child.denial !== null)?.denial ?? null,
    rejectReason: last?.rejectReason ?? null,
    createdAtMs: list.createdAtMs,
    updatedAtMs: last === undefined || last.updatedAtMs < list.updatedAtMs ? list.updatedAtMs : last.updatedAtMs,
  };
}

/** An order by its own name, or the parent of slices by its. */
export function findOrderOrParent(state: AccountState, clientOrderId: string): Order | null {
  const order = findOrder(state, clientOrderId as ClientOrderId);
  if (order !== undefined) return order;
  const list = findList(state, clientOrderId);
  return list?.kind === "SLICED" ? parentOrder(state, list) : null;
}

/** The contract of an order of today, also when nobody quotes it any more; null where the id names none of this instrument. */
export function contractOfOrder(
  state: AccountState,
  { clientOrderId, instrumentId }: Pick<Order, "clientOrderId"> & Pick<OptionContract, "instrumentId">,
): OptionContract | null {
  const contract = findOrderOrParent(state, clientOrderId)?.contract;
  return contract?.instrumentId === instrumentId ? contract : null;
}
