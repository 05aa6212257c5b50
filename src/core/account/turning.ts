// Views that turn against what is held (AI-01, AI-09). Getting out is never held back; going in on the other side is, by the terms
// of switching. What turned before is read from the day's own entries, so that it needs no record of its own.
import type { Underlying } from "../instrument/contract.ts";
import { type Paise, paise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ViewClass } from "../prediction/dataset.ts";
import {
  decideSwitch,
  entryHeldBack,
  SWITCHING_TERMS,
  type SwitchingDecision,
  type SwitchingState,
  switched,
} from "../prediction/direction-switching.ts";
import type { Signal } from "../prediction/signal.ts";
import { believedExitPaise } from "../risk/believed-price.ts";
import { openResultPaise } from "../risk/daily-loss.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import { gainDirectionOf } from "./exit-levels.ts";
import { childrenOf, listsOf } from "./lists.ts";
import type { AccountState, ExitPlan, OpenTrade } from "./state.ts";
import { priceOf, type RunWindow } from "./window-outcome.ts";

type Side = "BULLISH" | "BEARISH";

export interface Turn {
  readonly to: Side;
  readonly confidenceBps: number;
  /** A view, and not only a lean to a side. */
  readonly isView: boolean;
}

/** Where a signal points to, be it strong enough for a trade or not. Staying where it is turns nothing round. */
export function turnOf({ direction, confidenceBps, lean }: Signal): Turn | null {
  if (direction === "BULLISH" || direction === "BEARISH") return { to: direction, confidenceBps, isView: true };
  if (direction !== "NO_TRADE" || lean === undefined || lean.direction === "NEUTRAL") return null;
  return { to: lean.direction, confidenceBps: lean.confidenceBps, isView: false };
}

/** What to do about a turn, given the trades that it is against. */
export function decideTurn(
  draft: Draft,
  { prices, switching = SWITCHING_TERMS }: RunWindow,
  { to, confidenceBps, isView }: Turn,
  against: readonly OpenTrade[],
): SwitchingDecision {
  const [first] = against;
  if (first === undefined)
    return { exits: "NONE", isSwitch: false, urgency: null, reason: "Nothing is held against it." };
  const { direction: _, ...state } = switchingState(draft.state, first.position.contract.underlying, draft.atMs);
  const evidence = { to, reversalBps: confidenceBps, openResultPaise: resultOf(against, prices), atMs: draft.atMs };
  // What is said strongly enough to be traded turns the view, wherever the terms of a deployment lie.
  const atMost = (bps: number): number => Math.min(bps, confidenceBps);
  const terms = isView
    ? { ...switching, switchBps: atMost(switching.switchBps), watchBps: atMost(switching.watchBps) }
    : switching;
  return decideSwitch({ ...state, direction: directionOf(first) }, evidence, terms);
}

/** Why a view may not be entered now for having turned too often or too lately; null where it may. */
export function turnHeldBack(
  { state, atMs }: Draft,
  { switching }: RunWindow,
  { underlying, direction }: Signal,
): string | null {
  if (direction === "NO_TRADE") return null;
  return entryHeldBack(switchingState(state, underlying, atMs), direction, atMs, switching);
}

/** Of the entries of a day that dealt, by the platform's own signals in one index: where they pointed, and when that turned. */
export function switchingState(state: AccountState, underlying: Underlying, atMs: EpochMs): SwitchingState {
  const single = Object.values(state.orders).flatMap((order) =>
    order.purpose === "ENTRY" &&
    order.signalId !== null &&
    order.listId === undefined &&
    order.filledUnits > 0 &&
    order.contract.underlying === underlying
      ? [{ atMs: order.createdAtMs, direction: sideOf(order.contract.optionType) }]
      : [],
  );
  const structures = listsOf(state).flatMap((list) =>
    list.purpose === "ENTRY" &&
    list.signalId !== null &&
    list.legs[0]?.contract.underlying === underlying &&
    childrenOf(state, list).some(({ filledUnits }) => filledUnits > 0)
      ? [{ atMs: list.createdAtMs, direction: "NEUTRAL" as const }]
      : [],
  );
  const entries: readonly { readonly atMs: EpochMs; readonly direction: ViewClass }[] = [...single, ...structures];
  const folded = [...entries]
    .sort((one, other) => one.atMs - other.atMs)
    .reduce<SwitchingState>((before, entry) => switched(before, entry.direction, entry.atMs), NONE);
  return { ...folded, switchedAtMs: folded.switchedAtMs.filter((at) => at <= atMs) };
}

const NONE: SwitchingState = { direction: null, switchedAtMs: [] };

const sideOf = (optionType: "CALL" | "PUT"): Side => (optionType === "CALL" ? "BULLISH" : "BEARISH");

const directionOf = ({ listId, position }: OpenTrade): ViewClass =>
  listId === undefined ? sideOf(position.contract.optionType) : "NEUTRAL";

/** What has no price counts at its cost. */
export function resultOf(trades: readonly OpenTrade[], prices: readonly PriceView[]): Paise {
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  return sumPaise(trades, ({ position }) => openResultPaise(position, byInstrument) ?? ZERO_PAISE);
}

/**
 * The plan with its stop halfway nearer to where the position could be left now, as far as that is believed, in whole ticks; null
 * where it has no stop, or none that is nearer.
 */
export function tightenedPlan({ position, exitPlan }: OpenTrade, prices: readonly PriceView[]): ExitPlan | null {
  const price = priceOf(prices, position.contract.instrumentId);
  const exitPaise = price === null ? null : believedExitPaise(position, price);
  if (exitPlan === null || exitPlan.stopPaise === null || exitPaise === null) return null;
  const { tickSizePaise } = position.contract;
  const direction = gainDirectionOf(position);
  const ticks = Math.floor((direction * (exitPaise - exitPlan.stopPaise)) / (2 * tickSizePaise));
  if (ticks < 1) return null;
  return { ...exitPlan, stopPaise: paise(exitPlan.stopPaise + direction * ticks * tickSizePaise) };
}
