// One switch for everybody: stored first, gated at the feeds at once, followed by every account, and readable to the end.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import { finishSwitches } from "../../../src/jobs/platform-switch.ts";
import { type Account, buy, clockAt, evict, expectSound, must, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen, asStub, CALL, DATE } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

async function market(...accountIds: string[]) {
  const feed = await nifty();
  const accounts: Account[] = [];
  for (const accountId of accountIds) {
    accounts.push(await trader(accountId));
    await enlist(accountId);
  }
  await feed.playUntil(afterOpen(120));
  for (const account of accounts) {
    await clockAt(account, afterOpen(120));
    must(await account.submitOrder(buy("one")));
  }
  await feed.playUntil(afterOpen(125));
  for (const account of accounts) await clockAt(account, afterOpen(125));
  return { feed, accounts };
}

const halt = (body: Record<string, unknown> = {}) =>
  call("POST", "/v1/platform/halt", { body: { reason: "the exchange is down", ...body } });
const resume = (body: Record<string, unknown> = {}) =>
  call("POST", "/v1/platform/resume", { body: { reason: "it is back", confirm: "RESUME", ...body } });
const progress = async (haltId: string) => (await call("GET", `/v1/platform/halts/${haltId}`)).body;
const trips = async (account: Account) => (await account.view())?.breakers.map(({ scope }) => scope);

describe("POST /v1/platform/halt", () => {
  it("stops every account, closes them, and tells how far it has come until all are proven flat", async () => {
    const { feed, accounts } = await market("A", "B", "C");
    const stopped = await halt();
    expect(stopped.status).toBe(200);
    expect(stopped.body).toMatchObject({ action: "HALT", scope: "PLATFORM", byKey: "operator" });
    const { haltId } = stopped.body;
    await vi.waitFor(
      async () => {
        for (const account of accounts) expect(await trips(account)).toEqual(["PLATFORM"]);
      },
      { timeout: 5_000 },
    );
    await feed.playUntil(afterOpen(140));
    for (const account of accounts) {
      expect((await account.view())?.breakers).toMatchObject([{ status: "LOCKED" }]);
      await account.flushOutbox();
    }
    await vi.waitFor(
      async () =>
        expect(await progress(haltId)).toMatchObject({
          accounts: 3,
          acknowledged: 3,
          provenFlat: 3,
          open: [],
          p50Ms: 1_500,
          p99Ms: 1_500,
          halt: { gatedAt: expect.any(String) },
          resume: null,
        }),
      { timeout: 8_000 },
    );
    for (const account of accounts) await expectSound(account);
    // It is one halt however often it is asked for.
    expect((await halt()).body.haltId).toBe(haltId);
    expect((await call("GET", "/v1/platform/halts")).body.data).toHaveLength(1);
  });

  it("lets no entry through after its answer: known accounts, woken ones, new ones, and orders that were on their way", async () => {
    const { feed, accounts } = await market("A");
    const [account] = accounts as [Account];
    const key = await keyFor("A");
    await halt();
    // A queue that has lost its message, an account that was asleep: the gate needs neither.
    await evict(account);
    await evictDurableObject(asStub(feed));
    await enlist("new");
    const fresh = await trader("new");
    await clockAt(fresh, afterOpen(126));
    const order = {
      clientOrderId: "x1",
      instrumentId: CALL.instrumentId,
      side: "BUY",
      type: "MARKET",
      timeInForce: "IOC",
      quantityLots: 1,
    };
    expectProblem(await call("POST", "/v1/orders", { key, body: order }), "PLATFORM_HALTED");
    expectProblem(await call("POST", "/v1/orders", { key: await keyFor("new"), body: order }), "PLATFORM_HALTED");
    const sent = (await account.state()).orders["one" as ClientOrderId];
    if (sent === undefined) throw new Error("no order");
    await feed.venueSubmit([
      { accountId: "A", terms: { ...sent, clientOrderId: "late" as ClientOrderId }, submittedAtMs: afterOpen(126) },
    ]);
    await feed.playUntil(afterOpen(200));
    expect(await feed.venueReports("A", ["late" as ClientOrderId])).toMatchObject([
      { kind: "REJECTED", reason: "PLATFORM_HALTED" },
    ]);
    expect((await feed.venueBook("new", DATE))?.positions).toEqual([]);
  });

  it("stops one underlying for everybody and leaves the others alone", async () => {
    const { feed, accounts } = await market("A");
    const [account] = accounts as [Account];
    await halt({ scope: "NIFTY50" });
    await vi.waitFor(async () => expect(await trips(account)).toEqual(["PLATFORM/NIFTY50"]), { timeout: 5_000 });
    expect((await feed.prices([CALL.instrumentId]))[0]?.halt?.code).toBe("UNDERLYING_HALTED");
    const sensex = await runInDurableObject(env.MARKET_FEED.getByName("SENSEX") as never, (_object, ctx) =>
      ctx.storage.sql.exec("SELECT COUNT(*) AS n FROM gate").one(),
    );
    expect(sensex).toEqual({ n: 0 });
    await resume({ scope: "NIFTY50" });
    await vi.waitFor(async () => expect(await trips(account)).toEqual([]), { timeout: 5_000 });
    expect((await feed.prices([CALL.instrumentId]))[0]?.halt).toBeUndefined();
  });

  it("is taken up again where the Worker died after writing it down", async () => {
    const { accounts, feed } = await market("A");
    await env.DB.exec(
      "INSERT INTO platform_switches (halt_id, action, scope, reason, by_key, at_ms) VALUES ('H1', 'HALT', 'PLATFORM', 'cut off', 'operator', 1756440000000)",
    );
    await finishSwitches(env as never);
    expect((await feed.prices([CALL.instrumentId]))[0]?.halt).toEqual({ code: "PLATFORM_HALTED", reason: "cut off" });
    await vi.waitFor(async () => expect(await trips(accounts[0] as Account)).toEqual(["PLATFORM"]), { timeout: 5_000 });
  });
});

describe("POST /v1/platform/resume", () => {
  it("asks for a word, ends only what the platform has stopped, and has nothing to end twice", async () => {
    const { accounts } = await market("A");
    const [account] = accounts as [Account];
    expectProblem(await resume(), "HALT_NOT_FOUND");
    const { haltId } = (await halt()).body;
    must(await account.halt("my own hand"));
    await vi.waitFor(async () => expect(await trips(account)).toEqual(["PLATFORM", "ACCOUNT"]), { timeout: 5_000 });
    expectProblem(await resume({ confirm: "yes" }), "CONFIRMATION_REQUIRED");
    expect((await resume()).body).toMatchObject({ action: "RESUME", haltId });
    await vi.waitFor(async () => expect(await trips(account)).toEqual(["ACCOUNT"]), { timeout: 5_000 });
    expect((await progress(haltId)).resume).toMatchObject({ reason: "it is back" });
  });

  it("and the halt are the operator's alone", async () => {
    await market("A");
    const key = await keyFor("A");
    for (const path of ["/v1/platform/halt", "/v1/platform/resume"]) {
      expectProblem(await call("POST", path, { key, body: { reason: "mine", confirm: "RESUME" } }), "SCOPE_MISSING");
    }
    expectProblem(await call("GET", "/v1/platform/halts/H999"), "HALT_NOT_FOUND");
  });
});
