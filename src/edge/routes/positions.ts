// Positions: what is open now, from the account itself; what earlier days ended with, from the read model.
import * as z from "zod";
import { positionsOn } from "../../adapters/read-models/positions.ts";
import { PositionBody } from "../account-body.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { problem } from "../problem.ts";
import { Instant, instant, MarketDateIn, MarketDateOut, Rupees, rupees } from "../schemas.ts";

const PositionRecord = z
  .object({
    date: MarketDateOut,
    instrumentId: z.string(),
    underlying: z.string(),
    netUnits: z.number().int(),
    cost: Rupees,
    realised: Rupees,
    openedAt: Instant,
    updatedAt: Instant,
  })
  .openapi("PositionRecord");

export function openPositions(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/positions",
      operationId: "listPositions",
      tag: "Orders",
      summary: "Open positions",
      scopes: ["orders:read"],
      responses: { 200: answers(z.object({ data: z.array(PositionBody).readonly() }), "What is open now.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const view = await c.env.ACCOUNT.getByName(c.var.accountId).view();
      return view === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json({ data: view.positions }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/positions/{date}",
      operationId: "listPositionsOfDay",
      tag: "Orders",
      summary: "Every position of a day as its last execution left it",
      scopes: ["orders:read"],
      request: { params: z.object({ date: MarketDateIn }) },
      responses: { 200: answers(z.object({ data: z.array(PositionRecord) }), "The day's positions.") },
    },
    async (c) => {
      const rows = await positionsOn(c.env.DB, c.var.accountId, c.req.valid("param").date);
      const data = rows.map((row) => ({
        date: row.date,
        instrumentId: row.instrumentId,
        underlying: row.underlying,
        netUnits: row.netUnits,
        cost: rupees(row.costPaise),
        realised: rupees(row.realisedPaise),
        openedAt: instant(row.openedAtMs),
        updatedAt: instant(row.updatedAtMs),
      }));
      return c.json({ data }, 200);
    },
  );
}
