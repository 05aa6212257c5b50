// The way from a stop to the proof of flat, with the real feed and venue, while the venue fails and objects are evicted.

import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { ObjectNamespace } from "../../../src/env.ts";
import type { MarketFeedRpc } from "../../../src/ports/objects.ts";
import { afterOpen, asStub, CALL, DATE } from "../market-feed/feed-fixtures.ts";
import {
  type Account,
  buy,
  clockAt,
  evict,
  expectSound,
  type Feed,
  inside,
  must,
  nifty,
  replaceBinding,
  sell,
  trader,
} from "./account-fixtures.ts";

async function holding(accountId: string): Promise<{ account: Account; feed: Feed }> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  must(await account.submitOrder(buy("one")));
  await feed.playUntil(afterOpen(125));
  await clockAt(account, afterOpen(125));
  expect(Object.keys((await account.state()).openTrades)).toHaveLength(1);
  return { account, feed };
}

const breaker = async (account: Account) => (await account.view())?.breakers[0];
const proofs = async (account: Account) =>
  (await account.journal(0, 5_000)).flatMap(({ event }) => (event.type === "FLAT_PROVEN" ? [event] : []));

/** Every call to the venue fails until it is healed. */
async function breakVenue(account: Account): Promise<{ isDown: boolean; calls: number }> {
  const venue = { isDown: true, calls: 0 };
  await replaceBinding(account, "MARKET_FEED", (real) => ({
    getByName: (name: string) => {
      const feed = (real as ObjectNamespace<MarketFeedRpc>).getByName(name);
      return new Proxy(feed, {
        get: (target, method) => {
          const isVenue = typeof method === "string" && method.startsWith("venue");
          return (...given: unknown[]) => {
            if (isVenue) venue.calls += 1;
            if (isVenue && venue.isDown) return Promise.reject(new Error("502 from the venue"));
            return (target as unknown as Record<string, (...args: unknown[]) => unknown>)[method as string]?.(...given);
          };
        },
      });
    },
  }));
  return venue;
}

describe("a stop and its proof", () => {
  it("is proven by two readings of the venue half a second apart, on the market's own time", async () => {
    const { account, feed } = await holding("proof");
    must(await account.halt("enough"));
    expect(await breaker(account)).toMatchObject({ scope: "ACCOUNT", status: "TRIPPED", provenFlatAt: null });
    await feed.playUntil(afterOpen(140));
    expect(await breaker(account)).toMatchObject({ status: "LOCKED" });
    expect(await proofs(account)).toMatchObject([
      { scope: "ACCOUNT", readAtMs: [afterOpen(126), afterOpen(126.5)], durationMs: 1_500 },
    ]);
    const book = required(await feed.venueBook("proof", DATE), "the day's book");
    expect(book.positions?.filter(({ netUnits }) => netUnits !== 0)).toEqual([]);
    expect(book.orders.filter(({ status }) => status === "WORKING" || status === "TRIGGER_PENDING")).toEqual([]);
    await expectSound(account);
  });

  it("goes on after an eviction of the account and of the feed in the middle of it", async () => {
    const { account, feed } = await holding("evicted");
    must(await account.halt("enough"));
    await evict(account);
    await feed.playUntil(afterOpen(126));
    await evict(account);
    await evictDurableObject(asStub(feed));
    await feed.playUntil(afterOpen(140));
    expect(await breaker(account)).toMatchObject({ status: "LOCKED" });
    expect(await proofs(account)).toHaveLength(1);
    await expectSound(account);
  });

  it("is not given while the venue fails, is tried on, and comes when the venue is back", async () => {
    const { account, feed } = await holding("failing");
    const venue = await breakVenue(account);
    must(await account.halt("enough"));
    for (const second of [126, 127, 128, 129]) await feed.playUntil(afterOpen(second));
    expect(await breaker(account)).toMatchObject({ status: "TRIPPED" });
    expect(await proofs(account)).toEqual([]);
    expect(venue.calls).toBeGreaterThan(3);
    venue.isDown = false;
    await feed.playUntil(afterOpen(140));
    expect(await breaker(account)).toMatchObject({ status: "LOCKED" });
    await expectSound(account);
  });

  it("is proven by the wall's clock where no market moves the account's time", async () => {
    await nifty();
    const account = await trader("idle");
    must(await account.halt("enough", { by: "OPERATOR" }));
    await vi.waitFor(
      async () => {
        await inside(account, (object) => object.alarm());
        expect(await breaker(account)).toMatchObject({ status: "LOCKED" });
      },
      { timeout: 8_000, interval: 300 },
    );
    expect(await account.resume()).toMatchObject({ ok: false, error: { code: "BREAKER_LOCKED" } });
    must(await account.resume({ by: "OPERATOR" }));
    expect(await breaker(account)).toBeUndefined();
  });
});

describe("a proof at a broker", () => {
  it("rests on the broker's own book: what it has dealt without a word keeps the account unproven", async () => {
    const feed = await nifty();
    const account = await trader("broker-proof");
    const broker = env.BROKER.getByName("broker-proof");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    must(await account.submitOrder(buy("one", { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(10_000) })));
    await vi.waitFor(async () => expect(await broker.calls()).toContain("SUBMIT one"));
    must(await account.halt("enough"));
    await vi.waitFor(async () => expect(await broker.calls()).toContain("CANCEL one"));
    must(await account.reconcile());
    expect((await account.state()).orders["one" as never]).toMatchObject({ status: "CANCELED", filledUnits: 0 });
    await broker.deal("one" as ClientOrderId, CALL.lotSize, paise(9_990), afterOpen(121));
    await feed.playUntil(afterOpen(130));
    expect(await proofs(account)).toEqual([]);
    expect((await account.journal(0, 5_000)).map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: "FLAT_NOT_PROVEN", found: "VENUE_DIFFERS", openPositions: 1 }),
    );
    must(await account.reconcile());
    expect(Object.values((await account.state()).openTrades)).toHaveLength(1);
    await expectSound(account);
  });
});

describe("a closed gate of the feed", () => {
  it("turns entries away that were decided before the account has heard, lets exits out, and outlasts everything", async () => {
    const { account, feed } = await holding("gate");
    await account.submitOrder(buy("two"));
    await feed.setGate({ scope: "PLATFORM", changeNo: 7, reason: "the exchange is down" });
    // The price that comes with the next decision says so already.
    await scheduler.wait(300);
    const denied = must(await account.submitOrder(buy("three")));
    expect(denied.denial).toMatchObject({ code: "PLATFORM_HALTED" });
    await feed.venueSubmit([
      { accountId: "gate", terms: { ...denied.order, clientOrderId: "late" as never }, submittedAtMs: afterOpen(125) },
    ]);
    await evictDurableObject(asStub(feed));
    await feed.setGate({ scope: "PLATFORM", changeNo: 6, reason: null });
    must(await account.submitOrder(sell("out")));
    await feed.playUntil(afterOpen(140));
    expect(await feed.venueReports("gate", ["late" as never])).toMatchObject([
      { kind: "REJECTED", reason: "PLATFORM_HALTED" },
    ]);
    expect((await account.state()).orders["out" as never]).toMatchObject({ status: "FILLED" });
    await feed.setGate({ scope: "PLATFORM", changeNo: 8, reason: null });
    expect((await feed.prices([CALL.instrumentId]))[0]?.halt).toBeUndefined();
  });
});
