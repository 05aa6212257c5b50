// Checks the form of an Idempotency-Key. What it protects is decided where it matters: an order takes it as its client order
// id, a modification as its name, and the account object never carries the same one out twice; a new API key and a run of the lab
// take their ids from it. Every other POST may be repeated by its nature, neither advertises the header nor looks at it.
import type { MiddlewareHandler } from "hono";
import type { EdgeEnv } from "../edge-env.ts";
import { problem } from "../problem.ts";
import { CLIENT_ORDER_ID } from "../schemas.ts";

export const idempotencyKey: MiddlewareHandler<EdgeEnv> = async function idempotencyKey(c, next) {
  const key = c.req.header("idempotency-key");
  if (key !== undefined && !CLIENT_ORDER_ID.test(key)) return problem(c, "IDEMPOTENCY_KEY_MALFORMED");
  await next();
};
