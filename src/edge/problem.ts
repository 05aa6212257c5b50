// The one way in which this API says no: RFC 9457 problem details with a closed code, from every kind of refusal.
import type { Context, TypedResponse } from "hono";
import * as z from "zod";
import type { AccountRefusal } from "../core/account/refusal.ts";
import type { Denial } from "../core/risk/denial.ts";
import type { JobRefusal } from "../ports/jobs.ts";
import type { SessionRefusal, TapeRefusal } from "../ports/objects.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from "./problem-codes.ts";
import type { ProblemStatus } from "./problem-kind.ts";
import "@hono/zod-openapi";

export const FieldError = z
  .object({
    field: z.string().openapi({ example: "quantityLots" }),
    message: z.string(),
    limit: z.number().nullable().openapi({ description: "The limit, in the unit named by `unit`." }),
    value: z.number().nullable().openapi({ description: "The value that met the limit." }),
    unit: z.string().nullable(),
  })
  .openapi("FieldError");
export type FieldError = z.infer<typeof FieldError>;

export const ProblemBody = z
  .object({
    type: z.string().openapi({ example: "/v1/errors/BUYING_POWER" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string().openapi({ description: "Path of the request." }),
    code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string(),
    retryable: z.boolean().openapi({ description: "True when the very same request may succeed later." }),
    errors: z.array(FieldError),
  })
  .openapi("Problem");
export type ProblemBody = z.infer<typeof ProblemBody>;

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** Seconds after which to try again what may succeed later. */
const RETRY_AFTER_S = 1;

export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

export type ProblemResponse = Response & TypedResponse<ProblemBody, ProblemStatus, "json">;

export function problem(c: Context<EdgeEnv>, code: ProblemCode, details: ProblemDetails = {}): ProblemResponse {
  const { status, title, retryable, meaning } = PROBLEMS[code];
  const body: ProblemBody = {
    type: `/v1/errors/${code}`,
    title,
    status,
    detail: details.detail ?? meaning,
    instance: c.req.path,
    code,
    requestId: c.var.requestId,
    retryable,
    errors: [...(details.errors ?? [])],
  };
  const headers: Record<string, string> = { "content-type": PROBLEM_CONTENT_TYPE, ...details.headers };
  if ((status === 503 || status === 429) && headers["retry-after"] === undefined) {
    headers["retry-after"] = String(RETRY_AFTER_S);
  }
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return c.body(JSON.stringify(body), status, headers) as Response as ProblemResponse;
}

type Refusal = AccountRefusal | SessionRefusal | TapeRefusal | JobRefusal;

/** A refusal of an object, as it is, with the field it is about where it names one. */
export const refusal = (c: Context<EdgeEnv>, error: Refusal): ProblemResponse =>
  problem(c, error.code, {
    detail: error.detail,
    errors: "fault" in error && error.fault !== undefined ? [{ ...error.fault, message: error.detail }] : [],
  });

/** A denied order: the code, and in `errors` the field with the limit and the value that met it. */
export const denial = (c: Context<EdgeEnv>, { code, detail, field, limit, value, unit }: Denial): ProblemResponse =>
  problem(c, code, { detail, errors: [{ field, message: detail, limit, value, unit }] });

/** What a schema says of one field: its own bounds, or those that a schema of ours gives in `params`. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly maximum?: number | bigint;
  readonly minimum?: number | bigint;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** What a schema found, without repeating what was sent: the field and what it should have been. */
export function invalid(c: Context<EdgeEnv>, target: string, issues: readonly Issue[]): ProblemResponse {
  const errors = issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join(".") || target,
    message: issue.message,
    ...limitOf(issue),
    value: null,
  }));
  const fields = [...new Set(errors.map((error) => error.field))].slice(0, 5).join(", ");
  const code = target === "json" ? "BODY_INVALID" : "REQUEST_INVALID";
  return problem(c, code, { detail: `does not fit: ${fields}`, errors });
}

/** The bound that was met, where it is a figure. */
function limitOf({ maximum, minimum, params }: Issue): Pick<FieldError, "limit" | "unit"> {
  const { limit = maximum ?? minimum, unit = null } = params ?? {};
  return { limit: typeof limit === "number" ? limit : null, unit: typeof unit === "string" ? unit : null };
}
