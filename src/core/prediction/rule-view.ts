// Which rule speaks at a moment, and for which side. One order for the predictor and for the measurement of the rates.
import { type RsiPolarity, rsiDirection } from "./rule-direction.ts";
import type { ViewSide } from "./rule-event.ts";
import type { RuleFeatures } from "./rule-features.ts";
import { trendDirection } from "./rule-trend.ts";

/** RSI: beyond its bounds. TREND: a move of several ATR with RSI and MACD on its side. */
export const RULE_NAMES = ["RSI", "TREND"] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export type MacdStand = "AGREES" | "DISAGREES" | "MISSING";

export interface RuleView {
  readonly rule: RuleName;
  readonly side: ViewSide;
  readonly macd: MacdStand;
}

/**
 * The view of the first rule that has one: RSI, then TREND. The contrarian reading takes a stretched move for its end, so it
 * has no trend rule.
 */
export function ruleViewOf(features: RuleFeatures, polarity: RsiPolarity = "MOMENTUM"): RuleView | null {
  const { rsi, macdHistogramPaise } = features;
  if (rsi === null) return null;
  const byRsi = rsiDirection(rsi, polarity);
  if (byRsi !== "NEUTRAL") return { rule: "RSI", side: byRsi, macd: macdStandOf(macdHistogramPaise, byRsi) };
  const byTrend = polarity === "MOMENTUM" ? trendDirection(features) : "NEUTRAL";
  if (byTrend === "NEUTRAL") return null;
  return { rule: "TREND", side: byTrend, macd: macdStandOf(macdHistogramPaise, byTrend) };
}

/** MACD agrees when its histogram has the sign of the view. */
export function macdStandOf(histogramPaise: number | null, side: ViewSide): MacdStand {
  if (histogramPaise === null) return "MISSING";
  return (side === "BULLISH" ? histogramPaise > 0 : histogramPaise < 0) ? "AGREES" : "DISAGREES";
}
