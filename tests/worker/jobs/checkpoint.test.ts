// The seal over the ledger: what it proves and what it never loses, whatever is booked when.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ledgerStatements } from "../../../src/adapters/storage/ledger-rows.ts";
import { writeLoadedSession } from "../../../src/adapters/storage/session-rows.ts";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import { istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import { verifyInclusion } from "../../../src/core/ledger/merkle.ts";
import { makeCheckpoint } from "../../../src/jobs/make-checkpoint.ts";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import { SESSION } from "../market-feed/feed-fixtures.ts";
import { call, expectProblem } from "../routes/api-fixtures.ts";
import { entry, rowsOf } from "./message-fixtures.ts";

const DAYS = ["2025-08-28", "2025-08-29", "2025-09-01", "2025-09-02"].map(marketDate);
const [FIRST, SECOND, THIRD] = DAYS as [MarketDate, MarketDate, MarketDate];

const store = (...entries: readonly LedgerEntry[]) => env.DB.batch(ledgerStatements(env.DB, entries));
const on = (date: MarketDate, sequence: number, accountId = "U001", time = "10:00"): LedgerEntry => ({
  ...entry(sequence),
  accountId,
  date,
  atMs: istInstant(date, time),
});
const seal = (date: MarketDate, db = env.DB) =>
  makeCheckpoint({ ...env, DB: db }, { name: "CHECKPOINT", date, cycle: null, phase: null }, istInstant(date, "15:37"));
const checkpointOf = async (date: MarketDate) => (await call("GET", `/v1/ledger/checkpoint/${date}`)).body;
const proofOf = ({ accountId, sequence, part }: LedgerEntry) =>
  call("GET", `/v1/ledger/proof/${accountId}/${sequence}/${part}`);

/** The date of the checkpoint under which the entry is proven. */
async function provenOn(one: LedgerEntry): Promise<string> {
  const { status, body } = await proofOf(one);
  expect(status).toBe(200);
  expect(verifyInclusion(body.leaf, body, (await checkpointOf(body.date)).root)).toBe(true);
  return body.date;
}

/** The database, with something happening just before a checkpoint is written. */
const withPause = (happening: () => Promise<unknown>): D1Database =>
  new Proxy(env.DB, {
    get: (real, name) => {
      if (name !== "prepare") return Reflect.get(real, name).bind(real);
      return (sql: string) => {
        const statement = real.prepare(sql);
        if (!sql.startsWith("INSERT INTO checkpoints")) return statement;
        const run = (...values: unknown[]) => happening().then(() => statement.bind(...values).run());
        return { bind: (...values: unknown[]) => ({ run: () => run(...values) }) };
      };
    },
  });

describe("a checkpoint", () => {
  it("goes on proving what it sealed when entries of its date come after it, and the next one seals these", async () => {
    await writeLoadedSession(env.DB, { ...SESSION, date: FIRST }, [], 0);
    const early = [on(FIRST, 3), on(FIRST, 4), on(FIRST, 2, "U002")];
    await store(...early);
    await seal(FIRST);
    const sealed = await checkpointOf(FIRST);
    expect(sealed.size).toBe(3);
    // An account opened in the evening, and a transfer that was polled again: booked on the date, one even before its seal.
    const late = [on(FIRST, 1, "A9", "18:00"), on(FIRST, 9, "U002", "15:30")];
    await store(...late);
    for (const one of early) expect(await provenOn(one)).toBe(FIRST);
    for (const one of late) expectProblem(await proofOf(one), "CHECKPOINT_NOT_FOUND");
    await seal(FIRST);
    expect(await checkpointOf(FIRST)).toEqual(sealed);
    const { invariants } = await verifyDay(env, FIRST);
    expect(invariants.find(({ name }) => name.startsWith("checkpoint"))).toMatchObject({ ok: true });

    await store(on(SECOND, 20));
    await seal(SECOND);
    expect(await checkpointOf(SECOND)).toMatchObject({ size: 3 });
    for (const one of early) expect(await provenOn(one)).toBe(FIRST);
    for (const one of [...late, on(SECOND, 20)]) expect(await provenOn(one)).toBe(SECOND);
  });

  it("is not written over less than is marked for it, when another run has marked more in between", async () => {
    const [early, late] = [on(FIRST, 1), on(FIRST, 2)];
    await store(early);
    const lost = withPause(() => Promise.reject(new Error("lost")));
    const overtaken = withPause(async () => {
      await store(late);
      await expect(seal(FIRST, lost)).rejects.toThrow("lost");
    });
    await expect(seal(FIRST, overtaken)).rejects.toThrow("entries came");
    expect(await rowsOf("SELECT date FROM checkpoints")).toEqual([]);
    await seal(FIRST);
    for (const one of [early, late]) expect(await provenOn(one)).toBe(FIRST);
  });

  it("seals what was booked on days that have none, and leaves later days to theirs", async () => {
    const opened = on(marketDate("2025-08-31"), 1, "A1");
    const ahead = on(THIRD, 1, "A2");
    await store(opened, ahead);
    await seal(SECOND);
    expect(await checkpointOf(SECOND)).toMatchObject({ size: 0 });
    await seal(THIRD);
    expect(await provenOn(opened)).toBe(THIRD);
    expect(await provenOn(ahead)).toBe(THIRD);
  });

  it("stands, and every entry is under exactly one, whatever comes when and however often a day is sealed at once", async () => {
    const random = new SeededRandom(164);
    const all: LedgerEntry[] = [];
    const roots = new Map<MarketDate, unknown>();
    for (let step = 0; step < 24; step += 1) {
      const date = DAYS[random.below(DAYS.length)] as MarketDate;
      if (random.below(4) > 0) {
        const some = Array.from({ length: 1 + random.below(3) }, (_, part) => ({
          ...on(date, step + 1, `U00${random.below(3)}`),
          part,
        }));
        all.push(...some);
        await store(...some);
        continue;
      }
      const late = on(date, step + 1, "U009");
      all.push(late);
      const ended = await Promise.allSettled([seal(date), store(late), seal(date)]);
      // One that lost the race says so and is run again.
      if (ended.some(({ status }) => status === "rejected")) await seal(date);
      if (!roots.has(date)) roots.set(date, await checkpointOf(date));
      for (const [made, checkpoint] of roots) expect(await checkpointOf(made)).toEqual(checkpoint);
    }
    const last = marketDate("2025-09-03");
    await seal(last);
    expect(roots.size).toBeGreaterThan(2);
    const counted = new Map<string, number>();
    for (const one of all) {
      const under = await provenOn(one);
      expect(under >= one.date).toBe(true);
      counted.set(under, (counted.get(under) ?? 0) + 1);
    }
    const made = await rowsOf<{ date: string; size: number }>("SELECT date, size FROM checkpoints WHERE size > 0");
    expect(new Map(made.map(({ date, size }) => [date, size]))).toEqual(counted);
  });
});
