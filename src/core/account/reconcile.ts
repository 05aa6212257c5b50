// Whether money adds up, counted a second way: straight from the facts in the journal, without folding the state. At every
// moment
//
//   opening savings + what was sold − what was bought − charges − fee − GST on the fee = cash + savings + tax lock
//
// exactly, to the paisa. Transfers only move money between the terms on the right.
import { addPaise, type Paise, subtractPaise, valuePaise, ZERO_PAISE } from "../kernel/money.ts";
import type { ClientOrderId, OrderSide } from "../order/order.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import type { JournalEntry } from "./event.ts";
import { settledCostPaise } from "./evolve-day.ts";
import type { AccountState } from "./state.ts";

export interface Reconciliation {
  /** The left side of the equation. */
  readonly expectedPaise: Paise;
  /** The right side. */
  readonly heldPaise: Paise;
  /** held − expected; anything but 0 is a fault. */
  readonly differencePaise: Paise;
}

/** `state` must be what `entries`, the whole journal, fold to. */
export function reconcile(entries: Iterable<Pick<JournalEntry, "event">>, state: AccountState): Reconciliation {
  const expectedPaise = expectedFromJournal(entries);
  const heldPaise = addPaise(state.cashPaise, state.savingsPaise, state.taxLockPaise);
  return { expectedPaise, heldPaise, differencePaise: subtractPaise(heldPaise, expectedPaise) };
}

function expectedFromJournal(entries: Iterable<Pick<JournalEntry, "event">>): Paise {
  const sides = new Map<ClientOrderId, OrderSide>();
  let expected: Paise = ZERO_PAISE;
  let provisional: SettlementWorksheet | null = null;
  for (const { event } of entries) {
    switch (event.type) {
      case "ACCOUNT_OPENED":
        expected = addPaise(expected, event.profile.savingsPaise);
        break;
      case "DAY_OPENED":
        sides.clear();
        provisional = null;
        break;
      case "ORDER_SUBMITTED":
        sides.set(event.terms.clientOrderId, event.terms.side);
        break;
      case "ORDER_FILLED": {
        const value = valuePaise(event.fill.pricePaise, event.fill.units);
        expected =
          sides.get(event.clientOrderId) === "SELL" ? addPaise(expected, value) : subtractPaise(expected, value);
        break;
      }
      case "DAY_SETTLED":
        provisional = event.worksheet;
        expected = subtractPaise(expected, settledCostPaise(event.worksheet));
        break;
      case "SETTLEMENT_FINALISED": {
        const booked = provisional === null ? ZERO_PAISE : settledCostPaise(provisional);
        expected = addPaise(subtractPaise(expected, settledCostPaise(event.worksheet)), booked);
        break;
      }
      default:
        break;
    }
  }
  return expected;
}
