// Instants accounts wait for: they fire at their own time in a replay, by the alarm or the next fact in a live market, once.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import { TimerQueue } from "../../../src/core/market-feed/timer-queue.ts";
import { type RegisteredTrigger, TriggerBook } from "../../../src/core/market-feed/trigger-book.ts";
import { afterOpen, asStub, CALL, chain, evict, Listener, loadedFeed, quote, trigger } from "./feed-fixtures.ts";

const timer = (triggerId: string, dueMs: EpochMs, instrumentId: InstrumentId = CALL.instrumentId): PriceTrigger => ({
  triggerId,
  instrumentId,
  kind: "TIMER",
  fires: "AT_OR_ABOVE",
  levelPaise: paise(0),
  dueMs,
});

describe("the timer queue", () => {
  it("gives what is due in order of time, account and id, whatever was registered and forgotten", () => {
    const step = fc.record({
      due: fc.integer({ min: 1, max: 50 }),
      account: fc.constantFrom("a", "b", "c"),
      forgets: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (steps, now) => {
        const queue = new TimerQueue();
        const waiting: RegisteredTrigger[] = [];
        steps.forEach(({ due, account, forgets }, index) => {
          const forgotten = forgets ? waiting.pop() : undefined;
          if (forgotten !== undefined) queue.forget(forgotten);
          const added = { ...timer(`t${String(index).padStart(3, "0")}`, epochMs(due)), accountId: account };
          waiting.push(added);
          queue.add(added);
        });
        const key = (one: RegisteredTrigger) =>
          `${String(one.dueMs).padStart(3, "0")}/${one.accountId}/${one.triggerId}`;
        const all = waiting.map(key).sort();
        expect(queue.nextDueMs()).toBe(all[0] === undefined ? null : Number(all[0].slice(0, 3)));
        const due = all.filter((one) => Number(one.slice(0, 3)) <= now);
        expect(queue.due(epochMs(now)).map(key)).toEqual(due);
        expect(queue.due(epochMs(999)).map(key)).toEqual(all.slice(due.length));
        expect(queue.nextDueMs()).toBeNull();
      }),
    );
  });
});

describe("the sides of the book", () => {
  it("compare the levels of a long with the bid, those of a short with the ask, and fire nothing on a side without a price", () => {
    const book = new TriggerBook();
    const short = { watches: "ASK" as const };
    book.replace("long", CALL.instrumentId, [
      trigger("l-stop", "AT_OR_BELOW", 9_000),
      trigger("l-target", "AT_OR_ABOVE", 11_000),
    ]);
    book.replace("short", CALL.instrumentId, [
      { ...trigger("s-stop", "AT_OR_ABOVE", 11_000), ...short },
      { ...trigger("s-target", "AT_OR_BELOW", 9_000), ...short },
    ]);
    const cross = (bid: number | null, ask: number | null) =>
      book
        .cross(new Set([CALL.instrumentId]), () => ({
          bidPaise: bid === null ? null : paise(bid),
          askPaise: ask === null ? null : paise(ask),
        }))
        .map(({ triggerId }) => triggerId);
    expect(cross(9_005, 10_995)).toEqual([]);
    expect(cross(null, 10_995)).toEqual([]);
    expect(cross(10_995, 11_000)).toEqual(["s-stop"]);
    expect(cross(9_000, null)).toEqual(["l-stop"]);
    expect(cross(8_000, 9_000)).toEqual(["s-target"]);
    expect(cross(11_000, 11_010)).toEqual(["l-target"]);
  });
});

const tape = [chain(afterOpen(0), quote(CALL, 10_000)), chain(afterOpen(60), quote(CALL, 10_000))];

describe("timers in a replay", () => {
  it("are due instants of the feed and fire exactly then, also between two facts, at the price that holds then", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("timer-replay", listener, tape);
    await feed.playUntil(afterOpen(0));
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("exit", afterOpen(17.3)), timer("later", afterOpen(90))]);
    expect(await feed.nextDueMs()).toBe(afterOpen(17.3));
    await feed.playUntil(afterOpen(17.299));
    expect(listener.firedIds).toEqual([]);
    expect(await feed.playUntil(afterOpen(17.3))).toMatchObject({ triggersFired: 1 });
    expect(listener.told).toMatchObject([
      { atMs: afterOpen(17.3), fired: [{ triggerId: "exit", price: { bidPaise: 10_000, quotedAtMs: afterOpen(0) } }] },
    ]);
    await feed.playUntil(afterOpen(999));
    expect(listener.told.at(-1)).toMatchObject({ atMs: afterOpen(90), fired: [{ triggerId: "later" }] });
    expect(await feed.nextDueMs()).toBeNull();
  });

  it("fire when they are already over, and without any quote of their contract", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("timer-late", listener, tape);
    await feed.playUntil(afterOpen(60));
    const unknown = "NOWHERE" as InstrumentId;
    await feed.setTriggers("alpha", unknown, [timer("late", afterOpen(5), unknown)]);
    await feed.playUntil(afterOpen(61));
    expect(listener.told).toMatchObject([
      {
        atMs: afterOpen(60),
        fired: [{ triggerId: "late", price: { instrumentId: unknown, bidPaise: null, askPaise: null } }],
      },
    ]);
  });

  it("survive eviction, fire once, and are told again until the account has answered", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("timer-evicted", listener, tape);
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("once", afterOpen(30))]);
    await evict(feed);
    await listener.attach(feed);
    listener.react = async () => {
      throw new Error("unreachable");
    };
    expect(await feed.playUntil(afterOpen(30))).toMatchObject({ untold: 1 });
    await evict(feed);
    await listener.attach(feed);
    listener.react = async () => {};
    const before = listener.told.length;
    expect(await feed.untold({ tryNow: true })).toEqual([]);
    await feed.playUntil(afterOpen(31));
    await feed.playUntil(afterOpen(999));
    expect(listener.told.slice(before)).toMatchObject([{ atMs: afterOpen(30), fired: [{ triggerId: "once" }] }]);
  });

  it("are taken back by the account that set them", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("timer-taken", listener, tape);
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("one", afterOpen(30))]);
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("two", afterOpen(40))]);
    expect(await feed.nextDueMs()).toBe(afterOpen(0));
    await feed.playUntil(afterOpen(999));
    expect(listener.firedIds).toEqual(["two"]);
  });
});

describe("timers in a live market", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function liveFeed(name: string) {
    const listener = new Listener();
    const feed = await loadedFeed(name, listener, []);
    await feed.ingest([chain(afterOpen(0), quote(CALL, 10_000))]);
    return { listener, feed };
  }
  type Feed = Awaited<ReturnType<typeof liveFeed>>["feed"];
  const alarmOf = (feed: Feed): Promise<number | null> =>
    runInDurableObject(asStub(feed), (_object: MarketFeedObject, state) => state.storage.getAlarm());
  const wallIs = (wallMs: number) => vi.spyOn(Date, "now").mockReturnValue(wallMs);

  it("fire by the next fact that is past them", async () => {
    const { listener, feed } = await liveFeed("timer-live");
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("fact", afterOpen(2_000))]);
    await feed.ingest([chain(afterOpen(1_999), quote(CALL, 10_000))]);
    expect(listener.firedIds).toEqual([]);
    await feed.ingest([chain(afterOpen(2_001), quote(CALL, 10_005))]);
    expect(listener.told).toMatchObject([{ atMs: afterOpen(2_000), fired: [{ triggerId: "fact" }] }]);
  });

  it("fire by the alarm when no fact comes, at their own instant", async () => {
    const { listener, feed } = await liveFeed("timer-alarm");
    const wallMs = Date.now();
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("alarm", afterOpen(600))]);
    const alarmAtMs = (await alarmOf(feed)) ?? 0;
    // The first thing to happen is that the feed is silent for too long.
    expect(alarmAtMs - wallMs).toBeLessThan(3_100);
    await evict(feed);
    await listener.attach(feed);
    wallIs(wallMs + 600_010);
    expect(await runDurableObjectAlarm(asStub(feed))).toBe(true);
    expect(listener.told).toMatchObject([{ atMs: afterOpen(600), fired: [{ triggerId: "alarm" }] }]);
  });

  it("are not moved by a wall clock that jumps five minutes forward while facts go on coming", async () => {
    const { listener, feed } = await liveFeed("timer-forward");
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("exit", afterOpen(240))]);
    wallIs(Date.now() + 5 * MS_PER_MINUTE);
    // The platform, by the new time, believes that the alarm is over; the next fact says what time it is.
    const alarm = runDurableObjectAlarm(asStub(feed));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await feed.ingest([chain(afterOpen(1), quote(CALL, 10_000))]);
    await alarm;
    expect(listener.firedIds).toEqual([]);
    expect(await alarmOf(feed)).not.toBeNull();
    await feed.ingest([chain(afterOpen(240), quote(CALL, 10_000))]);
    expect(listener.told).toMatchObject([{ atMs: afterOpen(240), fired: [{ triggerId: "exit" }] }]);
  });

  it("are not moved by a wall clock that jumps five minutes back: the facts bring them", async () => {
    const { listener, feed } = await liveFeed("timer-back");
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("exit", afterOpen(60))]);
    wallIs(Date.now() - 5 * MS_PER_MINUTE);
    await feed.ingest([chain(afterOpen(59), quote(CALL, 10_000))]);
    expect(listener.firedIds).toEqual([]);
    await feed.ingest([chain(afterOpen(60.5), quote(CALL, 10_000))]);
    expect(listener.told).toMatchObject([{ atMs: afterOpen(60), fired: [{ triggerId: "exit" }] }]);
  });

  it("are told again by an alarm when the account could not be reached", async () => {
    const { listener, feed } = await liveFeed("timer-retry");
    await feed.setTriggers("alpha", CALL.instrumentId, [timer("again", afterOpen(2))]);
    listener.react = async () => {
      throw new Error("unreachable");
    };
    const wallMs = Date.now();
    wallIs(wallMs + 2_100);
    await runDurableObjectAlarm(asStub(feed));
    const before = listener.told.length;
    listener.react = async () => {};
    wallIs(wallMs + 2_500);
    expect(await runDurableObjectAlarm(asStub(feed))).toBe(true);
    expect(listener.told.slice(before)).toMatchObject([{ fired: [{ triggerId: "again" }] }]);
  });
});

describe("prices", () => {
  const put = { ...CALL, instrumentId: "NIFTY2590224500PE.NFO" as InstrumentId, optionType: "PUT" as const };

  it("carry the index and the volatility the source gives", async () => {
    const feed = await loadedFeed("iv-recorded", new Listener());
    await feed.playUntil(afterOpen(60));
    const [price] = await feed.prices([CALL.instrumentId]);
    expect(price).toMatchObject({ ivBps: 1_250 });
    expect(price?.spotPaise).toBeGreaterThan(2_450_000 - 1);
  });

  it("carry the implied one where the source gives none, and none where nothing explains the premium", async () => {
    const feed = await loadedFeed("iv-implied", new Listener(), [
      { kind: "INDEX_PRINT", atMs: afterOpen(0), index: "NIFTY50", pricePaise: paise(2_450_000) },
      chain(afterOpen(0), quote(CALL, 14_000, { ivBps: null }), quote(put, 12_000, { ivBps: null })),
      chain(afterOpen(60), quote(CALL, 9_999_900, { ivBps: null }), quote(put, 9_999_900, { ivBps: null })),
    ]);
    await feed.playUntil(afterOpen(0));
    const [call, sold] = await feed.prices([CALL.instrumentId, put.instrumentId]);
    // Some four days at ₹130 of time value each: about 13 %; by parity both options of a strike have the same.
    expect(call?.ivBps).toBeGreaterThan(1_000);
    expect(call?.ivBps).toBeLessThan(1_700);
    expect(Math.abs((call?.ivBps ?? 0) - (sold?.ivBps ?? 0))).toBeLessThanOrEqual(1);
    await feed.playUntil(afterOpen(60));
    expect(await feed.prices([CALL.instrumentId])).toMatchObject([{ ivBps: null }]);
  });
});
