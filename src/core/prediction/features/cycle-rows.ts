// The rows that a model is asked with at a cycle, out of what was read off the market at each cycle of the day so far.
import type { EpochMs } from "../../kernel/time.ts";
import type { Bar } from "../../market/market-event.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import { SEQUENCE_STEPS } from "../models/sequences.ts";
import type { ChainFigures } from "./chain-figures.ts";
import type { FeatureDay } from "./day-features.ts";
import { FEATURES } from "./feature-list.ts";
import { rowsOfCycles } from "./feature-row.ts";

/** What was read when a cycle's signals were made. */
export interface CycleReading {
  readonly cycle: number;
  /** India VIX × 100; null where it was not known. */
  readonly vixCenti: number | null;
  readonly chain: ChainFigures | null;
  /** −1 all bearish to 1 all bullish, said before the cycle began; null where nobody with a record spoke. */
  readonly community: number | null;
}

export interface CycleFeatures {
  /** The row of the cycle; NaN = missing. */
  readonly features: Float64Array;
  /** The rows of the last cycles, oldest first and one after another; the last is `features`. */
  readonly sequence: Float64Array;
}

/** `atMs`: within the cycle that is asked about. `readings`: of one underlying, in order. */
export function cycleFeatures(
  day: FeatureDay,
  atMs: EpochMs,
  bars: readonly Bar[],
  readings: readonly CycleReading[],
): CycleFeatures {
  const chain = readings.map((reading) => reading.chain).filter((reading) => reading !== null);
  const context = { ...day, atMs, bars, chain, vixCenti: null, community: null };
  const sequence = rowsOfCycles(context, SEQUENCE_STEPS, (startMs) => {
    const at = readings.find(({ cycle }) => day.openMs + (cycle - 1) * CYCLE_MS === startMs);
    return { vixCenti: at?.vixCenti ?? null, community: at?.community ?? null };
  });
  return { features: sequence.slice(-FEATURES.length), sequence };
}
