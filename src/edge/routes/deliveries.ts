// Whom the market feeds cannot tell of executions and triggers: what a person looks at when an account fails at every delivery.
import * as z from "zod";
import { UNDERLYINGS } from "../../core/instrument/contract.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { Instant, instant, UnderlyingName } from "../schemas.ts";

const UntoldBody = z
  .object({
    underlying: UnderlyingName,
    accountId: z.string(),
    deliveries: z
      .number()
      .int()
      .openapi({ description: "What it has not heard: reports and triggers of so many instants." }),
    since: Instant,
    failures: z.number().int().openapi({ description: "In a row." }),
    retryAt: Instant,
    error: z.string(),
  })
  .openapi("UntoldAccount");

export function openDeliveries(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/deliveries",
      operationId: "listUntoldAccounts",
      tag: "Operations",
      summary: "Accounts that fail at what their market feeds tell them",
      description:
        "Each is tried again by itself, ten seconds after the last attempt at most, and hears everything in order.",
      scopes: ["operations:read"],
      responses: { 200: answers(z.object({ data: z.array(UntoldBody) }), "Those that are behind now.") },
    },
    async (c) => {
      const feeds = await Promise.all(
        UNDERLYINGS.map(async (underlying) => {
          const untold = await c.env.MARKET_FEED.getByName(underlying).untold({ tryNow: false });
          return untold.map(({ sinceMs, retryMs, ...account }) => ({
            underlying,
            ...account,
            since: instant(sinceMs),
            retryAt: instant(retryMs),
          }));
        }),
      );
      return c.json({ data: feeds.flat() }, 200);
    },
  );
}
