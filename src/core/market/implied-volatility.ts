// The volatility at which Black-Scholes gives an observed premium. Prices that no volatility explains are refused by name.
//
// Put-call parity turns every option into the one that is out of the money, whose price is all time value; divided by the
// geometric mean of spot and discounted strike it depends on two figures only: x = −|ln(spot ÷ discounted strike)| and the
// deviation s = σ√T. With h = x/s, t = s/2 and R(z) = Φ(z)/φ(z),
//
//   b(s) = e^(−(h² + t²)/2) · (R(h + t) − R(h − t)) / √(2π)        b'(s) = e^(−(h² + t²)/2) / √(2π)
//
// so that one exponential gives both. Halley's method on ln b converges cubically from a guess that is exact near the money
// (Corrado, Miller 1996) and of the right order in the wings.
import { err, ok, type Result } from "../kernel/result.ts";
import { cumulativeOverDensity, normalDensity } from "./normal-distribution.ts";
import type { OptionTerms } from "./option-pricing.ts";

export interface ImpliedVolatilityRefusal {
  /**
   * PRICE_BELOW_BOUND: not above the discounted intrinsic value. PRICE_ABOVE_BOUND: not below what the option could ever be
   * worth. VOLATILITY_OUT_OF_RANGE: inside the bounds, yet only explained by a volatility below 0.01 % or above 1,000 %.
   */
  readonly code: "EXPIRED" | "PRICE_BELOW_BOUND" | "PRICE_ABOVE_BOUND" | "VOLATILITY_OUT_OF_RANGE";
}

const VOLATILITY_MIN = 1e-4;
const VOLATILITY_MAX = 10;
const STEPS_MAX = 100;
/** The error after a step is about the cube of the step. */
const LAST_STEP = 1e-5;
/** So close to an end of the range, relatively, that the price asks for something beyond it. */
const EDGE = 1e-9;

/** Inverts `priceOption`. Exact to 1e-8 wherever the price depends on volatility at all. */
export function impliedVolatility(
  terms: OptionTerms & { readonly price: number },
): Result<number, ImpliedVolatilityRefusal> {
  const { spot, strike, years, rate, optionType, price } = terms;
  if (years <= 0) return err({ code: "EXPIRED" });
  const discounted = strike * Math.exp(-rate * years);
  const intrinsic = Math.max(0, optionType === "CALL" ? spot - discounted : discounted - spot);
  // A premium that is not a number must not pass either bound.
  if (!(price > intrinsic)) return err({ code: "PRICE_BELOW_BOUND" });
  if (!(price < (optionType === "CALL" ? spot : discounted))) return err({ code: "PRICE_ABOVE_BOUND" });
  const root = Math.sqrt(years);
  const moneyness = -Math.abs(Math.log(spot / discounted));
  const low = VOLATILITY_MIN * root;
  const high = VOLATILITY_MAX * root;
  const deviation = solve(moneyness, (price - intrinsic) / Math.sqrt(spot * discounted), low, high);
  if (deviation < low * (1 + EDGE) || deviation > high * (1 - EDGE)) return err({ code: "VOLATILITY_OUT_OF_RANGE" });
  return ok(deviation / root);
}

/** Every step narrows the bracket; one that would leave it is replaced by halving, so that it always ends. */
function solve(x: number, price: number, low: number, high: number): number {
  let [below, above] = [low, high];
  let s = Math.min(high, Math.max(low, guess(x, price)));
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const h = x / s;
    const t = s / 2;
    const ratio = cumulativeOverDensity(h + t) - cumulativeOverDensity(h - t);
    const slope = normalDensity(Math.sqrt(h * h + t * t));
    const value = slope * ratio;
    if (value === price) return s;
    if (value > price) above = s;
    else below = s;
    // In terms of ln b: ν is Newton's step, and the curvature over the slope makes Halley's of it.
    const newton = -Math.log(value / price) * ratio;
    const curvature = (h * h) / s - t / 2 - 1 / ratio;
    const halley = newton / Math.min(2, Math.max(0.5, 1 + (newton * curvature) / 2));
    const next = s + halley;
    if (!(next > below && next < above)) {
      if (above - below <= EDGE * above) return s;
      s = (below + above) / 2;
      continue;
    }
    if (Math.abs(halley) <= LAST_STEP * s) return next;
    s = next;
  }
  return s;
}

function guess(x: number, price: number): number {
  const centre = price - x / 2;
  const spread = centre * centre - (x * x) / Math.PI;
  if (spread >= 0) return Math.sqrt(Math.PI / 2) * (centre + Math.sqrt(spread));
  return -x / Math.sqrt(-2 * Math.log(Math.min(0.4, price / -x)));
}
