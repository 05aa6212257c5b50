// Orders at a broker that takes no repetitions, on the real objects: what is not known is looked up, never sent again, and after
// a restart the broker's book is read before anything new is sent.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId, Order } from "../../../src/core/order/order.ts";
import { afterOpen, CALL } from "../market-feed/feed-fixtures.ts";
import { type Account, buy, clockAt, evict, expectSound, inside, must, nifty, trader } from "./account-fixtures.ts";

type Broker = ReturnType<typeof env.BROKER.getByName>;

const ONE = "one" as ClientOrderId;
const LOT = CALL.lotSize;

async function started(accountId: string): Promise<{ account: Account; broker: Broker }> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  return { account, broker: env.BROKER.getByName(accountId) };
}

const orderOf = async (account: Account, id = ONE): Promise<Order | undefined> => (await account.state()).orders[id];
const sent = async (broker: Broker): Promise<string[]> =>
  (await broker.calls()).filter((call) => call.startsWith("SUBMIT"));
const causes = async (account: Account): Promise<string[]> =>
  (await account.journal(0, 5_000)).flatMap(({ event }) => (event.type === "RECONCILED" ? [event.cause] : []));

/** The account looks again at what is outstanding, at this instant of the market. */
async function lookAt(account: Account, seconds: number): Promise<void> {
  await clockAt(account, afterOpen(seconds));
  await account.applyReports([], afterOpen(seconds));
}

async function lost(accountId: string, line: "LOSES_ANSWER" | "LOSES_REQUEST") {
  const both = await started(accountId);
  await both.broker.setLine(line);
  must(
    await both.account.submitOrder(buy("one", { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(10_000) })),
  );
  await vi.waitFor(async () =>
    expect((await both.account.journal(0, 5_000)).map(({ event }) => event.type)).toContain("ORDER_OUTCOME_UNKNOWN"),
  );
  return both;
}

describe("an order whose answer was lost", () => {
  it("is found in the book, is never sent again, and is booked as what the broker says of it", async () => {
    const { account, broker } = await lost("broker-found", "LOSES_ANSWER");
    await vi.waitFor(async () => expect(await orderOf(account)).toMatchObject({ status: "ACCEPTED" }));
    expect(await orderOf(account)).toMatchObject({ venueOrderId: "B1" });
    await broker.setLine("GOOD");
    await broker.deal(ONE, LOT, paise(9_990), afterOpen(121));
    must(await account.reconcile());
    expect(await orderOf(account)).toMatchObject({ status: "FILLED", filledUnits: LOT, filledValuePaise: LOT * 9_990 });
    expect((await account.state()).openTrades[CALL.instrumentId]?.position.netUnits).toBe(LOT);
    expect(await sent(broker)).toEqual(["SUBMIT one"]);
    await expectSound(account);
  });

  it("is rejected as not received after two readings a settle time apart, and what it reserved is free", async () => {
    const { account, broker } = await lost("broker-absent", "LOSES_REQUEST");
    await lookAt(account, 121);
    expect(await orderOf(account)).toMatchObject({ status: "UNKNOWN" });
    await lookAt(account, 122);
    expect(await orderOf(account)).toMatchObject({
      status: "REJECTED",
      rejectReason: "NOT_RECEIVED",
      reservedPaise: 0,
    });
    expect(await sent(broker)).toEqual(["SUBMIT one"]);
    expect((await broker.calls()).filter((call) => call === "BOOK").length).toBeGreaterThanOrEqual(2);
    await expectSound(account);
  });

  it("is canceled when it turns up after it was given up, and what it dealt by then is booked", async () => {
    const { account, broker } = await lost("broker-stray", "LOSES_REQUEST");
    await lookAt(account, 123);
    await lookAt(account, 126);
    expect(await orderOf(account)).toMatchObject({ status: "REJECTED" });
    await broker.setLine("GOOD");
    await broker.deliverLost();
    await broker.deal(ONE, LOT - 25, paise(9_990), afterOpen(127));
    await clockAt(account, afterOpen(128));
    const run = must(await account.reconcile());
    expect(run.differences.map(({ code }) => code)).toEqual(expect.arrayContaining(["FILL_MISSED"]));
    await vi.waitFor(async () => expect(await broker.calls()).toContain("CANCEL one"));
    await clockAt(account, afterOpen(130));
    must(await account.reconcile());
    const order = await orderOf(account);
    expect(order).toMatchObject({ filledUnits: LOT - 25 });
    expect(order?.strayAtMs).toBeUndefined();
    expect((await account.state()).openTrades[CALL.instrumentId]?.position.netUnits).toBe(LOT - 25);
    expect(await sent(broker)).toEqual(["SUBMIT one"]);
    await expectSound(account);
  });

  it("is refused where the broker says no, at once and without a reading", async () => {
    const { account, broker } = await started("broker-refuses");
    await broker.setLine("REFUSES");
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(async () => expect(await orderOf(account)).toMatchObject({ status: "REJECTED" }));
    expect(await orderOf(account)).toMatchObject({ rejectReason: "RMS:MARGIN" });
  });

  it("is asked about again when the answer to its cancel was lost, and is canceled once", async () => {
    const { account, broker } = await started("broker-cancel");
    must(await account.submitOrder(buy("one", { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(9_000) })));
    await vi.waitFor(async () => expect(await orderOf(account)).toMatchObject({ status: "ACCEPTED" }));
    await broker.setLine("LOSES_ANSWER");
    must(await account.cancelOrder(ONE));
    await vi.waitFor(async () => expect(await broker.calls()).toContain("CANCEL one"));
    await clockAt(account, afterOpen(123));
    must(await account.reconcile());
    expect(await orderOf(account)).toMatchObject({ status: "CANCELED", reservedPaise: 0 });
    await expectSound(account);
  });
});

describe("an account that was evicted", () => {
  it("looks up what may have been sent before it sends anything new, and sends nothing twice", async () => {
    const { account, broker } = await lost("broker-evicted", "LOSES_ANSWER");
    await evict(account);
    await broker.setLine("GOOD");
    await clockAt(account, afterOpen(121));
    must(await account.submitOrder(buy("two")));
    await vi.waitFor(async () => expect(await sent(broker)).toEqual(["SUBMIT one", "SUBMIT two"]));
    const calls = await broker.calls();
    expect(calls.slice(calls.indexOf("SUBMIT one") + 1, calls.indexOf("SUBMIT two"))).toContain("BOOK");
    expect(await orderOf(account)).toMatchObject({ status: "ACCEPTED", venueOrderId: "B1" });
    expect(await causes(account)).toContain("RECOVERY");
    await expectSound(account);
  });

  it("hears of a fill that nobody told it, at the first thing it does", async () => {
    const { account, broker } = await started("broker-deaf");
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(async () => expect(await orderOf(account)).toMatchObject({ status: "ACCEPTED" }));
    await evict(account);
    await broker.deal(ONE, LOT, paise(10_000), afterOpen(121));
    await lookAt(account, 122);
    expect(await orderOf(account)).toMatchObject({ status: "FILLED" });
    expect(await sent(broker)).toEqual(["SUBMIT one"]);
    const before = (await account.state()).sequence;
    await lookAt(account, 123);
    expect((await account.state()).sequence).toBe(before);
    await expectSound(account);
  });

  it("sends nothing new while the book cannot be read, and goes on when it can", async () => {
    const { account, broker } = await started("broker-blind");
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(async () => expect(await orderOf(account)).toMatchObject({ status: "ACCEPTED" }));
    await broker.setBookDown(true);
    await evict(account);
    await clockAt(account, afterOpen(121));
    must(await account.submitOrder(buy("two")));
    await vi.waitFor(async () => expect((await broker.calls()).at(-1)).toBe("BOOK"));
    await inside(account, (object) => object.alarm());
    expect(await sent(broker)).toEqual(["SUBMIT one"]);
    await broker.setBookDown(false);
    await vi.waitFor(async () => {
      await inside(account, (object) => object.alarm());
      expect(await sent(broker)).toEqual(["SUBMIT one", "SUBMIT two"]);
    }, 5_000);
    await expectSound(account);
  });
});
