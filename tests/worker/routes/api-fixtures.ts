// The API as a client meets it: real requests to the real Worker, keys made the way everybody makes them.
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
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
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
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
  "market:read",
  "session:control",
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
