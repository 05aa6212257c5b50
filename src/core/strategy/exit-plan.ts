// How a trade is to be left: the view's distances on the index turned into premium by the option's delta, bounded by what the
// account may lose and by what leaving costs. All distances are whole ticks, and none is zero.
import type { ExitPlanMove } from "../account/event.ts";
import type { OptionContract } from "../instrument/contract.ts";
import { bpsOf, type Paise, paise } from "../kernel/money.ts";
import type { Signal } from "../prediction/signal.ts";
import { volatilityBand } from "./volatility-regime.ts";

/** What an exit looks at of a view. */
export type ExitView = Pick<Signal, "targetMovePaise" | "stopMovePaise" | "expiresAtMs"> & {
  readonly choice: {
    readonly contract: Pick<OptionContract, "tickSizePaise">;
    readonly deltaBps: number | null;
  } | null;
};

export interface ExitPlanInput {
  readonly signal: ExitView;
  readonly entryPricePaise: Paise;
  readonly units: number;
  readonly capitalPaise: Paise;
  readonly vixCenti: number | null;
  /** Estimated charges of buying and selling the whole position; the target earns at least them. */
  readonly roundTripChargesPaise?: Paise;
}

/** Assumed where no delta could be computed; cheap options near the money lie about there. */
export const DELTA_WHEN_UNKNOWN_BPS = 3_000;
/** A view without distances: this share of the premium as stop and as target (the display bracket of RSK-11). */
const BRACKET_BPS = 200;

/**
 * Distances in premium from the entry price. The stop is the view's, unless a nearer one is needed to lose no more than the
 * VIX band's share of capital (C-15). The target is the view's, or what covers the charges if that is farther. From half the
 * target on, the stop trails in steps of a quarter of it. The plan ends when the view lapses.
 */
export function exitPlanMoveFor(input: ExitPlanInput): ExitPlanMove {
  const { signal, entryPricePaise, units, capitalPaise, vixCenti } = input;
  const tick = signal.choice?.contract.tickSizePaise ?? DEFAULT_TICK_PAISE;
  const lossMaxPaise = bpsOf(capitalPaise, volatilityBand(vixCenti).stopBpsOfCapital, "FLOOR");
  const stop = Math.min(
    stopMoveOf(signal, entryPricePaise),
    Math.floor(lossMaxPaise / units),
    // A premium cannot fall below one tick.
    entryPricePaise - tick,
  );
  const target = Math.max(
    premiumMove(signal, signal.targetMovePaise, entryPricePaise),
    Math.ceil((input.roundTripChargesPaise ?? 0) / units),
  );
  const targetTicks = Math.max(2, Math.ceil(target / tick));
  return {
    stopPaise: paise(Math.max(1, Math.floor(stop / tick)) * tick),
    targetPaise: paise(targetTicks * tick),
    trailFromPaise: paise(Math.ceil(targetTicks / 2) * tick),
    trailStepPaise: paise(Math.max(1, Math.floor(targetTicks / 4)) * tick),
    timeExitMs: signal.expiresAtMs,
  };
}

/** What one unit loses at the view's stop, before any bound of the account: what sizing reckons with. */
export const stopMoveOf = (signal: ExitView, entryPricePaise: Paise): Paise =>
  premiumMove(signal, signal.stopMovePaise, entryPricePaise);

const DEFAULT_TICK_PAISE = 5;

function premiumMove(signal: ExitView, indexMovePaise: Paise | null, entryPricePaise: Paise): Paise {
  if (indexMovePaise === null) return bpsOf(entryPricePaise, BRACKET_BPS, "CEIL");
  return bpsOf(indexMovePaise, Math.abs(signal.choice?.deltaBps ?? DELTA_WHEN_UNKNOWN_BPS), "CEIL");
}
