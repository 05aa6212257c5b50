// The grid of a trading day: 15-minute cycles from the open, each with a phase for signals and three for trading (TIM-01).
import { assert } from "../kernel/assert.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../kernel/time.ts";

export const CYCLE_MS = 15 * MS_PER_MINUTE;
/** 09:15 to 15:30 (TIM-03). */
export const CYCLES_MAX = 25;
/** Minutes of a cycle at which its windows open; before the first, signals are made. */
export const WINDOW_MINUTES = [2, 7, 12] as const;
/** Minutes before the end of the day at which only exits remain, and at which the books are made up. */
const EXIT_ONLY_MINUTES = 15;
const SETTLEMENT_MINUTES = 10;

export type CyclePhase =
  | "PRE_OPEN"
  | "SIGNAL_GENERATION"
  | "WINDOW_1"
  | "WINDOW_2"
  | "WINDOW_3"
  | "EXIT_ONLY"
  | "SETTLEMENT"
  | "CLOSED";

/** When the market opens and closes; TradingSession and RecordedSession both say so. */
export interface MarketHours {
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
}

/**
 * The instant up to which the day's plan is laid out: the close, or the end of the 25th cycle where options go on trading
 * longer, because the pay-out belongs at 15:25 whatever the exchange adds to its evening.
 */
export const planEndMs = ({ openMs, closeMs }: MarketHours): EpochMs =>
  epochMs(Math.min(closeMs, openMs + CYCLES_MAX * CYCLE_MS));

/** From here on positions are only closed. */
export const exitOnlyMs = (hours: MarketHours): EpochMs =>
  epochMs(planEndMs(hours) - EXIT_ONLY_MINUTES * MS_PER_MINUTE);

/** From here on the day is settled. */
export const settlementMs = (hours: MarketHours): EpochMs =>
  epochMs(planEndMs(hours) - SETTLEMENT_MINUTES * MS_PER_MINUTE);

/** Cycles that begin within the day's plan. */
export const cyclesOf = (hours: MarketHours): number => Math.ceil((planEndMs(hours) - hours.openMs) / CYCLE_MS);

export function cycleStartMs({ openMs }: MarketHours, cycle: number): EpochMs {
  assert(Number.isSafeInteger(cycle) && cycle >= 1, `not a cycle: ${cycle}`);
  return epochMs(openMs + (cycle - 1) * CYCLE_MS);
}

export const cycleEndMs = (hours: MarketHours, cycle: number): EpochMs =>
  epochMs(Math.min(cycleStartMs(hours, cycle) + CYCLE_MS, planEndMs(hours)));

/** 1-based number of the cycle that an instant lies in; null outside of the day's cycles. */
export function cycleAt(hours: MarketHours, atMs: EpochMs): number | null {
  if (atMs < hours.openMs || atMs >= planEndMs(hours)) return null;
  return Math.floor((atMs - hours.openMs) / CYCLE_MS) + 1;
}

/** What the day is busy with at an instant. `closedMs`: when the last job of the day is due. */
export function cyclePhaseAt(hours: MarketHours, atMs: EpochMs, closedMs: EpochMs): CyclePhase {
  if (atMs < hours.openMs) return "PRE_OPEN";
  if (atMs >= closedMs) return "CLOSED";
  if (atMs >= settlementMs(hours)) return "SETTLEMENT";
  if (atMs >= exitOnlyMs(hours)) return "EXIT_ONLY";
  return windowPhaseAt(hours, atMs);
}

/** The phase by the minute of the cycle alone (G-47). */
export function windowPhaseAt({ openMs }: MarketHours, atMs: EpochMs): CyclePhase {
  const [first, second, third] = WINDOW_MINUTES;
  const minute = ((atMs - openMs) % CYCLE_MS) / MS_PER_MINUTE;
  if (minute < first) return "SIGNAL_GENERATION";
  if (minute < second) return "WINDOW_1";
  return minute < third ? "WINDOW_2" : "WINDOW_3";
}
