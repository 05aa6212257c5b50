// How lists change the account's state. Their orders do so themselves.
import { required } from "../kernel/assert.ts";
import type { OrderList, OrderListTerms } from "../order-list/order-list.ts";
import type { AccountEvent } from "./event.ts";
import { findList } from "./lists.ts";
import type { AccountState } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function listChanged(
  state: AccountState,
  event: Event<"LIST_SUBMITTED" | "LIST_DENIED" | "LIST_MOVED">,
): AccountState {
  switch (event.type) {
    case "LIST_SUBMITTED":
      return listSubmitted(state, event);
    case "LIST_DENIED":
      return listDenied(state, event);
    case "LIST_MOVED":
      return listMoved(state, event);
  }
}

const listSubmitted = (state: AccountState, { terms, atMs }: Event<"LIST_SUBMITTED">): AccountState =>
  withList(state, { ...newList(terms, atMs), stage: terms.kind === "SLICED" ? "WORKING" : "PROTECTING" });

/** An id that is taken belongs to the list that had it first. */
const listDenied = (state: AccountState, { terms, denial, atMs }: Event<"LIST_DENIED">): AccountState =>
  findList(state, terms.listId) === undefined && !Object.hasOwn(state.orders, terms.listId)
    ? withList(state, { ...newList(terms, atMs), stage: "DENIED", reason: denial.detail, denial })
    : state;

function listMoved(state: AccountState, event: Event<"LIST_MOVED">): AccountState {
  const list = required(state.lists?.[event.listId], `list ${event.listId}`);
  const { stage, reason, keptSets, leaving, atMs } = event;
  return withList(state, { ...list, stage, reason, keptSets, leaving, updatedAtMs: atMs });
}

const newList = (terms: OrderListTerms, atMs: AccountEvent["atMs"]): Omit<OrderList, "stage"> => ({
  ...terms,
  reason: null,
  denial: null,
  leaving: null,
  keptSets: null,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});

const withList = (state: AccountState, list: OrderList): AccountState => ({
  ...state,
  lists: { ...state.lists, [list.listId]: list },
});
