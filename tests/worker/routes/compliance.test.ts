// Limits, KYC, restrictions and the compliance report through the API, and five hundred orders at once on one account.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { restrictionsInForce } from "../../../src/adapters/read-models/restrictions.ts";
import { type Account, clockAt, must } from "../account/account-fixtures.ts";
import { afterOpen, CALL, DATE } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem, tradingAccount } from "./api-fixtures.ts";

const order = (clientOrderId: string, change: Record<string, unknown> = {}) => ({
  clientOrderId,
  instrumentId: CALL.instrumentId,
  side: "BUY",
  type: "LIMIT",
  limitPrice: "70.00",
  timeInForce: "DAY",
  quantityLots: 1,
  ...change,
});

describe("limits", () => {
  it("are shown with whose figure binds; the operator's override and lock hold at once", async () => {
    const { account } = await tradingAccount("U001");
    const before = await call("GET", "/v1/accounts/U001/limits");
    expect(before.body.effective.openTradesMax).toMatchObject({ boundBy: "USER" });
    expect((await call("PUT", "/v1/accounts/U001/overrides", { body: { openTradesMax: 1 } })).status).toBe(200);
    expect((await call("GET", "/v1/accounts/U001/limits")).body.effective.openTradesMax).toEqual({
      limit: 1,
      boundBy: "OPERATOR",
    });
    const locks = { capital: true, tradeLimit: false, accounts: false };
    expect((await call("PUT", "/v1/accounts/U001/locks", { body: locks })).status).toBe(200);
    expectProblem(await call("PUT", "/v1/accounts/U001/capital", { body: { capital: "9000.00" } }), "LIMIT_LOCKED");
    const { profile } = await account.state();
    expect(profile).toMatchObject({ overrides: { openTradesMax: 1 }, locks });
  });

  it("are lowered by their user alone, with the scope for it", async () => {
    await tradingAccount("U001");
    const made = await call("POST", "/v1/api-keys", {
      body: { accountId: "U001", name: "limits", scopes: ["limits:write", "account:read"] },
    });
    const { key } = made.body;
    expect((await call("PUT", "/v1/account/limits", { key, body: { openTradesMax: 1 } })).status).toBe(200);
    expectProblem(
      await call("PUT", "/v1/account/limits", { key, body: { openTradesMax: 9 } }),
      "LIMIT_RAISE_NOT_ALLOWED",
    );
    expect((await call("GET", "/v1/account/limits", { key })).body.effective.openTradesMax.limit).toBe(1);
    expectProblem(await call("PUT", "/v1/accounts/U001/overrides", { key, body: {} }), "SCOPE_MISSING");
  });
});

describe("an operator's own hand on limits", () => {
  it("raises what the user had lowered, lifts what need not be there, and stands in the journal by name", async () => {
    const { account, key } = await tradingAccount("U001");
    const lowered = { openLotsMax: 5, dailyTurnoverMax: "50000.00", shortOptions: "NONE" };
    expect((await call("PUT", "/v1/accounts/U001/own-limits", { body: lowered })).status).toBe(200);
    expect((await call("GET", "/v1/account/limits", { key })).body).toMatchObject({
      effective: { openLotsMax: { limit: 5 }, dailyTurnoverMax: { limit: "50000.00" } },
      shortOptions: { allowed: "NONE", boundBy: "USER" },
    });
    const { limitPrice: _none, ...short } = order("short", { side: "SELL", type: "MARKET", timeInForce: "IOC" });
    expectProblem(await call("POST", "/v1/orders", { key, body: short }), "SHORT_NOT_ALLOWED");
    const raised = { openLotsMax: 900, dailyTurnoverMax: null, shortOptions: "NAKED" };
    expect((await call("PUT", "/v1/accounts/U001/limits", { body: raised })).status).toBe(200);
    const { body } = await call("GET", "/v1/account/limits", { key });
    expect(body).toMatchObject({ effective: { openLotsMax: { limit: 900 } }, shortOptions: { allowed: "NAKED" } });
    expect(body.effective).not.toHaveProperty("dailyTurnoverMax");
    expect((await call("POST", "/v1/orders", { key, body: { ...short, clientOrderId: "short-2" } })).status).toBe(201);
    const { event } =
      (await account.journal(0, 5_000)).findLast((entry) => entry.event.type === "LIMITS_CHANGED") ?? {};
    expect(event).toMatchObject({ by: "OPERATOR", actor: "operator", limits: { openLotsMax: 900 } });
    expect((await call("PUT", "/v1/accounts/U001/overrides", { body: { shortOptions: "NONE" } })).status).toBe(200);
    expect((await call("GET", "/v1/account/limits", { key })).body.shortOptions.boundBy).toBe("OPERATOR");
  });
});

describe("compliance", () => {
  it("opens nothing without KYC, keeps of a PAN its mask alone, and reports every decision", async () => {
    const { account, key } = await tradingAccount("U001");
    expect((await call("POST", "/v1/orders", { key, body: order("first") })).status).toBe(201);
    const kyc = { state: "PENDING", pan: "ABCPE1234F", reason: "the address is missing" };
    expect((await call("PUT", "/v1/accounts/U001/kyc", { body: kyc })).status).toBe(200);
    expectProblem(await call("PUT", "/v1/accounts/U001/kyc", { body: { ...kyc, pan: "ABCDE1234F" } }), "BODY_INVALID");
    const refused = await call("POST", "/v1/orders", { key, body: order("second") });
    expectProblem(refused, "KYC_VERIFICATION");
    expectProblem(
      await call("POST", "/v1/orders", { key, body: order("x", { instrumentId: "RELIANCE" }) }),
      "SYMBOL_RESTRICTION",
    );
    const state = await account.state();
    expect(state.profile?.kyc).toMatchObject({ state: "PENDING", panMasked: "ABCxxxx34F", panHolder: "INDIVIDUAL" });
    expect(JSON.stringify(await account.journal(0, 5_000))).not.toContain("ABCPE1234F");
    await vi.waitFor(
      async () => {
        await account.flushOutbox();
        const report = await call("GET", "/v1/compliance/report", { key });
        expect(report.body).toMatchObject({
          total: 2,
          approved: 1,
          pending: 1,
          rejected: 0,
          rejectedByRule: { KYC_VERIFICATION: 1 },
        });
      },
      { timeout: 10_000, interval: 100 },
    );
    const { body } = await call("GET", "/v1/order-checks", { key });
    expect(body.data.map((row: { clientOrderId: string }) => row.clientOrderId)).toEqual(["second", "first"]);
    expect(body.data[0].checks.at(-1)).toMatchObject({ rule: "KYC_VERIFICATION", passed: false });
    expect(body.data[1]).toMatchObject({ status: "APPROVED", algoId: "GENERIC-API" });
    expect(body.data[1].checks.length).toBeGreaterThan(30);
    const all = await call("GET", "/v1/operations/compliance/report");
    expect(all.body).toMatchObject({ total: 2, verifiedUsers: 1 });
  });

  it("keeps restrictions on record with who made and who lifted them", async () => {
    const ban = {
      restrictionId: "nse-1",
      source: "NSE",
      type: "BAN",
      symbol: "nifty 50",
      from: "2025-08-29",
      message: "suspended",
    };
    const added = await call("POST", "/v1/operations/restrictions", { body: ban });
    expect(added).toMatchObject({ status: 201, body: { restriction: { symbol: "NIFTY50", createdBy: "operator" } } });
    expectProblem(await call("POST", "/v1/operations/restrictions", { body: ban }), "RESTRICTION_EXISTS");
    expectProblem(
      await call("POST", "/v1/operations/restrictions", { body: { ...ban, restrictionId: "x", symbol: "FINNIFTY" } }),
      "BODY_INVALID",
    );
    expect((await call("GET", "/v1/restrictions?date=2025-08-29")).body.data).toHaveLength(1);
    expect((await call("GET", "/v1/restrictions?date=2025-08-28")).body.data).toEqual([]);
    const lifted = await call("DELETE", "/v1/operations/restrictions/nse-1");
    expect(lifted.body.restriction).toMatchObject({ liftedBy: "operator" });
    expect((await call("GET", "/v1/restrictions?date=2025-08-29")).body.data).toEqual([]);
    expect((await call("GET", "/v1/restrictions")).body.data).toHaveLength(1);
    expectProblem(await call("DELETE", "/v1/operations/restrictions/none"), "RESTRICTION_NOT_FOUND");
  });
});

/** What the operator's edit sends to every account of a running session; here no session runs. */
const tell = async (account: Account, second: number): Promise<void> => {
  const restrictions = await restrictionsInForce(env.DB, DATE);
  const jobKey = `RESTRICTIONS/${DATE}/${second}/test`;
  const change = { type: "CHANGE_RESTRICTIONS", jobKey, date: DATE, restrictions } as const;
  must(await account.runJob({ ...change, atMs: afterOpen(second) }));
};

describe("a ban in the middle of the day", () => {
  it("takes entries under way out, denies new ones, lets exits through, and ends when it is lifted", async () => {
    const { account, key, feed } = await tradingAccount("U001");
    const send = (body: unknown) => call("POST", "/v1/orders", { key, body });
    const statusOf = async (name: string) => (await account.state()).orders[name as never]?.status;
    expect((await send(order("held", { type: "MARKET", limitPrice: undefined, timeInForce: "IOC" }))).status).toBe(201);
    await feed.playUntil(afterOpen(122));
    await clockAt(account, afterOpen(122));
    expect(await statusOf("held")).toBe("FILLED");
    expect((await send(order("resting"))).status).toBe(201);

    // What all accounts hold together, as the operator sees it.
    await vi.waitFor(async () => {
      const { body } = await call("GET", "/v1/operations/position-limits");
      expect(body.underlyings[0]).toMatchObject({ underlying: "NIFTY50", contracts: 1, isWithin: true, short: "0.00" });
      expect(Number(body.underlyings[0].long)).toBeGreaterThan(0);
      expect(body).toMatchObject({ netMax: expect.stringMatching(/^\d+/), unknown: [] });
    }, 10_000);

    const ban = {
      restrictionId: "nse-2",
      source: "NSE",
      type: "BAN",
      symbol: "NIFTY50",
      from: "2025-08-29",
      message: "now",
    };
    expect((await call("POST", "/v1/operations/restrictions", { body: ban })).status).toBe(201);
    await tell(account, 122);
    await vi.waitFor(async () => expect(await statusOf("resting")).toBe("PENDING_CANCEL"));
    const denied = await send(order("banned"));
    expectProblem(denied, "SYMBOL_RESTRICTION");
    expect(await statusOf("banned")).toBe("DENIED");
    await feed.playUntil(afterOpen(125));
    await clockAt(account, afterOpen(125));
    expect(await statusOf("resting")).toBe("CANCELED");
    const exit = { side: "SELL", type: "MARKET", limitPrice: undefined, timeInForce: "IOC" };
    expect((await send(order("out", exit))).status).toBe(201);
    await feed.playUntil(afterOpen(128));
    await clockAt(account, afterOpen(128));
    expect(await statusOf("out")).toBe("FILLED");
    expect(Object.keys((await account.state()).openTrades)).toEqual([]);

    expect((await call("DELETE", "/v1/operations/restrictions/nse-2")).status).toBe(200);
    await tell(account, 129);
    expect((await send(order("again"))).status).toBe(201);
  });
});

describe("five hundred orders at once on one account", () => {
  it("pass no limit together, in whatever order they are taken, while the limits are lowered under them", async () => {
    const { account } = await tradingAccount("U001");
    await env.ACCOUNT.getByName("U001").changeLimits({ tradesPerCycleMax: 4, openTradesMax: 3 });
    const outcomes = await Promise.all([
      ...Array.from({ length: 500 }, (_, n) =>
        account.submitOrder({
          clientOrderId: `p-${n}` as never,
          contract: CALL,
          side: "BUY",
          type: "LIMIT",
          timeInForce: "DAY",
          product: "INTRADAY",
          quantityUnits: CALL.lotSize * (1 + (n % 3)),
          limitPricePaise: (65_00 + 5 * (n % 50)) as never,
        }),
      ),
      account.changeLimits({ tradesPerCycleMax: 3, positionSizeMaxPaise: 15_000_00 as never }),
    ]);
    expect(outcomes).toHaveLength(501);
    const { orders, profile } = await account.state();
    const sent = Object.values(orders).filter(({ status }) => status !== "DENIED");
    const working = sent.filter(({ status }) => status !== "PENDING_CANCEL" && status !== "CANCELED");
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(working.length).toBeLessThanOrEqual(profile?.limits.tradesPerCycleMax ?? 0);
    expect(working.reduce((sum, { reservedPaise }) => sum + reservedPaise, 0)).toBeLessThanOrEqual(15_000_00);
  });
});
