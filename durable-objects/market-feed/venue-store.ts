// The simulated venue's books on disk: orders, what was reported on them, and the book made from that. The rules are in
// the core; this keeps their results.
import type { FeedHalt, VenueReport } from "../../src/core/account/command.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../src/core/market/market-event.ts";
import { bookOf } from "../../src/core/matching/book.ts";
import { advanceOrder } from "../../src/core/matching/match-order.ts";
import {
  acceptOrder,
  dueMsOf,
  requestCancel,
  requestReplace,
  type VenueOrderState,
  type VenueRules,
} from "../../src/core/matching/venue-order.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import type { VenueOrder, VenueReplaceRequest } from "../../src/ports/objects.ts";

interface OrderRow extends Record<string, SqlStorageValue> {
  sequence: number;
  account_id: string;
  client_order_id: string;
  /** Null for an order that was to be canceled before it came: it never trades. */
  body: string | null;
}

export class VenueStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Takes an order in transit. One with a known id changes nothing. Nothing new passes a closed gate (`refusal`). */
  submit({ accountId, terms, submittedAtMs }: VenueOrder, rules: VenueRules, refusal: FeedHalt["code"] | null): void {
    const accepted = acceptOrder(accountId, terms, submittedAtMs, rules);
    const order = refusal === null || terms.purpose === "EXIT" ? accepted : { ...accepted, refusal };
    this.#sql.exec(
      `INSERT INTO venue_order (account_id, client_order_id, instrument_id, status, due_ms, body)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      accountId,
      terms.clientOrderId,
      terms.contract.instrumentId,
      order.status,
      dueMsOf(order, rules),
      JSON.stringify(order),
    );
  }

  /** Notes a request to cancel. An order the venue has never seen is reported as canceled, and refused should it still come. */
  cancel(accountId: string, clientOrderId: ClientOrderId, atMs: EpochMs, rules: VenueRules): void {
    const row = this.#row(accountId, clientOrderId);
    if (row === undefined) {
      this.#sql.exec(
        `INSERT INTO venue_order (account_id, client_order_id, instrument_id, status, due_ms, body)
         VALUES (?, ?, '', 'CANCELED', ?, NULL)`,
        accountId,
        clientOrderId,
        atMs + rules.latencyMs,
      );
    } else if (row.body !== null) {
      const before = JSON.parse(row.body) as VenueOrderState;
      const order = requestCancel(before, atMs, rules);
      if (order !== before) this.#write(row.sequence, order, rules);
    }
  }

  /** Notes a request to change an order. False when the venue has never seen it. */
  replace({ accountId, clientOrderId, modifyId, terms, sentAtMs }: VenueReplaceRequest, rules: VenueRules): boolean {
    const row = this.#row(accountId, clientOrderId);
    if (row === undefined || row.body === null) return false;
    const before = JSON.parse(row.body) as VenueOrderState;
    const order = requestReplace(before, { modifyId, terms, sentAtMs }, rules);
    if (order !== before) this.#write(row.sequence, order, rules);
    return true;
  }

  /** What the venue shows of an account. */
  book(accountId: string): ReturnType<typeof bookOf> {
    const orders = this.#sql
      .exec<{ body: string }>(
        "SELECT body FROM venue_order WHERE account_id = ? AND body IS NOT NULL ORDER BY sequence",
        accountId,
      )
      .toArray()
      .map((row) => JSON.parse(row.body) as VenueOrderState);
    const reports = this.#sql
      .exec<{ body: string }>(
        "SELECT body FROM venue_report WHERE account_id = ? AND kind = 'FILLED' ORDER BY sequence",
        accountId,
      )
      .toArray()
      .map((row) => JSON.parse(row.body) as VenueReport);
    return bookOf(orders, reports);
  }

  /** The earliest instant at which an order needs attention even without a quote. */
  nextDueMs(): EpochMs | null {
    const { dueMs } = this.#sql
      .exec<{ dueMs: number | null }>("SELECT MIN(due_ms) AS dueMs FROM venue_order WHERE due_ms IS NOT NULL")
      .one();
    return dueMs === null ? null : epochMs(dueMs);
  }

  /** Carries out what is due at an instant and returns the new reports in the order in which the orders were taken. */
  advance(
    now: EpochMs,
    quoted: ReadonlySet<InstrumentId>,
    quoteOf: (instrumentId: InstrumentId) => HeldQuote | null,
    rules: VenueRules,
  ): { readonly accountId: string; readonly report: VenueReport }[] {
    const reported: { accountId: string; report: VenueReport }[] = [];
    for (const row of this.#dueOrQuoted(now, quoted)) {
      if (row.body === null) {
        this.#sql.exec("UPDATE venue_order SET due_ms = NULL WHERE sequence = ?", row.sequence);
        const clientOrderId = row.client_order_id as ClientOrderId;
        const told = { kind: "CANCELED", clientOrderId, reason: "UNKNOWN_ORDER", filledUnits: 0 } as const;
        const report: VenueReport = { ...told, atMs: now };
        reported.push({ accountId: row.account_id, report });
        continue;
      }
      const before = JSON.parse(row.body) as VenueOrderState;
      const { instrumentId } = before.terms.contract;
      const { order, reports } = advanceOrder(before, quoteOf(instrumentId), quoted.has(instrumentId), now, rules);
      if (order !== before) this.#write(row.sequence, order, rules);
      reported.push(...reports.map((report) => ({ accountId: before.accountId, report })));
    }
    for (const { accountId, report } of reported) {
      this.#sql.exec(
        "INSERT INTO venue_report (account_id, client_order_id, kind, body) VALUES (?, ?, ?, ?)",
        accountId,
        report.clientOrderId,
        report.kind,
        JSON.stringify(report),
      );
    }
    return reported;
  }

  reports(accountId: string, clientOrderIds: readonly ClientOrderId[]): readonly VenueReport[] {
    return this.#sql
      .exec<{ body: string }>(
        `SELECT body FROM venue_report
         WHERE account_id = ? AND client_order_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`,
        accountId,
        JSON.stringify(clientOrderIds),
      )
      .toArray()
      .map((row) => JSON.parse(row.body) as VenueReport);
  }

  #row(accountId: string, clientOrderId: ClientOrderId): OrderRow | undefined {
    return this.#sql
      .exec<OrderRow>(
        "SELECT sequence, account_id, client_order_id, body FROM venue_order WHERE account_id = ? AND client_order_id = ?",
        accountId,
        clientOrderId,
      )
      .toArray()[0];
  }

  #dueOrQuoted(now: EpochMs, quoted: ReadonlySet<InstrumentId>): OrderRow[] {
    const restingOn = quoted.size === 0 ? [] : this.#instrumentsOfResting().filter((id) => quoted.has(id));
    // By name: left to itself SQLite reads every order of the day in turn, because they are wanted in that order.
    return this.#sql
      .exec<OrderRow>(
        `SELECT sequence, account_id, client_order_id, body FROM venue_order WHERE sequence IN (
           SELECT sequence FROM venue_order INDEXED BY venue_order_due WHERE due_ms <= ?
           UNION
           SELECT sequence FROM venue_order INDEXED BY venue_order_resting
           WHERE status = 'RESTING' AND instrument_id IN (SELECT value FROM json_each(?)))
         ORDER BY sequence`,
        now,
        JSON.stringify(restingOn),
      )
      .toArray();
  }

  #instrumentsOfResting(): InstrumentId[] {
    return this.#sql
      .exec<{ instrument_id: string }>("SELECT DISTINCT instrument_id FROM venue_order WHERE status = 'RESTING'")
      .toArray()
      .map((row) => row.instrument_id as InstrumentId);
  }

  #write(sequence: number, order: VenueOrderState, rules: VenueRules): void {
    this.#sql.exec(
      "UPDATE venue_order SET status = ?, due_ms = ?, body = ? WHERE sequence = ?",
      order.status,
      dueMsOf(order, rules),
      JSON.stringify(order),
      sequence,
    );
  }
}
