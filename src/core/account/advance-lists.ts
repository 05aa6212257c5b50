// Takes the steps that lists ask for, after whatever has happened to the account: sends the next orders, cancels, gives back.
// It is the only place from which a list's orders are sent, and a deadline's timer is just one more reason to come here.
import { required } from "../kernel/assert.ts";
import { type ExitReason, isAtWork, type OrderTerms } from "../order/order.ts";
import { EXIT_BAND, type KnownPrices, protectionPaise, WIDE_EXIT_BAND } from "../order/protection-price.ts";
import { type GiveBack, type ListStep, nextStep, RETURN_ATTEMPTS_MAX } from "../order-list/next-step.ts";
import type { OrderList } from "../order-list/order-list.ts";
import { sliceUnitsMax } from "../order-list/slices.ts";
import { isWithheld } from "../reconciliation/given-up.ts";
import { checkOrder } from "../risk/check.ts";
import { childTerms } from "../risk/check-list.ts";
import { releasableUnits } from "../risk/short-cover.ts";
import { closableUnits } from "../risk/trade-counts.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import { reservedFor } from "./evolve-order.ts";
import { believable, denialOf, EXIT_ATTEMPTS_MAX, nextExitOrderId, requestCancel, submission } from "./exit-orders.ts";
import { childrenOf, findList, listsOf } from "./lists.ts";
import type { AccountState } from "./state.ts";

/** Steps of one list at one moment; a list comes to rest long before. */
const STEPS_MAX = 40;

export function advanceLists(draft: Draft, prices: readonly PriceView[] = []): void {
  for (const { listId } of listsOf(draft.state)) {
    for (let steps = 0; steps < STEPS_MAX && advance(draft, listId, prices); steps += 1);
  }
}

/** Leaves a filled list: shorts first, longs when their shorts have gone. */
export function leaveList(draft: Draft, list: OrderList, leaving: ExitReason): void {
  if (list.stage !== "FILLED") return;
  const { listId, reason, keptSets } = list;
  draft.push({ type: "LIST_MOVED", atMs: draft.atMs, listId, stage: "EXITING", reason, keptSets, leaving });
}

/** One step; whether it changed anything. */
function advance(draft: Draft, listId: OrderList["listId"], prices: readonly PriceView[]): boolean {
  const list = required(findList(draft.state, listId), listId);
  if (list.stage === "FILLED" && list.timeExitMs !== null && list.timeExitMs <= draft.atMs && isHeld(draft, list)) {
    leaveList(draft, list, "TIME");
    return true;
  }
  const children = childrenOf(draft.state, list);
  const step = nextStep(list, children, draft.atMs, heldOf(draft.state, list));
  const before = draft.events.length;
  if (step.stage !== list.stage || step.keptSets !== list.keptSets) move(draft, list, step);
  for (const name of step.cancel) requestCancel(draft, required(draft.state.orders[name], name));
  for (const { clientOrderId, legIndex, quantityUnits } of step.build) {
    build(draft, childTerms(list, legIndex, clientOrderId, quantityUnits));
  }
  for (const back of step.giveBack) giveBack(draft, list, back, prices);
  return draft.events.length > before;
}

/**
 * On each leg's side. Of a list that is over only what its own late fill has opened counts: what others hold of the same
 * contracts since is theirs.
 */
const heldOf = ({ openTrades }: AccountState, { legs, stage, listId }: OrderList): readonly number[] =>
  legs.map(({ contract, side }) => {
    const trade = openTrades[contract.instrumentId];
    if (trade === undefined || (isListEnded(stage) && trade.listId !== listId)) return 0;
    const { netUnits } = trade.position;
    return Math.max(0, side === "BUY" ? netUnits : -netUnits);
  });

const isListEnded = (stage: OrderList["stage"]): boolean => stage === "UNWOUND" || stage === "CLOSED";

const isHeld = ({ state }: Draft, { listId }: OrderList): boolean =>
  Object.values(state.openTrades).some((trade) => trade.listId === listId);

function move(draft: Draft, { listId, leaving }: OrderList, { stage, reason, keptSets }: ListStep): void {
  draft.push({ type: "LIST_MOVED", atMs: draft.atMs, listId, stage, reason, keptSets, leaving });
}

function build(draft: Draft, terms: OrderTerms): void {
  // The list itself has met the quotes; each order meets the rest again at its own moment.
  const checked = checkOrder(draft.state, terms, { product: "INTRADAY", price: null, heldPrices: [] }, draft.atMs);
  if (!checked.ok) {
    draft.push(denialOf(terms, checked.error, checked.checks, draft.atMs));
    return;
  }
  const reservedPaise = reservedFor(terms, "SUBMITTED", 0);
  draft.push(submission(draft.state, checked.value, reservedPaise, null, draft.atMs));
}

/** In slices, at a price known now, or as long as the list is young at the touch it was made at. */
function giveBack(
  draft: Draft,
  list: OrderList,
  { legIndex, quantityUnits }: GiveBack,
  prices: readonly PriceView[],
): void {
  const leg = required(list.legs[legIndex], "the leg");
  const { contract } = leg;
  const side = leg.side === "BUY" ? "SELL" : "BUY";
  const returned = childrenOf(draft.state, list).filter((child) => child.legIndex === legIndex && child.side === side);
  // What an order that has ended may still be told to have dealt is not in the quantity: the rest does not wait for it.
  if (returned.some(isAtWork) || isWithheld(draft.state, contract.instrumentId, side)) return;
  const price = prices.find((one) => one.instrumentId === contract.instrumentId) ?? null;
  const known = believable(draft.state, contract, price);
  if (returned.length >= (known === null ? RETURN_ATTEMPTS_MAX : EXIT_ATTEMPTS_MAX)) return;
  const touch: KnownPrices | null =
    known ?? (list.stage === "EXITING" ? null : { bidPaise: leg.bidPaise, askPaise: leg.askPaise, lastPaise: null });
  const band = returned.length === 0 && known !== null ? EXIT_BAND : WIDE_EXIT_BAND;
  const limitPricePaise = touch === null ? null : protectionPaise(side, touch, contract.tickSizePaise, band);
  if (limitPricePaise === null) return;
  const closable = closableUnits(draft.state, contract.instrumentId);
  const held =
    side === "SELL" ? Math.min(Math.max(0, closable), releasableUnits(draft.state, contract)) : Math.max(0, -closable);
  let left = Math.min(quantityUnits, held);
  for (; left >= contract.lotSize; left -= Math.min(left, sliceUnitsMax(contract))) {
    const terms: OrderTerms = {
      clientOrderId: nextExitOrderId(draft.state),
      contract,
      side,
      type: "MARKET",
      timeInForce: "IOC",
      quantityUnits: Math.min(Math.floor(left / contract.lotSize) * contract.lotSize, sliceUnitsMax(contract)),
      limitPricePaise,
      purpose: "EXIT",
      exitReason: list.leaving ?? "LIST_UNWIND",
      origin: list.leaving === null || list.leaving === "REQUEST" ? "GUARDRAIL" : "STRATEGY",
      cycleId: list.cycleId,
      signalId: list.signalId,
      listId: list.listId,
      legIndex,
      ...(list.strategyId === undefined ? {} : { strategyId: list.strategyId }),
    };
    const checked = checkOrder(draft.state, terms, { product: "INTRADAY", price, heldPrices: [] }, draft.atMs);
    if (!checked.ok) {
      draft.push(denialOf(terms, checked.error, checked.checks, draft.atMs));
      return;
    }
    draft.push(submission(draft.state, checked.value, reservedFor(terms, "SUBMITTED", 0), null, draft.atMs));
  }
}
