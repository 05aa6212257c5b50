// Orders by request. The client order id is the key: the same terms again are a replay, other terms under it are denied.
import { required } from "../kernel/assert.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import { type EpochMs, MS_PER_MINUTE } from "../kernel/time.ts";
import { isTerminal, type Order, type OrderTerms } from "../order/order.ts";
import { ENTRY_BAND, EXIT_BAND, protectionPaise } from "../order/protection-price.ts";
import { averagePricePaise } from "../position/position.ts";
import { checkOrder } from "../risk/check.ts";
import type { Denial } from "../risk/denial.ts";
import { closableUnits } from "../risk/trade-counts.ts";
import { cycleIdOf } from "../session/job.ts";
import type { Command, OrderRequest, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { reservedFor } from "./evolve-order.ts";
import { denialOf, submission } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import type { AccountState, DayState } from "./state.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

const CYCLE_MS = 15 * MS_PER_MINUTE;
/** Without any quote an exit may deal this far below its cost: the exchanges' limit price protection. */
const BLIND_EXIT_BPS = 4_000;

export function submitOrder(state: AccountState, command: Of<"SUBMIT_ORDER">): Decision {
  const { atMs, request, price } = command;
  const existing = findOrder(state, request.clientOrderId);
  const day = required(state.day, "a day");
  if (existing !== undefined) {
    return isSameRequest(existing, request)
      ? ok([])
      : ok([{ type: "ORDER_DENIED", atMs, terms: termsOf(state, day, command), denial: reused(existing) }]);
  }
  if (day.status === "CLOSED") return err({ code: "DAY_NOT_OPEN", detail: `the day ${day.date} is closed` });
  const terms = termsOf(state, day, command);
  const heldPrices = price === null ? [] : [price];
  const checked = checkOrder(state, terms, { product: request.product, price, heldPrices }, atMs);
  return checked.ok
    ? ok([submission(state, checked.value, reservedFor(terms, "SUBMITTED", 0), null, atMs)])
    : ok([denialOf(terms, checked.error, checked.checks, atMs)]);
}

export function cancelOrder(state: AccountState, { atMs, clientOrderId }: Of<"CANCEL_ORDER">): Decision {
  const order = findOrder(state, clientOrderId);
  if (order === undefined) return err({ code: "ORDER_NOT_FOUND", detail: `no order ${clientOrderId} today` });
  if (order.status === "PENDING_CANCEL" || order.status === "CANCELED") return ok([]);
  return isTerminal(order.status)
    ? err({ code: "ORDER_NOT_CANCELABLE", detail: `order ${clientOrderId} is ${order.status}` })
    : ok([{ type: "CANCEL_REQUESTED", atMs, clientOrderId }]);
}

/** What closes is an exit: a sale, or a purchase against a short. Everything else is an entry. */
function termsOf(state: AccountState, day: DayState, { request, price, atMs }: Of<"SUBMIT_ORDER">): OrderTerms {
  const { clientOrderId, contract, side, type, timeInForce, quantityUnits } = request;
  const isExit = side === "SELL" || closableUnits(state, contract.instrumentId) < 0;
  return {
    clientOrderId,
    contract,
    side,
    type,
    timeInForce,
    quantityUnits,
    limitPricePaise:
      type === "MARKET" ? marketLimitPaise(state, request, isExit, price) : (request.limitPricePaise ?? paise(0)),
    ...(request.triggerPricePaise === undefined ? {} : { triggerPricePaise: request.triggerPricePaise }),
    product: request.product,
    purpose: isExit ? "EXIT" : "ENTRY",
    exitReason: isExit ? "REQUEST" : null,
    origin: "API",
    cycleId: cycleIdOf(day.date, cycleAt(day, atMs)),
    signalId: null,
  };
}

const cycleAt = (day: DayState, atMs: EpochMs): number => Math.max(0, Math.floor((atMs - day.openMs) / CYCLE_MS)) + 1;

function marketLimitPaise(
  state: AccountState,
  { contract, side }: OrderRequest,
  isExit: boolean,
  price: PriceView | null,
): Paise {
  const { tickSizePaise } = contract;
  const known = price === null ? null : protectionPaise(side, price, tickSizePaise, isExit ? EXIT_BAND : ENTRY_BAND);
  if (known !== null) return known;
  const position = state.openTrades[contract.instrumentId]?.position;
  // An entry without a price is denied for it, whatever stands here.
  if (position === undefined || side === "BUY") return tickSizePaise;
  const floorPaise = (averagePricePaise(position) * (10_000 - BLIND_EXIT_BPS)) / 10_000;
  return paise(Math.max(1, Math.floor(floorPaise / tickSizePaise)) * tickSizePaise);
}

/** Against what was asked for in the first place, whatever a modification has made of it since. */
function isSameRequest(order: Order, request: OrderRequest): boolean {
  const asked = order.original ?? order;
  return (
    order.contract.instrumentId === request.contract.instrumentId &&
    order.side === request.side &&
    order.type === request.type &&
    order.timeInForce === request.timeInForce &&
    (order.product ?? "INTRADAY") === request.product &&
    asked.quantityUnits === request.quantityUnits &&
    asked.triggerPricePaise === request.triggerPricePaise &&
    (request.type === "MARKET" || asked.limitPricePaise === request.limitPricePaise)
  );
}

const reused = (order: Order): Denial => ({
  code: "CLIENT_ORDER_ID_REUSED",
  field: "clientOrderId",
  limit: null,
  value: null,
  unit: null,
  detail: `${order.clientOrderId} already names another order of today; use a new id`,
});
