import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { CALL } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

const account = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  accountId: "U001",
  displayName: "Demo trader",
  category: "RESTRICTED",
  capital: "100000.00",
  savings: "500000.00",
  ...change,
});

describe("POST /v1/accounts", () => {
  it("opens an account with its category's limits, lists it, and does so once", async () => {
    const opened = await call("POST", "/v1/accounts", { body: account() });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      accountId: "U001",
      category: "RESTRICTED",
      capital: "100000.00",
      savings: "500000.00",
      cash: "0.00",
      day: null,
      guardrails: { tradesMax: 27, lossMax: "2500.00" },
    });
    expect((await call("POST", "/v1/accounts", { body: account() })).status).toBe(200);
    expectProblem(await call("POST", "/v1/accounts", { body: account({ capital: "50000.00" }) }), "ACCOUNT_EXISTS");
    expect((await call("GET", "/v1/account", { key: await keyFor("U001") })).body.sequence).toBe(1);
    expect((await call("GET", "/v1/accounts")).body.data).toMatchObject([{ accountId: "U001", status: "ACTIVE" }]);
  });

  it("lists an account whose opening was cut off after the object had it", async () => {
    await call("POST", "/v1/accounts", { body: account() });
    await env.DB.exec("DELETE FROM accounts");
    expect((await call("POST", "/v1/accounts", { body: account() })).status).toBe(200);
    expect((await call("GET", "/v1/accounts")).body.data).toHaveLength(1);
  });

  it("gives the same account the same history whenever it is opened", async () => {
    await call("POST", "/v1/accounts", { body: account() });
    const [entry] = await env.ACCOUNT.getByName("U001").journal(0, 1);
    expect(entry?.event).toMatchObject({ type: "ACCOUNT_OPENED", profile: { activatedOn: "2020-01-01" } });
    expect(entry?.event.atMs).toBe(Date.parse("2020-01-01T00:00:00+05:30"));
  });

  it.each([
    ["a category nobody knows", { category: "VIP" }, "category"],
    ["money as a number", { capital: 100_000 }, "capital"],
    ["no capital", { capital: "0" }, "capital"],
    ["negative savings", { savings: "-1" }, "savings"],
    ["an amount beyond exactness", { capital: "999999999999999.99" }, "capital"],
    ["more capital than may be own", { capital: "1500000.01" }, "capital"],
    ["less capital than Alpha-Beta begins with (G-34, C-60)", { capital: "7499.00" }, "capital"],
    ["more capital than Alpha-Beta may have (G-34, C-60)", { capital: "100001.00" }, "capital"],
    ["less capital than others begin with (CMP-06)", { category: "REGULAR", capital: "9999.99" }, "capital"],
    ["savings that no sum could hold", { savings: "90071992547409.91" }, "savings"],
    ["an id with a slash", { accountId: "a/b" }, "accountId"],
    ["an unknown field", { isAdmin: true }, "isAdmin"],
  ])("refuses %s", async (_, change, field) => {
    const refused = await call("POST", "/v1/accounts", { body: account(change) });
    expectProblem(refused, "BODY_INVALID");
    expect(JSON.stringify(refused.body.errors)).toContain(field);
    expect((await call("GET", "/v1/accounts")).body.data).toEqual([]);
  });

  it("pages through all accounts by id", async () => {
    for (const id of ["B", "A", "C"]) await enlist(id);
    const first = await call("GET", "/v1/accounts?limit=2");
    expect(first.body.data.map((row: { accountId: string }) => row.accountId)).toEqual(["A", "B"]);
    const second = await call("GET", `/v1/accounts?limit=2&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ data: [{ accountId: "C" }], next: null });
  });
});

describe("PUT /v1/accounts/{accountId}/limits", () => {
  const limits = {
    tradesPerDayMax: 30,
    tradesPerCycleMax: 2,
    openTradesMax: 3,
    dailyLossMax: "1234.50",
    orderValueMax: "50000.00",
    allowedUnderlyings: ["NIFTY50"],
  };

  it("sets the limits that bind from then on", async () => {
    await call("POST", "/v1/accounts", { body: account() });
    expect((await call("PUT", "/v1/accounts/U001/limits", { body: limits })).status).toBe(200);
    expect((await call("GET", "/v1/accounts/U001")).body.guardrails).toMatchObject({
      tradesMax: 30,
      openTradesMax: 3,
      lossMax: "1234.50",
    });
  });

  it("refuses an unknown account, and to lift what every account has", async () => {
    expectProblem(await call("PUT", "/v1/accounts/nobody/limits", { body: limits }), "ACCOUNT_NOT_FOUND");
    const lifted = { openTradesMax: null };
    expectProblem(await call("PUT", "/v1/accounts/nobody/limits", { body: lifted }), "BODY_INVALID");
  });
});

describe("GET /v1/account", () => {
  it("shows the key's own account, to the operator by its path", async () => {
    const { key } = await tradingAccount("U001");
    const own = await call("GET", "/v1/account", { key });
    expect(own).toMatchObject({
      status: 200,
      body: { accountId: "U001", day: { date: "2025-08-29", status: "OPEN" } },
    });
    expect((await call("GET", "/v1/accounts/U001", { key })).body).toEqual(own.body);
    expect((await call("GET", "/v1/accounts/U001")).body).toEqual(own.body);
    expectProblem(await call("GET", "/v1/account"), "ACCOUNT_REQUIRED");
    expectProblem(await call("GET", "/v1/accounts/nobody"), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/accounts/nobody", { key }), "ACCOUNT_NOT_FOUND");
  });
});

describe("the kill switch", () => {
  it("stops everything new at once, and trading starts again only when that is said", async () => {
    const { key } = await tradingAccount("U001");
    expect((await call("POST", "/v1/account/halt", { key, body: {} })).status).toBe(200);
    expect((await call("GET", "/v1/account", { key })).body).toMatchObject({
      tradingState: "HALTED",
      haltReason: "kill switch",
    });
    const order = {
      clientOrderId: "one",
      instrumentId: CALL.instrumentId,
      side: "BUY",
      type: "MARKET",
      quantityLots: 1,
    };
    expectProblem(await call("POST", "/v1/orders", { key, body: order }), "ACCOUNT_HALTED");
    expectProblem(await call("POST", "/v1/account/resume", { key, body: {} }), "CONFIRMATION_REQUIRED");
    expectProblem(await call("POST", "/v1/account/resume", { key, body: { confirm: "yes" } }), "CONFIRMATION_REQUIRED");
    expect((await call("POST", "/v1/account/resume", { key, body: { confirm: "RESUME" } })).status).toBe(200);
    expect((await call("GET", "/v1/account", { key })).body.tradingState).toBe("ACTIVE");
  });

  it("is the operator's too, without the word", async () => {
    await tradingAccount("U001");
    expect((await call("POST", "/v1/accounts/U001/halt", { body: { reason: "audit" } })).status).toBe(200);
    expect((await call("GET", "/v1/accounts/U001")).body.haltReason).toBe("audit");
    expect((await call("POST", "/v1/accounts/U001/resume", { body: {} })).status).toBe(200);
    expectProblem(await call("POST", "/v1/accounts/nobody/halt", { body: {} }), "ACCOUNT_NOT_FOUND");
  });
});

describe("API keys", () => {
  it("are shown once, kept as a hash, listed without their secret, and useless once revoked", async () => {
    await enlist("U001");
    const made = await call("POST", "/v1/api-keys", {
      body: { accountId: "U001", name: "Reader", scopes: ["orders:read"] },
    });
    expect(made.status).toBe(201);
    const { key, keyId } = made.body;
    expect(key).toMatch(/^ah_paper_[0-9a-z]{16}_[0-9a-z]{60}$/);
    const stored = await env.DB.prepare("SELECT * FROM api_keys").first();
    expect(JSON.stringify(stored)).not.toContain(key.slice(30));
    expect(stored?.["secret_hash"]).toMatch(/^[0-9a-f]{64}$/);
    const listed = await call("GET", "/v1/api-keys");
    expect(listed.body.data).toMatchObject([{ keyId, name: "Reader", scopes: ["orders:read"], revokedAt: null }]);
    expect(JSON.stringify(listed.body)).not.toContain(key.slice(30));
    expect((await call("GET", "/v1/orders", { key })).status).toBe(200);
    expect((await call("DELETE", `/v1/api-keys/${keyId}`)).status).toBe(200);
    expectProblem(await call("GET", "/v1/orders", { key }), "KEY_INVALID");
    expectProblem(await call("DELETE", `/v1/api-keys/${keyId}`), "KEY_NOT_FOUND");
  });

  it("are not taken with another secret, a typing error, or after their time", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    expect((await call("GET", "/v1/orders", { key })).status).toBe(200);
    const flipped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
    expectProblem(await call("GET", "/v1/orders", { key: flipped }), "KEY_INVALID");
    const other = await keyFor("U001");
    expectProblem(await call("GET", "/v1/orders", { key: key.slice(0, 25) + other.slice(25) }), "KEY_INVALID");
    const third = await keyFor("U001");
    await env.DB.exec("UPDATE api_keys SET expires_at_ms = 1");
    expectProblem(await call("GET", "/v1/orders", { key: third }), "KEY_INVALID");
    expectProblem(
      await call("GET", "/v1/orders", { key: "x", headers: { authorization: "Basic abc" } }),
      "KEY_INVALID",
    );
  });

  it("hand on only what they have, and only within their account", async () => {
    await enlist("U001");
    await enlist("U002");
    const key = await keyFor("U001", ["keys:write", "orders:read"]);
    const make = (body: Record<string, unknown>, by: string | undefined = key) =>
      call("POST", "/v1/api-keys", { ...(by === undefined ? {} : { key: by }), body: { name: "child", ...body } });
    const child = await make({ scopes: ["orders:read"] });
    expect(child).toMatchObject({ status: 201, body: { accountId: "U001" } });
    expectProblem(await make({ scopes: ["orders:write"] }), "SCOPE_NOT_GRANTABLE");
    expectProblem(await make({ scopes: ["orders:read"], accountId: "U002" }), "SCOPE_NOT_GRANTABLE");
    const operator = "ah_operator_test";
    expectProblem(await make({ scopes: ["operations:read"], accountId: "U001" }, operator), "SCOPE_NOT_GRANTABLE");
    expectProblem(await make({ scopes: ["orders:read"], accountId: "nobody" }, operator), "ACCOUNT_NOT_FOUND");
    expectProblem(await make({ scopes: ["orders:everything"] }), "BODY_INVALID");
    const theirs = await make({ scopes: ["orders:read"], accountId: "U002" }, operator);
    expectProblem(await call("DELETE", `/v1/api-keys/${theirs.body.keyId}`, { key }), "KEY_NOT_FOUND");
    const listed = await call("GET", "/v1/api-keys", { key });
    expect(listed.body.data.every((row: { accountId: string }) => row.accountId === "U001")).toBe(true);
  });

  it("do not outlive the key that made them, whatever is asked for", async () => {
    await enlist("U001");
    const scopes = ["keys:write", "orders:read"];
    const days = 86_400_000;
    const make = async (key: string | undefined, terms: object) =>
      (
        await call("POST", "/v1/api-keys", {
          ...(key === undefined ? {} : { key }),
          body: { accountId: "U001", name: "heir", scopes, ...terms },
        })
      ).body;
    const parent = await make(undefined, { expiresInDays: 2 });
    const endless = await make(parent.key, {});
    expect(endless.expiresAt).toBe(parent.expiresAt);
    expect((await make(parent.key, { expiresInDays: 30 })).expiresAt).toBe(parent.expiresAt);
    expect((await make(endless.key, {})).expiresAt).toBe(parent.expiresAt);
    const shorter = Date.parse((await make(parent.key, { expiresInDays: 1 })).expiresAt);
    expect(shorter).toBeLessThan(Date.parse(parent.expiresAt) - 0.9 * days);
    expect((await make(undefined, {})).expiresAt).toBeNull();
  });

  it("are at most twenty good ones of an account, however many are asked for at once", async () => {
    await enlist("U001");
    await enlist("U002");
    const key = await keyFor("U001");
    const other = await keyFor("U002");
    const make = (by: string | undefined, headers = {}) =>
      call("POST", "/v1/api-keys", {
        ...(by === undefined ? {} : { key: by }),
        headers,
        body: { accountId: by === other ? "U002" : "U001", name: "one more", scopes: ["orders:read"] },
      });
    const first = await make(key, { "idempotency-key": "again" });
    const made = await Promise.all(Array.from({ length: 25 }, () => make(key)));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(18);
    const refused = await make(key);
    expectProblem(refused, "KEYS_TOO_MANY");
    expect(refused.body.errors).toMatchObject([{ field: "accountId", limit: 20, value: 21, unit: "KEYS" }]);
    expectProblem(await make(key, { "idempotency-key": "again" }), "IDEMPOTENCY_KEY_USED");
    expect((await make(other)).status).toBe(201);
    expect((await make(undefined)).status).toBe(201);
    for (const { body } of [first, made.find(({ status }) => status === 201) ?? first]) {
      expect((await call("DELETE", `/v1/api-keys/${body.keyId}`, { key })).status).toBe(200);
    }
    expect((await make(key)).status).toBe(201);
  });

  it("make no more once they have been revoked, wherever that was", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    expect((await call("GET", "/v1/orders", { key })).status).toBe(200);
    await env.DB.exec("UPDATE api_keys SET revoked_at_ms = 1");
    const body = { accountId: "U001", name: "late", scopes: ["orders:read"] };
    expectProblem(await call("POST", "/v1/api-keys", { key, body }), "KEY_INVALID");
  });

  it("of an account never reach beyond it, whatever the database says", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    await env.DB.exec(`UPDATE api_keys SET scopes = '["accounts:write","operations:read","orders:read"]'`);
    expectProblem(await call("GET", "/v1/accounts", { key }), "SCOPE_MISSING");
    expect((await call("GET", "/v1/orders", { key })).status).toBe(200);
  });
});

describe("an Idempotency-Key on a new API key", () => {
  it("makes one key, names it when it comes again, and belongs to whoever sent it", async () => {
    await enlist("U001");
    const own = await keyFor("U001");
    const make = (idempotencyKey: string, key?: string) =>
      call("POST", "/v1/api-keys", {
        ...(key === undefined ? {} : { key }),
        body: { accountId: "U001", name: "twice", scopes: ["orders:read"] },
        headers: { "idempotency-key": idempotencyKey },
      });
    const made = await make("once");
    expect(made.status).toBe(201);
    const again = await make("once");
    expectProblem(again, "IDEMPOTENCY_KEY_USED");
    expect(again.body.detail).toContain(made.body.keyId);
    expect(JSON.stringify(again.body)).not.toContain(made.body.key);
    expect((await make("other")).body.keyId).not.toBe(made.body.keyId);
    expect((await make("once", own)).status).toBe(201);
    expect((await call("GET", "/v1/orders", { key: made.body.key })).status).toBe(200);
    expectProblem(await make("with a space"), "IDEMPOTENCY_KEY_MALFORMED");
    const twice = (await call("GET", "/v1/api-keys")).body.data.filter(
      ({ name }: { name: string }) => name === "twice",
    );
    expect(twice).toHaveLength(3);
  });
});
