// Orders by request and what the venue says of them: once each, in whatever order it comes.
import { describe, expect, it } from "vitest";
import type { Command, VenueReport } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { evolve } from "../../../src/core/account/evolve.ts";
import { findOrder } from "../../../src/core/account/finished-orders.ts";
import { brokenInvariants } from "../../../src/core/account/invariants.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import { projectEvent } from "../../../src/core/reporting/project.ts";
import { reservedPaise } from "../../../src/core/risk/exposure.ts";
import {
  AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const ONE = id("order-1");

describe("an order by request", () => {
  it("is on record with what it reserves before anything is sent", () => {
    const account = anAccount();
    expect(account.do(submit()).map(({ type }) => type)).toEqual(["ORDER_SUBMITTED"]);
    expect(account.state.orders[ONE]).toMatchObject({
      status: "SUBMITTED",
      reservedPaise: 3_750_00,
      purpose: "ENTRY",
      cycleId: "2025-08-29-C12",
    });
    expect(outstandingWork(account.state).submit.map(({ clientOrderId }) => clientOrderId)).toEqual([ONE]);
  });

  it("sent again with the same terms does nothing, and with other terms is denied without touching the first", () => {
    const account = anAccount();
    account.do(submit());
    expect(account.do(submit({}, later(5_000)))).toEqual([]);
    const [denied] = account.do(submit({ quantityUnits: 150 }));
    expect(denied).toMatchObject({ type: "ORDER_DENIED", denial: { code: "CLIENT_ORDER_ID_REUSED" } });
    expect(account.state.orders[ONE]).toMatchObject({ status: "SUBMITTED", quantityUnits: 75 });
    for (const change of [
      { side: "SELL" },
      { contract: NIFTY_PUT },
      { limitPricePaise: paise(49_00) },
      { timeInForce: "IOC" },
    ] as const) {
      expect(account.do(submit(change))).toMatchObject([{ denial: { code: "CLIENT_ORDER_ID_REUSED" } }]);
    }
  });

  it("for the market leaves with a protection price, which a later price does not make another order", () => {
    const account = anAccount();
    account.do(submit({ type: "MARKET", limitPricePaise: null }));
    expect(account.state.orders[ONE]?.limitPricePaise).toBe(51_10);
    expect(
      account.do(submit({ type: "MARKET", limitPricePaise: null }, later(9), aPrice({ askPaise: paise(60_00) }))),
    ).toEqual([]);
  });

  it("to sell for the market without any quote is protected 40 % below cost", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(ONE, 75, 50_00));
    account.do(submit({ clientOrderId: id("out"), side: "SELL", type: "MARKET", limitPricePaise: null }, NOON, null));
    expect(account.state.orders[id("out")]).toMatchObject({
      status: "SUBMITTED",
      purpose: "EXIT",
      limitPricePaise: 30_00,
      reservedPaise: 0,
    });
  });

  it("that is denied is on record with its denial, and asking again gives the same answer", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 76 }));
    expect(account.state.orders[ONE]).toMatchObject({
      status: "DENIED",
      reservedPaise: 0,
      denial: { code: "QUANTITY_NOT_WHOLE_LOTS" },
    });
    expect(account.do(submit({ quantityUnits: 76 }))).toEqual([]);
    expect(account.state.day).toMatchObject({ ordersSubmitted: 0, ordersDenied: 1 });
  });

  it("is refused, with nothing written, before an account and a day are there", () => {
    const nobody = new AccountUnderTest();
    expect(decide(nobody.state, submit())).toMatchObject({ ok: false, error: { code: "ACCOUNT_NOT_FOUND" } });
    const account = anAccount();
    expect(decide({ ...account.state, day: null }, submit())).toMatchObject({
      ok: false,
      error: { code: "DAY_NOT_OPEN" },
    });
  });

  it("can be taken out while it works, once", () => {
    const account = anAccount();
    const cancel = { type: "CANCEL_ORDER", atMs: NOON, clientOrderId: ONE } as const;
    expect(decide(account.state, cancel)).toMatchObject({ ok: false, error: { code: "ORDER_NOT_FOUND" } });
    account.do(submit());
    account.do(cancel);
    expect(account.do(cancel)).toEqual([]);
    // The venue may never have seen it: it is told of the order first, then of its end.
    expect(outstandingWork(account.state)).toMatchObject({
      submit: [{ clientOrderId: ONE }],
      cancel: [{ clientOrderId: ONE }],
    });
    account.report(NOON, accepted(ONE));
    expect(outstandingWork(account.state)).toMatchObject({ submit: [], cancel: [{ clientOrderId: ONE }] });
    account.report(NOON, canceled(ONE));
    expect(outstandingWork(account.state)).toMatchObject({ submit: [], cancel: [] });
    expect(account.do(cancel)).toEqual([]);
    account.do(submit({ clientOrderId: id("two") }));
    account.report(NOON, filled(id("two"), 75, 50_00));
    expect(decide(account.state, { ...cancel, clientOrderId: id("two") })).toMatchObject({
      ok: false,
      error: { code: "ORDER_NOT_CANCELABLE" },
    });
  });
});

describe("the venue's reports", () => {
  it("free what a better price has saved, and all of it at the end", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150, limitPricePaise: paise(52_00) }));
    expect(reservedPaise(account.state)).toBe(7_800_00);
    account.report(NOON, filled(ONE, 75, 50_00));
    expect(reservedPaise(account.state)).toBe(3_900_00);
    expect(account.state.cashPaise).toBe(1_00_000_00 - 3_750_00);
    account.report(NOON, canceled(ONE));
    expect(reservedPaise(account.state)).toBe(0);
  });

  it("change nothing when they are repeated, in one message or in another", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150 }));
    const reports: VenueReport[] = [accepted(ONE), filled(ONE, 75, 50_00), canceled(ONE)];
    account.report(NOON, ...reports, ...reports);
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits).toBe(75);
    expect(account.report(NOON, ...reports)).toEqual([]);
    expectSoundHistory(account.events, account.state);
  });

  it("come to the same position in every order in which they can arrive", () => {
    const reports: VenueReport[] = [accepted(ONE), filled(ONE, 75, 50_00), filled(ONE, 75, 49_95), canceled(ONE)];
    for (const order of permutations(reports)) {
      const account = anAccount();
      account.do(submit({ quantityUnits: 225 }));
      for (const report of order) account.report(NOON, report);
      expect(account.state.orders[ONE]).toMatchObject({
        status: "CANCELED",
        filledUnits: 150,
        filledValuePaise: 75 * 99_95,
      });
      expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position).toMatchObject({
        netUnits: 150,
        costPaise: 75 * 99_95,
      });
      expect(brokenInvariants(account.state)).toEqual([]);
    }
  });

  it("on orders nobody knows, or of an order that never left, change nothing", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 76 }));
    expect(
      account.report(NOON, accepted(id("?")), filled(id("?"), 75, 50_00), filled(ONE, 75, 50_00), canceled(ONE)),
    ).toEqual([]);
  });

  it("count a trade with its first fill, even when that comes after the order's end", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, canceled(ONE));
    expect(account.state.day?.trades).toBe(0);
    account.report(NOON, filled(ONE, 75, 50_00));
    expect(account.state.day).toMatchObject({ trades: 1, tradesByCycle: { "2025-08-29-C12/NIFTY50": 1 } });
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.length).toBeGreaterThan(0);
    expectSoundHistory(account.events, account.state);
  });

  it("of more than was ordered are facts: cash and position follow, nothing stays reserved, and the account stays sound", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(ONE, 75, 50_00), filled(ONE, 75, 50_00));
    expect(account.state.cashPaise).toBe(1_00_000_00 - 7_500_00);
    expect(account.state.orders[ONE]).toMatchObject({ status: "FILLED", filledUnits: 150, reservedPaise: 0 });
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits).toBe(150);
    expectSoundHistory(account.events, account.state);
  });

  it("that turn a position short lead to buying it back at the first price", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(ONE, 75, 50_00));
    account.do(submit({ clientOrderId: id("out"), side: "SELL" }));
    account.report(NOON, filled(id("out"), 75, 50_00), filled(id("out"), 75, 50_00, { executionId: "twice" }));
    const trade = account.state.openTrades[NIFTY_CALL.instrumentId];
    expect(trade?.position.netUnits).toBe(-75);
    const triggerId = trade?.triggers[0]?.triggerId ?? "";
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1), fired: [{ triggerId, price: aPrice() }] });
    const exit = Object.values(account.state.orders).find(({ exitReason }) => exitReason === "SQUARE_OFF");
    expect(exit).toMatchObject({ side: "BUY", purpose: "EXIT", quantityUnits: 75 });
  });
});

describe("orders that ended without dealing", () => {
  /** 300 orders that the venue took and gave back. */
  function busy(): AccountUnderTest {
    const account = anAccount();
    for (let n = 0; n < 300; n += 1) {
      // As fast as the order rate lets entries go.
      account.do(submit({ clientOrderId: id(`n-${n}`) }, later(n * 125)));
      account.report(later(n * 125), accepted(id(`n-${n}`)), canceled(id(`n-${n}`)));
    }
    return account;
  }

  it("are kept aside once they are many, and are found all the same", () => {
    const account = busy();
    expect(Object.keys(account.state.orders).length).toBeLessThan(130);
    for (let n = 0; n < 300; n += 1) expect(findOrder(account.state, id(`n-${n}`))?.status).toBe("CANCELED");
    expect(account.state.day?.ordersSubmitted).toBe(300);
    expectSoundHistory(account.events, account.state);
  });

  it("stay where they are with the event that ends them, however old they are", () => {
    const account = anAccount();
    account.do(submit({ clientOrderId: id("old") }));
    for (let n = 0; n < 127; n += 1) {
      // As fast as the order rate lets entries go.
      account.do(submit({ clientOrderId: id(`n-${n}`) }, later(n * 125)));
      account.report(later(n * 125), canceled(id(`n-${n}`)));
    }
    account.report(later(16_000), canceled(id("old")));
    expect(account.state.orders[id("old")]?.status).toBe("CANCELED");
    account.do(submit({ clientOrderId: id("next") }, later(16_000)));
    expect(account.state.orders[id("old")]).toBeUndefined();
    expect(findOrder(account.state, id("old"))?.status).toBe("CANCELED");
  });

  it("keep their ids for the whole day", () => {
    const account = busy();
    expect(account.do(submit({ clientOrderId: id("n-0") }))).toEqual([]);
    expect(account.do(submit({ clientOrderId: id("n-0"), quantityUnits: 150 }))).toMatchObject([
      { denial: { code: "CLIENT_ORDER_ID_REUSED" } },
    ]);
    expect(findOrder(account.state, id("n-0"))?.status).toBe("CANCELED");
  });

  it("come back when they have dealt after all", () => {
    const account = busy();
    account.report(NOON, filled(id("n-0"), 75, 50_00));
    expect(account.state.orders[id("n-0") as ClientOrderId]).toMatchObject({ status: "FILLED", filledUnits: 75 });
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits).toBe(75);
    expectSoundHistory(account.events, account.state);
  });

  it("are told to the ledger and the read models when they deal late, and keep their row when their id is used again", () => {
    const { state } = busy();
    const told = (reports: Command) => {
      const decided = decide(state, reports);
      const [event] = decided.ok ? decided.value : [];
      if (event === undefined) throw new Error("nothing was decided");
      const entry = { sequence: state.sequence + 1, event, hash: "" };
      return projectEvent(state, entry, evolve(state, event));
    };
    const fill = told({ type: "APPLY_REPORTS", atMs: NOON, reports: [filled(id("n-0"), 75, 50_00)] });
    expect(fill.entries.map(({ kind }) => kind)).toEqual(["FILL"]);
    expect(fill.rows.map(({ table }) => table)).toEqual(["orders", "trades", "positions"]);
    const reused = told(submit({ clientOrderId: id("n-0"), quantityUnits: 150 }));
    expect(reused.rows).toEqual([]);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
