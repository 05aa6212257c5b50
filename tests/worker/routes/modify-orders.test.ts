import { describe, expect, it } from "vitest";
import { clockAt } from "../account/account-fixtures.ts";
import { afterOpen, CALL } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem, tradingAccount } from "./api-fixtures.ts";

const LOT = CALL.lotSize;

/** A day order far below the market, acknowledged by the venue. */
async function resting(accountId: string) {
  const trading = await tradingAccount(accountId);
  const { key, feed, account } = trading;
  const price = await feed.prices([CALL.instrumentId]);
  const bid = price[0]?.bidPaise ?? 0;
  const limit = ((Math.floor((bid * 0.9) / 5) * 5) / 100).toFixed(2);
  const body = {
    clientOrderId: "one",
    instrumentId: CALL.instrumentId,
    side: "BUY",
    type: "LIMIT",
    timeInForce: "DAY",
    quantityLots: 2,
    limitPrice: limit,
  };
  const sent = await call("POST", "/v1/orders", { key, body });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  await account.runJob({ type: "POLL_TRANSFERS", atMs: afterOpen(121), jobKey: "POLL_TRANSFERS/x/-/-" });
  await feed.playUntil(afterOpen(130));
  await clockAt(account, afterOpen(130));
  return { ...trading, limit };
}

const patch = (key: string, body: Record<string, unknown>, modifyId?: string) =>
  call("PATCH", "/v1/orders/one", {
    key,
    body,
    headers: modifyId === undefined ? {} : { "idempotency-key": modifyId },
  });

describe("PATCH /v1/orders/{clientOrderId}", () => {
  it("changes an order once under its key, and shows what was asked and what came of it", async () => {
    const { key, feed, account, limit } = await resting("U001");
    const asked = await patch(key, { quantityUnits: LOT }, "m1");
    expect(asked.status, JSON.stringify(asked.body)).toBe(200);
    expect(asked.body).toMatchObject({ status: "PENDING_REPLACE", quantityUnits: 2 * LOT });
    const again = await patch(key, { quantityUnits: LOT }, "m1");
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expectProblem(await patch(key, { quantityUnits: 3 * LOT }, "m1"), "MODIFY_ID_REUSED");
    await account.runJob({ type: "POLL_TRANSFERS", atMs: afterOpen(131), jobKey: "POLL_TRANSFERS/y/-/-" });
    await feed.playUntil(afterOpen(140));
    const order = await call("GET", "/v1/orders/one", { key });
    expect(order.body).toMatchObject({
      status: "ACCEPTED",
      quantityUnits: LOT,
      limitPrice: limit,
      product: "INTRADAY",
      modifications: [{ modifyId: "m1", outcome: "REPLACED", quantityUnits: LOT }],
    });
  });

  it("says which limit the order it would become meets, and leaves it as it was", async () => {
    const { key } = await resting("U001");
    const denied = await patch(key, { quantityUnits: LOT + 1 }, "m1");
    expectProblem(denied, "QUANTITY_NOT_WHOLE_LOTS");
    expect((await call("GET", "/v1/orders/one", { key })).body).toMatchObject({ status: "ACCEPTED" });
    expectProblem(await patch(key, { quantityUnits: LOT }), "BODY_INVALID");
    expectProblem(await patch(key, {}, "m2"), "BODY_INVALID");
    const unknown = { key, body: { quantityUnits: LOT }, headers: { "idempotency-key": "m3" } };
    expectProblem(await call("PATCH", "/v1/orders/none", unknown), "ORDER_NOT_FOUND");
  });
});

describe("/v1/reconciliations", () => {
  it("compares the account with the venue on demand and keeps what was found", async () => {
    const { key } = await resting("U001");
    const run = await call("POST", "/v1/reconciliations", { key, body: {} });
    expect(run.status, JSON.stringify(run.body)).toBe(200);
    expect(run.body).toMatchObject({ cause: "REQUEST", compared: { orders: 1, fills: 0 }, differences: [] });
    const list = await call("GET", "/v1/reconciliations", { key });
    expect(list.body.data[0]).toEqual(run.body);
  });
});
