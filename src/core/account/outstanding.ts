// What the world still has to be told or asked, from state alone: after a crash this is all there is to know about work in
// progress. Telling it twice must have the effect of telling it once; what cannot be told twice is looked up instead.
import type { Transfer } from "../funds/transfer.ts";
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import { rememberingLast } from "../kernel/remembered.ts";
import type { EpochMs } from "../kernel/time.ts";
import { isTerminal, type Order, untoldUnits } from "../order/order.ts";
import type { OrderList } from "../order-list/order-list.ts";
import { isRecallAnswered } from "../reconciliation/given-up.ts";
import { nextCheckMs } from "../risk/circuit-breaker.ts";
import { reentryTrigger } from "./reentry.ts";
import type { AccountState, PriceTrigger } from "./state.ts";

export interface OutstandingWork {
  /** Orders the venue has not answered, in the order in which they were made. */
  readonly submit: readonly Order[];
  /** Orders with a replacement the venue has not answered. */
  readonly replace: readonly Order[];
  /**
   * Orders to be taken out that the venue has not confirmed yet, and exits that were given up and may still arrive. They may be
   * in `submit` as well: then that comes first.
   */
  readonly cancel: readonly Order[];
  /** Orders of which nobody knows whether the venue has them, has changed them, or what they dealt: to be found in its book. */
  readonly lookUp: readonly Order[];
  readonly transfers: readonly Transfer[];
  /** The full set of triggers of every open trade; empty sets stand for "none any more". */
  readonly triggers: readonly {
    readonly instrumentId: InstrumentId;
    readonly underlying: Underlying;
    readonly triggers: readonly PriceTrigger[];
  }[];
  readonly flatCheck: FlatCheckDue;
}

/**
 * When the venue has to be looked at for the proof of a breaker. `underlying`: the feed whose clock may say so, one that this
 * account has dealt with today; null where it has dealt with none. Absent in an account that never had a breaker trip.
 */
export type FlatCheckDue = { readonly dueMs: EpochMs | null; readonly underlying: Underlying | null } | null;

export const outstandingWork = (state: AccountState): OutstandingWork => ({
  ...outstandingOrders(state.orders),
  transfers: Object.values(state.transfers).filter(({ status }) => status === "PENDING"),
  triggers: wantedTriggers(state),
  flatCheck: flatCheckOf(state),
});

type OutstandingOrders = Pick<OutstandingWork, "submit" | "replace" | "cancel" | "lookUp">;

/** Asked after every decision, and few of them change an order. */
const outstandingOrders = rememberingLast((orders: AccountState["orders"]): OutstandingOrders => {
  const submit: Order[] = [];
  const replace: Order[] = [];
  const cancel: Order[] = [];
  const lookUp: Order[] = [];
  for (const order of Object.values(orders)) {
    if (isTerminal(order.status)) {
      if (order.strayAtMs !== undefined) cancel.push(order);
      else if (order.recall !== undefined && !isRecallAnswered({ orders }, order)) cancel.push(order);
      else if (order.recall !== undefined || untoldUnits(order) > 0) lookUp.push(order);
      continue;
    }
    const { status, pendingReplace } = order;
    if (order.unknownSinceMs !== undefined) {
      // It may or may not be there: nothing is sent after it until that is known.
      lookUp.push(order);
      continue;
    }
    if (status === "SUBMITTED" || (status === "PENDING_CANCEL" && isUnanswered(order))) submit.push(order);
    if (status === "PENDING_REPLACE") {
      if (pendingReplace?.unknownSinceMs === undefined) replace.push(order);
      else lookUp.push(order);
    }
    if (status === "PENDING_CANCEL") cancel.push(order);
    else if (order.cancelRefusedAtMs !== undefined) lookUp.push(order);
  }
  return { submit, replace, cancel, lookUp };
});

/** The venue has said nothing yet that only a venue with the order in its books says. */
export const isUnanswered = (order: Order): boolean =>
  order.venueOrderId === null && order.filledUnits === 0 && order.isTriggered === undefined;

/** Those of what is open, those of trades that may be entered again, and on its first leg the timer of a list that waits. */
function wantedTriggers(state: AccountState): OutstandingWork["triggers"] {
  const wanted = new Map(
    Object.values(state.openTrades).map(({ position: { contract }, triggers }) => [
      contract.instrumentId,
      { instrumentId: contract.instrumentId, underlying: contract.underlying, triggers },
    ]),
  );
  for (const reentry of Object.values(state.reentries ?? {})) {
    const trigger = reentryTrigger(state, reentry);
    const { instrumentId, underlying } = reentry.contract;
    const others = wanted.get(instrumentId)?.triggers ?? [];
    if (trigger !== null) wanted.set(instrumentId, { instrumentId, underlying, triggers: [...others, trigger] });
  }
  for (const list of Object.values(state.lists ?? {})) {
    const dueMs = timerOf(state, list);
    const contract = list.legs[0]?.contract;
    if (dueMs === null || contract === undefined) continue;
    const { instrumentId, underlying } = contract;
    const triggers = wanted.get(instrumentId)?.triggers ?? [];
    const timer: PriceTrigger = {
      triggerId: `${list.listId}/TIMER/${dueMs}`,
      instrumentId,
      kind: "TIMER",
      fires: "AT_OR_ABOVE",
      levelPaise: ZERO_PAISE,
      dueMs,
    };
    wanted.set(instrumentId, { instrumentId, underlying, triggers: [...triggers, timer] });
  }
  return [...wanted.values()];
}

/** While it fills, its deadline; while it is held, its time exit. */
function timerOf(state: AccountState, list: OrderList): EpochMs | null {
  if (list.kind === "SLICED") return null;
  if (list.stage === "PROTECTING" || list.stage === "SELLING") return list.completeByMs;
  if (list.stage !== "FILLED") return null;
  return Object.values(state.openTrades).some(({ listId }) => listId === list.listId) ? list.timeExitMs : null;
}

export function flatCheckOf({ breakers, orders, day }: AccountState): FlatCheckDue {
  if (breakers === undefined) return null;
  if (day === null || day.status === "CLOSED") return { dueMs: nextCheckMs(breakers), underlying: null };
  let first: number = UNDERLYINGS.length;
  for (const { status, contract } of Object.values(orders)) {
    if (status !== "DENIED") first = Math.min(first, UNDERLYINGS.indexOf(contract.underlying));
  }
  return { dueMs: nextCheckMs(breakers), underlying: UNDERLYINGS[first] ?? null };
}
