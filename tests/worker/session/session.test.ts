// The session conducts a whole day over real feeds, accounts, queues and the database.
import { applyD1Migrations, type D1Migration, evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { SessionObject } from "../../../durable-objects/session/session-object.ts";
import { SessionStore } from "../../../durable-objects/session/session-store.ts";
import { dayHistories } from "../../../src/core/backtest/day-history.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { AppEnv } from "../../../src/env.ts";
import { rerunJob } from "../../../src/jobs/rerun-job.ts";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import type { DayTotals, InvariantCheck } from "../../../src/ports/jobs.ts";
import type { SessionView } from "../../../src/ports/objects.ts";
import { playRecorded } from "../../support/backtest-run.ts";
import { must, profile } from "../account/account-fixtures.ts";
import { eventually, rowsOf } from "../jobs/message-fixtures.ts";
import { DATE, SESSION } from "../market-feed/feed-fixtures.ts";
import {
  askedOnTheDay,
  at,
  loadDay,
  openAccounts,
  recordedDay,
  saidOnTheDay,
  session,
  sessionStub,
  until,
  WHOLE_DAY_MS,
  withoutQuotes,
} from "./day-fixtures.ts";

async function playDay(...accountIds: readonly string[]) {
  await openAccounts(...accountIds);
  await loadDay(accountIds);
  must(await session().start(null));
  await until("FINISHED");
  return verifyDay(env, DATE);
}

const broken = (invariants: readonly InvariantCheck[]) => invariants.filter((invariant) => !invariant.ok);

/** As between two tests: no objects, an empty database. */
async function startAnew(): Promise<void> {
  await reset();
  await applyD1Migrations(env.DB, (env as unknown as { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS);
}

const code = (result: { ok: true; value: SessionView } | { ok: false; error: { code: string } }): string =>
  result.ok ? result.value.status : result.error.code;

let firstTotals: Promise<DayTotals> | undefined;
/** The totals of the day when nothing disturbs it, played once for all tests. */
const undisturbedTotals = (): Promise<DayTotals> => {
  firstTotals ??= playDay("U001").then(async ({ totals }) => {
    await startAnew();
    return totals;
  });
  return firstTotals;
};

describe("a whole day", { timeout: 120_000 }, () => {
  it("is traded, settled and sealed with every invariant held, and each time with the same books", async () => {
    const before = await undisturbedTotals();
    const { invariants, totals } = await playDay("U001");
    expect(broken(invariants)).toEqual([]);
    expect(totals).toMatchObject({ cycles: 25, openPositions: 0, ledger: { sumPaise: 0 } });
    expect(totals.trades).toBeGreaterThan(0);
    expect(totals.ledger.checkpoint).toMatchObject({
      size: totals.ledger.entries,
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(totals).toEqual(before);
    // What the engine of backtests makes of the day, asking the same model with features of its own, are the very same views
    // and the very same journal, event by event and hash by hash.
    const played = playRecorded(recordedDay(), profile("U001"), {
      openedAtMs: at("08:00"),
      signals: await askedOnTheDay(),
      history: dayHistories({ bars: [], vixBars: null, outside: {} })(DATE),
    });
    const said = await saidOnTheDay();
    expect(said.filter(({ reason }) => reason.includes("Hybrid: "))).not.toEqual([]);
    expect(JSON.parse(JSON.stringify(played.signals))).toEqual(said);
    const journal = await env.ACCOUNT.getByName("U001").journal(0, 1_000);
    expect(played.failure).toBeNull();
    expect(played.events).toEqual(journal.map(({ event }) => event));
    expect(played.hash).toBe(journal.at(-1)?.hash);
    expect(await session().view()).toMatchObject({
      status: "FINISHED",
      phase: "CLOSED",
      nowMs: at("15:37"),
      failure: null,
    });
  });

  it("comes to the same books when the conductor is lost again and again", async () => {
    const undisturbed = await undisturbedTotals();
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
      WHOLE_DAY_MS,
    );
    const { invariants, totals } = await verifyDay(env, DATE);
    expect(losses).toBeGreaterThan(0);
    expect(broken(invariants)).toEqual([]);
    expect(totals).toEqual(undisturbed);
  });

  it("stands still while it is paused, and comes to the same books at any speed", async () => {
    const undisturbed = await undisturbedTotals();
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(3_600));
    await eventually(
      () => session().view(),
      (view) => (view.nowMs ?? 0) > at("09:30"),
    );
    const paused = must(await session().pause());
    // The step that was under way is seen through; then nothing moves.
    await scheduler.wait(500);
    const { nowMs } = await session().view();
    expect((nowMs ?? 0) - (paused.nowMs ?? 0)).toBeLessThanOrEqual(60_000);
    await scheduler.wait(600);
    expect((await session().view()).nowMs).toBe(nowMs);
    expect(code(await session().setSpeed(null))).toBe("SESSION_NOT_READY");
    must(await session().start(null));
    await until("FINISHED");
    const { invariants, totals } = await verifyDay(env, DATE);
    expect(broken(invariants)).toEqual([]);
    expect(totals).toEqual(undisturbed);
  });

  it("goes on after a step that was refused, once the reason is gone and the job is run again", async () => {
    await openAccounts("U001");
    // Nothing can be sold from 14:50 on, so the day does not end flat; at half past 15:20 somebody quotes again.
    await loadDay(["U001"], withoutQuotes(at("14:50"), epochMs(at("15:20") + 30_000)));
    must(await session().start(null));
    const jobKey = `SETTLE_PROVISIONAL/${DATE}/-/-`;
    expect((await until("FAILED")).failure).toContain(`${jobKey}: U001: NOT_FLAT`);
    expect(code(await session().start(null))).toBe("SESSION_NOT_READY");
    for (const _ of ["once", "twice"]) {
      expect(await rerunJob(env, jobKey)).toEqual({ ok: true, value: { jobKey, state: "RUNNING" } });
    }
    expect(must(await session().start(null)).failure).toBeNull();
    await until("FINISHED");
    expect(broken((await verifyDay(env, DATE)).invariants)).toEqual([]);
    expect((await env.ACCOUNT.getByName("U001").state()).day?.status).toBe("CLOSED");
    expect(await rerunJob(env, jobKey)).toEqual({ ok: true, value: { jobKey, state: "DONE" } });
  });

  it("is found wanting by the check that concerns it, whatever is tampered with", async () => {
    await playDay("U001");
    const found: [string, string[]][] = [];
    for (const [table, tampering, name] of TAMPERINGS) {
      await env.DB.exec(`CREATE TABLE kept AS SELECT * FROM ${table}`);
      await env.DB.exec(tampering);
      found.push([name, broken((await verifyDay(env, DATE)).invariants).map((invariant) => invariant.name)]);
      await env.DB.exec(`DELETE FROM ${table}`);
      await env.DB.exec(`INSERT INTO ${table} SELECT * FROM kept`);
      await env.DB.exec("DROP TABLE kept");
    }
    for (const [name, names] of found) expect(names).toContain(name);
    expect(broken((await verifyDay(env, DATE)).invariants)).toEqual([]);
  });
});

/** Table, what is done to it, and the check that has to notice. */
const TAMPERINGS = [
  ["orders", "UPDATE orders SET filled_units = filled_units - 1", "read models equal the journals"],
  ["positions", "DELETE FROM positions", "read models equal the journals"],
  ["positions", "UPDATE positions SET net_units = 75", "read models say flat"],
  ["ledger_entries", "DELETE FROM ledger_entries WHERE kind = 'CHARGES'", "every ledger entry is stored"],
  [
    "ledger_lines",
    "UPDATE ledger_lines SET amount_paise = amount_paise + 1 WHERE line = 0",
    "stored entries sum to zero",
  ],
  ["ledger_entries", "UPDATE ledger_entries SET leaf = leaf || ' '", "checkpoint stands for what it sealed"],
  [
    "trades",
    "UPDATE trades SET realised_paise = realised_paise + 1",
    "cash, pay-outs, charges and fees reconcile with the fills",
  ],
  [
    "settlements",
    "UPDATE settlements SET payout_paise = payout_paise + 1 WHERE stage = 'PROVISIONAL'",
    "paid out exactly once what was settled",
  ],
  ["job_runs", "UPDATE job_runs SET state = 'SENT' WHERE name = 'PUSH'", "every job of the day is done"],
] as const;

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

  it("lets no load that looked before overwrite a session that has been started since", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    await runInDurableObject(sessionStub(), async (object) => {
      const asked = object.load(SESSION, ["U001"]);
      expect(code(await object.start(1))).toBe("RUNNING");
      expect(code(await asked)).toBe("SESSION_RUNNING");
      expect((await object.view()).status).toBe("RUNNING");
      must(await object.stop());
    });
  });

  it("will not load a session for an account that nobody has opened, and names it", async () => {
    await openAccounts("U001");
    const refused = await session().load(SESSION, ["U001", "NOBODY"]);
    expect(refused).toMatchObject({ ok: false, error: { code: "SESSION_ACCOUNT_UNKNOWN" } });
    expect(refused.ok ? "" : refused.error.detail).toContain("NOBODY");
    expect(await session().view()).toMatchObject({ status: "NONE" });
    expect(await rowsOf("SELECT date FROM sessions")).toEqual([]);
  });

  it("runs a paced clock no faster than its speed, and tells the accounts", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    const startedMs = Date.now();
    must(await session().start(60));
    const ranMs = async () => ((await session().view()).nowMs ?? 0) - at("09:00");
    // A busy machine gets there later, and never earlier than its speed allows.
    await vi.waitFor(async () => expect(await ranMs()).toBeGreaterThan(20_000), { timeout: 20_000 });
    expect(await ranMs()).toBeLessThanOrEqual((Date.now() - startedMs) * 60);
    must(await session().stop());
  });

  it("lets a session that was left over stand where real time counts, and be put away there", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    const paper = { ...env, TRADING_MODE: "PAPER" } as unknown as AppEnv;
    await runInDurableObject(sessionStub(), async (_, ctx) => {
      const ready = new SessionObject(ctx, paper);
      for (const speed of [null, 60]) expect(code(await ready.start(speed))).toBe("SESSION_NOT_READY");
      expect(code(await ready.ready())).toBe("SESSION_NOT_READY");
      expect((await ready.view()).status).toBe("READY");

      new SessionStore(ctx.storage).update({ status: "RUNNING" });
      const running = new SessionObject(ctx, paper);
      await running.alarm();
      for (const speed of [null, 60]) expect(code(await running.setSpeed(speed))).toBe("SESSION_NOT_READY");
      expect(await running.view()).toMatchObject({ status: "RUNNING", mode: "PAPER", nowMs: at("09:00") });
      expect(await ctx.storage.getAlarm()).toBeNull();
      expect(must(await running.stop()).status).toBe("STOPPED");
    });
    expect(await rowsOf("SELECT name FROM job_runs")).toEqual([]);
  });

  it("sends its view to listeners, at most four times a second", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    const response = await session().fetch(
      new Request("https://session/stream", { headers: { Upgrade: "websocket" } }),
    );
    const socket = response.webSocket;
    if (socket === null) throw new Error("no socket");
    const frames: { view: { status: string; now: string; phase: string }; signals?: { structure?: unknown }[] }[] = [];
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
    const pushed = frames.flatMap((frame) => frame.signals ?? []);
    expect(pushed.length).toBeGreaterThan(0);
    // These are of a direction and have no structure: said, not left out, as the API says it.
    expect(pushed.every(({ structure }) => structure === null)).toBe(true);
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
