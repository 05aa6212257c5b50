// Orders as nobody should send them: each is refused with a documented code and leaves no trace but, at most, its denial.
import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../../../src/edge/problem-codes.ts";
import { CALL } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem, tradingAccount } from "./api-fixtures.ts";

const limit = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  clientOrderId: "one",
  instrumentId: CALL.instrumentId,
  side: "BUY",
  type: "LIMIT",
  limitPrice: "70.00",
  timeInForce: "DAY",
  quantityLots: 1,
  ...change,
});
const json = (change: Record<string, unknown>): string => JSON.stringify(limit(change));

describe("hostile orders", () => {
  it.each([
    ["a price beyond what exact arithmetic holds", limit({ limitPrice: "90000000000000.00" })],
    ["a price of fifteen digits", limit({ limitPrice: "999999999999999.99" })],
    ["a price in scientific notation", limit({ limitPrice: "1e400" })],
    [
      "as many lots as the schema takes, at such a price",
      limit({ limitPrice: "90000000000000.00", quantityLots: 1e7 }),
    ],
    ["a quantity of 1e400", json({ quantityLots: 7 }).replace(":7", ":1e400")],
    ["a quantity of 2^53", limit({ quantityLots: 2 ** 53 })],
    ["a negative quantity", limit({ quantityLots: -1 })],
    ["minus nothing", json({ quantityLots: 7 }).replace(":7", ":-0")],
    ["an id of other letters", limit({ clientOrderId: "ordre-é-٣" })],
    ["an id with a line break", limit({ clientOrderId: "a\nb" })],
    ["an empty id", limit({ clientOrderId: "" })],
    ["an instrument that is a path", limit({ instrumentId: "../../NIFTY" })],
    ["an instrument that is a member of every object", limit({ instrumentId: "constructor" })],
    ["a list", "[]"],
    ["nothing", "null"],
    ["half a body", json({}).slice(0, -5)],
    ["the same member twice, the second bad", json({}).replace("}", ',"quantityLots":-5}')],
    ["a prototype", json({}).replace("}", ',"__proto__":{"quantityLots":1}}')],
    ["a lone surrogate", json({}).replace('"one"', '"\\ud800"')],
  ])("with %s change no money and no order", async (_, body) => {
    const { account, key } = await tradingAccount("U001");
    const before = await account.state();
    const answer = await call("POST", "/v1/orders", { key, body });
    expect(answer.body.code, JSON.stringify(answer.body)).not.toBe("INTERNAL_ERROR");
    expect(Object.keys(PROBLEMS)).toContain(answer.body.code);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    const after = await account.state();
    expect(after.day?.ordersSubmitted).toBe(before.day?.ordersSubmitted);
    expect([after.cashPaise, after.openTrades]).toEqual([before.cashPaise, before.openTrades]);
  });

  it("takes ids that are members of every object for names", async () => {
    const { account, key } = await tradingAccount("U001");
    for (const clientOrderId of ["constructor", "__proto__"]) {
      const body = json({}).replace('"one"', JSON.stringify(clientOrderId));
      expect((await call("POST", "/v1/orders", { key, body })).status).toBe(201);
      expect((await call("POST", "/v1/orders", { key, body })).status).toBe(200);
      expect((await call("GET", `/v1/orders/${clientOrderId}`, { key })).body).toMatchObject({ clientOrderId });
      expect((await call("DELETE", `/v1/orders/${clientOrderId}`, { key })).status).toBe(200);
    }
    expect((await account.state()).day?.ordersSubmitted).toBe(2);
    expectProblem(await call("DELETE", "/v1/orders/toString", { key }), "ORDER_NOT_FOUND");
  });

  it("makes one order of fifty that are the same and come at once", async () => {
    const { account, key } = await tradingAccount("U001");
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call("POST", "/v1/orders", { key, body: limit() })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array<number>(49).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.createdAt)).size).toBe(1);
    expect((await account.state()).day?.ordersSubmitted).toBe(1);
  });

  it("never lets more through than the limits allow, however many come at once before any is dealt", async () => {
    const { account, key } = await tradingAccount("U001");
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        call("POST", "/v1/orders", { key, body: limit({ clientOrderId: `n-${n}` }) }),
      ),
    );
    const { profile, orders } = await account.state();
    const accepted = answers.filter(({ status }) => status === 201).length;
    expect(accepted).toBe(Math.min(profile?.limits.tradesPerCycleMax ?? 0, accepted));
    expect(accepted).toBeGreaterThan(0);
    expect(Object.values(orders).filter(({ status }) => status !== "DENIED")).toHaveLength(accepted);
    for (const { status, body } of answers) if (status !== 201) expect(body.code).toMatch(/_LIMIT$|^BUYING_POWER$/);
  });
});
