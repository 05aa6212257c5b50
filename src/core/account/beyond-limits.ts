// A limit that is lowered, a ban or a KYC state that changes holds for what is under way as well: entries that would not be let
// through any more are taken out, the latest first, so that what remains is within every limit together (decision 0020).
import type { Order } from "../order/order.ts";
import { stillPasses } from "../risk/check.ts";
import { workingOrders } from "../risk/working-orders.ts";
import type { Draft } from "./draft.ts";
import { requestCancel } from "./exit-orders.ts";
import type { AccountState } from "./state.ts";

export function cancelBeyondLimits(draft: Draft): void {
  for (const order of entriesBeyondLimits(draft.state, draft.atMs)) requestCancel(draft, order);
}

/** Entries are let in again one by one, oldest first, beside the positions that are there. */
export function entriesBeyondLimits(state: AccountState, now: Draft["atMs"]): readonly Order[] {
  const entries = workingOrders(state).entries.toSorted((one, other) => one.createdAtMs - other.createdAtMs);
  if (entries.length === 0) return [];
  const waiting = new Set(entries.map(({ clientOrderId }) => clientOrderId));
  const beyond: Order[] = [];
  for (const order of entries) {
    // What waits counts for nothing yet; what it has dealt already is a position and stays counted.
    const kept = Object.entries(state.orders).map(([id, other]) =>
      waiting.has(other.clientOrderId)
        ? ([id, { ...other, status: "CANCELED", reservedPaise: 0 }] as const)
        : ([id, other] as const),
    );
    const without = { ...state, orders: Object.fromEntries(kept) } as AccountState;
    if (stillPasses(without, order, now)) waiting.delete(order.clientOrderId);
    else beyond.push(order);
  }
  return beyond;
}
