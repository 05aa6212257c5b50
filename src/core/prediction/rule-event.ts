// What a view of the rules is a view of, as an event that either happens or does not. The measured rates and the predictor both
// go by this one definition.
import type { EpochMs } from "../kernel/time.ts";
import { MS_PER_MINUTE } from "../kernel/time.ts";
import type { Bar } from "../market/market-event.ts";

/**
 * The index goes `targetAtr` ATR with the view before it goes `stopAtr` ATR against it, and does so within the horizon. A
 * target much nearer than the stop is reached more often than not by any price, so the rate alone is no sign of skill: see
 * `DRIFTLESS_BPS` and the rate of any moment, which every reason names.
 */
export const RULE_EVENT = { targetAtr: 1, stopAtr: 3, horizonMinutes: 75 } as const;

export const HORIZON_MS = RULE_EVENT.horizonMinutes * MS_PER_MINUTE;

/** How often a walk without drift and without a time limit would reach the target first, × 10,000. */
export const DRIFTLESS_BPS = Math.round((10_000 * RULE_EVENT.stopAtr) / (RULE_EVENT.stopAtr + RULE_EVENT.targetAtr));

/** From here on positions are only closed, so a view whose horizon reaches beyond it is not voiced. */
export const VIEWS_END = "15:15";

export type ViewSide = "BULLISH" | "BEARISH";

/**
 * Whether a view paid. `path` are the bars after `fromMs`, in order. A bar that reaches both levels counts as failed, since
 * which came first is not in it; so does a view that reaches neither in time.
 */
export function hasPaid(
  path: Iterable<Bar>,
  view: { readonly side: ViewSide; readonly fromMs: EpochMs; readonly fromPaise: number; readonly atrPaise: number },
): boolean {
  const sign = view.side === "BULLISH" ? 1 : -1;
  const target = view.fromPaise + sign * RULE_EVENT.targetAtr * view.atrPaise;
  const stop = view.fromPaise - sign * RULE_EVENT.stopAtr * view.atrPaise;
  const untilMs = view.fromMs + HORIZON_MS;
  for (const bar of path) {
    if (bar.startMs < view.fromMs) continue;
    if (bar.startMs >= untilMs) return false;
    if (sign > 0 ? bar.lowPaise <= stop : bar.highPaise >= stop) return false;
    if (sign > 0 ? bar.highPaise >= target : bar.lowPaise <= target) return true;
  }
  return false;
}
