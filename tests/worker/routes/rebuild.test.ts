// Guarantees: what D1 shows of an account comes back from its journal, row for row, however often and in however small steps it is
// asked for; columns an older version left empty are filled; what is newer stays. And where a strategy is deployed and taken out
// at once, the row that windows go by says what the account says.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { deployedUnderlyings } from "../../../src/adapters/read-models/strategies.ts";
import { storedRows } from "../../../src/adapters/storage/stored-rows.ts";
import { projectionHash } from "../../../src/core/reporting/project.ts";
import type { StrategyInstance } from "../../../src/core/strategy/definition/instance.ts";
import { settleDeployment } from "../../../src/edge/deployment-row.ts";
import type { AppEnv } from "../../../src/env.ts";
import { rebuildNext } from "../../../src/jobs/rebuild-accounts.ts";
import { buy, clockAt, inside, must, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

const PATH = "/v1/operations/read-models/rebuild";
const MADE = [
  "orders",
  "order_lists",
  "order_checks",
  "trades",
  "positions",
  "settlements",
  "transfers",
  "reports",
  "reconciliations",
  "halt_proofs",
  "ledger_entries",
  "ledger_lines",
  "notifications",
  "accounts",
  "strategy_deployments",
];
const everything = async () =>
  Object.fromEntries(
    await Promise.all(
      MADE.map(async (table) => {
        const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
        return [table, results.map((row) => JSON.stringify(row)).sort()] as const;
      }),
    ),
  );

/** Asks until it is complete, and says what was written in all. */
async function rebuild(accountId: string): Promise<number> {
  let written = 0;
  for (let afterSequence = 0; ; ) {
    const { status, body } = await call("POST", PATH, { body: { accountId, afterSequence } });
    expect(status).toBe(200);
    written += body.rows + body.ledgerEntries + body.notifications;
    if (body.isComplete) return written;
    afterSequence = body.throughSequence;
  }
}

async function traded() {
  const feed = await nifty();
  const account = await trader("A");
  await enlist("A");
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  must(await account.submitOrder(buy("one")));
  must(await account.submitOrder({ ...buy("two"), quantityUnits: 1 }));
  await feed.playUntil(afterOpen(130));
  must(await account.halt("a test"));
  await feed.playUntil(afterOpen(140));
  await vi.waitFor(async () => expect((await account.flushOutbox()).pending).toBe(0), { timeout: 10_000 });
  return account;
}

describe(PATH, () => {
  it("brings back every row of an account whose D1 is gone, also its own, and changes nothing when asked again", async () => {
    const account = await traded();
    const key = await keyFor("A", ["orders:write", "orders:read"]);
    const deploy = { instanceId: "bot", strategyId: "bot-sensex", underlying: "SENSEX" };
    expect((await call("POST", "/v1/strategy-instances", { key, body: deploy })).status).toBe(201);
    await vi.waitFor(async () => expect((await account.flushOutbox()).pending).toBe(0), { timeout: 10_000 });
    const before = await everything();
    for (const table of ["orders", "order_checks", "trades", "positions", "ledger_entries", "ledger_lines"])
      expect(before[table]?.length, table).toBeGreaterThan(0);
    expect(before["notifications"]?.length).toBeGreaterThan(0);
    for (const table of MADE) await env.DB.prepare(`DELETE FROM ${table}`).run();
    expect(await rebuild("A")).toBeGreaterThan(10);
    const after = await everything();
    // When it was listed and under which name is the edge's own; the journal knows when it was opened.
    const { accounts: listed, ...shown } = after;
    const { accounts: _edge, ...known } = before;
    expect(shown).toEqual(known);
    expect(JSON.parse(listed?.[0] ?? "{}")).toMatchObject({ account_id: "A", status: "ACTIVE", holder_id: null });
    expect(projectionHash(await storedRows(env.DB, "A"))).toBe((await account.verify()).projectionHash);
    expect(await deployedUnderlyings(env.DB)).toEqual(new Set(["SENSEX"]));
    await rebuild("A");
    expect(await everything()).toEqual(after);
    const jobs = await call("GET", "/v1/operations/jobs");
    expect(jobs.body.data.filter(({ name }: { name: string }) => name === "REBUILD")).toHaveLength(2);
  });

  it("goes on where it stopped, with stretches that come to the same as the whole", async () => {
    const account = await traded();
    const { throughSequence: last } = await account.retell(0, 1_000);
    const rows = [];
    for (let after = 0; after < last; ) {
      const page = await account.retell(after, 3);
      expect(page.throughSequence - after).toBeLessThanOrEqual(3);
      expect(page.isComplete).toBe(page.throughSequence === last);
      rows.push(...page.rows);
      after = page.throughSequence;
    }
    expect(projectionHash(rows)).toBe((await account.verify()).projectionHash);
    expect(await account.retell(last, 3)).toMatchObject({
      isComplete: true,
      rows: [],
      entries: [],
      throughSequence: last,
    });
  });

  it("begins every stretch with what the one before has kept, also in an instance that has told nothing, and once more after a lost answer", async () => {
    const account = await traded();
    const whole = await account.retell(0, 1_000);
    const kept = () =>
      inside(account, (_, ctx) =>
        ctx.storage.sql.exec("SELECT name FROM setting WHERE name LIKE 'retelling/%'").toArray(),
      );
    const first = await account.retell(0, 5);
    expect(await kept()).toHaveLength(1);
    // Of the events before it nothing is needed any more: a journal that could not be read from its beginning says the same.
    const second = await account.retell(first.throughSequence, 5);
    await inside(account, (_, ctx) => {
      ctx.storage.sql.exec("UPDATE journal SET at_ms = at_ms + 1 WHERE sequence BETWEEN 2 AND 5");
    });
    expect(await account.retell(first.throughSequence, 5)).toEqual(second);
    expect(second.throughSequence).toBe(10);
    await inside(account, (_, ctx) => {
      ctx.storage.sql.exec("UPDATE journal SET at_ms = at_ms - 1 WHERE sequence BETWEEN 2 AND 5");
    });
    // One that nobody has ended at begins with the first event.
    expect((await account.retell(7, 5)).throughSequence).toBe(5);
    const rest = await account.retell(second.throughSequence, 1_000);
    expect(rest).toMatchObject({ isComplete: true, throughSequence: whole.throughSequence });
    expect(await kept()).toEqual([]);
    expect([...first.entries, ...second.entries, ...rest.entries]).toEqual(whole.entries);
  });

  it("fills a column that an older version left empty, keeps what a person has read, and leaves newer rows", async () => {
    await traded();
    await env.DB.prepare("UPDATE notifications SET read_at_ms = 7").run();
    const right = await everything();
    await env.DB.prepare("UPDATE orders SET time_in_force = 'OLD'").run();
    await env.DB.prepare("UPDATE trades SET sequence = sequence + 1000, side = 'NEWER'").run();
    const newer = (await everything())["trades"];
    await rebuild("A");
    const { trades, ...rest } = await everything();
    const { trades: _trades, ...known } = right;
    expect(rest).toEqual(known);
    expect(trades).toEqual(newer);
  });

  it("is the operator's, and knows who was never opened", async () => {
    expectProblem(await call("POST", PATH, { body: { accountId: "NOBODY" } }), "ACCOUNT_NOT_FOUND");
    await enlist("A");
    const key = await keyFor("A", ["orders:read"]);
    expect((await call("POST", PATH, { key, body: { accountId: "A" } })).status).toBe(403);
    expect((await call("POST", PATH, { body: { accountId: "A", afterSequence: -1 } })).status).toBe(422);
  });
});

describe(`${PATH}-all`, () => {
  const progress = async () => (await call("GET", "/v1/operations/read-models/rebuilds")).body;
  const finished = () => vi.waitFor(async () => expect((await progress()).pending).toBe(0), { timeout: 20_000 });

  it("makes every listed account again over the queue, by name those that are listed no more, and says how far it is", async () => {
    await traded();
    const other = await trader("B");
    await enlist("B");
    await vi.waitFor(async () => expect((await other.flushOutbox()).pending).toBe(0), { timeout: 10_000 });
    const before = await everything();
    for (const table of MADE.filter((name) => name !== "accounts")) await env.DB.prepare(`DELETE FROM ${table}`).run();
    expect((await call("POST", `${PATH}-all`, { body: {} })).body).toMatchObject({ done: 0, failed: 0 });
    await finished();
    expect(await everything()).toEqual(before);
    expect(await progress()).toMatchObject({ pending: 0, done: 2, failed: 0, unfinished: [] });
    const { written } = await progress();
    await env.DB.prepare("DELETE FROM accounts").run();
    await call("POST", `${PATH}-all`, { body: { accountIds: ["A", "NOBODY"] } });
    await finished();
    const { unfinished, ...counts } = await progress();
    expect(counts).toEqual({ pending: 0, done: 2, failed: 1, written });
    expect(unfinished).toMatchObject([{ accountId: "NOBODY", state: "FAILED", failure: "it was never opened" }]);
    expect(await env.DB.prepare("SELECT account_id FROM accounts").first()).toEqual({ account_id: "A" });
  });

  it("tells a stretch once however often its message comes, and goes on where a lost one has left it", async () => {
    await traded();
    const row = () => env.DB.prepare("SELECT state, through_sequence, written FROM rebuilds").first();
    await env.DB.prepare("INSERT INTO rebuilds VALUES ('A', 'PENDING', 4, 7, 1, 1, NULL)").run();
    await rebuildNext(env as unknown as AppEnv, { kind: "REBUILD", accountId: "A", afterSequence: 0 }, 1);
    expect(await row()).toEqual({ state: "PENDING", through_sequence: 4, written: 7 });
    // Nobody has ended there: it begins with the first event, and what it comes to is stored once.
    await call("POST", `${PATH}-all`, { body: {} });
    await finished();
    const done = await row();
    expect(done).toMatchObject({ state: "DONE" });
    await rebuildNext(env as unknown as AppEnv, { kind: "REBUILD", accountId: "A", afterSequence: 4 }, 1);
    expect(await row()).toEqual(done);
  });

  it("is the operator's", async () => {
    await enlist("A");
    const key = await keyFor("A", ["orders:read"]);
    expect((await call("POST", `${PATH}-all`, { key, body: {} })).status).toBe(403);
    expect((await call("GET", "/v1/operations/read-models/rebuilds", { key })).status).toBe(403);
    expect((await call("POST", `${PATH}-all`, { body: { accountIds: [] } })).status).toBe(422);
  });
});

describe("the row of a deployment", () => {
  const of = (underlying: string, loadedAtMs: number) =>
    ({ instanceId: "one", strategyId: "bot", underlying, loadedAtMs }) as unknown as StrategyInstance;
  const rowOf = () => env.DB.prepare("SELECT underlying FROM strategy_deployments WHERE instance_id = 'one'").first();

  it("is what the account says last, whatever happened while it was being written", async () => {
    const answers: (readonly StrategyInstance[])[] = [[], [of("SENSEX", 2)], [of("SENSEX", 2)]];
    const account = { strategies: async () => answers.shift() ?? [] };
    // Removed when it looked, deployed anew while it deleted the row.
    expect(await settleDeployment(env.DB, account, "A", "one")).toMatchObject({ underlying: "SENSEX" });
    expect(await rowOf()).toEqual({ underlying: "SENSEX" });
    // Deployed on another index meanwhile: the older row does not stay.
    answers.push([of("NIFTY50", 3)], [of("NIFTY50", 3)]);
    await settleDeployment(env.DB, account, "A", "one");
    expect(await rowOf()).toEqual({ underlying: "NIFTY50" });
    answers.push([of("NIFTY50", 3)], [], []);
    expect(await settleDeployment(env.DB, account, "A", "one")).toBeNull();
    expect(await rowOf()).toBeNull();
  });

  it("agrees with the account after removals and deployments at once", async () => {
    const account = await trader("A");
    await enlist("A");
    const key = await keyFor("A", ["orders:write"]);
    for (let round = 0; round < 6; round += 1) {
      const underlying = round % 2 === 0 ? "NIFTY50" : "SENSEX";
      const body = { instanceId: "one", strategyId: `bot-${underlying.toLowerCase()}`, underlying };
      await Promise.all([
        call("DELETE", "/v1/strategy-instances/one", { key }),
        call("POST", "/v1/strategy-instances", { key, body }),
        call("DELETE", "/v1/strategy-instances/one", { key }),
        call("POST", "/v1/strategy-instances", { key, body }),
      ]);
      const [instance] = await account.strategies();
      expect(await rowOf(), `round ${round}`).toEqual(
        instance === undefined ? null : { underlying: instance.underlying },
      );
    }
  });
});
