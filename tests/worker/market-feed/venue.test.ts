import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Gates } from "../../../durable-objects/market-feed/gates.ts";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import { VenueStore } from "../../../durable-objects/market-feed/venue-store.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { venueRulesOf } from "../../../src/core/market-feed/feed-terms.ts";
import { daysOf } from "../../../src/core/settlement/broker-statement.ts";
import {
  afterOpen,
  asStub,
  CALL,
  CLOSE,
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
} from "./feed-fixtures.ts";

const tape = [
  chain(afterOpen(0), quote(CALL, 10_000)),
  chain(afterOpen(60), quote(CALL, 9_700)),
  chain(afterOpen(120), quote(CALL, 9_500)),
];
const resting = { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(9_710) } as const;
const kinds = (listener: Listener): string[] =>
  listener.told.flatMap((told) => told.reports ?? []).map((report) => report.kind);

describe("the venue within the feed", () => {
  it("matches an order against the quote held when it arrives, even between two snapshots", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("arrive", listener, tape);
    await feed.playUntil(afterOpen(0));
    await feed.venueSubmit([order("alpha", "a1", afterOpen(30))]);
    expect(await feed.nextDueMs()).toBe(afterOpen(30.25));
    await feed.playUntil(afterOpen(31));
    expect(listener.told).toMatchObject([
      {
        accountId: "alpha",
        atMs: afterOpen(30.25),
        reports: [{ kind: "ACCEPTED" }, { kind: "FILLED", fill: { pricePaise: 10_010 } }],
      },
    ]);
  });

  it("takes an order once, however often it is submitted", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("twice", listener, tape);
    const sent = order("alpha", "a1", afterOpen(1));
    await feed.venueSubmit([sent, sent]);
    await feed.playUntil(afterOpen(10));
    await evict(feed);
    await listener.attach(feed);
    await feed.venueSubmit([{ ...sent, submittedAtMs: afterOpen(20) }]);
    await feed.playUntil(CLOSE);
    expect(listener.executions.size).toBe(1);
    expect((await fillsAt(feed, "alpha")).length).toBe(1);
  });

  it("reads at an instant what is due at it, not what has been dealt with all day", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("busy-day", listener, tape);
    await feed.playUntil(afterOpen(0));
    const orders = Array.from({ length: 300 }, (_, n) => order("alpha", `a${n}`, afterOpen(1)));
    await feed.venueSubmit(orders);
    await feed.playUntil(afterOpen(10));
    await feed.venueSubmit([order("alpha", "last", afterOpen(11))]);
    await feed.nextDueMs();
    const rowsRead = await runInDurableObject(asStub(feed), (_object: MarketFeedObject, { storage }) => {
      const { sql, read } = countedRows(storage.sql);
      expect(
        new VenueStore(sql).advance(afterOpen(12), new Set(), () => null, venueRulesOf({ session: SESSION })),
      ).toHaveLength(1);
      return read();
    });
    expect(rowsRead).toBeLessThan(10);
  });

  it("reads its gates once, whether they are open or closed, until one is switched", async () => {
    const feed = await loadedFeed("gates", new Listener(), tape);
    await runInDurableObject(asStub(feed), (_object: MarketFeedObject, { storage }) => {
      const { sql, read } = countedRows(storage.sql);
      const gates = new Gates(sql);
      gates.set({ scope: "PLATFORM", changeNo: 1, reason: "the exchange is down" });
      expect(gates.halt).toMatchObject({ code: "PLATFORM_HALTED" });
      gates.set({ scope: "PLATFORM", changeNo: 2, reason: null });
      expect(gates.halt).toBeNull();
      const onceRead = read();
      expect(gates.halt).toBeNull();
      expect(read()).toBe(onceRead);
      gates.set({ scope: "UNDERLYING", changeNo: 1, reason: "its quotes are wrong" });
      expect(gates.halt).toMatchObject({ code: "UNDERLYING_HALTED" });
    });
  });

  it("keeps two accounts' orders with the same id apart", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("namesakes", listener, tape);
    await feed.venueSubmit([
      order("alpha", "same", afterOpen(1)),
      order("beta", "same", afterOpen(1), { quantityUnits: 150 }),
    ]);
    await feed.playUntil(afterOpen(10));
    expect((await fillsAt(feed, "alpha")).map((fill) => fill.units)).toEqual([75]);
    expect((await fillsAt(feed, "beta")).map((fill) => fill.units)).toEqual([150]);
  });

  it("lets the fill win when the quote comes while the cancel is on its way, and the cancel when it was there first", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("race", listener, tape);
    await feed.venueSubmit([
      order("alpha", "fill-first", afterOpen(1), resting),
      order("beta", "cancel-first", afterOpen(1), resting),
    ]);
    await feed.playUntil(afterOpen(50));
    await feed.venueCancel("alpha", ["fill-first" as never], afterOpen(59.9));
    await feed.venueCancel("beta", ["cancel-first" as never], afterOpen(59.7));
    await feed.playUntil(CLOSE);
    const reportsOf = async (accountId: string, id: string) =>
      (await feed.venueReports(accountId, [id as never])).map((report) => report.kind);
    expect(await reportsOf("alpha", "fill-first")).toEqual(["ACCEPTED", "FILLED", "CANCEL_REJECTED"]);
    expect(await reportsOf("beta", "cancel-first")).toEqual(["ACCEPTED", "CANCELED"]);
  });

  it("reports the cancel of an order it has never seen, and never trades it should it still come", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("unknown", listener, tape);
    await feed.venueCancel("alpha", ["ghost" as never], afterOpen(1));
    await feed.playUntil(afterOpen(2));
    expect(listener.told).toMatchObject([
      { atMs: afterOpen(1.25), reports: [{ kind: "CANCELED", clientOrderId: "ghost", reason: "UNKNOWN_ORDER" }] },
    ]);
    await feed.venueSubmit([order("alpha", "ghost", afterOpen(3))]);
    await feed.playUntil(CLOSE);
    expect(listener.executions.size).toBe(0);
    expect(await feed.venueReports("alpha", ["other" as never])).toEqual([]);
  });

  it("changes a resting order, answers each request once, and shows what became of it in the account's book", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("changed", listener, tape);
    await feed.venueSubmit([order("alpha", "one", afterOpen(1), resting)]);
    await feed.playUntil(afterOpen(2));
    const { quantityUnits } = order("alpha", "one", afterOpen(1), resting).terms;
    const request = {
      accountId: "alpha",
      clientOrderId: "one" as never,
      modifyId: "m1",
      terms: { quantityUnits, limitPricePaise: paise(1_000_00) },
      sentAtMs: afterOpen(3),
    };
    expect(await feed.venueReplace([request])).toEqual([]);
    expect(await feed.venueReplace([request, { ...request, clientOrderId: "ghost" as never }])).toEqual(["ghost"]);
    await feed.playUntil(afterOpen(5));
    const reports = await feed.venueReports("alpha", ["one" as never]);
    expect(reports.map((report) => report.kind)).toEqual(["ACCEPTED", "REPLACED", "FILLED"]);
    const book = await feed.venueBook("alpha", DATE);
    expect(book?.orders).toMatchObject([{ clientOrderId: "one", status: "FILLED", limitPricePaise: 1_000_00 }]);
    expect(book?.positions).toEqual([{ instrumentId: CALL.instrumentId, netUnits: quantityUnits }]);
    expect(book?.fills).toHaveLength(1);
    expect(await feed.venueBook("beta", DATE)).toMatchObject({ orders: [], fills: [], positions: [] });
    expect(await feed.venueBook("alpha", "2025-08-28" as never)).toBeNull();
  });

  it("matches a resting order on the next quote and lets it expire at the close", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("rest", listener, tape);
    await feed.venueSubmit([
      order("alpha", "reached", afterOpen(1), resting),
      order("alpha", "never", afterOpen(1), { ...resting, limitPricePaise: paise(5_000) }),
    ]);
    await feed.playUntil(CLOSE);
    expect(kinds(listener)).toEqual(["ACCEPTED", "ACCEPTED", "FILLED", "EXPIRED"]);
    expect([...listener.executions.values()]).toEqual([{ units: 75, pricePaise: 9_710 }]);
  });

  it("states exactly the executions the account was told of, and how many orders they belong to", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("statement", listener, tape);
    await feed.venueSubmit([
      order("alpha", "big", afterOpen(1), { quantityUnits: 1_800 }),
      order("alpha", "none", afterOpen(1), { limitPricePaise: paise(5) }),
      order("alpha", "out", afterOpen(70), { side: "SELL", limitPricePaise: paise(5), quantityUnits: 1_800 }),
    ]);
    await feed.playUntil(CLOSE);
    const book = required(await feed.venueBook("alpha", DATE), "the day's book");
    const { fills } = book;
    expect(fills.map(({ units, pricePaise }) => ({ units, pricePaise }))).toEqual([...listener.executions.values()]);
    expect(fills.length).toBeGreaterThan(4);
    expect(daysOf(book)).toMatchObject([{ underlying: "NIFTY50", executedOrders: 2 }]);
    expect(await feed.venueBook("alpha", "2025-08-28" as never)).toBeNull();
  });

  it("charges an account the same, whoever else trades", async () => {
    const alone = new Listener();
    const quiet = await loadedFeed("alone", alone, tape);
    const mine = order("alpha", "mine", afterOpen(1), { quantityUnits: 1_500 });
    await quiet.venueSubmit([mine]);
    await quiet.playUntil(CLOSE);

    const among = new Listener();
    const crowd = await loadedFeed("crowd", among, tape);
    await crowd.venueSubmit([
      ...Array.from({ length: 20 }, (_, index) =>
        order(`other-${index}`, "theirs", afterOpen(1), { quantityUnits: 1_800 }),
      ),
      mine,
    ]);
    await crowd.playUntil(CLOSE);
    expect(among.told.filter((told) => told.accountId === "alpha")).toEqual(alone.told);
  });
});

describe("telling the accounts", () => {
  it("tells again what an account has not answered, with the same execution ids, and books nothing twice", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("again", listener, tape);
    await feed.venueSubmit([order("alpha", "a1", afterOpen(1))]);
    let failures = 1;
    listener.react = async () => {
      if (failures-- > 0) throw new Error("the account was killed after it had heard this");
    };
    await feed.playUntil(afterOpen(10));
    expect(listener.told.length).toBe(2);
    expect(listener.told[1]).toEqual(listener.told[0]);
    expect(listener.executions.size).toBe(1);
    expect(await feed.nextDueMs()).toBe(afterOpen(60));
  });

  it("keeps what could not be delivered over its own death, and delivers it before anything newer", async () => {
    const deaf = new Listener();
    const feed = await loadedFeed("dead", deaf, tape);
    await feed.venueSubmit([order("alpha", "a1", afterOpen(1)), order("beta", "b1", afterOpen(1))]);
    deaf.react = async ({ accountId }) => {
      if (accountId === "alpha") throw new Error("unreachable");
    };
    expect(await feed.playUntil(afterOpen(10))).toMatchObject({ untold: 1 });

    await evict(feed);
    const listener = new Listener();
    await listener.attach(feed);
    // Nothing else is due by then: what is pending is reason enough, once the account is to be tried again.
    await vi.waitFor(async () => expect(await feed.nextDueMs()).toBe(afterOpen(1.25)));
    await feed.playUntil(afterOpen(10));
    expect(listener.told.map((told) => [told.accountId, told.atMs])).toEqual([["alpha", afterOpen(1.25)]]);
    expect(await feed.nextDueMs()).toBe(afterOpen(60));
    await feed.playUntil(CLOSE);
    expect(listener.told.map((told) => [told.accountId, told.atMs])).toEqual([["alpha", afterOpen(1.25)]]);
    expect((await fillsAt(feed, "alpha")).length).toBe(1);
  });

  it("lets an account submit, register and cancel while it is being told, and carries that out in time", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("reentrant", listener, tape);
    await feed.venueSubmit([order("alpha", "entry", afterOpen(1))]);
    listener.react = async (told) => {
      const back = env.MARKET_FEED.getByName("reentrant");
      if (told.reports?.some((report) => report.kind === "FILLED" && report.clientOrderId === "entry")) {
        await back.setTriggers("alpha", CALL.instrumentId, [
          {
            triggerId: "stop",
            instrumentId: CALL.instrumentId,
            kind: "STOP",
            fires: "AT_OR_BELOW",
            levelPaise: paise(9_800),
          },
        ]);
      }
      if (told.fired?.some((fired) => fired.triggerId === "stop")) {
        await back.venueSubmit([order("alpha", "exit", told.atMs, { side: "SELL", limitPricePaise: paise(9_000) })]);
        await back.venueCancel("alpha", ["entry" as never], told.atMs);
      }
    };
    expect(await feed.playUntil(afterOpen(61))).toEqual({ ingested: 2, triggersFired: 1, reports: 5 });
    expect(listener.told.map((told) => [told.atMs, told.reports?.map((report) => report.kind) ?? "FIRED"])).toEqual([
      [afterOpen(1.25), ["ACCEPTED", "FILLED"]],
      [afterOpen(60), "FIRED"],
      [afterOpen(60.25), ["CANCEL_REJECTED", "ACCEPTED", "FILLED"]],
    ]);
  });

  it("plays one step at a time when several are asked for at once", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("turns", listener, tape);
    listener.react = () => scheduler.wait(30);
    await feed.venueSubmit([order("alpha", "a1", afterOpen(1))]);
    const played = await Promise.all([
      feed.playUntil(afterOpen(60)),
      feed.playUntil(afterOpen(60)),
      feed.playUntil(CLOSE),
    ]);
    expect(played.map((step) => step.ingested)).toEqual([2, 0, 1]);
    expect(listener.told.length).toBe(1);
  });
});
