// Which way the RSI points (AI-02, C-11), and whether what is known of it suffices to say so aloud (C-10). Both comparisons are
// strict: an RSI of exactly 70 points nowhere, and a confidence of exactly 0.70 does not pass.
import type { Direction } from "./signal.ts";

/** MOMENTUM: a high RSI is bullish, the default (C-11). CONTRARIAN: a high RSI is bearish. */
export type RsiPolarity = "MOMENTUM" | "CONTRARIAN";

export const GATE_BPS = 7_000;
export const RSI_HIGH = 70;
export const RSI_LOW = 30;

/** The direction of an RSI with the confidence of that view × 10,000. At or below the gate there is no view at all (AI-11). */
export function directionOf(rsi: number, confidenceBps: number, polarity: RsiPolarity = "MOMENTUM"): Direction {
  return gated(rsiDirection(rsi, polarity), confidenceBps);
}

/** A direction that passes the gate, whichever rule it comes from. */
export const gated = (direction: Direction, confidenceBps: number): Direction =>
  confidenceBps > GATE_BPS ? direction : "NO_TRADE";

/** Where the RSI points, before any gate. */
export function rsiDirection(rsi: number, polarity: RsiPolarity = "MOMENTUM"): "BULLISH" | "BEARISH" | "NEUTRAL" {
  if (rsi > RSI_HIGH) return polarity === "MOMENTUM" ? "BULLISH" : "BEARISH";
  if (rsi < RSI_LOW) return polarity === "MOMENTUM" ? "BEARISH" : "BULLISH";
  return "NEUTRAL";
}

const NERVOUS_VIX_CENTI = 2_000;
const CALM_VIX_CENTI = 1_500;

/**
 * Confidence × 10,000 as it counts for the order in which views are looked at, never for the gate (C-52): ×0.9 above a VIX of 20,
 * ×1.05 below 15 and at most 1 (AI-08).
 */
export function rankingBps(confidenceBps: number, vixCenti: number | null): number {
  if (vixCenti === null) return confidenceBps;
  if (vixCenti > NERVOUS_VIX_CENTI) return Math.round(confidenceBps * 0.9);
  if (vixCenti < CALM_VIX_CENTI) return Math.min(10_000, Math.round(confidenceBps * 1.05));
  return confidenceBps;
}
