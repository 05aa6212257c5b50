// A list of orders as the API shows it, from the account object's own record or from the read model: the same words for both.
import * as z from "zod";
import type { OrderListRecord } from "../adapters/read-models/order-lists.ts";
import { childrenOf } from "../core/account/lists.ts";
import type { AccountState } from "../core/account/state.ts";
import { paise } from "../core/kernel/money.ts";
import { istDateOf } from "../core/kernel/time.ts";
import type { OrderList } from "../core/order-list/order-list.ts";
import type { ListLegSummary } from "../core/reporting/projection.ts";
import { DenialBody, denialRowBody, OrderBody, orderBody, orderRowBody } from "./order-body.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees } from "./schemas.ts";

export const ListBody = z
  .object({
    listId: z.string(),
    date: MarketDateOut,
    kind: z.string(),
    structure: z.string().nullable(),
    stage: z.string().openapi({ example: "SELLING" }),
    reason: z.string().nullable(),
    sets: z.number().int(),
    keptSets: z.number().int().nullable(),
    purpose: z.string().openapi({ example: "ENTRY" }),
    exitReason: z.string().nullable().openapi({ description: "Why it is being left, or was." }),
    onIncomplete: z.string().openapi({ example: "UNWIND" }),
    completeBy: Instant.nullable().openapi({ description: "Null for slices: the day is their deadline." }),
    timeExit: Instant.nullable(),
    origin: z.string().openapi({ example: "STRATEGY" }),
    strategyId: z.string().nullable().openapi({ description: "The strategy instance whose list it is." }),
    cycleId: z.string().nullable(),
    signalId: z.string().nullable(),
    denialCode: z.string().nullable(),
    denial: DenialBody,
    legs: z.array(
      z.object({
        instrumentId: z.string(),
        side: z.string(),
        quantityUnits: z.number().int(),
        limitPrice: Rupees,
        margin: Rupees,
      }),
    ),
    netPremium: Rupees.openapi({ description: "Taken in less paid by all of its orders so far." }),
    orders: z.array(OrderBody),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .openapi("OrderList");

type ListBody = z.infer<typeof ListBody>;

export function listBody(state: AccountState, list: OrderList): ListBody {
  const orders = childrenOf(state, list);
  return {
    ...shared(list),
    date: istDateOf(list.createdAtMs),
    exitReason: list.leaving ?? list.exitReason,
    strategyId: list.strategyId ?? null,
    denialCode: list.denial?.code ?? null,
    denial: list.denial,
    legs: list.legs.map((leg) => legBody({ ...leg, instrumentId: leg.contract.instrumentId })),
    netPremium: netPremium(orders),
    orders: orders.map(orderBody),
  };
}

export const listRowBody = (row: OrderListRecord): ListBody => ({
  ...shared(row),
  date: row.date,
  exitReason: row.exitReason,
  strategyId: row.strategyId,
  denialCode: row.denialCode,
  denial: denialRowBody(row.denial),
  legs: (JSON.parse(row.legs) as readonly ListLegSummary[]).map(legBody),
  netPremium: netPremium(row.orders),
  orders: row.orders.map(orderRowBody),
});

const legBody = ({ instrumentId, side, quantityUnits, limitPricePaise, marginPaise }: ListLegSummary) => ({
  instrumentId,
  side,
  quantityUnits,
  limitPrice: rupees(limitPricePaise),
  margin: rupees(marginPaise),
});

/** What a row and a record say in the same words: the rest is optional in the one and null in the other. */
type Shared = Exclude<keyof OrderList & keyof OrderListRecord, "denial" | "exitReason" | "strategyId" | "legs">;

const shared = (list: Pick<OrderListRecord, Shared>) => ({
  listId: list.listId,
  kind: list.kind,
  structure: list.structure,
  stage: list.stage,
  reason: list.reason,
  sets: list.sets,
  keptSets: list.keptSets,
  purpose: list.purpose,
  onIncomplete: list.onIncomplete,
  completeBy: list.completeByMs === null ? null : instant(list.completeByMs),
  timeExit: list.timeExitMs === null ? null : instant(list.timeExitMs),
  origin: list.origin,
  cycleId: list.cycleId,
  signalId: list.signalId,
  createdAt: instant(list.createdAtMs),
  updatedAt: instant(list.updatedAtMs),
});

const netPremium = (orders: readonly { readonly side: string; readonly filledValuePaise: number }[]) =>
  rupees(
    paise(orders.reduce((sum, { side, filledValuePaise }) => sum + (side === "SELL" ? 1 : -1) * filledValuePaise, 0)),
  );
