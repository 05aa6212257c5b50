// Three formulas of the seeds as calculators (BKT-02, SIM-03). They know no market and measure nothing, and every answer says so.
import * as z from "zod";
import {
  edgeYardstick,
  leverageYardstick,
  realisticYardstick,
  type Yardstick,
} from "../../core/backtest/yardsticks.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { NonNegativeRupeesIn, Rupees, rupees } from "../schemas.ts";

const YardstickBody = z
  .object({
    kind: z.literal("YARDSTICK"),
    name: z.enum(["REALISTIC", "EDGE", "LEVERAGE"]),
    amount: Rupees,
    note: z.string().openapi({ description: "To be said wherever the figure is shown." }),
  })
  .openapi("Yardstick");

export function openYardsticks(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/yardsticks/realistic",
      operationId: "realisticYardstick",
      tag: "Lab",
      summary: "A formula of trades and days; no result",
      scopes: ["lab:read"],
      request: {
        query: z.object({
          tradesPerDay: z.coerce.number().int().min(0).max(1_000),
          days: z.coerce.number().int().min(1).max(10_000),
        }),
      },
      responses: { 200: answers(YardstickBody, "The yardstick.") },
    },
    (c) => {
      const { tradesPerDay, days } = c.req.valid("query");
      return c.json(body(realisticYardstick(tradesPerDay, days)), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/yardsticks/edge",
      operationId: "edgeYardstick",
      tag: "Lab",
      summary: "A formula of capital and India VIX; no result",
      scopes: ["lab:read"],
      request: { query: z.object({ capital: NonNegativeRupeesIn, vix: z.coerce.number().min(0).max(200) }) },
      responses: { 200: answers(YardstickBody, "The yardstick.") },
    },
    (c) => {
      const { capital, vix } = c.req.valid("query");
      return c.json(body(edgeYardstick(capital, hundredths(vix))), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/yardsticks/leverage",
      operationId: "leverageYardstick",
      tag: "Lab",
      summary: "A formula of capital, leverage and shares; no result",
      scopes: ["lab:read"],
      request: {
        query: z.object({
          capital: NonNegativeRupeesIn,
          leverage: z.coerce.number().min(0).max(10),
          winRatePercent: z.coerce.number().min(0).max(100),
          gainPercent: z.coerce.number().min(0).max(100),
        }),
      },
      responses: { 200: answers(YardstickBody, "The yardstick.") },
    },
    (c) => {
      const { capital, leverage, winRatePercent, gainPercent } = c.req.valid("query");
      const yardstick = leverageYardstick(
        capital,
        hundredths(leverage),
        hundredths(winRatePercent),
        hundredths(gainPercent),
      );
      return c.json(body(yardstick), 200);
    },
  );
}

const hundredths = (number: number): number => Math.round(number * 100);

const body = ({ kind, name, amountPaise, note }: Yardstick): z.infer<typeof YardstickBody> => ({
  kind,
  name,
  amount: rupees(amountPaise),
  note,
});
