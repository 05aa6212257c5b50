// An account whose feed cannot tell it of a stop: the day goes by for everybody else as if it were not there, it settles by what
// the venue has dealt for it, and the day does not end before it has been told.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import { verifyDay } from "../../../src/jobs/verify-day.ts";
import { must } from "../account/account-fixtures.ts";
import { asStub, DATE } from "../market-feed/feed-fixtures.ts";
import { loadDay, openAccounts, session, until } from "./day-fixtures.ts";

const feed = env.MARKET_FEED.getByName("NIFTY50");
let isOutOfOrder = false;

/** Between the feed and one account: no trigger reaches it as long as it is out of order. */
async function standBetween(accountId: string): Promise<void> {
  const accountOf = (name: string) => {
    const account = env.ACCOUNT.getByName(name);
    if (name !== accountId) return account;
    return {
      applyReports: (...args: Parameters<typeof account.applyReports>) => account.applyReports(...args),
      fireTriggers: async (...args: Parameters<typeof account.fireTriggers>) => {
        if (isOutOfOrder) throw new Error("out of order");
        return account.fireTriggers(...args);
      },
    };
  };
  await runInDurableObject(asStub(feed), (instance: MarketFeedObject) => {
    const open = instance as unknown as { env: typeof env };
    open.env = new Proxy(open.env, {
      get: (target, name) => (name === "ACCOUNT" ? { getByName: accountOf } : Reflect.get(target, name)),
    });
  });
}

afterEach(() => {
  isOutOfOrder = false;
  vi.restoreAllMocks();
});

describe("a day with an account that cannot be told", { timeout: 120_000 }, () => {
  it("is traded and settled by everybody, and ends when that account has been told as well", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue(undefined);
    const lines = () => log.mock.calls.map(([line]) => String(line));
    await openAccounts("U001", "U002");
    await loadDay(["U001", "U002"]);
    isOutOfOrder = true;
    await standBetween("U002");
    must(await session().start(null));
    const cannot = "NIFTY50 cannot tell U002: Error: out of order";
    await vi.waitFor(() => expect(lines().join()).toContain(cannot), { timeout: 90_000 });
    expect((await session().view()).status).toBe("RUNNING");
    expect(await feed.untold({ tryNow: false })).toMatchObject([{ accountId: "U002" }]);
    const exitsOf = async (accountId: string) => {
      const { day, orders } = await env.ACCOUNT.getByName(accountId).state();
      expect(day?.status).toBe("CLOSED");
      return Object.values(orders).flatMap(({ purpose, status, exitReason }) =>
        purpose === "EXIT" && status === "FILLED" ? [exitReason] : [],
      );
    };
    expect(await exitsOf("U001")).toEqual(["TIME", "STOP", "TIME"]);
    // Its first position stays until the square-off, which no feed has to tell it of.
    expect(await exitsOf("U002")).toEqual(["TIME"]);

    isOutOfOrder = false;
    await until("FINISHED");
    expect(await feed.untold({ tryNow: false })).toEqual([]);
    const { invariants } = await verifyDay(env, DATE);
    expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines().filter((line) => line.includes('"at":"delivery"')).length).toBeLessThan(10);
  });
});
