// In which order views are looked at, where several pass the gate. The gate itself knows only the confidence as it was stated
// (C-52); a nervous market merely moves a view down the list and a calm one up (AI-08).

const NERVOUS_VIX_CENTI = 2_000;
const CALM_VIX_CENTI = 1_500;

/** Confidence × 10,000 as it counts for the order: ×0.9 above a VIX of 20, ×1.05 below 15 and at most 1. */
export function rankingBps(confidenceBps: number, vixCenti: number | null): number {
  if (vixCenti === null) return confidenceBps;
  if (vixCenti > NERVOUS_VIX_CENTI) return Math.round(confidenceBps * 0.9);
  if (vixCenti < CALM_VIX_CENTI) return Math.min(10_000, Math.round(confidenceBps * 1.05));
  return confidenceBps;
}
