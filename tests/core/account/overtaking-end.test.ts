// The end of an order that arrives before its fills. Found by the simulation: an exit was given again for units that the first
// one had sold already.
import { describe, expect, it } from "vitest";
import { isFlat } from "../../../src/core/account/evolve.ts";
import { brokenInvariants } from "../../../src/core/account/invariants.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { reservedPaise } from "../../../src/core/risk/exposure.ts";
import { closableUnits } from "../../../src/core/risk/trade-counts.ts";
import { accepted, anAccount, filled, id, later, NIFTY_CALL, NOON, submit } from "../../support/builders.ts";

const { instrumentId } = NIFTY_CALL;

function holding(units: number) {
  const account = anAccount();
  account.do(submit({ quantityUnits: units }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), units, 50_00));
  return account;
}

describe("an end that overtakes its fills", () => {
  it("leaves no more to sell than the venue has left", () => {
    const account = holding(300);
    account.do(
      submit({ clientOrderId: id("exit"), side: "SELL", quantityUnits: 300, timeInForce: "IOC" }, later(1_000)),
    );
    account.report(later(2_000), {
      kind: "CANCELED",
      clientOrderId: id("exit"),
      reason: "IOC_REMAINDER",
      atMs: later(2_000),
      filledUnits: 75,
    });
    expect(account.state.orders[id("exit")]?.status).toBe("CANCELED");
    expect(closableUnits(account.state, instrumentId)).toBe(225);
    expect(outstandingWork(account.state).lookUp.map(({ clientOrderId }) => clientOrderId)).toEqual(["exit"]);
    const again = submit({ clientOrderId: id("again"), side: "SELL", quantityUnits: 300 }, later(3_000));
    expect(account.do(again)).toMatchObject([{ type: "ORDER_DENIED", denial: { code: "SHORT_NOT_ALLOWED" } }]);
    account.report(later(4_000), filled(id("exit"), 75, 49_00));
    expect(closableUnits(account.state, instrumentId)).toBe(225);
    expect(outstandingWork(account.state).lookUp).toEqual([]);
    expect(brokenInvariants(account.state)).toEqual([]);
  });

  it("keeps the money of an entry reserved until its fills are told, and the account is not flat before", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150 }));
    account.report(NOON, {
      kind: "EXPIRED",
      clientOrderId: id("order-1"),
      atMs: NOON,
      filledUnits: 75,
    });
    expect(reservedPaise(account.state)).toBe(75 * 50_00);
    expect(isFlat(account.state)).toBe(false);
    expect(brokenInvariants(account.state)).toEqual([]);
    account.report(later(1_000), filled(id("order-1"), 75, 50_00));
    expect(reservedPaise(account.state)).toBe(0);
    expect(account.state.openTrades[instrumentId]?.position.netUnits).toBe(75);
  });

  it("changes nothing where the fills have come before it", () => {
    const account = holding(75);
    account.do(submit({ clientOrderId: id("more"), quantityUnits: 150 }, later(1_000)));
    account.report(later(1_000), filled(id("more"), 75, 50_00));
    const events = account.report(later(2_000), {
      kind: "CANCELED",
      clientOrderId: id("more"),
      reason: "REQUESTED",
      atMs: later(2_000),
      filledUnits: 75,
    });
    expect(events[0]).toEqual({
      type: "ORDER_CANCELED",
      atMs: later(2_000),
      clientOrderId: "more",
      reason: "REQUESTED",
    });
    expect(reservedPaise(account.state)).toBe(0);
  });
});
