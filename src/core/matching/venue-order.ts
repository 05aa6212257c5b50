// An order in the simulated venue's books, from the moment it is on its way there.
import type { FeedHalt } from "../account/command.ts";
import type { EpochMs } from "../kernel/time.ts";
import { epochMs } from "../kernel/time.ts";
import type { ClientOrderId, OrderTerms } from "../order/order.ts";

/** ARRIVING: sent, not there yet. RESTING: in the book. The others are final. */
type VenueOrderStatus = "ARRIVING" | "RESTING" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";

export interface VenueOrderState {
  readonly accountId: string;
  readonly terms: OrderTerms;
  readonly venueOrderId: string;
  readonly status: VenueOrderStatus;
  readonly arrivesAtMs: EpochMs;
  /** When a request to cancel it reaches the venue; null while none is on its way. */
  readonly cancelArrivesAtMs: EpochMs | null;
  readonly filledUnits: number;
  readonly executions: number;
  /** It met a closed gate: it will be rejected for this when it arrives. */
  readonly refusal?: FeedHalt["code"];
}

/** What the venue goes by. */
export interface VenueRules {
  /** From leaving the account to reaching the book, both for orders and for requests to cancel. */
  readonly latencyMs: number;
  /** Continuous trading; outside of it orders are rejected, and at its end DAY orders expire. */
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
}

export const VENUE_LATENCY_MS = 250;

/** The venue's own id, a pure function of ours, so that a repeated run names everything alike. */
const venueOrderIdOf = (clientOrderId: ClientOrderId): string => `SIM-${clientOrderId}`;

/** Takes an order in transit. It is matched when it arrives, not before. */
export const acceptOrder = (
  accountId: string,
  terms: OrderTerms,
  submittedAtMs: EpochMs,
  rules: VenueRules,
): VenueOrderState => ({
  accountId,
  terms,
  venueOrderId: venueOrderIdOf(terms.clientOrderId),
  status: "ARRIVING",
  arrivesAtMs: epochMs(submittedAtMs + rules.latencyMs),
  cancelArrivesAtMs: null,
  filledUnits: 0,
  executions: 0,
});

/** Notes a request to cancel, which never overtakes the order itself. A final order and a second request stay as they are. */
export function requestCancel(order: VenueOrderState, requestedAtMs: EpochMs, rules: VenueRules): VenueOrderState {
  if (isFinal(order) || order.cancelArrivesAtMs !== null) return order;
  return {
    ...order,
    cancelArrivesAtMs: epochMs(Math.max(requestedAtMs + rules.latencyMs, order.arrivesAtMs)),
  };
}

export const isFinal = (order: VenueOrderState): boolean => order.status !== "ARRIVING" && order.status !== "RESTING";

/** When this order next needs the venue's attention even if no quote comes: arrival, cancel or expiry. Null when final. */
export function dueMsOf(order: VenueOrderState, rules: VenueRules): EpochMs | null {
  if (isFinal(order)) return null;
  if (order.status === "ARRIVING") return order.arrivesAtMs;
  return epochMs(Math.min(order.cancelArrivesAtMs ?? rules.closeMs, rules.closeMs));
}
