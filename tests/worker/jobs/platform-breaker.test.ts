// The platform's own breaker in the real runtime: cron looks, throws the operator's switch once, every account follows it with the
// figures, and what a person has lifted stays lifted.
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { runScheduled } from "../../../src/jobs/scheduled.ts";
import { watchPlatform } from "../../../src/jobs/watch-platform.ts";
import { type Account, buy, clockAt, must, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen } from "../market-feed/feed-fixtures.ts";
import { call, enlist, keyFor } from "../routes/api-fixtures.ts";
import { eventually, rowsOf } from "./message-fixtures.ts";

const NAMES = ["A", "B", "C"];
const paper = (change: Record<string, unknown> = {}) =>
  new Proxy(env, {
    get: (real, key) => ({ TRADING_MODE: "PAPER", ...change })[key as string] ?? Reflect.get(real, key),
  });
const switches = () => rowsOf<{ action: string; cause: string | null }>("SELECT * FROM platform_switches");

/** Three accounts that have bought at the ask: the spread and the charges are a small loss of all of them. */
async function losers(): Promise<readonly Account[]> {
  const feed = await nifty();
  const accounts: Account[] = [];
  for (const name of NAMES) {
    accounts.push(await trader(name));
    await enlist(name);
  }
  await feed.playUntil(afterOpen(120));
  for (const account of accounts) {
    await clockAt(account, afterOpen(120));
    must(await account.submitOrder(buy("one")));
  }
  await feed.playUntil(afterOpen(125));
  for (const account of accounts) {
    await clockAt(account, afterOpen(125));
    await account.flushOutbox();
  }
  await eventually(
    () => rowsOf<{ n: number }>("SELECT COUNT(*) AS n FROM orders WHERE status = 'FILLED'"),
    ([row]) => row?.n === 3,
  );
  return accounts;
}

it("stops everybody once for what all have lost together, tells each with the figures, and not again after a resume", async () => {
  const accounts = await losers();
  expect((await call("GET", "/v1/platform/breaker")).body).toEqual({ look: null });
  expect((await call("GET", "/v1/platform/breaker", { key: await keyFor("A") })).status).toBe(403);
  // At the shipped limits so small a loss stops nobody, and in replay nobody looks.
  await watchPlatform(paper() as never, afterOpen(180));
  await runScheduled(env as never, afterOpen(180));
  expect(await switches()).toEqual([]);
  const calm = await call("GET", "/v1/platform/breaker");
  expect(calm.body.look).toMatchObject({
    trading: 3,
    accounts: 3,
    losing: 3,
    unanswered: 0,
    unpriced: 0,
    loss: { value: expect.stringMatching(/^\d+\.\d\d$/), limit: expect.stringMatching(/^\d+\.\d\d$/) },
    silence: { valueMs: null, limitMs: 120_000 },
    drawdown: { value: expect.stringMatching(/^\d+\.\d\d$/), limit: expect.stringMatching(/^\d+\.\d\d$/) },
    errors: { accounts: 0, orders: 0 },
  });
  expect(Number(calm.body.look.loss.value)).toBeGreaterThan(0);

  const strict = paper({ PLATFORM_LOSS_SHARE_BPS: "1" });
  await Promise.all([watchPlatform(strict as never, afterOpen(240)), watchPlatform(strict as never, afterOpen(240))]);
  expect(await switches()).toMatchObject([{ action: "HALT", by_key: "breaker", cause: "DAILY_LOSS" }]);
  await vi.waitFor(
    async () => {
      for (const account of accounts) {
        expect((await account.state()).breakers?.PLATFORM?.trips).toMatchObject([
          // Nobody reads what the others have lost.
          { cause: "DAILY_LOSS", by: "SYSTEM", haltId: "H1", evidence: { limit: null, value: null, unit: null } },
        ]);
      }
    },
    { timeout: 8_000 },
  );
  expect((await call("GET", "/v1/platform/halts")).body.data).toMatchObject([
    { byKey: "breaker", cause: "DAILY_LOSS", detail: expect.stringContaining("3 accounts have lost") },
  ]);
  await watchPlatform(strict as never, afterOpen(300));
  expect(await switches()).toHaveLength(1);

  await call("POST", "/v1/platform/resume", { body: { reason: "looked at it", confirm: "RESUME" } });
  await watchPlatform(strict as never, afterOpen(360));
  await watchPlatform(strict as never, afterOpen(420));
  expect((await switches()).map(({ action }) => action)).toEqual(["HALT", "RESUME"]);
});
