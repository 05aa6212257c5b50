// What callers are told of a command: where the account stands after it, and the order or the modification it was about.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { deniedOrder } from "../../src/core/account/evolve-order.ts";
import { findList, findOrderOrParent } from "../../src/core/account/lists.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { required } from "../../src/core/kernel/assert.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import type { Denial } from "../../src/core/risk/denial.ts";
import type { CommandOutcome, ListOutcome, ModifyOutcome, SubmitOutcome } from "../../src/ports/objects.ts";

export const outcomeOf = (state: AccountState, entries: readonly JournalEntry[]): CommandOutcome => ({
  sequence: state.sequence,
  replayed: entries.length === 0,
});

export function submitOutcomeOf(
  state: AccountState,
  clientOrderId: ClientOrderId,
  entries: readonly JournalEntry[],
): SubmitOutcome {
  const event = entries[0]?.event;
  // One that was denied because a list has its name is nowhere on record.
  const named = findOrderOrParent(state, clientOrderId);
  const order = required(
    named ?? (event?.type === "ORDER_DENIED" ? deniedOrder(event) : null),
    `order ${clientOrderId}`,
  );
  // A denial for reusing an id leaves the order that has the id as it is.
  return { ...outcomeOf(state, entries), order, denial: denialIn(entries) ?? order.denial };
}

export const listOutcomeOf = (
  state: AccountState,
  listId: ClientOrderId,
  entries: readonly JournalEntry[],
): ListOutcome => ({
  ...outcomeOf(state, entries),
  list: findList(state, listId) ?? null,
  denial: denialIn(entries),
});

/** Of the request itself: what the orders of a list meet when they are sent is the list's affair. */
function denialIn(entries: readonly JournalEntry[]): Denial | null {
  const event = entries[0]?.event;
  return event?.type === "ORDER_DENIED" || event?.type === "LIST_DENIED" ? event.denial : null;
}

export function modifyOutcomeOf(
  state: AccountState,
  clientOrderId: ClientOrderId,
  modifyId: string,
  entries: readonly JournalEntry[],
): ModifyOutcome {
  const { order, ...outcome } = submitOutcomeOf(state, clientOrderId, entries);
  const asked = order.modifications?.find((modification) => modification.modifyId === modifyId);
  const modification = required(asked, `modification ${modifyId} of ${clientOrderId}`);
  return { ...outcome, order, modification, denial: modification.denial ?? null };
}

export const frozen = (detail: string): AccountRefusal => ({
  code: "ACCOUNT_FROZEN",
  detail: `this account is read-only because its record does not add up: ${detail}`,
});

export function logFailure(at: string, accountId: string, error: unknown): void {
  console.error(JSON.stringify({ at, accountId, error: String(error) }));
}
