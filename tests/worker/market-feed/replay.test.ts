import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import { Tape } from "../../../durable-objects/market-feed/tape.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { MarketEvent } from "../../../src/core/market/market-event.ts";
import {
  afterOpen,
  asStub,
  CALL,
  chain,
  countedRows,
  DATE,
  evict,
  fillsAt,
  Listener,
  loadedFeed,
  order,
  quote,
  SESSION,
  spot,
  tenMinutes,
  trigger,
} from "./feed-fixtures.ts";

const END = afterOpen(3_600);

/** Orders and triggers of two accounts, so that every kind of consequence occurs. */
async function busy(feed: Awaited<ReturnType<typeof loadedFeed>>): Promise<void> {
  await feed.venueSubmit([
    order("alpha", "a1", afterOpen(61)),
    order("alpha", "a2", afterOpen(61), {
      type: "LIMIT",
      timeInForce: "DAY",
      limitPricePaise: paise(9_800),
      quantityUnits: 1_500,
    }),
    order("beta", "b1", afterOpen(120), { side: "SELL", limitPricePaise: paise(5_000) }),
  ]);
  await feed.setTriggers("alpha", CALL.instrumentId, [
    trigger("alpha-stop", "AT_OR_BELOW", 9_750),
    trigger("alpha-target", "AT_OR_ABOVE", 10_500),
  ]);
  await feed.setTriggers("beta", CALL.instrumentId, [trigger("beta-target", "AT_OR_ABOVE", 10_300)]);
}

describe("the tape", () => {
  it("gives the same board, deliveries and statements whether facts are played from a recording or ingested live", async () => {
    const replayed = new Listener();
    const replay = await loadedFeed("replay", replayed);
    await busy(replay);
    await replay.playUntil(afterOpen(600));

    const lived = new Listener();
    const live = await loadedFeed("live", lived, []);
    await busy(live);
    for (const [, events] of Map.groupBy(tenMinutes(), (event) => event.atMs)) await live.ingest(events);

    expect(await live.view({ quotes: "ALL" })).toEqual(await replay.view({ quotes: "ALL" }));
    expect(lived.told).toEqual(replayed.told);
    expect(lived.told.length).toBeGreaterThan(4);
    expect(await fillsAt(live, "alpha")).toEqual(await fillsAt(replay, "alpha"));
  });

  it("takes a live fact in without reading the day before it", async () => {
    const feed = await loadedFeed("long-day", new Listener());
    const { rowsRead, lastAtMs } = await runInDurableObject(asStub(feed), (_object: MarketFeedObject, { storage }) => {
      const { sql, read } = countedRows(storage.sql);
      new Tape(sql).appendLive([spot(afterOpen(300), 2_450_000)]);
      const [last] = [...storage.sql.exec<{ at_ms: number }>("SELECT at_ms FROM tape ORDER BY position DESC LIMIT 1")];
      return { rowsRead: read(), lastAtMs: last?.at_ms };
    });
    expect(rowsRead).toBeLessThan(10);
    // It came late, and is taken in now.
    expect(lastAtMs).toBe(afterOpen(600));
  });

  it("is played the same when the object is evicted after every instant", async () => {
    const steady = new Listener();
    const whole = await loadedFeed("whole", steady);
    await busy(whole);
    await whole.playUntil(END);

    const shaken = new Listener();
    const evicted = await loadedFeed("evicted", shaken);
    await busy(evicted);
    const instants: number[] = [];
    for (let due = await evicted.nextDueMs(); due !== null && due <= END; due = await evicted.nextDueMs()) {
      instants.push(due);
      await evicted.playUntil(due);
      await evict(evicted);
      await shaken.attach(evicted);
    }
    await evicted.playUntil(END);

    expect(shaken.told).toEqual(steady.told);
    expect(await evicted.view({ quotes: "ALL" })).toEqual(await whole.view({ quotes: "ALL" }));
    expect(instants).toEqual([...new Set(instants)].sort((left, right) => left - right));
    expect(instants).toContain(afterOpen(61.25));
  });

  it("plays exactly the instants up to the one asked for, and says what is next", async () => {
    const feed = await loadedFeed("steps", new Listener());
    expect(await feed.nextDueMs()).toBe(afterOpen(0));
    expect(await feed.playUntil(afterOpen(39))).toEqual({ ingested: 4, triggersFired: 0, reports: 0 });
    expect((await feed.view({ quotes: "NONE" })).atMs).toBe(afterOpen(20));
    expect(await feed.nextDueMs()).toBe(afterOpen(40));
    expect(await feed.playUntil(afterOpen(39))).toEqual({ ingested: 0, triggersFired: 0, reports: 0 });
    await feed.playUntil(afterOpen(600));
    expect(await feed.nextDueMs()).toBeNull();
  });

  it("makes bars of three minutes and keeps spot and volatility index", async () => {
    const feed = await loadedFeed("bars", new Listener());
    await feed.playUntil(afterOpen(600));
    const view = await feed.view({ quotes: "NEAR" });
    expect(view.bars.map((bar) => bar.startMs)).toEqual([0, 180, 360, 540].map((second) => afterOpen(second)));
    expect(view).toMatchObject({ spotAtMs: afterOpen(600), vixCenti: 1_210, underlying: "NIFTY50" });
    expect(view.quotes.length).toBe(3);
    expect(view.coverage).toEqual(SESSION.underlyings[0]);
  });

  it("takes a chunk once, and none that goes back in number or in time or belongs to another day", async () => {
    const feed = await loadedFeed("chunks", new Listener());
    expect(await feed.appendTape(DATE, 0, [])).toEqual({ ok: true, value: tenMinutes().length });
    expect(await feed.appendTape(DATE, 2, [spot(afterOpen(700), 2_460_000)])).toEqual({ ok: true, value: 1 });
    const refused = async (chunk: number, ...seconds: readonly number[]) => {
      const taken = await feed.appendTape(
        DATE,
        chunk,
        seconds.map((second) => spot(afterOpen(second), 2_460_000)),
      );
      return taken.ok ? null : taken.error.code;
    };
    expect(await refused(1, 800)).toBe("TAPE_CHUNK_OUT_OF_ORDER");
    expect(await refused(3, 1)).toBe("TAPE_TIME_GOES_BACK");
    expect(await refused(3, 710, 720, 719)).toBe("TAPE_TIME_GOES_BACK");
    expect((await feed.playUntil(END)).ingested).toBe(tenMinutes().length + 1);
    expect(await refused(3, 710, 720)).toBeNull();
    await expect((async () => feed.appendTape("2025-08-28" as never, 3, []))()).rejects.toThrow("does not belong");
  });

  it("ignores a live fact that is older than what it holds", async () => {
    const feed = await loadedFeed("late", new Listener(), []);
    const facts: MarketEvent[][] = [
      [spot(afterOpen(10), 2_450_000), chain(afterOpen(10), quote(CALL, 10_000))],
      [spot(afterOpen(5), 2_400_000), chain(afterOpen(5), quote(CALL, 8_000))],
    ];
    for (const events of facts) await feed.ingest(events);
    const view = await feed.view({ quotes: "ALL" });
    expect(view).toMatchObject({ spotPaise: 2_450_000, atMs: afterOpen(10) });
    expect(view.quotes[0]?.bidPaise).toBe(10_000);
    expect(view.bars.length).toBe(1);
  });

  it("drops an earlier session's data when another is loaded", async () => {
    const feed = await loadedFeed("again", new Listener());
    await busy(feed);
    await feed.playUntil(END);
    await feed.loadSession(SESSION, "NIFTY50");
    expect(await feed.nextDueMs()).toBeNull();
    expect((await feed.view({ quotes: "ALL" })).quotes).toEqual([]);
    expect(await feed.venueBook("alpha", DATE)).toMatchObject({ orders: [], fills: [], positions: [] });
  });
});

describe("prices", () => {
  it("tell bid and ask one could deal at and when they become stale: two snapshots and 15 s", async () => {
    const feed = await loadedFeed("prices", new Listener(), [
      chain(afterOpen(0), quote(CALL, 10_000, { bidPaise: null, bidUnits: null, askPaise: null, askUnits: null })),
    ]);
    await feed.playUntil(afterOpen(0));
    const [price] = await feed.prices([CALL.instrumentId, "NIFTY2590299999CE.NFO" as never]);
    expect(price).toMatchObject({ instrumentId: CALL.instrumentId, lastPaise: 10_000, staleAfterMs: 135_000 });
    expect(price?.bidPaise).toBeLessThanOrEqual(10_000);
    expect(price?.askPaise).toBeGreaterThan(10_000);
    expect(await feed.contract(CALL.instrumentId)).toEqual(CALL);
    expect(await feed.contract("NOTHING.NFO" as never)).toBeNull();
  });

  it("are not there, and nothing fails, before a session is loaded", async () => {
    const feed = env.MARKET_FEED.getByName("BANKNIFTY");
    expect(await feed.nextDueMs()).toBeNull();
    expect(await feed.prices([CALL.instrumentId])).toEqual([]);
    expect(await feed.view({ quotes: "ALL" })).toMatchObject({ underlying: "BANKNIFTY", spotPaise: null, quotes: [] });
  });
});
