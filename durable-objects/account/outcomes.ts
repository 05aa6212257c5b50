// What callers are told of a command: where the account stands after it, and the order or the modification it was about.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { findOrder } from "../../src/core/account/finished-orders.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { required } from "../../src/core/kernel/assert.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import type { CommandOutcome, ModifyOutcome, SubmitOutcome } from "../../src/ports/objects.ts";

export const outcomeOf = (state: AccountState, entries: readonly JournalEntry[]): CommandOutcome => ({
  sequence: state.sequence,
  replayed: entries.length === 0,
});

export function submitOutcomeOf(
  state: AccountState,
  clientOrderId: ClientOrderId,
  entries: readonly JournalEntry[],
): SubmitOutcome {
  const order = required(findOrder(state, clientOrderId), `order ${clientOrderId}`);
  // A denial for reusing an id leaves the order that has the id as it is.
  const denied = entries.map((entry) => entry.event).find((event) => event.type === "ORDER_DENIED");
  return { ...outcomeOf(state, entries), order, denial: denied?.denial ?? order.denial };
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
