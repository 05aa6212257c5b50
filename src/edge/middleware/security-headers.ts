// Headers that keep a browser from doing anything clever with an answer of this API. They are set before the handler runs, so
// that WebSocket upgrades, whose headers belong to the platform, stay as they are.
import type { MiddlewareHandler } from "hono";
import type { EdgeEnv } from "../edge-env.ts";

const HEADERS = [
  ["x-content-type-options", "nosniff"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
  ["referrer-policy", "no-referrer"],
  ["strict-transport-security", "max-age=31536000; includeSubDomains"],
  ["cache-control", "no-store"],
] as const;

export const securityHeaders: MiddlewareHandler<EdgeEnv> = async function securityHeaders(c, next) {
  for (const [name, value] of HEADERS) c.header(name, value);
  await next();
};
