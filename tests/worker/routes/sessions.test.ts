import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { inside } from "../account/account-fixtures.ts";
import {
  afterOpen,
  CLOSE,
  DATE,
  Listener,
  loadedFeed,
  order,
  SESSION,
  tenMinutes,
} from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

const load = (change: Record<string, unknown> = {}) =>
  call("POST", "/v1/sessions", { body: { session: SESSION, accountIds: [], ...change } });
const tape = (path = "NIFTY50/0", body: unknown = tenMinutes()) =>
  call("PUT", `/v1/sessions/current/tape/${path}`, { body });

describe("loading a session", () => {
  it("goes from NONE over LOADING to READY, and the tape reaches its feed", async () => {
    expect((await call("GET", "/v1/sessions/current")).body).toMatchObject({ status: "NONE", date: null, now: null });
    expect(await load()).toMatchObject({
      status: 201,
      body: { status: "LOADING", date: DATE, recording: { underlyings: [{ previousClose: "24500.00" }] } },
    });
    expect(await tape()).toMatchObject({ status: 200, body: { events: tenMinutes().length } });
    expect(await tape()).toMatchObject({ status: 200 });
    expect(await call("POST", "/v1/sessions/current/ready")).toMatchObject({ status: 200, body: { status: "READY" } });
    const feed = env.MARKET_FEED.getByName("NIFTY50");
    expect(await feed.nextDueMs()).not.toBeNull();
    expect((await feed.playUntil(CLOSE)).ingested).toBe(tenMinutes().length);
  });

  it("takes a tape only while loading, and only of the session's underlyings", async () => {
    expectProblem(await tape(), "SESSION_NOT_LOADING");
    await load();
    expectProblem(await tape("SENSEX/0"), "SESSION_NOT_LOADING");
    expectProblem(await tape("DAX/0"), "REQUEST_INVALID");
    expectProblem(await tape("NIFTY50/-1"), "REQUEST_INVALID");
    await call("POST", "/v1/sessions/current/ready");
    expectProblem(await tape(), "SESSION_NOT_LOADING");
  });

  it("refuses a chunk that does not continue the tape, by number or by time, and keeps what it has", async () => {
    await load();
    const print = (second: number) => ({
      kind: "INDEX_PRINT",
      atMs: afterOpen(second),
      index: "NIFTY50",
      pricePaise: 1,
    });
    expect((await tape("NIFTY50/1", [print(60)])).body).toEqual({ events: 1 });
    expectProblem(await tape("NIFTY50/0", [print(10)]), "TAPE_CHUNK_OUT_OF_ORDER");
    expectProblem(await tape("NIFTY50/2", [print(70), print(69)]), "TAPE_TIME_GOES_BACK");
    expectProblem(await tape("NIFTY50/2", [print(59)]), "TAPE_TIME_GOES_BACK");
    expect((await tape("NIFTY50/1", [print(80), print(81)])).body).toEqual({ events: 1 });
    expect((await env.MARKET_FEED.getByName("NIFTY50").playUntil(CLOSE)).ingested).toBe(1);
  });

  it("refuses accounts that nobody has opened, and names the first", async () => {
    const answer = await load({ accountIds: ["stranger"] });
    expectProblem(answer, "SESSION_ACCOUNT_UNKNOWN");
    expect(answer.body.detail).toContain("stranger");
    expect((await call("GET", "/v1/sessions/current")).body.status).toBe("NONE");
  });

  it.each([
    ["no list", {}],
    ["an empty list", []],
    ["an event of no kind", [{ kind: "RUMOUR", atMs: 1 }]],
    ["a price with a fraction", [{ kind: "INDEX_PRINT", atMs: 1, index: "NIFTY50", pricePaise: 1.5 }]],
    ["a negative price", [{ kind: "INDEX_PRINT", atMs: 1, index: "NIFTY50", pricePaise: -1 }]],
    ["an unknown field", [{ kind: "INDEX_PRINT", atMs: 1, index: "NIFTY50", pricePaise: 1, volume: 3 }]],
  ])("refuses a chunk that is %s, and names where", async (_, body) => {
    await load();
    expectProblem(await tape("NIFTY50/0", body), "BODY_INVALID");
    expect(await env.MARKET_FEED.getByName("NIFTY50").nextDueMs()).toBeNull();
  });

  it("refuses a description that does not add up", async () => {
    expectProblem(await load({ session: { ...SESSION, closeMs: SESSION.openMs } }), "BODY_INVALID");
    expectProblem(await load({ session: { ...SESSION, date: "2025-02-30" } }), "BODY_INVALID");
    expectProblem(await load({ accountIds: ["a/b"] }), "BODY_INVALID");
    expect((await call("GET", "/v1/sessions/current")).body.status).toBe("NONE");
  });
});

describe("driving a session", () => {
  it("starts, changes speed, pauses, goes on and stops", async () => {
    await load();
    await tape();
    await call("POST", "/v1/sessions/current/ready");
    const start = await call("POST", "/v1/sessions/current/start", { body: { speed: 1 } });
    expect(start).toMatchObject({ status: 200, body: { status: "RUNNING", speed: 1 } });
    expect(start.body.now).toMatch(/^2025-08-29T/);
    expectProblem(await load(), "SESSION_RUNNING");
    expect((await call("PUT", "/v1/sessions/current/speed", { body: { speed: 2 } })).body.speed).toBe(2);
    expectProblem(await call("PUT", "/v1/sessions/current/speed", { body: { speed: 0.5 } }), "SPEED_OUT_OF_RANGE");
    expectProblem(await call("PUT", "/v1/sessions/current/speed", { body: { speed: "fast" } }), "BODY_INVALID");
    expect((await call("POST", "/v1/sessions/current/pause")).body.status).toBe("PAUSED");
    expect((await call("POST", "/v1/sessions/current/start", { body: {} })).body.status).toBe("RUNNING");
    expect((await call("POST", "/v1/sessions/current/stop")).body.status).toBe("STOPPED");
  });

  it("refuses every step that has nothing to act on", async () => {
    for (const step of ["start", "pause", "stop", "ready"]) {
      const answer = await call("POST", `/v1/sessions/current/${step}`, step === "start" ? { body: {} } : {});
      expect([404, 409]).toContain(answer.status);
      expect(answer.body.code).toMatch(/^SESSION_/);
    }
  });

  it("is open to a key with session:control, loading is not", async () => {
    await enlist("U001");
    const key = await keyFor("U001", ["session:control", "market:read"]);
    expect((await call("POST", "/v1/sessions/current/pause", { key })).status).not.toBe(403);
    expect((await call("GET", "/v1/sessions/current", { key })).status).toBe(200);
    expectProblem(
      await call("POST", "/v1/sessions", { key, body: { session: SESSION, accountIds: [] } }),
      "SCOPE_MISSING",
    );
  });
});

describe("GET /v1/sessions/{date}/verification", () => {
  it("knows only days that were loaded, and lists every invariant with its verdict", async () => {
    expectProblem(await call("GET", "/v1/sessions/2025-08-29/verification"), "SESSION_NOT_FOUND");
    expectProblem(await call("GET", "/v1/sessions/someday/verification"), "REQUEST_INVALID");
    await load();
    const { status, body } = await call("GET", "/v1/sessions/2025-08-29/verification");
    expect(status).toBe(200);
    expect(body.invariants.length).toBeGreaterThan(3);
    expect(body.totals).toMatchObject({ trades: 0, openPositions: 0, ledger: { checkpoint: null } });
  });
});

describe("operations", () => {
  it("lists jobs and dead letters, and sends a letter to its queue again once", async () => {
    await env.DB.prepare(
      "INSERT INTO job_runs (job_key, date, name, state, at_ms, started_ms) VALUES ('PULL/x', '2025-08-29', 'PULL', 'DONE', 5, 6)",
    ).run();
    expect((await call("GET", "/v1/operations/jobs?date=2025-08-29")).body.data).toMatchObject([
      { jobKey: "PULL/x", state: "DONE", cycle: null, finishedAt: null },
    ]);
    expect((await call("GET", "/v1/operations/jobs?state=FAILED")).body.data).toEqual([]);
    const message = { kind: "NOTIFICATION", accountId: "gone", outboxIds: [], notifications: [] };
    await env.DB.prepare("INSERT INTO dead_letters VALUES ('m1', 'notifications', ?1, 5, 1, 'why', 'PENDING')")
      .bind(JSON.stringify(message))
      .run();
    expect((await call("GET", "/v1/operations/dead-letters")).body.data).toMatchObject([
      { id: "m1", queue: "notifications", state: "PENDING" },
    ]);
    expect((await call("POST", "/v1/operations/dead-letters/m1/replay")).status).toBe(200);
    expectProblem(await call("POST", "/v1/operations/dead-letters/m1/replay"), "DEAD_LETTER_NOT_FOUND");
    expect((await call("GET", "/v1/operations/dead-letters")).body.data).toEqual([]);
    expect((await call("GET", "/v1/operations/dead-letters?state=REPLAYED")).body.data).toHaveLength(1);
  });

  it("runs a failed job again only when there is a clock to run it", async () => {
    const rerun = (jobKey: string) => call("POST", "/v1/operations/jobs/rerun", { body: { jobKey } });
    expectProblem(await rerun("PUSH/2025-08-29/-/-"), "JOB_NOT_FOUND");
    for (const [jobKey, state] of [
      ["PUSH/2025-08-29/-/-", "FAILED"],
      ["PULL/2025-08-29/-/-", "DONE"],
    ]) {
      await env.DB.prepare(
        "INSERT INTO job_runs (job_key, date, name, state, at_ms, started_ms) VALUES (?1, '2025-08-29', 'PUSH', ?2, 5, 6)",
      )
        .bind(jobKey, state)
        .run();
    }
    expectProblem(await rerun("PUSH/2025-08-29/-/-"), "JOB_NOT_RERUNNABLE");
    expect((await rerun("PULL/2025-08-29/-/-")).body).toEqual({ jobKey: "PULL/2025-08-29/-/-", state: "DONE" });
    expectProblem(await call("POST", "/v1/operations/jobs/rerun", { body: {} }), "BODY_INVALID");
  });

  it("lists the accounts that a feed cannot tell of anything, for the operator alone", async () => {
    const list = () => call("GET", "/v1/operations/deliveries");
    expect((await list()).body).toEqual({ data: [] });
    const listener = new Listener();
    const feed = await loadedFeed("NIFTY50", listener);
    listener.react = async () => {
      throw new Error("out of order");
    };
    await feed.venueSubmit([order("U007", "a1", afterOpen(1))]);
    await feed.playUntil(afterOpen(10));
    const { data } = (await list()).body;
    expect(data).toMatchObject([
      { underlying: "NIFTY50", accountId: "U007", deliveries: 1, failures: 1, error: "Error: out of order" },
    ]);
    expect(Date.parse(data[0].retryAt) - Date.parse(data[0].since)).toBe(250);
    await enlist("U007");
    expectProblem(
      await call("GET", "/v1/operations/deliveries", { key: await keyFor("U007", ["orders:read"]) }),
      "SCOPE_MISSING",
    );
  });

  it("lists an account's parked messages and sends them again", async () => {
    const list = (accountId: string) => call("GET", `/v1/operations/outbox?accountId=${accountId}`);
    const replay = (accountId: string) => call("POST", "/v1/operations/outbox/replay", { body: { accountId } });
    expectProblem(await list("U001"), "ACCOUNT_NOT_FOUND");
    expectProblem(await replay("U001"), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/operations/outbox"), "REQUEST_INVALID");
    await enlist("U001");
    expect((await list("U001")).body).toEqual({ data: [] });
    await inside(env.ACCOUNT.getByName("U001"), (_object, { storage }) => {
      storage.sql.exec(
        "INSERT INTO outbox (topic, body, attempts, due_at_ms, parked) VALUES ('ledger', '{}', 12, 0, 1)",
      );
    });
    expect((await list("U001")).body.data).toEqual([{ outboxId: 1, topic: "ledger", attempts: 12, body: "{}" }]);
    expect((await replay("U001")).body).toEqual({ accountId: "U001", messages: 1 });
    expect((await list("U001")).body.data).toEqual([]);
    expect((await replay("U001")).body.messages).toBe(0);
  });
});
