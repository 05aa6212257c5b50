// What is not settled about an order and how it settles: requests whose outcome nobody knows, replacements on their way, orders
// that live on at the venue, and the runs of the reconciliation.
import { required } from "../kernel/assert.ts";
import { type Modification, type Order, replaceableOf } from "../order/order.ts";
import type { AccountEvent } from "./event.ts";
import { moved, orderOf, reservedFor, withOrder, withRelease } from "./evolve-order.ts";
import { withOrderBack } from "./finished-orders.ts";
import type { AccountState, ReconciliationRun } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

/** So many runs are kept in the state; the journal has them all. */
const RUNS_KEPT = 20;

export function outcomeUnknown(state: AccountState, event: Event<"ORDER_OUTCOME_UNKNOWN">): AccountState {
  const { clientOrderId, request, atMs } = event;
  const order = orderOf(state, clientOrderId);
  // Asking again to take an order out is harmless, so nothing has to be remembered of it.
  if (request === "CANCEL") return state;
  if (request === "SUBMIT") return moved(state, { ...order, unknownSinceMs: atMs }, "OUTCOME_UNKNOWN", atMs);
  const pendingReplace = { ...required(order.pendingReplace, "a replacement under way"), unknownSinceMs: atMs };
  return moved(state, { ...order, pendingReplace }, "OUTCOME_UNKNOWN", atMs);
}

export function orderNotFound(state: AccountState, event: Event<"ORDER_NOT_FOUND">): AccountState {
  const { clientOrderId, modifyId, readAtMs } = event;
  const order = orderOf(state, clientOrderId);
  const { pendingReplace } = order;
  if (event.isGone === true) return withOrder(state, settledRecall(order));
  if (modifyId === undefined) return withOrder(state, { ...order, missedAtMs: readAtMs });
  if (pendingReplace?.modifyId !== modifyId) return state;
  return withOrder(state, { ...order, pendingReplace: { ...pendingReplace, missedAtMs: readAtMs } });
}

/** Asked back and answered: its absence is to be read anew. */
export function recallAnswered(state: AccountState, { clientOrderId }: Event<"CANCEL_REJECTED">): AccountState {
  const order = orderOf(state, clientOrderId);
  return order.recall === undefined ? state : withOrder(state, { ...settledRecall(order), recall: "ANSWERED" });
}

function settledRecall({ recall: _recall, missedAtMs: _missed, ...order }: Order): Order {
  return order;
}

export function replaceRequested(state: AccountState, event: Event<"REPLACE_REQUESTED">): AccountState {
  const { clientOrderId, replace, atMs } = event;
  const before = orderOf(state, clientOrderId);
  const { modifyId, releaseAtMs, ...terms } = replace;
  const order: Order = {
    ...before,
    pendingReplace: { ...replace, requestedAtMs: atMs },
    modifications: [...(before.modifications ?? []), { modifyId, ...terms, outcome: "PENDING" }],
  };
  return moved(withRelease(state, order, atMs, releaseAtMs), order, "REPLACE_REQUESTED", atMs);
}

export function replaceDenied(state: AccountState, event: Event<"REPLACE_DENIED">): AccountState {
  const { clientOrderId, modifyId, terms, denial } = event;
  const before = orderOf(state, clientOrderId);
  const denied: Modification = { modifyId, ...terms, outcome: "DENIED", reason: denial.code, denial };
  return withOrder(state, { ...before, modifications: [...(before.modifications ?? []), denied] });
}

export function replaceAnswered(
  state: AccountState,
  event: Event<"ORDER_REPLACED" | "REPLACE_REJECTED">,
): AccountState {
  const { pendingReplace: _answered, ...before } = orderOf(state, event.clientOrderId);
  const answered = { ...before, modifications: answeredModifications(before, event) };
  if (event.type === "REPLACE_REJECTED") return moved(state, answered, "REPLACE_REJECTED", event.atMs);
  const original = before.original ?? replaceableOf(before);
  return moved(state, { ...answered, ...event.terms, original }, "REPLACED", event.atMs);
}

const answeredModifications = (
  { modifications = [] }: Pick<Order, "modifications">,
  event: Event<"ORDER_REPLACED" | "REPLACE_REJECTED">,
): readonly Modification[] =>
  modifications.map((modification) => {
    if (modification.modifyId !== event.modifyId) return modification;
    return event.type === "ORDER_REPLACED"
      ? { ...modification, outcome: "REPLACED" }
      : { ...modification, outcome: "REJECTED", reason: event.reason };
  });

/** What the venue works on may deal: its money is not for others. */
const reservedAnew = (order: Order): Order => ({
  ...order,
  reservedPaise: reservedFor(order, order.status, order.filledUnits),
});

export function strayNoted(earlier: AccountState, event: Event<"ORDER_STRAY" | "ORDER_STRAY_ENDED">): AccountState {
  const state = withOrderBack(earlier, event.clientOrderId);
  const before = settledRecall(orderOf(state, event.clientOrderId));
  if (event.type === "ORDER_STRAY") {
    return withOrder(state, reservedAnew({ ...before, venueOrderId: event.venueOrderId, strayAtMs: event.atMs }));
  }
  const { strayAtMs: _ended, ...order } = before;
  return withOrder(state, reservedAnew(order));
}

export function reconciled(state: AccountState, event: Event<"RECONCILED">): AccountState {
  const { atMs, cause, readAtMs, compared, differences, differencesBeyond, isOvertaken, standing } = event;
  const run: ReconciliationRun = {
    sequence: state.sequence + 1,
    atMs,
    cause,
    readAtMs,
    compared,
    differences,
    ...(differencesBeyond === undefined ? {} : { differencesBeyond }),
    ...(isOvertaken === undefined ? {} : { isOvertaken }),
    ...(standing === undefined ? {} : { standing }),
  };
  const reconciliations = [...(state.reconciliations ?? []), run].slice(-RUNS_KEPT);
  const unread = new Set(event.cancelsUnread);
  const doubted = Object.values(state.orders).filter(
    (order) => order.cancelRefusedAtMs !== undefined && !unread.has(order.clientOrderId),
  );
  if (doubted.length === 0) return { ...state, reconciliations };
  const cleared = doubted.map(({ cancelRefusedAtMs: _read, ...order }): Order => order);
  const orders = { ...state.orders, ...Object.fromEntries(cleared.map((order) => [order.clientOrderId, order])) };
  return { ...state, orders, reconciliations };
}
