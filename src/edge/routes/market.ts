// The market as its feed sees it now.
import * as z from "zod";
import { optionChain, quotedExpiries } from "../../core/market/option-chain.ts";
import { ChainBody, chainBody } from "../chain-body.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { problem } from "../problem.ts";
import { MarketBody, marketBody } from "../quote-body.ts";
import { MarketDateIn, UnderlyingName } from "../schemas.ts";

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

  openRoute(
    app,
    {
      method: "get",
      path: "/v1/market/{underlying}/chain",
      operationId: "getOptionChain",
      tag: "Market",
      summary: "The option chain of one expiry, strike by strike",
      scopes: ["market:read"],
      request: {
        params: z.object({ underlying: UnderlyingName }),
        query: z.object({ expiry: MarketDateIn.optional().openapi({ description: "The nearest unless told." }) }),
      },
      responses: { 200: answers(ChainBody, "Quotes, volatilities and greeks; parity forward, ratios and max pain.") },
      errors: ["EXPIRY_NOT_QUOTED"],
    },
    async (c) => {
      const view = await c.env.MARKET_FEED.getByName(c.req.valid("param").underlying).view({ quotes: "ALL" });
      const expiries = quotedExpiries(view.quotes);
      const asked = c.req.valid("query").expiry;
      if (asked !== undefined && !expiries.includes(asked)) return problem(c, "EXPIRY_NOT_QUOTED");
      const expiry = asked ?? expiries[0];
      const chain = expiry === undefined ? null : optionChain(view.quotes, expiry, view);
      return c.json(chainBody(view, expiries, chain), 200);
    },
  );
}
