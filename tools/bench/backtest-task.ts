// What the backtest bench plays: 100,000 synthetic 1-minute bars, 375 a day, and one rule with everything on.
import type { IndexSetup } from "../../src/core/backtest/index-engine/index-rule.ts";
import { INDEX_COSTS, INDEX_RISK } from "../../src/core/backtest/index-engine/index-rules.ts";
import { addDays, istInstant, marketDate } from "../../src/core/kernel/time.ts";
import { type BarSeries, blankSeries } from "../../src/core/market/bar-series.ts";
import { SYNTHETIC_BARS, syntheticBars } from "../../tests/core/market/synthetic-bars.ts";

const MINUTES_A_DAY = 375;
const FIRST = marketDate("2020-01-01");

export function taskSeries(): BarSeries {
  const series = blankSeries("NIFTY50", 60_000, SYNTHETIC_BARS);
  const bars = syntheticBars();
  for (const name of ["openPaise", "highPaise", "lowPaise", "closePaise"] as const) series[name].set(bars[name]);
  for (let at = 0; at < SYNTHETIC_BARS; at += 1) {
    const day = Math.floor(at / MINUTES_A_DAY);
    if (at % MINUTES_A_DAY === 0) series.startMs[at] = istInstant(addDays(FIRST, day), "09:15");
    else series.startMs[at] = (series.startMs[at - 1] as number) + 60_000;
  }
  return series;
}

/** RSI(14) both ways, charges, spread, slippage, stop, target, a daily limit, flat before the close, journal and books. */
export const fullSetup = (upper = 70, lower = 30): IndexSetup => ({
  rule: {
    signal: { kind: "RSI", period: 14, upper, lower, polarity: "CONTRARIAN", trigger: "LEVEL" },
    sides: "BOTH",
    memory: "CONTINUOUS",
  },
  costs: INDEX_COSTS,
  risk: {
    ...INDEX_RISK,
    target: { unit: "ATR_CENTI", value: 600 },
    dailyLossPaise: 2_000_000,
    entriesPerDay: 50,
  },
  capitalPaise: 100_000_000,
});
