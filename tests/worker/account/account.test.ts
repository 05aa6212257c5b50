import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId, Order } from "../../../src/core/order/order.ts";
import { afterOpen, CALL, fillsAt, OPEN } from "../market-feed/feed-fixtures.ts";
import {
  type Account,
  buy,
  clockAt,
  evict,
  expectSound,
  inside,
  must,
  nifty,
  profile,
  replaceBinding,
  sell,
  startDay,
  trader,
} from "./account-fixtures.ts";

const held = (state: AccountState): number =>
  Object.values(state.openTrades).reduce((units, trade) => units + trade.position.netUnits, 0);
const filledUnits = (state: AccountState): number =>
  Object.values(state.orders).reduce(
    (units, order: Order) => units + (order.side === "BUY" ? order.filledUnits : -order.filledUnits),
    0,
  );

/** Buys at minute 2, is filled, sells at minute 4, is filled; `between` runs after every step. */
async function roundTrip(accountId: string, between: (account: Account) => Promise<void>): Promise<AccountState> {
  const feed = await nifty();
  const account = await trader(accountId);
  const steps: (() => Promise<unknown>)[] = [
    () => feed.playUntil(afterOpen(120)),
    () => clockAt(account, afterOpen(120)),
    () => account.submitOrder(buy("entry")).then(must),
    () => feed.playUntil(afterOpen(130)),
    () => feed.playUntil(afterOpen(240)),
    () => clockAt(account, afterOpen(240)),
    () => account.submitOrder(sell("exit")).then(must),
    () => feed.playUntil(afterOpen(250)),
  ];
  for (const step of steps) {
    await step();
    await between(account);
  }
  await expectSound(account);
  return account.state();
}

describe("an account object", () => {
  it("goes by the wall's time in paper trading, and stands where its events are in a replay without a clock", async () => {
    const account = await trader("clockless");
    must(await account.halt("first"));
    const stood = (await account.state()).lastEventMs;
    expect(stood).toBe(afterOpen(60));
    await replaceBinding(account, "TRADING_MODE", () => "PAPER");
    const beforeMs = Date.now();
    must(await account.resume());
    const { lastEventMs } = await account.state();
    expect(lastEventMs).toBeGreaterThanOrEqual(beforeMs);
    expect(lastEventMs).toBeLessThanOrEqual(Date.now());
  });

  it("takes an order from acceptance to fill and back out, and its books add up", async () => {
    const state = await roundTrip("trip", async () => {});
    expect(state.orders["entry" as ClientOrderId]).toMatchObject({ status: "FILLED", filledUnits: CALL.lotSize });
    expect(state.orders["exit" as ClientOrderId]).toMatchObject({ status: "FILLED", filledUnits: CALL.lotSize });
    expect(held(state)).toBe(0);
    expect(state.day?.realisedPaise).not.toBe(0);
  });

  it("comes to the same state when it is evicted between every two steps", async () => {
    const undisturbed = await roundTrip("same", async () => {});
    const hashes = (await env.ACCOUNT.getByName("same").journal(0, 1_000)).map((entry) => entry.hash);
    await reset();
    const disturbed = await roundTrip("same", evict);
    expect(disturbed).toEqual(undisturbed);
    expect((await env.ACCOUNT.getByName("same").journal(0, 1_000)).map((entry) => entry.hash)).toEqual(hashes);
  });

  it("appends nothing when a command, a report or a trigger is repeated", async () => {
    const feed = await nifty();
    const account = await trader("repeat");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    const first = must(await account.submitOrder(buy("one")));
    await feed.playUntil(afterOpen(180));
    const { sequence } = await account.state();
    const again = must(await account.submitOrder(buy("one")));
    expect(first.replayed).toBe(false);
    expect(again).toMatchObject({ replayed: true, order: { status: "FILLED" } });
    const reports = await feed.venueReports("repeat", ["one" as ClientOrderId]);
    expect(reports.length).toBeGreaterThan(1);
    await account.applyReports(reports, afterOpen(180));
    await account.fireTriggers([{ triggerId: "unknown", price: priceOf(10_000) }], afterOpen(180));
    await startDay(account);
    expect((await account.state()).sequence).toBe(sequence);
  });

  it("tells a reused client order id with other terms, and leaves the order that has it as it is", async () => {
    const feed = await nifty();
    const account = await trader("reuse");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    must(await account.submitOrder(buy("one")));
    const other = must(await account.submitOrder(buy("one", { quantityUnits: 2 * CALL.lotSize })));
    expect(other.denial?.code).toBe("CLIENT_ORDER_ID_REUSED");
    expect((await account.state()).orders["one" as ClientOrderId]?.quantityUnits).toBe(CALL.lotSize);
  });

  it("writes an order down in one turn: one transaction, one row in the journal", async () => {
    const feed = await nifty();
    const account = await trader("commit");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    await inside(account, async (object, { storage }) => {
      const before = await object.state();
      const transactions = vi.spyOn(storage, "transactionSync");
      must(await object.submitOrder(buy("one")));
      expect(transactions).toHaveBeenCalledTimes(1);
      const types = (await object.journal(before.sequence, 10)).map((entry) => entry.event.type);
      expect(types).toEqual(["ORDER_SUBMITTED"]);
      transactions.mockRestore();
    });
  });

  it("keeps positions equal to fills, and every limit, under 200 orders at once", async () => {
    const feed = await nifty();
    const account = await trader("burst", { tradesPerDayMax: 7, openTradesMax: 9 });
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => account.submitOrder(buy(`order-${index}`))),
    );
    const accepted = outcomes.filter((outcome) => outcome.ok && outcome.value.denial === null);
    const denied = outcomes.filter((outcome) => outcome.ok && outcome.value.denial !== null);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBeLessThanOrEqual(7);
    expect(accepted.length + denied.length).toBe(200);
    await feed.playUntil(afterOpen(240));
    const state = await account.state();
    expect(held(state)).toBe(filledUnits(state));
    expect(held(state)).toBe(accepted.length * CALL.lotSize);
    expect((await fillsAt(feed, "burst")).length).toBe(accepted.length);
    await expectSound(account);
  });

  it("answers OVERLOADED above the limit of orders in flight, loses none that it took, and takes more afterwards", async () => {
    const feed = await nifty();
    const account = await trader("overload");
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    await replaceBinding(account, "ORDERS_IN_FLIGHT_MAX", () => "3");
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => account.submitOrder(buy(`o${index}`))));
    const refused = outcomes.filter((outcome) => !outcome.ok);
    expect(refused.map((outcome) => (outcome.ok ? "" : outcome.error.code))).toEqual(Array(5).fill("OVERLOADED"));
    await feed.playUntil(afterOpen(180));
    expect(filledUnits(await account.state())).toBe(3 * CALL.lotSize);
    await clockAt(account, afterOpen(180));
    expect(must(await account.submitOrder(buy("later"))).denial).toBeNull();
  });

  it("finds a flipped byte in its journal and names the account's record broken, without any other account noticing", async () => {
    await nifty();
    const account = await trader("flipped");
    const other = await trader("untouched");
    await expectSound(account);
    await inside(account, (_object, { storage }) => {
      storage.sql.exec(
        "UPDATE journal SET event = replace(event, 'Trader flipped', 'Trader flippee') WHERE sequence = 1",
      );
    });
    expect((await account.verify()).chainIntact).toBe(false);
    expect((await account.verify()).foldEqualsSnapshot).toBe(false);
    await expectSound(other);
  });

  it("finds an entry that was cut off the end", async () => {
    await nifty();
    const account = await trader("cut");
    await inside(account, (_object, { storage }) => {
      storage.sql.exec("DELETE FROM journal WHERE sequence = (SELECT MAX(sequence) FROM journal)");
    });
    expect((await account.verify()).chainIntact).toBe(false);
  });

  it("is read-only when its record does not add up after loading, and says so", async () => {
    const feed = await nifty();
    const account = await trader("frozen");
    const other = await trader("fine");
    await inside(account, async (object, { storage }) => {
      const state = { ...(await object.state()), savingsPaise: paise(-5_000) };
      storage.sql.exec("DELETE FROM snapshot");
      storage.sql.exec(
        "INSERT INTO snapshot (sequence, part, body) VALUES (?, 0, ?)",
        state.sequence,
        JSON.stringify(state),
      );
    });
    await evict(account);
    await feed.playUntil(afterOpen(120));
    const refused = await account.submitOrder(buy("one"));
    expect(refused).toMatchObject({ ok: false, error: { code: "ACCOUNT_FROZEN" } });
    expect(await account.runJob({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "x" })).toMatchObject({
      ok: false,
      error: { code: "ACCOUNT_FROZEN" },
    });
    await account.applyReports([], afterOpen(120));
    expect((await account.state()).savingsPaise).toBe(-5_000);
    await clockAt(other, afterOpen(120));
    expect(must(await other.submitOrder(buy("one"))).denial).toBeNull();
  });

  it("is as it was after a load from a snapshot of several hundred events", async () => {
    const feed = await nifty();
    const account = await trader("long", { tradesPerDayMax: 1 });
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
    for (let index = 0; index < 250; index += 1) must(await account.submitOrder(buy(`order-${index}`)));
    const before = await account.state();
    const rows = await inside(account, (_object, { storage }) =>
      storage.sql.exec<{ sequence: number }>("SELECT DISTINCT sequence FROM snapshot").toArray(),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sequence).toBeGreaterThanOrEqual(200);
    await evict(account);
    expect(await account.state()).toEqual(before);
    await expectSound(account);
  });

  it("refuses everything but opening before it is opened, and opening after", async () => {
    const account = env.ACCOUNT.getByName("nobody");
    expect(await account.submitOrder(buy("one"))).toMatchObject({ ok: false, error: { code: "ACCOUNT_NOT_FOUND" } });
    expect(await account.halt("why not")).toMatchObject({ ok: false, error: { code: "ACCOUNT_NOT_FOUND" } });
    expect(await account.view()).toBeNull();
    must(await account.open(profile("nobody"), OPEN));
    expect(await account.open(profile("nobody", { tradesPerDayMax: 3 }), OPEN)).toMatchObject({
      ok: false,
      error: { code: "ACCOUNT_EXISTS" },
    });
    expect(await account.view()).toMatchObject({ accountId: "nobody", savings: "2500000.00", day: null });
  });
});

const priceOf = (bid: number) => ({
  instrumentId: CALL.instrumentId,
  bidPaise: paise(bid),
  askPaise: paise(bid + 10),
  lastPaise: paise(bid),
  quotedAtMs: OPEN,
  staleAfterMs: 120_000,
});
