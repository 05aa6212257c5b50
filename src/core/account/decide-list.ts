// Lists by request, and orders that are too large to be sent as one. The list's id is the key: the same request again is a
// replay, another under it is denied.
import { required } from "../kernel/assert.ts";
import { paise } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import { epochMs } from "../kernel/time.ts";
import type { OrderTerms } from "../order/order.ts";
import { ENTRY_BAND, protectionPaise } from "../order/protection-price.ts";
import { isListOver, type ListLeg, type OrderListTerms } from "../order-list/order-list.ts";
import { type ListRefusal, refusalOfList } from "../risk/check-list.ts";
import { recordOf } from "../risk/check-record.ts";
import type { Denial } from "../risk/denial.ts";
import { marginByLeg } from "../risk/short-margin.ts";
import { advanceLists, leaveList } from "./advance-lists.ts";
import type { Command, ListRequest, PriceView } from "./command.ts";
import { cycleIdAt } from "./cycle-at.ts";
import type { Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import { requestCancel } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import { childrenOf, findList } from "./lists.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

export function submitList(state: AccountState, { atMs, request, prices }: Of<"SUBMIT_LIST">): Decision {
  const existing = findList(state, request.listId);
  if (existing?.request === request.request) return ok([]);
  const day = required(state.day, "a day");
  if (day.status === "CLOSED") return err({ code: "DAY_NOT_OPEN", detail: `the day ${day.date} is closed` });
  const draft = new Draft(state, atMs);
  const terms = termsOf(state, request, prices, atMs);
  const isTaken = existing !== undefined || findOrder(state, request.listId) !== undefined;
  placeList(draft, terms, prices, isTaken ? { denial: reused(request), checks: null } : null);
  return ok(draft.events);
}

/** What stands against the list as a whole; null when nothing does. */
export function listRefusal(
  { state, atMs }: Draft,
  terms: OrderListTerms,
  prices: readonly PriceView[],
  product: "INTRADAY" | "CARRY" = "INTRADAY",
): ListRefusal | null {
  const denial = unmargined(terms);
  return denial === null ? refusalOfList(state, terms, product, prices, atMs) : { denial, checks: [] };
}

/** Checks the list as a whole, puts it on record and takes its first steps. Returns the denial, null when it is on its way. */
export function placeList(
  draft: Draft,
  terms: OrderListTerms,
  prices: readonly PriceView[],
  known: ListRefusal | null = null,
  product: "INTRADAY" | "CARRY" = "INTRADAY",
): Denial | null {
  const { atMs } = draft;
  const refusal = known ?? listRefusal(draft, terms, prices, product);
  if (refusal !== null) {
    const { denial, checks } = refusal;
    draft.push({ type: "LIST_DENIED", atMs, terms, denial, ...(checks === null ? {} : { checks: recordOf(checks) }) });
    return denial;
  }
  draft.push({ type: "LIST_SUBMITTED", atMs, terms });
  advanceLists(draft, prices);
  return null;
}

/** Takes out what rests; what has been filled is given back, shorts first. A filled list is left the same way. */
export function cancelList(state: AccountState, { atMs, listId }: Of<"CANCEL_LIST">): Decision {
  const list = findList(state, listId);
  if (list === undefined) return err({ code: "ORDER_NOT_FOUND", detail: `no list ${listId} today` });
  const draft = new Draft(state, atMs);
  if (list.stage === "FILLED" && list.kind === "COMBINATION") {
    leaveList(draft, list, "REQUEST");
  } else if (isListOver(list.stage)) {
    return err({ code: "ORDER_NOT_CANCELABLE", detail: `list ${listId} is ${list.stage}` });
  } else if (list.stage === "UNWINDING" || list.stage === "EXITING") {
    return ok([]);
  } else {
    const stage = list.kind === "SLICED" ? "ENDED" : "UNWINDING";
    const reason = "canceled by request";
    draft.push({
      type: "LIST_MOVED",
      atMs,
      listId: list.listId,
      stage,
      reason,
      keptSets: list.keptSets,
      leaving: null,
    });
    for (const child of childrenOf(draft.state, list)) if (child.purpose === list.purpose) requestCancel(draft, child);
  }
  advanceLists(draft);
  syncTriggers(draft);
  return ok(draft.events);
}

/** One order in slices, where it is larger than the exchange takes at once. */
export const slicedTerms = (
  terms: OrderTerms,
  { bidPaise, askPaise }: Pick<PriceView, "bidPaise" | "askPaise">,
  request: string,
): OrderListTerms => ({
  listId: terms.clientOrderId,
  kind: "SLICED",
  structure: null,
  sets: 1,
  legs: [
    {
      contract: terms.contract,
      side: terms.side,
      type: terms.type,
      timeInForce: terms.timeInForce,
      quantityUnits: terms.quantityUnits,
      limitPricePaise: terms.limitPricePaise,
      ...(terms.triggerPricePaise === undefined ? {} : { triggerPricePaise: terms.triggerPricePaise }),
      marginPaise: terms.marginPaise ?? paise(0),
      bidPaise,
      askPaise,
    },
  ],
  purpose: terms.purpose,
  exitReason: terms.exitReason,
  onIncomplete: "UNWIND",
  completeByMs: null,
  origin: terms.origin,
  cycleId: terms.cycleId,
  signalId: terms.signalId,
  timeExitMs: null,
  request,
  ...(terms.cut === undefined ? {} : { cut: terms.cut }),
});

/** A price that no exchange takes, so that a leg without a quote is denied for it and sent by nobody. */
const NO_PRICE = paise(0);

/** The legs of so many sets at the prices known now: at a limit, else at the protection price. */
export const listLegs = (
  legs: ListRequest["legs"],
  sets: number,
  prices: readonly PriceView[],
  atMs: Of<"SUBMIT_LIST">["atMs"],
): readonly ListLeg[] =>
  withMargin(
    legs.map(({ contract, side, ratio, limitPricePaise }): Omit<ListLeg, "marginPaise"> => {
      const price = prices.find((view) => view.instrumentId === contract.instrumentId) ?? null;
      const protection = price === null ? null : protectionPaise(side, price, contract.tickSizePaise, ENTRY_BAND);
      return {
        contract,
        side,
        type: limitPricePaise === null ? "MARKET" : "LIMIT",
        timeInForce: limitPricePaise === null ? "IOC" : "DAY",
        quantityUnits: ratio * sets * contract.lotSize,
        limitPricePaise: limitPricePaise ?? protection ?? NO_PRICE,
        bidPaise: price?.bidPaise ?? null,
        askPaise: price?.askPaise ?? null,
      };
    }),
    prices,
    atMs,
  );

function termsOf(
  state: AccountState,
  request: ListRequest,
  prices: readonly PriceView[],
  atMs: Of<"SUBMIT_LIST">["atMs"],
): OrderListTerms {
  return {
    listId: request.listId,
    kind: "COMBINATION",
    structure: request.structure,
    sets: request.sets,
    legs: listLegs(request.legs, request.sets, prices, atMs),
    purpose: "ENTRY",
    exitReason: null,
    onIncomplete: request.onIncomplete,
    completeByMs: epochMs(atMs + request.completeWithinMs),
    origin: "API",
    cycleId: cycleIdAt(required(state.day, "a day"), atMs),
    signalId: null,
    timeExitMs: request.timeExitMs,
    request: request.request,
  };
}

/** Marks a margin that could not be worked out; the list is denied for it. */
const UNKNOWN_MARGIN = paise(-1);

/** What each leg blocks. A leg that is sold without the index being known cannot be margined. */
export function withMargin(
  legs: readonly Omit<ListLeg, "marginPaise">[],
  prices: readonly PriceView[],
  atMs: Of<"SUBMIT_LIST">["atMs"],
): readonly ListLeg[] {
  const margins = marginByLeg(
    legs.map(({ contract, side, quantityUnits, limitPricePaise }) => ({
      contract,
      netUnits: side === "BUY" ? quantityUnits : -quantityUnits,
      pricePaise: paise(Math.max(1, limitPricePaise)),
    })),
    prices,
    atMs,
  );
  return legs.map((leg, index) => ({ ...leg, marginPaise: margins?.[index] ?? UNKNOWN_MARGIN }));
}

const unmargined = ({ legs }: OrderListTerms): Denial | null =>
  legs.every(({ marginPaise }) => marginPaise >= 0)
    ? null
    : {
        code: "QUOTE_MISSING",
        field: "legs",
        limit: null,
        value: null,
        unit: null,
        detail: "the price of the index is not known, so what is sold cannot be margined; wait for one",
      };

const reused = ({ listId }: ListRequest): Denial => ({
  code: "CLIENT_ORDER_ID_REUSED",
  field: "listId",
  limit: null,
  value: null,
  unit: null,
  detail: `${listId} already names another order or list of today; use a new id`,
});
