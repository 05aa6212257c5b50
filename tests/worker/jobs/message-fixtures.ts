// Messages as accounts send them, and a batch whose fate can be looked at.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import type { OrderRow, TradeRow } from "../../../src/core/reporting/projection.ts";
import { consumeQueue } from "../../../src/jobs/consume-queue.ts";
import type { LedgerMessage, NotificationMessage, QueueMessage } from "../../../src/ports/messages.ts";

export const DATE = marketDate("2025-08-29");
const AT = istInstant(DATE, "10:00");

export const orderRow = (sequence: number, change: Partial<OrderRow> = {}): OrderRow => ({
  table: "orders",
  accountId: "U001",
  clientOrderId: "U001-1",
  sequence,
  date: DATE,
  instrumentId: "NIFTY2590224500CE.NFO",
  underlying: "NIFTY50",
  side: "BUY",
  type: "MARKET",
  timeInForce: "IOC",
  quantityUnits: 75,
  limitPricePaise: 10_500,
  purpose: "ENTRY",
  exitReason: null,
  origin: "STRATEGY",
  cycleId: "2025-08-29-C04",
  signalId: "2025-08-29-C04/NIFTY50",
  status: "SUBMITTED",
  filledUnits: 0,
  filledValuePaise: 0,
  venueOrderId: null,
  denialCode: null,
  denial: null,
  rejectReason: null,
  createdAtMs: AT,
  updatedAtMs: AT,
  triggerPricePaise: null,
  product: "INTRADAY",
  listId: null,
  legIndex: null,
  releaseAtMs: null,
  algoId: "AH-API",
  slices: null,
  ...change,
});

export const tradeRow = (executionId: string, sequence: number): TradeRow => ({
  table: "trades",
  accountId: "U001",
  executionId,
  sequence,
  date: DATE,
  clientOrderId: "U001-1",
  instrumentId: "NIFTY2590224500CE.NFO",
  underlying: "NIFTY50",
  side: "BUY",
  purpose: "ENTRY",
  units: 75,
  pricePaise: 10_010,
  realisedPaise: 0,
  accruedChargesPaise: 2_871,
  modelled: true,
  strategy: "STRATEGY",
  signalId: null,
  exitReason: null,
  atMs: AT,
  optionType: "CALL",
  strikePaise: 24_500_00,
  expiry: marketDate("2025-09-02"),
  listId: null,
  legIndex: null,
});

export const entry = (sequence: number, part = 0): LedgerEntry => ({
  accountId: "U001",
  sequence,
  part,
  kind: "FILL",
  date: DATE,
  atMs: AT,
  reference: `X-${sequence}`,
  lines: [
    { account: "positions", amountPaise: paise(750_750) },
    { account: "trading-cash", amountPaise: paise(-750_750) },
  ],
});

export const ledgerMessage = (change: Partial<LedgerMessage> = {}): LedgerMessage => ({
  kind: "LEDGER",
  accountId: "U001",
  outboxIds: [1],
  rows: [],
  entries: [],
  ...change,
});

export const notificationMessage = (sequence: number): NotificationMessage => ({
  kind: "NOTIFICATION",
  accountId: "U001",
  outboxIds: [sequence],
  notifications: [
    { accountId: "U001", sequence, atMs: AT, kind: "TRADE", priority: "NORMAL", title: "Bought", body: "75 units" },
  ],
});

/** Gives bodies to the consumer of a queue and says which message ids were confirmed and which given back. */
export async function deliver(queue: string, ...bodies: readonly unknown[]) {
  const batch = createMessageBatch<QueueMessage>(
    queue,
    bodies.map((body, index) => ({
      id: `m${index}`,
      timestamp: new Date(1_000),
      attempts: 1,
      body: body as QueueMessage,
    })),
  );
  const context = createExecutionContext();
  await consumeQueue(batch, env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return { confirmed: explicitAcks.toSorted(), givenBack: retryMessages.map((message) => message.msgId).toSorted() };
}

export async function rowsOf<Row>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
  return (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results;
}

/** Looks again until `done`, for what happens by itself; `withinMs` is generous, because machines may be busy. */
export async function eventually<Value>(
  look: () => Promise<Value>,
  done: (value: Value) => boolean,
  withinMs = 25_000,
): Promise<Value> {
  for (const startMs = Date.now(); ; ) {
    const value = await look();
    if (done(value)) return value;
    if (Date.now() - startMs > withinMs) throw new Error(`not in time: ${JSON.stringify(value)}`);
    await scheduler.wait(50);
  }
}
