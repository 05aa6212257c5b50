import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/edge/app.ts";
import { mayHold, SCOPES, type Scope } from "../../../src/edge/principal.ts";
import { PROBLEM_CODES, PROBLEMS } from "../../../src/edge/problem-codes.ts";
import { call, enlist, expectProblem, keyFor, tradingAccount } from "./api-fixtures.ts";

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId?: string;
  readonly deprecated?: boolean;
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly tags?: readonly string[];
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
  readonly requestBody?: unknown;
}

async function operations(): Promise<readonly Operation[]> {
  const { body } = await call("GET", "/v1/openapi.json", { key: null });
  return Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

const concrete = (path: string): string =>
  path
    .replace("{underlying}", "NIFTY50")
    .replace("{date}", "2025-08-29")
    .replace("{chunk}", "0")
    .replace("{sequence}", "1")
    .replace("{part}", "0")
    .replace("{id}", "1")
    .replace("{keyId}", "abc")
    .replace(/\{\w+\}/g, "nobody");

const needsKey = (operation: Operation): boolean => (operation.security ?? []).length > 0;
const bodyOf = (operation: Operation): { readonly body?: unknown } =>
  operation.requestBody === undefined ? {} : { body: {} };

describe("liveness and readiness", () => {
  it.each(["/v1/health", "/health", "/livez", "/api/health"])("%s answers without a key", async (path) => {
    expect(await call("GET", path, { key: null })).toMatchObject({
      status: 200,
      body: { status: "ok", mode: "REPLAY" },
    });
  });

  it.each(["/v1/readyz", "/readyz"])("%s says whether the database is migrated", async (path) => {
    expect((await call("GET", path, { key: null })).status).toBe(200);
    await env.DB.exec("DROP TABLE job_batches");
    const answer = await call("GET", path, { key: null });
    expectProblem(answer, "NOT_READY");
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  it.each(["/", "/v1"])("%s leads to the documentation", async (path) => {
    expect((await call("GET", path, { key: null })).body.links.openapi).toBe("/v1/openapi.json");
  });
});

describe("every answer", () => {
  it("carries a request id: the caller's when it is well-formed, else a new one", async () => {
    const given = await call("GET", "/v1/health", { headers: { "x-request-id": "abc-123" } });
    expect(given.headers.get("x-request-id")).toBe("abc-123");
    const other = await call("GET", "/v1/health", { headers: { "x-request-id": "a b<script>" } });
    expect(other.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("tells a browser to do nothing clever with it", async () => {
    const { headers } = await call("GET", "/v1/nowhere", { key: null });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("is 404 for an unknown path and 405 with Allow for a wrong method", async () => {
    expectProblem(await call("GET", "/v1/nowhere"), "ROUTE_NOT_FOUND");
    const answer = await call("DELETE", "/v1/orders");
    expectProblem(answer, "METHOD_NOT_ALLOWED");
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST");
    expect((await call("PUT", "/v1/accounts/U001/orders/x")).headers.get("allow")).toBe("DELETE, GET, HEAD, PATCH");
  });

  it("is a 500 without a stack when the program itself fails, and names the request", async () => {
    await env.DB.exec("DROP TABLE trades");
    await enlist("U001");
    const answer = await call("GET", "/v1/accounts/U001/trades");
    expectProblem(answer, "INTERNAL_ERROR");
    expect(JSON.stringify(answer.body)).not.toMatch(/SQLITE|at |trades table/i);
  });
});

describe("the body of a request", () => {
  const path = "/v1/charges";
  it("has to be JSON in form and by name, and of the stated size", async () => {
    expectProblem(await call("POST", path, { body: "{nope" }), "BODY_MALFORMED");
    const text = { body: "date=2025-08-29", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expectProblem(await call("POST", path, text), "CONTENT_TYPE_UNSUPPORTED");
    expectProblem(await call("POST", path, { body: { fills: "x".repeat(1_100_000) } }), "BODY_TOO_LARGE");
    expectProblem(await call("POST", path), "BODY_MALFORMED");
  });

  it("is asked for wherever a route takes one: nothing at all never counts as {}, which some routes would act upon", async () => {
    const taking = app.openAPIRegistry.definitions.flatMap((one) =>
      one.type === "route" && one.route.request?.body?.required === true ? [one.route] : [],
    );
    expect(taking.length).toBeGreaterThan(40);
    for (const { method, path: pattern } of taking) {
      const where = pattern.replace("{underlying}", "NIFTY50").replaceAll(/\{\w+\}/g, "1");
      const { body } = await call(method.toUpperCase(), where);
      expect.soft([where, body.code], JSON.stringify(body)).toEqual([where, "BODY_MALFORMED"]);
    }
  });

  it("may be left out where something is stopped: a kill switch asks for nothing but its key", async () => {
    const { key, account } = await tradingAccount("U001");
    const path = "/v1/account/underlyings/NIFTY50/halt";
    expect((await call("POST", path, { key })).status).toBe(200);
    expect((await call("POST", "/v1/account/halt", { key })).status).toBe(200);
    expect((await account.state()).tradingState).not.toBe("ACTIVE");
    expectProblem(await call("POST", "/v1/account/halt", { key, body: { reason: "" } }), "BODY_INVALID");
  });

  it("is measured while it is read when its length is not stated", async () => {
    const chunk = new TextEncoder().encode("x".repeat(65_536));
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 40 ? controller.enqueue(chunk) : controller.close()),
    });
    const response = await exports.default.fetch(
      new Request(`https://api.test${path}`, {
        method: "POST",
        headers: { authorization: "Bearer ah_operator_test", "content-type": "application/json" },
        body,
        duplex: "half",
      } as RequestInit),
    );
    expect(response.status).toBe(413);
  });

  it("is refused with the fields named and without repeating what was sent", async () => {
    const answer = await call("POST", path, { body: { date: "s3cret-in-a-date", fills: [], extra: "s3cret" } });
    expectProblem(answer, "BODY_INVALID");
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual(
      expect.arrayContaining(["date", "fills"]),
    );
    expect(JSON.stringify(answer.body)).not.toContain("s3cret");
  });
});

describe("every route that needs a key", () => {
  it("is closed to those who have none, a wrong one, or one without the scope", async () => {
    await enlist("U001");
    const guarded = (await operations()).filter(needsKey);
    expect(guarded.length).toBeGreaterThan(50);
    const powerless = await keyFor("U001", ["keys:write"]);
    for (const operation of guarded) {
      const { method } = operation;
      const path = concrete(operation.path);
      const where = `${method} ${path}`;
      expectProblem(await call(method, path, { key: null, ...bodyOf(operation) }), "KEY_MISSING");
      expectProblem(await call(method, path, { key: "ah_paper_wrong", ...bodyOf(operation) }), "KEY_INVALID");
      const scopes = operation.security?.[0]?.["apiKey"] ?? [];
      if (scopes.length === 0 || scopes.includes("keys:write")) continue;
      const answer = await call(method, path, { key: powerless, ...bodyOf(operation) });
      expect(answer.body.code, where).toBe("SCOPE_MISSING");
    }
  });

  it("hides accounts of others exactly as it hides those that do not exist", async () => {
    await enlist("mine");
    await enlist("theirs");
    const key = await keyFor("mine");
    const named = (await operations()).filter((operation) => operation.path.includes("/accounts/{accountId}/"));
    expect(named.length).toBeGreaterThan(15);
    for (const operation of named) {
      // A key of one account can never have these, so it learns nothing but that.
      if (operation.security?.[0]?.["apiKey"]?.some((scope) => !mayHold("mine", scope as Scope))) continue;
      const ask = (accountId: string) =>
        call(operation.method, concrete(operation.path.replace("{accountId}", accountId)), {
          key,
          ...bodyOf(operation),
        });
      const [theirs, nobody] = [await ask("theirs"), await ask("nobody")];
      expectProblem(theirs, "ACCOUNT_NOT_FOUND");
      const { instance: _, requestId: __, ...problem } = theirs.body;
      expect(nobody.body).toMatchObject(problem);
    }
  });
});

describe("the error registry", () => {
  it("is served whole and code by code", async () => {
    const { body } = await call("GET", "/v1/errors", { key: null });
    expect(body.data.map((kind: { code: string }) => kind.code)).toEqual(PROBLEM_CODES);
    for (const code of PROBLEM_CODES) {
      expect((await call("GET", `/v1/errors/${code}`, { key: null })).body).toEqual({ code, ...PROBLEMS[code] });
    }
    expectProblem(await call("GET", "/v1/errors/NO_SUCH_CODE", { key: null }), "DOCUMENT_NOT_FOUND");
  });
});

describe("the OpenAPI document", () => {
  it("is 3.1, names every operation once, and says which scopes it needs", async () => {
    const { body } = await call("GET", "/v1/openapi.json", { key: null });
    expect(body.openapi).toMatch(/^3\.1\./);
    const tags = new Set(body.tags.map((tag: { name: string }) => tag.name));
    const all = await operations();
    const ids = all.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const operation of all) {
      const where = `${operation.method} ${operation.path}`;
      expect(operation.operationId, where).toMatch(/^[a-z][A-Za-z]+$/);
      expect(
        operation.tags?.every((tag) => tags.has(tag)),
        where,
      ).toBe(true);
      expect(operation.security, where).toBeDefined();
      for (const scope of operation.security?.[0]?.["apiKey"] ?? []) expect(SCOPES).toContain(scope);
      expect(Object.keys(operation.responses), where).toContain("500");
      if (needsKey(operation)) expect(Object.keys(operation.responses), where).toContain("401");
      if (operation.tags?.includes("Aliases")) expect(operation.deprecated, where).toBe(true);
    }
    expect(body.components.securitySchemes.apiKey).toMatchObject({ type: "http", scheme: "bearer" });
  });

  it("resolves every reference it makes", async () => {
    const { body } = await call("GET", "/v1/openapi.json", { key: null });
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name as string,
    );
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(Object.keys(body.components.schemas)).toContain(name);
  });

  it("describes every route there is", async () => {
    const described = new Set(
      (await operations()).map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    );
    const open = app.routes.filter((route) => route.method !== "ALL").map((route) => `${route.method} ${route.path}`);
    for (const route of new Set(open)) {
      if (route !== "GET /v1/openapi.json") expect([...described]).toContain(route);
    }
  });
});

describe("the rate limit", () => {
  it.each(["", "many", "-5", "0"])("stands at 1,200 where the deployment says %j, which is no count", async (said) => {
    await enlist("U001");
    const headers = { authorization: `Bearer ${await keyFor("U001")}` };
    const request = new Request("https://api.test/v1/orders", { headers });
    const answer = await app.fetch(request, { ...env, REQUESTS_PER_MINUTE: said }, createExecutionContext());
    expect([answer.status, answer.headers.get("ratelimit-limit")]).toEqual([200, "1200"]);
  });

  it("tells what is left, and refuses beyond it with the time to wait", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    const first = await call("GET", "/v1/orders", { key });
    expect(first.headers.get("ratelimit-limit")).toBe("1200");
    expect(first.headers.get("ratelimit-remaining")).toBe("1199");
    const few = { ...env, REQUESTS_PER_MINUTE: "3" };
    const ask = () =>
      app.fetch(
        new Request("https://api.test/v1/orders", { headers: { authorization: `Bearer ${key}` } }),
        few,
        createExecutionContext(),
      );
    const statuses = [await ask(), await ask(), await ask()].map((answer) => answer.status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await ask();
    expect((await refused.json()) as object).toMatchObject({ code: "RATE_LIMITED", retryable: true });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("holds for guesses of keys, the operator's too: the address is then not even heard with the right one", async () => {
    await enlist("U001");
    const key = await keyFor("U001");
    const asked: string[] = [];
    const limiter = { limit: async (options: { key: string }) => ({ success: asked.push(options.key) <= 3 }) };
    const ask = async (guess: string, address: string) =>
      (
        await app.fetch(
          new Request("https://api.test/v1/sessions/current", {
            headers: { authorization: `Bearer ${guess}`, "cf-connecting-ip": address },
          }),
          { ...env, REQUEST_LIMIT: limiter },
          createExecutionContext(),
        )
      ).status;
    const otherSecret = `${key.slice(0, 30)}${key[30] === "0" ? "1" : "0"}${key.slice(31)}`;
    expect(await ask("ah_operator_test", "192.0.2.1")).toBe(200);
    expect(asked).toEqual([]);
    const guesses = ["ah_operator_guess", otherSecret, "ah_operator_again", "ah_operator_more"];
    const statuses: number[] = [];
    for (const guess of guesses) statuses.push(await ask(guess, "192.0.2.1"));
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(new Set(asked)).toEqual(new Set(["address:192.0.2.1"]));
    expect(await ask("ah_operator_test", "192.0.2.1")).toBe(429);
    expect(await ask("ah_operator_test", "192.0.2.2")).toBe(200);
  });
});
