// A venue: where orders are sent, changed and taken out, and what it says of an account. Every request is answered for each
// order apart, with one of three outcomes; a lost answer is UNKNOWN and never an exception, so that nobody can mistake it for
// a refusal.

import type { OptionContract } from "../core/instrument/contract.ts";
import type { EpochMs, MarketDate } from "../core/kernel/time.ts";
import type { ClientOrderId, OrderTerms, ReplaceableTerms } from "../core/order/order.ts";
import type { VenueSnapshot } from "../core/reconciliation/snapshot.ts";

export type { VenueSnapshot } from "../core/reconciliation/snapshot.ts";

export interface VenueSubmission {
  /** `terms.releaseAtMs`, where given, is the earliest instant at which the adapter may send it. */
  readonly terms: OrderTerms;
  readonly submittedAtMs: EpochMs;
}

export interface VenueReplacement {
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: string | null;
  readonly contract: OptionContract;
  readonly modifyId: string;
  /** The whole order as it is to be; the quantity counts what has been filled. */
  readonly terms: ReplaceableTerms;
  readonly requestedAtMs: EpochMs;
  readonly releaseAtMs?: EpochMs;
}

export interface VenueCancellation {
  readonly clientOrderId: ClientOrderId;
  /** Null: the venue has not named it. It may never have arrived. */
  readonly venueOrderId: string | null;
  readonly contract: OptionContract;
  readonly requestedAtMs: EpochMs;
}

/**
 * ACCEPTED: the venue has taken the request in; what becomes of it comes as reports. REFUSED: it will not be done. UNKNOWN: no
 * answer, or none that can be understood.
 */
export type VenueOutcome =
  | { readonly kind: "ACCEPTED"; readonly venueOrderId: string | null }
  | { readonly kind: "REFUSED"; readonly code: string }
  | { readonly kind: "UNKNOWN"; readonly reason: string };

export interface VenueAnswer {
  readonly clientOrderId: ClientOrderId;
  readonly outcome: VenueOutcome;
}

export interface VenuePort {
  readonly name: string;
  /**
   * True where one client order id, sent twice, is one order at the venue itself. Only there may a lost answer be followed by
   * the same request; Indian brokers have no such key, so there it is looked up.
   */
  readonly takesRepeats: boolean;
  /**
   * True where requests of an account to one exchange arrive in the order in which they were given, or not at all, cancels
   * among them: then the answer to a cancel proves that the order it is about has arrived before it or never will. False where
   * cancels go a way of their own, or may be answered before they have gone the way of orders; and where nobody knows.
   */
  readonly keepsSequence: boolean;
  /** Which of these orders the venue has said something about: they are in its books, whatever became of the answer. */
  known(accountId: string, orders: readonly OrderTerms[]): Promise<ReadonlySet<ClientOrderId>>;
  submit(accountId: string, orders: readonly VenueSubmission[]): Promise<readonly VenueAnswer[]>;
  replace(accountId: string, requests: readonly VenueReplacement[]): Promise<readonly VenueAnswer[]>;
  cancel(accountId: string, requests: readonly VenueCancellation[]): Promise<readonly VenueAnswer[]>;
  /**
   * What the venue shows of the account's day. Rejects when it cannot be read: half a book is no book. Null when the venue has no
   * book of that day.
   */
  snapshot(accountId: string, date: MarketDate, nowMs: EpochMs): Promise<VenueSnapshot | null>;
}
