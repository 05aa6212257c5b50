// What users think: one voice for each account, index and cycle, scored like a model's words, and heard only with a record.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { scoreCommunityViews } from "../../../src/adapters/read-models/community.ts";
import { cycles } from "../../../src/adapters/storage/market-schema.ts";
import { insertOnce } from "../../../src/adapters/storage/write-rows.ts";
import { epochMs, istInstant, type MarketDate } from "../../../src/core/kernel/time.ts";
import { communityVoice } from "../../../src/core/prediction/community.ts";
import { cycleIdOf } from "../../../src/core/session/job.ts";
import { communityPort } from "../../../src/wiring.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";
import { CYCLE_MS, clockAt, on, recordOf, say } from "./community-fixtures.ts";

const DATE = "2025-08-29" as MarketDate;
const OPEN = istInstant(DATE, "09:15");

/** The cycle's signals have been made, a minute after its beginning. */
async function made(cycle: number): Promise<void> {
  await clockAt(OPEN + (cycle - 1) * CYCLE_MS + 60_000);
  const startMs = OPEN + (cycle - 1) * CYCLE_MS;
  const row = { cycleId: cycleIdOf(DATE, cycle), date: DATE, cycle, startMs, endMs: startMs + CYCLE_MS };
  await env.DB.batch(insertOnce(env.DB, cycles, [{ ...row, vixCenti: null, generatedAtMs: startMs + 60_000 }]));
}

const voiceOf = async (cycle: number, platform = on) => {
  const source = await communityPort(platform).sourceOf(cycleIdOf(DATE, cycle));
  return communityVoice(source, "NIFTY50", epochMs(OPEN + (cycle - 1) * CYCLE_MS + 60_000));
};

describe("/v1/community/views", () => {
  let key: string;
  beforeEach(async () => {
    await enlist("crowd-1");
    key = await keyFor("crowd-1");
  });

  it("keeps a user's latest thought of the next cycle, and shows it and its outcome to nobody else", async () => {
    await made(1);
    expect(await say(key, "BEARISH", 0.6)).toMatchObject({
      status: 201,
      body: { cycleId: cycleIdOf(DATE, 2), direction: "BEARISH", confidence: 0.6, cameTrue: null },
    });
    await say(key, "BULLISH", 0.9);
    await scoreCommunityViews(env.DB, [{ cycleId: cycleIdOf(DATE, 2), underlying: "NIFTY50", outcome: 2 }]);
    // What has been scored is no longer changed.
    await say(key, "BEARISH");
    const own = await call("GET", "/v1/community/views", { key });
    expect(own.body).toMatchObject({
      blended: false,
      record: { cases: 1, hits: 1, confidenceMax: 0.4285, counted: false },
    });
    expect(own.body.views).toMatchObject([{ direction: "BULLISH", confidence: 0.9, cameTrue: true }]);
    await enlist("crowd-2");
    const other = await call("GET", "/v1/community/views", { key: await keyFor("crowd-2") });
    expect(other.body).toMatchObject({ views: [], record: { cases: 0 } });
  });

  it("takes no view of a cycle that has begun at the exchange, first or changed, however late its signals are", async () => {
    await made(1);
    await clockAt(OPEN + CYCLE_MS - 1);
    expect((await say(key, "BEARISH")).status).toBe(201);
    for (const nowMs of [OPEN + CYCLE_MS, OPEN + 3 * CYCLE_MS]) {
      await clockAt(nowMs);
      for (const underlying of ["NIFTY50", "SENSEX"]) {
        const late = await say(key, "BULLISH", 1, underlying);
        expectProblem(late, "COMMUNITY_CYCLE_BEGUN");
        expect(late.body.detail).toContain(cycleIdOf(DATE, 2));
      }
    }
    const own = await call("GET", "/v1/community/views", { key });
    expect(own.body.views).toMatchObject([{ direction: "BEARISH" }]);
    await made(3);
    expect(await say(key, "BULLISH")).toMatchObject({ status: 201, body: { cycleId: cycleIdOf(DATE, 4) } });
  });

  it("refuses before a day's first signals and after its last cycle, without an account, a scope or sense", async () => {
    expectProblem(await say(key, "BULLISH"), "COMMUNITY_CLOSED");
    await made(24);
    expectProblem(await say(key, "BULLISH"), "COMMUNITY_CLOSED");
    const body = { underlying: "NIFTY50", direction: "BULLISH", confidence: 0.8 };
    expectProblem(await call("POST", "/v1/community/views", { body }), "ACCOUNT_REQUIRED");
    const reader = await keyFor("crowd-1", ["lab:read"]);
    expectProblem(await say(reader, "BULLISH"), "SCOPE_MISSING");
    expectProblem(
      await call("GET", "/v1/community/views", { key: await keyFor("crowd-1", ["lab:write"]) }),
      "SCOPE_MISSING",
    );
    for (const [direction, confidence] of [
      ["UP", 0.8],
      ["BULLISH", 1.01],
      ["BULLISH", 0.33],
    ] as const)
      expectProblem(await say(key, direction, confidence), "BODY_INVALID");
  });

  it("is heard with five users of twenty scored thoughts each, by their record, and only where it is switched on", async () => {
    for (const [at, hits] of [18, 16, 14, 12, 10, 4].entries()) await recordOf(`v-${at}`, 20, hits);
    await made(1);
    for (const at of [0, 1, 2, 3, 4, 5]) {
      await enlist(`v-${at}`);
      expect((await say(await keyFor(`v-${at}`), at === 5 ? "BEARISH" : "BULLISH")).status).toBe(201);
      // Four are too few; the sixth has been right too seldom to be one of them.
      const voice = await voiceOf(2);
      expect(voice?.contributors ?? null).toBe(at < 4 ? null : 5);
    }
    // By the margin over chance, up to the hit rate of each: 26, 24, 22, 20 and 18 of 40.
    expect((await voiceOf(2))?.confidenceBps.BULLISH).toBe(5_731);
    expect(await voiceOf(2, env)).toBeNull();
    expect(await voiceOf(3)).toBeNull();
  });
});
