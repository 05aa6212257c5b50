// Getting out: no more entries, and everything closed before the market does. Each can be repeated; a repeat gives only what is
// not on its way yet.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { ok } from "../kernel/result.ts";
import type { ExitReason } from "../order/order.ts";
import { bandAfter } from "../order/protection-price.ts";
import { advanceLists } from "./advance-lists.ts";
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
  advanceLists(draft);
  return ok(draft.events);
}

export function squareOff(state: AccountState, { atMs, jobKey, prices }: Of<"SQUARE_OFF">): Decision {
  const draft = new Draft(state, atMs);
  draft.push({ type: "SQUARE_OFF_STARTED", atMs, jobKey, openTrades: Object.keys(state.openTrades).length });
  closeEverything(draft, "SQUARE_OFF", prices, null, true);
  return ok(draft.events);
}

/**
 * Cancels what is under way and gives what is held, with a wider protection each time this reason's exit has failed before; of one
 * underlying when it is named.
 */
export function closeEverything(
  draft: Draft,
  reason: ExitReason,
  prices: readonly PriceView[],
  underlying: Underlying | null = null,
  isAsked = false,
): void {
  for (const order of Object.values(draft.state.orders)) {
    if (underlying !== null && order.contract.underlying !== underlying) continue;
    // An exit that deals at once is best left alone; one that rests in the book is in the way.
    if (order.purpose === "ENTRY" || order.timeInForce === "DAY") requestCancel(draft, order);
  }
  for (const instrumentId of shortsFirst(draft.state)) {
    const { contract } = required(draft.state.openTrades[instrumentId], instrumentId).position;
    if (underlying !== null && contract.underlying !== underlying) continue;
    const tried = exitsSinceOpened(draft.state, contract).filter((order) => order.exitReason === reason);
    // Slices of one attempt are given at one instant.
    const failed = new Set(tried.map((order) => order.createdAtMs)).size;
    const price = prices.find((view) => view.instrumentId === instrumentId) ?? null;
    exitPosition(draft, instrumentId, { reason, price, band: bandAfter(failed), isAsked });
  }
  advanceLists(draft, prices);
  syncTriggers(draft, prices);
}

/** Longs that protect a short are not given before it has gone: what is left of them follows with its fills. */
const shortsFirst = ({ openTrades }: AccountState): readonly InstrumentId[] => {
  const ids = Object.keys(openTrades).sort() as InstrumentId[];
  const isShort = (instrumentId: InstrumentId): boolean => (openTrades[instrumentId]?.position.netUnits ?? 0) < 0;
  return [...ids.filter(isShort), ...ids.filter((instrumentId) => !isShort(instrumentId))];
};
