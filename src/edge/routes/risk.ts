// What an account has at stake: exposure and greeks, value at risk, the use of every limit; and what moves of the market, thought
// of or recorded, would make of its open positions.
import * as z from "zod";
import { INDEX_MOVES } from "../../core/risk-analytics/index-moves.ts";
import { modelBook } from "../../core/risk-analytics/modelled-book.ts";
import { SCENARIO_AXES, scenarioGrid } from "../../core/risk-analytics/scenario-grid.ts";
import { STRESS_POINTS, stressResults } from "../../core/risk-analytics/stress.ts";
import { accountBook } from "../account-book.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { problem } from "../problem.ts";
import { RiskBody, riskBody, rounded } from "../risk-body.ts";
import { Instant, instant, MarketDateOut } from "../schemas.ts";

const ScenarioBody = z
  .object({
    at: Instant,
    unit: z.literal("MODEL_RUPEES").openapi({ description: "Figures of a model, never money." }),
    spots: z.array(z.number()).openapi({ description: "Relative moves of all indices, as fractions." }),
    grids: z.array(
      z.object({
        forwardMinutes: z.number(),
        rows: z.array(
          z.object({
            volatility: z
              .number()
              .openapi({ description: "Relative move of every implied volatility, as a fraction." }),
            results: z.array(z.number()).openapi({ description: "In the order of `spots`." }),
          }),
        ),
      }),
    ),
    unmodelled: z.array(z.string()),
  })
  .openapi("Scenarios");

const StressBody = z
  .object({
    at: Instant,
    unit: z.literal("MODEL_RUPEES"),
    source: z.string(),
    points: z.array(z.enum(STRESS_POINTS)),
    days: z.array(
      z.object({
        date: MarketDateOut,
        moves: z.object({ NIFTY50: z.number(), BANKNIFTY: z.number(), SENSEX: z.number() }),
        volatility: z.number().openapi({ description: "India VIX, close against the close before, as a fraction." }),
        sensexAssumed: z.boolean().openapi({ description: "SENSEX was not recorded that day and moves as NIFTY50." }),
        results: z.array(z.number()).openapi({ description: "In the order of `points`." }),
        worst: z.number(),
      }),
    ),
    unmodelled: z.array(z.string()),
  })
  .openapi("StressDays");

export function openRisk(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/risk",
      operationId: "getRisk",
      tag: "Risk",
      summary: "Exposure, greeks, value at risk and the use of every limit",
      scopes: ["account:read"],
      responses: { 200: answers(RiskBody, "At this moment of the session.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const book = await accountBook(c.env, c.var.accountId);
      return book === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json(riskBody(book, c.var.accountId), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/risk/scenarios",
      operationId: "getScenarios",
      tag: "Risk",
      summary: "Result of the open positions by moves of spot, volatility and time",
      scopes: ["account:read"],
      responses: { 200: answers(ScenarioBody, "Every position valued anew in every cell.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const found = await accountBook(c.env, c.var.accountId);
      if (found === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const book = modelBook(found.held, found.market);
      const cells = scenarioGrid(book);
      const grids = SCENARIO_AXES.forwardMinutes.map((forwardMinutes) => ({
        forwardMinutes,
        rows: SCENARIO_AXES.volatilities.map((volatility) => ({
          volatility,
          results: cells
            .filter((cell) => cell.forwardMinutes === forwardMinutes && cell.volatility === volatility)
            .map(({ resultRupees }) => rounded(resultRupees, 2)),
        })),
      }));
      return c.json(
        {
          at: instant(book.atMs),
          unit: "MODEL_RUPEES" as const,
          spots: [...SCENARIO_AXES.spots],
          grids,
          unmodelled: [...book.unmodelled],
        },
        200,
      );
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/risk/stress",
      operationId: "getStress",
      tag: "Risk",
      summary: "Result of the open positions on the worst recorded sessions",
      scopes: ["account:read"],
      responses: { 200: answers(StressBody, "At the open after the gap, the low, the high and the close.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const found = await accountBook(c.env, c.var.accountId);
      if (found === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const book = modelBook(found.held, found.market);
      const days = stressResults(book).map(({ date, moves, volatility, isSensexAssumed, results, worstRupees }) => ({
        date,
        moves: {
          NIFTY50: rounded(moves.NIFTY50, 5),
          BANKNIFTY: rounded(moves.BANKNIFTY, 5),
          SENSEX: rounded(moves.SENSEX, 5),
        },
        volatility,
        sensexAssumed: isSensexAssumed,
        results: results.map(({ resultRupees }) => rounded(resultRupees, 2)),
        worst: rounded(worstRupees, 2),
      }));
      return c.json(
        {
          at: instant(book.atMs),
          unit: "MODEL_RUPEES" as const,
          source: INDEX_MOVES.source,
          points: [...STRESS_POINTS],
          days,
          unmodelled: [...book.unmodelled],
        },
        200,
      );
    },
  );
}
