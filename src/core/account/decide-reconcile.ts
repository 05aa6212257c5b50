// Holding the account against the venue, and what is done about each difference: facts of the venue are booked the same way as
// its reports, an order that never got there is rejected, one that lives on is taken out, and the rest is for a person. Reading
// a second time changes nothing that the first has settled.
import { ok } from "../kernel/result.ts";
import type { ClientOrderId, Order } from "../order/order.ts";
import { canOrderTake } from "../order/status.ts";
import { compareBooks, isOvertaken } from "../reconciliation/compare-books.ts";
import { compareOrders } from "../reconciliation/compare-orders.ts";
import type { Difference } from "../reconciliation/difference.ts";
import { GIVEN_UP_MAX, givenUpExits, isWithheld, NOT_RECEIVED } from "../reconciliation/given-up.ts";
import { FORBIDS_ENTRIES, openDifferences } from "../reconciliation/open-differences.ts";
import type { Command, UnknownOutcome } from "./command.ts";
import type { Decision } from "./decide.ts";
import { lookAgainNow } from "./decide-breaker.ts";
import { bookReports } from "./decide-reports.ts";
import { Draft } from "./draft.ts";
import { findOrder } from "./finished-orders.ts";
import { isUnanswered } from "./outstanding.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";
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
  for (const clientOrderId of found.gone) {
    draft.push({ type: "ORDER_NOT_FOUND", atMs, clientOrderId, readAtMs: snapshot.readAtMs, isGone: true });
  }
  const rejected = found.notReceived.map(
    (clientOrderId) => ({ kind: "REJECTED", clientOrderId, reason: NOT_RECEIVED, atMs }) as const,
  );
  bookReports(draft, [...found.reports, ...rejected]);
  // What was held back for them goes on: the levels that ask for it come back, and the next look gives it.
  if (found.gone.length > 0) syncTriggers(draft);
  const ordersOf = (ids: readonly ClientOrderId[]) => ids.flatMap((id) => findOrder(draft.state, id) ?? []);
  const lostExits = ordersOf(found.notReceived).filter(({ purpose }) => purpose === "EXIT");
  const mayFollow = ({ contract, side }: Order): boolean => !isWithheld(draft.state, contract.instrumentId, side);
  if ([...lostExits, ...ordersOf(found.gone)].some(mayFollow)) lookAgainNow(draft);
  const hasMissedBooks = isOvertaken(state, asked);
  const books = hasMissedBooks ? [] : compareBooks(draft.state, snapshot);
  const differences = [...found.differences, ...withheldNow(draft.state, lostExits), ...books];
  const refused = Object.values(state.orders).filter((order) => order.cancelRefusedAtMs !== undefined);
  const unread = refused.filter((order) => !isCancelRead(order, asked)).map(({ clientOrderId }) => clientOrderId);
  // Looking an order up is no run of its own unless it has found something, or answers a cancel that was refused.
  const isLookUp = cause === "UNKNOWN_OUTCOME";
  if (!isLookUp || differences.length > 0 || unread.length < refused.length) {
    const kept = mostUrgent(differences);
    const beyond = differences.length - kept.length;
    // What a look-up finds forbids nothing by itself: all that stood before it goes on standing.
    const open = isLookUp || hasMissedBooks ? openDifferences(state) : [];
    const standing = (isLookUp ? open : without(open, kept)).slice(0, DIFFERENCES_MAX);
    draft.push({
      type: "RECONCILED",
      atMs,
      // A job is done when the books were compared, and not before.
      ...(jobKey === undefined || hasMissedBooks ? {} : { jobKey }),
      cause,
      readAtMs: snapshot.readAtMs,
      compared: hasMissedBooks ? { ...found.compared, positions: 0 } : found.compared,
      differences: kept,
      ...(beyond === 0 ? {} : { differencesBeyond: beyond }),
      ...(hasMissedBooks ? { isOvertaken: true } : {}),
      ...(standing.length === 0 ? {} : { standing }),
      ...(unread.length === 0 ? {} : { cancelsUnread: unread }),
    });
  }
  return ok(draft.events);
}

/** So many exits have been given up that a person has to know: more are not sent by themselves, or only those that buy. */
const withheldNow = (state: AccountState, lostExits: readonly Order[]): readonly Difference[] => {
  const last = new Map(lostExits.map((order) => [`${order.side} ${order.contract.instrumentId}`, order]));
  return [...last.values()].flatMap(({ clientOrderId, side, contract: { instrumentId } }): Difference[] => {
    const { attempts, units } = givenUpExits(state, instrumentId, side);
    const isHeldBack = attempts >= GIVEN_UP_MAX[side];
    if (!isHeldBack && attempts !== GIVEN_UP_MAX.SELL) return [];
    const next = isHeldBack
      ? "no more are sent before the venue has answered what followed them and its book does not show them, or somebody asks for one"
      : `up to ${GIVEN_UP_MAX[side]} are sent, ever more slowly: buying back too often leaves a long, and not buying back a short`;
    const detail = `${attempts} exits of ${instrumentId} in a row are in no book, and their ${units} units may still deal; ${next}`;
    return [{ code: "EXITS_WITHHELD", outcome: "RAISED", subject: clientOrderId, ours: units, theirs: null, detail }];
  });
};

/** Only a reading that was asked for after the refusal shows what the refused cancel did not. */
const isCancelRead = ({ clientOrderId, cancelRefusedAtMs }: Order, asked: AccountState): boolean =>
  findOrder(asked, clientOrderId)?.cancelRefusedAtMs === cancelRefusedAtMs;

const without = (standing: readonly Difference[], found: readonly Difference[]): readonly Difference[] =>
  standing.filter(({ code, subject }) => !found.some((each) => each.code === code && each.subject === subject));

/** In their own order, but for those that do not fit: what has been settled already goes first, what is raised goes last. */
function mostUrgent(differences: readonly Difference[]): readonly Difference[] {
  if (differences.length <= DIFFERENCES_MAX) return differences;
  const rank = ({ code, outcome }: Difference): number =>
    outcome !== "RAISED" ? 2 : FORBIDS_ENTRIES.includes(code) ? 0 : 1;
  return [...differences].sort((one, other) => rank(one) - rank(other)).slice(0, DIFFERENCES_MAX);
}
