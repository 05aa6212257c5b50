// An order as the API shows it, from the account object's own record or from the read model.
import * as z from "zod";
import type { OrderRecord } from "../adapters/read-models/orders.ts";
import { istDateOf } from "../core/kernel/time.ts";
import type { Order } from "../core/order/order.ts";
import type { Denial } from "../core/risk/denial.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees } from "./schemas.ts";

export const DenialBody = z
  .object({
    code: z.string().openapi({ example: "ORDER_VALUE_LIMIT" }),
    field: z.string().openapi({ example: "quantityUnits" }),
    limit: z.number().nullable().openapi({ description: "The limit, in the unit named by `unit`." }),
    value: z.number().nullable().openapi({ description: "The value that met the limit." }),
    unit: z.string().nullable(),
    detail: z.string().openapi({ description: "One sentence: what would pass." }),
  })
  .nullable()
  .openapi("Denial", { description: "Why it was not sent; null for what was, and for rows that knew the code alone." });
type DenialBody = z.infer<typeof DenialBody>;

export const OrderBody = z
  .object({
    clientOrderId: z.string(),
    date: MarketDateOut,
    instrumentId: z.string(),
    underlying: z.string(),
    side: z.string(),
    type: z.string(),
    timeInForce: z.string(),
    quantityUnits: z.number().int(),
    limitPrice: Rupees.openapi({ description: "The limit; for a market order the protection price it was sent with." }),
    purpose: z.string().openapi({ example: "ENTRY" }),
    exitReason: z.string().nullable(),
    origin: z.string().openapi({ example: "STRATEGY" }),
    cycleId: z.string().nullable(),
    signalId: z.string().nullable(),
    status: z.string().openapi({ example: "FILLED" }),
    filledUnits: z.number().int(),
    filledValue: Rupees,
    averagePrice: Rupees.nullable().openapi({ description: "Floored to the paisa; for display." }),
    venueOrderId: z.string().nullable(),
    denialCode: z.string().nullable(),
    denial: DenialBody,
    rejectReason: z.string().nullable(),
    triggerPrice: Rupees.nullable().openapi({ description: "Of a STOP_LIMIT: where it becomes a LIMIT order." }),
    triggered: z
      .boolean()
      .nullable()
      .openapi({ description: "Whether a STOP_LIMIT of today has reached its trigger." }),
    product: z.string().openapi({ example: "INTRADAY" }),
    listId: z.string().nullable(),
    releaseAt: Instant.nullable().openapi({ description: "When the order rate lets it leave." }),
    algoId: z.string().nullable().openapi({ description: "The exchange's tag for an order that a program has made." }),
    slices: z.number().int().nullable().openapi({
      description:
        "Of an order above the freeze quantity: how many parts of it were sent, each an order with this one as its listId. Null for any other order.",
    }),
    modifications: z
      .array(
        z.object({
          modifyId: z.string(),
          outcome: z.string().openapi({ example: "REPLACED" }),
          quantityUnits: z.number().int(),
          limitPrice: Rupees,
          triggerPrice: Rupees.nullable(),
          reason: z.string().nullable(),
        }),
      )
      .openapi({ description: "What was asked to be changed today, oldest first; none on orders of earlier days." }),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .openapi("Order");
export type OrderBody = z.infer<typeof OrderBody>;

export const orderBody = (order: Order): OrderBody => ({
  ...shared(order),
  date: istDateOf(order.createdAtMs),
  instrumentId: order.contract.instrumentId,
  underlying: order.contract.underlying,
  denialCode: order.denial?.code ?? null,
  denial: order.denial,
  triggerPrice: order.triggerPricePaise === undefined ? null : rupees(order.triggerPricePaise),
  triggered: order.type === "STOP_LIMIT" ? order.isTriggered === true : null,
  product: order.product ?? "INTRADAY",
  listId: order.listId ?? null,
  releaseAt: order.releaseAtMs === undefined ? null : instant(order.releaseAtMs),
  algoId: order.algoId ?? null,
  slices: order.slices ?? null,
  modifications: (order.modifications ?? []).map(
    ({ modifyId, outcome, quantityUnits, limitPricePaise, triggerPricePaise, reason }) => ({
      modifyId,
      outcome,
      quantityUnits,
      limitPrice: rupees(limitPricePaise),
      triggerPrice: triggerPricePaise === undefined ? null : rupees(triggerPricePaise),
      reason: reason ?? null,
    }),
  ),
});

export const orderRowBody = (row: OrderRecord): OrderBody => ({
  ...shared(row),
  date: row.date,
  instrumentId: row.instrumentId,
  underlying: row.underlying,
  denialCode: row.denialCode,
  denial: denialRowBody(row.denial),
  triggerPrice: row.triggerPricePaise === null ? null : rupees(row.triggerPricePaise),
  triggered: null,
  product: row.product ?? "INTRADAY",
  listId: row.listId,
  releaseAt: row.releaseAtMs === null ? null : instant(row.releaseAtMs),
  algoId: row.algoId,
  slices: row.slices,
  modifications: [],
});

export const denialRowBody = (json: string | null): DenialBody => (json === null ? null : (JSON.parse(json) as Denial));

/** What a row and a record say in the same words: the rest is optional in the one and null in the other. */
type Shared = Exclude<
  keyof Order & keyof OrderRecord,
  "denial" | "triggerPricePaise" | "product" | "listId" | "legIndex" | "releaseAtMs" | "algoId" | "slices"
>;

const shared = (order: Pick<OrderRecord, Shared>) => ({
  clientOrderId: order.clientOrderId,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  quantityUnits: order.quantityUnits,
  limitPrice: rupees(order.limitPricePaise),
  purpose: order.purpose,
  exitReason: order.exitReason,
  origin: order.origin,
  cycleId: order.cycleId,
  signalId: order.signalId,
  status: order.status,
  filledUnits: order.filledUnits,
  filledValue: rupees(order.filledValuePaise),
  averagePrice: order.filledUnits === 0 ? null : rupees(Math.floor(order.filledValuePaise / order.filledUnits)),
  venueOrderId: order.venueOrderId,
  rejectReason: order.rejectReason,
  createdAt: instant(order.createdAtMs),
  updatedAt: instant(order.updatedAtMs),
});
