import { describe, expect, it } from "vitest";
import { CALL } from "../market-feed/feed-fixtures.ts";
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
