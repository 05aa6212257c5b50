// Jobs with real accounts, a real feed and a real queue: run twice is run once, and what was lost is made good.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { writeLoadedSession } from "../../../src/adapters/storage/session-rows.ts";
import { epochMs, istInstant } from "../../../src/core/kernel/time.ts";
import type { Job, JobName } from "../../../src/core/session/job.ts";
import { jobKeyOf } from "../../../src/core/session/job.ts";
import { finishBatch } from "../../../src/jobs/job-records.ts";
import { rerunJob } from "../../../src/jobs/rerun-job.ts";
import { runJob } from "../../../src/jobs/run-job.ts";
import { runScheduled } from "../../../src/jobs/scheduled.ts";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import { inside, must, profile } from "../account/account-fixtures.ts";
import { DATE, Listener, loadedFeed, SESSION } from "../market-feed/feed-fixtures.ts";
import { deliver, eventually, rowsOf } from "./message-fixtures.ts";

const ACCOUNTS = Array.from({ length: 27 }, (_, index) => `U${String(index + 1).padStart(3, "0")}`);
const at = (time: string) => istInstant(DATE, time);
const job = (name: JobName, cycle: number | null = null, phase: number | null = null): Job => ({
  name,
  date: DATE,
  cycle,
  phase,
});

async function sessionOf(accountIds: readonly string[]): Promise<void> {
  await writeLoadedSession(env.DB, SESSION, accountIds, 0);
  await loadedFeed("NIFTY50", new Listener());
  for (const accountId of accountIds) {
    must(await env.ACCOUNT.getByName(accountId).open(profile(accountId), at("08:00")));
  }
}

const stateOf = async (name: Job): Promise<string | undefined> =>
  (await rowsOf<{ state: string }>("SELECT state FROM job_runs WHERE job_key = ?1", jobKeyOf(name)))[0]?.state;

const done = (which: Job) =>
  eventually(
    () => stateOf(which),
    (state) => state === "DONE",
  );

describe("jobs", () => {
  beforeEach(() => sessionOf(ACCOUNTS));

  it("reach every account in batches of at most 25, and a second run reaches none", async () => {
    const opening = job("OPEN_DAY");
    const first = await runJob(env, opening, at("09:00"));
    expect(first).toEqual({ batchIds: [`${jobKeyOf(opening)}/0`, `${jobKeyOf(opening)}/1`], failure: null });
    await done(opening);
    const last = env.ACCOUNT.getByName("U027");
    const before = await last.state();
    expect(before.day).toMatchObject({ date: DATE, status: "OPEN", openMs: SESSION.openMs });
    expect(await runJob(env, opening, at("09:00"))).toEqual({ batchIds: [], failure: null });
    expect((await last.state()).sequence).toBe(before.sequence);
  });

  it("send a batch again, as it was, when it was lost on its way", async () => {
    const opening = job("OPEN_DAY");
    await runJob(env, opening, at("09:00"));
    await done(opening);
    // What a killed runtime leaves behind: written down, sent, never carried out.
    await env.DB.batch([
      env.DB.prepare("UPDATE job_runs SET state = 'SENT'"),
      env.DB.prepare("UPDATE job_batches SET state = 'PENDING' WHERE batch_id LIKE '%/1'"),
    ]);
    const { batchIds } = await runJob(env, opening, epochMs(at("09:00") + 5_000));
    expect(batchIds).toEqual([`${jobKeyOf(opening)}/1`]);
    await done(opening);
    const { lastEventMs } = await env.ACCOUNT.getByName("U027").state();
    expect(lastEventMs).toBe(at("09:00"));
  });

  it("make a cycle's signals once: a later run does not change what was made", async () => {
    const generating = job("GENERATE_SIGNALS", 1);
    await env.MARKET_FEED.getByName("NIFTY50").playUntil(at("09:16"));
    expect(await runJob(env, generating, at("09:16"))).toEqual({ batchIds: [], failure: null });
    const signals = await rowsOf<{ signal: string }>("SELECT * FROM signals");
    expect(signals).toHaveLength(1);
    await env.MARKET_FEED.getByName("NIFTY50").playUntil(at("09:20"));
    await env.DB.exec("UPDATE job_runs SET state = 'RUNNING'");
    await runJob(env, generating, at("09:20"));
    expect(await rowsOf("SELECT * FROM signals")).toEqual(signals);
    expect(await rowsOf("SELECT cycle FROM cycles")).toEqual([{ cycle: 1 }]);
  });

  it("fail for good when an account refuses its step, and say which", async () => {
    await writeLoadedSession(env.DB, SESSION, ["NOBODY"], 0);
    const opening = job("OPEN_DAY");
    await runJob(env, opening, at("09:00"));
    await eventually(
      () => stateOf(opening),
      (state) => state === "FAILED",
    );
    const { batchIds, failure } = await runJob(env, opening, at("09:00"));
    expect(batchIds).toEqual([]);
    expect(failure).toContain("NOBODY: ACCOUNT_NOT_FOUND");
  });

  it("keep the first outcome of a batch when its message comes again", async () => {
    const opening = job("OPEN_DAY");
    const [batchId = ""] = (await runJob(env, opening, at("09:00"))).batchIds;
    await done(opening);
    await finishBatch(env.DB, batchId, "a late complaint");
    expect(await rowsOf("SELECT state FROM job_batches WHERE batch_id = ?1", batchId)).toEqual([{ state: "DONE" }]);
    expect(await stateOf(opening)).toBe("DONE");
  });

  it("do not lose one batch of a queue delivery because of another", async () => {
    const opening = job("OPEN_DAY");
    await runJob(env, opening, at("09:00"));
    await done(opening);
    const [good] = await rowsOf<{ message: string }>("SELECT message FROM job_batches");
    const outcome = await deliver("account-work", { kind: "WHAT" }, JSON.parse(good?.message ?? ""));
    expect(outcome).toEqual({ confirmed: ["m1"], givenBack: ["m0"] });
  });
});

describe("cron", () => {
  const paper = () =>
    new Proxy(env, { get: (real, key) => (key === "TRADING_MODE" ? "PAPER" : Reflect.get(real, key)) });

  it("does nothing in replay", async () => {
    await sessionOf(["U001"]);
    await runScheduled(env, at("09:00"));
    expect(await rowsOf("SELECT * FROM job_runs")).toEqual([]);
  });

  it("runs what is due in paper trading for the active accounts, and each job once", async () => {
    await sessionOf(["U001"]);
    await env.DB.exec(
      "INSERT INTO accounts (account_id, display_name, category, status, created_at_ms) VALUES ('U001', 'One', 'REGULAR', 'ACTIVE', 0), ('U002', 'Two', 'REGULAR', 'CLOSED', 0)",
    );
    await runScheduled(paper(), at("09:00"));
    const { sequence } = await env.ACCOUNT.getByName("U001").state();
    await runScheduled(paper(), at("09:01"));
    expect(await rowsOf("SELECT name, state FROM job_runs")).toEqual([{ name: "OPEN_DAY", state: "DONE" }]);
    expect((await env.ACCOUNT.getByName("U001").state()).sequence).toBe(sequence);
  });

  it("makes up for the morning after an outage, but lets missed windows go", async () => {
    await sessionOf(["U001"]);
    await env.DB.exec(
      "INSERT INTO accounts (account_id, display_name, category, status, created_at_ms) VALUES ('U001', 'One', 'REGULAR', 'ACTIVE', 0)",
    );
    await runScheduled(paper(), at("10:33"));
    expect(await rowsOf("SELECT name, cycle, phase, state FROM job_runs ORDER BY rowid")).toEqual([
      { name: "OPEN_DAY", cycle: null, phase: null, state: "DONE" },
      { name: "PULL", cycle: null, phase: null, state: "DONE" },
      { name: "POLL_TRANSFERS", cycle: null, phase: 1, state: "DONE" },
      { name: "GENERATE_SIGNALS", cycle: 6, phase: null, state: "DONE" },
      { name: "RUN_WINDOW", cycle: 6, phase: 1, state: "DONE" },
    ]);
  });

  it("gives a job that an account refused a second chance, as of now, and only once", async () => {
    await sessionOf(["U001"]);
    await env.DB.exec(
      "INSERT INTO accounts (account_id, display_name, category, status, created_at_ms) VALUES ('U001', 'One', 'REGULAR', 'ACTIVE', 0), ('LATE', 'Two', 'REGULAR', 'ACTIVE', 0)",
    );
    await runScheduled(paper(), at("09:00"));
    const opening = job("OPEN_DAY");
    const jobKey = jobKeyOf(opening);
    expect(await rowsOf("SELECT state, failure FROM job_runs")).toEqual([
      { state: "FAILED", failure: "LATE: ACCOUNT_NOT_FOUND the account has not been opened" },
    ]);
    const { sequence } = await env.ACCOUNT.getByName("U001").state();
    must(await env.ACCOUNT.getByName("LATE").open(profile("LATE"), at("08:00")));
    expect(await rerunJob(paper(), jobKey)).toEqual({ ok: true, value: { jobKey, state: "SENT" } });
    await done(opening);
    expect((await env.ACCOUNT.getByName("LATE").state()).day).toMatchObject({ date: DATE, status: "OPEN" });
    expect((await env.ACCOUNT.getByName("U001").state()).sequence).toBe(sequence);
    expect(await rerunJob(paper(), jobKey)).toEqual({ ok: true, value: { jobKey, state: "DONE" } });
  });

  it("lets a person run a job that an outage let pass altogether, and none that was never planned", async () => {
    await sessionOf(["U001"]);
    await env.DB.exec(
      "INSERT INTO accounts (account_id, display_name, category, status, created_at_ms) VALUES ('U001', 'One', 'REGULAR', 'ACTIVE', 0)",
    );
    const opening = job("OPEN_DAY");
    expect(await rerunJob(paper(), jobKeyOf(opening))).toMatchObject({ ok: true, value: { state: "SENT" } });
    await done(opening);
    expect((await env.ACCOUNT.getByName("U001").state()).day?.date).toBe(DATE);
    for (const jobKey of ["OPEN_DAY/2025-08-27/-/-", "OPEN_DAY/2025-08-29/-/7", "OPEN_DAY", "PUSH/tomorrow/-/-"]) {
      expect(await rerunJob(paper(), jobKey)).toMatchObject({ ok: false, error: { code: "JOB_NOT_FOUND" } });
    }
    expect(await rerunJob(env, jobKeyOf(job("PUSH")))).toMatchObject({ ok: false, error: { code: "JOB_NOT_FOUND" } });
  });

  it("does nothing on a holiday", async () => {
    await runScheduled(paper(), istInstant("2025-08-27" as typeof DATE, "10:00"));
    expect(await rowsOf("SELECT * FROM job_runs")).toEqual([]);
  });
});

describe("dead letters in the verification of a day", () => {
  it("count while what they carried is missing, and no longer when it has arrived in another way", async () => {
    await sessionOf(["U001"]);
    const account = env.ACCOUNT.getByName("U001");
    const letter = (id: string, queue: string, body: unknown) =>
      env.DB.prepare("INSERT INTO dead_letters VALUES (?1, ?2, ?3, 6, 0, '', 'PENDING')").bind(
        id,
        queue,
        JSON.stringify(body),
      );
    await env.DB.batch([
      letter("w1", "account-work", { kind: "ACCOUNT_WORK", command: { jobKey: jobKeyOf(job("OPEN_DAY")) } }),
      letter("w2", "account-work", { kind: "ACCOUNT_WORK", command: { jobKey: "OPEN_DAY/2025-08-28/-/-" } }),
      letter("w3", "account-work", null),
      letter("l1", "ledger", { kind: "LEDGER", accountId: "U001" }),
      letter("l2", "ledger", { kind: "LEDGER", accountId: "STRANGER" }),
    ]);
    const counted = async (): Promise<string | undefined> =>
      (await verifyDay(env, DATE)).invariants.find(({ name }) => name === "no dead letters")?.detail;
    await eventually(
      () => account.flushOutbox(),
      ({ pending }) => pending === 0,
    );
    expect(await counted()).toBe("account-work/w1");
    await inside(account, (_object, { storage }) => {
      storage.sql.exec(
        "INSERT INTO outbox (topic, body, attempts, due_at_ms, parked) VALUES ('ledger', '{}', 12, 0, 1)",
      );
    });
    expect(await counted()).toBe("ledger/l1; account-work/w1");
    await runJob(env, job("OPEN_DAY"), at("09:00"));
    await done(job("OPEN_DAY"));
    expect(await counted()).toBe("ledger/l1");
  });
});
