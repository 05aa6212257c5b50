// The life of an order, every status against every report and every combination of facts that decides a move.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { isTerminal, ORDER_STATUSES, type OrderStatus } from "../../../src/core/order/order.ts";
import {
  canOrderTake,
  factsOf,
  nextOrderStatus,
  ORDER_REPORTS,
  type OrderFacts,
  type OrderReport,
} from "../../../src/core/order/status.ts";
import { anOrder, later, NOON } from "../../support/builders.ts";

/**
 * "-" a move that is refused; "=" the status stays; "facts" decided by quantities, trigger and venue id; "done" FILLED once
 * all units are done, else it stays. Columns as in ORDER_REPORTS.
 */
const TABLE: Readonly<Record<OrderStatus, string>> = {
  //                 ACCEPTED TRIGGERED REJECTED FILLED CANCELED EXPIRED REPLACED REPL_REJ CANC_REJ CANC_REQ REPL_REQ UNKNOWN
  DENIED:
    "          -        -         -        -      -        -       -        -        -        -        -        -",
  SUBMITTED:
    "       facts    facts     REJECTED facts  CANCELED EXPIRED -        -        -        P_CANCEL -        UNKNOWN",
  UNKNOWN:
    "         facts    facts     REJECTED facts  CANCELED EXPIRED -        -        -        P_CANCEL -        -",
  ACCEPTED:
    "        =        -         REJECTED facts  CANCELED EXPIRED -        -        -        P_CANCEL P_REPL   -",
  TRIGGER_PENDING:
    " -        facts     REJECTED facts  CANCELED EXPIRED -        -        -        P_CANCEL P_REPL   -",
  PARTIALLY_FILLED:
    "-        -         -        facts  CANCELED EXPIRED -        -        -        P_CANCEL P_REPL   -",
  PENDING_REPLACE:
    " -        =         REJECTED done   CANCELED EXPIRED facts    facts    -        P_CANCEL -        =",
  PENDING_CANCEL:
    "  =        =         REJECTED done   CANCELED EXPIRED done     done     facts    -        -        =",
  FILLED:
    "          -        -         -        =      -        -       -        -        -        -        -        -",
  CANCELED:
    "        -        -         -        done   -        -       -        -        -        -        -        -",
  REJECTED:
    "        -        -         -        done   -        -       -        -        -        -        -        -",
  EXPIRED:
    "         -        -         -        done   -        -       -        -        -        -        -        -",
};

const NOTHING: OrderFacts = {
  hasDealt: false,
  isComplete: false,
  isArmed: false,
  isAnswered: false,
  isUnknown: false,
  isReplacing: false,
};

/** Every combination of facts that an order can have: what has dealt is answered and armed no more. */
const FACTS: readonly OrderFacts[] = Array.from({ length: 64 }, (_, bits) => ({
  hasDealt: (bits & 1) > 0,
  isComplete: (bits & 2) > 0,
  isArmed: (bits & 4) > 0,
  isAnswered: (bits & 8) > 0,
  isUnknown: (bits & 16) > 0,
  isReplacing: (bits & 32) > 0,
}));

/** Written apart from the code, from what the words mean. */
function expectedByFacts(facts: OrderFacts): OrderStatus {
  if (facts.isComplete) return "FILLED";
  if (facts.isReplacing) return "PENDING_REPLACE";
  if (facts.hasDealt) return "PARTIALLY_FILLED";
  if (facts.isUnknown) return "UNKNOWN";
  if (!facts.isAnswered) return "SUBMITTED";
  return facts.isArmed ? "TRIGGER_PENDING" : "ACCEPTED";
}

function expected(from: OrderStatus, cell: string, facts: OrderFacts): string {
  switch (cell) {
    case "-":
      return "-";
    case "=":
      return from;
    case "done":
      return facts.isComplete ? "FILLED" : from;
    case "facts":
      return expectedByFacts(facts);
    default:
      return cell.replace("P_CANCEL", "PENDING_CANCEL").replace("P_REPL", "PENDING_REPLACE");
  }
}

function statusAfter(from: OrderStatus, report: OrderReport, facts: OrderFacts): string {
  const next = nextOrderStatus(from, report, facts);
  if (next.ok) return next.value;
  expect(next.error).toEqual({ code: "ORDER_STATUS_NOT_ALLOWED", from, report });
  return "-";
}

describe("an order's status", () => {
  for (const from of ORDER_STATUSES) {
    const cells = TABLE[from].trim().split(/\s+/);
    ORDER_REPORTS.forEach((report, column) => {
      const cell = cells[column] ?? "";
      it(`${from} takes ${report} to ${cell === "-" ? "nothing: refused" : cell}`, () => {
        expect(cells).toHaveLength(ORDER_REPORTS.length);
        expect(canOrderTake(from, report)).toBe(cell !== "-");
        for (const facts of FACTS) expect(statusAfter(from, report, facts)).toBe(expected(from, cell, facts));
      });
    });
  }

  it("books a fill that comes after the order's end, and lets nothing else wake an ended order", () => {
    for (const from of ORDER_STATUSES.filter(isTerminal)) {
      const takes = ORDER_REPORTS.filter((report) => canOrderTake(from, report));
      expect(takes).toEqual(from === "DENIED" ? [] : ["FILLED"]);
      for (const report of takes) {
        for (const facts of FACTS) expect(isTerminal(statusAfter(from, report, facts) as OrderStatus)).toBe(true);
      }
    }
  });

  it("never comes from a report alone to a status in which a request could leave a second time", () => {
    for (const from of ORDER_STATUSES.filter((status) => status !== "SUBMITTED")) {
      for (const report of ORDER_REPORTS.slice(0, 9)) {
        const answered = { ...NOTHING, isAnswered: true };
        expect(statusAfter(from, report, answered)).not.toBe("SUBMITTED");
      }
    }
  });
});

describe("the facts of an order", () => {
  it("count a replacement under way at its larger quantity", () => {
    const terms = { modifyId: "m1", limitPricePaise: paise(50_00), requestedAtMs: NOON };
    const dealt = anOrder({ filledUnits: 75, quantityUnits: 75 });
    expect(factsOf(dealt).isComplete).toBe(true);
    expect(factsOf({ ...dealt, pendingReplace: { ...terms, quantityUnits: 150 } }).isComplete).toBe(false);
    const less = anOrder({ filledUnits: 75, quantityUnits: 150, pendingReplace: { ...terms, quantityUnits: 75 } });
    expect(factsOf(less).isComplete).toBe(false);
  });

  it("hold a stop armed until its trigger is reported or a fill proves it", () => {
    const stop = anOrder({ type: "STOP_LIMIT", triggerPricePaise: paise(49_00), venueOrderId: "V-1" });
    expect(factsOf(stop).isArmed).toBe(true);
    expect(factsOf({ ...stop, isTriggered: true }).isArmed).toBe(false);
    expect(factsOf({ ...stop, filledUnits: 75 }).isArmed).toBe(false);
    expect(factsOf(anOrder()).isArmed).toBe(false);
  });

  it("take a trigger without an acknowledgement for an answer: the order is not sent again", () => {
    const stop = anOrder({ type: "STOP_LIMIT", triggerPricePaise: paise(49_00) });
    expect(factsOf(stop).isAnswered).toBe(false);
    expect(factsOf({ ...stop, isTriggered: true }).isAnswered).toBe(true);
    expect(factsOf({ ...stop, unknownSinceMs: later(1) }).isUnknown).toBe(true);
  });
});
