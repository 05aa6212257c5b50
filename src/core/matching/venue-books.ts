// The simulated venue's books of one day in memory, for a run that nobody can interrupt: orders, and what was reported on them.
// The rules are those of venue-order and match-order; the platform keeps the same on disk.
import type { VenueReport } from "../account/command.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import { type EpochMs, epochMs } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { ClientOrderId, OrderTerms, ReplaceableTerms } from "../order/order.ts";
import { bookOf } from "./book.ts";
import { advanceOrder } from "./match-order.ts";
import {
  acceptOrder,
  dueMsOf,
  isFinal,
  requestCancel,
  requestReplace,
  type VenueOrderState,
  type VenueRules,
} from "./venue-order.ts";

interface Entry {
  readonly sequence: number;
  order: VenueOrderState;
  dueMs: EpochMs | null;
}

export interface AccountReport {
  readonly accountId: string;
  readonly report: VenueReport;
}

export class VenueBooks {
  readonly #rules: VenueRules;
  readonly #entries: Entry[] = [];
  readonly #byKey = new Map<string, Entry>();
  /** Orders that something can still become of, in the order in which they came. */
  #live: Entry[] = [];
  readonly #reports: AccountReport[] = [];

  constructor(rules: VenueRules) {
    this.#rules = rules;
  }

  /** Takes an order in transit. One with a known id changes nothing. */
  submit(accountId: string, terms: OrderTerms, submittedAtMs: EpochMs): void {
    const key = keyOf(accountId, terms.clientOrderId);
    if (this.#byKey.has(key)) return;
    const order = acceptOrder(accountId, terms, submittedAtMs, this.#rules);
    const entry: Entry = { sequence: this.#entries.length, order, dueMs: dueMsOf(order, this.#rules) };
    this.#entries.push(entry);
    this.#live.push(entry);
    this.#byKey.set(key, entry);
  }

  /** Nobody cancels here what has not been submitted before: an account and its venue live in one process. */
  cancel(accountId: string, clientOrderId: ClientOrderId, atMs: EpochMs): void {
    const entry = this.#byKey.get(keyOf(accountId, clientOrderId));
    if (entry !== undefined) this.#change(entry, requestCancel(entry.order, atMs, this.#rules));
  }

  /** False when the venue has never seen the order. */
  replace(
    accountId: string,
    clientOrderId: ClientOrderId,
    request: { readonly modifyId: string; readonly terms: ReplaceableTerms; readonly sentAtMs: EpochMs },
  ): boolean {
    const entry = this.#byKey.get(keyOf(accountId, clientOrderId));
    if (entry === undefined) return false;
    this.#change(entry, requestReplace(entry.order, request, this.#rules));
    return true;
  }

  /** The earliest instant at which an order needs attention even without a quote. */
  nextDueMs(): EpochMs | null {
    let first: number | null = null;
    for (const { dueMs } of this.#live) if (dueMs !== null && (first === null || dueMs < first)) first = dueMs;
    return first === null ? null : epochMs(first);
  }

  /** Contracts with orders that a quote may meet. */
  get quotedFor(): readonly InstrumentId[] {
    return this.#live.map(({ order }) => order.terms.contract.instrumentId);
  }

  /** Carries out what is due at an instant and returns the new reports in the order in which the orders were taken. */
  advance(
    now: EpochMs,
    quoted: ReadonlySet<InstrumentId>,
    quoteOf: (instrumentId: InstrumentId) => HeldQuote | null,
  ): readonly AccountReport[] {
    if (this.#live.length === 0) return [];
    const reported: AccountReport[] = [];
    for (const entry of this.#live) {
      const { accountId, status, terms } = entry.order;
      const { instrumentId } = terms.contract;
      const isMet = status === "RESTING" && quoted.has(instrumentId);
      if (!isMet && (entry.dueMs === null || entry.dueMs > now)) continue;
      const { order, reports } = advanceOrder(entry.order, quoteOf(instrumentId), isMet, now, this.#rules);
      this.#change(entry, order);
      for (const report of reports) reported.push({ accountId, report });
    }
    this.#live = this.#live.filter(({ order, dueMs }) => !isFinal(order) || dueMs !== null);
    this.#reports.push(...reported);
    return reported;
  }

  /** What the venue shows of an account. */
  book(accountId: string): ReturnType<typeof bookOf> {
    const orders = this.#entries.map(({ order }) => order).filter((order) => order.accountId === accountId);
    return bookOf(orders, this.#reportsOf(accountId));
  }

  #reportsOf(accountId: string): readonly VenueReport[] {
    return this.#reports.filter((each) => each.accountId === accountId).map(({ report }) => report);
  }

  #change(entry: Entry, order: VenueOrderState): void {
    if (order === entry.order) return;
    entry.order = order;
    entry.dueMs = dueMsOf(order, this.#rules);
    if (entry.dueMs === null || this.#live.includes(entry)) return;
    // Asked about after its end: it takes its place among the others again.
    this.#live.push(entry);
    this.#live.sort((one, other) => one.sequence - other.sequence);
  }
}

const keyOf = (accountId: string, clientOrderId: ClientOrderId): string => `${accountId}/${clientOrderId}`;
