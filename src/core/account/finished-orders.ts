// Orders that ended without dealing are kept apart, so that an account that sends thousands of them stays as quick as one that
// sends ten: a record of the day's orders is copied with every change, an array bucket hardly costs anything. Nothing is
// forgotten within the day: a client order id stays taken, and a late fill still finds its order.
import type { ClientOrderId, Order } from "../order/order.ts";
import { isOver } from "../order/order.ts";
import type { AccountState } from "./state.ts";

const BUCKETS = 256;
/** So many stay among the day's orders; they move once there are twice as many. */
const KEPT = 64;

/** An order of the day, wherever it is kept. Only the record's own members count: "constructor" is a name like any other. */
export const findOrder = (state: AccountState, clientOrderId: ClientOrderId): Order | undefined =>
  Object.hasOwn(state.orders, clientOrderId)
    ? state.orders[clientOrderId]
    : bucketOf(state, clientOrderId).find((order) => order.clientOrderId === clientOrderId);

/** How many orders that were sent are kept apart. */
export const finishedSent = (state: AccountState): number =>
  (state.finishedOrders ?? []).reduce(
    (sum, bucket) => sum + bucket.filter((order) => order.status !== "DENIED").length,
    0,
  );

/** Moves the oldest of the orders that ended without dealing aside, once there are many; done before a new one comes. */
export function withFinishedAside(state: AccountState): AccountState {
  // Most orders come while there are few: then there is nothing to look through.
  if (Object.keys(state.orders).length < 2 * KEPT) return state;
  // A child stays as long as its list may look at it: by its children a list knows what it has done. So does what may arrive.
  const finished = Object.values(state.orders).filter(
    (order) => order.filledUnits === 0 && isOver(order) && order.listId === undefined && order.recall === undefined,
  );
  if (finished.length < 2 * KEPT) return state;
  const orders = { ...state.orders };
  const buckets = Array.from({ length: BUCKETS }, (_, index) => state.finishedOrders?.[index] ?? []);
  for (const order of finished.slice(0, finished.length - KEPT)) {
    delete orders[order.clientOrderId];
    const index = bucketIndex(order.clientOrderId);
    buckets[index] = [...(buckets[index] ?? []), order];
  }
  return { ...state, orders, finishedOrders: buckets };
}

/** The state with an order among the day's orders again: it has dealt after all. */
export function withOrderBack(state: AccountState, clientOrderId: ClientOrderId): AccountState {
  if (Object.hasOwn(state.orders, clientOrderId) || state.finishedOrders === undefined) return state;
  const order = findOrder(state, clientOrderId);
  if (order === undefined) return state;
  const index = bucketIndex(clientOrderId);
  return {
    ...state,
    orders: { ...state.orders, [clientOrderId]: order },
    finishedOrders: state.finishedOrders.map((bucket, at) =>
      at === index ? bucket.filter((other) => other.clientOrderId !== clientOrderId) : bucket,
    ),
  };
}

const bucketOf = (state: AccountState, clientOrderId: ClientOrderId): readonly Order[] =>
  state.finishedOrders?.[bucketIndex(clientOrderId)] ?? [];

/** FNV-1a over the id's UTF-16 code units. */
function bucketIndex(clientOrderId: ClientOrderId): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < clientOrderId.length; index += 1) {
    hash = Math.imul(hash ^ clientOrderId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % BUCKETS;
}
