// An account that fails to take what its feed tells it stops nobody else: it falls behind by itself, is tried again ever less
// often, hears everything in order in the end, and can be seen meanwhile.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  afterOpen,
  asStub,
  CALL,
  CLOSE,
  chain,
  DATE,
  evict,
  fillsAt,
  Listener,
  loadedFeed,
  order,
  quote,
  SESSION,
  type Told,
  trigger,
} from "./feed-fixtures.ts";

type Feed = Awaited<ReturnType<typeof loadedFeed>>;
const tape = Array.from({ length: 8 }, (_, minute) => chain(afterOpen(60 * minute), quote(CALL, 10_000 + 10 * minute)));
const WALL = 1_800_000_000_000;
const wallIs = (sinceMs: number) => vi.spyOn(Date, "now").mockReturnValue(WALL + sinceMs);

/** What an account has heard, one by one, however it was bundled. */
const heard = (told: readonly Told[], accountId: string) =>
  told
    .filter((each) => each.accountId === accountId)
    .flatMap(({ reports = [], fired = [] }) => [
      ...reports.map((report) => `${report.atMs} ${report.kind} ${report.clientOrderId}`),
      ...fired.map(({ triggerId, price }) => `${price.quotedAtMs} FIRED ${triggerId}`),
    ]);

/** Fails to take anything for one account, as long as that is so. */
class Deaf extends Listener {
  deaf = "alpha";
  readonly attempts = this.told;
  readonly taken: Told[] = [];

  override react = async (told: Told): Promise<void> => {
    if (told.accountId === this.deaf) throw new Error(`${told.accountId} is out of order`);
    this.taken.push(told);
  };
}

async function busy(feed: Feed): Promise<void> {
  for (const accountId of ["alpha", "beta"]) {
    await feed.venueSubmit([
      order(accountId, "a1", afterOpen(1)),
      order(accountId, "a2", afterOpen(130)),
      order(accountId, "a3", afterOpen(250)),
    ]);
    await feed.setTriggers(accountId, CALL.instrumentId, [
      trigger("up", "AT_OR_ABOVE", 10_030),
      trigger("higher", "AT_OR_ABOVE", 10_050),
    ]);
  }
}

beforeEach(() => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  wallIs(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("an account that cannot be told", () => {
  it("costs nobody else a tick, a stop or a fill, and hears all of it in order once it can", async () => {
    const sound = new Listener();
    const control = await loadedFeed("late-control", sound, tape);
    await busy(control);
    await control.playUntil(CLOSE);

    const listener = new Deaf();
    const feed = await loadedFeed("late", listener, tape);
    await busy(feed);
    expect(await feed.playUntil(afterOpen(119))).toMatchObject({ ingested: 2, reports: 4, untold: 1 });
    expect(await feed.playUntil(afterOpen(600))).toMatchObject({ ingested: 6, untold: 1 });
    expect(heard(listener.taken, "beta")).toEqual(heard(sound.told, "beta"));
    expect(heard(listener.taken, "alpha")).toEqual([]);
    expect((await fillsAt(feed, "alpha")).length).toBe(3);

    listener.deaf = "nobody";
    await evict(feed);
    await listener.attach(feed);
    wallIs(60_000);
    expect(await feed.playUntil(CLOSE)).not.toHaveProperty("untold");
    expect(heard(listener.taken, "alpha")).toEqual(heard(sound.told, "alpha"));
    expect(heard(listener.taken, "beta")).toEqual(heard(sound.told, "beta"));
    expect(await feed.untold({ tryNow: false })).toEqual([]);
    expect(await feed.nextDueMs()).toBe(await control.nextDueMs());
  });

  it("is tried again after a pause that doubles up to ten seconds, and names nothing as due before", async () => {
    const listener = new Deaf();
    const feed = await loadedFeed("late-pauses", listener, tape);
    await feed.venueSubmit([order("alpha", "a1", afterOpen(1))]);
    await feed.playUntil(afterOpen(10));
    const first = listener.attempts.length;
    expect(first).toBe(6);
    let wallMs = 0;
    for (const pauseMs of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
      const before = listener.attempts.length;
      wallIs(wallMs + pauseMs - 1);
      expect(await feed.nextDueMs()).toBe(afterOpen(60));
      await feed.playUntil(afterOpen(20));
      expect(listener.attempts.length).toBe(before);
      wallMs += pauseMs;
      wallIs(wallMs);
      expect(await feed.nextDueMs()).toBe(afterOpen(1.25));
      await feed.playUntil(afterOpen(20));
      expect(listener.attempts.length).toBe(before + 1);
    }
  });

  it("is seen with what it has not heard, since when, how often it failed and why, also after eviction", async () => {
    const listener = new Deaf();
    const log = vi.spyOn(console, "error").mockReturnValue(undefined);
    const feed = await loadedFeed("late-seen", listener, tape);
    await busy(feed);
    await feed.playUntil(afterOpen(119));
    wallIs(250);
    await feed.playUntil(afterOpen(200));
    await evict(feed);
    await listener.attach(feed);
    expect(await feed.untold({ tryNow: false })).toMatchObject([
      { accountId: "alpha", sinceMs: WALL, failures: 2, retryMs: WALL + 750, error: "Error: alpha is out of order" },
    ]);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    expect(lines.filter(({ at }) => at === "delivery")).toMatchObject([
      { accountId: "alpha", failures: 1, error: "Error: alpha is out of order" },
      { accountId: "alpha", failures: 2 },
    ]);
    // Asked to, it is tried at once.
    const before = listener.attempts.length;
    expect(await feed.untold({ tryNow: true })).toMatchObject([{ accountId: "alpha", failures: 3 }]);
    expect(listener.attempts.length).toBe(before + 1);
    listener.deaf = "nobody";
    expect(await feed.untold({ tryNow: true })).toEqual([]);
  });

  it("is told of a long absence in parts, in order, and of nothing that belongs to another session", async () => {
    const listener = new Deaf();
    const feed = await loadedFeed("late-long", listener, tape);
    const orders = Array.from({ length: 450 }, (_, n) =>
      order("alpha", `a${String(n).padStart(3, "0")}`, afterOpen(1 + n), { limitPricePaise: paise(5) }),
    );
    await feed.venueSubmit(orders);
    await feed.playUntil(CLOSE);
    expect((await feed.untold({ tryNow: false }))[0]?.deliveries).toBeGreaterThan(400);
    listener.deaf = "nobody";
    wallIs(60_000);
    const before = listener.attempts.length;
    await feed.playUntil(CLOSE);
    expect(listener.attempts.length - before).toBeGreaterThan(2);
    const names = heard(listener.taken, "alpha").map((line) => line.split(" ").at(-1));
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(450);

    listener.deaf = "alpha";
    await feed.loadSession(SESSION, "NIFTY50");
    await feed.appendTape(DATE, 0, tape);
    await feed.venueSubmit([order("alpha", "a1", afterOpen(1))]);
    await feed.playUntil(afterOpen(10));
    expect(await feed.untold({ tryNow: false })).toHaveLength(1);
    await feed.loadSession(SESSION, "NIFTY50");
    expect(await feed.untold({ tryNow: false })).toEqual([]);
    expect(await feed.nextDueMs()).toBeNull();
  });
});

describe("in a live market", () => {
  it("facts go on being taken in, and an alarm tries the account again where no fact comes", async () => {
    const listener = new Deaf();
    const feed = await loadedFeed("late-live", listener, []);
    await feed.ingest([chain(afterOpen(0), quote(CALL, 10_000))]);
    for (const accountId of ["alpha", "beta"]) {
      await feed.setTriggers(accountId, CALL.instrumentId, [
        trigger("one", "AT_OR_ABOVE", 10_010),
        trigger("two", "AT_OR_ABOVE", 10_020),
      ]);
    }
    await feed.ingest([chain(afterOpen(1), quote(CALL, 10_010))]);
    expect(
      listener.attempts.filter(({ accountId }) => accountId === "alpha"),
      "two attempts at once",
    ).toHaveLength(2);
    wallIs(100);
    await feed.ingest([chain(afterOpen(1.1), quote(CALL, 10_020))]);
    const fired = (accountId: string) =>
      listener.taken
        .filter((each) => each.accountId === accountId)
        .flatMap((each) => each.fired ?? [])
        .map(({ triggerId }) => triggerId);
    expect(fired("beta")).toEqual(["one", "two"]);
    expect(fired("alpha")).toEqual([]);
    const alarmMs = await runInDurableObject(asStub(feed), (_object: MarketFeedObject, state) =>
      state.storage.getAlarm(),
    );
    expect(alarmMs).toBe(WALL + 250);
    listener.deaf = "nobody";
    wallIs(250);
    expect(await runDurableObjectAlarm(asStub(feed))).toBe(true);
    expect(fired("alpha")).toEqual(["one", "two"]);
    expect(await feed.untold({ tryNow: false })).toEqual([]);
  });
});
