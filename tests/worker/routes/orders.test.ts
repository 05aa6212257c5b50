import { env } from "cloudflare:workers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { forgetContracts } from "../../../src/edge/contracts.ts";
import { clockAt, replaceBinding } from "../account/account-fixtures.ts";
import { afterOpen, CALL, CLOSE, SESSION } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

const buy = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  clientOrderId: "one",
  instrumentId: CALL.instrumentId,
  side: "BUY",
  type: "MARKET",
  timeInForce: "IOC",
  quantityLots: 1,
  ...change,
});

describe("POST /v1/orders", () => {
  it("accepts an order with 201, and answers its repetition with 200 and the same order", async () => {
    const { account, key } = await tradingAccount("U001");
    const first = await call("POST", "/v1/orders", { key, body: buy() });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      clientOrderId: "one",
      instrumentId: CALL.instrumentId,
      status: "SUBMITTED",
      quantityUnits: CALL.lotSize,
      origin: "API",
      date: "2025-08-29",
    });
    expect(first.body.limitPrice).toMatch(/^\d+\.\d\d$/);
    const { sequence } = await account.state();
    const again = await call("POST", "/v1/orders", { key, body: buy() });
    expect(again.status).toBe(200);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body.createdAt).toBe(first.body.createdAt);
    expect((await account.state()).sequence).toBe(sequence);
  });

  it("answers a repetition with the order it made, also when nobody quotes its contract any more", async () => {
    const { account, key, feed } = await tradingAccount("U001");
    const place = (change: Record<string, unknown> = {}) => call("POST", "/v1/orders", { key, body: buy(change) });
    expect((await place()).status).toBe(201);
    const { sequence } = await account.state();
    await feed.loadSession(SESSION, "NIFTY50");
    forgetContracts();
    onTestFinished(forgetContracts);
    const again = await place();
    expect(again).toMatchObject({ status: 200, body: { clientOrderId: "one", quantityUnits: CALL.lotSize } });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expectProblem(await place({ clientOrderId: "two" }), "INSTRUMENT_UNKNOWN");
    expect((await account.state()).sequence).toBe(sequence);
    expectProblem(await place({ quantityLots: 2 }), "CLIENT_ORDER_ID_REUSED");
  });

  it("takes the Idempotency-Key as the client order id when none is given", async () => {
    const { account, key } = await tradingAccount("U001");
    const { clientOrderId: _, ...body } = buy();
    const headers = { "idempotency-key": "key-1" };
    expect((await call("POST", "/v1/orders", { key, body, headers })).status).toBe(201);
    expect((await call("POST", "/v1/orders", { key, body, headers })).status).toBe(200);
    expect(Object.keys((await account.state()).orders)).toEqual(["key-1"]);
    const malformed = await call("POST", "/v1/orders", { key, body, headers: { "idempotency-key": "a b" } });
    expectProblem(malformed, "IDEMPOTENCY_KEY_MALFORMED");
    const none = await call("POST", "/v1/orders", { key, body });
    expectProblem(none, "BODY_INVALID");
    expect(none.body.errors[0].field).toBe("clientOrderId");
  });

  it("refuses other terms under a known client order id", async () => {
    const { key } = await tradingAccount("U001");
    await call("POST", "/v1/orders", { key, body: buy() });
    const other = await call("POST", "/v1/orders", { key, body: buy({ quantityLots: 2 }) });
    expectProblem(other, "CLIENT_ORDER_ID_REUSED");
    const order = await call("GET", "/v1/orders/one", { key });
    expect(order.body.quantityUnits).toBe(CALL.lotSize);
  });

  it("denies by rule with the limit and the value that met it", async () => {
    const { key } = await tradingAccount("U001");
    const part = buy({ quantityLots: undefined, quantityUnits: CALL.lotSize + 1 });
    const denied = await call("POST", "/v1/orders", { key, body: part });
    expectProblem(denied, "QUANTITY_NOT_WHOLE_LOTS");
    expect(denied.body.errors).toMatchObject([
      { field: "quantityUnits", limit: CALL.lotSize, value: CALL.lotSize + 1 },
    ]);
    const carry = await call("POST", "/v1/orders", { key, body: buy({ clientOrderId: "two", product: "CARRY" }) });
    expectProblem(carry, "PRODUCT_NOT_INTRADAY");
    const short = await call("POST", "/v1/orders", { key, body: buy({ clientOrderId: "three", side: "SELL" }) });
    expect(short.status).toBe(422);
  });

  it("refuses an order outside of the session with a documented code and sends nothing", async () => {
    const { account, key } = await tradingAccount("U001");
    await clockAt(account, CLOSE);
    const late = await call("POST", "/v1/orders", { key, body: buy() });
    expect(late.status).toBe(422);
    expect((await call("GET", `/v1/errors/${late.body.code}`)).status).toBe(200);
    expect(Object.values((await account.state()).orders).filter((order) => order.status !== "DENIED")).toEqual([]);
  });

  it.each([
    ["an unknown field", { colour: "red" }, "colour"],
    ["lots and units at once", { quantityUnits: 75 }, "quantityLots"],
    ["neither lots nor units", { quantityLots: undefined }, "quantityLots"],
    ["no whole number of lots", { quantityLots: 1.5 }, "quantityLots"],
    ["less than one lot", { quantityLots: 0 }, "quantityLots"],
    ["a limit without a price", { type: "LIMIT" }, "limitPrice"],
    ["a market order with a price", { limitPrice: "10.00" }, "limitPrice"],
    ["a price as a number", { type: "LIMIT", limitPrice: 10 }, "limitPrice"],
    ["a price with three decimals", { type: "LIMIT", limitPrice: "10.005" }, "limitPrice"],
    ["a negative price", { type: "LIMIT", limitPrice: "-10.00" }, "limitPrice"],
    ["a side there is not", { side: "HOLD" }, "side"],
    ["an id with a slash", { clientOrderId: "a/b" }, "clientOrderId"],
  ])("refuses %s and changes nothing", async (_, change, field) => {
    const { account, key } = await tradingAccount("U001");
    const { sequence } = await account.state();
    const answer = await call("POST", "/v1/orders", { key, body: buy(change) });
    expectProblem(answer, "BODY_INVALID");
    expect(JSON.stringify(answer.body.errors)).toContain(field);
    expect((await account.state()).sequence).toBe(sequence);
  });

  it("does not know an instrument that nobody quotes", async () => {
    const { key } = await tradingAccount("U001");
    expectProblem(
      await call("POST", "/v1/orders", { key, body: buy({ instrumentId: "NIFTY2590299950CE.NFO" }) }),
      "INSTRUMENT_UNKNOWN",
    );
  });

  it("G-58: refuses what is no option on one of the three indices for what it is", async () => {
    const { key } = await tradingAccount("U001");
    for (const instrumentId of ["RELIANCE.NSE", "FINNIFTY25SEP26000CE.NFO", "MIDCPNIFTY25SEP12000CE.NFO"]) {
      expectProblem(await call("POST", "/v1/orders", { key, body: buy({ instrumentId }) }), "SYMBOL_RESTRICTION");
    }
  });

  it("cannot be sent for the account of somebody else, and needs an account at all", async () => {
    const { account, key } = await tradingAccount("U001");
    await enlist("U002");
    expectProblem(await call("POST", "/v1/accounts/U002/orders", { key, body: buy() }), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("POST", "/v1/orders", { body: buy() }), "ACCOUNT_REQUIRED");
    expect((await call("POST", "/v1/accounts/U001/orders", { body: buy() })).status).toBe(201);
    expect((await call("POST", "/v1/accounts/U001/orders", { key, body: buy() })).status).toBe(200);
    expect(Object.keys((await account.state()).orders)).toEqual(["one"]);
  });

  it("answers 503 with Retry-After when too many orders are in flight, and does nothing", async () => {
    const { account, key } = await tradingAccount("busy");
    await replaceBinding(account, "ORDERS_IN_FLIGHT_MAX", () => "2");
    const resting = (n: number) =>
      buy({ clientOrderId: `n-${n}`, type: "LIMIT", limitPrice: "70.00", timeInForce: "DAY" });
    for (const n of [1, 2]) expect((await call("POST", "/v1/orders", { key, body: resting(n) })).status).toBe(201);
    const { sequence } = await account.state();
    const refused = await call("POST", "/v1/orders", { key, body: resting(3) });
    expectProblem(refused, "OVERLOADED");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect((await account.state()).sequence).toBe(sequence);
    expect((await call("POST", "/v1/orders", { key, body: resting(2) })).status).toBe(200);
  });
});

describe("orders that are there", () => {
  it("are shown at once by id, and in the list when the read model has caught up", async () => {
    const { key } = await tradingAccount("shown");
    await call("POST", "/v1/orders", { key, body: buy() });
    expect((await call("GET", "/v1/orders/one", { key })).body).toMatchObject({ clientOrderId: "one", side: "BUY" });
    await vi.waitFor(
      async () => {
        const { body } = await call("GET", "/v1/orders", { key });
        expect(body.data.map((order: { clientOrderId: string }) => order.clientOrderId)).toEqual(["one"]);
      },
      { timeout: 10_000, interval: 100 },
    );
    expectProblem(await call("GET", "/v1/orders/two", { key }), "ORDER_NOT_FOUND");
    expectProblem(await call("GET", "/v1/orders/__proto__", { key }), "ORDER_NOT_FOUND");
  });

  it("can be canceled until they are final", async () => {
    const { key, feed } = await tradingAccount("canceling");
    const resting = buy({ type: "LIMIT", limitPrice: "70.00", timeInForce: "DAY" });
    expect((await call("POST", "/v1/orders", { key, body: resting })).status).toBe(201);
    const canceled = await call("DELETE", "/v1/orders/one", { key });
    expect(canceled).toMatchObject({ status: 200, body: { status: "PENDING_CANCEL" } });
    await feed.playUntil(afterOpen(125));
    expect((await call("GET", "/v1/orders/one", { key })).body.status).toBe("CANCELED");
    expect((await call("DELETE", "/v1/orders/one", { key })).body.status).toBe("CANCELED");
    expect((await call("POST", "/v1/orders", { key, body: buy({ clientOrderId: "filled" }) })).status).toBe(201);
    await feed.playUntil(afterOpen(130));
    expectProblem(await call("DELETE", "/v1/orders/filled", { key }), "ORDER_NOT_CANCELABLE");
    expectProblem(await call("DELETE", "/v1/orders/none", { key }), "ORDER_NOT_FOUND");
  });

  it("come page by page, newest first, each exactly once", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    const insert = env.DB.prepare(
      `INSERT INTO orders (account_id, client_order_id, sequence, date, instrument_id, underlying, side, type, time_in_force,
         quantity_units, limit_price_paise, purpose, origin, status, filled_units, filled_value_paise, created_at_ms, updated_at_ms)
       VALUES (?1, ?2, ?3, ?4, 'X', 'NIFTY50', 'BUY', 'LIMIT', 'DAY', 75, 1005, 'ENTRY', 'API', ?5, 75, 75376, ?6, ?6)`,
    );
    const rows = Array.from({ length: 7 }, (_, n) =>
      insert.bind(
        "U001",
        `o${n}`,
        100 - n,
        n < 3 ? "2025-08-28" : "2025-08-29",
        n % 2 === 0 ? "FILLED" : "DENIED",
        1_000 + n,
      ),
    );
    await env.DB.batch([...rows, insert.bind("U002", "other", 1, "2025-08-29", "FILLED", 5_000)]);
    const seen: string[] = [];
    let path: string | null = "/v1/orders?limit=3";
    while (path !== null) {
      const { status, body, headers } = await call("GET", path, { key });
      expect(status).toBe(200);
      seen.push(...body.data.map((order: { clientOrderId: string }) => order.clientOrderId));
      const link: string | null = headers.get("link");
      expect(link === null).toBe(body.next === null);
      path = /^<([^>]+)>; rel="next"$/.exec(link ?? "")?.[1] ?? null;
    }
    expect(seen).toEqual(["o6", "o5", "o4", "o3", "o2", "o1", "o0"]);
    const filled = await call("GET", "/v1/orders?from=2025-08-29&status=FILLED", { key });
    expect(filled.body.data).toMatchObject([
      { clientOrderId: "o6", averagePrice: "10.05", filledValue: "753.76" },
      { clientOrderId: "o4" },
    ]);
    expectProblem(await call("GET", "/v1/orders?cursor=bm9wZQ", { key }), "CURSOR_INVALID");
    expectProblem(await call("GET", "/v1/orders?limit=201", { key }), "REQUEST_INVALID");
    expectProblem(await call("GET", "/v1/orders?from=2025-02-30", { key }), "REQUEST_INVALID");
  });
});

describe("positions", () => {
  it("are those of the account at this moment", async () => {
    const { key, feed } = await tradingAccount("holding");
    expect((await call("GET", "/v1/positions", { key })).body.data).toEqual([]);
    await call("POST", "/v1/orders", { key, body: buy() });
    await feed.playUntil(afterOpen(130));
    const { body } = await call("GET", "/v1/positions", { key });
    expect(body.data).toMatchObject([
      { instrumentId: CALL.instrumentId, netUnits: CALL.lotSize, underlying: "NIFTY50" },
    ]);
    expect(body.data[0].averagePrice).toMatch(/^\d+\.\d\d$/);
    await vi.waitFor(
      async () =>
        expect((await call("GET", "/v1/positions/2025-08-29", { key })).body.data).toMatchObject([
          { instrumentId: CALL.instrumentId, netUnits: CALL.lotSize },
        ]),
      { timeout: 10_000, interval: 100 },
    );
  });
});
