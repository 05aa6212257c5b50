// The venue's orders and fills held against ours. What the venue knows and we do not becomes reports, which are booked like any
// others; what we know and the venue does not is looked for again, given up, or raised. Presence proves something at once;
// absence only at a reading that was asked for after everything we know about the order. Whether it was is told by the account
// as it was at the asking and never by a clock: ours may be minutes off the venue's, or jump. How far apart two readings are
// is told by the venue's clock alone.
import type { VenueReport } from "../account/command.ts";
import { findOrder } from "../account/finished-orders.ts";
import type { AccountState } from "../account/state.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId, Fill, Order, ReplaceableTerms } from "../order/order.ts";
import { isTerminal, replaceableOf } from "../order/order.ts";
import { canOrderTake } from "../order/status.ts";
import type { Difference, DifferenceCode, DifferenceOutcome } from "./difference.ts";
import { absentFromMs, isRecallAnswered, NOT_RECEIVED, unchangedFromMs } from "./given-up.ts";
import type { VenueOrderView, VenueSnapshot } from "./snapshot.ts";

interface Missed {
  readonly clientOrderId: ClientOrderId;
  readonly modifyId?: string;
}

export interface OrderComparison {
  readonly reports: readonly VenueReport[];
  /** Not in the book at this reading, for the first time: an order, or a modification of one that is. */
  readonly missedOnce: readonly Missed[];
  /** Not in the book at two readings a settle time apart. */
  readonly notReceived: readonly ClientOrderId[];
  /** Given up, asked back, and not in the book at two readings after the answer. */
  readonly gone: readonly ClientOrderId[];
  /** Ended here, alive there. */
  readonly strays: readonly { readonly clientOrderId: ClientOrderId; readonly venueOrderId: string }[];
  readonly differences: readonly Difference[];
  readonly compared: { readonly orders: number; readonly fills: number; readonly positions: number };
}

/** `asked`: the account as it was when the reading was asked for. */
export function compareOrders(state: AccountState, asked: AccountState, snapshot: VenueSnapshot): OrderComparison {
  const found = new Findings(asked);
  const fillsOf = Map.groupBy(snapshot.fills, (fill) => fill.clientOrderId);
  const listed = new Set<ClientOrderId>();
  for (const view of snapshot.orders) {
    const order = view.clientOrderId === null ? undefined : findOrder(state, view.clientOrderId);
    if (order === undefined || order.status === "DENIED") {
      found.add("FOREIGN_ORDER", "RAISED", view.venueOrderId, null, view.status, "no order of ours is behind it");
      continue;
    }
    listed.add(order.clientOrderId);
    compareOrder(state, order, view, fillsOf.get(order.clientOrderId) ?? [], snapshot, found);
  }
  for (const order of Object.values(state.orders)) {
    if (!listed.has(order.clientOrderId))
      missing(state, order, fillsOf.get(order.clientOrderId) ?? [], snapshot, found);
  }
  for (const fill of snapshot.fills) {
    const order = findOrder(state, fill.clientOrderId);
    if (order === undefined || order.status === "DENIED") {
      found.add("FOREIGN_FILL", "RAISED", fill.executionId, null, fill.units, "it belongs to no order of ours");
    }
  }
  const { reports, missedOnce, notReceived, gone, strays, differences } = found;
  const compared = {
    orders: snapshot.orders.length,
    fills: snapshot.fills.length,
    positions: snapshot.positions?.length ?? 0,
  };
  return { reports, missedOnce, notReceived, gone, strays, differences, compared };
}

class Findings {
  readonly #asked: AccountState;
  readonly reports: VenueReport[] = [];
  readonly missedOnce: Missed[] = [];
  readonly notReceived: ClientOrderId[] = [];
  readonly gone: ClientOrderId[] = [];
  readonly strays: { clientOrderId: ClientOrderId; venueOrderId: string }[] = [];
  readonly differences: Difference[] = [];

  constructor(asked: AccountState) {
    this.#asked = asked;
  }

  /** The order as it was when the reading was asked for. */
  before({ clientOrderId }: Order): Order | undefined {
    return findOrder(this.#asked, clientOrderId);
  }

  /** Whether the reading was asked for after the venue had answered something that followed a lost order. */
  isAfterRecall(order: Order): boolean {
    const before = this.before(order);
    return before !== undefined && isRecallAnswered(this.#asked, before);
  }

  /** What has reached us since the asking may be in the reading or not. */
  isOvertakenBy(order: Order): boolean {
    return this.before(order) !== order;
  }

  add(
    code: DifferenceCode,
    outcome: DifferenceOutcome,
    subject: string,
    ours: Difference["ours"],
    theirs: Difference["theirs"],
    detail: string,
  ): void {
    this.differences.push({ code, outcome, subject, ours, theirs, detail });
  }

  repaired(code: DifferenceCode, order: Order, theirs: Difference["theirs"], detail: string): void {
    this.add(code, "REPAIRED", order.clientOrderId, order.status, theirs, detail);
  }
}

/** Reports in the order in which a venue would have made them: taken in, triggered, changed, dealt, ended. */
function compareOrder(
  state: AccountState,
  order: Order,
  view: VenueOrderView,
  fills: readonly Fill[],
  snapshot: VenueSnapshot,
  found: Findings,
): void {
  const { clientOrderId } = order;
  const atMs = snapshot.readAtMs;
  const isEnded = isTerminal(order.status);
  if (view.status === "UNRECOGNISED") {
    const detail = "the order is taken for working until the venue says something else";
    found.add("STATUS_NOT_UNDERSTOOD", "RAISED", clientOrderId, order.status, view.statusText ?? null, detail);
  }
  if (!isEnded && order.venueOrderId === null && view.status !== "REJECTED") {
    found.reports.push({ kind: "ACCEPTED", clientOrderId, venueOrderId: view.venueOrderId, atMs });
    found.repaired("ANSWER_MISSED", order, view.status, "the venue has the order");
  }
  const isArmed = order.type === "STOP_LIMIT" && order.isTriggered === undefined && order.filledUnits === 0;
  if (!isEnded && isArmed && view.status === "WORKING") {
    found.reports.push({ kind: "TRIGGERED", clientOrderId, atMs });
    found.repaired("ANSWER_MISSED", order, view.status, "its trigger has been reached");
  }
  compareReplacement(order, view, snapshot, found);
  const missed = missedFills(state, order, fills, snapshot, found);
  compareTotals(order, view, missed, found);
  if (isEnded) compareEnded(order, view, snapshot, found);
  else compareEnd(order, view, missed, snapshot, found);
}

function compareReplacement(order: Order, view: VenueOrderView, snapshot: VenueSnapshot, found: Findings): void {
  const { clientOrderId, pendingReplace } = order;
  const atMs = snapshot.readAtMs;
  if (pendingReplace === undefined) {
    if (isTerminal(order.status) || found.isOvertakenBy(order) || hasTerms(view, order)) return;
    const ours = `${order.quantityUnits} @ ${order.limitPricePaise}`;
    const theirs = `${view.quantityUnits} @ ${view.limitPricePaise ?? "?"}`;
    found.add("TERMS_DIFFER", "RAISED", clientOrderId, ours, theirs, "no modification of ours explains it");
    return;
  }
  const { modifyId, missedAtMs } = pendingReplace;
  if (hasTerms(view, pendingReplace)) {
    found.reports.push({ kind: "REPLACED", clientOrderId, modifyId, terms: replaceableOf(pendingReplace), atMs });
    found.repaired("REPLACE_MISSED", order, "REPLACED", "the venue lists it with the new terms");
    return;
  }
  const isFinalThere = view.status === "FILLED";
  const before = found.before(order)?.pendingReplace;
  const isMissed = before?.modifyId === modifyId && before.unknownSinceMs !== undefined;
  if (isFinalThere || (isMissed && hasSettled(unchangedFromMs(pendingReplace), snapshot))) {
    const reason = isFinalThere ? "ORDER_FINAL" : NOT_RECEIVED;
    found.reports.push({ kind: "REPLACE_REJECTED", clientOrderId, modifyId, reason, atMs });
    found.repaired("REPLACE_MISSED", order, "REPLACE_REJECTED", "the venue still lists it with the old terms");
  } else if (isMissed && isFirstMiss(missedAtMs, snapshot)) {
    found.missedOnce.push({ clientOrderId, modifyId });
    const detail = "listed with the old terms: the new ones may still be on their way; looked for again";
    found.add("NOT_FOUND_YET", "WAITING", clientOrderId, order.status, view.status, detail);
  }
}

/** Whether a reading is late enough to prove that a request is not on its way any more. */
const hasSettled = (fromMs: EpochMs | null, { readAtMs }: VenueSnapshot): boolean =>
  fromMs !== null && readAtMs >= fromMs;

/** The venue's clock may have been ahead at a reading and put right since: the miss counts from the earlier instant. */
const isFirstMiss = (missedAtMs: EpochMs | undefined, { readAtMs }: VenueSnapshot): boolean =>
  missedAtMs === undefined || readAtMs < missedAtMs;

/** A limit the venue does not tell is no difference: a MARKET order may be listed without one. */
const hasTerms = (view: VenueOrderView, terms: ReplaceableTerms): boolean =>
  view.quantityUnits === terms.quantityUnits &&
  (view.limitPricePaise === null || view.limitPricePaise === terms.limitPricePaise) &&
  (view.triggerPricePaise === undefined || view.triggerPricePaise === terms.triggerPricePaise);

/** Fills of one of our orders that had not reached us, each execution once. */
function missedFills(
  state: AccountState,
  order: Order,
  fills: readonly Fill[],
  snapshot: VenueSnapshot,
  found: Findings,
): readonly Fill[] {
  const missed = new Map<string, Fill>();
  for (const fill of fills) {
    const { executionId, units, pricePaise } = fill;
    if (state.executionsSeen[executionId] === true || missed.has(executionId)) continue;
    if (
      executionId === "" ||
      !Number.isSafeInteger(units) ||
      units <= 0 ||
      !Number.isSafeInteger(pricePaise) ||
      pricePaise <= 0
    ) {
      found.add("FILL_MALFORMED", "RAISED", executionId, null, units, "it is no execution and is not booked");
      continue;
    }
    missed.set(executionId, fill);
    found.reports.push({ kind: "FILLED", clientOrderId: order.clientOrderId, fill, atMs: snapshot.readAtMs });
    found.add("FILL_MISSED", "REPAIRED", executionId, null, units, `of ${order.clientOrderId}; booked now`);
  }
  return [...missed.values()];
}

/** The order book's totals against the fills: where they differ an execution was corrected, or one of the two is wrong. */
function compareTotals(order: Order, view: VenueOrderView, missed: readonly Fill[], found: Findings): void {
  if (found.isOvertakenBy(order)) return;
  const units = missed.reduce((sum, fill) => sum + fill.units, order.filledUnits);
  const value = missed.reduce<number>((sum, fill) => sum + fill.units * fill.pricePaise, order.filledValuePaise);
  if (view.filledUnits !== units) {
    const detail = "units: the venue's total of the order differs from the sum of its fills";
    found.add("FILLED_TOTAL_DIFFERS", "RAISED", order.clientOrderId, units, view.filledUnits, detail);
  } else if (view.filledValuePaise !== null && view.filledValuePaise !== value) {
    const detail = "paise: the venue's total of the order differs from the sum of its fills";
    found.add("FILLED_TOTAL_DIFFERS", "RAISED", order.clientOrderId, value, view.filledValuePaise, detail);
  }
}

function compareEnd(
  order: Order,
  view: VenueOrderView,
  missed: readonly Fill[],
  snapshot: VenueSnapshot,
  found: Findings,
): void {
  const { clientOrderId, status } = order;
  const atMs = snapshot.readAtMs;
  switch (view.status) {
    case "REJECTED":
      if (!canOrderTake(status, "REJECTED") || missed.length > 0) {
        const detail = "an order that has dealt cannot have been rejected";
        found.add("STATUS_CONTRADICTS", "RAISED", clientOrderId, status, view.status, detail);
        return;
      }
      found.reports.push({ kind: "REJECTED", clientOrderId, reason: view.reason ?? "REJECTED_AT_VENUE", atMs });
      break;
    case "CANCELED":
      found.reports.push({ kind: "CANCELED", clientOrderId, reason: view.reason ?? "CANCELED_AT_VENUE", atMs });
      break;
    case "EXPIRED":
      found.reports.push({ kind: "EXPIRED", clientOrderId, atMs });
      break;
    // FILLED follows from the fills; where they fall short the totals have said so.
    default:
      return;
  }
  found.repaired("END_MISSED", order, view.status, "it has ended at the venue");
}

function compareEnded(order: Order, view: VenueOrderView, snapshot: VenueSnapshot, found: Findings): void {
  const { clientOrderId, status, strayAtMs } = order;
  const atMs = snapshot.readAtMs;
  const isAlive = view.status === "WORKING" || view.status === "TRIGGER_PENDING";
  if (strayAtMs !== undefined) {
    if (isAlive || view.status === "UNRECOGNISED") return;
    found.reports.push({ kind: "CANCELED", clientOrderId, reason: view.reason ?? view.status, atMs });
    found.repaired("END_MISSED", order, view.status, "it has been taken out at the venue");
    return;
  }
  if (order.recall !== undefined && !isAlive && view.status !== "UNRECOGNISED") {
    // It has arrived and ended: what it has dealt is booked, and more does not come of it.
    found.strays.push({ clientOrderId, venueOrderId: view.venueOrderId });
    found.reports.push({ kind: "CANCELED", clientOrderId, reason: view.reason ?? view.status, atMs });
    found.repaired("END_MISSED", order, view.status, "it had been given up; it has arrived and ended");
    return;
  }
  // It may have ended here after the reading.
  if (!isAlive || found.isOvertakenBy(order)) return;
  if (status === "FILLED") {
    const detail = "all of it has dealt, and the venue lists it as working";
    found.add("STATUS_CONTRADICTS", "RAISED", clientOrderId, status, view.status, detail);
    return;
  }
  found.strays.push({ clientOrderId, venueOrderId: view.venueOrderId });
  found.repaired("STRAY_ORDER", order, view.status, "it has ended here and is canceled at the venue");
}

/** An order of ours that the venue does not list. Its fills may be listed all the same. */
function missing(
  state: AccountState,
  order: Order,
  fills: readonly Fill[],
  snapshot: VenueSnapshot,
  found: Findings,
): void {
  const { clientOrderId, unknownSinceMs, missedAtMs, status } = order;
  if (status === "DENIED") return;
  const missed = missedFills(state, order, fills, snapshot, found);
  if (order.recall !== undefined && missed.length === 0) missingStill(state, order, snapshot, found);
  if (isTerminal(status) || missed.length > 0) return;
  if (unknownSinceMs !== undefined) {
    // A reading that was asked for while the request may have been leaving cannot miss it.
    if (found.before(order)?.unknownSinceMs === undefined) return;
    if (isFirstMiss(missedAtMs, snapshot)) {
      found.missedOnce.push({ clientOrderId });
      found.add(
        "NOT_FOUND_YET",
        "WAITING",
        clientOrderId,
        status,
        null,
        "it may still be on its way; looked for again",
      );
    } else if (hasSettled(absentFromMs(state, order), snapshot)) {
      found.notReceived.push(clientOrderId);
      found.repaired("NOT_RECEIVED", order, null, "it was in the book at neither of two readings: it never got there");
    }
    return;
  }
  // One that has not been answered yet may be on its way.
  if (order.venueOrderId === null || found.isOvertakenBy(order)) return;
  found.add(
    "NOT_AT_VENUE",
    "RAISED",
    clientOrderId,
    status,
    null,
    "the venue named it before and does not list it now",
  );
}

/** One that was given up. Only readings that were asked for after the answer to what followed it prove that it never arrives. */
function missingStill(state: AccountState, order: Order, snapshot: VenueSnapshot, found: Findings): void {
  if (!found.isAfterRecall(order)) return;
  const { clientOrderId, missedAtMs } = order;
  if (isFirstMiss(missedAtMs, snapshot)) {
    found.missedOnce.push({ clientOrderId });
  } else if (hasSettled(absentFromMs(state, order), snapshot)) {
    found.gone.push(clientOrderId);
    found.repaired(
      "NOT_RECEIVED",
      order,
      null,
      "the venue has answered what followed it and does not have it: it never arrives",
    );
  }
}
