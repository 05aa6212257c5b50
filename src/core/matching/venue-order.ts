// An order in the simulated venue's books, from the moment it is on its way there.
import type { FeedHalt } from "../account/command.ts";
import type { EpochMs } from "../kernel/time.ts";
import { epochMs } from "../kernel/time.ts";
import type { ClientOrderId, OrderTerms, ReplaceableTerms } from "../order/order.ts";

/** ARRIVING: sent, not there yet. RESTING: in the book, or waiting for its trigger. The others are final. */
type VenueOrderStatus = "ARRIVING" | "RESTING" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";

/** A request to change an order, on its way to the venue. */
export interface VenueReplace {
  readonly modifyId: string;
  readonly terms: ReplaceableTerms;
  readonly arrivesAtMs: EpochMs;
}

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
  /** A STOP_LIMIT whose trigger has been reached. */
  readonly isTriggered?: true;
  readonly replace?: VenueReplace;
  /** Requests to change it that have been answered: a repetition is answered no more. */
  readonly answered?: readonly string[];
  /** Why it is final, where there is something to say. */
  readonly reason?: string;
}

/** What the venue goes by. */
export interface VenueRules {
  /** From leaving the account to reaching the book, both for orders and for requests about them. */
  readonly latencyMs: number;
  /** Continuous trading; outside of it orders are rejected, and at its end DAY orders expire. */
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
}

export const VENUE_LATENCY_MS = 250;

/** The venue's own id, a pure function of ours, so that a repeated run names everything alike. */
const venueOrderIdOf = (clientOrderId: ClientOrderId): string => `SIM-${clientOrderId}`;

/** Takes an order in transit. It leaves at the instant the order rate gave it, and is matched when it arrives, not before. */
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
  arrivesAtMs: epochMs(Math.max(submittedAtMs, terms.releaseAtMs ?? 0) + rules.latencyMs),
  cancelArrivesAtMs: null,
  filledUnits: 0,
  executions: 0,
});

/** Notes a request to cancel, which never overtakes the order itself. A second request while one is on its way is none. */
export function requestCancel(order: VenueOrderState, requestedAtMs: EpochMs, rules: VenueRules): VenueOrderState {
  if (order.cancelArrivesAtMs !== null) return order;
  return {
    ...order,
    cancelArrivesAtMs: epochMs(Math.max(requestedAtMs + rules.latencyMs, order.arrivesAtMs)),
  };
}

/** Notes a request to change it, which never overtakes the order itself. One that is known already changes nothing. */
export function requestReplace(
  order: VenueOrderState,
  { modifyId, terms, sentAtMs }: Pick<VenueReplace, "modifyId" | "terms"> & { readonly sentAtMs: EpochMs },
  rules: VenueRules,
): VenueOrderState {
  if (order.replace?.modifyId === modifyId || order.answered?.includes(modifyId)) return order;
  const arrivesAtMs = epochMs(Math.max(sentAtMs + rules.latencyMs, order.arrivesAtMs));
  return { ...order, replace: { modifyId, terms, arrivesAtMs } };
}

export const isFinal = (order: VenueOrderState): boolean => order.status !== "ARRIVING" && order.status !== "RESTING";

/** A STOP_LIMIT waits for its trigger; nothing else does. */
export const isArmed = ({ terms, isTriggered }: VenueOrderState): boolean =>
  terms.type === "STOP_LIMIT" && isTriggered === undefined;

/** When this order next needs the venue's attention even if no quote comes. Null when it is final and nothing asks about it. */
export function dueMsOf(order: VenueOrderState, rules: VenueRules): EpochMs | null {
  const { cancelArrivesAtMs, replace } = order;
  const requests = [cancelArrivesAtMs, replace?.arrivesAtMs ?? null].filter((dueMs) => dueMs !== null);
  if (isFinal(order)) return requests.length === 0 ? null : epochMs(Math.min(...requests));
  if (order.status === "ARRIVING") return order.arrivesAtMs;
  return epochMs(Math.min(...requests, rules.closeMs));
}
