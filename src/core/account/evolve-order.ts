// How orders, executions and triggers change the account. An execution moves cash by exactly price × units (PAP-06); what is
// reserved for an order is its limit price × what is left of it, so a better price frees the difference at once.
import { required } from "../kernel/assert.ts";
import { addPaise, negatePaise, type Paise, valuePaise, ZERO_PAISE } from "../kernel/money.ts";
import type { ClientOrderId, Order, OrderStatus } from "../order/order.ts";
import { isTerminal } from "../order/order.ts";
import { nextOrderStatus, type OrderReport } from "../order/status.ts";
import { applyFill, openedNowhere } from "../position/position.ts";
import { cycleTradesKey } from "../risk/trade-counts.ts";
import type { AccountEvent } from "./event.ts";
import { withDay } from "./evolve-day.ts";
import { findOrder, withFinishedAside, withOrderBack } from "./finished-orders.ts";
import type { AccountState, DayState, OpenTrade } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function orderDenied(state: AccountState, { terms, denial, atMs }: Event<"ORDER_DENIED">): AccountState {
  const day = required(state.day, "a day");
  const counted = withDay(state, { ordersDenied: day.ordersDenied + 1 });
  // An id used twice belongs to the order that had it first.
  if (findOrder(state, terms.clientOrderId) !== undefined) return counted;
  return withOrder(withFinishedAside(counted), { ...newOrder(terms, atMs), status: "DENIED", denial });
}

export function orderSubmitted(state: AccountState, event: Event<"ORDER_SUBMITTED">): AccountState {
  const day = required(state.day, "a day");
  const plan = event.exitPlanMove === null ? {} : { exitPlanMove: event.exitPlanMove };
  const order: Order = { ...newOrder(event.terms, event.atMs), reservedPaise: event.reservedPaise, ...plan };
  return withOrder(withFinishedAside(withDay(state, { ordersSubmitted: day.ordersSubmitted + 1 })), order);
}

const REPORT_OF = {
  ORDER_ACCEPTED: "ACCEPTED",
  ORDER_REJECTED: "REJECTED",
  ORDER_CANCELED: "CANCELED",
  ORDER_EXPIRED: "EXPIRED",
  CANCEL_REQUESTED: "CANCEL_REQUESTED",
} as const satisfies Record<string, OrderReport>;

/** Everything that changes an order's status without dealing. */
export function orderMoved(state: AccountState, event: Event<keyof typeof REPORT_OF>): AccountState {
  const order = orderOf(state, event.clientOrderId);
  const status = statusAfter(order, REPORT_OF[event.type], false);
  return withOrder(state, {
    ...order,
    status,
    reservedPaise: isTerminal(status) ? ZERO_PAISE : order.reservedPaise,
    venueOrderId: event.type === "ORDER_ACCEPTED" ? event.venueOrderId : order.venueOrderId,
    rejectReason:
      event.type === "ORDER_REJECTED" || event.type === "ORDER_CANCELED" ? event.reason : order.rejectReason,
    updatedAtMs: event.atMs,
  });
}

export function orderFilled(earlier: AccountState, event: Event<"ORDER_FILLED">): AccountState {
  const { fill, atMs } = event;
  const state = withOrderBack(earlier, event.clientOrderId);
  const before = orderOf(state, event.clientOrderId);
  const tradedPaise = valuePaise(fill.pricePaise, fill.units);
  const filledUnits = before.filledUnits + fill.units;
  const status = statusAfter(before, "FILLED", filledUnits >= before.quantityUnits);
  const order: Order = {
    ...before,
    status,
    filledUnits,
    filledValuePaise: addPaise(before.filledValuePaise, tradedPaise),
    reservedPaise: reservedFor(before, status, filledUnits),
    venueOrderId: fill.venueOrderId,
    updatedAtMs: atMs,
  };
  const traded = withTrade(withOrder(state, order), order, event);
  return {
    ...traded,
    cashPaise: addPaise(state.cashPaise, order.side === "SELL" ? tradedPaise : negatePaise(tradedPaise)),
    executionsSeen: { ...state.executionsSeen, [fill.executionId]: true },
    day: dayAfterFill(required(state.day, "a day"), before, event),
  };
}

export function triggersSet(state: AccountState, event: Event<"TRIGGERS_SET">): AccountState {
  const trade = state.openTrades[event.instrumentId];
  if (trade === undefined) return state;
  const { triggers, exitPlan } = event;
  return withOpenTrade(state, { ...trade, triggers, exitPlan: exitPlan ?? trade.exitPlan });
}

/** The feed forgets a trigger that has fired, so the account does too. */
export function triggerFired(state: AccountState, event: Event<"TRIGGER_FIRED">): AccountState {
  const trade = state.openTrades[event.instrumentId];
  if (trade === undefined) return state;
  return withOpenTrade(state, {
    ...trade,
    lastExitPaise: event.pricePaise,
    triggers: trade.triggers.filter(({ triggerId }) => triggerId !== event.triggerId),
  });
}

/** What an entry keeps reserved: its limit × what is left of it. Exits and ended orders reserve nothing. */
export const reservedFor = (
  order: Pick<Order, "purpose" | "quantityUnits" | "limitPricePaise">,
  status: OrderStatus,
  filledUnits: number,
): Paise =>
  order.purpose === "EXIT" || isTerminal(status)
    ? ZERO_PAISE
    : valuePaise(order.limitPricePaise, Math.max(0, order.quantityUnits - filledUnits));

function withTrade(state: AccountState, order: Order, { fill, exitPlan }: Event<"ORDER_FILLED">): AccountState {
  const { contract } = order;
  const trade = state.openTrades[contract.instrumentId];
  const open = trade?.position ?? openedNowhere(contract, fill.atMs);
  const { position } = applyFill(open, order.side, fill.units, fill.pricePaise, fill.atMs);
  if (position.netUnits === 0) {
    const { [contract.instrumentId]: _closed, ...others } = state.openTrades;
    return { ...state, openTrades: others };
  }
  const isTurned = trade !== undefined && Math.sign(trade.position.netUnits) !== Math.sign(position.netUnits);
  const kept = isTurned ? undefined : trade;
  return withOpenTrade(state, {
    position,
    signalId: kept === undefined ? order.signalId : kept.signalId,
    cycleId: kept === undefined ? order.cycleId : kept.cycleId,
    exitPlan: exitPlan ?? kept?.exitPlan ?? null,
    triggers: kept?.triggers ?? [],
    ...(kept?.lastExitPaise === undefined ? {} : { lastExitPaise: kept.lastExitPaise }),
  });
}

/** A trade is counted once, when its entry first deals. */
function dayAfterFill(day: DayState, before: Order, event: Event<"ORDER_FILLED">): DayState {
  const after: DayState = {
    ...day,
    realisedPaise: addPaise(day.realisedPaise, event.realisedPaise),
    accruedChargesPaise: addPaise(day.accruedChargesPaise, event.accruedChargesPaise),
  };
  if (before.purpose === "EXIT" || before.filledUnits > 0) return after;
  const counted = { ...after, trades: day.trades + 1 };
  if (before.cycleId === null) return counted;
  const key = cycleTradesKey(before.cycleId, before.contract.underlying);
  return { ...counted, tradesByCycle: { ...day.tradesByCycle, [key]: (day.tradesByCycle[key] ?? 0) + 1 } };
}

function statusAfter(order: Order, report: OrderReport, isComplete: boolean): OrderStatus {
  const next = nextOrderStatus(order.status, report, isComplete);
  return required(next.ok ? next.value : null, `${report} of an order that is ${order.status}`);
}

const newOrder = (terms: Event<"ORDER_SUBMITTED">["terms"], atMs: Order["createdAtMs"]): Order => ({
  ...terms,
  status: "SUBMITTED",
  filledUnits: 0,
  filledValuePaise: ZERO_PAISE,
  reservedPaise: ZERO_PAISE,
  venueOrderId: null,
  denial: null,
  rejectReason: null,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});

const orderOf = (state: AccountState, id: ClientOrderId): Order => required(state.orders[id], `order ${id}`);

const withOrder = (state: AccountState, order: Order): AccountState => ({
  ...state,
  orders: { ...state.orders, [order.clientOrderId]: order },
});

const withOpenTrade = (state: AccountState, trade: OpenTrade): AccountState => ({
  ...state,
  openTrades: { ...state.openTrades, [trade.position.contract.instrumentId]: trade },
});
