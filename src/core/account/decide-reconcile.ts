// Holding the account against the venue, and what is done about each difference: facts of the venue are booked the same way as
// its reports, an order that never got there is rejected, one that lives on is taken out, and the rest is for a person. Reading
// a second time changes nothing that the first has settled.
import { ok } from "../kernel/result.ts";
import { canOrderTake } from "../order/status.ts";
import { compareBooks, isOvertaken } from "../reconciliation/compare-books.ts";
import { compareOrders, NOT_RECEIVED } from "../reconciliation/compare-orders.ts";
import type { Difference } from "../reconciliation/difference.ts";
import { FORBIDS_ENTRIES } from "../reconciliation/open-differences.ts";
import type { Command, UnknownOutcome } from "./command.ts";
import type { Decision } from "./decide.ts";
import { lookAgainNow } from "./decide-breaker.ts";
import { bookReports } from "./decide-reports.ts";
import { Draft } from "./draft.ts";
import { findOrder } from "./finished-orders.ts";
import { isUnanswered } from "./outstanding.ts";
import type { AccountState } from "./state.ts";
import { enforceVenueErrors } from "./venue-errors.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** Differences kept in one event; what is for a person comes before the rest, and how many there were beyond is counted. */
const DIFFERENCES_MAX = 50;

export function noteUnknown(state: AccountState, { atMs, unknown }: Of<"NOTE_UNKNOWN">): Decision {
  const draft = new Draft(state, atMs);
  for (const outcome of unknown) {
    if (!isNews(draft.state, outcome)) continue;
    draft.push({ type: "ORDER_OUTCOME_UNKNOWN", atMs, ...outcome });
  }
  enforceVenueErrors(draft);
  return ok(draft.events);
}

function isNews(state: AccountState, { clientOrderId, request }: UnknownOutcome): boolean {
  const order = findOrder(state, clientOrderId);
  if (order === undefined) return false;
  switch (request) {
    case "SUBMIT":
      return order.unknownSinceMs === undefined && isUnanswered(order) && canOrderTake(order.status, "OUTCOME_UNKNOWN");
    case "REPLACE":
      return order.status === "PENDING_REPLACE" && order.pendingReplace?.unknownSinceMs === undefined;
    case "CANCEL":
      return order.status === "PENDING_CANCEL" || order.strayAtMs !== undefined;
  }
}

export function reconcileWithVenue(state: AccountState, command: Of<"RECONCILE">): Decision {
  const { atMs, asked, snapshot, cause, jobKey } = command;
  const draft = new Draft(state, atMs);
  const found = compareOrders(state, asked, snapshot);
  for (const { clientOrderId, venueOrderId } of found.strays) {
    draft.push({ type: "ORDER_STRAY", atMs, clientOrderId, venueOrderId });
  }
  for (const missed of found.missedOnce) {
    draft.push({ type: "ORDER_NOT_FOUND", atMs, ...missed, readAtMs: snapshot.readAtMs });
  }
  const rejected = found.notReceived.map(
    (clientOrderId) => ({ kind: "REJECTED", clientOrderId, reason: NOT_RECEIVED, atMs }) as const,
  );
  bookReports(draft, [...found.reports, ...rejected]);
  if (found.notReceived.some((clientOrderId) => findOrder(state, clientOrderId)?.purpose === "EXIT")) {
    lookAgainNow(draft);
  }
  const books = isOvertaken(state, asked) ? [] : compareBooks(draft.state, snapshot);
  const differences = [...found.differences, ...books];
  // Looking an order up is no run of its own unless it has found something, or answers a cancel that was refused.
  const isAnswer = Object.values(state.orders).some((order) => order.cancelRefusedAtMs !== undefined);
  if (cause !== "UNKNOWN_OUTCOME" || differences.length > 0 || isAnswer) {
    const kept = mostUrgent(differences);
    const beyond = differences.length - kept.length;
    draft.push({
      type: "RECONCILED",
      atMs,
      ...(jobKey === undefined ? {} : { jobKey }),
      cause,
      readAtMs: snapshot.readAtMs,
      compared: found.compared,
      differences: kept,
      ...(beyond === 0 ? {} : { differencesBeyond: beyond }),
    });
  }
  return ok(draft.events);
}

/** In their own order, but for those that do not fit: what has been settled already goes first, what is raised goes last. */
function mostUrgent(differences: readonly Difference[]): readonly Difference[] {
  if (differences.length <= DIFFERENCES_MAX) return differences;
  const rank = ({ code, outcome }: Difference): number =>
    outcome !== "RAISED" ? 2 : FORBIDS_ENTRIES.includes(code) ? 0 : 1;
  return [...differences].sort((one, other) => rank(one) - rank(other)).slice(0, DIFFERENCES_MAX);
}
