// The features of a live cycle: the same stream as in the dataset, run over the day so far, with a row for every cycle up to now.
import type { Underlying } from "../../instrument/contract.ts";
import { type EpochMs, epochMs, type MarketDate } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../../market/bars.ts";
import type { Bar } from "../../market/market-event.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import type { SessionHours } from "../builder/session-hours.ts";
import type { ChainFigures } from "../features/chain-figures.ts";
import { DayFeatures } from "../features/day-features.ts";
import { FEATURES } from "../features/feature-list.ts";
import type { HistoryFigures } from "../features/history-figures.ts";

/** What was read off the market when a cycle's signals were made. */
export interface CycleReading {
  readonly cycle: number;
  /** India VIX × 100; null where it was not known. */
  readonly vixCenti: number | null;
  readonly chain: ChainFigures | null;
}

export interface CycleFeaturesInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly hours: Pick<SessionHours, "openMs" | "barsEndMs">;
  readonly history: HistoryFigures;
  /** Bars of the day so far, a running one included; it is not looked at. */
  readonly bars: readonly Bar[];
  /** Of the cycles up to and with the one in question, in order. */
  readonly readings: readonly CycleReading[];
}

export interface CycleFeatures {
  /** The row of the last reading's cycle; NaN = missing. */
  readonly features: Float64Array;
  /** The rows of all cycles that were read, oldest first, one after another. */
  readonly sequence: Float64Array;
}

export function cycleFeatures({
  underlying,
  date,
  hours: { openMs, barsEndMs },
  history,
  bars,
  readings,
}: CycleFeaturesInput): CycleFeatures {
  const day = new DayFeatures({ underlying, date, openMs, barsEndMs, history });
  const sequence = new Float64Array(readings.length * FEATURES.length);
  let next = 0;
  let [reading] = readings;
  for (const [at, each] of readings.entries()) {
    reading = each;
    const atMs: EpochMs = epochMs(openMs + (each.cycle - 1) * CYCLE_MS);
    const done = completedBars(bars, atMs, BAR_INTERVAL_MS).length;
    for (; next < done; next += 1) day.addBar(bars[next] as Bar);
    if (each.chain !== null) day.addChain(each.chain);
    const row = sequence.subarray(at * FEATURES.length, (at + 1) * FEATURES.length);
    day.row(atMs, { vixCenti: each.vixCenti, community: null }, row);
  }
  return {
    features: reading === undefined ? new Float64Array() : sequence.slice(-FEATURES.length),
    sequence,
  };
}
