// The third rule: the index moves far less than option prices expect. What India VIX expects of a stretch of time is the measure
// for both its situation and its event, because a sold option is paid for exactly that; in ATR of the moment a calm market has
// no calm event, since its ATR is small (decision 0057).
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import { type EpochMs, MS_PER_MINUTE } from "../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../market/bars.ts";
import type { Bar } from "../market/market-event.ts";
import { RSI_HIGH, RSI_LOW } from "./rule-direction.ts";
import type { RuleFeatures } from "./rule-features.ts";

/**
 * The index stays within `withinExpected` of the move that VIX expects of the horizon, on both sides, from the close of the last
 * completed bar to the horizon's end.
 */
export const CALM_EVENT = { withinExpected: 0.8, horizonMinutes: 120 } as const;

export const CALM_HORIZON_MS = CALM_EVENT.horizonMinutes * MS_PER_MINUTE;

export interface CalmTerms {
  /** ATR(14) is at most this share of the move that VIX expects of one bar. */
  readonly atrShareMax: number;
  /** Distance of the RSI from 50 that it must not exceed. */
  readonly rsiWithin50: number;
  /** ATR(14) is below what it was `TREND_BARS` bars ago. */
  readonly isAtrFalling: boolean;
}

/** Chosen among 18 definitions on dates before `TREND_CHOSEN_BEFORE` only; `compare-calms.ts` of the tools shows them all. */
export const CALM_TERMS: CalmTerms = { atrShareMax: 0.6, rsiWithin50: RSI_HIGH - 50, isAtrFalling: false };

/** India VIX is made of NIFTY50's options, and SENSEX moves with it. BANKNIFTY goes its own way, so its rate is never pooled. */
export const CALM_POOL: readonly Underlying[] = ["NIFTY50", "SENSEX"];

const TRADING_DAYS = 252;
const MINUTES_PER_DAY = 375;
const BAR_MINUTES = BAR_INTERVAL_MS / MS_PER_MINUTE;

/** One standard deviation of the index over trading minutes at India VIX × 100. */
export const expectedMovePaise = (indexPaise: number, vixCenti: number, minutes: number): number =>
  (indexPaise * vixCenti * Math.sqrt(minutes / (TRADING_DAYS * MINUTES_PER_DAY))) / 10_000;

/** How far the index may go for the event still to hold. */
export const calmBoundPaise = (indexPaise: number, vixCenti: number): number =>
  CALM_EVENT.withinExpected * expectedMovePaise(indexPaise, vixCenti, CALM_EVENT.horizonMinutes);

/** ATR as a share of the move that VIX expects of one bar. */
export const atrShareOf = (atrPaise: number, indexPaise: number, vixCenti: number): number =>
  atrPaise / expectedMovePaise(indexPaise, vixCenti, BAR_MINUTES);

/** What the rule looks at. It takes MACD for granted: until it is there, nobody can say that there is no trend. */
export interface CalmMoment {
  readonly features: Pick<RuleFeatures, "rsi" | "atrPaise" | "macdPaise">;
  /** Close of the last completed bar. */
  readonly indexPaise: number;
  readonly vixCenti: number | null;
  /** Only terms that ask whether ATR falls look at it. */
  readonly atrEarlierPaise?: number | null;
}

/** Whether the market is calm. No direction is looked at: the rules that have one are asked first. */
export function isCalm(moment: CalmMoment, terms: CalmTerms = CALM_TERMS): boolean {
  const { features, indexPaise, vixCenti, atrEarlierPaise } = moment;
  const { rsi, atrPaise, macdPaise } = features;
  if (rsi === null || atrPaise === null || macdPaise === null || vixCenti === null || vixCenti <= 0) return false;
  if (rsi > RSI_HIGH || rsi < RSI_LOW || Math.abs(rsi - 50) > terms.rsiWithin50) return false;
  if (terms.isAtrFalling && !(typeof atrEarlierPaise === "number" && atrPaise < atrEarlierPaise)) return false;
  return atrShareOf(atrPaise, indexPaise, vixCenti) <= terms.atrShareMax;
}

/** Whether the index stayed. `path` are the bars after `fromMs`, in order; reaching the bound is leaving it. */
export function hasStayed(
  path: Iterable<Bar>,
  view: { readonly fromMs: EpochMs; readonly fromPaise: Paise | number; readonly boundPaise: number },
): boolean {
  const untilMs = view.fromMs + CALM_HORIZON_MS;
  for (const { startMs, highPaise, lowPaise } of path) {
    if (startMs < view.fromMs) continue;
    if (startMs >= untilMs) return true;
    if (highPaise - view.fromPaise >= view.boundPaise || view.fromPaise - lowPaise >= view.boundPaise) return false;
  }
  return true;
}
