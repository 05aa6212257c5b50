// The row of features, and the rows of the cycles before it, for one who asks at a moment instead of going through a day: the
// job that makes signals, a backtest. Same stream, same figures as the dataset's.
import type { EpochMs } from "../../kernel/time.ts";
import { epochMs } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { Bar } from "../../market/market-event.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import type { ChainFigures } from "./chain-figures.ts";
import { DayFeatures, type FeatureDay, type MomentFigures } from "./day-features.ts";
import { FEATURES } from "./feature-list.ts";

export interface FeatureContext extends FeatureDay, MomentFigures {
  readonly atMs: EpochMs;
  /** Today's 3-minute bars, oldest first; one that is not completed by the start of the cycle is not looked at. */
  readonly bars: readonly Bar[];
  /** Readings of the option chain of today, oldest first. */
  readonly chain: readonly ChainFigures[];
}

/** The start of the cycle that an instant lies in: rows are of this instant, so that nobody's second of asking matters. */
export const rowInstant = ({ openMs }: Pick<FeatureDay, "openMs">, atMs: EpochMs): EpochMs =>
  epochMs(openMs + Math.max(0, Math.floor((atMs - openMs) / CYCLE_MS)) * CYCLE_MS);

/** The row of the cycle that `atMs` lies in. */
export const featureRow = (context: FeatureContext): Float64Array =>
  rowsOfCycles(context, 1, () => ({ vixCenti: context.vixCenti, community: context.community }));

/**
 * The rows of the last `cycles` cycles, oldest first and one after another; the last is that of `atMs`. Like the dataset it has
 * no row before the open, and none of an earlier cycle in which the index was silent. `momentOf` says what was known besides
 * bars and chain at the start of each.
 */
export function rowsOfCycles(
  context: FeatureContext,
  cycles: number,
  momentOf: (atMs: EpochMs) => MomentFigures,
): Float64Array {
  const rows = new Float64Array(cycles * FEATURES.length);
  const lastMs = rowInstant(context, context.atMs);
  const day = new DayFeatures(context);
  let [nextBar, nextChain, used] = [0, 0, 0];
  for (let back = cycles - 1; back >= 0; back -= 1) {
    const startMs = lastMs - back * CYCLE_MS;
    if (startMs < context.openMs) continue;
    const atMs = epochMs(startMs);
    for (; isBy(context.bars[nextBar]?.startMs, BAR_INTERVAL_MS, atMs); nextBar += 1) {
      day.addBar(context.bars[nextBar] as Bar);
    }
    // The row that is asked for may know the chain, and VIX, of the moment of asking; the rows before it are of their own time.
    const chainMs = back === 0 ? context.atMs : atMs;
    for (; isBy(context.chain[nextChain]?.atMs, 0, chainMs); nextChain += 1) {
      day.addChain(context.chain[nextChain] as ChainFigures);
    }
    if (back > 0 && day.isSilent(atMs)) continue;
    day.row(atMs, momentOf(atMs), rows.subarray(used, used + FEATURES.length));
    used += FEATURES.length;
  }
  return rows.slice(0, used);
}

const isBy = (startMs: number | undefined, lengthMs: number, atMs: EpochMs): boolean =>
  startMs !== undefined && startMs + lengthMs <= atMs;
