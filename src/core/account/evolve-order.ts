// How orders, executions and triggers change the account. An execution moves cash by exactly price × units (PAP-06); what is
// reserved for an order is its limit price × what is left of it, so a better price frees the difference at once; while a
// replacement is under way, the larger of what the old and the new terms need.
import { required } from "../kernel/assert.ts";
import {
  addPaise,
  maxPaise,
  mulDivCeil,
  mulDivFloor,
  negatePaise,
  type Paise,
  subtractPaise,
  valuePaise,
  ZERO_PAISE,
} from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId, Order, OrderStatus, ReplaceableTerms } from "../order/order.ts";
import { isTerminal, possibleUnits } from "../order/order.ts";
import { releasesAfter } from "../order/order-rate.ts";
import { factsOf, nextOrderStatus, type OrderReport } from "../order/status.ts";
import { applyFill, openedNowhere } from "../position/position.ts";
import { cycleTradesKey } from "../risk/trade-counts.ts";
import { ordersOfList } from "../risk/working-orders.ts";
import type { AccountEvent } from "./event.ts";
import { withDay } from "./evolve-day.ts";
import { withExecution } from "./evolve-exits.ts";
import { withStrategyFill } from "./evolve-strategies.ts";
import { findOrder, withFinishedAside, withOrderBack } from "./finished-orders.ts";
import { findList } from "./lists.ts";
import type { AccountState, DayState, OpenTrade } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function orderDenied(state: AccountState, event: Event<"ORDER_DENIED">): AccountState {
  const { terms } = event;
  const day = required(state.day, "a day");
  const counted = withDay(state, { ordersDenied: day.ordersDenied + 1 });
  // An id used twice belongs to the order that had it first.
  if (findOrder(state, terms.clientOrderId) !== undefined) return counted;
  if (findList(state, terms.clientOrderId) !== undefined) return counted;
  return withOrder(withFinishedAside(counted), deniedOrder(event));
}

/** What a denial says of an order, whether or not it is on record under its name. */
export const deniedOrder = ({ terms, denial, atMs }: Event<"ORDER_DENIED">): Order => ({
  ...newOrder(terms, atMs),
  status: "DENIED",
  denial,
});

export function orderSubmitted(state: AccountState, event: Event<"ORDER_SUBMITTED">): AccountState {
  const day = required(state.day, "a day");
  const plan = event.exitPlanMove === null ? {} : { exitPlanMove: event.exitPlanMove };
  const order: Order = { ...newOrder(event.terms, event.atMs), reservedPaise: event.reservedPaise, ...plan };
  const submitted = withDay(state, { ordersSubmitted: day.ordersSubmitted + 1 });
  return withOrder(withFinishedAside(withRelease(submitted, order, event.atMs, event.terms.releaseAtMs)), order);
}

const REPORT_OF = {
  ORDER_ACCEPTED: "ACCEPTED",
  ORDER_TRIGGERED: "TRIGGERED",
  ORDER_REJECTED: "REJECTED",
  ORDER_CANCELED: "CANCELED",
  ORDER_EXPIRED: "EXPIRED",
  CANCEL_REQUESTED: "CANCEL_REQUESTED",
  CANCEL_REJECTED: "CANCEL_REJECTED",
} as const satisfies Record<string, OrderReport>;

/** Everything that changes an order's status without dealing or changing its terms. */
export function orderMoved(state: AccountState, event: Event<keyof typeof REPORT_OF>): AccountState {
  const before = orderOf(state, event.clientOrderId);
  const { atMs } = event;
  switch (event.type) {
    case "CANCEL_REQUESTED":
      return moved(state, before, REPORT_OF[event.type], atMs);
    case "CANCEL_REJECTED": {
      const doubted = event.isDoubted === true ? { cancelRefusedAtMs: atMs } : {};
      return moved(state, { ...before, ...doubted }, REPORT_OF[event.type], atMs);
    }
    case "ORDER_ACCEPTED":
      return moved(state, { ...heardOf(before), venueOrderId: event.venueOrderId }, "ACCEPTED", atMs);
    case "ORDER_TRIGGERED":
      return moved(state, { ...heardOf(before), isTriggered: true }, "TRIGGERED", atMs);
    case "ORDER_EXPIRED":
      return moved(
        state,
        {
          ...heardOf(before),
          ...ended(event),
          ...(event.reason === undefined ? {} : { rejectReason: event.reason }),
        },
        "EXPIRED",
        atMs,
      );
    case "ORDER_REJECTED":
      return moved(
        state,
        {
          ...heardOf(before),
          rejectReason: event.reason,
          ...(event.isGivenUp === true ? { recall: "ASKED" as const } : {}),
        },
        "REJECTED",
        atMs,
      );
    case "ORDER_CANCELED":
      return moved(state, { ...heardOf(before), ...ended(event), rejectReason: event.reason }, "CANCELED", atMs);
  }
}

const ended = ({ filledUnits }: { readonly filledUnits?: number }): { readonly endedUnits?: number } =>
  filledUnits === undefined ? {} : { endedUnits: filledUnits };

/** The order with the status a report gives it, and all that follows from the status. */
export function moved(
  state: AccountState,
  order: Order,
  report: OrderReport,
  atMs: Order["updatedAtMs"],
): AccountState {
  const status = statusAfter(order, report);
  const after: Order = { ...(isTerminal(status) ? withoutReplace(order) : order), status, updatedAtMs: atMs };
  return withOrder(state, { ...after, reservedPaise: reservedFor(after, status, after.filledUnits) });
}

/** Any word of the venue about an order ends the doubt whether it has it. */
export function heardOf(order: Order): Order {
  if (order.unknownSinceMs === undefined && order.missedAtMs === undefined) return order;
  const { unknownSinceMs: _since, missedAtMs: _missed, ...known } = order;
  return known;
}

/** An order that has ended has no replacement under way. */
function withoutReplace(order: Order): Order {
  const { pendingReplace, ...ended } = order;
  if (pendingReplace === undefined) return order;
  return {
    ...ended,
    modifications: (order.modifications ?? []).map((modification) =>
      modification.modifyId === pendingReplace.modifyId ? { ...modification, outcome: "SUPERSEDED" } : modification,
    ),
  };
}

export function orderFilled(earlier: AccountState, event: Event<"ORDER_FILLED">): AccountState {
  const { fill, atMs } = event;
  const state = withOrderBack(earlier, event.clientOrderId);
  const before = orderOf(state, event.clientOrderId);
  const tradedPaise = valuePaise(fill.pricePaise, fill.units);
  const dealt: Order = {
    ...heardOf(before),
    filledUnits: before.filledUnits + fill.units,
    filledValuePaise: addPaise(before.filledValuePaise, tradedPaise),
    venueOrderId: fill.venueOrderId,
  };
  const booked = moved(state, dealt, "FILLED", atMs);
  const order = orderOf(booked, event.clientOrderId);
  const traded = withStrategyFill(withExecution(withTrade(booked, order, event), order, event), order, event);
  return {
    ...traded,
    cashPaise: addPaise(state.cashPaise, order.side === "SELL" ? tradedPaise : negatePaise(tradedPaise)),
    executionsSeen: { ...state.executionsSeen, [fill.executionId]: true },
    day: dayAfterFill(state, before, event),
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
  const { pricePaise, believedPaise, doubtedUntilMs: untilMs } = event;
  const exitPaise = believedPaise ?? pricePaise;
  const { doubt: _answered, ...rest } = trade;
  return withOpenTrade(state, {
    ...rest,
    ...(believedPaise === undefined || untilMs === undefined ? {} : { doubt: { pricePaise, believedPaise, untilMs } }),
    // A timer fires without a price, too.
    ...(exitPaise > 0 ? { lastExitPaise: exitPaise } : {}),
    triggers: trade.triggers.filter(({ triggerId }) => triggerId !== event.triggerId),
  });
}

/**
 * What an entry keeps reserved: its limit × what is left of it, or, where it opens a short, the margin of what is left. Exits
 * and orders that are over reserve nothing. One that has ended reserves what it may still be told to have dealt.
 */
export function reservedFor(
  order: Pick<
    Order,
    | "purpose"
    | "side"
    | "quantityUnits"
    | "limitPricePaise"
    | "marginPaise"
    | "pendingReplace"
    | "endedUnits"
    | "strayAtMs"
  >,
  status: OrderStatus,
  filledUnits: number,
): Paise {
  if (order.purpose === "EXIT") return ZERO_PAISE;
  if (isTerminal(status)) {
    const units = possibleUnits({ ...order, status, filledUnits });
    return order.side === "SELL" && order.marginPaise !== undefined
      ? marginOfUnits(order, units)
      : valuePaise(order.limitPricePaise, units);
  }
  const needed = ({ quantityUnits, limitPricePaise }: ReplaceableTerms): Paise =>
    order.side === "SELL" && order.marginPaise !== undefined
      ? marginOfUnits(order, Math.max(0, quantityUnits - filledUnits))
      : valuePaise(limitPricePaise, Math.max(0, quantityUnits - filledUnits));
  const { pendingReplace } = order;
  return pendingReplace === undefined ? needed(order) : maxPaise(needed(order), needed(pendingReplace));
}

/** The margin of some of an order's units, rounded up: what one fill posts is exactly what the reserve falls by. */
const marginOfUnits = (
  { marginPaise, quantityUnits }: Pick<Order, "marginPaise" | "quantityUnits">,
  units: number,
): Paise => (marginPaise === undefined ? ZERO_PAISE : mulDivCeil(marginPaise, Math.max(0, units), quantityUnits));

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
    ...optional("listId", kept === undefined ? order.listId : kept.listId),
    ...optional("strategyId", kept === undefined ? order.strategyId : kept.strategyId),
    ...optional("marginPaise", marginAfter(kept, order, fill.units, position.netUnits)),
  });
}

/** Margin follows the units: a fill of a sale posts its share, closing gives back its share, and flat means none. */
function marginAfter(trade: OpenTrade | undefined, order: Order, units: number, netUnits: number): Paise | undefined {
  if (netUnits >= 0) return undefined;
  const posted = trade?.marginPaise;
  if (order.side === "BUY") {
    const before = Math.abs(trade?.position.netUnits ?? netUnits);
    return posted === undefined ? undefined : subtractPaise(posted, mulDivFloor(posted, before + netUnits, before));
  }
  if (order.marginPaise === undefined) return posted;
  const leftUnits = order.quantityUnits - order.filledUnits;
  const share = subtractPaise(marginOfUnits(order, leftUnits + units), marginOfUnits(order, leftUnits));
  return addPaise(posted ?? ZERO_PAISE, share);
}

const optional = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };

/** A trade is counted once, when its entry first deals; a list is one trade, however many legs and slices it has. */
function dayAfterFill(state: AccountState, before: Order, event: Event<"ORDER_FILLED">): DayState {
  const day = required(state.day, "a day");
  const after: DayState = {
    ...day,
    realisedPaise: addPaise(day.realisedPaise, event.realisedPaise),
    accruedChargesPaise: addPaise(day.accruedChargesPaise, event.accruedChargesPaise),
  };
  if (before.purpose === "EXIT" || before.filledUnits > 0) return after;
  if (before.listId !== undefined && hasListDealt(state, before.listId)) return after;
  const counted = { ...after, trades: day.trades + 1 };
  if (before.cycleId === null) return counted;
  const key = cycleTradesKey(before.cycleId, before.contract.underlying);
  return { ...counted, tradesByCycle: { ...day.tradesByCycle, [key]: (day.tradesByCycle[key] ?? 0) + 1 } };
}

const hasListDealt = (state: AccountState, listId: ClientOrderId): boolean =>
  ordersOfList(state, listId).some((order) => order.purpose === "ENTRY" && order.filledUnits > 0);

function statusAfter(order: Order, report: OrderReport): OrderStatus {
  const next = nextOrderStatus(order.status, report, factsOf(order));
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

/** A request that leaves takes its place in the order rate. Journals older than the rate have no release instants. */
export function withRelease(
  state: AccountState,
  { contract }: Order,
  atMs: EpochMs,
  releaseAtMs: EpochMs | undefined,
): AccountState {
  if (releaseAtMs === undefined) return state;
  const { releases = {} } = required(state.day, "a day");
  const ofExchange = releasesAfter(releases[contract.exchange] ?? [], releaseAtMs, atMs);
  return withDay(state, { releases: { ...releases, [contract.exchange]: ofExchange } });
}

export const orderOf = (state: AccountState, id: ClientOrderId): Order => required(state.orders[id], `order ${id}`);

export const withOrder = (state: AccountState, order: Order): AccountState => ({
  ...state,
  orders: { ...state.orders, [order.clientOrderId]: order },
});

const withOpenTrade = (state: AccountState, trade: OpenTrade): AccountState => ({
  ...state,
  openTrades: { ...state.openTrades, [trade.position.contract.instrumentId]: trade },
});
