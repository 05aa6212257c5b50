import { describe, expect, it, vi } from "vitest";
import { clockAt } from "../account/account-fixtures.ts";
import { afterOpen, CALL, contractAt } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem, tradingAccount } from "./api-fixtures.ts";

describe("/v1/order-lists", () => {
  it("denies a list that sells without protection and one whose strikes the chain does not have", async () => {
    const { key } = await tradingAccount("U001");
    const short = { listId: "short", underlying: "NIFTY50", template: { structure: "STRADDLE", side: "SELL" } };
    expectProblem(await call("POST", "/v1/order-lists", { key, body: short }), "PROTECTION_REQUIRED");
    const fly = { listId: "fly", underlying: "NIFTY50", template: { structure: "IRON_FLY", wing: "5000.00" } };
    expectProblem(await call("POST", "/v1/order-lists", { key, body: fly }), "LIST_MALFORMED");
    const both = { listId: "x", legs: [{ instrumentId: CALL.instrumentId, side: "BUY" }] };
    expectProblem(await call("POST", "/v1/order-lists", { key, body: both }), "BODY_INVALID");
    expectProblem(await call("GET", "/v1/order-lists/none", { key }), "ORDER_NOT_FOUND");
    expectProblem(await call("DELETE", "/v1/order-lists/none", { key }), "ORDER_NOT_FOUND");
  });
});

describe("a vertical over HTTP", () => {
  it("is taken, protected before it sells, filled as one trade, read back, kept in D1, and answered again with nothing", async () => {
    const { key, account, feed } = await tradingAccount("U001");
    const higher = contractAt(24_600).instrumentId;
    const legs = [
      { instrumentId: higher, side: "SELL" },
      { instrumentId: CALL.instrumentId, side: "BUY" },
    ];
    const place = () => call("POST", "/v1/order-lists", { key, body: { listId: "bull", legs } });
    const placed = await place();
    expect(placed).toMatchObject({ status: 201, body: { listId: "bull", stage: "PROTECTING" } });
    expect(placed.body.orders.map(({ side }: { side: string }) => side)).toEqual(["BUY"]);
    for (const second of [122, 124, 126]) {
      await feed.playUntil(afterOpen(second));
      await clockAt(account, afterOpen(second));
    }
    const { body } = await call("GET", "/v1/order-lists/bull", { key });
    expect(body).toMatchObject({ stage: "FILLED", reason: null });
    expect(body.orders.map(({ side, status }: { side: string; status: string }) => `${side} ${status}`)).toEqual([
      "BUY FILLED",
      "SELL FILLED",
    ]);
    expect(Number(body.netPremium)).toBeLessThan(0);
    expect((await account.state()).day?.trades).toBe(1);
    expect((await place()).status).toBe(200);
    expect(Object.keys((await account.state()).orders)).toHaveLength(2);

    // Its orders keep the list, the product and the tag beyond the day.
    await vi.waitFor(
      async () => {
        await account.flushOutbox();
        const { data } = (await call("GET", "/v1/orders", { key })).body;
        expect(data).toHaveLength(2);
        for (const order of data) {
          expect(order).toMatchObject({ listId: "bull", product: "INTRADAY", status: "FILLED" });
          expect(order.algoId).toMatch(/.+/);
        }
      },
      { timeout: 10_000 },
    );
  });
});

describe("an order above what the exchange takes at once", () => {
  it("is checked and answered as the one order it is", async () => {
    const { key, account } = await tradingAccount("U001");
    const body = {
      clientOrderId: "big",
      instrumentId: CALL.instrumentId,
      side: "BUY",
      type: "MARKET",
      timeInForce: "IOC",
      quantityLots: 25,
    };
    const denied = await call("POST", "/v1/orders", { key, body });
    expectProblem(denied, "ORDER_VALUE_LIMIT");
    const { limit, value } = denied.body.errors[0];
    expect(value).toBeGreaterThan(limit);
    expect(Object.keys((await account.state()).orders)).toEqual([]);
    expect((await call("GET", "/v1/orders/big", { key })).body).toMatchObject({
      clientOrderId: "big",
      quantityUnits: 25 * CALL.lotSize,
      status: "DENIED",
      denialCode: "ORDER_VALUE_LIMIT",
    });
  });
});
