// The moment a label is made for, with the rest of its day. Labels look into the future by design, and nothing but labels does:
// what they need of the past comes from the features' own stream.
import type { Underlying } from "../../instrument/contract.ts";
import { type EpochMs, epochMs, istInstant, type MarketDate } from "../../kernel/time.ts";
import type { BarSeries } from "../../market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import { VIEWS_END } from "../rule-event.ts";

/** The 3-minute bars of one day: positions `from` up to and without `to` of a series. */
export interface DayPath {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly bars: BarSeries;
  readonly from: number;
  readonly to: number;
  /** India VIX × 100 as it was known at the end of each of these bars; NaN where it was not. */
  readonly vixCenti: Float64Array;
}

export interface LabelMoment {
  readonly path: DayPath;
  /** The start of the cycle. */
  readonly atMs: EpochMs;
  /** Position of the bar that starts at that instant; labels are unknown without one. */
  readonly first: number;
  /** The last close before the cycle. */
  readonly spotPaise: number;
  /** ATR(14) at that close; null: too few bars. */
  readonly atrPaise: number | null;
  /** India VIX × 100 as known at the cycle's start. */
  readonly vixCenti: number | null;
}

/** When a view of this length, taken at the start of a cycle, ends; null where it would last longer than views may. */
export function viewEndMs(date: MarketDate, atMs: EpochMs, horizonMs: number): EpochMs | null {
  const endMs = epochMs(atMs + horizonMs);
  return endMs > istInstant(date, VIEWS_END) ? null : endMs;
}

/** The bar `after` bars behind the one that starts the cycle, or −1 where any bar up to it is missing. */
export function barAfter({ path, first, atMs }: LabelMoment, after: number): number {
  const at = first + after;
  const isThere = first >= path.from && at < path.to;
  return isThere && path.bars.startMs[at] === atMs + after * BAR_INTERVAL_MS ? at : -1;
}
