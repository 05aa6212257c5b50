// The life of an order, every status against every report.
import { describe, expect, it } from "vitest";
import type { OrderStatus } from "../../../src/core/order/order.ts";
import { isTerminal } from "../../../src/core/order/order.ts";
import { canOrderTake, nextOrderStatus, ORDER_REPORTS, type OrderReport } from "../../../src/core/order/status.ts";

const STATUSES: readonly OrderStatus[] = [
  "DENIED",
  "SUBMITTED",
  "ACCEPTED",
  "PARTIALLY_FILLED",
  "PENDING_CANCEL",
  "FILLED",
  "CANCELED",
  "REJECTED",
  "EXPIRED",
];

/** "part / whole" for a fill, "-" for a move that is refused. Columns as in ORDER_REPORTS. */
const TABLE: Readonly<Record<OrderStatus, readonly string[]>> = {
  //                 ACCEPTED          REJECTED    FILLED                       CANCELED    EXPIRED    CANCEL_REQUESTED
  DENIED: ["-", "-", "-", "-", "-", "-"],
  SUBMITTED: ["ACCEPTED", "REJECTED", "PARTIALLY_FILLED/FILLED", "CANCELED", "EXPIRED", "PENDING_CANCEL"],
  ACCEPTED: ["-", "REJECTED", "PARTIALLY_FILLED/FILLED", "CANCELED", "EXPIRED", "PENDING_CANCEL"],
  PARTIALLY_FILLED: ["-", "-", "PARTIALLY_FILLED/FILLED", "CANCELED", "EXPIRED", "PENDING_CANCEL"],
  PENDING_CANCEL: ["PENDING_CANCEL", "REJECTED", "PENDING_CANCEL/FILLED", "CANCELED", "EXPIRED", "-"],
  FILLED: ["-", "-", "FILLED/FILLED", "-", "-", "-"],
  CANCELED: ["-", "-", "CANCELED/FILLED", "-", "-", "-"],
  REJECTED: ["-", "-", "REJECTED/FILLED", "-", "-", "-"],
  EXPIRED: ["-", "-", "EXPIRED/FILLED", "-", "-", "-"],
};

const statusAfter = (from: OrderStatus, report: OrderReport, isComplete: boolean): string => {
  const next = nextOrderStatus(from, report, isComplete);
  if (next.ok) return next.value;
  expect(next.error).toEqual({ code: "ORDER_STATUS_NOT_ALLOWED", from, report });
  return "-";
};

describe("an order's status", () => {
  for (const from of STATUSES) {
    ORDER_REPORTS.forEach((report, column) => {
      const cell = TABLE[from][column] ?? "";
      const [part, whole = part] = cell.split("/");
      it(`${from} takes ${report} to ${cell === "-" ? "nothing: refused" : cell}`, () => {
        expect(statusAfter(from, report, false)).toBe(part);
        expect(statusAfter(from, report, true)).toBe(whole);
        expect(canOrderTake(from, report)).toBe(cell !== "-");
      });
    });
  }

  it("books a fill that comes after the order's end, and lets nothing else wake an ended order", () => {
    for (const from of STATUSES.filter(isTerminal)) {
      const takes = ORDER_REPORTS.filter((report) => canOrderTake(from, report));
      expect(takes).toEqual(from === "DENIED" ? [] : ["FILLED"]);
    }
  });
});
