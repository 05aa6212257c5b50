// The smile of modelled premiums as fitted on recorded chains, with what it was off by on days left out of the fit. The figures are
// what `npm run fit-smile` prints; they are committed, so that a result can be read without the data.
import table from "./fitted-smile.json" with { type: "json" };
import { ASSUMED_RATE } from "./option-pricing.ts";

/** Volatility of a strike from India VIX (as a fraction), index, strike in the same unit, and calendar years left. */
export type Smile = (vix: number, spot: number, strike: number, years: number) => number;

const WEEK_YEARS = 7 / 365;
/** Below this nothing was fitted: the last hours are priced as if so much were left. */
const YEARS_MIN = WEEK_YEARS / 28;
const DEVIATIONS_MAX = 3;
const VOLATILITY_MIN = 0.01;
const [LEVEL = 0, TERM = 0, SLOPE = 0, CURVATURE = 0] = table.coefficients;

/** Level, term, slope and curvature of the share of India VIX that a strike trades at. */
export const smileTerms = (x: number, years: number): readonly [number, number, number, number] => {
  const bounded = Math.max(-DEVIATIONS_MAX, Math.min(DEVIATIONS_MAX, x));
  return [1, Math.log(Math.max(years, YEARS_MIN) / WEEK_YEARS), bounded, bounded * bounded];
};

/** How many deviations of the time left a strike lies above the forward. */
export const standardised = (vix: number, spot: number, strike: number, years: number): number =>
  (Math.log(strike / spot) - ASSUMED_RATE * years) / (vix * Math.sqrt(years));

export const fittedSmile: Smile = (vix, spot, strike, years) => {
  if (!(vix > 0 && years > 0)) return Math.max(VOLATILITY_MIN, vix);
  const [one, term, x, square] = smileTerms(standardised(vix, spot, strike, years), years);
  return Math.max(VOLATILITY_MIN, vix * (LEVEL * one + TERM * term + SLOPE * x + CURVATURE * square));
};

/** For people: what modelled premiums were off by, on days that were not fitted on. */
export const SMILE_ERRORS: readonly string[] = [
  `Modelled premiums were fitted on ${table.samples} quotes of ${table.days.length} days of January and February 2026; priced by the other days' fit they were off by:`,
  ...table.errors.map(
    ({ bucket, samples, medianErrorPercent, medianBiasPercent }) =>
      `${bucket}: ${medianErrorPercent.toFixed(1)} % of the premium (median; bias ${medianBiasPercent.toFixed(1)} %, ${samples} quotes)`,
  ),
];
