// Getting out: no more entries, everything closed before the market does, and the kill switch. Each can be repeated; a repeat
// gives only what is not on its way yet.
import type { InstrumentId } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { ok } from "../kernel/result.ts";
import type { ExitReason } from "../order/order.ts";
import { EXIT_BAND, WIDE_EXIT_BAND } from "../order/protection-price.ts";
import { dayLossPaise, isLossLimitReached } from "../risk/daily-loss.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import { exitPosition, exitsSinceOpened, requestCancel } from "./exit-orders.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

export function enterExitOnly(state: AccountState, { atMs, jobKey }: Of<"ENTER_EXIT_ONLY">): Decision {
  const draft = new Draft(state, atMs);
  draft.push({ type: "EXIT_ONLY_ENTERED", atMs, jobKey });
  for (const order of Object.values(state.orders)) {
    if (order.purpose === "ENTRY") requestCancel(draft, order);
  }
  return ok(draft.events);
}

export function squareOff(state: AccountState, { atMs, jobKey, prices }: Of<"SQUARE_OFF">): Decision {
  const draft = new Draft(state, atMs);
  draft.push({ type: "SQUARE_OFF_STARTED", atMs, jobKey, openTrades: Object.keys(state.openTrades).length });
  closeEverything(draft, "SQUARE_OFF", prices);
  return ok(draft.events);
}

/** The kill switch. What has no price now is closed at the first one that comes. */
export function halt(state: AccountState, { atMs, reason, prices }: Of<"HALT">): Decision {
  const draft = new Draft(state, atMs);
  if (state.tradingState !== "HALTED") draft.push({ type: "TRADING_STATE_CHANGED", atMs, state: "HALTED", reason });
  if (state.day !== null) closeEverything(draft, "KILL_SWITCH", prices);
  return ok(draft.events);
}

/** Lifts the kill switch. The day's loss limit is nobody's to lift (RSK-07). */
export function resume(state: AccountState, { atMs }: Of<"RESUME">): Decision {
  if (state.tradingState !== "HALTED") return ok([]);
  const draft = new Draft(state, atMs);
  const isLostNow = state.day !== null && dayLossPaise(state, []) > 0 && isLossLimitReached(state, []);
  const isLost = isLostNow || state.day?.isLossLimited === true;
  draft.push({
    type: "TRADING_STATE_CHANGED",
    atMs,
    state: isLost ? "REDUCING" : "ACTIVE",
    reason: isLost ? "resumed; the day's loss limit is reached" : "resumed",
  });
  if (state.day !== null) syncTriggers(draft);
  return ok(draft.events);
}

/** Cancels what is under way and gives what is held, with a wider protection where this reason's exit has failed before. */
export function closeEverything(draft: Draft, reason: ExitReason, prices: readonly PriceView[]): void {
  for (const order of Object.values(draft.state.orders)) {
    // An exit that deals at once is best left alone; one that rests in the book is in the way.
    if (order.purpose === "ENTRY" || order.timeInForce === "DAY") requestCancel(draft, order);
  }
  for (const instrumentId of Object.keys(draft.state.openTrades).sort() as InstrumentId[]) {
    const { contract } = required(draft.state.openTrades[instrumentId], instrumentId).position;
    const hasFailed = exitsSinceOpened(draft.state, contract).some((order) => order.exitReason === reason);
    const price = prices.find((view) => view.instrumentId === instrumentId) ?? null;
    exitPosition(draft, instrumentId, { reason, price, band: hasFailed ? WIDE_EXIT_BAND : EXIT_BAND });
  }
  syncTriggers(draft, prices);
}
