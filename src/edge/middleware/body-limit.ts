// Refuses a body above the limit: at once when its length is stated, and while it is being read when it is not.
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { EdgeEnv } from "../edge-env.ts";
import { problem } from "../problem.ts";

export const limitBody = (maxBytes: number): MiddlewareHandler<EdgeEnv> =>
  bodyLimit({
    maxSize: maxBytes,
    onError: (c) => problem(c, "BODY_TOO_LARGE", { detail: `more than ${maxBytes} bytes` }),
  }) as MiddlewareHandler<EdgeEnv>;
