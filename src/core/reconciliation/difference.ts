// The closed list of what a venue and an account can disagree on, and what becomes of each: repaired by events, waited for, or
// raised to a person. A repair only ever takes over facts of the venue; it never invents any.

export const RECONCILE_CAUSES = ["OPEN", "RECOVERY", "UNKNOWN_OUTCOME", "FLAT_CHECK", "REQUEST", "CLOSE"] as const;
export type ReconcileCause = (typeof RECONCILE_CAUSES)[number];

export const DIFFERENCE_CODES = [
  /** The venue has an order, or an answer to one, that had not reached us. */
  "ANSWER_MISSED",
  /** A fill of one of our orders that had not reached us. */
  "FILL_MISSED",
  /** The order has ended at the venue and not here. */
  "END_MISSED",
  /** A replacement has been carried out, or has not, without our hearing of it. */
  "REPLACE_MISSED",
  /** The order is not in the venue's book; it is looked for once more before anything is concluded. */
  "NOT_FOUND_YET",
  /** The venue has named the order before and does not list it now. */
  "NOT_AT_VENUE",
  /** Not in the book at two readings a settle time apart: it never got there. */
  "NOT_RECEIVED",
  /** So many exits of a contract were not received in a row that no more are sent by themselves. */
  "EXITS_WITHHELD",
  /** Ended here and alive at the venue: canceled there. */
  "STRAY_ORDER",
  /** An order at the venue that is none of ours. */
  "FOREIGN_ORDER",
  /** A fill at the venue that belongs to no order of ours. */
  "FOREIGN_FILL",
  /** A fill of ours the venue does not list. */
  "FILL_NOT_AT_VENUE",
  /** A fill that is no execution: no units, no price. */
  "FILL_MALFORMED",
  /** The venue's total of an order differs from the sum of its fills. */
  "FILLED_TOTAL_DIFFERS",
  /** Quantity, limit or trigger differ, and no replacement of ours explains it. */
  "TERMS_DIFFER",
  /** A status text that the adapter does not know: taken for working. */
  "STATUS_NOT_UNDERSTOOD",
  /** The venue's status and its own quantities, or ours, cannot both be true. */
  "STATUS_CONTRADICTS",
  "POSITION_DIFFERS",
  "CASH_DIFFERS",
] as const;
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number];

/** REPAIRED: events have been made of it. WAITING: looked at again. RAISED: a person has to look. */
export type DifferenceOutcome = "REPAIRED" | "WAITING" | "RAISED";

export interface Difference {
  readonly code: DifferenceCode;
  readonly outcome: DifferenceOutcome;
  /** The client order id, execution id or instrument that it is about; "cash" for cash. */
  readonly subject: string;
  /** What each side says, as a number where it is one. */
  readonly ours: string | number | null;
  readonly theirs: string | number | null;
  /** One sentence. */
  readonly detail: string;
}
