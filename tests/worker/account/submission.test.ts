import { describe, expect, it, vi } from "vitest";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { ObjectNamespace } from "../../../src/env.ts";
import type { MarketFeedRpc, VenueOrder } from "../../../src/ports/objects.ts";
import { afterOpen, CALL, fillsAt, Listener } from "../market-feed/feed-fixtures.ts";
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
  trader,
} from "./account-fixtures.ts";

type Submit = (orders: readonly VenueOrder[], reach: () => Promise<void>) => Promise<void>;

/** Stands on the line to the venue: `submit` decides what becomes of each call. */
async function onTheLine(account: Account, submit: Submit): Promise<VenueOrder[][]> {
  const calls: VenueOrder[][] = [];
  await replaceBinding(account, "MARKET_FEED", (real) => ({
    getByName: (name: string) => {
      const feed = (real as ObjectNamespace<MarketFeedRpc>).getByName(name);
      return {
        prices: (ids: Parameters<MarketFeedRpc["prices"]>[0]) => feed.prices(ids),
        setTriggers: (...args: Parameters<MarketFeedRpc["setTriggers"]>) => feed.setTriggers(...args),
        venueReports: (...args: Parameters<MarketFeedRpc["venueReports"]>) => feed.venueReports(...args),
        venueCancel: (...args: Parameters<MarketFeedRpc["venueCancel"]>) => feed.venueCancel(...args),
        venueSubmit: async (orders: readonly VenueOrder[]) => {
          calls.push([...orders]);
          await submit(orders, () => feed.venueSubmit(orders));
        },
      };
    },
  }));
  return calls;
}

async function started(accountId: string): Promise<{ account: Account; feed: Feed }> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  return { account, feed };
}

const id = (text: string): ClientOrderId => text as ClientOrderId;
const wake = (account: Account): Promise<void> => inside(account, (object) => object.alarm());

describe("handing orders over", () => {
  it("sends an order again whose sending failed, and it is executed once", async () => {
    const { account, feed } = await started("refused");
    let isDown = true;
    const calls = await onTheLine(account, async (_orders, reach) => {
      if (isDown) throw new Error("the line is down");
      await reach();
    });
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    isDown = false;
    await account.applyReports([], afterOpen(121));
    expect(calls).toHaveLength(2);
    await feed.playUntil(afterOpen(130));
    expect((await account.state()).orders[id("one")]).toMatchObject({ status: "FILLED", filledUnits: CALL.lotSize });
    await expectSound(account);
  });

  it("does not send an order again that the venue knows, though its answer was lost", async () => {
    const { account, feed } = await started("lost");
    let isLost = false;
    const calls = await onTheLine(account, async (_orders, reach) => {
      await reach();
      isLost = true;
      throw new Error("the answer was lost");
    });
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(() => expect(isLost).toBe(true));
    // The venue has dealt and said so, but this account has not heard of it when it looks again.
    await new Listener().attach(feed);
    await feed.playUntil(afterOpen(130));
    await account.fireTriggers([], afterOpen(131));
    expect(calls).toHaveLength(1);
    expect(await fillsAt(feed, "lost")).toHaveLength(1);
  });

  it("hands over after an eviction what had only been written down", async () => {
    const { account, feed } = await started("cut");
    await onTheLine(account, async () => {
      throw new Error("the line is down");
    });
    must(await account.submitOrder(buy("one")));
    await evict(account);
    await wake(account);
    await vi.waitFor(async () => expect(await feed.nextDueMs()).toBe(afterOpen(120.25)), { timeout: 3_000 });
    await feed.playUntil(afterOpen(130));
    expect((await account.state()).orders[id("one")]?.status).toBe("FILLED");
  });

  it("hands many orders of one moment over in few calls, each order once", async () => {
    const { account } = await started("batch");
    const calls = await onTheLine(account, async (_orders, reach) => {
      await scheduler.wait(20);
      await reach();
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => account.submitOrder(buy(`o${index}`))));
    const open = Object.values((await account.state()).orders).filter((order) => order.status === "SUBMITTED");
    await account.applyReports([], afterOpen(121));
    expect(
      calls
        .flat()
        .map((order) => order.terms.clientOrderId)
        .sort(),
    ).toEqual(open.map((order) => order.clientOrderId).sort());
    expect(open.length).toBeGreaterThan(5);
    expect(calls.length).toBeLessThan(open.length / 2);
  });

  it("registers the levels of an open trade at the feed, and removes them when it is closed", async () => {
    const { account, feed } = await started("levels");
    must(await account.submitOrder(buy("one")));
    await feed.playUntil(afterOpen(130));
    const state = await account.state();
    const expected = Object.values(state.openTrades).flatMap((trade) => trade.triggers);
    expect(expected.length).toBeGreaterThan(0);
    must(await account.halt("enough"));
    await feed.playUntil(afterOpen(140));
    expect(Object.keys((await account.state()).openTrades)).toEqual([]);
    const { sequence } = await account.state();
    await feed.playUntil(afterOpen(600));
    expect((await account.state()).sequence).toBe(sequence);
  });
});
