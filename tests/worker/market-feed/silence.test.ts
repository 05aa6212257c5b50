// A live feed that stops ticking: new risk ends at once, whoever holds something is told, and the first tick ends it.
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { buy, clockAt, must, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen, asStub, CALL, chain, evict, quote } from "./feed-fixtures.ts";

const live = (second: number, bid: number) => ({
  ...chain(afterOpen(second), quote(CALL, bid)),
  source: "LIVE" as const,
});

describe("a live feed that falls silent", () => {
  it("warns its holders within five seconds, lets nothing new in and exits out, survives eviction, and ends with a tick", async () => {
    const feed = await nifty();
    const account = await trader("holder");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    must(await account.submitOrder(buy("one")));
    await feed.playUntil(afterOpen(600));
    await clockAt(account, afterOpen(600));
    await feed.ingest([live(601, 9_700)]);
    const startedMs = Date.now();
    expect((await feed.prices([CALL.instrumentId]))[0]?.silence).toBeUndefined();
    await vi.waitFor(
      async () => {
        await runDurableObjectAlarm(asStub(feed));
        expect((await account.state()).silentFeeds?.NIFTY50).toMatchObject({ limitMs: 3_000 });
      },
      { timeout: 6_000, interval: 250 },
    );
    expect(Date.now() - startedMs).toBeLessThan(5_000);
    await evict(feed);
    const denied = must(await account.submitOrder(buy("two")));
    expect(denied.denial).toMatchObject({ code: "FEED_SILENT", limit: 3_000, unit: "MS" });
    expect(denied.denial?.value).toBeGreaterThan(3_000);
    const out = must(await account.submitOrder(buy("out", { side: "SELL" })));
    expect(out.denial).toBeNull();
    const told = (await account.journal(0, 5_000)).filter(({ event }) => event.type === "FEED_SILENCE_CHANGED");
    expect(told).toHaveLength(1);
    await feed.ingest([live(610, 9_700)]);
    expect((await account.state()).silentFeeds).toEqual({});
  });
});
