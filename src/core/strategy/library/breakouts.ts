// Two strategies that follow a move of the index with one bought option: out of the opening range, and along a trend.
import type { Condition, Leg, Operand, StrategyDefinition } from "../definition/definition.ts";
import { RISK_PERCENT } from "./risk-percent.ts";

const CLOSE: Operand = { feature: "bar.close" };

const trailed = (optionType: "CALL" | "PUT"): Leg => ({
  side: "BUY",
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike: { by: "DELTA", delta: { param: "delta" } },
  exit: {
    stop: { unit: "ATR", value: { param: "stopAtr" } },
    trail: { distance: { unit: "ATR", value: { param: "stopAtr" } }, step: { unit: "ATR", value: 0.5 } },
  },
});

const DELTA = {
  kind: "NUMBER",
  name: "delta",
  description: "Delta of the option that is bought.",
  default: 0.4,
  min: 0.15,
  max: 0.7,
} as const;
const stopAtr = (value: number) =>
  ({
    kind: "NUMBER",
    name: "stopAtr",
    description: "Distance of the stop in ATR of the index; it follows the price at that distance.",
    default: value,
    min: 0.5,
    max: 8,
  }) as const;

/** Beyond a bound of the range that the choice names. */
const broken = (side: "High" | "Low", to: "ABOVE" | "BELOW"): Condition => ({
  kind: "ANY",
  of: (["15", "30"] as const).map((minutes) => ({
    kind: "ALL" as const,
    of: [
      { kind: "CHOICE" as const, param: "range", is: minutes },
      { kind: "CROSS" as const, left: CLOSE, to, right: { feature: `bar.opening${side}${minutes}` } },
    ],
  })),
});

const openingRangeBreakout: StrategyDefinition = {
  format: 1,
  name: "opening-range-breakout",
  version: 1,
  title: "Opening-range breakout",
  description:
    "Waits for the first 15 or 30 minutes and buys a call when a bar closes above their high, a put when one closes below their low. The stop follows at a distance measured by the day's own range of bars. Breakouts fail often; on a day without direction each false one costs its stop, which is why entries are few.",
  underlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
  parameters: [
    {
      kind: "CHOICE",
      name: "range",
      description: "Minutes of the opening range.",
      default: "30",
      options: ["15", "30"],
    },
    DELTA,
    stopAtr(2),
    RISK_PERCENT,
  ],
  filters: { time: { from: "09:45", before: "13:30" }, entriesPerDay: 2, minutesBetweenEntries: 15 },
  entries: [
    { name: "above the range", when: broken("High", "ABOVE"), legs: [trailed("CALL")] },
    { name: "below the range", when: broken("Low", "BELOW"), legs: [trailed("PUT")] },
  ],
  exits: { at: "15:05" },
  sizing: { by: "RISK_PERCENT", percent: { param: "riskPercent" } },
};

const averages = (to: "ABOVE" | "BELOW"): Condition => ({
  kind: "CROSS",
  left: { feature: "bar.ema9" },
  to,
  right: { feature: "bar.ema21" },
});

const trendWithAtrStop: StrategyDefinition = {
  format: 1,
  name: "trend-atr-stop",
  version: 1,
  title: "Trend with ATR stop",
  description:
    "Buys a call when the fast average of the 3-minute closes rises through the slow one with MACD on its side, and a put when it falls through it; stays until the averages cross back or the trailing stop is reached. It needs days that go somewhere: when the averages cross back and forth, each crossing costs premium.",
  underlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
  parameters: [DELTA, stopAtr(3), RISK_PERCENT],
  filters: { time: { from: "10:30", before: "14:30" }, entriesPerDay: 4, minutesBetweenEntries: 15 },
  entries: [
    {
      name: "up",
      when: {
        kind: "ALL",
        of: [averages("ABOVE"), { kind: "COMPARE", left: { feature: "bar.macdHistogram" }, is: "ABOVE", right: 0 }],
      },
      legs: [trailed("CALL")],
      leaveWhen: averages("BELOW"),
    },
    {
      name: "down",
      when: {
        kind: "ALL",
        of: [averages("BELOW"), { kind: "COMPARE", left: { feature: "bar.macdHistogram" }, is: "BELOW", right: 0 }],
      },
      legs: [trailed("PUT")],
      leaveWhen: averages("ABOVE"),
    },
  ],
  exits: { at: "15:10" },
  sizing: { by: "RISK_PERCENT", percent: { param: "riskPercent" } },
};

export const BREAKOUTS: readonly StrategyDefinition[] = [openingRangeBreakout, trendWithAtrStop];
