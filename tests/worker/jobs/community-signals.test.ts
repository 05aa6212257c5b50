// From what users say over the API to the order that an account sends: the whole way of the community's part of a signal, with
// the model that comes with the code, the real feed, the jobs and an account.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { readingsBetween } from "../../../src/adapters/storage/cycle-readings.ts";
import { writeLoadedSession } from "../../../src/adapters/storage/session-rows.ts";
import { signalsOfCycle } from "../../../src/adapters/storage/signal-rows.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { cycleIdOf, jobKeyOf } from "../../../src/core/session/job.ts";
import type { AppEnv } from "../../../src/env.ts";
import { runJob } from "../../../src/jobs/run-job.ts";
import { shippedModel } from "../../../src/wiring-models.ts";
import { nifty, trader } from "../account/account-fixtures.ts";
import { DATE, OPEN, SESSION } from "../market-feed/feed-fixtures.ts";
import { enlist, keyFor } from "../routes/api-fixtures.ts";
import { CYCLE_MS, clockAt, on, recordOf, say } from "../routes/community-fixtures.ts";
import { wholeDay } from "../session/day-fixtures.ts";
import { eventually, rowsOf } from "./message-fixtures.ts";

const minuteOf = (cycle: number, minute: number) => epochMs(OPEN + (cycle - 1) * CYCLE_MS + minute * 60_000);
const modelId = shippedModel().manifest.id;

/** What the live model and the rules had said of a cycle by themselves. */
const ownWord = async (cycle: number) =>
  (
    await rowsOf<{ direction: string; confidenceBps: number }>(
      "SELECT direction, confidence_bps AS confidenceBps FROM model_views WHERE cycle_id = ?1 AND model_id = ?2",
      cycleIdOf(DATE, cycle),
      modelId,
    )
  )[0];

it("blends users with a record into the signal, over the gate or under it, and an account trades what comes out", async () => {
  await writeLoadedSession(env.DB, SESSION, ["U001"], 0);
  const feed = await nifty(wholeDay());
  const account = await trader("U001");
  const keys: string[] = [];
  for (const user of ["v-0", "v-1", "v-2", "v-3", "v-4"]) {
    await enlist(user);
    keys.push(await keyFor(user));
    await recordOf(user, 600, 600);
  }

  const signalOf = async (platform: AppEnv, cycle: number): Promise<Signal> => {
    const atMs = minuteOf(cycle, 1);
    await feed.playUntil(atMs);
    await runJob(platform, { name: "GENERATE_SIGNALS", date: DATE, cycle, phase: null }, atMs);
    await clockAt(atMs);
    return required((await signalsOfCycle(env.DB, cycleIdOf(DATE, cycle)))[0], "a signal of the cycle");
  };
  /** The signals of the cycle before are made, everybody says something of this one, and then its own are made. */
  const afterAll = async (platform: AppEnv, cycle: number, direction: string): Promise<Signal> => {
    await signalOf(platform, cycle - 1);
    for (const key of keys) expect((await say(key, direction, 1)).status).toBe(201);
    return signalOf(platform, cycle);
  };

  // By itself the model is 61 % sure of a rise: not enough. Five users who were always right say so too: 98 % is all they are
  // believed, and 0.7 of the one with 0.3 of the other is above 70 %.
  const risen = await afterAll(on, 8, "BULLISH");
  const own = required(await ownWord(8), "the model's own word");
  expect(own.direction).toBe("NO_TRADE");
  expect(own.confidenceBps).toBeLessThan(7_000);
  expect(risen).toMatchObject({ direction: "BULLISH", predictor: expect.stringContaining(modelId) });
  expect(risen.confidenceBps).toBe(Math.round(0.7 * own.confidenceBps + 0.3 * 9_806));
  expect(risen.reason).toContain("Community: 98.1 % of 5 users; together");
  const { community } = await readingsBetween(env.DB, DATE, DATE);
  // The voice is an input as well (AI-03), of the cycle that it was about and of no other.
  expect([...(community.get(`NIFTY50/${DATE}`) ?? [])]).toEqual([[8, (9_806 - 97) / 10_000]]);

  const window = { name: "RUN_WINDOW", date: DATE, cycle: 8, phase: 1 } as const;
  await feed.playUntil(minuteOf(8, 2));
  await runJob(on, window, minuteOf(8, 2));
  await eventually(
    () => rowsOf<{ state: string }>("SELECT state FROM job_runs WHERE job_key = ?1", jobKeyOf(window)),
    ([run]) => run?.state === "DONE",
  );
  const orders = Object.values((await account.state()).orders);
  expect(orders.map(({ signalId, purpose }) => [signalId, purpose])).toContainEqual([risen.signalId, "ENTRY"]);

  // The same users against it take from the same word of the model; switched off, nobody is asked, and nothing else changes.
  const fallen = await afterAll(on, 12, "BEARISH");
  expect(fallen.direction).toBe("NO_TRADE");
  expect(fallen.reason).toContain("Community: 1.0 % of 5 users; together");
  const alone = await afterAll(env as unknown as AppEnv, 16, "BULLISH");
  expect(alone).toMatchObject(required(await ownWord(16), "the model's own word"));
  expect(alone.reason).not.toContain("Community");
  expect((await readingsBetween(env.DB, DATE, DATE)).community.get(`NIFTY50/${DATE}`)?.has(16)).toBe(false);
});
