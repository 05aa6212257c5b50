// Requests a minute per key. The isolate counts for itself and says in every answer what is left; the platform's limiter
// counts across isolates. The operator, who loads sessions and looks after many accounts, is not counted.
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../../env.ts";
import type { EdgeContext, EdgeEnv } from "../edge-env.ts";
import type { Principal } from "../principal.ts";
import { type ProblemResponse, problem } from "../problem.ts";

const WINDOW_MS = 60_000;
/** The limit wrangler.toml gives the binding; a higher one in REQUESTS_PER_MINUTE is counted here alone, and what is no count stands for it. */
const BINDING_REQUESTS_PER_MINUTE = 1_200;
const KEYS_MAX = 10_000;

interface Window {
  readonly endsAtMs: number;
  used: number;
}

const windows = new Map<string, Window>();

export const limitRate: MiddlewareHandler<EdgeEnv> = async function limitRate(c, next) {
  return (await overRate(c, c.var.principal)) ?? next();
};

/** Counts a request of this principal; the refusal where it is one too many, null otherwise. */
export async function overRate(c: EdgeContext, { kind, keyId }: Principal): Promise<ProblemResponse | null> {
  if (kind === "OPERATOR") return null;
  const limit = limitIn(c.env);
  const nowMs = Date.now();
  const window = windowOf(keyId, nowMs);
  window.used += 1;
  const resetS = Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1_000));
  c.header("ratelimit-limit", String(limit));
  c.header("ratelimit-remaining", String(Math.max(0, limit - window.used)));
  c.header("ratelimit-reset", String(resetS));
  const isOver =
    window.used > limit ||
    (limit <= BINDING_REQUESTS_PER_MINUTE && !(await c.env.REQUEST_LIMIT.limit({ key: keyId })).success);
  if (!isOver) return null;
  return problem(c, "RATE_LIMITED", {
    detail: `at most ${limit} requests a minute`,
    headers: { "retry-after": String(resetS) },
  });
}

function limitIn({ REQUESTS_PER_MINUTE }: AppEnv): number {
  const said = Number(REQUESTS_PER_MINUTE);
  return Number.isSafeInteger(said) && said > 0 ? said : BINDING_REQUESTS_PER_MINUTE;
}

function windowOf(keyId: string, nowMs: number): Window {
  const held = windows.get(keyId);
  if (held !== undefined && held.endsAtMs > nowMs) return held;
  if (windows.size >= KEYS_MAX) windows.clear();
  const fresh = { endsAtMs: nowMs + WINDOW_MS, used: 0 };
  windows.set(keyId, fresh);
  return fresh;
}
