// The market's history: which days there are, and an operator's way of giving more of them. Bars that are not a day of bars are
// refused as a whole, with the day, the bar and what is wrong; nothing is stored then.
import * as z from "zod";
import { historyCoverage } from "../../adapters/read-models/lab.ts";
import { flawOf, HISTORY_NAMES } from "../../core/market/packed-bars.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { problem } from "../problem.ts";
import { MarketDateIn, MarketDateOut, PRICE_MAX_PAISE } from "../schemas.ts";

const IndexIn = z.enum(HISTORY_NAMES).openapi("HistoryName");
const DAYS_MAX = 100;
const BARS_MAX = 500;
const Column = z.array(z.number().int().max(PRICE_MAX_PAISE)).min(1).max(BARS_MAX);
const Coverage = z
  .object({
    index: z.string(),
    intervalMs: z.number().int(),
    source: z.string().openapi({ description: "LIVE, REPLAY (never learned from), or who gave the days." }),
    days: z.number().int(),
    from: MarketDateOut,
    to: MarketDateOut,
    bars: z.number().int(),
  })
  .openapi("HistoryCoverage");

const GiveHistory = z
  .strictObject({
    index: IndexIn,
    intervalMs: z.union([60_000, 180_000, 900_000, 86_400_000].map((ms) => z.literal(ms))),
    source: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, "1 to 40 characters out of a-z 0-9 . _ -")
      .openapi({ description: "Where the bars are from; LIVE and REPLAY are the platform's own words." }),
    replace: z.boolean().default(false),
    days: z
      .array(
        z.strictObject({
          date: MarketDateIn,
          bars: z.strictObject({ minute: Column, open: Column, high: Column, low: Column, close: Column }),
        }),
      )
      .min(1)
      .max(DAYS_MAX),
  })
  .openapi("GiveHistory", {
    description: "Prices in whole paise (India VIX: hundredths); minutes after midnight IST.",
  });

export function openHistory(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/history",
      operationId: "getHistoryCoverage",
      tag: "Lab",
      summary: "Which days of the market's history there are",
      scopes: ["market:read"],
      responses: { 200: answers(z.object({ data: z.array(Coverage).readonly() }), "One row per index and source.") },
    },
    async (c) => c.json({ data: await historyCoverage(c.env.DB) }, 200),
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/history",
      operationId: "giveHistory",
      tag: "Lab",
      summary: "Give days of an index to learn from",
      description: "Days that are there already stay as they are, unless `replace` is true.",
      scopes: ["operations:write"],
      request: { body: takes(GiveHistory) },
      responses: { 200: answers(z.object({ days: z.number().int() }), "Stored.") },
      errors: ["BARS_MALFORMED"],
    },
    async (c) => {
      const { days, replace, index, intervalMs, source } = c.req.valid("json");
      for (const [at, { date, bars }] of days.entries()) {
        const flaw = flawOf(bars, intervalMs);
        if (flaw === null) continue;
        const field = `days[${at}].bars[${flaw.at}]`;
        return problem(c, "BARS_MALFORMED", {
          detail: `${date}: ${flaw.detail}`,
          errors: [{ field, message: flaw.detail, limit: null, value: null, unit: null }],
        });
      }
      await jobsOf(c).keepHistory(
        days.map(({ date, bars }) => ({ index, intervalMs, source, date, bars })),
        replace,
      );
      return c.json({ days: days.length }, 200);
    },
  );
}
