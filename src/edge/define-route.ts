// A route states everything about itself in one place: method, path, scopes, request, answers and the codes it refuses with.
// From that follow its guards, its validation and its entry in the OpenAPI document.
import { createRoute, type OpenAPIHono, type RouteConfig, type RouteHandler } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import * as z from "zod";
import type { EdgeEnv } from "./edge-env.ts";
import { namedAccount, ownAccount } from "./middleware/account-in-question.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { limitBody } from "./middleware/body-limit.ts";
import { idempotencyKey } from "./middleware/idempotency.ts";
import { limitRate } from "./middleware/rate-limit.ts";
import { requireBody } from "./middleware/require-body.ts";
import { requireScope } from "./middleware/require-scope.ts";
import type { Tag } from "./openapi.ts";
import type { Scope } from "./principal.ts";
import { PROBLEM_CONTENT_TYPE, ProblemBody } from "./problem.ts";
import { PROBLEMS, type ProblemCode } from "./problem-codes.ts";
import { AccountId } from "./schemas.ts";

export type EdgeApp = OpenAPIHono<EdgeEnv>;

type Method = "get" | "post" | "put" | "patch" | "delete";

export interface RouteSpec {
  readonly method: Method;
  /** As OpenAPI writes it: "/v1/orders/{clientOrderId}". */
  readonly path: string;
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** All of these are needed. PUBLIC: no key at all. TICKET: a stream ticket in the query instead. */
  readonly scopes: readonly Scope[] | "PUBLIC" | "TICKET";
  readonly request?: RouteConfig["request"];
  readonly responses: RouteConfig["responses"];
  /** Codes besides those every route of its kind has. */
  readonly errors?: readonly ProblemCode[];
  readonly deprecated?: boolean;
  readonly bodyMaxBytes?: number;
  /** An Idempotency-Key names what is asked for: the same again is done once, and something else under it is refused. */
  readonly takesIdempotencyKey?: true;
}

type Answers = {
  readonly default: {
    readonly description: string;
    readonly content: { readonly [PROBLEM_CONTENT_TYPE]: { readonly schema: typeof ProblemBody } };
  };
};

/** The part of a route that types its handler. */
type Shape<S extends RouteSpec> = {
  method: S["method"];
  path: S["path"];
  request: S extends { readonly request: infer Q } ? Q : Record<never, never>;
  responses: S["responses"] & Answers;
};

export type EdgeHandler<S extends RouteSpec> = RouteHandler<Shape<S>, EdgeEnv>;

export const BODY_MAX_BYTES = 1_000_000;
export const TAPE_MAX_BYTES = 8_000_000;

/** Opens a route. Guards run in this order: size, key, scope, rate, idempotency key, body; then the schemas, then the handler. */
export function openRoute<const S extends RouteSpec>(app: EdgeApp, spec: S, handler: EdgeHandler<S>): void {
  open(app, spec, handler, []);
}

/**
 * Opens a route that concerns one account, twice: for the key's own account at `path`, and at
 * `/v1/accounts/{accountId}/…` for the operator (and, equally, for the account's own key).
 */
export function openAccountRoute<const S extends RouteSpec>(
  app: EdgeApp,
  spec: S & { readonly namedPath?: string },
  handler: EdgeHandler<S>,
): void {
  const own: RouteSpec = spec;
  open(app, { ...own, errors: ["ACCOUNT_REQUIRED", ...(own.errors ?? [])] }, handler, [ownAccount]);
  const params = (own.request?.params ?? z.object({})) as z.ZodObject;
  open(
    app,
    {
      ...own,
      path: spec.namedPath ?? own.path.replace(/^\/v1\//, "/v1/accounts/{accountId}/"),
      operationId: `${own.operationId}OfAccount`,
      summary: `${own.summary} (of a named account)`,
      errors: ["ACCOUNT_NOT_FOUND", ...(own.errors ?? [])],
      request: { ...own.request, params: params.extend({ accountId: AccountId }) },
    },
    handler,
    [namedAccount],
  );
}

/** Opens a route whose path names the account, and no other. */
export function openNamedRoute<const S extends RouteSpec>(app: EdgeApp, spec: S, handler: EdgeHandler<S>): void {
  const named: RouteSpec = spec;
  open(app, { ...named, errors: ["ACCOUNT_NOT_FOUND", ...(named.errors ?? [])] }, handler, [namedAccount]);
}

function open(
  app: EdgeApp,
  spec: RouteSpec,
  handler: unknown,
  furtherGuards: readonly MiddlewareHandler<EdgeEnv>[],
): void {
  const { method, path, operationId, summary, tag, scopes, errors = [], responses } = spec;
  const guards: MiddlewareHandler<EdgeEnv>[] = [];
  const codes: ProblemCode[] = [...errors];
  if (spec.method !== "get") {
    guards.push(limitBody(spec.bodyMaxBytes ?? BODY_MAX_BYTES));
    if (spec.request?.body !== undefined) {
      codes.push("BODY_MALFORMED", "BODY_INVALID", "BODY_TOO_LARGE", "CONTENT_TYPE_UNSUPPORTED");
    }
  }
  if (spec.request?.params !== undefined || spec.request?.query !== undefined) codes.push("REQUEST_INVALID");
  if (typeof scopes !== "string") {
    guards.push(authenticate, requireScope(scopes), limitRate);
    codes.push("KEY_MISSING", "KEY_INVALID", "SCOPE_MISSING", "RATE_LIMITED");
  }
  if (spec.takesIdempotencyKey === true) {
    guards.push(idempotencyKey);
    codes.push("IDEMPOTENCY_KEY_MALFORMED");
  }
  if (spec.request?.body?.required === true) guards.push(requireBody);
  const route = createRoute({
    method,
    path,
    operationId,
    summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...requestOf(spec),
    ...(spec.deprecated === true ? { deprecated: true } : {}),
    tags: [tag],
    security: typeof scopes === "string" ? [] : [{ apiKey: [...scopes] }],
    responses: withProblems(responses, codes),
    middleware: [...guards, ...furtherGuards],
  });
  app.openapi(route, handler as never);
}

const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .optional()
    .openapi({ description: "1 to 64 characters out of A-Z a-z 0-9 . _ : -; the same again is done once." }),
});

function requestOf({ request, takesIdempotencyKey }: RouteSpec): Pick<RouteConfig, "request"> {
  if (takesIdempotencyKey === true) return { request: { ...request, headers: IdempotencyHeader } };
  return request === undefined ? {} : { request };
}

/** Adds one answer per status, naming the codes it may carry, beside what the route itself says of that status. */
function withProblems(responses: RouteConfig["responses"], codes: readonly ProblemCode[]): RouteConfig["responses"] {
  const all: RouteConfig["responses"] = { ...responses };
  const sorted = [...new Set<ProblemCode>([...codes, "INTERNAL_ERROR"])].sort();
  for (const [status, group] of Map.groupBy(sorted, (code) => PROBLEMS[code].status)) {
    const own = responses[status] as { readonly content?: object } | undefined;
    all[status] = {
      description: group.join(", "),
      content: { ...own?.content, [PROBLEM_CONTENT_TYPE]: { schema: ProblemBody } },
    };
  }
  return all;
}

/** The JSON answer of a route. */
export const answers = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** The JSON body of a route. A request without any is refused, also where every field may be left out. */
export const takes = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { "application/json": { schema } },
});

/** The JSON body of a route that does its work without one too: then the handler gets {}, without the schema's defaults. */
export const mayTake = <T extends z.ZodType>(schema: T) => ({
  required: false as const,
  content: { "application/json": { schema } },
});
