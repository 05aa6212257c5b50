// Daily reports.
import * as z from "zod";
import { findReport, listReports, type ReportRecord } from "../../adapters/read-models/reports.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, MarketDateIn, MarketDateOut, Paging, pageOf } from "../schemas.ts";

const ReportBody = z
  .object({
    date: MarketDateOut,
    at: Instant,
    report: z
      .record(z.string(), z.unknown())
      .openapi({ description: "Metrics of the day's trades, settlement, balances and capital; amounts are rupees." }),
  })
  .openapi("Report");

export function openReports(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/reports",
      operationId: "listReports",
      tag: "Account",
      summary: "Daily reports, newest first",
      scopes: ["reports:read"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(ReportBody), "A page of reports.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listReports(c.env.DB, c.var.accountId, page), reportBody), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/reports/{date}",
      operationId: "getReport",
      tag: "Account",
      summary: "The report of one day",
      scopes: ["reports:read"],
      request: { params: z.object({ date: MarketDateIn }) },
      responses: { 200: answers(ReportBody, "The report.") },
      errors: ["REPORT_NOT_FOUND"],
    },
    async (c) => {
      const row = await findReport(c.env.DB, c.var.accountId, c.req.valid("param").date);
      return row === null ? problem(c, "REPORT_NOT_FOUND") : c.json(reportBody(row), 200);
    },
  );
}

const reportBody = (row: ReportRecord) => ({
  date: row.date,
  at: instant(row.atMs),
  report: JSON.parse(row.report) as Record<string, string>,
});
