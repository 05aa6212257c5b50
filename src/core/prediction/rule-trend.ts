// The second rule (the "ATR trends" of AI-02): the index has gone several ATR one way, RSI and MACD stand on that side, and the
// RSI is not yet so far out that the first rule speaks.
import { RSI_HIGH, RSI_LOW } from "./rule-direction.ts";
import type { RuleFeatures } from "./rule-features.ts";

export interface TrendTerms {
  /** Distance of the RSI from 50 that it must exceed on the trend's side. */
  readonly rsiBeyond50: number;
  /** The least move over `TREND_BARS` bars, in ATR. */
  readonly moveAtrMin: number;
}

/** Chosen among 18 definitions on dates before `TREND_CHOSEN_BEFORE` only; `compare-trends.ts` of the tools shows them all. */
export const TREND_TERMS: TrendTerms = { rsiBeyond50: 5, moveAtrMin: 3 };

/** Dates from here on had no say in the choice of the terms. */
export const TREND_CHOSEN_BEFORE = "2019-01-01";

/** Which way the trend points, before any gate; NEUTRAL without one, and whenever the RSI is beyond its bounds. */
export function trendDirection(
  { rsi, atrPaise, macdPaise, macdHistogramPaise, trendMovePaise }: RuleFeatures,
  { rsiBeyond50, moveAtrMin }: TrendTerms = TREND_TERMS,
): "BULLISH" | "BEARISH" | "NEUTRAL" {
  if (rsi === null || atrPaise === null || macdPaise === null) return "NEUTRAL";
  if (macdHistogramPaise === null || trendMovePaise === null || rsi > RSI_HIGH || rsi < RSI_LOW) return "NEUTRAL";
  const sign = Math.sign(trendMovePaise);
  const allOnItsSide = sign * (rsi - 50) > rsiBeyond50 && sign * macdPaise > 0 && sign * macdHistogramPaise > 0;
  if (!allOnItsSide || Math.abs(trendMovePaise) < moveAtrMin * atrPaise) return "NEUTRAL";
  return sign > 0 ? "BULLISH" : "BEARISH";
}
