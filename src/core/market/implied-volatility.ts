// The volatility at which Black-Scholes gives an observed premium. Prices that no volatility explains are refused by name.
import { err, ok, type Result } from "../kernel/result.ts";
import { normalDensity } from "./normal-distribution.ts";
import { type OptionTerms, priceOption } from "./option-pricing.ts";

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
const RELATIVE_TOLERANCE = 1e-13;

/**
 * Inverts `priceOption`. Newton's method inside a bracket that every step narrows; a step that would leave the bracket, or
 * narrows it too slowly, is replaced by halving, so that it always ends. Exact to 1e-8 wherever the price depends on
 * volatility at all.
 */
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
  // Put-call parity turns it into the option that is out of the money, whose price is all time value.
  const isCallOutside = spot < discounted;
  const timeValue = price - intrinsic;
  const at = (volatility: number): number =>
    priceOption({ spot, strike, years, rate, volatility, optionType: isCallOutside ? "CALL" : "PUT" }).price -
    timeValue;
  if (at(VOLATILITY_MIN) > 0 || at(VOLATILITY_MAX) < 0) return err({ code: "VOLATILITY_OUT_OF_RANGE" });
  return ok(solve(at, (volatility) => vegaOf(terms, discounted, volatility), firstGuess(spot, discounted, years)));
}

/** The volatility at which vega is largest: from there Newton's method converges without overshooting (Manaster, Koehler). */
const firstGuess = (spot: number, discounted: number, years: number): number =>
  Math.min(2, Math.max(0.05, Math.sqrt((2 * Math.abs(Math.log(spot / discounted))) / years)));

function vegaOf({ spot, years }: OptionTerms, discounted: number, volatility: number): number {
  const deviation = volatility * Math.sqrt(years);
  return spot * Math.sqrt(years) * normalDensity(Math.log(spot / discounted) / deviation + deviation / 2);
}

function solve(at: (volatility: number) => number, vegaAt: (volatility: number) => number, guess: number): number {
  let [low, high, volatility] = [VOLATILITY_MIN, VOLATILITY_MAX, guess];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const error = at(volatility);
    if (error === 0) return volatility;
    if (error > 0) high = volatility;
    else low = volatility;
    const newton = volatility - error / vegaAt(volatility);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - volatility) <= RELATIVE_TOLERANCE * volatility) return next;
    volatility = next;
  }
  return volatility;
}
