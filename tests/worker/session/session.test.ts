// The session conducts a whole day over real feeds, accounts, queues and the database.
import { applyD1Migrations, type D1Migration, evictDurableObject, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import type { SessionView } from "../../../src/ports/objects.ts";
import { must } from "../account/account-fixtures.ts";
import { eventually, rowsOf } from "../jobs/message-fixtures.ts";
import { DATE, SESSION } from "../market-feed/feed-fixtures.ts";
import { at, loadDay, openAccounts, session, sessionStub, until } from "./day-fixtures.ts";

async function playDay(...accountIds: readonly string[]) {
  await openAccounts(...accountIds);
  await loadDay(accountIds);
  must(await session().start(null));
  await until("FINISHED");
  return verifyDay(env, DATE);
}

const code = (result: { ok: true; value: SessionView } | { ok: false; error: { code: string } }): string =>
  result.ok ? result.value.status : result.error.code;

describe("a whole day", { timeout: 120_000 }, () => {
  it("is traded, settled and sealed, and every invariant holds", async () => {
    const { invariants, totals } = await playDay("U001", "U002");
    expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
    expect(totals).toMatchObject({ cycles: 25, openPositions: 0, ledger: { sumPaise: 0 } });
    expect(totals.trades).toBeGreaterThan(0);
    expect(totals.ledger.checkpoint?.size).toBe(totals.ledger.entries);
    expect(await session().view()).toMatchObject({
      status: "FINISHED",
      phase: "CLOSED",
      nowMs: at("15:37"),
      failure: null,
    });
  });

  it("gives the same checkpoint root when it is played again from nothing", async () => {
    const first = await playDay("U001", "U002");
    await reset();
    await applyD1Migrations(env.DB, (env as unknown as { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS);
    const second = await playDay("U001", "U002");
    expect(second.totals).toEqual(first.totals);
    expect(first.totals.ledger.checkpoint?.root).toMatch(/^[0-9a-f]{64}$/);
  });

  it("comes to the same books when the conductor is lost again and again", async () => {
    const undisturbed = await playDay("U001");
    await reset();
    await applyD1Migrations(env.DB, (env as unknown as { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS);
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(null));
    let losses = 0;
    await eventually(
      async () => {
        const view = await session().view();
        if (view.status === "RUNNING" && losses < 8) {
          await evictDurableObject(sessionStub());
          losses += 1;
        }
        return view;
      },
      (view) => view.status === "FINISHED" || view.status === "FAILED",
    );
    const { invariants, totals } = await verifyDay(env, DATE);
    expect(losses).toBeGreaterThan(0);
    expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
    expect(totals).toEqual(undisturbed.totals);
  });

  it("stands still while it is paused and goes on from there", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(3_600));
    await eventually(
      () => session().view(),
      (view) => (view.nowMs ?? 0) > at("09:30"),
    );
    const paused = must(await session().pause());
    await scheduler.wait(600);
    expect((await session().view()).nowMs).toBe(paused.nowMs);
    expect(code(await session().setSpeed(null))).toBe("SESSION_NOT_READY");
    must(await session().start(null));
    await until("FINISHED");
    const { invariants } = await verifyDay(env, DATE);
    expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
  });
});

describe("session control", () => {
  it("refuses what does not fit where the session stands", async () => {
    expect(code(await session().start(null))).toBe("SESSION_NOT_FOUND");
    expect(code(await session().stop())).toBe("SESSION_NOT_FOUND");
    await openAccounts("U001");
    must(await session().load(SESSION, ["U001"]));
    expect(code(await session().start(null))).toBe("SESSION_NOT_READY");
    expect(code(await session().ready())).toBe("READY");
    expect(code(await session().pause())).toBe("SESSION_NOT_READY");
    expect(code(await session().start(0.5))).toBe("SPEED_OUT_OF_RANGE");
    expect(code(await session().start(3_601))).toBe("SPEED_OUT_OF_RANGE");
    expect(code(await session().start(1))).toBe("RUNNING");
    expect(code(await session().start(1))).toBe("SESSION_RUNNING");
    expect(code(await session().load(SESSION, ["U001"]))).toBe("SESSION_RUNNING");
    expect(code(await session().stop())).toBe("STOPPED");
    expect(code(await session().start(1))).toBe("SESSION_OVER");
  });

  it("fails with the reason when an account refuses a step", async () => {
    must(await session().load(SESSION, ["NOBODY"]));
    must(await session().ready());
    must(await session().start(null));
    const view = await until("FAILED");
    expect(view.failure).toContain("NOBODY: ACCOUNT_NOT_FOUND");
  });

  it("runs a paced clock no faster than its speed, and tells the accounts", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    const startedMs = Date.now();
    must(await session().start(60));
    await scheduler.wait(1_200);
    const { nowMs } = await session().view();
    const ranMs = (nowMs ?? 0) - at("09:00");
    expect(ranMs).toBeGreaterThan(20_000);
    expect(ranMs).toBeLessThanOrEqual((Date.now() - startedMs) * 60);
    must(await session().stop());
  });

  it("sends its view to listeners, at most four times a second", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    const response = await session().fetch(
      new Request("https://session/stream", { headers: { Upgrade: "websocket" } }),
    );
    const socket = response.webSocket;
    if (socket === null) throw new Error("no socket");
    const frames: { view: { status: string; now: string; phase: string }; signals?: unknown[] }[] = [];
    socket.accept();
    socket.addEventListener("message", ({ data }) => void frames.push(JSON.parse(String(data))));
    must(await session().start(3_600));
    await scheduler.wait(2_000);
    must(await session().stop());
    await eventually(
      async () => frames.at(-1)?.view.status,
      (status) => status === "STOPPED",
    );
    socket.close();
    expect(frames[0]?.view).toMatchObject({ status: "READY", phase: "PRE_OPEN", now: "2025-08-29T03:30:00.000Z" });
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.length).toBeLessThan(14);
    expect(frames.some((frame) => (frame.signals?.length ?? 0) > 0)).toBe(true);
  });

  it("will not play a day that its accounts have traded", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(3_600));
    await eventually(
      () => rowsOf("SELECT 1 FROM job_runs WHERE name = 'OPEN_DAY' AND state = 'DONE'"),
      (rows) => rows.length === 1,
    );
    must(await session().stop());
    expect(code(await session().load(SESSION, ["U001"]))).toBe("SESSION_OVER");
  });
});
