// The rules on index bars that are known by name, and what they trade with unless told otherwise.
import type { IndexCosts, IndexRisk, IndexSignal, Polarity } from "./index-rule.ts";

export interface NamedIndexRule {
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  readonly signal: (polarity: Polarity) => IndexSignal;
}

export const INDEX_RULES: readonly NamedIndexRule[] = [
  {
    name: "rsi-crossover",
    description: "RSI(14) goes beyond 70 or below 30.",
    signal: (polarity) => ({ kind: "RSI", period: 14, upper: 70, lower: 30, polarity, trigger: "CROSS" }),
  },
  {
    name: "ema-crossover",
    description: "The exponential average of 9 closes goes to the other side of that of 21.",
    signal: (polarity) => ({ kind: "EMA_CROSS", fast: 9, slow: 21, polarity }),
  },
  {
    name: "bollinger-bands",
    description: "The close goes beyond a band of two deviations around the average of 20.",
    signal: (polarity) => ({ kind: "BOLLINGER", period: 20, deviations: 2, polarity }),
  },
  {
    name: "opening-range",
    description: "The close leaves the range of the first 15 minutes, once a day to each side.",
    signal: (polarity) => ({ kind: "OPENING_RANGE", minutes: 15, polarity }),
  },
];

/**
 * What a deal in the index's future comes to, roughly: charges and taxes of one basis point a side, a spread of one point and
 * half a basis point of slippage. They stand in for a market that index bars know nothing of.
 */
export const INDEX_COSTS: IndexCosts = { chargesPpm: 100, spreadPaise: 100, slippagePpm: 50 };
export const NO_COSTS: IndexCosts = { chargesPpm: 0, spreadPaise: 0, slippagePpm: 0 };

/** Intraday, with as much as the equity pays for, given up after three average ranges. */
export const INDEX_RISK: IndexRisk = {
  sizing: { by: "EQUITY_PERCENT", percent: 100 },
  maxUnits: 100_000,
  stop: { unit: "ATR_CENTI", value: 300 },
  target: null,
  flatFrom: "15:15",
  noEntryFrom: "15:00",
  dailyLossPaise: null,
  entriesPerDay: null,
};
