// Entering a stopped trade again. The order passes the same check as any entry: hours, limits, margin and all; a refusal ends it.
import { required } from "../kernel/assert.ts";
import type { ClientOrderId, Fill, Order, OrderTerms } from "../order/order.ts";
import { ENTRY_BAND, protectionPaise } from "../order/protection-price.ts";
import { averagePricePaise } from "../position/position.ts";
import { checkOrder, orderUnitsMax } from "../risk/check.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import { reservedFor } from "./evolve-order.ts";
import { groupsOf, isMember } from "./exit-groups.ts";
import { submission, wholeExitsSinceOpened } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import { type Reentry, reentryTrigger } from "./reentry.ts";
import type { AccountState, OpenTrade } from "./state.ts";
import { findInstance } from "./strategies.ts";

/** Sets the re-entry of a trade that its stop has just closed, if its plan wants one. */
export function setReentry(draft: Draft, before: AccountState, trade: OpenTrade, order: Order, fill: Fill): void {
  const { position, exitPlan, cycleId, signalId, strategyId } = trade;
  const { contract } = position;
  const terms = exitPlan?.reentry;
  if (exitPlan === null || terms === undefined || draft.state.openTrades[contract.instrumentId] !== undefined) return;
  if (order.exitReason !== "STOP" && order.exitReason !== "TRAILING_STOP") return;
  // A group that was left is left as a whole.
  if (groupsOf(before).some((group) => group.leaving !== undefined && isMember(group, position))) return;
  // What had gone at its targets is not entered again.
  const units = wholeExitsSinceOpened(before, contract).reduce((sum, exit) => sum + exit.filledUnits, fill.units);
  draft.push({
    type: "REENTRY_SET",
    atMs: draft.atMs,
    reentry: {
      contract,
      side: position.netUnits > 0 ? "BUY" : "SELL",
      units,
      terms,
      plan: { ...exitPlan, stopPaise: terms.initialStopPaise },
      costPaise: averagePricePaise(position),
      exitPaise: fill.pricePaise,
      dueMs: (fill.atMs + terms.waitMs) as Reentry["dueMs"],
      stage: "WAITING",
      clientOrderId: null,
      cycleId,
      signalId,
      ...(strategyId === undefined ? {} : { strategyId }),
      sequence: 0,
    },
  });
}

/** Ends the re-entry whose order has come to nothing. */
export function endReentryOf(draft: Draft, { clientOrderId, contract, filledUnits }: Order, how: string): void {
  const { instrumentId } = contract;
  const reentry = draft.state.reentries?.[instrumentId];
  if (filledUnits > 0 || reentry?.clientOrderId !== clientOrderId) return;
  draft.push({ type: "REENTRY_ENDED", atMs: draft.atMs, instrumentId, reason: `its order was ${how}` });
}

/** What a re-entry's trigger leads to; an id that is none of any re-entry's, or not any more, leads to nothing. */
export function reenter(draft: Draft, triggerId: string, price: PriceView): void {
  const reentry = draft.state.reentries?.[price.instrumentId];
  if (reentry === undefined || reentryTrigger(draft.state, reentry)?.triggerId !== triggerId) return;
  const { stage, terms, contract, side, strategyId } = reentry;
  if (strategyId !== undefined && findInstance(draft.state, strategyId)?.state !== "RUNNING") {
    const reason = "its strategy is not running";
    draft.push({ type: "REENTRY_ENDED", atMs: draft.atMs, instrumentId: contract.instrumentId, reason });
    return;
  }
  if (stage === "WAITING" && terms.mode !== "ASAP") {
    draft.push({ type: "REENTRY_SET", atMs: draft.atMs, reentry: { ...reentry, stage: "WATCHING" } });
    return;
  }
  const limitPaise = protectionPaise(side, price, contract.tickSizePaise, ENTRY_BAND) ?? contract.tickSizePaise;
  const order = termsOf(draft.state, reentry, limitPaise);
  const market = { product: "INTRADAY", price, heldPrices: [price] } as const;
  const checked = checkOrder(draft.state, order, market, draft.atMs);
  if (!checked.ok) {
    const { instrumentId } = contract;
    draft.push({ type: "ORDER_DENIED", atMs: draft.atMs, terms: order, denial: checked.error });
    draft.push({ type: "REENTRY_ENDED", atMs: draft.atMs, instrumentId, reason: checked.error.code });
    return;
  }
  const entering: Reentry = { ...reentry, stage: "ENTERING", clientOrderId: order.clientOrderId };
  draft.push({ type: "REENTRY_SET", atMs: draft.atMs, reentry: entering });
  draft.push(submission(draft.state, checked.value, reservedFor(order, "SUBMITTED", 0), null, draft.atMs));
}

function termsOf(
  state: AccountState,
  { contract, side, units, cycleId, signalId, strategyId }: Reentry,
  limitPricePaise: OrderTerms["limitPricePaise"],
): OrderTerms {
  return {
    clientOrderId: nextReentryOrderId(state),
    contract,
    side,
    type: "MARKET",
    timeInForce: "IOC",
    quantityUnits: Math.min(units, orderUnitsMax({ contract })),
    limitPricePaise,
    purpose: "ENTRY",
    exitReason: null,
    origin: "STRATEGY",
    cycleId,
    signalId,
    ...(strategyId === undefined ? {} : { strategyId }),
  };
}

/** A pure function of the state: the same journal names the next re-entry alike. */
function nextReentryOrderId(state: AccountState): ClientOrderId {
  const { accountId } = required(state.profile, "an open account");
  const { date, ordersSubmitted, ordersDenied } = required(state.day, "a day");
  for (let number = ordersSubmitted + ordersDenied + 1; ; number += 1) {
    const id = `${accountId}-${date}-R${number}` as ClientOrderId;
    if (findOrder(state, id) === undefined) return id;
  }
}
