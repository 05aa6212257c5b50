// The largest, the smallest and the oldest that anybody may write: what is beyond is refused with its field and its limit, and
// what is at the bound never breaks arithmetic.
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { app } from "../../../src/edge/app.ts";
import { clockAt } from "../account/account-fixtures.ts";
import { afterOpen, CALL, contractAt } from "../market-feed/feed-fixtures.ts";
import { type Answer, call, tradingAccount } from "./api-fixtures.ts";

const HUGE = "90071992547409.90";
const PRICE_MAX = "200000.00";
const AMOUNT_MAX = "1000000000.00";
const HIGHER = contractAt(24_600).instrumentId;

const leg = { expiry: "2025-09-02", strike: "24500.00", optionType: "CALL", side: "BUY", lots: 1, price: "100.00" };
const basket = { underlying: "NIFTY50", date: "2025-08-29", spot: "24500.00", legs: [leg] };
const short = { instrumentId: HIGHER, side: "SELL", type: "LIMIT", quantityLots: 1 };
const account = { accountId: "old", displayName: "Old", category: "NGD", capital: "100000.00", savings: "0.00" };
const listOf = (one: object, other: object) => ({
  listId: "l",
  sets: 2_500,
  legs: [
    { instrumentId: HIGHER, side: "SELL", ratio: 10, ...one },
    { instrumentId: CALL.instrumentId, side: "BUY", ratio: 10, ...other },
  ],
});
const PLAN = `/v1/positions/${CALL.instrumentId}/exit-plan`;
const GROUP = "/v1/exit-groups/g1";

type Request = readonly [method: string, path: string, body: unknown];

/** One lot of the call is held, two minutes after the open, by an account that may sell without protection. */
async function desk(): Promise<(request: Request) => Promise<Answer>> {
  const { key, feed, account: trader } = await tradingAccount("bounds");
  const patch = { shortOptions: "NAKED" };
  expect((await call("PUT", "/v1/accounts/bounds/limits", { body: patch })).status).toBe(200);
  const { instrumentId } = CALL;
  const order = {
    clientOrderId: "one",
    instrumentId,
    side: "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    quantityLots: 1,
  };
  expect((await call("POST", "/v1/orders", { key, body: order })).status).toBe(201);
  await feed.playUntil(afterOpen(125));
  await clockAt(trader, afterOpen(125));
  expect((await call("GET", "/v1/positions", { key })).body.data).toHaveLength(1);
  return ([method, path, body]) => call(method, path, { body, ...(path === "/v1/accounts" ? {} : { key }) });
}

const BEYOND: readonly (readonly [...Request, field: string, passes: string])[] = [
  ["PUT", PLAN, { timeExitAt: "1960-01-01T00:00:00Z" }, "timeExitAt", "from 2000-01-01"],
  ["PUT", PLAN, { timeExitAt: "0000-01-01T00:00:00Z" }, "timeExitAt", "from 2000-01-01"],
  ["PUT", PLAN, { trail: { distance: "1.00", step: HUGE } }, "trail.step", "at most"],
  ["PUT", PLAN, { trail: { distance: HUGE, step: "1.00", unit: "PERCENT" } }, "trail.distance", "at most"],
  ["PUT", PLAN, { targets: [{ points: HUGE }] }, "targets.0.points", "at most"],
  ["PUT", PLAN, { targets: [{ percent: HUGE }] }, "targets.0.percent", "at most"],
  ["PUT", PLAN, { stop: "200000.01" }, "stop", `at most ${PRICE_MAX}`],
  [
    "PUT",
    PLAN,
    { stop: "50.00", lock: { from: "1.05", stop: "1.00", every: HUGE, by: "0.01" } },
    "lock.every",
    "at most",
  ],
  ["PUT", GROUP, { scope: "ACCOUNT", trail: { distance: "1.00", step: HUGE } }, "trail.step", `at most ${AMOUNT_MAX}`],
  ["PUT", GROUP, { scope: "ACCOUNT", trail: { distance: HUGE, step: "1.00" } }, "trail.distance", "at most"],
  ["PUT", GROUP, { scope: "ACCOUNT", target: HUGE }, "target", "at most"],
  ["PUT", GROUP, { scope: "ACCOUNT", stop: `-${HUGE}` }, "stop", `at least -${AMOUNT_MAX}`],
  ["POST", "/v1/order-lists", listOf({}, { limitPrice: HUGE }), "legs.1.limitPrice", `at most ${PRICE_MAX}`],
  ["POST", "/v1/order-lists", listOf({ limitPrice: AMOUNT_MAX }, {}), "legs.0.limitPrice", "at most"],
  ["POST", "/v1/orders", { ...short, limitPrice: HUGE }, "limitPrice", `at most ${PRICE_MAX}`],
  ["POST", "/v1/orders", { ...short, limitPrice: "1.00", quantityLots: 100_001 }, "quantityLots", "100000"],
  ["POST", "/v1/calculators/margin", { ...basket, date: "1960-01-01" }, "date", "from 2000-01-01 to 2099-12-31"],
  ["POST", "/v1/calculators/margin", { ...basket, date: "9999-12-31" }, "date", "from 2000-01-01 to 2099-12-31"],
  ["POST", "/v1/calculators/payoff", { ...basket, whatIf: { date: "1960-01-01" } }, "whatIf.date", "2000-01-01"],
  ["POST", "/v1/accounts", { ...account, activatedOn: "1969-12-31" }, "activatedOn", "from 2000-01-01"],
  ["POST", "/v1/accounts", { ...account, activatedOn: "1970-01-01" }, "activatedOn", "from 2000-01-01"],
  ["POST", "/v1/settlements/preview", { category: "NGD", gross_profit: `-${HUGE}` }, "gross_profit", "at least"],
];

const AT: readonly Request[] = [
  ["PUT", PLAN, { target: PRICE_MAX, trail: { distance: PRICE_MAX, step: PRICE_MAX } }],
  ["PUT", PLAN, { trail: { distance: PRICE_MAX, step: PRICE_MAX, unit: "PERCENT" } }],
  ["PUT", PLAN, { targets: [{ percent: PRICE_MAX }] }],
  ["PUT", PLAN, { stop: "50.00", lock: { from: "1.05", stop: "1.00", every: PRICE_MAX, by: "0.01" } }],
  ["PUT", PLAN, { timeExitAt: "2000-01-01T05:30:00+05:30" }],
  ["PUT", PLAN, { timeExitAt: "2099-12-31T12:00:00Z" }],
  ["PUT", GROUP, { scope: "ACCOUNT", trail: { distance: AMOUNT_MAX, step: AMOUNT_MAX } }],
  ["PUT", GROUP, { scope: "ACCOUNT", stop: `-${AMOUNT_MAX}`, target: AMOUNT_MAX }],
  ["POST", "/v1/order-lists", listOf({ limitPrice: PRICE_MAX }, { limitPrice: PRICE_MAX })],
  ["POST", "/v1/orders", { ...short, limitPrice: PRICE_MAX, quantityLots: 100_000 }],
  ["POST", "/v1/orders", { ...short, type: "STOP_LIMIT", limitPrice: PRICE_MAX, triggerPrice: PRICE_MAX }],
  ["POST", "/v1/orders", { ...short, side: "BUY", limitPrice: PRICE_MAX, quantityLots: 100_000, takeWhatFits: true }],
  ["POST", "/v1/orders", { ...short, limitPrice: PRICE_MAX, quantityLots: 100_000, takeWhatFits: true }],
  ["POST", "/v1/calculators/margin", { ...basket, date: "2000-01-01" }],
  ["POST", "/v1/calculators/margin", { ...basket, date: "2099-12-31", legs: [{ ...leg, expiry: "2099-12-31" }] }],
  ["POST", "/v1/calculators/margin", { ...basket, spot: PRICE_MAX, legs: [{ ...leg, side: "SELL", lots: 1_000 }] }],
  ["POST", "/v1/calculators/margin", { ...basket, legs: [{ ...leg, side: "SELL", lots: 1_000, price: PRICE_MAX }] }],
  ["POST", "/v1/calculators/payoff", { ...basket, whatIf: { date: "2000-01-01" } }],
  ["POST", "/v1/calculators/payoff", { ...basket, whatIf: { date: "2099-12-31", time: "23:59" } }],
  ["POST", "/v1/calculators/payoff", { ...basket, legs: [{ ...leg, lots: 1_000, entryPrice: PRICE_MAX }] }],
  ["POST", "/v1/accounts", { ...account, activatedOn: "2000-01-01" }],
  ["POST", "/v1/settlements/preview", { category: "NGD", gross_profit: AMOUNT_MAX, activated_on: "2000-01-01" }],
  ["POST", "/v1/settlements/preview", { category: "NGD", gross_profit: `-${AMOUNT_MAX}`, date: "2099-12-31" }],
  ["GET", "/v1/yardsticks/edge?capital=1000000000.00&vix=200", undefined],
  ["GET", "/v1/portfolio/performance?from=2000-01-01&to=2000-01-01", undefined],
  ["GET", "/v1/orders?from=2000-01-01&to=2099-12-31", undefined],
];

describe("bounds of what requests say", () => {
  it("refuses what lies beyond one as the client's mistake, with the field and what would pass", async () => {
    const ask = await desk();
    for (const [method, path, sent, field, passes] of BEYOND) {
      const named = path === "/v1/orders" ? { ...(sent as object), clientOrderId: "beyond" } : sent;
      const { status, body } = await ask([method, path, named]);
      const faults = (body.errors ?? []).filter((error: { field: string }) => error.field === field);
      const at = `${method} ${path} ${JSON.stringify(sent)}: ${JSON.stringify(body)}`;
      expect.soft({ status, code: body.code, said: faults[0]?.message }, at).toEqual({
        status: 422,
        code: "BODY_INVALID",
        said: expect.stringContaining(passes),
      });
    }
    const { body } = await ask(["PUT", PLAN, { stop: HUGE, lock: { from: "0.00", stop: "1" } }]);
    expect(body.errors).toMatchObject([
      { field: "stop", limit: 20_000_000, unit: "PAISE" },
      { field: "lock.from", message: "at least 0.01", limit: 1, unit: "PAISE" },
    ]);
  });

  it("takes what lies at one, or refuses it by a rule, and breaks on nothing", async () => {
    const ask = await desk();
    for (const [index, [method, path, sent]] of AT.entries()) {
      const named = path === "/v1/orders" ? { ...(sent as object), clientOrderId: `at-${index}` } : sent;
      const { status, body } = await ask([method, path, named]);
      const at = `${method} ${path} ${JSON.stringify(sent)}: ${JSON.stringify(body)}`;

      expect.soft(status, at).toBeLessThan(500);
      expect.soft(body.code, at).not.toBe("BODY_INVALID");
    }
  });

  it("reads every route at the first and the last of dates, and at the largest page", async () => {
    const ask = await desk();
    let answered = 0;
    for (const definition of app.openAPIRegistry.definitions) {
      if (definition.type !== "route" || definition.route.method !== "get") continue;
      const { path, request } = definition.route;
      const query = Object.keys((request?.query as z.ZodObject | undefined)?.shape ?? {});
      const dated = query.filter((name) => ["date", "from", "to", "expiry"].includes(name));
      if (dated.length === 0 && !path.includes("{date}")) continue;
      for (const date of ["2000-01-01", "2099-12-31"]) {
        const search = new URLSearchParams(dated.map((name) => [name, name === "from" ? "2000-01-01" : date]));
        if (query.includes("limit")) search.set("limit", "200");
        const named = path.replace("{accountId}", "bounds").replace("{underlying}", "NIFTY50").replace("{date}", date);
        const url = `${named}?${search}`;
        const operators = await call("GET", url);
        const { status, body } =
          operators.body.code === "ACCOUNT_REQUIRED" ? await ask(["GET", url, undefined]) : operators;
        expect.soft(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(500);
        if (status === 200) answered += 1;
      }
    }
    expect(answered).toBeGreaterThan(40);
  });
});
