// A state that cannot be is named as such, each kind by a sentence of its own.
import { describe, expect, it } from "vitest";
import { brokenInvariants } from "../../../src/core/account/invariants.ts";
import { reconcile } from "../../../src/core/account/reconcile.ts";
import type { AccountState, DayState, OpenTrade } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Order } from "../../../src/core/order/order.ts";
import { accepted, anAccount, anOrder, filled, id, NIFTY_CALL, NOON, submit } from "../../support/builders.ts";

function holding() {
  const account = anAccount();
  account.do(submit({ quantityUnits: 150 }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), 75, 50_00));
  return account;
}
const { state, events } = holding();
const order = state.orders[id("order-1")] as Order;
const trade = state.openTrades[NIFTY_CALL.instrumentId] as OpenTrade;
const withOrder = (change: Partial<Order>): AccountState => ({
  ...state,
  orders: { [order.clientOrderId]: { ...order, ...change } },
});
const withTrade = (change: Partial<OpenTrade>): AccountState => ({
  ...state,
  openTrades: { [NIFTY_CALL.instrumentId]: { ...trade, ...change } },
});
const withDay = (change: Partial<DayState>): AccountState => ({
  ...state,
  day: { ...(state.day as DayState), ...change },
});

const BROKEN: readonly (readonly [string, AccountState, RegExp])[] = [
  ["savings below zero", { ...state, savingsPaise: paise(-1) }, /savings are negative/],
  ["a tax lock below zero", { ...state, taxLockPaise: paise(-1) }, /tax lock is negative/],
  ["events without an account", { ...state, profile: null }, /open from its first event on/],
  ["a reservation that is not limit × what is left", withOrder({ reservedPaise: paise(1) }), /reserves 1/],
  ["an ended order that reserves", withOrder({ status: "CANCELED" }), /reserves/],
  ["units filled below zero", withOrder({ filledUnits: -75 }), /order-1 has -75 units filled/],
  [
    "an order not called FILLED with more than was ordered",
    withOrder({ filledUnits: 225 }),
    /is PARTIALLY_FILLED with 225 of 150 units/,
  ],
  [
    "an order called FILLED before it is",
    withOrder({ status: "FILLED", reservedPaise: paise(0) }),
    /is FILLED with 75/,
  ],
  [
    "a position that differs from its fills",
    withOrder({ filledUnits: 0, reservedPaise: paise(7_500_00) }),
    /differs from its fills/,
  ],
  ["fills without a position", { ...state, openTrades: {} }, /differs from its fills/],
  ["an open trade with nothing in it", withTrade({ position: { ...trade.position, netUnits: 0 } }), /nothing in it/],
  ["a trigger twice", withTrade({ triggers: [...trade.triggers, ...trade.triggers] }), /a trigger twice/],
  [
    "a stop above its target",
    withTrade({ exitPlan: trade.exitPlan && { ...trade.exitPlan, stopPaise: paise(99_00_00) } }),
    /stops beyond its target/,
  ],
  ["realised that nothing was realised by", withDay({ realisedPaise: paise(1) }), /realised differs/],
  ["orders nobody counted", withDay({ ordersSubmitted: 7 }), /1 orders were sent, 7 are counted/],
  ["trades nobody made", withDay({ trades: 2 }), /1 entries dealt, 2 are counted/],
  ["a flat day with a position", withDay({ status: "FLAT" }), /is FLAT and not flat/],
  ["a closed day that is not settled", withDay({ status: "CLOSED" }), /without a final settlement/],
  ["orders and positions without a day", { ...state, day: null }, /orders without a day/],
];

describe("the invariants of an account", () => {
  it("hold of a sound one", () => {
    expect(brokenInvariants(state)).toEqual([]);
  });

  for (const [what, broken, sentence] of BROKEN) {
    it(`name ${what}`, () => {
      expect(brokenInvariants(broken).join("; ")).toMatch(sentence);
    });
  }

  it("name an order that was never sent but counts as one", () => {
    const orders = { ...state.orders, [id("other")]: anOrder({ clientOrderId: id("other") }) };
    expect(brokenInvariants({ ...state, orders })).toEqual(["2 orders were sent, 1 are counted"]);
  });
});

describe("reconciling", () => {
  it("finds a single paisa that is too many or too few, wherever it lies", () => {
    const entries = events.map((event) => ({ event }));
    expect(reconcile(entries, state).differencePaise).toBe(0);
    for (const place of ["cashPaise", "savingsPaise", "taxLockPaise"] as const) {
      expect(reconcile(entries, { ...state, [place]: paise(state[place] + 1) }).differencePaise).toBe(1);
    }
    expect(reconcile(entries.slice(0, -2), state).differencePaise).not.toBe(0);
  });
});
