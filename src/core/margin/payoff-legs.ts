// The worth of a basket at any price of the underlying and any instant: Black-Scholes while a leg lives, its intrinsic value
// once it has expired. Every leg carries the volatility that its own price implies, so that today's curve runs through
// today's prices. Figures of a model, in paise.
import type { OptionContract } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import { ASSUMED_RATE, type OptionValue, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import { EXPIRY_CLOSE, type MarginLeg, type MarginMarket, type VolatilitySource } from "./leg-values.ts";
import { FALLBACK_VOLATILITY } from "./margin-parameters.ts";

export interface PayoffLeg extends MarginLeg {
  readonly contract: Pick<
    OptionContract,
    "underlying" | "exchange" | "expiry" | "strikePaise" | "optionType" | "freezeQuantity"
  >;
  /** What a unit was, or would be, bought or sold for. */
  readonly entryPricePaise: Paise;
}

export interface PricedLeg extends PayoffLeg {
  readonly volatility: number;
  readonly volatilitySource: VolatilitySource;
}

const VOLATILITY_MIN = 0.005;

export function pricedLeg(leg: PayoffLeg, market: MarginMarket): PricedLeg {
  const { strikePaise: strike, optionType, expiry } = leg.contract;
  const years = yearsToExpiry(market.atMs, expiry, EXPIRY_CLOSE);
  const terms = { spot: market.spotPaise, strike, years, rate: ASSUMED_RATE, optionType };
  const implied = impliedVolatility({ ...terms, price: leg.pricePaise });
  if (implied.ok) return { ...leg, volatility: implied.value, volatilitySource: "IMPLIED" };
  if (leg.ivBps !== null && leg.ivBps > 0) {
    return { ...leg, volatility: leg.ivBps / 10_000, volatilitySource: "GIVEN" };
  }
  const volatility = leg.netUnits < 0 ? FALLBACK_VOLATILITY.short : FALLBACK_VOLATILITY.long;
  return { ...leg, volatility, volatilitySource: "FALLBACK" };
}

/** One unit of the leg, with volatility moved by `shift` (0.01 is a point). */
export function legValueAt(leg: PricedLeg, spotPaise: number, atMs: EpochMs, shift = 0): OptionValue {
  const { strikePaise: strike, optionType, expiry } = leg.contract;
  return priceOption({
    // At a price of zero the logarithm of Black-Scholes has none.
    spot: Math.max(spotPaise, 1e-6),
    strike,
    years: yearsToExpiry(atMs, expiry, EXPIRY_CLOSE),
    rate: ASSUMED_RATE,
    volatility: Math.max(VOLATILITY_MIN, leg.volatility + shift),
    optionType,
  });
}

/** What a move of the market does to the whole basket. */
export interface NetGreeks {
  /** Units of the underlying the basket moves like. */
  readonly delta: number;
  /** Change of delta per rupee of the underlying. */
  readonly gamma: number;
  /** Paise a calendar day. */
  readonly thetaPaise: number;
  /** Paise per point (1 %) of volatility. */
  readonly vegaPaise: number;
}

const DAYS_PER_YEAR = 365;

export function netGreeks(legs: readonly PricedLeg[], market: MarginMarket): NetGreeks {
  let [delta, gamma, theta, vega] = [0, 0, 0, 0];
  for (const leg of legs) {
    const value = legValueAt(leg, market.spotPaise, market.atMs);
    delta += value.delta * leg.netUnits;
    gamma += value.gamma * 100 * leg.netUnits;
    theta += (value.theta / DAYS_PER_YEAR) * leg.netUnits;
    vega += (value.vega / 100) * leg.netUnits;
  }
  return { delta, gamma, thetaPaise: theta, vegaPaise: vega };
}
