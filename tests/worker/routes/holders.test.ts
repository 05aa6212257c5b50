// Accounts of one holder: how many may be linked, one order over all of them, and the view of them together.
import { env } from "cloudflare:workers";
import { describe, expect, it, onTestFinished } from "vitest";
import { forgetContracts } from "../../../src/edge/contracts.ts";
import { clockAt, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen, CALL, SESSION } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

const save = (holderId: string, change: Record<string, unknown> = {}) =>
  call("PUT", `/v1/holders/${holderId}`, {
    body: { displayName: "A person", category: "REGULAR", reason: "onboarding", ...change },
  });
const link = (holderId: string, accountId: string) =>
  call("PUT", `/v1/holders/${holderId}/accounts/${accountId}`, { body: { reason: "same PAN" } });

/** A holder with two trading accounts, two minutes after the open. */
async function twoAccounts(holderId: string, ids: readonly string[]) {
  const feed = await nifty();
  await save(holderId, { accountsMax: ids.length, reason: "a test" });
  for (const accountId of ids) {
    const account = await trader(accountId);
    await enlist(accountId);
    expect((await link(holderId, accountId)).status).toBe(200);
    await feed.playUntil(afterOpen(120));
    await clockAt(account, afterOpen(120));
  }
  return feed;
}

const order = (change: Record<string, unknown> = {}) => ({
  clientOrderId: "club-1",
  instrumentId: CALL.instrumentId,
  side: "BUY",
  type: "MARKET",
  timeInForce: "IOC",
  quantityLots: 3,
  ...change,
});
const submit = (holderId: string, body: unknown) => call("POST", `/v1/holders/${holderId}/orders`, { body });
const outcomes = (answer: Awaited<ReturnType<typeof submit>>) =>
  answer.body.orders.map((part: { clientOrderId: string; lots: number; outcome: string }) => [
    part.clientOrderId,
    part.lots,
    part.outcome,
  ]);

describe("a holder", () => {
  it("has as many accounts as the category allows, and more only by an override that says why (C-27)", async () => {
    for (const id of ["A1", "A2", "A3"]) await enlist(id);
    expect((await save("H1")).body).toMatchObject({ accountsMax: 2, isOverridden: false });
    await link("H1", "A1");
    await link("H1", "A2");
    const refused = await link("H1", "A3");
    expectProblem(refused, "ACCOUNT_NOT_LINKABLE");
    expect(refused.body.errors).toMatchObject([{ limit: 2, value: 2, unit: "ACCOUNTS" }]);
    expectProblem(await save("H1", { accountsMax: 7 }), "BODY_INVALID");
    expectProblem(await save("H1", { accountsMax: 3, reason: " " }), "BODY_INVALID");
    expect((await save("H1", { accountsMax: 3, reason: "family office" })).body).toMatchObject({ isOverridden: true });
    const linked = await link("H1", "A3");
    expect(linked.body.accountIds).toEqual(["A1", "A2", "A3"]);
    const { changes } = (await call("GET", "/v1/holders/H1")).body;
    expect(changes.map(({ action }: { action: string }) => action)).toEqual([
      "LINKED",
      "CHANGED",
      "LINKED",
      "LINKED",
      "OPENED",
    ]);
    expect(changes[1]).toMatchObject({ by: "operator", reason: "family office" });
    expect(JSON.parse(changes[1].detail)).toMatchObject({ accountsMax: 3 });
  });

  it("neither gets nor loses an account whose accounts are locked (U-01)", async () => {
    await trader("L1");
    await enlist("L1");
    await save("H3");
    const locks = { capital: false, tradeLimit: false, accounts: true };
    await call("PUT", "/v1/accounts/L1/locks", { body: locks });
    expectProblem(await link("H3", "L1"), "LIMIT_LOCKED");
    await call("PUT", "/v1/accounts/L1/locks", { body: { ...locks, accounts: false } });
    expect((await link("H3", "L1")).status).toBe(200);
    await call("PUT", "/v1/accounts/L1/locks", { body: locks });
    expectProblem(await call("DELETE", "/v1/holders/H3/accounts/L1?reason=left"), "LIMIT_LOCKED");
    expect((await call("GET", "/v1/holders/H3")).body.accountIds).toEqual(["L1"]);
  });

  it("never gets more accounts than may be, however many are linked at once", async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `B${n}`);
    for (const id of ids) await enlist(id);
    await save("H2");
    const statuses = (await Promise.all(ids.map((id) => link("H2", id)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    const { body } = await call("GET", "/v1/holders/H2");
    expect(body.accountIds).toHaveLength(2);
    expect(body.changes.filter(({ action }: { action: string }) => action === "LINKED")).toHaveLength(2);
  });

  it("keeps an account to itself until it is taken away", async () => {
    await enlist("C1");
    await save("H3");
    await save("H4");
    await link("H3", "C1");
    expect((await link("H3", "C1")).status).toBe(200);
    expectProblem(await link("H4", "C1"), "ACCOUNT_NOT_LINKABLE");
    expectProblem(await call("DELETE", "/v1/holders/H4/accounts/C1?reason=x"), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("DELETE", "/v1/holders/H3/accounts/C1"), "REQUEST_INVALID");
    expect((await call("DELETE", "/v1/holders/H3/accounts/C1?reason=moved")).body.accountIds).toEqual([]);
    expect((await link("H4", "C1")).status).toBe(200);
  });

  it("is out of reach for everybody but the operator", async () => {
    await enlist("D1");
    await save("H5");
    const key = await keyFor("D1");
    expectProblem(await call("GET", "/v1/holders/H5", { key }), "SCOPE_MISSING");
    expectProblem(await call("GET", "/v1/holders/H5/portfolio", { key }), "SCOPE_MISSING");
    expectProblem(await call("POST", "/v1/holders/H5/orders", { key, body: order() }), "SCOPE_MISSING");
    for (const path of ["", "/portfolio"])
      expectProblem(await call("GET", `/v1/holders/H9${path}`), "HOLDER_NOT_FOUND");
    expectProblem(await link("H9", "D1"), "HOLDER_NOT_FOUND");
    expectProblem(await link("H5", "nobody"), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("DELETE", "/v1/holders/H9/accounts/D1?reason=x"), "HOLDER_NOT_FOUND");
  });

  it("is not reached by a key of the platform either, beyond reading and writing what it is", async () => {
    await save("H6");
    const made = await call("POST", "/v1/api-keys", {
      body: { name: "platform", scopes: ["operations:read", "orders:write", "accounts:write"] },
    });
    expect(made.status).toBe(201);
    const { key } = made.body;
    expectProblem(await call("GET", "/v1/holders/H6/portfolio", { key }), "HOLDER_NOT_FOUND");
    expectProblem(await call("POST", "/v1/holders/H6/orders", { key, body: order() }), "HOLDER_NOT_FOUND");
  });
});

describe("POST /v1/holders/{holderId}/orders", () => {
  it("makes an order of each account, and does so once, also when asked many times at once", async () => {
    const feed = await twoAccounts("H10", ["E1", "E2"]);
    const many = await Promise.all(Array.from({ length: 8 }, () => submit("H10", order())));
    for (const answer of many) expect([200, 201]).toContain(answer.status);
    await feed.playUntil(afterOpen(121));
    const again = await submit("H10", order());
    expect([again.status, outcomes(again)]).toEqual([
      200,
      [
        ["club-1-A1", 2, "REPLAYED"],
        ["club-1-A2", 1, "REPLAYED"],
      ],
    ]);
    for (const [accountId, lots] of [
      ["E1", 2],
      ["E2", 1],
    ] as const) {
      const { orders, openTrades } = await env.ACCOUNT.getByName(accountId).state();
      expect(Object.values(orders)).toHaveLength(1);
      expect(Object.values(openTrades).map(({ position }) => position.netUnits)).toEqual([lots * CALL.lotSize]);
    }
    const view = (await call("GET", "/v1/holders/H10/portfolio")).body;
    expect(view.positions).toMatchObject([
      { netUnits: 3 * CALL.lotSize, accounts: [{ netUnits: 2 * CALL.lotSize }, { netUnits: CALL.lotSize }] },
    ]);
    expect(Number(view.cash)).toBeCloseTo(Number(view.accounts[0].cash) + Number(view.accounts[1].cash), 2);
    expectProblem(await submit("H10", order({ quantityLots: 4 })), "ALLOCATION_REUSED");
  });

  it("answers a repetition with the orders it made, also when nobody quotes their contract any more", async () => {
    const feed = await twoAccounts("H14", ["I1", "I2"]);
    expect((await submit("H14", order())).status).toBe(201);
    await feed.loadSession(SESSION, "NIFTY50");
    forgetContracts();
    onTestFinished(forgetContracts);
    const again = await submit("H14", order());
    expect([again.status, outcomes(again)]).toEqual([
      200,
      [
        ["club-1-A1", 2, "REPLAYED"],
        ["club-1-A2", 1, "REPLAYED"],
      ],
    ]);
    expectProblem(await submit("H14", order({ clientOrderId: "new" })), "INSTRUMENT_UNKNOWN");
  });

  it("keeps the shares when another account is linked in between", async () => {
    await twoAccounts("H11", ["F2", "F3"]);
    expect(outcomes(await submit("H11", order({ clientOrderId: "kept" })))).toHaveLength(2);
    await save("H11", { accountsMax: 3 });
    await trader("F1");
    await enlist("F1");
    await link("H11", "F1");
    const again = await submit("H11", order({ clientOrderId: "kept" }));
    expect(again.status).toBe(200);
    expect(again.body.orders.map((part: { accountId: string }) => part.accountId)).toEqual(["F2", "F3"]);
  });

  it("sends nothing to an account that was unlinked since, and says what it had been sent before", async () => {
    await twoAccounts("H15", ["K1", "K2", "K3"]);
    expect((await submit("H15", order())).status).toBe(201);
    // As when the account gave no answer: its share is kept, and nothing was sent to it.
    const unsent = order({ clientOrderId: "club-2" });
    await env.DB.prepare(
      `INSERT INTO allocations SELECT holder_id, date, 'club-2', replace(request, 'club-1', 'club-2'),
       replace(parts, 'club-1', 'club-2'), created_at_ms FROM allocations WHERE holder_id = 'H15'`,
    ).run();
    await call("DELETE", "/v1/holders/H15/accounts/K1?reason=left");
    await save("H16");
    await call("DELETE", "/v1/holders/H15/accounts/K2?reason=moved");
    await link("H16", "K2");
    const again = await submit("H15", unsent);
    expect([again.status, outcomes(again)]).toEqual([
      201,
      [
        ["club-2-A1", 1, "NOT_LINKED"],
        ["club-2-A2", 1, "NOT_LINKED"],
        ["club-2-A3", 1, "SUBMITTED"],
      ],
    ]);
    expect(again.body.orders[0]).toMatchObject({ order: null, detail: expect.stringContaining("K1") });
    for (const id of ["K1", "K2"]) {
      const { orders } = await env.ACCOUNT.getByName(id).state();
      expect(Object.keys(orders).filter((one) => one.startsWith("club-2"))).toEqual([]);
    }
    const before = await submit("H15", order());
    expect([before.status, outcomes(before).map(([, , outcome]: string[]) => outcome)]).toEqual([
      200,
      ["NOT_LINKED", "NOT_LINKED", "REPLAYED"],
    ]);
    expect(before.body.orders[0].order).toMatchObject({ clientOrderId: "club-1-A1" });
  });

  it("leaves the other account's order alone when one is denied, and gives no order for no lot", async () => {
    await twoAccounts("H12", ["G1", "G2"]);
    await env.ACCOUNT.getByName("G1").halt("by hand");
    const [denied, sent] = (await submit("H12", order({ quantityLots: 2 }))).body.orders;
    expect(denied).toMatchObject({ accountId: "G1", outcome: "DENIED", code: "ACCOUNT_HALTED" });
    expect(sent).toMatchObject({ accountId: "G2", outcome: "SUBMITTED" });
    const one = await submit("H12", order({ clientOrderId: "one", quantityLots: 1, allocation: "BY_CAPITAL" }));
    expect(one.body.orders.map((part: { outcome: string }) => part.outcome)).toEqual(["DENIED", "NO_LOTS"]);
  });

  it("is refused without an account, without a day, without a contract, and with a limit that does not belong", async () => {
    await nifty();
    await save("H13");
    expectProblem(await submit("H13", order()), "HOLDER_HAS_NO_ACCOUNT");
    expectProblem(await submit("H13", order({ instrumentId: "NOTHING.NFO" })), "INSTRUMENT_UNKNOWN");
    expectProblem(await submit("H13", order({ limitPrice: "1.00" })), "BODY_INVALID");
    expectProblem(await submit("H13", order({ clientOrderId: "x".repeat(61) })), "BODY_INVALID");
    expectProblem(await submit("H99", order()), "HOLDER_NOT_FOUND");
  });
});
