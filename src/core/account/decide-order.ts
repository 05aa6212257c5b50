// Orders by request. The client order id is the key: the same terms again are a replay, other terms under it are denied.
import { required } from "../kernel/assert.ts";
import { type Paise, paise, subtractPaise, valuePaise } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import type { EpochMs } from "../kernel/time.ts";
import { isTerminal, type Order, type OrderTerms } from "../order/order.ts";
import { ENTRY_BAND, EXIT_BAND, protectionPaise } from "../order/protection-price.ts";
import { sliceUnits } from "../order-list/slices.ts";
import { averagePricePaise } from "../position/position.ts";
import { checkOrder } from "../risk/check.ts";
import type { Denial } from "../risk/denial.ts";
import { shortOptionsOf } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import { singleShortMarginPaise } from "../risk/short-margin.ts";
import { closableUnits, hasExitUnderWay } from "../risk/trade-counts.ts";
import type { Command, OrderRequest, PriceView } from "./command.ts";
import { cycleIdAt } from "./cycle-at.ts";
import type { Decision } from "./decide.ts";
import { cancelList, placeList, slicedTerms } from "./decide-list.ts";
import { Draft } from "./draft.ts";
import { reservedFor } from "./evolve-order.ts";
import { believable, denialOf, submission } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import { findList, findOrderOrParent } from "./lists.ts";
import type { AccountState, DayState } from "./state.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** Without any quote an exit may deal this far below its cost: the exchanges' limit price protection. */
const BLIND_EXIT_BPS = 4_000;

export function submitOrder(state: AccountState, command: Of<"SUBMIT_ORDER">): Decision {
  const { atMs, request, price } = command;
  const existing = findOrderOrParent(state, request.clientOrderId);
  const day = required(state.day, "a day");
  if (existing !== null) {
    return isSameRequest(existing, request)
      ? ok([])
      : ok([{ type: "ORDER_DENIED", atMs, terms: termsOf(state, day, command), denial: reused(existing) }]);
  }
  // A combination's id names no order, and is taken all the same: trades are told apart by one or the other.
  if (findList(state, request.clientOrderId) !== undefined) {
    return ok([{ type: "ORDER_DENIED", atMs, terms: termsOf(state, day, command), denial: reused(request, "list") }]);
  }
  if (day.status === "CLOSED") return err({ code: "DAY_NOT_OPEN", detail: `the day ${day.date} is closed` });
  if (isNameOfSlice(request.clientOrderId)) {
    return ok([{ type: "ORDER_DENIED", atMs, terms: termsOf(state, day, command), denial: reserved(request) }]);
  }
  const terms = fitting(state, command, termsOf(state, day, command));
  const heldPrices = price === null ? [] : [price];
  if (sliceUnits(terms.quantityUnits, terms.contract).length > 1) return submitSliced(state, command, terms);
  const checked = checkOrder(state, terms, { product: request.product, price, heldPrices }, atMs);
  return checked.ok
    ? ok([submission(state, checked.value, reservedFor(terms, "SUBMITTED", 0), null, atMs)])
    : ok([denialOf(terms, checked.error, checked.checks, atMs)]);
}

/** As slices of which each is an order of its own, under a parent that has the client order id (SPL-01). */
function submitSliced(state: AccountState, { atMs, request, price }: Of<"SUBMIT_ORDER">, terms: OrderTerms): Decision {
  const draft = new Draft(state, atMs);
  const list = slicedTerms(terms, price ?? { bidPaise: null, askPaise: null }, request.clientOrderId);
  placeList(draft, list, price === null ? [] : [price], null, request.product);
  return ok(draft.events);
}

/**
 * The order cut to what the buying power carries, in whole lots, where that was asked for (SPL-06): its premium, or the margin of a
 * sale that opens a short. Where not even one lot fits it stays whole and is denied: for the buying power, unless all of it is too
 * much for another limit as well.
 */
function fitting(state: AccountState, { request, price, atMs }: Of<"SUBMIT_ORDER">, terms: OrderTerms): OrderTerms {
  if (request.takeWhatFits !== true || terms.purpose === "EXIT") return terms;
  const { contract, limitPricePaise, quantityUnits, side } = terms;
  const { buyingPowerPaise } = exposureOf(state);
  const marginOf = (units: number): Paise | null =>
    marginOfShort(state, { ...request, quantityUnits: units }, limitPricePaise, price, atMs);
  const wholeLots = Math.floor(quantityUnits / contract.lotSize);
  const lotPaise = limitPricePaise * contract.lotSize;
  const premiumLots = lotPaise <= 0 ? 0 : Math.floor(buyingPowerPaise / lotPaise);
  const lots =
    side === "BUY"
      ? premiumLots
      : lotsWithin(wholeLots, (tried) => (marginOf(tried * contract.lotSize) ?? Infinity) <= buyingPowerPaise);
  const executedUnits = lots * contract.lotSize;
  if (lots <= 0 || executedUnits >= quantityUnits) return terms;
  const remainingUnits = quantityUnits - executedUnits;
  if (side === "BUY") {
    const executedExposurePaise = valuePaise(limitPricePaise, executedUnits);
    const remainingExposurePaise = valuePaise(limitPricePaise, remainingUnits);
    return cutTo(terms, { executedUnits, remainingUnits, executedExposurePaise, remainingExposurePaise });
  }
  const [marginPaise, wholePaise] = [marginOf(executedUnits), marginOf(quantityUnits)];
  if (marginPaise === null || wholePaise === null) return terms;
  const remainingExposurePaise = subtractPaise(wholePaise, marginPaise);
  const cut = { executedUnits, remainingUnits, executedExposurePaise: marginPaise, remainingExposurePaise };
  return { ...cutTo(terms, cut), marginPaise };
}

const cutTo = (terms: OrderTerms, cut: Omit<NonNullable<OrderTerms["cut"]>, "requestedUnits">): OrderTerms => ({
  ...terms,
  quantityUnits: cut.executedUnits,
  cut: { requestedUnits: terms.quantityUnits, ...cut },
});

/** The most of `whole` lots that fit, found by halving: a margin never falls with the lots, but does not grow evenly with them. */
function lotsWithin(whole: number, doFit: (lots: number) => boolean): number {
  if (whole > 0 && doFit(whole)) return whole;
  let [fits, tooMany] = [0, whole];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (doFit(middle)) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

export function cancelOrder(state: AccountState, { atMs, clientOrderId }: Of<"CANCEL_ORDER">): Decision {
  const order = findOrder(state, clientOrderId);
  const list = findList(state, clientOrderId);
  if (order === undefined && list !== undefined) {
    return cancelList(state, { type: "CANCEL_LIST", atMs, listId: list.listId });
  }
  if (order === undefined) return err({ code: "ORDER_NOT_FOUND", detail: `no order ${clientOrderId} today` });
  if (order.status === "PENDING_CANCEL" || order.status === "CANCELED") return ok([]);
  return isTerminal(order.status)
    ? err({ code: "ORDER_NOT_CANCELABLE", detail: `order ${clientOrderId} is ${order.status}` })
    : ok([{ type: "CANCEL_REQUESTED", atMs, clientOrderId }]);
}

/**
 * What closes is an exit: a sale of what is held, or a purchase against a short. Everything else is an entry: a purchase, or a
 * sale of what is neither held nor on its way out, which opens a short.
 */
function termsOf(state: AccountState, day: DayState, { request, price, atMs }: Of<"SUBMIT_ORDER">): OrderTerms {
  const { clientOrderId, contract, side, type, timeInForce, quantityUnits } = request;
  const isExit = isClosing(state, request);
  const limitPricePaise =
    type === "MARKET" ? marketLimitPaise(state, request, isExit, price) : (request.limitPricePaise ?? paise(0));
  const marginPaise = isExit || side === "BUY" ? null : marginOfShort(state, request, limitPricePaise, price, atMs);
  return {
    clientOrderId,
    contract,
    side,
    type,
    timeInForce,
    quantityUnits,
    limitPricePaise,
    ...(request.triggerPricePaise === undefined ? {} : { triggerPricePaise: request.triggerPricePaise }),
    product: request.product,
    purpose: isExit ? "EXIT" : "ENTRY",
    exitReason: isExit ? "REQUEST" : null,
    origin: "API",
    cycleId: cycleIdAt(day, atMs),
    signalId: null,
    ...(marginPaise === null ? {} : { marginPaise }),
  };
}

/** Where a long is held or leaving, a sale is its exit and nothing else: no order turns a position around. */
function isClosing(state: AccountState, { contract, side }: OrderRequest): boolean {
  const heldUnits = state.openTrades[contract.instrumentId]?.position.netUnits ?? 0;
  if (side === "BUY") return closableUnits(state, contract.instrumentId) < 0;
  return heldUnits > 0 || hasExitUnderWay(state, contract.instrumentId) || !mayOpenShort(state);
}

/** Where nothing may be sold short a sale is an exit that holds nothing, and is denied as such. */
const mayOpenShort = ({ profile }: AccountState): boolean => shortOptionsOf(profile) !== "NONE";

/** Null where the index is not known: the order is denied for the quote it lacks. */
const marginOfShort = (
  state: AccountState,
  { contract, quantityUnits }: OrderRequest,
  limitPricePaise: Paise,
  price: PriceView | null,
  atMs: EpochMs,
): Paise | null =>
  quantityUnits <= 0 || price === null
    ? null
    : singleShortMarginPaise(
        state,
        { contract, netUnits: -quantityUnits, pricePaise: price.askPaise ?? limitPricePaise },
        [price],
        atMs,
      );

function marketLimitPaise(
  state: AccountState,
  { contract, side }: OrderRequest,
  isExit: boolean,
  price: PriceView | null,
): Paise {
  const { tickSizePaise } = contract;
  const touch = isExit ? believable(state, contract, price) : price;
  const known = touch === null ? null : protectionPaise(side, touch, tickSizePaise, isExit ? EXIT_BAND : ENTRY_BAND);
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
    (order.cut?.requestedUnits ?? asked.quantityUnits) === request.quantityUnits &&
    asked.triggerPricePaise === request.triggerPricePaise &&
    (request.type === "MARKET" || asked.limitPricePaise === request.limitPricePaise)
  );
}

/** Slices are named by their parent, so nobody else may use such a name. */
const isNameOfSlice = (clientOrderId: string): boolean => /_split_\d+(?:_r\d+)?$/.test(clientOrderId);

const reserved = ({ clientOrderId }: OrderRequest): Denial => ({
  code: "CLIENT_ORDER_ID_REUSED",
  field: "clientOrderId",
  limit: null,
  value: null,
  unit: null,
  detail: `${clientOrderId} is a name that only the slices of larger orders have; use another`,
});

const reused = ({ clientOrderId }: Pick<Order, "clientOrderId">, kind: "order" | "list" = "order"): Denial => ({
  code: "CLIENT_ORDER_ID_REUSED",
  field: "clientOrderId",
  limit: null,
  value: null,
  unit: null,
  detail: `${clientOrderId} already names ${kind === "order" ? "another order" : "a list"} of today; use a new id`,
});
