// Refuses a request without a body where the route takes one. The validator reads nothing at all as {}, and a body whose fields
// may all be left out would be acted upon: overrides lifted, an exit plan replaced by none.
import type { MiddlewareHandler } from "hono";
import type { EdgeEnv } from "../edge-env.ts";
import { problem } from "../problem.ts";

/** A body without a content type is left to the validator, which refuses it; one that is stated is parsed, so it cannot be empty. */
export const requireBody: MiddlewareHandler<EdgeEnv> = async function requireBody(c, next) {
  const isMissing = c.req.header("content-type") === undefined && !(await hasBytes(c.req.raw));
  if (!isMissing) return next();
  return problem(c, "BODY_MALFORMED", {
    detail: "there is no body; a JSON body would pass, {} where all may be left out",
  });
};

/** Bodies are bounded by now; a copy is read, so that the handler finds the whole. */
const hasBytes = async (request: Request): Promise<boolean> =>
  request.body !== null && (await request.clone().arrayBuffer()).byteLength > 0;
