import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { readModelStatements } from "../../../src/adapters/storage/ledger-rows.ts";
import { storedRows } from "../../../src/adapters/storage/stored-rows.ts";
import { projectionHash } from "../../../src/core/reporting/project.ts";
import type { OrderRow } from "../../../src/core/reporting/projection.ts";
import { dayTotals } from "../../../src/jobs/day-totals.ts";
import { clockAt } from "../account/account-fixtures.ts";
import { DATE, orderRow } from "../jobs/message-fixtures.ts";
import { afterOpen, CALL, contractAt, SESSION } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

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
        // And the list itself: the same words from the read model as from the account.
        const { items } = (await call("GET", "/v1/order-lists?date=2025-08-29", { key })).body;
        expect(items).toEqual((await call("GET", "/v1/order-lists", { key })).body.items);
        expect(items).toMatchObject([{ listId: "bull", stage: "FILLED", date: "2025-08-29", onIncomplete: "UNWIND" }]);
      },
      { timeout: 10_000 },
    );
    expect((await call("GET", "/v1/order-lists?date=2025-08-28", { key })).body).toEqual({ items: [], next: null });
    expectProblem(await call("GET", "/v1/order-lists?date=2025-08-29&cursor=bm9wZQ", { key }), "CURSOR_INVALID");
    expect(projectionHash(await storedRows(env.DB, "U001"))).toBe((await account.verify()).projectionHash);
  });
});

describe("a request that is sent again because its answer was lost", () => {
  it("is answered with the list it made, whatever has become of the chain its template was read from", async () => {
    const { key, account, feed } = await tradingAccount("U001");
    const template = {
      structure: "VERTICAL",
      optionType: "CALL",
      nearer: "BUY",
      strikes: { by: "ATM" },
      wing: "100.00",
    } as const;
    const place = (body: Record<string, unknown> = {}) =>
      call("POST", "/v1/order-lists", { key, body: { listId: "again", underlying: "NIFTY50", template, ...body } });
    expect((await place()).status).toBe(201);
    const made = (await account.state()).sequence;
    await feed.loadSession(SESSION, "NIFTY50");
    const again = await place();
    expect(again).toMatchObject({ status: 200, body: { listId: "again", structure: "VERTICAL" } });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expectProblem(await place({ sets: 2 }), "LIST_MALFORMED");
    expectProblem(await place({ listId: "new" }), "LIST_MALFORMED");
    expect((await account.state()).sequence).toBe(made);
  });

  it("is answered with the denial it met", async () => {
    const { key, feed } = await tradingAccount("U001");
    const short = { listId: "short", underlying: "NIFTY50", template: { structure: "STRADDLE", side: "SELL" } };
    const place = () => call("POST", "/v1/order-lists", { key, body: short });
    expectProblem(await place(), "PROTECTION_REQUIRED");
    await feed.loadSession(SESSION, "NIFTY50");
    expectProblem(await place(), "PROTECTION_REQUIRED");
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
      denial: {
        code: "ORDER_VALUE_LIMIT",
        field: "quantityUnits",
        limit,
        value,
        unit: "PAISE",
        detail: denied.body.detail,
      },
      slices: 0,
    });
  });

  it("is listed as itself and by its slices, counted by its slices alone, and rebuilt as it is stored", async () => {
    const row = (clientOrderId: string, change: Partial<OrderRow>) =>
      orderRow(1, { accountId: "S001", clientOrderId, status: "FILLED", ...change });
    const rows = [
      row("big", { slices: 2 }),
      row("big_split_1", { listId: "big" }),
      row("big_split_2", { listId: "big" }),
      row("refused", { slices: 0, status: "DENIED" }),
      row("refused-later", { slices: 1, status: "DENIED" }),
      row("refused-later_split_1", { listId: "refused-later", status: "DENIED" }),
    ];
    await env.DB.batch(readModelStatements(env.DB, rows));
    const { orders } = await dayTotals(env.DB, DATE, ["S001"]);
    expect(orders).toMatchObject({ submitted: 2, filled: 2, denied: 2 });
    expect(projectionHash(await storedRows(env.DB, "S001"))).toBe(projectionHash(rows));
    await enlist("S001");
    const { data } = (await call("GET", "/v1/orders", { key: await keyFor("S001") })).body;
    const marks = data.map((order: { clientOrderId: string; slices: number | null; listId: string | null }) => [
      order.clientOrderId,
      order.slices,
      order.listId,
    ]);
    expect(marks).toEqual(
      expect.arrayContaining([
        ["big", 2, null],
        ["big_split_1", null, "big"],
      ]),
    );
    expect(marks).toHaveLength(rows.length);
  });
});
