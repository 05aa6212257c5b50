// API keys: made, listed, revoked. A key is shown once, when it is made.
import * as z from "zod";
import { accountExists } from "../../adapters/read-models/accounts.ts";
import {
  type ApiKeyRow,
  addApiKey,
  findApiKey,
  listApiKeys,
  revokeApiKey,
} from "../../adapters/read-models/api-keys.ts";
import { digestOf, hexOf, keyIdFor, makeKey } from "../api-key.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { forgetKey } from "../middleware/authenticate.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { mayHold, type Principal, SCOPES, type Scope } from "../principal.ts";
import { problem } from "../problem.ts";
import { AccountId, Instant, instant, instantOrNull, Paging, pageOf } from "../schemas.ts";

const ScopeName = z.enum(SCOPES).openapi("Scope");
const EXPIRY_MAX_DAYS = 3_650;
const MS_PER_DAY = 86_400_000;
/** Of one account: each has its own count of requests a minute. The operator may make more. */
const GOOD_KEYS_MAX = 20;

const NEVER = Number.POSITIVE_INFINITY;

const MakeKey = z
  .strictObject({
    accountId: AccountId.nullable().default(null).openapi({
      description: "The one account the key reaches. Null: a key of the platform, for operations.",
    }),
    name: z.string().trim().min(1).max(80),
    scopes: z.array(ScopeName).min(1).max(SCOPES.length),
    expiresInDays: z.number().int().min(1).max(EXPIRY_MAX_DAYS).optional(),
  })
  .openapi("MakeApiKey");

const KeyBody = z
  .object({
    keyId: z.string(),
    accountId: z.string().nullable(),
    name: z.string(),
    scopes: z.array(ScopeName),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
  })
  .openapi("ApiKey");
const MadeKey = KeyBody.extend({
  key: z.string().openapi({ description: "Shown this once." }),
}).openapi("MadeApiKey");

const RevokedKey = z.object({ keyId: z.string(), revokedAt: Instant });

export function openApiKeys(app: EdgeApp): void {
  openMaking(app);
  openListing(app);
}

function openMaking(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/api-keys",
      operationId: "makeApiKey",
      tag: "Keys",
      summary: "Make a key",
      description:
        "An Idempotency-Key makes at most one key: sent again it answers IDEMPOTENCY_KEY_USED with the id of that key, and makes nothing. If the answer was lost, revoke that key and make another under a new one. A key ends no later than the key that made it.",
      takesIdempotencyKey: true,
      scopes: ["keys:write"],
      request: { body: takes(MakeKey) },
      responses: { 201: answers(MadeKey, "The key; nobody can show it again.") },
      errors: ["ACCOUNT_NOT_FOUND", "SCOPE_NOT_GRANTABLE", "IDEMPOTENCY_KEY_USED", "KEYS_TOO_MANY"],
    },
    async (c) => {
      const body = c.req.valid("json");
      const accountId = body.accountId ?? c.var.principal.accountId;
      const refused = notGrantable(c.var.principal, accountId, body.scopes);
      if (refused !== null) return problem(c, "SCOPE_NOT_GRANTABLE", { detail: refused });
      if (accountId !== null && !(await accountExists(c.env.DB, accountId))) return problem(c, "ACCOUNT_NOT_FOUND");
      const idempotencyKey = c.req.header("idempotency-key");
      const { keyId, key } = makeKey(
        idempotencyKey === undefined ? undefined : await keyIdFor(c.var.principal.keyId, idempotencyKey),
      );
      const nowMs = Date.now();
      const endsAtMs = await endOf(c.env.DB, c.var.principal);
      if (endsAtMs === null) return problem(c, "KEY_INVALID");
      const askedAtMs = body.expiresInDays === undefined ? NEVER : nowMs + body.expiresInDays * MS_PER_DAY;
      const expiresAtMs = Math.min(endsAtMs, askedAtMs);
      const row: ApiKeyRow = {
        keyId,
        secretHash: hexOf(await digestOf(key)),
        accountId,
        scopes: JSON.stringify([...new Set(body.scopes)]),
        name: body.name,
        createdAtMs: nowMs,
        expiresAtMs: expiresAtMs === NEVER ? null : expiresAtMs,
        revokedAtMs: null,
      };
      const isOperator = c.var.principal.kind === "OPERATOR";
      const added = await addApiKey(c.env.DB, row, isOperator ? Number.MAX_SAFE_INTEGER : GOOD_KEYS_MAX);
      if (added === "TAKEN") return problem(c, "IDEMPOTENCY_KEY_USED", { detail: `it made the key ${keyId}` });
      if (added === "TOO_MANY") {
        const message = `at most ${GOOD_KEYS_MAX} good keys; one more would pass after one was revoked`;
        const figures = { limit: GOOD_KEYS_MAX, value: GOOD_KEYS_MAX + 1, unit: "KEYS" };
        return problem(c, "KEYS_TOO_MANY", { detail: message, errors: [{ field: "accountId", message, ...figures }] });
      }
      return c.json({ ...keyBody(row), key }, 201);
    },
  );
}

function openListing(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/api-keys",
      operationId: "listApiKeys",
      tag: "Keys",
      summary: "Keys within reach, newest first",
      scopes: ["keys:write"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(KeyBody), "A page of keys.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listApiKeys(c.env.DB, c.var.principal.accountId, page), keyBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "delete",
      path: "/v1/api-keys/{keyId}",
      operationId: "revokeApiKey",
      tag: "Keys",
      summary: "Revoke a key",
      description: "It may still be taken elsewhere for up to a minute.",
      scopes: ["keys:write"],
      request: { params: z.object({ keyId: z.string().regex(/^[0-9a-z]{1,32}$/, "a key id") }) },
      responses: { 200: answers(RevokedKey, "Revoked.") },
      errors: ["KEY_NOT_FOUND"],
    },
    async (c) => {
      const { keyId } = c.req.valid("param");
      const nowMs = Date.now();
      const isRevoked = await revokeApiKey(c.env.DB, keyId, c.var.principal.accountId, nowMs);
      if (!isRevoked) return problem(c, "KEY_NOT_FOUND");
      forgetKey(keyId);
      return c.json({ keyId, revokedAt: instant(nowMs) }, 200);
    },
  );
}

/** When the key that asks comes to its end; null when that has been, which the isolate's memory of it need not know yet. */
async function endOf(d1: D1Database, { kind, keyId }: Principal): Promise<number | null> {
  if (kind === "OPERATOR") return NEVER;
  const own = await findApiKey(d1, keyId);
  return own === null || own.revokedAtMs !== null ? null : (own.expiresAtMs ?? NEVER);
}

/** Why this cannot be granted, or null. */
function notGrantable(principal: Principal, accountId: string | null, scopes: readonly Scope[]): string | null {
  if (principal.accountId !== null && principal.accountId !== accountId) return "a key for another account";
  const lacking = scopes.filter((scope) => !principal.scopes.includes(scope) || !mayHold(accountId, scope));
  return lacking.length === 0 ? null : `not grantable here: ${lacking.join(", ")}`;
}

const keyBody = (row: ApiKeyRow): z.infer<typeof KeyBody> => ({
  keyId: row.keyId,
  accountId: row.accountId,
  name: row.name,
  scopes: JSON.parse(row.scopes) as Scope[],
  createdAt: instant(row.createdAtMs),
  expiresAt: instantOrNull(row.expiresAtMs),
  revokedAt: instantOrNull(row.revokedAtMs),
});
