// The history of trades: pages, and downloads of everything that matches.
import * as z from "zod";
import { listTrades, readTrades, type TradeFilter, type TradeRecord } from "../../adapters/read-models/trades.ts";
import { csvRecord } from "../csv.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import {
  Instant,
  instant,
  MarketDateIn,
  MarketDateOut,
  Paging,
  pageOf,
  Rupees,
  rupees,
  Side,
  UnderlyingName,
} from "../schemas.ts";

const TradeBody = z
  .object({
    executionId: z.string(),
    sequence: z.number().int(),
    date: MarketDateOut,
    at: Instant,
    clientOrderId: z.string(),
    instrumentId: z.string(),
    underlying: z.string(),
    side: z.string(),
    purpose: z.string(),
    units: z.number().int(),
    price: Rupees,
    value: Rupees,
    realised: Rupees.openapi({ description: "Realised by this execution, before charges." }),
    charges: Rupees.openapi({ description: "As accrued; the contract note decides in the end." }),
    modelled: z.boolean().openapi({ description: "True when the price rests on a modelled quote." }),
    strategy: z.string(),
    signalId: z.string().nullable(),
    exitReason: z.string().nullable(),
  })
  .openapi("Trade");
type TradeBody = z.infer<typeof TradeBody>;

const Filter = z.object({
  from: MarketDateIn.optional(),
  to: MarketDateIn.optional(),
  underlying: UnderlyingName.optional(),
  side: Side.optional(),
  strategy: z.string().max(64).optional(),
  signal: z.string().max(128).optional(),
});
const TradeQuery = Paging.extend(Filter.shape);
const ExportQuery = Filter.extend({ format: z.enum(["csv", "json"]).default("csv") });

const COLUMNS = Object.keys(TradeBody.shape) as (keyof TradeBody)[];

export function openTrades(app: EdgeApp): void {
  for (const [path, operationId, deprecated] of [
    ["/v1/trades", "listTrades", false],
    ["/v1/trades/history", "listTradeHistory", true],
  ] as const) {
    openAccountRoute(
      app,
      {
        method: "get",
        path,
        operationId,
        tag: deprecated ? "Aliases" : "Orders",
        summary: "Executions, newest first",
        deprecated,
        scopes: ["orders:read"],
        request: { query: TradeQuery },
        responses: { 200: answers(pageOf(TradeBody), "A page of trades.") },
        errors: ["CURSOR_INVALID"],
      },
      async (c) => {
        const { signal, ...query } = c.req.valid("query");
        const page = pageRequest(query, ["string", "number", "string"]);
        if (page === null) return problem(c, "CURSOR_INVALID");
        const trades = await listTrades(c.env.DB, c.var.accountId, { ...query, signalId: signal }, page);
        return c.json(pageBody(c, trades, tradeBody), 200);
      },
    );
  }
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/trades/export",
      operationId: "exportTrades",
      tag: "Orders",
      summary: "All executions that match, as a file, oldest first",
      scopes: ["orders:read"],
      request: { query: ExportQuery },
      responses: {
        200: {
          description: "The file.",
          content: { "text/csv": { schema: z.string() }, "application/json": { schema: z.array(TradeBody) } },
        },
      },
    },
    (c) => {
      const { format, signal, ...query } = c.req.valid("query");
      const rows = readTrades(c.env.DB, c.var.accountId, { ...query, signalId: signal });
      const name = fileNameOf(c.var.accountId, query, format);
      return c.body(streamed(format === "csv" ? csvLines(rows) : jsonLines(rows)), 200, {
        "content-type": format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/json",
        "content-disposition": `attachment; filename="${name}"`,
      }) as never;
    },
  );
}

const fileNameOf = (accountId: string, { from, to }: TradeFilter, format: string): string =>
  `trades-${accountId}${from === undefined ? "" : `-${from}`}${to === undefined ? "" : `-${to}`}.${format}`;

async function* csvLines(pages: AsyncIterable<readonly TradeRecord[]>): AsyncGenerator<string> {
  yield csvRecord(COLUMNS);
  for await (const page of pages) {
    yield page
      .map((row) => tradeBody(row))
      .map((trade) => csvRecord(COLUMNS.map((name) => trade[name])))
      .join("");
  }
}

async function* jsonLines(pages: AsyncIterable<readonly TradeRecord[]>): AsyncGenerator<string> {
  let separator = "[";
  for await (const page of pages) {
    for (const row of page) {
      yield `${separator}${JSON.stringify(tradeBody(row))}`;
      separator = ",\n";
    }
  }
  yield separator === "[" ? "[]" : "]";
}

/** Reads on only as fast as the client does. */
function streamed(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(utf8.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

const tradeBody = (row: TradeRecord): TradeBody => ({
  executionId: row.executionId,
  sequence: row.sequence,
  date: row.date,
  at: instant(row.atMs),
  clientOrderId: row.clientOrderId,
  instrumentId: row.instrumentId,
  underlying: row.underlying,
  side: row.side,
  purpose: row.purpose,
  units: row.units,
  price: rupees(row.pricePaise),
  value: rupees(row.pricePaise * row.units),
  realised: rupees(row.realisedPaise),
  charges: rupees(row.accruedChargesPaise),
  modelled: row.modelled,
  strategy: row.strategy,
  signalId: row.signalId,
  exitReason: row.exitReason,
});
