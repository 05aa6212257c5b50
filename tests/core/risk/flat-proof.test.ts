// What the venue's book must show for an account to be flat or to agree with our record, order by order and unit by unit.
import { describe, expect, it } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import type { InstrumentId, Underlying } from "../../../src/core/instrument/contract.ts";
import type { Order } from "../../../src/core/order/order.ts";
import { differs, hasOverdueOrder, lookAt, type VenueReading } from "../../../src/core/risk/flat-proof.ts";
import { anOrder, id, later, NIFTY_CALL, NIFTY_PUT, NOON } from "../../support/builders.ts";
import { fresh, holding } from "./denial-fixtures.ts";

const position = (instrumentId: InstrumentId, netUnits: number, underlying: Underlying | null = "NIFTY50") => ({
  instrumentId,
  netUnits,
  underlying,
});
const book = (change: Partial<VenueReading> = {}): VenueReading => ({
  atMs: NOON,
  positions: [],
  working: [],
  ...change,
});
const working = (...names: readonly string[]): VenueReading["working"] =>
  names.map((name) => ({ clientOrderId: id(name), underlying: "NIFTY50" }));
const withOrders = (...list: readonly Partial<Order>[]): AccountState => ({
  ...fresh,
  orders: Object.fromEntries(
    list.map((change, at) => [
      id(`o${at}`),
      anOrder({ clientOrderId: id(`o${at}`), venueOrderId: `V${at}`, ...change }),
    ]),
  ),
});

describe("our record and the venue's book", () => {
  it("agree on positions only where both hold the same units of the same contracts", () => {
    const held = holding(NIFTY_CALL, 75);
    const positions = (...all: VenueReading["positions"]) => differs(held, book({ positions: all }));
    expect(positions(position(NIFTY_CALL.instrumentId, 75))).toBe(false);
    expect([positions(position(NIFTY_CALL.instrumentId, 74)), positions()]).toEqual([true, true]);
    const ours = position(NIFTY_CALL.instrumentId, 75);
    expect(positions(ours, position(NIFTY_PUT.instrumentId, 0))).toBe(false);
    expect(positions(ours, position(NIFTY_PUT.instrumentId, -75))).toBe(true);
    expect(differs(fresh, book({ positions: [position(NIFTY_PUT.instrumentId, 75)] }))).toBe(true);
    expect(differs(fresh, book())).toBe(false);
  });

  it("agree on orders where what works works there, what is over does not, and what was not answered for may be on its way", () => {
    const open = withOrders({ status: "ACCEPTED" }, { status: "FILLED" });
    expect(differs(open, book({ working: working("o0") }))).toBe(false);
    expect(differs(open, book())).toBe(true);
    expect(differs(open, book({ working: working("o0", "o1") }))).toBe(true);
    expect(differs(withOrders({ status: "SUBMITTED", venueOrderId: null }), book())).toBe(false);
  });
});

describe("an order that has to have ended", () => {
  it("deals at once or not at all, was taken in three seconds ago, and still stands", () => {
    const overdue = (change: Partial<Order>, ms: number) =>
      hasOverdueOrder(
        withOrders({ status: "FILLED" }, { timeInForce: "IOC", updatedAtMs: NOON, ...change }),
        later(ms),
      );
    expect([overdue({}, 2_999), overdue({}, 3_000)]).toEqual([false, true]);
    expect(overdue({ timeInForce: "DAY" }, 3_000)).toBe(false);
    expect(overdue({ venueOrderId: null }, 3_000)).toBe(false);
    expect(overdue({ status: "CANCELED" }, 3_000)).toBe(false);
  });
});

describe("a look at a scope", () => {
  it("counts our own first, then what the venue shows of the scope and of nobody's underlying", () => {
    expect(lookAt({ ...holding(), orders: withOrders({}).orders }, "ACCOUNT", null)).toEqual({
      finding: "OPEN",
      openPositions: 1,
      workingOrders: 1,
      detail: "1 open positions and 1 working orders by this account's own record",
    });
    expect(lookAt(fresh, "ACCOUNT", null)).toEqual({
      finding: "VENUE_UNREADABLE",
      openPositions: 0,
      workingOrders: 0,
      detail: "the venue's book could not be read",
    });
    const theirs = book({ positions: [position(NIFTY_CALL.instrumentId, 75)], working: working("x") });
    expect(lookAt(fresh, "ACCOUNT/NIFTY50", theirs)).toEqual({
      finding: "VENUE_DIFFERS",
      openPositions: 1,
      workingOrders: 1,
      detail: "1 open positions and 1 working orders by the venue's book, none by this account's",
    });
    const flat = { finding: null, openPositions: 0, workingOrders: 0, detail: "nothing is left" };
    expect(lookAt(fresh, "ACCOUNT/SENSEX", theirs)).toEqual(flat);
    expect(lookAt(fresh, "ACCOUNT", book({ positions: [position(NIFTY_CALL.instrumentId, 0)] }))).toEqual(flat);
    const foreign = book({ positions: [position("RELIANCE" as InstrumentId, 1, null)] });
    expect(lookAt(fresh, "ACCOUNT/SENSEX", foreign)).toMatchObject({ finding: "VENUE_DIFFERS", openPositions: 1 });
    expect(lookAt(holding(NIFTY_CALL), "ACCOUNT/SENSEX", book())).toEqual(flat);
    expect(lookAt(withOrders({}), "ACCOUNT/SENSEX", book())).toEqual(flat);
  });
});
