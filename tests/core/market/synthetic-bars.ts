// 100,000 synthetic bars of an index, the same every time: what the figures of TA-Lib in `talib-figures.json` were made from.
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";

export const SYNTHETIC_BARS = 100_000;

/** Prices in whole paise, as floats. */
export function syntheticBars(length = SYNTHETIC_BARS) {
  const random = new SeededRandom(20_260_821);
  const column = () => new Float64Array(length);
  const bars = { openPaise: column(), highPaise: column(), lowPaise: column(), closePaise: column() };
  let price = 2_500_000;
  for (let at = 0; at < length; at += 1) {
    const open = price + random.below(601) - 300;
    const close = Math.max(100_000, open + random.below(3_001) - 1_500);
    bars.openPaise[at] = open;
    bars.highPaise[at] = Math.max(open, close) + random.below(500);
    bars.lowPaise[at] = Math.min(open, close) - random.below(500);
    bars.closePaise[at] = close;
    price = close;
  }
  return bars;
}

export const inRupees = (paise: Float64Array): Float64Array => paise.map((value) => value / 100);
