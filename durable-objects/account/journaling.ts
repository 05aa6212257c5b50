// What a decision's events become: numbered and chained entries, the state after them, and what others are to be told. Pure.
import type { AccountEvent, JournalEntry } from "../../src/core/account/event.ts";
import { evolve } from "../../src/core/account/evolve.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { chainHash } from "../../src/core/ledger/hash-chain.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import { projectEvent } from "../../src/core/reporting/project.ts";

interface Journaled {
  readonly entries: readonly JournalEntry[];
  readonly told: readonly ReturnType<typeof projectEvent>[];
  readonly state: AccountState;
  readonly headHash: string;
}

export function journaled(before: AccountState, headHash: string, events: readonly AccountEvent[]): Journaled {
  const entries: JournalEntry[] = [];
  const told: ReturnType<typeof projectEvent>[] = [];
  let state = before;
  let hash = headHash;
  for (const event of events) {
    const sequence = state.sequence + 1;
    hash = chainHash(hash, sequence, event);
    const entry = { sequence, event, hash };
    const after = evolve(state, event);
    entries.push(entry);
    told.push(projectEvent(state, entry, after));
    state = after;
  }
  return { entries, told, state, headHash: hash };
}

/** Events about an order that are no answer of the venue to it. */
const NO_ANSWER: ReadonlySet<AccountEvent["type"]> = new Set([
  "CANCEL_REQUESTED",
  "REPLACE_REQUESTED",
  "REPLACE_DENIED",
  "ORDER_OUTCOME_UNKNOWN",
  "ORDER_NOT_FOUND",
]);

/** Keeps the set of orders the venue has not answered for. */
export function countInFlight(inFlight: Set<ClientOrderId>, event: AccountEvent): void {
  if (event.type === "ORDER_SUBMITTED") inFlight.add(event.terms.clientOrderId);
  else if ("clientOrderId" in event && !NO_ANSWER.has(event.type)) inFlight.delete(event.clientOrderId);
}
