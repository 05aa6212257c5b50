// Risk through the API: money as decimal strings, model figures as numbers, and an account that holds nothing risks nothing.
import { describe, expect, it } from "vitest";
import { buy, clockAt, must, nifty, sell, trader } from "../account/account-fixtures.ts";
import { afterOpen, CALL, contractAt } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

/** Holds one lot of the call. */
async function holder(accountId: string) {
  const made = await tradingAccount(accountId);
  must(await made.account.submitOrder(buy("held", { quantityUnits: CALL.lotSize })));
  await made.feed.playUntil(afterOpen(121));
  expect((await made.account.view())?.positions).toHaveLength(1);
  return made;
}

describe("GET /v1/risk", () => {
  it("shows exposure, greeks and the use of every limit of what is held", async () => {
    const { key } = await holder("U001");
    const { status, body } = await call("GET", "/v1/risk", { key });
    expect(status).toBe(200);
    expect(body.equity).toMatch(/^\d+\.\d\d$/);
    expect(body.underlyings).toHaveLength(1);
    const [nifty] = body.underlyings;
    expect(nifty).toMatchObject({ underlying: "NIFTY50", contracts: 1 });
    expect(Number(nifty.notional)).toBeCloseTo(nifty.model.spot * CALL.lotSize, 2);
    expect(nifty.model.deltaUnits).toBeGreaterThan(0);
    expect(nifty.model.deltaUnits).toBeLessThan(CALL.lotSize);
    expect(nifty.model.thetaRupeesPerDay).toBeLessThan(0);
    expect(body.valueAtRisk.session.varPercent).toBeLessThan(0);
    expect(body.valueAtRisk.session.cvarPercent).toBeLessThanOrEqual(body.valueAtRisk.session.varPercent);
    const uses = new Map(body.utilisation.map((use: { code: string }) => [use.code, use]));
    expect(uses.get("OPEN_TRADES_LIMIT")).toMatchObject({ value: "1", limit: "10", percent: 10, effect: "DENY" });
    expect(uses.get("VAR_95_LIMIT")).toMatchObject({ unit: "PERCENT", limit: "2.000", effect: "WARN" });
    expect(uses.get("CORRELATION_LIMIT")).toMatchObject({ unit: "RUPEES", value: body.correlation.atRisk });
    expect(uses.get("POSITION_LIMIT")).toMatchObject({ unit: "RUPEES", effect: "DENY" });
    expect(uses.has("LIST_LOSS_LIMIT")).toBe(true);
    expect(body.exposure).toBe(body.correlation.atRisk);
    expect(body.unmodelled).toEqual([]);
  });

  it("counts a short at its margin, and a protected one at much less", async () => {
    const feed = await nifty();
    const account = await trader("U009", { shortOptions: "NAKED" });
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    await enlist("U009");
    const atRisk = async () => Number((await call("GET", "/v1/accounts/U009/risk")).body.correlation.atRisk);
    must(await account.submitOrder(sell("short")));
    await feed.playUntil(afterOpen(121));
    const naked = await atRisk();
    expect((await account.view())?.positions).toMatchObject([{ netUnits: -CALL.lotSize }]);
    expect(naked).toBeGreaterThan(100_000);
    must(await account.submitOrder(buy("protection", { contract: contractAt(24_600) })));
    await feed.playUntil(afterOpen(122));
    expect((await account.view())?.positions).toHaveLength(2);
    expect(await atRisk()).toBeLessThan(naked / 2);
  });

  it("is all nothing without a position", async () => {
    const { key } = await tradingAccount("U002");
    const { body } = await call("GET", "/v1/risk", { key });
    expect(body).toMatchObject({ underlyings: [], unmodelled: [], exposure: "0.00" });
    expect(body.valueAtRisk.session).toEqual({ varPercent: 0, cvarPercent: 0, returns: 0 });
  });

  it("names what cannot be valued where the market is not known", async () => {
    await trader("U003");
    await enlist("U003");
    const { status, body } = await call("GET", "/v1/accounts/U003/risk");
    expect([status, body.underlyings]).toEqual([200, []]);
  });

  it("is the account's own: another's looks like none, and so does one that does not exist", async () => {
    await tradingAccount("U004");
    await enlist("U005");
    const key = await keyFor("U005");
    expectProblem(await call("GET", "/v1/accounts/U004/risk", { key }), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/risk", { key }), "ACCOUNT_NOT_FOUND");
    const blind = await keyFor("U005", ["market:read"]);
    for (const path of ["/v1/risk", "/v1/risk/scenarios", "/v1/risk/stress"]) {
      expectProblem(await call("GET", path, { key: blind }), "SCOPE_MISSING");
    }
  });
});

describe("GET /v1/risk/scenarios and /v1/risk/stress", () => {
  it("value what is held anew in every cell and on every recorded worst day", async () => {
    const { key } = await holder("U006");
    const { body } = await call("GET", "/v1/risk/scenarios", { key });
    expect(body.grids).toHaveLength(3);
    const now = body.grids[0].rows.find((row: { volatility: number }) => row.volatility === 0);
    expect(now.results[body.spots.indexOf(0)]).toBe(0);
    expect(now.results.at(-1)).toBeGreaterThan(0);
    expect(now.results[0]).toBeLessThan(0);
    const stress = await call("GET", "/v1/risk/stress", { key });
    const crash = stress.body.days.find((day: { date: string }) => day.date === "2020-03-23");
    expect(crash).toMatchObject({ sensexAssumed: true });
    expect(crash.worst).toBeLessThan(0);
    expect(crash.results).toHaveLength(stress.body.points.length);
  });

  it("show nothing but zeros without a position, and refuse an account that was never opened", async () => {
    const { key } = await tradingAccount("U007");
    const { body } = await call("GET", "/v1/risk/scenarios", { key });
    expect(
      new Set(body.grids.flatMap((grid: { rows: { results: number[] }[] }) => grid.rows.flatMap((row) => row.results))),
    ).toEqual(new Set([0]));
    await enlist("U008");
    for (const path of ["scenarios", "stress"]) {
      expectProblem(await call("GET", `/v1/accounts/U008/risk/${path}`), "ACCOUNT_NOT_FOUND");
    }
  });
});
