// What the rules look at: indicators over the day's completed 3-minute bars. A bar that still runs is not looked at, so that a
// replay and a live feed see the same, whenever within a bar they ask.
import type { EpochMs } from "../kernel/time.ts";
import { epochMs } from "../kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../market/bars.ts";
import { atrStream, MACD_12_26_9, macdStream, macdWarmUp, rsiStream } from "../market/indicators.ts";
import type { Bar } from "../market/market-event.ts";

export interface RuleFeatures {
  readonly barCount: number;
  /** End of the last completed bar; null without one. */
  readonly asOfMs: EpochMs | null;
  readonly rsi: number | null;
  readonly atrPaise: number | null;
  readonly macdHistogramPaise: number | null;
}

const RSI_PERIOD = 14;
const ATR_PERIOD = 14;
/** Bars that the slowest indicator a view cannot do without needs: RSI takes one close more than its period. */
export const BARS_MIN = RSI_PERIOD + 1;
/** Bars from which on MACD has its signal line; before that a view goes without it. */
export const MACD_BARS_MIN = macdWarmUp(MACD_12_26_9);

/** RSI(14), ATR(14) and the MACD(12, 26, 9) histogram as of an instant; each null while there are too few bars (G-54). */
export function ruleFeaturesOf(bars: readonly Bar[], atMs: EpochMs): RuleFeatures {
  const done = completedBars(bars, atMs, BAR_INTERVAL_MS);
  const next = featureStream();
  let features = NO_FEATURES;
  for (const bar of done) features = next(bar);
  return features;
}

/** The features after each bar of a day, in one pass. */
export function featureStream(): (bar: Bar) => RuleFeatures {
  const [rsi, atr, macd] = [rsiStream(RSI_PERIOD), atrStream(ATR_PERIOD), macdStream(MACD_12_26_9)];
  let barCount = 0;
  return (bar) => {
    barCount += 1;
    return {
      barCount,
      asOfMs: epochMs(bar.startMs + BAR_INTERVAL_MS),
      rsi: rsi(bar.closePaise),
      atrPaise: atr({ high: bar.highPaise, low: bar.lowPaise, close: bar.closePaise }),
      macdHistogramPaise: macd(bar.closePaise)?.histogram ?? null,
    };
  };
}

const NO_FEATURES: RuleFeatures = {
  barCount: 0,
  asOfMs: null,
  rsi: null,
  atrPaise: null,
  macdHistogramPaise: null,
};
