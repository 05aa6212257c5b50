// What a venue's snapshot proves and what statement it makes, for any venue that answers the port.
import { describe, expect, it } from "vitest";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { underlyingOfContract } from "../../../src/core/instrument/contract-tables.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { VenueOrderView, VenueSnapshot } from "../../../src/core/reconciliation/snapshot.ts";
import { lookAt } from "../../../src/core/risk/flat-proof.ts";
import { readingOf } from "../../../src/core/risk/venue-reading.ts";
import { brokerStatementOf, daysOf } from "../../../src/core/settlement/broker-statement.ts";
import { anAccount, CONTRACTS, DATE, id, NIFTY_CALL, NOON, SENSEX_CALL } from "../../support/builders.ts";

const order = (name: string, change: Partial<VenueOrderView> = {}): VenueOrderView => ({
  clientOrderId: id(name),
  venueOrderId: `V-${name}`,
  instrumentId: NIFTY_CALL.instrumentId,
  side: "BUY",
  status: "FILLED",
  quantityUnits: 75,
  limitPricePaise: paise(50_00),
  filledUnits: 75,
  filledValuePaise: null,
  reason: null,
  ...change,
});
const fill = (name: string, units: number, pricePaise: number): VenueSnapshot["fills"][number] => ({
  executionId: `E-${name}-${units}`,
  clientOrderId: id(name),
  venueOrderId: `V-${name}`,
  units,
  pricePaise: paise(pricePaise),
  atMs: NOON,
  modelled: false,
});
const snapshot = (change: Partial<VenueSnapshot> = {}): VenueSnapshot => ({
  readAtMs: NOON,
  orders: [],
  fills: [],
  positions: [],
  tradedPaise: null,
  cashPaise: null,
  ...change,
});
const findingOf = (book: VenueSnapshot | null, scope: Parameters<typeof lookAt>[1] = "ACCOUNT") =>
  lookAt(anAccount().state, scope, readingOf(book, NOON)).finding;

describe("a reading of the venue's snapshot", () => {
  it("knows the underlying of every contract, and calls nothing else one", () => {
    expect(CONTRACTS.map(({ instrumentId }) => underlyingOfContract(instrumentId))).toEqual(
      CONTRACTS.map(({ underlying }) => underlying),
    );
    for (const foreign of ["FINNIFTY25SEP24500CE.NFO", "NIFTYBEES.NSE", "RELIANCE", ""]) {
      expect(underlyingOfContract(foreign)).toBeNull();
    }
  });

  it("is flat only without positions and without orders that may still deal, whatever word the venue has for them", () => {
    expect(findingOf(snapshot())).toBeNull();
    expect(findingOf(null)).toBeNull();
    expect(findingOf(snapshot({ positions: [{ instrumentId: NIFTY_CALL.instrumentId, netUnits: -75 }] }))).toBe(
      "VENUE_DIFFERS",
    );
    for (const status of ["WORKING", "TRIGGER_PENDING", "UNRECOGNISED"] as const) {
      expect(findingOf(snapshot({ orders: [order("one", { status })] }))).toBe("VENUE_DIFFERS");
    }
    for (const status of ["FILLED", "CANCELED", "REJECTED", "EXPIRED"] as const) {
      expect(findingOf(snapshot({ orders: [order("one", { status })] }))).toBeNull();
    }
  });

  it("counts what somebody has placed elsewhere in every scope, and an underlying's own in its scope alone", () => {
    const elsewhere = { netUnits: 1, instrumentId: "RELIANCE" as InstrumentId };
    expect(findingOf(snapshot({ positions: [elsewhere] }), "ACCOUNT/SENSEX")).toBe("VENUE_DIFFERS");
    const ours = snapshot({ orders: [order("one", { status: "WORKING", clientOrderId: null })] });
    expect(findingOf(ours, "ACCOUNT/NIFTY50")).toBe("VENUE_DIFFERS");
    expect(findingOf(ours, "ACCOUNT/SENSEX")).toBeNull();
  });

  it("nets the executions where the venue does not say what is held, and is none when one belongs to no order", () => {
    const orders = [order("one"), order("two", { side: "SELL" })];
    const net = (fills: VenueSnapshot["fills"]) => readingOf(snapshot({ orders, fills, positions: null }), NOON);
    expect(net([fill("one", 75, 50_00), fill("two", 50, 51_00)]).positions).toEqual([
      { instrumentId: NIFTY_CALL.instrumentId, netUnits: 25, underlying: "NIFTY50" },
    ]);
    expect(net([fill("one", 75, 50_00), fill("two", 75, 51_00)]).positions).toEqual([]);
    expect(() => net([fill("three", 75, 50_00)])).toThrow("of no order");
  });

  it("makes the statement of the day: every execution once, each order's brokerage once, each exchange its own note", () => {
    const book = snapshot({
      orders: [
        order("one"),
        order("two", { side: "SELL" }),
        order("three", { instrumentId: SENSEX_CALL.instrumentId }),
        order("four", { instrumentId: SENSEX_CALL.instrumentId, side: "SELL" }),
        order("idle", { status: "CANCELED", filledUnits: 0 }),
      ],
      fills: [
        fill("one", 50, 50_00),
        fill("one", 25, 50_05),
        fill("two", 75, 51_00),
        fill("three", 20, 90_00),
        fill("four", 20, 88_00),
      ],
    });
    const days = daysOf(book);
    expect(days.map(({ underlying, executedOrders }) => [underlying, executedOrders])).toEqual([
      ["NIFTY50", 2],
      ["SENSEX", 2],
    ]);
    const statement = brokerStatementOf(DATE, days);
    expect(statement.fills).toBe(5);
    expect(statement.realisedPaise).toBe(75 * 51_00 - 50 * 50_00 - 25 * 50_05 - 20 * 2_00);
    expect(() => daysOf(snapshot({ fills: [fill("one", 1, 1)] }))).toThrow("of no order");
    const foreign = order("one", { instrumentId: "RELIANCE" as InstrumentId });
    expect(() => daysOf(snapshot({ orders: [foreign], fills: [fill("one", 1, 1)] }))).toThrow("RELIANCE");
  });
});
