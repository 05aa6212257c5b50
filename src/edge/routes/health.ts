// Liveness says that the Worker runs; readiness, that it can do its work: the database answers and is migrated.
import * as z from "zod";
import { isMigrated } from "../../adapters/read-models/readiness.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { problem } from "../problem.ts";

const Health = z.object({ status: z.literal("ok"), mode: z.enum(["REPLAY", "PAPER"]) }).openapi("Health");
const Landing = z
  .object({
    name: z.string(),
    mode: z.enum(["REPLAY", "PAPER"]),
    links: z.object({ openapi: z.string(), reference: z.string(), errors: z.string(), health: z.string() }),
  })
  .openapi("Landing");

const LIVENESS_PATHS = [
  ["/v1/health", "health", false],
  ["/health", "healthAlias", true],
  ["/livez", "livez", true],
  ["/api/health", "apiHealth", true],
] as const;

export function openHealth(app: EdgeApp): void {
  for (const [path, operationId, deprecated] of LIVENESS_PATHS) {
    openRoute(
      app,
      {
        method: "get",
        path,
        operationId,
        tag: deprecated ? "Aliases" : "Health",
        summary: "Whether the Worker runs",
        deprecated,
        scopes: "PUBLIC",
        responses: { 200: answers(Health, "It does.") },
      },
      (c) => c.json({ status: "ok" as const, mode: c.env.TRADING_MODE }, 200),
    );
  }
  for (const [path, operationId, deprecated] of [
    ["/v1/readyz", "readyz", false],
    ["/readyz", "readyzAlias", true],
  ] as const) {
    openRoute(
      app,
      {
        method: "get",
        path,
        operationId,
        tag: deprecated ? "Aliases" : "Health",
        summary: "Whether requests can be served",
        deprecated,
        scopes: "PUBLIC",
        responses: { 200: answers(Health, "The database answers and is migrated.") },
        errors: ["NOT_READY"],
      },
      async (c) => {
        if (!(await isMigrated(c.env.DB))) return problem(c, "NOT_READY");
        return c.json({ status: "ok" as const, mode: c.env.TRADING_MODE }, 200);
      },
    );
  }
  for (const [path, operationId, deprecated] of [
    ["/v1", "landing", false],
    ["/", "landingAlias", true],
  ] as const) {
    openRoute(
      app,
      {
        method: "get",
        path,
        operationId,
        tag: deprecated ? "Aliases" : "Health",
        summary: "Where everything is",
        deprecated,
        scopes: "PUBLIC",
        responses: { 200: answers(Landing, "Links.") },
      },
      (c) =>
        c.json(
          {
            name: "AurumHarmony API",
            mode: c.env.TRADING_MODE,
            links: {
              openapi: "/v1/openapi.json",
              reference: "/docs/",
              errors: "/v1/errors",
              health: "/v1/health",
            },
          },
          200,
        ),
    );
  }
}
