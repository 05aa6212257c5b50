// Users who think something of the next cycle, as clients of the API, and the platform with the community switched on.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SessionStore } from "../../../durable-objects/session/session-store.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { type AppEnv, SESSION_NAME } from "../../../src/env.ts";
import { SESSION } from "../market-feed/feed-fixtures.ts";
import { call } from "./api-fixtures.ts";

export const CYCLE_MS = 900_000;
export const on = { ...env, COMMUNITY: "ON" } as unknown as AppEnv;

/** The recorded day has been played up to here, and is paused. */
export async function clockAt(nowMs: number): Promise<void> {
  const session = env.SESSION.getByName(SESSION_NAME) as unknown as DurableObjectStub;
  await runInDurableObject(session, (_, { storage }) => {
    const now = epochMs(nowMs);
    const clock = { anchorMarketMs: now, anchorWallMs: now, speed: null };
    new SessionStore(storage).begin({
      status: "PAUSED",
      session: SESSION,
      accountIds: [],
      nowMs: now,
      clock,
      failure: null,
    });
  });
  await evictDurableObject(session);
}

export const say = (key: string, direction: string, confidence = 0.8, underlying = "NIFTY50") =>
  call("POST", "/v1/community/views", { key, body: { underlying, direction, confidence } });

/** So many thoughts of the user have come out, `hits` of them as it said. */
export async function recordOf(accountId: string, cases: number, hits: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO community_views (account_id, cycle_id, underlying, direction, confidence_bps, from_ms, stored_at_ms, outcome)
     SELECT ?1, '2025-08-28-C' || value, 'NIFTY50', 'BULLISH', 8000, 0, 0, iif(value < ?3, 2, 0)
     FROM (WITH RECURSIVE n(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n WHERE value + 1 < ?2) SELECT value FROM n)`,
  )
    .bind(accountId, cases, hits)
    .run();
}
