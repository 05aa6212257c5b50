// An order as the API shows it, from the account object's own record or from the read model.
import * as z from "zod";
import type { OrderRecord } from "../adapters/read-models/orders.ts";
import { istDateOf } from "../core/kernel/time.ts";
import type { Order } from "../core/order/order.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees } from "./schemas.ts";

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
    rejectReason: z.string().nullable(),
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
});

export const orderRowBody = (row: OrderRecord): OrderBody => ({
  ...shared(row),
  date: row.date,
  instrumentId: row.instrumentId,
  underlying: row.underlying,
  denialCode: row.denialCode,
});

const shared = (order: Pick<OrderRecord, keyof Order & keyof OrderRecord>) => ({
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
