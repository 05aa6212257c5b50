// Whether a model has earned the place of the live one, and whether it keeps it: by what it said on days it had learned nothing
// from, and by nothing else.
import type { Interval } from "./evaluation/block-bootstrap.ts";

/** What a model has shown on days it had learned nothing from. */
export interface ModelEvidence {
  readonly days: number;
  readonly rows: number;
  /** Log-loss of the base rates less that of the model, per row: above 0 is better. With its interval by trading day. */
  readonly gain: number;
  readonly gainInterval: Interval;
  readonly ece: number;
  /** Which head's: probabilities that a structure makes money, as they are spoken; or shares of direction. Absent: the former. */
  readonly eceOf?: "OUTCOMES" | "DIRECTION";
  /** Views stated above 70 %: how many, how often they came true, and what was stated on average. */
  readonly above70: {
    readonly n: number;
    readonly hitRate: number | null;
    readonly stated: number | null;
    readonly days: number;
    /** 95 % of how else the hit rate could have come out; absent of evidence from before it was drawn. */
    readonly interval?: Interval | null;
  };
  /** Of every probability that a structure makes money, voiced or not: what was stated, and how often it came. */
  readonly outcomeReliability?: readonly {
    readonly rows: number;
    readonly stated: number;
    readonly observed: number;
  }[];
  /** Against whom it would replace; absent where it was held against nobody. */
  readonly beside?: readonly PromotionCheck[];
}

export interface PromotionTerms {
  readonly daysMin: number;
  readonly eceMax: number;
  /** Spoken views are asked about only from so many on. */
  readonly above70Min: number;
}

export const PROMOTION_TERMS: PromotionTerms = { daysMin: 20, eceMax: 0.05, above70Min: 30 };

/**
 * Whether the rule looks at a model by itself after so many scored days: at every twentieth. Each look has as many new days as the
 * first needs; a model that is looked at every day passes sooner or later because of how the days have fallen.
 */
export const isLookDay = (days: number, { daysMin }: PromotionTerms = PROMOTION_TERMS): boolean =>
  days > 0 && days % daysMin === 0;

export interface PromotionCheck {
  readonly rule:
    | "DAYS"
    | "GAIN_OVER_BASE_RATES"
    | "CALIBRATION_ERROR"
    | "DIRECTION_CALIBRATION"
    | "ABOVE_70"
    | "NET_PAISE_BESIDE_LIVE"
    | "LOSS_BESIDE_LIVE";
  readonly passed: boolean;
  readonly value: number;
  readonly limit: number;
}

/** Two standard errors that a hit rate may lie below what was stated: beyond that it says more than it knows. */
const ERRORS_BELOW = 2;

export function promotionChecks(
  { days, gainInterval, ece, eceOf = "OUTCOMES", above70, beside = [] }: ModelEvidence,
  { daysMin, eceMax, above70Min }: PromotionTerms = PROMOTION_TERMS,
): readonly PromotionCheck[] {
  const stated = above70.stated ?? 0.7;
  // Views of one day hang together: a day counts as one case.
  const cases = Math.max(1, Math.min(above70.n, above70.days));
  const least = stated - ERRORS_BELOW * Math.sqrt((stated * (1 - stated)) / cases);
  const isAsked = above70.n >= above70Min;
  return [
    { rule: "DAYS", passed: days >= daysMin, value: days, limit: daysMin },
    { rule: "GAIN_OVER_BASE_RATES", passed: gainInterval.low > 0, value: gainInterval.low, limit: 0 },
    {
      rule: eceOf === "DIRECTION" ? "DIRECTION_CALIBRATION" : "CALIBRATION_ERROR",
      passed: ece <= eceMax,
      value: ece,
      limit: eceMax,
    },
    {
      rule: "ABOVE_70",
      passed: !isAsked || (above70.hitRate ?? 0) >= least,
      value: above70.hitRate ?? 0,
      limit: isAsked ? least : 0,
    },
    ...beside,
  ];
}

export type Drift = "STEADY" | "DRIFTING" | "TOO_LITTLE";

export interface DriftTerms {
  readonly rowsMin: number;
  /** By how much per row the loss may exceed that of the base rates. */
  readonly excessMax: number;
  readonly eceMax: number;
}

export const DRIFT_TERMS: DriftTerms = { rowsMin: 300, excessMax: 0.02, eceMax: 0.1 };

/** Whether the live model still says what is true, from its latest scored rows. One that drifts is trained anew or rolled back. */
export function driftOf(
  { rows, gain, gainInterval, ece }: Pick<ModelEvidence, "rows" | "gain" | "gainInterval" | "ece">,
  { rowsMin, excessMax, eceMax }: DriftTerms = DRIFT_TERMS,
): Drift {
  if (rows < rowsMin) return "TOO_LITTLE";
  const isWorse = gainInterval.high < 0 || -gain > excessMax;
  return isWorse || ece > eceMax ? "DRIFTING" : "STEADY";
}
