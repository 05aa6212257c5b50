// Black-Scholes value and greeks of a European option without dividends. Index options in India are European; the index is
// carried at the rate, so what it pays out on the way is left out. Floats throughout: a model's figure is never money.
import type { OptionType } from "../instrument/contract.ts";
import { type EpochMs, type IstTime, istInstant, type MarketDate, MS_PER_DAY } from "../kernel/time.ts";
import { normalCumulative, normalDensity } from "./normal-distribution.ts";

export interface OptionTerms {
  /** Same unit as `strike`; the value comes out in it too. */
  readonly spot: number;
  readonly strike: number;
  /** Calendar years of 365 days; see `yearsToExpiry`. */
  readonly years: number;
  /** Continuously compounded, e.g. 0.065. */
  readonly rate: number;
  readonly optionType: OptionType;
}

export interface OptionInput extends OptionTerms {
  /** Per year as a fraction, e.g. 0.12. */
  readonly volatility: number;
}

export interface OptionValue {
  readonly price: number;
  /** Change of the price per unit of spot. */
  readonly delta: number;
  /** Change of delta per unit of spot. */
  readonly gamma: number;
  /** Change of the price per year that passes. */
  readonly theta: number;
  /** Change of the price per 1.00 of volatility. */
  readonly vega: number;
}

/** The interest rate assumed wherever a premium is modelled or inverted: about that of Indian 91-day treasury bills. */
export const ASSUMED_RATE = 0.065;

const DAYS_PER_YEAR = 365;

/** Value and greeks. At expiry, or without volatility, the option is worth its discounted intrinsic value and has no vega. */
export function priceOption({ spot, strike, years, rate, volatility, optionType }: OptionInput): OptionValue {
  const isCall = optionType === "CALL";
  const time = Math.max(0, years);
  const discounted = strike * Math.exp(-rate * time);
  const deviation = volatility * Math.sqrt(time);
  if (!(deviation > 0)) {
    const isWorthSomething = isCall ? spot > discounted : spot < discounted;
    const sign = isCall ? 1 : -1;
    return {
      price: isWorthSomething ? sign * (spot - discounted) : 0,
      delta: isWorthSomething ? sign : 0,
      gamma: 0,
      theta: isWorthSomething && time > 0 ? -sign * rate * discounted : 0,
      vega: 0,
    };
  }
  const d1 = (Math.log(spot / strike) + rate * time) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const density = normalDensity(d1);
  const decay = (-spot * density * volatility) / (2 * Math.sqrt(time));
  const gamma = density / (spot * deviation);
  const vega = spot * density * Math.sqrt(time);
  if (isCall) {
    const [n1, n2] = [normalCumulative(d1), normalCumulative(d2)];
    return { price: spot * n1 - discounted * n2, delta: n1, gamma, theta: decay - rate * discounted * n2, vega };
  }
  const [n1, n2] = [normalCumulative(-d1), normalCumulative(-d2)];
  return { price: discounted * n2 - spot * n1, delta: -n1, gamma, theta: decay + rate * discounted * n2, vega };
}

/** The price alone: to the bit that of `priceOption`, without the greeks nobody asked for. */
export function optionPrice({ spot, strike, years, rate, volatility, optionType }: OptionInput): number {
  const isCall = optionType === "CALL";
  const time = Math.max(0, years);
  const discounted = strike * Math.exp(-rate * time);
  const deviation = volatility * Math.sqrt(time);
  if (!(deviation > 0)) return Math.max(0, isCall ? spot - discounted : discounted - spot);
  const d1 = (Math.log(spot / strike) + rate * time) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  return isCall
    ? spot * normalCumulative(d1) - discounted * normalCumulative(d2)
    : discounted * normalCumulative(-d2) - spot * normalCumulative(-d1);
}

/** Calendar time from an instant to the close of the expiry day, in years of 365 days; 0 once it is over. */
export function yearsToExpiry(atMs: EpochMs, expiryDate: MarketDate, closeTime: IstTime): number {
  // A chain is priced expiry by expiry: the instant asked for last is nearly always asked for again.
  if (latest.date !== expiryDate || latest.time !== closeTime) {
    latest = { date: expiryDate, time: closeTime, closeMs: istInstant(expiryDate, closeTime) };
  }
  return Math.max(0, latest.closeMs - atMs) / (DAYS_PER_YEAR * MS_PER_DAY);
}

let latest: { readonly date: string; readonly time: string; readonly closeMs: number } = {
  date: "",
  time: "",
  closeMs: 0,
};
