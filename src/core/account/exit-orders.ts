// Orders that leave a position: the whole of it that is not on its way out yet, in slices the exchange takes, each with a
// protection price, so that no exit is given twice and none leaves unprotected.

import type { InstrumentId, OptionContract } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import type { Paise } from "../kernel/money.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import type { ClientOrderId, ExitReason, Order, OrderTerms } from "../order/order.ts";
import { isTerminal } from "../order/order.ts";
import { releaseAt } from "../order/order-rate.ts";
import { EXIT_BAND, type KnownPrices, type ProtectionBand, protectionPaise } from "../order/protection-price.ts";
import { exitSideOf, isWithheld } from "../reconciliation/given-up.ts";
import { checkOrder, orderUnitsMax, type RiskApproved } from "../risk/check.ts";
import { recordOf } from "../risk/check-record.ts";
import type { Denial } from "../risk/denial.ts";
import { isJump } from "../risk/quote-plausibility.ts";
import { referencePaiseOf } from "../risk/quote-sanity.ts";
import type { CheckResult } from "../risk/rule.ts";
import { releasableUnits } from "../risk/short-cover.ts";
import { closableUnits } from "../risk/trade-counts.ts";
import { exitsOf, exitsUnderWay, isResting } from "../risk/working-orders.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import type { AccountEvent, ExitPlanMove } from "./event.ts";
import { findOrder } from "./finished-orders.ts";
import { findList } from "./lists.ts";
import { isPart } from "./scale-out.ts";
import type { AccountState, OpenTrade, ScaleTarget } from "./state.ts";

/** Exits of one position that the triggers may ask for; after that only a square-off or a person does. */
export const EXIT_ATTEMPTS_MAX = 20;
/** More slices than this are left to the next attempt (SPL). */
const SLICES_MAX = 10;
const OF_STRATEGY: readonly ExitReason[] = ["TIME", "DIRECTION_SWITCH", "PREVENTIVE", "STRATEGY"];

export interface Exit {
  readonly reason: ExitReason;
  readonly price: PriceView | null;
  readonly band?: ProtectionBand;
  /** A person, or the day's own end, asks for it: it is given even where exits that were not received hold others back. */
  readonly isAsked?: boolean;
  /** The cycle on whose behalf it is made, for the count of direction switches. */
  readonly cycleId?: string | null;
  /** Only so much, for one of several targets. */
  readonly part?: ScaleTarget;
}

/** Gives everything of an instrument that can still be given, or a part of that. Returns the units; 0 when nothing is left or no price is known. */
export function exitPosition(draft: Draft, instrumentId: InstrumentId, exit: Exit): number {
  const trade = draft.state.openTrades[instrumentId];
  if (trade === undefined) return 0;
  const { contract } = trade.position;
  const closable = closableUnits(draft.state, instrumentId);
  const side = exitSideOf(closable);
  if (exit.isAsked !== true && isWithheld(draft.state, instrumentId, side)) return 0;
  const known = believable(draft.state, contract, exit.price);
  const pricePaise =
    known === null ? null : protectionPaise(side, known, contract.tickSizePaise, exit.band ?? EXIT_BAND);
  if (pricePaise === null) return 0;
  const givable = closable > 0 ? Math.min(closable, releasableUnits(draft.state, contract)) : Math.abs(closable);
  const given = Math.min(givable, exit.part?.units ?? givable);
  let left = given;
  for (let slice = 0; slice < SLICES_MAX && left >= contract.lotSize; slice += 1) {
    const quantityUnits = Math.min(left, orderUnitsMax({ contract }));
    const terms: OrderTerms = {
      clientOrderId: nextExitOrderId(draft.state),
      contract,
      side,
      type: "MARKET",
      timeInForce: "IOC",
      quantityUnits,
      limitPricePaise: pricePaise,
      purpose: "EXIT",
      exitReason: exit.reason,
      origin: OF_STRATEGY.includes(exit.reason) ? "STRATEGY" : "GUARDRAIL",
      cycleId: exit.cycleId === undefined ? trade.cycleId : exit.cycleId,
      signalId: trade.signalId,
      ...legOf(draft.state, trade),
      ...(trade.strategyId === undefined ? {} : { strategyId: trade.strategyId }),
      ...(exit.part === undefined ? {} : { exitTargetPaise: exit.part.pricePaise }),
    };
    if (submitIfApproved(draft, terms, exit.price) !== null) break;
    left -= quantityUnits;
  }
  return given - left;
}

/** Exits of what a list has opened are its children too: by them it knows what it still holds. */
function legOf(state: AccountState, { listId, position }: OpenTrade): Pick<OrderTerms, "listId" | "legIndex"> {
  const list = listId === undefined ? undefined : findList(state, listId);
  const legIndex = list?.legs.findIndex((leg) => leg.contract.instrumentId === position.contract.instrumentId) ?? -1;
  return list === undefined || legIndex < 0 ? {} : { listId: list.listId, legIndex };
}

/** Pushes the submission or the denial; returns the denial's code, or null when the order is on its way. */
export function submitIfApproved(draft: Draft, terms: OrderTerms, price: PriceView | null): string | null {
  const market = { product: "INTRADAY", price, heldPrices: [] } as const;
  const checked = checkOrder(draft.state, terms, market, draft.atMs);
  if (checked.ok) {
    draft.push(submission(draft.state, checked.value, ZERO_PAISE, null, draft.atMs));
    return null;
  }
  draft.push(denialOf(terms, checked.error, checked.checks, draft.atMs));
  return checked.error.code;
}

/**
 * The only way to an ORDER_SUBMITTED: it takes terms that the risk check has approved. `state` is the account it was approved
 * for: the order leaves at the first instant that the order rate allows.
 */
export function submission(
  state: AccountState,
  { terms, checks }: RiskApproved<OrderTerms>,
  reservedPaise: Paise,
  exitPlanMove: ExitPlanMove | null,
  atMs: AccountEvent["atMs"],
): Extract<AccountEvent, { readonly type: "ORDER_SUBMITTED" }> {
  const releases = state.day?.releases?.[terms.contract.exchange] ?? [];
  const releaseAtMs = releaseAt(releases, atMs, terms.purpose);
  return {
    type: "ORDER_SUBMITTED",
    atMs,
    terms: { ...terms, releaseAtMs },
    reservedPaise,
    exitPlanMove,
    checks: recordOf(checks),
  };
}

/** The record of an order that a rule refused, with the rules that had let it pass before. */
export const denialOf = (
  terms: OrderTerms,
  denial: Denial,
  checks: readonly CheckResult[],
  atMs: AccountEvent["atMs"],
): Extract<AccountEvent, { readonly type: "ORDER_DENIED" }> => ({
  type: "ORDER_DENIED",
  atMs,
  terms,
  denial,
  checks: recordOf(checks),
});

/**
 * Asks the venue to take an order out; an order that is over or being taken out stays as it is. So does one that the venue has
 * refused to cancel, until its book has been read: it is over there in all likelihood, and asking again tells nothing.
 */
export function requestCancel(draft: Draft, order: Order): void {
  if (isTerminal(order.status) || order.status === "PENDING_CANCEL" || order.cancelRefusedAtMs !== undefined) return;
  draft.push({ type: "CANCEL_REQUESTED", atMs: draft.atMs, clientOrderId: order.clientOrderId });
}

/**
 * What an exit goes by. A quote that has jumped off the feed's last steady price is wrong or a market that nobody has seen yet;
 * an order priced by a wrong one never deals. So the steady price and the quote take turns until one of them does.
 */
export function believable(state: AccountState, contract: OptionContract, price: PriceView | null): KnownPrices | null {
  const steadyPaise = price?.steady?.pricePaise;
  const quotedPaise = price === null ? null : referencePaiseOf(price);
  if (steadyPaise === undefined || quotedPaise === null || !isJump(quotedPaise, steadyPaise)) return price;
  const isQuotesTurn = exitsSinceOpened(state, contract).length % 2 === 1;
  return isQuotesTurn ? price : { bidPaise: steadyPaise, askPaise: steadyPaise, lastPaise: steadyPaise };
}

/** Exits that rest in the book, with nobody having asked for their end. */
export const restingExits = (state: AccountState, { instrumentId }: OptionContract): readonly Order[] =>
  exitsUnderWay(state, instrumentId).filter(isResting);

/** Whether every exit under way rests: then nothing but a price that may never come is closing the position. */
export const restsOnly = (state: AccountState, { instrumentId }: OptionContract): boolean =>
  exitsUnderWay(state, instrumentId).every(isResting);

/** What the exits of an instrument have been given for since its position was opened, latest last. */
export const exitsSinceOpened = (state: AccountState, contract: OptionContract): readonly Order[] => {
  const openedAtMs = state.openTrades[contract.instrumentId]?.position.openedAtMs ?? 0;
  return exitsOf(state, contract.instrumentId)
    .filter((order) => order.status !== "DENIED" && order.createdAtMs >= openedAtMs)
    .sort((one, other) => one.createdAtMs - other.createdAtMs);
};

/** The same without parts, whose attempts say nothing about how the whole is to be left. */
export const wholeExitsSinceOpened = (state: AccountState, contract: OptionContract): readonly Order[] =>
  exitsSinceOpened(state, contract).filter((order) => !isPart(order));

/** A pure function of the state: the same journal names the next exit alike. */
export function nextExitOrderId(state: AccountState): ClientOrderId {
  const { accountId } = required(state.profile, "an open account");
  const { date, ordersSubmitted, ordersDenied } = required(state.day, "a day");
  for (let number = ordersSubmitted + ordersDenied + 1; ; number += 1) {
    const id = `${accountId}-${date}-X${number}` as ClientOrderId;
    if (findOrder(state, id) === undefined) return id;
  }
}
