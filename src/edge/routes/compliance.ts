// Compliance: what was checked of every order, the report over it, and the restrictions of symbols.
import * as z from "zod";
import { countOrderChecks, listOrderChecks, type OrderCheckRecord } from "../../adapters/read-models/order-checks.ts";
import {
  addRestriction,
  liftRestriction,
  listRestrictions,
  type RestrictionRecord,
} from "../../adapters/read-models/restrictions.ts";
import { RESTRICTION_SOURCES, RESTRICTION_TYPES } from "../../core/compliance/restriction.ts";
import { underlyingOfSymbol } from "../../core/compliance/symbol.ts";
import { checksOf, type RecordedCheck } from "../../core/risk/check-record.ts";
import type { Denial } from "../../core/risk/denial.ts";
import { csvRecord } from "../csv.ts";
import { answers, type EdgeApp, openAccountRoute, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, MarketDateIn, MarketDateOut, Paging, pageOf } from "../schemas.ts";

const STATUSES = ["APPROVED", "WARNING", "PENDING", "REJECTED"] as const;
const CheckBody = z
  .object({
    accountId: z.string(),
    date: MarketDateOut,
    clientOrderId: z.string(),
    purpose: z.string(),
    status: z.enum(STATUSES),
    ruleId: z.string().nullable().openapi({ description: "The rule that refused." }),
    algoId: z.string().nullable(),
    at: Instant,
    checks: z.array(
      z.object({
        rule: z.string(),
        passed: z.boolean(),
        limit: z.number().nullable(),
        value: z.number().nullable(),
        unit: z.string().nullable(),
        note: z.string().optional(),
      }),
    ),
  })
  .openapi("OrderCheck");

const ReportBody = z
  .object({
    total: z.number().int(),
    approved: z.number().int(),
    rejected: z.number().int(),
    warnings: z.number().int(),
    pending: z.number().int(),
    rejectedByRule: z.record(z.string(), z.number().int()),
    verifiedUsers: z.number().int().nullable().openapi({ description: "Null where the report is of one account." }),
    last: z.array(CheckBody).openapi({ description: "The ten latest." }),
  })
  .openapi("ComplianceReport");

const RestrictionBody = z
  .object({
    restrictionId: z.string(),
    source: z.enum(RESTRICTION_SOURCES),
    type: z.enum(RESTRICTION_TYPES),
    symbol: z.string(),
    from: MarketDateOut,
    to: MarketDateOut.nullable(),
    message: z.string(),
    createdAt: Instant,
    createdBy: z.string(),
    liftedAt: Instant.nullable(),
    liftedBy: z.string().nullable(),
  })
  .openapi("Restriction");

const RestrictionIn = z
  .strictObject({
    restrictionId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "1 to 64 characters out of A-Z a-z 0-9 . _ -"),
    source: z.enum(RESTRICTION_SOURCES).default("OPERATOR"),
    type: z.enum(RESTRICTION_TYPES),
    symbol: z
      .string()
      .max(40)
      .refine((symbol) => symbol === "*" || underlyingOfSymbol(symbol) !== null, "an underlying, a contract, or *")
      .openapi({ description: "NIFTY50, BANKNIFTY, SENSEX, an instrument id, or * for everything." }),
    from: MarketDateIn,
    to: MarketDateIn.nullable().default(null),
    message: z.string().trim().min(1).max(500),
  })
  .openapi("RestrictionIn");

const Told = z.object({ restriction: RestrictionBody, accountsTold: z.number().int() });
const DateQuery = z.object({ date: MarketDateIn.optional() });
const ReportQuery = DateQuery.extend({ format: z.enum(["json", "csv"]).default("json") });

export function openCompliance(app: EdgeApp): void {
  openChecks(app);
  openReports(app);
  openRestrictions(app);
  openRestrictionEditing(app);
}

function openChecks(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/order-checks",
      operationId: "listOrderChecks",
      tag: "Orders",
      summary: "Every rule that was asked about every order, newest first",
      scopes: ["orders:read"],
      request: { query: Paging.extend({ date: MarketDateIn.optional() }) },
      responses: { 200: answers(pageOf(CheckBody), "A page of checked orders.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "string", "number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const filter = { accountId: c.var.accountId, date: query.date };
      return c.json(pageBody(c, await listOrderChecks(c.env.DB, filter, page), checkBody), 200);
    },
  );
}

const REPORT_RESPONSES = {
  200: {
    description: "The report; as CSV one line a figure.",
    content: { "application/json": { schema: ReportBody }, "text/csv": { schema: z.string() } },
  },
} as const;

function openReports(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/compliance/report",
      operationId: "getComplianceReport",
      tag: "Orders",
      summary: "Compliance in figures",
      scopes: ["orders:read"],
      request: { query: ReportQuery },
      responses: REPORT_RESPONSES,
    },
    async (c) => {
      const { date, format } = c.req.valid("query");
      const report = await reportOf(c.env.DB, { accountId: c.var.accountId, date });
      return format === "csv" ? c.body(csvOf(report), 200, CSV) : c.json(report, 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/compliance/report",
      operationId: "getPlatformComplianceReport",
      tag: "Operations",
      summary: "Compliance in figures, over all accounts",
      scopes: ["operations:read"],
      request: { query: ReportQuery },
      responses: REPORT_RESPONSES,
    },
    async (c) => {
      const { date, format } = c.req.valid("query");
      const report = { ...(await reportOf(c.env.DB, { date })), verifiedUsers: await verifiedUsers(c.env.DB) };
      return format === "csv" ? c.body(csvOf(report), 200, CSV) : c.json(report, 200);
    },
  );
}

function openRestrictions(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/restrictions",
      operationId: "listRestrictions",
      tag: "Market",
      summary: "What has been said about symbols, newest first",
      description: "With a date: only what is in force on it. Without: everything, lifted ones too.",
      scopes: ["market:read"],
      request: { query: Paging.extend({ date: MarketDateIn.optional() }) },
      responses: { 200: answers(pageOf(RestrictionBody), "A page of restrictions.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listRestrictions(c.env.DB, query.date, page), restrictionBody), 200);
    },
  );
}

function openRestrictionEditing(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/restrictions",
      operationId: "addRestriction",
      tag: "Operations",
      summary: "Restrict a symbol, from now on and at once",
      description: "Accounts whose day is open are told at once; entries under way in the symbol are canceled.",
      scopes: ["operations:write"],
      request: { body: takes(RestrictionIn) },
      responses: { 201: answers(Told, "On record, and told.") },
      errors: ["RESTRICTION_EXISTS"],
    },
    async (c) => {
      const { from, to, symbol, ...body } = c.req.valid("json");
      const row: RestrictionRecord = {
        ...body,
        // A contract stands for itself; any spelling of an index for the index.
        symbol: symbol === "*" || symbol.includes(".") ? symbol : (underlyingOfSymbol(symbol) ?? symbol),
        fromDate: from,
        toDate: to,
        createdAtMs: Date.now(),
        createdBy: c.var.principal.keyId,
        liftedAtMs: null,
        liftedBy: null,
      };
      if (!(await addRestriction(c.env.DB, row))) return problem(c, "RESTRICTION_EXISTS");
      return c.json({ restriction: restrictionBody(row), accountsTold: await jobsOf(c).spreadRestrictions() }, 201);
    },
  );
  openRoute(
    app,
    {
      method: "delete",
      path: "/v1/operations/restrictions/{restrictionId}",
      operationId: "liftRestriction",
      tag: "Operations",
      summary: "Lift a restriction, at once",
      scopes: ["operations:write"],
      request: { params: z.object({ restrictionId: z.string().min(1).max(64) }) },
      responses: { 200: answers(Told, "Lifted, and told.") },
      errors: ["RESTRICTION_NOT_FOUND"],
    },
    async (c) => {
      const by = { atMs: Date.now(), actor: c.var.principal.keyId };
      const row = await liftRestriction(c.env.DB, c.req.valid("param").restrictionId, by);
      if (row === null) return problem(c, "RESTRICTION_NOT_FOUND");
      return c.json({ restriction: restrictionBody(row), accountsTold: await jobsOf(c).spreadRestrictions() }, 200);
    },
  );
}

type Report = z.infer<typeof ReportBody>;
const CSV = { "content-type": "text/csv; charset=utf-8; header=present" };

async function reportOf(
  db: D1Database,
  filter: { readonly accountId?: string; readonly date: string | undefined },
): Promise<Report> {
  const [counts, last] = await Promise.all([
    countOrderChecks(db, filter),
    listOrderChecks(db, filter, { limit: 10, after: null }),
  ]);
  const of = (status: string): number =>
    counts.filter((row) => row.status === status).reduce((sum, { orders }) => sum + orders, 0);
  const refused = counts.filter(({ ruleId }) => ruleId !== null);
  return {
    total: counts.reduce((sum, { orders }) => sum + orders, 0),
    approved: of("APPROVED"),
    rejected: of("REJECTED"),
    warnings: of("WARNING"),
    pending: of("PENDING"),
    rejectedByRule: Object.fromEntries(refused.map(({ ruleId, orders }) => [ruleId ?? "", orders])),
    verifiedUsers: null,
    last: last.rows.map(checkBody),
  };
}

/** Accounts of which an order has been let through: nothing else proves a verified user from the records alone. */
const verifiedUsers = async (db: D1Database): Promise<number> =>
  (await db
    .prepare(
      "SELECT COUNT(DISTINCT account_id) AS n FROM order_checks WHERE purpose = 'ENTRY' AND status IN ('APPROVED', 'WARNING')",
    )
    .first<number>("n")) ?? 0;

const csvOf = ({ last: _last, rejectedByRule, ...figures }: Report): string =>
  [
    csvRecord(["figure", "orders"]),
    ...Object.entries(figures).map(([name, orders]) => csvRecord([name, orders])),
    ...Object.entries(rejectedByRule).map(([rule, orders]) => csvRecord([`rejected ${rule}`, orders])),
  ].join("");

const checkBody = (row: OrderCheckRecord): z.infer<typeof CheckBody> => ({
  accountId: row.accountId,
  date: row.date,
  clientOrderId: row.clientOrderId,
  purpose: row.purpose,
  status: row.status as (typeof STATUSES)[number],
  ruleId: row.ruleId,
  algoId: row.algoId,
  at: instant(row.atMs),
  checks: [
    ...checksOf(
      JSON.parse(row.checks) as readonly RecordedCheck[],
      row.denial === null ? null : (JSON.parse(row.denial) as Denial),
    ),
  ],
});

const restrictionBody = (row: RestrictionRecord): z.infer<typeof RestrictionBody> => ({
  restrictionId: row.restrictionId,
  source: row.source as (typeof RESTRICTION_SOURCES)[number],
  type: row.type as (typeof RESTRICTION_TYPES)[number],
  symbol: row.symbol,
  from: row.fromDate,
  to: row.toDate,
  message: row.message,
  createdAt: instant(row.createdAtMs),
  createdBy: row.createdBy,
  liftedAt: instantOrNull(row.liftedAtMs),
  liftedBy: row.liftedBy,
});
