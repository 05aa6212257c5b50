// Strategies through the API: kept, cloned, checked and retired by their owner alone; deployed, started and run by a real window of
// the day, with orders in the instance's name.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { writeLoadedSession } from "../../../src/adapters/storage/session-rows.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { jobKeyOf } from "../../../src/core/session/job.ts";
import type { StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import { runJob } from "../../../src/jobs/run-job.ts";
import { clockAt, evict, expectSound, nifty, trader } from "../account/account-fixtures.ts";
import { eventually, rowsOf } from "../jobs/message-fixtures.ts";
import { afterOpen, DATE, SESSION, tenMinutes } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

/** Buys a call whenever India VIX, or the spot, is known. */
const always = (change: Partial<StrategyDefinition> = {}): StrategyDefinition => ({
  format: 1,
  name: "always",
  version: 1,
  title: "Always",
  description: "Buys the nearest call.",
  underlyings: ["NIFTY50"],
  parameters: [{ kind: "NUMBER", name: "lots", description: "Lots.", default: 1, min: 1, max: 3 }],
  entries: [
    {
      name: "now",
      when: { kind: "TIME", from: "09:15", before: "15:00" },
      legs: [
        {
          side: "BUY",
          optionType: "CALL",
          ratio: 1,
          expiry: "NEAREST",
          strike: { by: "PERCENT", percent: 0 },
          exit: { stop: { unit: "PREMIUM_PERCENT", value: 30 } },
        },
      ],
    },
  ],
  sizing: { by: "LOTS", lots: { param: "lots" } },
  ...change,
});

/** 09:37: entries begin at 09:30. The tape of the fixtures, twenty minutes later. */
const WINDOW_S = 1_320;
async function inTheSecondCycle(accountId: string) {
  const feed = await nifty(tenMinutes().map((event) => ({ ...event, atMs: epochMs(event.atMs + 1_200_000) })));
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(WINDOW_S));
  await clockAt(account, afterOpen(WINDOW_S));
  await enlist(accountId);
  return { feed, account, key: await keyFor(accountId) };
}

describe("/v1/strategies", () => {
  it("shows the library, keeps what is valid once, clones, and retires; the library is read-only", async () => {
    await enlist("author");
    const key = await keyFor("author");
    const made = await call("POST", "/v1/strategies", { key, body: { definition: always() } });
    expect(made.status).toBe(201);
    const { strategyId, hash } = made.body;
    expect((await call("POST", "/v1/strategies", { key, body: { definition: always() } })).body).toEqual(made.body);
    const other = await call("POST", "/v1/strategies", { key, body: { definition: always({ title: "Changed" }) } });
    expectProblem(other, "STRATEGY_EXISTS");
    expect(other.body.detail).toContain("version 2 would pass");
    const clone = await call("POST", "/v1/strategies/rsi-crossover/clone", { key, body: { name: "my-rsi" } });
    expect(clone.body).toMatchObject({ source: "OWN", name: "my-rsi", version: 1 });
    const { data } = (await call("GET", "/v1/strategies", { key })).body;
    expect(data.filter((one: { source: string }) => one.source === "OWN")).toHaveLength(2);
    expect(data[0]).toMatchObject({ strategyId: "bot-nifty50", source: "LIBRARY" });
    const retired = await call("DELETE", `/v1/strategies/${strategyId}`, { key });
    expect(retired.status).toBe(200);
    const read = await call("GET", `/v1/strategies/${strategyId}`, { key });
    expect(read.body).toMatchObject({ hash, retiredAt: retired.body.retiredAt, definition: always() });
    expectProblem(await call("DELETE", "/v1/strategies/rsi-crossover", { key }), "STRATEGY_READ_ONLY");
    const body = { instanceId: "late", strategyId, underlying: "NIFTY50" };
    expectProblem(await call("POST", "/v1/strategy-instances", { key, body }), "STRATEGY_RETIRED");
  });

  it("names every problem of a definition and keeps nothing of it", async () => {
    await enlist("careless");
    const key = await keyFor("careless");
    const definition = { ...always({ sizing: { by: "LOTS", lots: 999 } }), exits: { at: "15:29" } };
    const checked = await call("POST", "/v1/strategies/validate", { key, body: { definition } });
    expect(checked.body).toMatchObject({
      valid: false,
      problems: [
        { field: "sizing.lots", limit: 250, value: 999, message: "lots from 1 to 250 would pass" },
        { field: "exits.at" },
      ],
    });
    const refused = await call("POST", "/v1/strategies", { key, body: { definition } });
    expectProblem(refused, "STRATEGY_INVALID");
    expect(refused.body.errors[0]).toMatchObject({ field: "sizing.lots", limit: 250, value: 999 });
    expectProblem(await call("POST", "/v1/strategies", { key, body: { definition: "buy" } }), "BODY_INVALID");
    const valid = await call("POST", "/v1/strategies/validate", { key, body: { definition: always() } });
    expect(valid.body).toMatchObject({ valid: true, problems: [] });
    expect((await call("GET", "/v1/strategies/features", { key })).body.data).toContain("bar.rsi14");
  });

  it("belong to one account: to another they do not exist, and reading does not suffice for keeping", async () => {
    for (const accountId of ["mine", "yours"]) await enlist(accountId);
    const [mine, yours] = [await keyFor("mine"), await keyFor("yours")];
    const { strategyId } = (await call("POST", "/v1/strategies", { key: mine, body: { definition: always() } })).body;
    for (const [method, path] of [
      ["GET", `/v1/strategies/${strategyId}`],
      ["DELETE", `/v1/strategies/${strategyId}`],
      ["GET", `/v1/accounts/mine/strategies/${strategyId}`],
    ] as const) {
      const answer = await call(method, path, { key: yours });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
    const body = { instanceId: "stolen", strategyId, underlying: "NIFTY50" };
    expectProblem(await call("POST", "/v1/strategy-instances", { key: yours, body }), "STRATEGY_NOT_FOUND");
    const reader = await keyFor("mine", ["orders:read"]);
    expectProblem(
      await call("POST", "/v1/strategies", { key: reader, body: { definition: always() } }),
      "SCOPE_MISSING",
    );
    expect((await call("GET", `/v1/accounts/mine/strategies/${strategyId}`)).status).toBe(200);
  });
});

describe("/v1/strategy-instances", () => {
  it("a deployed strategy trades in a window of the day under its own name, survives its object, and is stopped", async () => {
    const { account, key, feed } = await inTheSecondCycle("runner");
    await writeLoadedSession(env.DB, SESSION, ["runner"], 0);
    const { strategyId } = (await call("POST", "/v1/strategies", { key, body: { definition: always() } })).body;
    const body = { instanceId: "first", strategyId, underlying: "NIFTY50", parameters: { lots: 2 } };
    const deployed = await call("POST", "/v1/strategy-instances", { key, body });
    expect(deployed.status).toBe(201);
    expect(deployed.body).toMatchObject({ state: "STOPPED", parameters: { lots: 2 } });
    expect((await call("POST", "/v1/strategy-instances", { key, body })).body).toEqual(deployed.body);
    const instance = async () => (await call("GET", "/v1/strategy-instances/first", { key })).body;
    const act = (action: string) => call("POST", `/v1/strategy-instances/first/${action}`, { key });
    expectProblem(await act("pause"), "STRATEGY_INSTANCE_STATE");
    expect((await act("start")).body).toMatchObject({ state: "RUNNING" });
    const set = await call("PUT", "/v1/strategy-instances/first/parameters", {
      key,
      body: { parameters: { lots: 1 } },
    });
    expect(set.body.parameters).toEqual({ lots: 1 });
    const wrong = await call("PUT", "/v1/strategy-instances/first/parameters", {
      key,
      body: { parameters: { lots: 4 } },
    });
    expectProblem(wrong, "STRATEGY_PARAMETERS_INVALID");
    expect(wrong.body.errors).toMatchObject([{ field: "parameters.lots", limit: 3, value: 4 }]);
    await evict(account);

    const window = { name: "RUN_WINDOW", date: DATE, cycle: 2, phase: 2 } as const;
    await runJob(env, window, afterOpen(WINDOW_S));
    await eventually(
      () => rowsOf<{ state: string }>("SELECT state FROM job_runs WHERE job_key = ?1", jobKeyOf(window)),
      (rows) => rows[0]?.state === "DONE",
    );
    const [message] = await rowsOf<{ message: string }>("SELECT message FROM job_batches");
    expect(message?.message.length).toBeLessThan(64_000);
    const orders = Object.values((await account.state()).orders);
    expect(orders).toMatchObject([{ strategyId: "first", side: "BUY", purpose: "ENTRY", quantityUnits: 75 }]);
    await feed.playUntil(afterOpen(WINDOW_S + 5));
    const [trade] = Object.values((await account.state()).openTrades);
    expect(trade).toMatchObject({ strategyId: "first", exitPlan: { stopReason: "STOP" } });
    expect(await instance()).toMatchObject({
      openEntry: "now",
      metrics: { signals: 1, entries: 1 },
      last: { action: "ENTERED" },
    });

    expectProblem(await call("DELETE", "/v1/strategy-instances/first", { key }), "STRATEGY_INSTANCE_STATE");
    expect((await act("stop")).body).toMatchObject({ state: "STOPPED" });
    await feed.playUntil(afterOpen(WINDOW_S + 30));
    expect((await account.state()).openTrades).toEqual({});
    expect(await instance()).toMatchObject({ metrics: { closed: 1 }, openEntry: null });
    expect((await call("DELETE", "/v1/strategy-instances/first", { key })).status).toBe(200);
    expect(await rowsOf("SELECT * FROM strategy_deployments")).toEqual([]);
    expectProblem(await act("start"), "STRATEGY_INSTANCE_NOT_FOUND");
    await expectSound(account);
  });

  it("refuses an index that the strategy is not made for, parameters that are not its own, and an id that is taken", async () => {
    const { key } = await tradingAccount("refused");
    const body = { instanceId: "bot", strategyId: "bot-nifty50", underlying: "SENSEX" };
    const refused = await call("POST", "/v1/strategy-instances", { key, body });
    expectProblem(refused, "STRATEGY_UNDERLYING");
    const nifty = { ...body, underlying: "NIFTY50" };
    const parameters = { ...nifty, parameters: { confidence: 20 } };
    expectProblem(
      await call("POST", "/v1/strategy-instances", { key, body: parameters }),
      "STRATEGY_PARAMETERS_INVALID",
    );
    expect(await rowsOf("SELECT * FROM strategy_deployments")).toEqual([]);
    expect((await call("POST", "/v1/strategy-instances", { key, body: nifty })).status).toBe(201);
    const other = { ...nifty, strategyId: "rsi-crossover" };
    expectProblem(await call("POST", "/v1/strategy-instances", { key, body: other }), "STRATEGY_INSTANCE_EXISTS");
    expect((await call("GET", "/v1/strategy-instances", { key })).body.data).toHaveLength(1);
    expectProblem(
      await call("POST", "/v1/strategy-instances", { key, body: { ...nifty, instanceId: "-" } }),
      "BODY_INVALID",
    );
  });
});
