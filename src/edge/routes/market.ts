// The market as its feed sees it now.
import * as z from "zod";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { MarketBody, marketBody } from "../quote-body.ts";
import { UnderlyingName } from "../schemas.ts";

const MarketQuery = z.object({
  quotes: z.enum(["NEAR", "ALL", "NONE"]).default("NEAR").openapi({ description: "How much of the chain." }),
});

export function openMarket(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/market/{underlying}",
      operationId: "getMarket",
      tag: "Market",
      summary: "Index, bars and chain of one underlying",
      scopes: ["market:read"],
      request: { params: z.object({ underlying: UnderlyingName }), query: MarketQuery },
      responses: { 200: answers(MarketBody, "The market at this moment of the session.") },
    },
    async (c) => {
      const feed = c.env.MARKET_FEED.getByName(c.req.valid("param").underlying);
      return c.json(marketBody(await feed.view({ quotes: c.req.valid("query").quotes })), 200);
    },
  );
}
