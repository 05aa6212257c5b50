// Gives every request an id, ours or the caller's well-formed one, and sends it back.
import type { MiddlewareHandler } from "hono";
import type { EdgeEnv } from "../edge-env.ts";

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/;

export const requestId: MiddlewareHandler<EdgeEnv> = async function requestId(c, next) {
  const given = c.req.header("x-request-id");
  const id = given !== undefined && WELL_FORMED.test(given) ? given : crypto.randomUUID();
  c.set("requestId", id);
  c.header("x-request-id", id);
  await next();
};
