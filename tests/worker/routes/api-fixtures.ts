// The API as a client meets it: real requests to the real Worker, keys made the way everybody makes them.
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import type * as z from "zod";
import { app } from "../../../src/edge/app.ts";
import type { Scope } from "../../../src/edge/principal.ts";
import { PROBLEMS, type ProblemCode } from "../../../src/edge/problem-codes.ts";
import { type Account, clockAt, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen } from "../market-feed/feed-fixtures.ts";

export const OPERATOR_KEY = "ah_operator_test";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Call {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A string body is sent as it is. Without `key` the operator asks; null asks without any. */
export async function call(
  method: string,
  path: string,
  { key = OPERATOR_KEY, body, headers }: Call = {},
): Promise<Answer> {
  const response = await raw(method, path, { key, body, ...(headers === undefined ? {} : { headers }) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const answer = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  if (isJson) expectDocumented(method, path, answer);
  return answer;
}

interface DocumentedRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>> }>
  >;
}

const documented: readonly DocumentedRoute[] = app.openAPIRegistry.definitions.flatMap((definition) =>
  definition.type === "route"
    ? [
        {
          method: definition.route.method.toUpperCase(),
          pattern: new RegExp(`^${definition.route.path.replace(/\{\w+\}/g, "[^/]+")}$`),
          responses: definition.route.responses as DocumentedRoute["responses"],
        },
      ]
    : [],
);

/** Every answer of every test is one that the OpenAPI document promises: its status, and its fields, no more and no fewer. */
function expectDocumented(method: string, path: string, { status, headers, body }: Answer): void {
  const { pathname } = new URL(path, "https://api.test");
  const routes = documented.filter((route) => route.method === method && route.pattern.test(pathname));
  const route = routes.find((one) => !one.pattern.source.includes("[^/]+")) ?? routes[0];
  if (route === undefined) return;
  const where = `${method} ${pathname} ${status}`;
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  const schema = route.responses[status]?.content?.[type]?.schema;
  expect(schema, `${where} is documented`).toBeDefined();
  expect(schema?.parse(body), `${where} as documented`).toEqual(body);
  if (type === "application/problem+json") {
    const { description } = route.responses[status] as { readonly description?: string };
    expect(description?.split(", "), `${where} names its code`).toContain(body.code);
  }
}

export const raw = (
  method: string,
  path: string,
  { key = OPERATOR_KEY, body, headers }: Call = {},
): Promise<Response> =>
  exports.default.fetch(
    new Request(`https://api.test${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );

/** The answer is this problem, in the documented form. */
export function expectProblem(answer: Answer, code: ProblemCode): void {
  expect(answer.body).toMatchObject({
    type: `/v1/errors/${code}`,
    code,
    status: PROBLEMS[code].status,
    retryable: PROBLEMS[code].retryable,
    requestId: answer.headers.get("x-request-id"),
  });
  expect(answer.status).toBe(PROBLEMS[code].status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body.detail).not.toBe("");
}

export const EVERYTHING: readonly Scope[] = [
  "account:read",
  "orders:read",
  "orders:write",
  "limits:write",
  "market:read",
  "session:control",
  "lab:read",
  "lab:write",
  "ledger:read",
  "reports:read",
  "keys:write",
];

/** A key of an account, which has to be listed. */
export async function keyFor(accountId: string, scopes: readonly Scope[] = EVERYTHING): Promise<string> {
  const made = await call("POST", "/v1/api-keys", { body: { accountId, name: "test", scopes } });
  expect(made.status).toBe(201);
  return made.body.key;
}

/** The account as the list of accounts knows it. */
export async function enlist(accountId: string): Promise<void> {
  await env.DB.prepare(
    "INSERT INTO accounts (account_id, display_name, category, status, created_at_ms) VALUES (?1, ?1, 'REGULAR', 'ACTIVE', 0)",
  )
    .bind(accountId)
    .run();
}

/** An account in the middle of a trading day, two minutes after the open, and its key. */
export async function tradingAccount(
  accountId: string,
): Promise<{ readonly account: Account; readonly key: string; readonly feed: Awaited<ReturnType<typeof nifty>> }> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  await enlist(accountId);
  return { account, key: await keyFor(accountId), feed };
}
