// Exits through the API and the real feed: set, shown, acted upon, refused; also after either object was evicted.
import { describe, expect, it } from "vitest";
import { clockAt, evict, expectSound } from "../account/account-fixtures.ts";
import { afterOpen, CALL, evict as evictFeed } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem, tradingAccount } from "./api-fixtures.ts";

/** One lot of the call, if no more is asked for, bought two minutes after the open: the bid is then 105.40, and 100.60 a minute later. */
async function holding(accountId: string, quantityLots = 1) {
  const desk = await tradingAccount(accountId);
  const { key, feed, account } = desk;
  const body = {
    clientOrderId: "one",
    instrumentId: CALL.instrumentId,
    side: "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    quantityLots,
  };
  expect((await call("POST", "/v1/orders", { key, body })).status).toBe(201);
  await feed.playUntil(afterOpen(125));
  await clockAt(account, afterOpen(125));
  const position = async () => (await call("GET", "/v1/positions", { key })).body.data[0];
  expect(await position()).toMatchObject({ netUnits: quantityLots * CALL.lotSize });
  const plan = (change: unknown) => call("PUT", `/v1/positions/${CALL.instrumentId}/exit-plan`, { key, body: change });
  const exitsOf = async () =>
    Object.values((await account.state()).orders).filter(
      ({ purpose, status }) => purpose === "EXIT" && status !== "DENIED",
    );
  const bid = async () => ((await feed.prices([CALL.instrumentId]))[0]?.bidPaise ?? 0) / 100;
  return { ...desk, plan, position, exitsOf, bid };
}

describe("PUT /v1/positions/{instrumentId}/exit-plan", () => {
  it("sets the plan, shows it, and the feed leaves at the very instant of its time exit, evicted objects or not", async () => {
    const { plan, account, feed, exitsOf } = await holding("planner");
    const timeExitAt = new Date(afterOpen(147.5)).toISOString();
    const set = await plan({ stop: "90.00", target: "150.00", trail: { distance: "10", step: "1" }, timeExitAt });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ target: "150.00", timeExitAt, reentries: 0 });
    expect(set.body.tightensAt).toMatch(/^\d+\.\d\d$/);
    expect(await feed.nextDueMs()).toBe(afterOpen(140));
    await evict(account);
    await evictFeed(feed);
    await feed.playUntil(afterOpen(147.5));
    expect(await exitsOf()).toMatchObject([{ exitReason: "TIME", createdAtMs: afterOpen(147.5) }]);
    await feed.playUntil(afterOpen(150));
    expect((await account.state()).openTrades).toEqual({});
    await expectSound(account);
  });

  it("gives a part at the first of several targets, shows what is ahead, and stops the rest, evicted objects or not", async () => {
    const { plan, account, feed, exitsOf, position } = await holding("parts", 2);
    await plan({ stop: "90.00" });
    await feed.playUntil(afterOpen(310));
    await clockAt(account, afterOpen(310));
    // The bid is 100.00, then 104.20 a minute later, and 98.80 three minutes after that.
    const targets = [{ price: "103.00", lots: 1 }, { price: "120.00" }];
    const set = await plan({ stop: "99.00", targets });
    expect(set.body).toMatchObject({ stop: "99.00", target: "120.00", targets: [{ price: "103.00", lots: 1 }] });
    await evict(account);
    await evictFeed(feed);
    await feed.playUntil(afterOpen(370));
    expect(await exitsOf()).toMatchObject([{ exitReason: "TARGET", quantityUnits: CALL.lotSize }]);
    expect(await position()).toMatchObject({ netUnits: CALL.lotSize, target: "120.00", targets: [] });
    await evict(account);
    await evictFeed(feed);
    await feed.playUntil(afterOpen(600));
    expect((await exitsOf()).map(({ exitReason }) => exitReason)).toEqual(["TARGET", "STOP"]);
    expect((await account.state()).openTrades).toEqual({});
    await expectSound(account);
    expectProblem(await plan({ targets: [{ price: "103.00", points: "1.00" }] }), "BODY_INVALID");
  });

  it("leaves by the next fact past its stop, once", async () => {
    const { plan, bid, feed, exitsOf, account } = await holding("stopper");
    const stop = (await bid()) - 0.05;
    expect((await plan({ stop: stop.toFixed(2) })).body).toMatchObject({
      stop: stop.toFixed(2),
      target: null,
      timeExitAt: null,
    });
    await feed.playUntil(afterOpen(600));
    expect((await exitsOf()).map(({ exitReason }) => exitReason)).toEqual(["STOP"]);
    expect((await account.state()).openTrades).toEqual({});
  });

  it("refuses what the market has passed with the field, the limit and the value, and what is not held", async () => {
    const { plan, bid, key } = await holding("refused");
    const market = await bid();
    const refused = await plan({ stop: (market + 1).toFixed(2) });
    expectProblem(refused, "EXIT_PLAN_INVALID");
    expect(refused.body.errors).toMatchObject([
      { field: "stop", limit: Math.round(market * 100), value: Math.round((market + 1) * 100), unit: "PAISE" },
    ]);
    expectProblem(await plan({ stop: "-1" }), "BODY_INVALID");
    expectProblem(await plan({ timeExitAt: "tomorrow" }), "BODY_INVALID");
    expectProblem(
      await plan({ stop: "80.00", reentry: { mode: "ASAP", times: 9, waitSeconds: 0 } }),
      "EXIT_PLAN_INVALID",
    );
    const other = await call("PUT", "/v1/positions/NIFTY2590224600CE.NFO/exit-plan", { key, body: { stop: "1.00" } });
    expectProblem(other, "POSITION_NOT_FOUND");
  });
});

describe("leaving by request", () => {
  it("leaves one position, and all of them; what is not held is not found, and nothing to do is no error", async () => {
    const { key, feed, account, exitsOf } = await holding("leaver");
    expectProblem(await call("POST", "/v1/positions/NIFTY2590224600CE.NFO/exit", { key }), "POSITION_NOT_FOUND");
    expect((await call("POST", `/v1/positions/${CALL.instrumentId}/exit`, { key })).status).toBe(200);
    await feed.playUntil(afterOpen(130));
    expect((await account.state()).openTrades).toEqual({});
    expect(await exitsOf()).toMatchObject([{ exitReason: "REQUEST" }]);
    expect((await call("POST", "/v1/positions/exit-all", { key })).status).toBe(200);
    expect((await account.state()).exitGroups).toEqual({});
  });

  it("leaves everything and takes resting entries back", async () => {
    const { key, feed, account } = await holding("all");
    const resting = {
      clientOrderId: "two",
      instrumentId: CALL.instrumentId,
      side: "BUY",
      type: "LIMIT",
      timeInForce: "DAY",
      quantityLots: 1,
      limitPrice: "70.00",
    };
    expect((await call("POST", "/v1/orders", { key, body: resting })).status).toBe(201);
    expect((await call("POST", "/v1/positions/exit-all", { key })).status).toBe(200);
    await feed.playUntil(afterOpen(130));
    const { openTrades, orders, exitGroups } = await account.state();
    expect(openTrades).toEqual({});
    expect(
      Object.values(orders)
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["CANCELED", "FILLED", "FILLED"]);
    expect(exitGroups).toEqual({});
    await expectSound(account);
  });
});

describe("exit groups", () => {
  it("are set, listed, shown with the account, acted upon, and taken away", async () => {
    const { key, feed, account, exitsOf } = await holding("grouped");
    const path = "/v1/exit-groups/day";
    const set = await call("PUT", path, {
      key,
      body: { scope: "ACCOUNT", stop: "-4000.00", target: "100000.00", trail: { distance: "3000.00", step: "100.00" } },
    });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ groupId: "day", scope: "ACCOUNT", target: "100000.00", leaving: null });
    expect((await call("GET", "/v1/exit-groups", { key })).body.data).toHaveLength(1);
    expect((await call("GET", "/v1/account", { key })).body.exitGroups).toMatchObject([{ groupId: "day" }]);
    expect((await call("DELETE", path, { key })).status).toBe(200);
    expectProblem(await call("DELETE", path, { key }), "EXIT_GROUP_NOT_FOUND");
    expectProblem(await call("PUT", path, { key, body: { scope: "ACCOUNT" } }), "EXIT_GROUP_INVALID");
    const goal = { scope: "ACCOUNT", target: "90000.00", endsDay: true };
    expect((await call("PUT", path, { key, body: goal })).body).toMatchObject({ target: "90000.00", endsDay: true });
    expect((await call("GET", "/v1/account", { key })).body.day.endedBy).toBeNull();
    const part = { ...goal, scope: "UNDERLYING", underlying: "NIFTY50" };
    expectProblem(await call("PUT", path, { key, body: part }), "EXIT_GROUP_INVALID");
    expect((await call("DELETE", path, { key })).status).toBe(200);
    expectProblem(await call("PUT", path, { key, body: { scope: "UNDERLYING", stop: "-1.00" } }), "BODY_INVALID");
    const near = await call("PUT", path, {
      key,
      body: { scope: "UNDERLYING", underlying: "NIFTY50", stop: "-300.00" },
    });
    expect(near.body).toMatchObject({ underlying: "NIFTY50", stop: "-300.00" });
    await evict(account);
    await evictFeed(feed);
    await feed.playUntil(afterOpen(600));
    const exits = await exitsOf();
    expect(exits.map(({ exitReason }) => exitReason)).toEqual(["STOP"]);
    expect((await account.state()).exitGroups).toEqual({});
    await expectSound(account);
  });
});
