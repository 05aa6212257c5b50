// An account with its real feed and venue: a small session is loaded, the account is opened, funded and has its day open.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { AccountObject } from "../../../durable-objects/account/account-object.ts";
import type { OrderRequest } from "../../../src/core/account/command.ts";
import type { AccountLimits, AccountProfile } from "../../../src/core/account/profile.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, istInstant } from "../../../src/core/kernel/time.ts";
import type { MarketEvent } from "../../../src/core/market/market-event.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import { afterOpen, CALL, CLOSE, DATE, OPEN, SESSION, tenMinutes } from "../market-feed/feed-fixtures.ts";

export type Account = ReturnType<typeof env.ACCOUNT.getByName>;
export type Feed = ReturnType<typeof env.MARKET_FEED.getByName>;

export const LIMITS: AccountLimits = {
  tradesPerDayMax: 50,
  tradesPerCycleMax: 50,
  openTradesMax: 10,
  dailyLossMaxPaise: paise(50_000_00),
  orderValueMaxPaise: paise(15_00_000_00),
  allowedUnderlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
};

export const profile = (accountId: string, limits: Partial<AccountLimits> = {}): AccountProfile => ({
  accountId,
  displayName: `Trader ${accountId}`,
  category: "REGULAR",
  capitalPaise: paise(10_00_000_00),
  savingsPaise: paise(25_00_000_00),
  activatedOn: DATE,
  feeSchedule: "v9",
  kyc: { state: "VERIFIED", source: "SEED", changedAtMs: OPEN },
  limits: { ...LIMITS, ...limits },
});

export const jobKey = (name: string): string => `${name}/${DATE}/-/-`;
export const buy = (id: string, change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: id as ClientOrderId,
  contract: CALL,
  side: "BUY",
  type: "MARKET",
  timeInForce: "IOC",
  product: "INTRADAY",
  quantityUnits: CALL.lotSize,
  limitPricePaise: null,
  ...change,
});
export const sell = (id: string, change: Partial<OrderRequest> = {}): OrderRequest =>
  buy(id, { side: "SELL", ...change });

/** The feed of NIFTY 50 with a session and a tape, played up to the open. */
export async function nifty(tape: readonly MarketEvent[] = tenMinutes()): Promise<Feed> {
  const feed = env.MARKET_FEED.getByName("NIFTY50");
  await feed.loadSession(SESSION, "NIFTY50");
  must(await feed.appendTape(DATE, 0, tape));
  await feed.playUntil(OPEN);
  return feed;
}

/** Opened, funded by PULL, the day open. The other feeds know no session and are never asked for a price. */
export async function trader(accountId: string, limits: Partial<AccountLimits> = {}): Promise<Account> {
  const account = env.ACCOUNT.getByName(accountId);
  must(await account.open(profile(accountId, limits), istInstant(DATE, "08:00")));
  await startDay(account);
  return account;
}

/** The day's first jobs. */
export async function startDay(account: Account): Promise<void> {
  must(
    await account.runJob({
      type: "OPEN_DAY",
      atMs: istInstant(DATE, "09:00"),
      jobKey: jobKey("OPEN_DAY"),
      date: DATE,
      openMs: OPEN,
      closeMs: CLOSE,
      vixCenti: 1_215,
    }),
  );
  must(await account.runJob({ type: "REQUEST_PULL", atMs: OPEN, jobKey: jobKey("PULL") }));
  must(await account.runJob({ type: "POLL_TRANSFERS", atMs: afterOpen(60), jobKey: jobKey("POLL_TRANSFERS") }));
}

/** Lets a test stand between an account and one of its bindings, until the account is evicted. */
export async function replaceBinding(account: Account, name: string, make: (real: unknown) => unknown): Promise<void> {
  await inside(account, (object) => {
    const open = object as unknown as { env: object };
    open.env = new Proxy(open.env, {
      get: (target, key) => (key === name ? make(Reflect.get(target, key)) : Reflect.get(target, key)),
    });
  });
}

/** What the session does before each step of a replay: time stands at one instant. */
export const clockAt = (account: Account, atMs: EpochMs): Promise<void> =>
  account.setClock(DATE, { anchorMarketMs: atMs, anchorWallMs: atMs, speed: null });

export function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const stubOf = (account: Account): DurableObjectStub<AccountObject> =>
  account as unknown as DurableObjectStub<AccountObject>;

/** Takes the object out of memory. It is woken first: one that does not run cannot be evicted. */
export async function evict(account: Account): Promise<void> {
  await account.view();
  await evictDurableObject(stubOf(account));
}

export const inside = <T>(account: Account, look: (object: AccountObject, ctx: DurableObjectState) => T | Promise<T>) =>
  runInDurableObject(stubOf(account), look);

/** Every claim `verify` makes, at once. */
export async function expectSound(account: Account): Promise<void> {
  expect(await account.verify()).toMatchObject({
    chainIntact: true,
    foldEqualsSnapshot: true,
    ledgerBalanced: true,
    cashReconciles: true,
  });
}
