// Settlements with their worksheets, and the transfers between savings and trading account.
import * as z from "zod";
import {
  listSettlements,
  listTransfers,
  type SettlementRecord,
  type TransferRecord,
} from "../../adapters/read-models/settlements.ts";
import type { SettlementWorksheet } from "../../core/settlement/worksheet.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import {
  Instant,
  instant,
  instantOrNull,
  MarketDateIn,
  MarketDateOut,
  Paging,
  pageOf,
  Rupees,
  rupees,
} from "../schemas.ts";
import { ChargesBody, chargesBody, WorksheetBody, worksheetBody } from "../worksheet-body.ts";

const SettlementBody = WorksheetBody.extend({
  sequence: z.number().int(),
  at: Instant,
  chargeHeads: ChargesBody,
}).openapi("Settlement");

const TransferBody = z
  .object({
    transferId: z.string(),
    date: MarketDateOut,
    kind: z.string().openapi({ example: "PUSH" }),
    amount: Rupees.openapi({ description: "All that moves, the tax lock included." }),
    taxLock: Rupees,
    status: z.string(),
    rail: z.string(),
    railReference: z.string().nullable(),
    failure: z.string().nullable(),
    requestedAt: Instant,
    completedAt: Instant.nullable(),
  })
  .openapi("Transfer");

const DayQuery = Paging.extend({ date: MarketDateIn.optional() });

export function openSettlements(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/settlements",
      operationId: "listSettlements",
      tag: "Account",
      summary: "Settlements line by line, newest first",
      scopes: ["account:read"],
      request: { query: DayQuery },
      responses: { 200: answers(pageOf(SettlementBody), "A page of settlements.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listSettlements(c.env.DB, c.var.accountId, query.date, page);
      return c.json(pageBody(c, rows, settlementBody), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/transfers",
      operationId: "listTransfers",
      tag: "Account",
      summary: "Transfers between savings and trading account, newest first",
      scopes: ["account:read"],
      request: { query: DayQuery },
      responses: { 200: answers(pageOf(TransferBody), "A page of transfers.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listTransfers(c.env.DB, c.var.accountId, query.date, page);
      return c.json(pageBody(c, rows, transferBody), 200);
    },
  );
}

function settlementBody(row: SettlementRecord): z.infer<typeof SettlementBody> {
  const worksheet = JSON.parse(row.worksheet) as SettlementWorksheet;
  return {
    ...worksheetBody(worksheet),
    chargeHeads: chargesBody(worksheet.charges),
    sequence: row.sequence,
    at: instant(row.atMs),
  };
}

const transferBody = (row: TransferRecord): z.infer<typeof TransferBody> => ({
  transferId: row.transferId,
  date: row.date,
  kind: row.kind,
  amount: rupees(row.amountPaise),
  taxLock: rupees(row.taxLockPaise),
  status: row.status,
  rail: row.rail,
  railReference: row.railReference,
  failure: row.failure,
  requestedAt: instant(row.requestedAtMs),
  completedAt: instantOrNull(row.completedAtMs),
});
