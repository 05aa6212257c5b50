// Paths that earlier versions had. They keep their shape, but nothing behind them moves money any more: a profit is an estimate
// and says so, and a settlement is a preview.
import * as z from "zod";
import { listReports } from "../../adapters/read-models/reports.ts";
import { OWN_CAPITAL_MAX_PAISE } from "../../core/account/category.ts";
import { bpsOf, mulDivFloor, type Paise, parseRupees } from "../../core/kernel/money.ts";
import { epochMs, istDateOf } from "../../core/kernel/time.ts";
import { settle } from "../../core/settlement/settle.ts";
import { answers, type EdgeApp, openNamedRoute, openRoute, takes } from "../define-route.ts";
import { problem } from "../problem.ts";
import { AccountId, CategoryName, MarketDateIn, Rupees, RupeesIn, rupees } from "../schemas.ts";
import { WorksheetBody, worksheetBody } from "../worksheet-body.ts";

/** What the estimate assumes: six of ten trades win 5 % of the exposure, four lose 3 % (G-18 to G-20, G-53). */
const WIN_RATE_BPS = 6_000;
const WIN_BPS = 500;
const LOSS_BPS = 300;
const EDGE_BPS = (WIN_RATE_BPS * WIN_BPS - (10_000 - WIN_RATE_BPS) * LOSS_BPS) / 10_000;
const LEVERAGE_MAX = 3;

/** Rupees as these paths always took them: a number or a decimal string. */
const LooseRupees = z
  .union([z.number(), z.string().max(32)])
  .transform((given, ctx): Paise => {
    const parsed = parseRupees(typeof given === "number" ? given.toFixed(2) : given);
    if (parsed.ok && parsed.value > 0) return parsed.value;
    ctx.addIssue({ code: "custom", message: "a positive amount of rupees" });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "10000.00" });

const TradeQuestion = z
  .object({
    capital: LooseRupees,
    leverage: z.number().min(1).max(LEVERAGE_MAX).default(1),
  })
  .openapi("TradeEstimateQuestion");

const TradeAnswer = z
  .object({
    status: z.literal("success"),
    trade_id: z.string(),
    profit: Rupees,
    expected_profit: Rupees,
    estimate: z.literal(true),
    message: z.string(),
  })
  .openapi("TradeEstimate");
const TradeError = z.object({ status: z.literal("error"), message: z.string() }).openapi("TradeEstimateError");

const SettlementQuestion = z
  .object({
    category: CategoryName,
    gross_profit: RupeesIn,
    user_id: z.string().max(64).optional(),
    current_capital: RupeesIn.optional(),
    fee_schedule: z.enum(["v9", "beta-2025"]).default("v9"),
    date: MarketDateIn.optional(),
    activated_on: MarketDateIn.optional(),
  })
  .openapi("SettlementQuestion");

const NO_CHARGES = {
  brokeragePaise: 0,
  sttPaise: 0,
  exchangePaise: 0,
  ipftPaise: 0,
  sebiPaise: 0,
  stampPaise: 0,
  gstPaise: 0,
  totalPaise: 0,
} as { readonly [Head in keyof Parameters<typeof settle>[0]["charges"]]: Paise };

export function openAliases(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/trade",
      operationId: "estimateTrade",
      tag: "Aliases",
      summary: "A checked estimate of a trade's profit",
      description: "Nothing is traded and no money moves. POST /v1/orders trades.",
      deprecated: true,
      scopes: ["account:read"],
      request: { body: takes(TradeQuestion) },
      responses: {
        200: answers(TradeAnswer, "The estimate."),
        422: answers(TradeError, "The capital is above what may be own capital."),
      },
    },
    (c) => {
      const { capital, leverage } = c.req.valid("json");
      if (capital > OWN_CAPITAL_MAX_PAISE) {
        const message = `capital is at most ${rupees(OWN_CAPITAL_MAX_PAISE)} rupees`;
        return c.json({ status: "error" as const, message }, 422);
      }
      const exposurePaise = mulDivFloor(capital, Math.round(leverage * 10_000), 10_000);
      const profit = rupees(bpsOf(exposurePaise, EDGE_BPS, "FLOOR"));
      return c.json(
        {
          status: "success" as const,
          trade_id: `ESTIMATE_${c.var.requestId}`,
          profit,
          expected_profit: profit,
          estimate: true as const,
          message: "An estimate from assumed win rate and move, not a result.",
        },
        200,
      );
    },
  );
  for (const [path, operationId, deprecated] of [
    ["/v1/settlements/preview", "previewSettlement", false],
    ["/settle", "previewSettlementAlias", true],
  ] as const) {
    openRoute(
      app,
      {
        method: "post",
        path,
        operationId,
        tag: deprecated ? "Aliases" : "Calculators",
        summary: "What a settlement of a gross profit would look like",
        description: "`gross_profit` is after the broker's charges. Nothing is written.",
        deprecated,
        scopes: ["account:read"],
        request: { body: takes(SettlementQuestion) },
        responses: { 200: answers(WorksheetBody, "The worksheet.") },
      },
      (c) => {
        const body = c.req.valid("json");
        const date = body.date ?? istDateOf(epochMs(Date.now()));
        const worksheet = settle({
          date,
          stage: "PROVISIONAL",
          realisedPaise: body.gross_profit,
          charges: NO_CHARGES,
          category: body.category,
          activatedOn: body.activated_on ?? date,
          feeSchedule: body.fee_schedule,
        });
        return c.json(worksheetBody(worksheet), 200);
      },
    );
  }
  openNamedRoute(
    app,
    {
      method: "get",
      path: "/report/user/{accountId}",
      operationId: "latestReport",
      tag: "Aliases",
      summary: "The newest daily report",
      deprecated: true,
      scopes: ["reports:read"],
      request: { params: z.object({ accountId: AccountId }) },
      responses: { 200: answers(z.record(z.string(), z.unknown()), "The report.") },
      errors: ["REPORT_NOT_FOUND"],
    },
    async (c) => {
      const { rows } = await listReports(c.env.DB, c.var.accountId, { limit: 1, after: null });
      const row = rows[0];
      if (row === undefined) return problem(c, "REPORT_NOT_FOUND");
      return c.json(JSON.parse(row.report) as Record<string, string>, 200);
    },
  );
}
