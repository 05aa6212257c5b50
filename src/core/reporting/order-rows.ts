// The rows of orders and of lists. A sliced order is there once as the order it is for its owner, marked by its number of slices,
// and once more slice by slice: whoever counts orders counts the slices, which are what was sent.
import { findList, parentOrder } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { required } from "../kernel/assert.ts";
import type { MarketDate } from "../kernel/time.ts";
import { canonicalJson } from "../ledger/hash-chain.ts";
import type { ClientOrderId, Order } from "../order/order.ts";
import type { OrderList } from "../order-list/order-list.ts";
import type { Denial } from "../risk/denial.ts";
import type { ListLegSummary, OrderListRow, OrderRow } from "./projection.ts";

/** What all rows of a journal entry share. */
export interface Frame {
  readonly accountId: string;
  readonly sequence: number;
  readonly date: MarketDate;
}

export const orderIn = (state: AccountState, id: ClientOrderId): Order => required(state.orders[id], `order ${id}`);

/** An order's row, and its parent's where it is a slice: what a slice does, its parent has done. */
export function orderRows(after: AccountState, id: ClientOrderId, frame: Frame): OrderRow[] {
  const order = orderIn(after, id);
  const list = order.listId === undefined ? undefined : findList(after, order.listId);
  return [orderRow(order, frame), ...(list === undefined ? [] : parentRows(after, list, frame))];
}

/** The row of a list, and of the order it is the slices of. A denial for an id that is taken leaves what has the id alone. */
export function listRows(
  before: AccountState,
  after: AccountState,
  listId: string,
  frame: Frame,
): (OrderListRow | OrderRow)[] {
  const list = findList(after, listId);
  if (list === undefined || list === findList(before, listId)) return [];
  return [listRow(list, frame), ...parentRows(after, list, frame)];
}

function parentRows(after: AccountState, list: OrderList, frame: Frame): OrderRow[] {
  const parent = list.kind === "SLICED" ? parentOrder(after, list) : null;
  return parent === null ? [] : [orderRow(parent, frame)];
}

const jsonOf = (denial: Denial | null): string | null => (denial === null ? null : canonicalJson(denial));

export const orderRow = (order: Order, frame: Frame): OrderRow => ({
  table: "orders",
  ...frame,
  clientOrderId: order.clientOrderId,
  instrumentId: order.contract.instrumentId,
  underlying: order.contract.underlying,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  quantityUnits: order.quantityUnits,
  limitPricePaise: order.limitPricePaise,
  purpose: order.purpose,
  exitReason: order.exitReason,
  origin: order.origin,
  cycleId: order.cycleId,
  signalId: order.signalId,
  status: order.status,
  filledUnits: order.filledUnits,
  filledValuePaise: order.filledValuePaise,
  venueOrderId: order.venueOrderId,
  denialCode: order.denial?.code ?? null,
  denial: jsonOf(order.denial),
  rejectReason: order.rejectReason,
  createdAtMs: order.createdAtMs,
  updatedAtMs: order.updatedAtMs,
  triggerPricePaise: order.triggerPricePaise ?? null,
  product: order.product ?? "INTRADAY",
  listId: order.listId ?? null,
  legIndex: order.legIndex ?? null,
  releaseAtMs: order.releaseAtMs ?? null,
  algoId: order.algoId ?? null,
  slices: order.slices ?? null,
});

const listRow = (list: OrderList, frame: Frame): OrderListRow => ({
  table: "order_lists",
  ...frame,
  listId: list.listId,
  kind: list.kind,
  structure: list.structure,
  stage: list.stage,
  reason: list.reason,
  sets: list.sets,
  keptSets: list.keptSets,
  purpose: list.purpose,
  exitReason: list.leaving ?? list.exitReason,
  onIncomplete: list.onIncomplete,
  completeByMs: list.completeByMs,
  timeExitMs: list.timeExitMs,
  origin: list.origin,
  strategyId: list.strategyId ?? null,
  cycleId: list.cycleId,
  signalId: list.signalId,
  denialCode: list.denial?.code ?? null,
  denial: jsonOf(list.denial),
  legs: canonicalJson(
    list.legs.map(
      ({ contract, side, quantityUnits, limitPricePaise, marginPaise }): ListLegSummary => ({
        instrumentId: contract.instrumentId,
        side,
        quantityUnits,
        limitPricePaise,
        marginPaise,
      }),
    ),
  ),
  createdAtMs: list.createdAtMs,
  updatedAtMs: list.updatedAtMs,
});
