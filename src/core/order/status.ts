// The life of an order as a table: what each report from the venue does to each status. Venues repeat themselves, overtake
// themselves and speak late; a move that is not in the table is refused as data and changes nothing.
import { err, ok, type Result } from "../kernel/result.ts";
import type { OrderStatus } from "./order.ts";

/** What can happen to an order once it exists. CANCEL_REQUESTED is our own doing, the others are the venue's words. */
export const ORDER_REPORTS = ["ACCEPTED", "REJECTED", "FILLED", "CANCELED", "EXPIRED", "CANCEL_REQUESTED"] as const;
export type OrderReport = (typeof ORDER_REPORTS)[number];

export interface StatusRefusal {
  readonly code: "ORDER_STATUS_NOT_ALLOWED";
  readonly from: OrderStatus;
  readonly report: OrderReport;
}

/** BY_QUANTITY: FILLED once all units are done; before that PARTIALLY_FILLED. UNLESS_COMPLETE: FILLED once all units are done, else as before. */
type Move = OrderStatus | "BY_QUANTITY" | "UNLESS_COMPLETE";

const MOVES: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderReport, Move>>>>> = {
  // Never left, so the venue can say nothing about it.
  DENIED: {},
  SUBMITTED: {
    ACCEPTED: "ACCEPTED",
    REJECTED: "REJECTED",
    // A fill can overtake the acknowledgement.
    FILLED: "BY_QUANTITY",
    CANCELED: "CANCELED",
    EXPIRED: "EXPIRED",
    CANCEL_REQUESTED: "PENDING_CANCEL",
  },
  ACCEPTED: {
    // A broker acknowledges before the exchange has looked: the exchange may still reject.
    REJECTED: "REJECTED",
    FILLED: "BY_QUANTITY",
    CANCELED: "CANCELED",
    EXPIRED: "EXPIRED",
    CANCEL_REQUESTED: "PENDING_CANCEL",
  },
  PARTIALLY_FILLED: {
    FILLED: "BY_QUANTITY",
    CANCELED: "CANCELED",
    EXPIRED: "EXPIRED",
    CANCEL_REQUESTED: "PENDING_CANCEL",
  },
  PENDING_CANCEL: {
    // The acknowledgement of an order whose cancel is already under way; only its venue id is news.
    ACCEPTED: "PENDING_CANCEL",
    REJECTED: "REJECTED",
    // A fill races the cancel.
    FILLED: "UNLESS_COMPLETE",
    CANCELED: "CANCELED",
    EXPIRED: "EXPIRED",
  },
  // Units dealt after the end are money all the same and are booked: a late fill, or more than was ordered.
  FILLED: { FILLED: "FILLED" },
  CANCELED: { FILLED: "UNLESS_COMPLETE" },
  REJECTED: { FILLED: "UNLESS_COMPLETE" },
  EXPIRED: { FILLED: "UNLESS_COMPLETE" },
};

/** The status after a report; `isComplete` says whether all units are done with it. The same status is a legal answer. */
export function nextOrderStatus(
  from: OrderStatus,
  report: OrderReport,
  isComplete: boolean,
): Result<OrderStatus, StatusRefusal> {
  const move = MOVES[from][report];
  if (move === undefined) return err({ code: "ORDER_STATUS_NOT_ALLOWED", from, report });
  if (move === "BY_QUANTITY") return ok(isComplete ? "FILLED" : "PARTIALLY_FILLED");
  if (move === "UNLESS_COMPLETE") return ok(isComplete ? "FILLED" : from);
  return ok(move);
}

export const canOrderTake = (from: OrderStatus, report: OrderReport): boolean => MOVES[from][report] !== undefined;
