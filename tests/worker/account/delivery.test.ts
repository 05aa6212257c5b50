import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { OUTBOX_ATTEMPTS_MAX } from "../../../durable-objects/account/outbox.ts";
import { afterOpen } from "../market-feed/feed-fixtures.ts";
import { type Account, buy, clockAt, evict, inside, must, nifty, replaceBinding, trader } from "./account-fixtures.ts";

const patient = { timeout: 10_000, interval: 50 };

async function started(accountId: string): Promise<Account> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  return account;
}

const pending = async (account: Account): Promise<number> => (await account.verify()).outboxPending;

describe("what an account has written", () => {
  it("reaches the consumers by itself and leaves the outbox when they confirm it", async () => {
    const account = await started("told");
    must(await account.submitOrder(buy("one")));
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
    const { results } = await env.DB.prepare(
      "SELECT client_order_id AS id FROM orders WHERE account_id = 'told'",
    ).all();
    expect(results).toEqual([{ id: "one" }]);
  });

  it("is told again after messages were lost with the runtime that had sent them", async () => {
    const account = await started("lossy");
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
    let lost = 0;
    await replaceBinding(account, "LEDGER", () => ({
      sendBatch: async (messages: Iterable<unknown>) => {
        lost += [...messages].length;
      },
    }));
    must(await account.submitOrder(buy("one")));
    expect((await account.flushOutbox()).pending).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    await account.flushOutbox();
    expect(lost).toBe(1);
    await evict(account);
    await account.flushOutbox();
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
  });

  it("is forgotten without a commit of its own when it is confirmed, and never told again by this instance", async () => {
    const account = await started("lazy");
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
    must(await account.submitOrder(buy("one")));
    const idsIn = ({ sql }: DurableObjectStorage): number[] =>
      [...sql.exec<{ id: number }>("SELECT id FROM outbox")].map(({ id }) => id);
    // Within one turn, so that no alarm rings in between.
    const ids = await inside(account, (object, { storage }) => {
      const before = idsIn(storage);
      void object.confirmOutbox(before);
      expect(idsIn(storage)).toEqual(before);
      return before;
    });
    expect(ids.length).toBeGreaterThan(0);
    must(await account.submitOrder(buy("two")));
    const left = await inside(account, (_object, { storage }) => idsIn(storage));
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((id) => ids.includes(id))).toEqual([]);
  });

  it("is parked after the last attempt, listed, and told again when a person asks for it", async () => {
    const account = await started("parked");
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
    await inside(account, (_object, { storage }) => {
      storage.sql.exec(
        "INSERT INTO outbox (topic, body, attempts, due_at_ms) VALUES ('ledger', ?, ?, 0)",
        JSON.stringify({ rows: [], entries: [] }),
        OUTBOX_ATTEMPTS_MAX,
      );
    });
    expect(await account.flushOutbox()).toEqual({ pending: 0, parked: 1 });
    expect(await account.parkedOutbox()).toMatchObject([{ topic: "ledger", attempts: OUTBOX_ATTEMPTS_MAX }]);
    expect((await account.verify()).outboxParked).toBe(1);
    expect(await account.replayParked()).toBe(1);
    expect(await account.parkedOutbox()).toEqual([]);
    await account.flushOutbox();
    await vi.waitFor(async () => expect(await pending(account)).toBe(0), patient);
  });
});
