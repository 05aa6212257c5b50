// The portfolio of an account: positions with their lots now, and over a range of days where results came from, how they were, and
// every position from open to flat.
import * as z from "zod";
import { type DateRange, dayResultsOf, executionsOf } from "../../adapters/read-models/executions.ts";
import { addDays, istDateOf, type MarketDate } from "../../core/kernel/time.ts";
import {
  ATTRIBUTION_DIMENSIONS,
  type AttributedResult,
  attributionBy,
  attributionTotal,
} from "../../core/portfolio/attribution.ts";
import { averagesOf, type PositionEpisode, positionHistory } from "../../core/portfolio/position-history.ts";
import { taxLots } from "../../core/portfolio/tax-lots.ts";
import { type AccountBook, accountBook } from "../account-book.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { greekSums } from "../greek-sums.ts";
import { PerformanceBody, performanceBody } from "../performance-body.ts";
import { PortfolioBody, portfolioBody } from "../portfolio-body.ts";
import { problem } from "../problem.ts";
import { rounded } from "../risk-body.ts";
import {
  Instant,
  instant,
  instantOrNull,
  MarketDateIn,
  MarketDateOut,
  Rupees,
  rupees,
  rupeesOrNull,
} from "../schemas.ts";

const RANGE_DAYS = 92;

const RangeQuery = z.object({
  from: MarketDateIn.optional().openapi({ description: `Without it ${RANGE_DAYS} days before \`to\`.` }),
  to: MarketDateIn.optional().openapi({ description: "Without it the account's day." }),
});

const AttributedBody = z
  .object({
    name: z.string(),
    lots: z.number().int(),
    winners: z.number().int(),
    realised: Rupees,
    charges: Rupees,
    net: Rupees,
  })
  .openapi("AttributedResult");

const AttributionBody = z
  .object({
    accountId: z.string(),
    from: MarketDateOut,
    to: MarketDateOut,
    complete: z.boolean(),
    total: AttributedBody,
    strategy: z.array(AttributedBody),
    underlying: z.array(AttributedBody),
    leg: z.array(AttributedBody),
    exitReason: z.array(AttributedBody),
    greeks: z
      .object({
        unit: z.literal("MODEL_RUPEES"),
        actual: z.number(),
        delta: z.number(),
        gamma: z.number(),
        theta: z.number(),
        vega: z.number(),
        residual: z.number(),
        lots: z.number().int(),
        unexplained: z.number().int(),
      })
      .openapi({ description: "Of the lots of the range, open ones up to now. Model figures, never money." }),
  })
  .openapi("Attribution");

const EpisodeBody = z
  .object({
    instrumentId: z.string(),
    underlying: z.string(),
    date: MarketDateOut,
    direction: z.enum(["LONG", "SHORT"]),
    strategy: z.string(),
    signalId: z.string().nullable(),
    openedAt: Instant,
    closedAt: Instant.nullable(),
    exitReason: z.string().nullable(),
    unitsMax: z.number().int(),
    unitsOpen: z.number().int(),
    units: z.number().int().openapi({ description: "Opened in all." }),
    averageIn: Rupees.nullable().openapi({
      description: "What a unit was opened at; floored to the paisa, for display.",
    }),
    averageOut: Rupees.nullable().openapi({ description: "What a unit was left at; null while none was." }),
    bought: Rupees,
    sold: Rupees,
    realised: Rupees.nullable(),
    charges: Rupees,
    executions: z.number().int(),
  })
  .openapi("PositionEpisode");

const HistoryBody = z.object({
  from: MarketDateOut,
  to: MarketDateOut,
  complete: z.boolean(),
  data: z.array(EpisodeBody),
});

export function openPortfolio(app: EdgeApp): void {
  openNow(app);
  openAttribution(app);
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/portfolio/performance",
      operationId: "getPerformance",
      tag: "Portfolio",
      summary: "Win rate, profit factor, ratios and drawdown of a range of days",
      description: "Measured on settled days and closed positions. Past results say nothing certain about later ones.",
      scopes: ["account:read"],
      request: { query: RangeQuery },
      responses: { 200: answers(PerformanceBody, "What was measured.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const range = await rangeOf(c, c.req.valid("query"));
      if (range === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const { accountId } = c.var;
      const [settled, { executions, complete }] = await Promise.all([
        dayResultsOf(c.env.DB, accountId, range),
        executionsOf(c.env.DB, accountId, range),
      ]);
      const trades = positionHistory(executions).flatMap(({ date, realisedPaise, chargesPaise }) =>
        realisedPaise === null ? [] : [{ date, realisedPaise, chargesPaise }],
      );
      return c.json(performanceBody(accountId, range, settled.days, trades, complete && settled.complete), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/portfolio/history",
      operationId: "getPositionHistory",
      tag: "Portfolio",
      summary: "Every position of a range of days from open to flat",
      scopes: ["account:read"],
      request: { query: RangeQuery },
      responses: { 200: answers(HistoryBody, "In the order in which they were opened.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const range = await rangeOf(c, c.req.valid("query"));
      if (range === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const { executions, complete } = await executionsOf(c.env.DB, c.var.accountId, range);
      return c.json({ ...range, complete, data: positionHistory(executions).map(episodeBody) }, 200);
    },
  );
}

function openNow(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/portfolio",
      operationId: "getPortfolio",
      tag: "Portfolio",
      summary: "Positions with their tax lots, realised and unrealised results of the day",
      scopes: ["account:read"],
      responses: { 200: answers(PortfolioBody, "At this moment of the session.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId } = c.var;
      const book = await accountBook(c.env, accountId);
      if (book === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const today = dayOf(book);
      const executions = await executionsOf(c.env.DB, accountId, { from: today, to: today });
      return c.json(portfolioBody(book, accountId, executions), 200);
    },
  );
}

function openAttribution(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/portfolio/attribution",
      operationId: "getAttribution",
      tag: "Portfolio",
      summary: "Results by strategy, index, leg, exit reason and greek",
      scopes: ["account:read"],
      request: { query: RangeQuery },
      responses: { 200: answers(AttributionBody, "Every dimension adds up to the total.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId } = c.var;
      const book = await accountBook(c.env, accountId);
      if (book === null) return problem(c, "ACCOUNT_NOT_FOUND");
      const today = dayOf(book);
      const range = within(c.req.valid("query"), today);
      const inRange = await executionsOf(c.env.DB, accountId, range);
      const lots = taxLots(inRange.executions);
      const { closed } = lots;
      const hasToday = range.from <= today && today <= range.to;
      const sums = await greekSums(c.env, book, { ...lots, open: hasToday ? lots.open : [] });
      const [strategy, underlying, leg, exitReason] = ATTRIBUTION_DIMENSIONS.map((dimension) =>
        attributionBy(dimension, closed).map(attributedBody),
      );
      return c.json(
        {
          accountId,
          ...range,
          complete: inRange.complete,
          total: attributedBody(attributionTotal(closed)),
          strategy: strategy ?? [],
          underlying: underlying ?? [],
          leg: leg ?? [],
          exitReason: exitReason ?? [],
          greeks: {
            unit: "MODEL_RUPEES" as const,
            actual: rounded(sums.actualRupees, 2),
            delta: rounded(sums.deltaRupees, 2),
            gamma: rounded(sums.gammaRupees, 2),
            theta: rounded(sums.thetaRupees, 2),
            vega: rounded(sums.vegaRupees, 2),
            residual: rounded(sums.residualRupees, 2),
            lots: sums.lots,
            unexplained: sums.unexplained,
          },
        },
        200,
      );
    },
  );
}

/** The account's day; before its first one, the day of its last event. */
const dayOf = ({ state }: AccountBook): MarketDate => state.day?.date ?? istDateOf(state.lastEventMs);

async function rangeOf(c: Parameters<typeof problem>[0], query: z.infer<typeof RangeQuery>): Promise<DateRange | null> {
  const state = await c.env.ACCOUNT.getByName(c.var.accountId).state();
  return state.profile === null ? null : within(query, state.day?.date ?? istDateOf(state.lastEventMs));
}

function within({ from, to }: z.infer<typeof RangeQuery>, today: MarketDate): DateRange {
  const last = to ?? today;
  return { from: from ?? addDays(last, -RANGE_DAYS), to: last };
}

const attributedBody = (one: AttributedResult): z.infer<typeof AttributedBody> => ({
  name: one.name,
  lots: one.lots,
  winners: one.winners,
  realised: rupees(one.realisedPaise),
  charges: rupees(one.chargesPaise),
  net: rupees(one.netPaise),
});

const episodeBody = (one: PositionEpisode): z.infer<typeof EpisodeBody> => ({
  ...averagesBody(averagesOf(one)),
  instrumentId: one.instrumentId,
  underlying: one.underlying,
  date: one.date,
  direction: one.direction,
  strategy: one.strategy,
  signalId: one.signalId,
  openedAt: instant(one.openedAtMs),
  closedAt: instantOrNull(one.closedAtMs),
  exitReason: one.exitReason,
  unitsMax: one.unitsMax,
  unitsOpen: one.unitsOpen,
  units: one.unitsIn,
  bought: rupees(one.boughtPaise),
  sold: rupees(one.soldPaise),
  realised: rupeesOrNull(one.realisedPaise),
  charges: rupees(one.chargesPaise),
  executions: one.executions,
});

const averagesBody = ({ inPaise, outPaise }: ReturnType<typeof averagesOf>) => ({
  averageIn: rupeesOrNull(inPaise),
  averageOut: rupeesOrNull(outPaise),
});
