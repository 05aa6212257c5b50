// The life of an order as a table: what each report from the venue, and each request of our own, does to each status. Venues
// repeat themselves, overtake themselves and speak late; a move that is not in the table is refused as data and changes nothing.
import { err, ok, type Result } from "../kernel/result.ts";
import type { Order, OrderStatus } from "./order.ts";

/** What can happen to an order once it exists: first the venue's words, then our own doing. */
export const ORDER_REPORTS = [
  "ACCEPTED",
  "TRIGGERED",
  "REJECTED",
  "FILLED",
  "CANCELED",
  "EXPIRED",
  "REPLACED",
  "REPLACE_REJECTED",
  "CANCEL_REJECTED",
  "CANCEL_REQUESTED",
  "REPLACE_REQUESTED",
  "OUTCOME_UNKNOWN",
] as const;
export type OrderReport = (typeof ORDER_REPORTS)[number];

/** What an order is after the report, beside its status: the special moves are decided by it. */
export interface OrderFacts {
  readonly hasDealt: boolean;
  /** All units are done. While a replacement is under way the larger quantity counts. */
  readonly isComplete: boolean;
  /** A STOP_LIMIT whose trigger has not been reached. */
  readonly isArmed: boolean;
  /** The venue has said something that only a venue with the order in its books says. */
  readonly isAnswered: boolean;
  readonly isUnknown: boolean;
  readonly isReplacing: boolean;
}

export interface StatusRefusal {
  readonly code: "ORDER_STATUS_NOT_ALLOWED";
  readonly from: OrderStatus;
  readonly report: OrderReport;
}

/**
 * UNLESS_COMPLETE: FILLED once all units are done, else as before. BY_FACTS: whatever its quantities, its trigger and its
 * venue id make of an order with no cancel under way.
 */
type Move = OrderStatus | "UNLESS_COMPLETE" | "BY_FACTS";

/** What every order that is alive can come to. */
const ENDS = { CANCELED: "CANCELED", EXPIRED: "EXPIRED" } as const;
/** Units dealt after the end are money all the same and are booked: a late fill, or more than was ordered. */
const LATE = { FILLED: "UNLESS_COMPLETE" } as const;

const MOVES: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderReport, Move>>>>> = {
  // Never left, so the venue can say nothing about it.
  DENIED: {},
  SUBMITTED: {
    ...ENDS,
    ACCEPTED: "BY_FACTS",
    // Trigger and fill can overtake the acknowledgement.
    TRIGGERED: "BY_FACTS",
    FILLED: "BY_FACTS",
    REJECTED: "REJECTED",
    CANCEL_REQUESTED: "PENDING_CANCEL",
    OUTCOME_UNKNOWN: "UNKNOWN",
  },
  // Any word of the venue about it ends the uncertainty. It cannot be modified: nobody knows what there is to modify.
  UNKNOWN: {
    ...ENDS,
    ACCEPTED: "BY_FACTS",
    TRIGGERED: "BY_FACTS",
    FILLED: "BY_FACTS",
    REJECTED: "REJECTED",
    CANCEL_REQUESTED: "PENDING_CANCEL",
  },
  ACCEPTED: {
    ...ENDS,
    // A trigger has overtaken the acknowledgement: its venue id is news.
    ACCEPTED: "ACCEPTED",
    // A broker acknowledges before the exchange has looked: the exchange may still reject.
    REJECTED: "REJECTED",
    FILLED: "BY_FACTS",
    CANCEL_REQUESTED: "PENDING_CANCEL",
    REPLACE_REQUESTED: "PENDING_REPLACE",
  },
  TRIGGER_PENDING: {
    ...ENDS,
    TRIGGERED: "BY_FACTS",
    REJECTED: "REJECTED",
    // A fill says that the trigger was reached.
    FILLED: "BY_FACTS",
    CANCEL_REQUESTED: "PENDING_CANCEL",
    REPLACE_REQUESTED: "PENDING_REPLACE",
  },
  PARTIALLY_FILLED: {
    ...ENDS,
    FILLED: "BY_FACTS",
    CANCEL_REQUESTED: "PENDING_CANCEL",
    REPLACE_REQUESTED: "PENDING_REPLACE",
  },
  PENDING_REPLACE: {
    ...ENDS,
    TRIGGERED: "PENDING_REPLACE",
    REJECTED: "REJECTED",
    // A fill races the replacement. The old quantity may be done and the new one not: the venue's answer decides.
    FILLED: "UNLESS_COMPLETE",
    REPLACED: "BY_FACTS",
    REPLACE_REJECTED: "BY_FACTS",
    // A cancel overtakes the replacement, which is answered or not.
    CANCEL_REQUESTED: "PENDING_CANCEL",
    OUTCOME_UNKNOWN: "PENDING_REPLACE",
  },
  PENDING_CANCEL: {
    ...ENDS,
    // The acknowledgement of an order whose cancel is already under way; only its venue id is news.
    ACCEPTED: "PENDING_CANCEL",
    TRIGGERED: "PENDING_CANCEL",
    REJECTED: "REJECTED",
    // A fill races the cancel.
    FILLED: "UNLESS_COMPLETE",
    REPLACED: "UNLESS_COMPLETE",
    REPLACE_REJECTED: "UNLESS_COMPLETE",
    CANCEL_REJECTED: "BY_FACTS",
    OUTCOME_UNKNOWN: "PENDING_CANCEL",
  },
  FILLED: { FILLED: "FILLED" },
  CANCELED: LATE,
  REJECTED: LATE,
  EXPIRED: LATE,
};

/** The status after a report. The same status is a legal answer. */
export function nextOrderStatus(
  from: OrderStatus,
  report: OrderReport,
  facts: OrderFacts,
): Result<OrderStatus, StatusRefusal> {
  const move = MOVES[from][report];
  if (move === undefined) return err({ code: "ORDER_STATUS_NOT_ALLOWED", from, report });
  if (move === "BY_FACTS") return ok(statusByFacts(facts));
  if (move === "UNLESS_COMPLETE") return ok(facts.isComplete ? "FILLED" : from);
  return ok(move);
}

export const canOrderTake = (from: OrderStatus, report: OrderReport): boolean => MOVES[from][report] !== undefined;

/** The facts of an order as it is. */
export const factsOf = (order: Order): OrderFacts => ({
  hasDealt: order.filledUnits > 0,
  isComplete:
    order.filledUnits > 0 &&
    order.filledUnits >= Math.max(order.quantityUnits, order.pendingReplace?.quantityUnits ?? 0),
  isArmed: order.type === "STOP_LIMIT" && order.isTriggered === undefined && order.filledUnits === 0,
  isAnswered: order.venueOrderId !== null || order.isTriggered === true,
  isUnknown: order.unknownSinceMs !== undefined,
  isReplacing: order.pendingReplace !== undefined,
});

function statusByFacts({ hasDealt, isComplete, isArmed, isAnswered, isUnknown, isReplacing }: OrderFacts): OrderStatus {
  if (isComplete) return "FILLED";
  if (isReplacing) return "PENDING_REPLACE";
  if (hasDealt) return "PARTIALLY_FILLED";
  if (isUnknown) return "UNKNOWN";
  if (!isAnswered) return "SUBMITTED";
  return isArmed ? "TRIGGER_PENDING" : "ACCEPTED";
}
