// The same account on one day after the other: what a day leaves behind, in objects and in the database, is what the next
// begins with.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import { must } from "../account/account-fixtures.ts";
import { eventually, rowsOf } from "../jobs/message-fixtures.ts";
import { dayLater, loadDay, openAccounts, session, until, wholeDay } from "./day-fixtures.ts";

/** From 2025-08-29, a Friday, to the Monday after it. */
const WEEKEND = 3;

describe("an account on several days", { timeout: 120_000 }, () => {
  it("opens, trades, settles and is sealed on the second as on the first, and the first one's books stay as they were", async () => {
    await openAccounts("U001");
    const played: Awaited<ReturnType<typeof verifyDay>>[] = [];
    for (const shiftDays of [0, WEEKEND]) {
      await loadDay(["U001"], wholeDay(), shiftDays);
      must(await session().start(null));
      await until("FINISHED");
      const verified = await verifyDay(env, dayLater(shiftDays).date);
      expect(verified.invariants.filter(({ ok }) => !ok)).toEqual([]);
      expect(verified.totals.trades).toBeGreaterThan(0);
      played.push(verified);
    }
    expect(await verifyDay(env, dayLater(0).date)).toEqual(played[0]);
    const { profile, cashPaise, day } = await env.ACCOUNT.getByName("U001").state();
    expect(day).toMatchObject({ date: "2025-09-01", status: "CLOSED" });
    // The second PULL has filled up what the first day's pay-out and costs had left, and no more.
    const pulled = await rowsOf<{ paise: number }>(
      "SELECT SUM(amount_paise) AS paise FROM transfers WHERE kind = 'PULL'",
    );
    expect(pulled[0]?.paise).toBeLessThan(2 * (profile?.capitalPaise ?? 0));
    expect(cashPaise).toBeGreaterThan(0);
  });

  it("is not taken into a later day before the one that it has traded is settled", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(3_600));
    await eventually(
      () => rowsOf("SELECT 1 FROM trades"),
      (rows) => rows.length > 0,
    );
    must(await session().stop());
    const refused = await session().load(dayLater(WEEKEND), ["U001"]);
    expect(refused).toMatchObject({ ok: false, error: { code: "SESSION_OVER" } });
    expect(refused.ok ? "" : refused.error.detail).toContain("2025-08-29");
  });

  it("is taken into a later day when nothing was dealt on the one that broke off", async () => {
    await openAccounts("U001");
    await loadDay(["U001"]);
    must(await session().start(600));
    await eventually(
      () => env.ACCOUNT.getByName("U001").state(),
      ({ cashPaise }) => cashPaise > 0,
    );
    must(await session().stop());
    await loadDay(["U001"], wholeDay(), WEEKEND);
    must(await session().start(null));
    await until("FINISHED");
    const { invariants } = await verifyDay(env, dayLater(WEEKEND).date);
    expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
  });
});
