// Lets only those principals through that have every scope the route asks for.
import type { MiddlewareHandler } from "hono";
import type { EdgeEnv } from "../edge-env.ts";
import type { Scope } from "../principal.ts";
import { problem } from "../problem.ts";

export const requireScope = (scopes: readonly Scope[]): MiddlewareHandler<EdgeEnv> =>
  async function requireScope(c, next) {
    const missing = scopes.filter((scope) => !c.var.principal.scopes.includes(scope));
    if (missing.length > 0) return problem(c, "SCOPE_MISSING", { detail: `the key lacks ${missing.join(", ")}` });
    await next();
  };
