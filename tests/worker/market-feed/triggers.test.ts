import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { TriggerBook } from "../../../src/core/market-feed/trigger-book.ts";
import {
  afterOpen,
  CALL,
  chain,
  contractAt,
  evict,
  Listener,
  loadedFeed,
  order,
  quote,
  trigger,
} from "./feed-fixtures.ts";

const quoted = new Set([CALL.instrumentId]);
const bidOf = (pricePaise: number) => () => ({ bidPaise: paise(pricePaise), askPaise: null });

describe("the trigger book", () => {
  it("compares 10,000 registered levels only as far as a tick crosses them", () => {
    const book = new TriggerBook();
    for (let index = 0; index < 5_000; index += 1) {
      book.replace(`account-${index}`, CALL.instrumentId, [
        trigger(`stop-${index}`, "AT_OR_BELOW", 9_000 - index),
        trigger(`target-${index}`, "AT_OR_ABOVE", 11_000 + index),
      ]);
    }
    expect(book.cross(quoted, bidOf(10_000))).toEqual([]);
    expect(book.comparisons).toBe(2);
    expect(book.cross(quoted, bidOf(8_991)).map((fired) => fired.triggerId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `stop-${index}`),
    );
    // Ten that fire, the first that does not, and the first on the other side.
    expect(book.comparisons).toBe(2 + 12);
    expect(book.cross(new Set([contractAt(24_600).instrumentId]), bidOf(1))).toEqual([]);
    expect(book.comparisons).toBe(14);
  });

  it("fires what a plain list would fire, whatever is registered, replaced and quoted", () => {
    const level = fc.integer({ min: 1, max: 30 }).map((tick) => tick * 5);
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("SET" as const),
        accountId: fc.constantFrom("a", "b", "c"),
        levels: fc.array(fc.record({ fires: fc.constantFrom("AT_OR_BELOW" as const, "AT_OR_ABOVE" as const), level }), {
          maxLength: 4,
        }),
      }),
      fc.record({ kind: fc.constant("TICK" as const), bid: level }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const book = new TriggerBook();
        let plain: (PriceTrigger & { accountId: string })[] = [];
        for (const [index, action] of steps.entries()) {
          if (action.kind === "SET") {
            const { accountId } = action;
            const triggers = action.levels.map(({ fires, level }, at) =>
              trigger(`${accountId}-${index}-${at}`, fires, level),
            );
            book.replace(accountId, CALL.instrumentId, triggers);
            plain = [
              ...plain.filter((other) => other.accountId !== accountId),
              ...triggers.map((one) => ({ ...one, accountId })),
            ];
            continue;
          }
          const fires = (one: PriceTrigger): boolean =>
            one.fires === "AT_OR_BELOW" ? action.bid <= one.levelPaise : action.bid >= one.levelPaise;
          const fired = book.cross(quoted, bidOf(action.bid)).map((one) => one.triggerId);
          expect([...fired].sort()).toEqual(
            plain
              .filter(fires)
              .map((one) => one.triggerId)
              .sort(),
          );
          plain = plain.filter((one) => !fires(one));
        }
      }),
    );
  });

  it("fires in the same order, whatever the order of registration", () => {
    const triggers = Array.from({ length: 20 }, (_, index) =>
      trigger(`t-${index}`, "AT_OR_BELOW", 9_000 + (index % 5) * 5),
    );
    const firedAfter = (accounts: number[]): string[] => {
      const book = new TriggerBook();
      for (const index of accounts) {
        const one = triggers[index];
        if (one) book.replace(`account-${index}`, CALL.instrumentId, [one]);
      }
      return book.cross(quoted, bidOf(1)).map((fired) => fired.triggerId);
    };
    const forwards = triggers.map((_, index) => index);
    expect(firedAfter([...forwards].reverse())).toEqual(firedAfter(forwards));
  });
});

describe("triggers at the feed", () => {
  const tape = [
    chain(afterOpen(0), quote(CALL, 10_000), quote(contractAt(24_600), 6_000)),
    chain(afterOpen(60), quote(CALL, 9_700)),
    chain(afterOpen(120), quote(CALL, 9_700)),
    chain(afterOpen(180), quote(CALL, 10_400)),
  ];

  it("fire once, with the price that crossed them, and are gone", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("once", listener, tape);
    await feed.setTriggers("alpha", CALL.instrumentId, [
      trigger("stop", "AT_OR_BELOW", 9_700),
      trigger("target", "AT_OR_ABOVE", 10_400),
    ]);
    await feed.playUntil(afterOpen(180));
    expect(listener.told).toMatchObject([
      { atMs: afterOpen(60), fired: [{ triggerId: "stop", price: { bidPaise: 9_700, quotedAtMs: afterOpen(60) } }] },
      { atMs: afterOpen(180), fired: [{ triggerId: "target", price: { bidPaise: 10_400 } }] },
    ]);
    await evict(feed);
    await listener.attach(feed);
    await feed.playUntil(afterOpen(999));
    expect(listener.firedIds).toEqual(["stop", "target"]);
  });

  it("are replaced as a whole, per account and instrument", async () => {
    const listener = new Listener();
    const feed = await loadedFeed("replace", listener, tape);
    await feed.setTriggers("alpha", CALL.instrumentId, [trigger("old", "AT_OR_BELOW", 9_900)]);
    await feed.setTriggers("beta", CALL.instrumentId, [trigger("other", "AT_OR_BELOW", 9_900)]);
    await feed.setTriggers("alpha", CALL.instrumentId, [trigger("new", "AT_OR_BELOW", 9_800)]);
    await evict(feed);
    await listener.attach(feed);
    await feed.playUntil(afterOpen(60));
    expect(listener.firedIds.sort()).toEqual(["new", "other"]);
    await feed.setTriggers("alpha", CALL.instrumentId, [trigger("late", "AT_OR_ABOVE", 10_000)]);
    await feed.setTriggers("alpha", CALL.instrumentId, []);
    await feed.playUntil(afterOpen(999));
    expect(listener.firedIds.sort()).toEqual(["new", "other"]);
  });

  it("fire at the next event when the level is crossed already, even if that event is about something else", async () => {
    const listener = new Listener();
    const other = contractAt(24_600);
    const feed = await loadedFeed("crossed", listener, tape);
    await feed.playUntil(afterOpen(0));
    await feed.setTriggers("alpha", other.instrumentId, [trigger("late", "AT_OR_BELOW", 6_500, other)]);
    // Another account's order is no event of the market.
    await feed.venueSubmit([order("beta", "b1", afterOpen(10))]);
    await feed.playUntil(afterOpen(30));
    expect(listener.firedIds).toEqual([]);
    await feed.playUntil(afterOpen(60));
    expect(listener.firedIds).toEqual(["late"]);
  });

  it("use a modelled bid where only a last price is known", async () => {
    const listener = new Listener();
    const lastOnly = (last: number) =>
      quote(CALL, last, { bidPaise: null, bidUnits: null, askPaise: null, askUnits: null });
    const feed = await loadedFeed("last-only", listener, [
      chain(afterOpen(0), lastOnly(10_000)),
      chain(afterOpen(60), lastOnly(9_000)),
    ]);
    await feed.setTriggers("alpha", CALL.instrumentId, [trigger("stop", "AT_OR_BELOW", 9_000)]);
    await feed.playUntil(afterOpen(60));
    expect(listener.firedIds).toEqual(["stop"]);
  });
});
