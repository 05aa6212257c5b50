// Changing an order that is at work. The modify id is the key: the same changes again are a replay, other changes under it are
// refused. The order it would become is checked like a new one for what is left of it, with the order itself left out of what
// the account has under way; until the venue has answered, the larger of old and new stays reserved.
import { required } from "../kernel/assert.ts";
import { maxPaise, paise } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import {
  type Modification,
  type Order,
  type OrderTerms,
  type ReplaceableTerms,
  replaceableOf,
} from "../order/order.ts";
import { releaseAt } from "../order/order-rate.ts";
import { canOrderTake } from "../order/status.ts";
import { checkOrder, orderUnitsMax } from "../risk/check.ts";
import { recordOf } from "../risk/check-record.ts";
import type { Denial, DenialCode } from "../risk/denial.ts";
import type { CheckResult } from "../risk/rule.ts";
import { cycleTradesKey } from "../risk/trade-counts.ts";
import type { Command } from "./command.ts";
import type { Decision } from "./decide.ts";
import { reservedFor } from "./evolve-order.ts";
import { findOrder } from "./finished-orders.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState, DayState } from "./state.ts";

type ModifyOrder = Extract<Command, { readonly type: "MODIFY_ORDER" }>;

/** What the brokers take for one order. */
const MODIFICATIONS_MAX = 25;
/** Requests of any outcome that are remembered; beyond them the order is left alone. */
const REQUESTS_MAX = 100;

export function modifyOrder(state: AccountState, command: ModifyOrder): Decision {
  const { atMs, clientOrderId, modifyId, changes } = command;
  const order = findOrder(state, clientOrderId);
  if (order === undefined) return err({ code: "ORDER_NOT_FOUND", detail: `no order ${clientOrderId} today` });
  const before = order.modifications?.find((modification) => modification.modifyId === modifyId);
  if (before !== undefined) return isSameAsk(before, changes) ? ok([]) : err(reused(modifyId));
  const refusal = refusalOf(order);
  if (refusal !== null) return err(refusal);
  const terms: ReplaceableTerms = { ...replaceableOf(order), ...changes };
  const senseless = denialOfChanges(order, terms, changes);
  const { denial, checks } =
    senseless === null ? risked(state, order, terms, command) : { denial: senseless, checks: [] };
  const asked = { checks: recordOf(checks) };
  if (denial !== null) return ok([{ type: "REPLACE_DENIED", atMs, clientOrderId, modifyId, terms, denial, ...asked }]);
  const releases = required(state.day, "a day").releases?.[order.contract.exchange] ?? [];
  const replace = { modifyId, ...terms, releaseAtMs: releaseAt(releases, atMs, order.purpose) };
  const pendingReplace = { ...replace, requestedAtMs: atMs };
  const reservedPaise = reservedFor({ ...order, pendingReplace }, "PENDING_REPLACE", order.filledUnits);
  return ok([{ type: "REPLACE_REQUESTED", atMs, clientOrderId, replace, reservedPaise, ...asked }]);
}

/** What was left out of a repetition stayed as it was, so only what it names is compared. */
const isSameAsk = (asked: Modification, changes: ModifyOrder["changes"]): boolean =>
  (Object.keys(changes) as (keyof ReplaceableTerms)[]).every((key) => asked[key] === changes[key]);

const reused = (modifyId: string): AccountRefusal => ({
  code: "MODIFY_ID_REUSED",
  detail: `${modifyId} already names another modification of this order; use a new one`,
});

function refusalOf(order: Order): AccountRefusal | null {
  const { clientOrderId, status, timeInForce, modifications = [] } = order;
  const refuse = (detail: string): AccountRefusal => ({ code: "ORDER_NOT_MODIFIABLE", detail });
  if (!canOrderTake(status, "REPLACE_REQUESTED")) {
    const why = status === "PENDING_REPLACE" ? "is being modified; wait for the answer" : `is ${status}`;
    return refuse(`order ${clientOrderId} ${why}`);
  }
  if (order.venueOrderId === null) return refuse(`order ${clientOrderId} has not been acknowledged by the venue yet`);
  if (order.listId !== undefined)
    return refuse(`order ${clientOrderId} is part of list ${order.listId}; cancel the list`);
  if (order.marginPaise !== undefined) {
    return refuse(`order ${clientOrderId} opens a short whose margin is blocked; cancel it and send a new one`);
  }
  if (timeInForce === "IOC")
    return refuse(`order ${clientOrderId} is IOC: it never rests, so there is nothing to modify`);
  return modifications.length >= REQUESTS_MAX
    ? refuse(`order ${clientOrderId} has been asked to change ${REQUESTS_MAX} times; cancel it and send a new one`)
    : null;
}

function denialOfChanges(order: Order, terms: ReplaceableTerms, changes: ModifyOrder["changes"]): Denial | null {
  const sent = (order.modifications ?? []).filter(({ outcome }) => outcome !== "DENIED").length;
  if (sent >= MODIFICATIONS_MAX) {
    const detail = "cancel the order and send a new one";
    return denial("MODIFICATIONS_LIMIT", "clientOrderId", MODIFICATIONS_MAX, sent, "TIMES", detail);
  }
  if (changes.triggerPricePaise !== undefined && (order.type !== "STOP_LIMIT" || order.isTriggered === true)) {
    const why = order.type === "STOP_LIMIT" ? "the trigger has been reached" : `a ${order.type} order has no trigger`;
    return denial("TRIGGER_MISPLACED", "triggerPricePaise", null, null, null, `${why}: change quantity or limit`);
  }
  if (order.type === "MARKET" && changes.limitPricePaise !== undefined) {
    const detail = "a MARKET order has only its protection price: change its quantity";
    return denial("PRICE_NOT_ON_TICK", "limitPricePaise", null, null, null, detail);
  }
  if (terms.quantityUnits <= order.filledUnits) {
    const detail = `more than the ${order.filledUnits} units that are filled; to stop here, cancel the order`;
    return denial("QUANTITY_BELOW_FILLED", "quantityUnits", order.filledUnits, terms.quantityUnits, "UNITS", detail);
  }
  const isSame =
    terms.quantityUnits === order.quantityUnits &&
    terms.limitPricePaise === order.limitPricePaise &&
    terms.triggerPricePaise === order.triggerPricePaise;
  return isSame
    ? denial("NOTHING_CHANGED", "quantityUnits", null, null, null, "name a quantity, limit or trigger that differs")
    : null;
}

/** As the order it would become: the whole of it against the sizes and the value of one order, what is left against every limit. */
function risked(
  state: AccountState,
  order: Order,
  terms: ReplaceableTerms,
  { price, atMs }: ModifyOrder,
): { readonly denial: Denial | null; readonly checks: readonly CheckResult[] } {
  const unitsMax = orderUnitsMax(order);
  if (terms.quantityUnits > unitsMax) {
    const detail = `one order may be ${unitsMax} units at most; send several`;
    const above = denial("QUANTITY_ABOVE_FREEZE", "quantityUnits", unitsMax, terms.quantityUnits, "UNITS", detail);
    return { denial: above, checks: [] };
  }
  const left: OrderTerms = { ...order, ...terms, quantityUnits: terms.quantityUnits - order.filledUnits };
  const dealtPaise = maxPaise(order.filledValuePaise, paise(order.filledUnits * terms.limitPricePaise));
  const heldPrices = price === null ? [] : [price];
  const market = { product: order.product ?? "INTRADAY", price, heldPrices, dealtPaise } as const;
  const checked = checkOrder(withoutOrder(state, order), left, market, atMs);
  return { denial: checked.ok ? null : checked.error, checks: checked.checks };
}

/** The account as if the order were not there: neither its reservation, nor its place among the trades of the day. */
function withoutOrder(state: AccountState, order: Order): AccountState {
  const { [order.clientOrderId]: _itself, ...orders } = state.orders;
  const day = required(state.day, "a day");
  const hasCounted = order.purpose === "ENTRY" && order.filledUnits > 0;
  return { ...state, orders, day: hasCounted ? uncounted(day, order) : day };
}

function uncounted(day: DayState, { cycleId, contract }: Order): DayState {
  const key = cycleId === null ? null : cycleTradesKey(cycleId, contract.underlying);
  const tradesByCycle =
    key === null ? day.tradesByCycle : { ...day.tradesByCycle, [key]: (day.tradesByCycle[key] ?? 1) - 1 };
  return { ...day, trades: day.trades - 1, tradesByCycle };
}

const denial = (
  code: DenialCode,
  field: string,
  limit: number | null,
  value: number | null,
  unit: Denial["unit"],
  detail: string,
): Denial => ({ code, field, limit, value, unit, detail });
