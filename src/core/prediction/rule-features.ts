// What the rules look at: indicators over the day's completed 3-minute bars. A bar that still runs is not looked at, so that a
// replay and a live feed see the same, whenever within a bar they ask.
import type { EpochMs } from "../kernel/time.ts";
import { epochMs } from "../kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../market/bars.ts";
import { Atr } from "../market/indicators/atr.ts";
import { MACD_12_26_9, Macd, macdWarmUp } from "../market/indicators/macd.ts";
import { Rsi } from "../market/indicators/rsi.ts";
import type { Bar } from "../market/market-event.ts";

export interface RuleFeatures {
  readonly barCount: number;
  /** End of the last completed bar; null without one. */
  readonly asOfMs: EpochMs | null;
  readonly rsi: number | null;
  readonly atrPaise: number | null;
  /** MACD itself, the fast average less the slow one; there once its signal line is. */
  readonly macdPaise: number | null;
  readonly macdHistogramPaise: number | null;
  /** Last close less the one `TREND_BARS` bars earlier. */
  readonly trendMovePaise: number | null;
}

const RSI_PERIOD = 14;
const ATR_PERIOD = 14;
/** Bars that the slowest indicator a view cannot do without needs: RSI takes one close more than its period. */
export const BARS_MIN = RSI_PERIOD + 1;
/** Bars from which on MACD has its signal line; before that a view goes without it. */
export const MACD_BARS_MIN = macdWarmUp(MACD_12_26_9);

/** Bars over which a trend is looked for: half an hour. */
export const TREND_BARS = 10;

/** RSI(14), ATR(14), MACD(12, 26, 9) and the last move as of an instant; each null while there are too few bars (G-54). */
export function ruleFeaturesOf(bars: readonly Bar[], atMs: EpochMs): RuleFeatures {
  const done = completedBars(bars, atMs, BAR_INTERVAL_MS);
  const [first] = done;
  if (first === undefined) return NO_FEATURES;
  const begun = walks.get(first);
  const walk: Walk =
    begun !== undefined && goesOn(begun.bars, done)
      ? begun
      : { bars: [], next: featureStream(), features: NO_FEATURES };
  for (const bar of done.slice(walk.bars.length)) {
    walk.features = walk.next(bar);
    walk.bars.push(bar);
  }
  walks.set(first, walk);
  return walk.features;
}

/** How far a day's bars have been followed. Who asks again with the same bars and more goes on from there. */
interface Walk {
  readonly bars: Bar[];
  readonly next: (bar: Bar) => RuleFeatures;
  features: RuleFeatures;
}

const walks = new WeakMap<Bar, Walk>();

const goesOn = (known: readonly Bar[], done: readonly Bar[]): boolean =>
  known.length <= done.length && known.every((bar, at) => bar === done[at]);

/** The features after each bar of a day, in one pass. The rules were measured with averages that begin at the day's first bar. */
export function featureStream(): (bar: Bar) => RuleFeatures {
  const [rsi, atr, macd] = [new Rsi(RSI_PERIOD), new Atr(ATR_PERIOD, "FIRST_BAR"), new Macd(MACD_12_26_9, "APART")];
  const closes: number[] = [];
  return (bar) => {
    closes.push(bar.closePaise);
    macd.next(bar.closePaise);
    const earlier = closes.at(-1 - TREND_BARS);
    return {
      barCount: closes.length,
      asOfMs: epochMs(bar.startMs + BAR_INTERVAL_MS),
      rsi: known(rsi.next(bar.closePaise)),
      atrPaise: known(atr.next(bar.highPaise, bar.lowPaise, bar.closePaise)),
      macdPaise: known(macd.macd),
      macdHistogramPaise: known(macd.histogram),
      trendMovePaise: earlier === undefined ? null : bar.closePaise - earlier,
    };
  };
}

const known = (figure: number): number | null => (Number.isNaN(figure) ? null : figure);

export const NO_FEATURES: RuleFeatures = {
  barCount: 0,
  asOfMs: null,
  rsi: null,
  atrPaise: null,
  macdPaise: null,
  macdHistogramPaise: null,
  trendMovePaise: null,
};
