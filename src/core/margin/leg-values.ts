// What one unit of each leg is worth now, in every scenario, and at expiry. Legs are netted by contract and put in one order
// first, so that nothing depends on how a caller splits or sorts them. Floats: figures of a model, in paise.
import type { OptionContract } from "../instrument/contract.ts";
import { assert } from "../kernel/assert.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import { type OptionTerms, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import { FALLBACK_VOLATILITY, type MarginParameters, SCENARIO_RATE } from "./margin-parameters.ts";

export interface MarginLeg {
  readonly contract: Pick<OptionContract, "underlying" | "expiry" | "strikePaise" | "optionType">;
  /** Positive for long, negative for short. */
  readonly netUnits: number;
  /** The premium of one unit now: what a long costs, or what buying a short back would cost. */
  readonly pricePaise: Paise;
  /** Null: implied from the price. */
  readonly ivBps: number | null;
}

/** Of one underlying. */
export interface MarginMarket {
  readonly spotPaise: Paise;
  readonly atMs: EpochMs;
  readonly date: MarketDate;
}

export type VolatilitySource = "GIVEN" | "IMPLIED" | "FALLBACK";

/** Sixteen scenarios: seven price moves with volatility up and down, then the two extremes. */
export const SCENARIOS = 16;
const MOVES = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1] as const;
const VOLATILITY_MIN = 0.005;
/** Contracts trade until here; a few minutes more or less do not matter to a model. */
export const EXPIRY_CLOSE = "15:30";

export interface ValuedLeg extends MarginLeg {
  readonly volatility: number;
  readonly volatilitySource: VolatilitySource;
  readonly years: number;
  /** Of one unit: the fourteen scanned values, then up and down at the extreme. */
  readonly values: Float64Array;
}

/** One leg per contract, without those that cancel out, by expiry, strike and type. */
export function netLegs(legs: readonly MarginLeg[]): readonly MarginLeg[] {
  const sorted = [...legs].sort(byContract);
  const netted: MarginLeg[] = [];
  for (const leg of sorted) {
    assert(Number.isSafeInteger(leg.netUnits) && leg.pricePaise >= 0, "a leg has whole units and a price");
    const last = netted.at(-1);
    if (last === undefined || byContract(last, leg) !== 0) netted.push(leg);
    else netted[netted.length - 1] = merged(last, leg);
  }
  return netted.filter((leg) => leg.netUnits !== 0);
}

const byContract = (one: MarginLeg, other: MarginLeg): number =>
  compare(one.contract.expiry, other.contract.expiry) ||
  one.contract.strikePaise - other.contract.strikePaise ||
  compare(one.contract.optionType, other.contract.optionType);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Of two prices of one contract the higher stands: dearer to buy, dearer to buy back. */
function merged(one: MarginLeg, other: MarginLeg): MarginLeg {
  const byPrice = one.pricePaise - other.pricePaise || (one.ivBps ?? -1) - (other.ivBps ?? -1);
  const dearer = byPrice > 0 ? one : other;
  return { ...dearer, netUnits: one.netUnits + other.netUnits };
}

/** The leg's scenario values by Black-Scholes at its own volatility. */
export function valueLeg(leg: MarginLeg, market: MarginMarket, parameters: MarginParameters): ValuedLeg {
  const { expiry, strikePaise: strike, optionType } = leg.contract;
  const spot = market.spotPaise;
  const years = yearsToExpiry(market.atMs, expiry, EXPIRY_CLOSE);
  const terms = { spot, strike, years, rate: SCENARIO_RATE, optionType };
  const { volatility, volatilitySource } = volatilityOf(leg, terms);
  const scan = parameters.volatilityScanBps / 10_000;
  const [high, low] = [volatility + scan, Math.max(VOLATILITY_MIN, volatility - scan)];
  const range = (spot * parameters.priceScanBps) / 10_000;
  const values = new Float64Array(SCENARIOS);
  const at = (move: number, sigma: number): number =>
    priceOption({ ...terms, spot: spot + move * range, volatility: sigma }).price;
  let index = 0;
  for (const move of MOVES) {
    values[index++] = at(move, high);
    values[index++] = at(move, low);
  }
  values[index++] = at(parameters.extremeMultiple, volatility);
  values[index] = at(-parameters.extremeMultiple, volatility);
  return { ...leg, volatility, volatilitySource, years, values };
}

function volatilityOf(leg: MarginLeg, terms: OptionTerms): Pick<ValuedLeg, "volatility" | "volatilitySource"> {
  if (leg.ivBps !== null && leg.ivBps > 0) return { volatility: leg.ivBps / 10_000, volatilitySource: "GIVEN" };
  const implied = impliedVolatility({ ...terms, price: leg.pricePaise });
  if (implied.ok) return { volatility: implied.value, volatilitySource: "IMPLIED" };
  return {
    volatility: leg.netUnits < 0 ? FALLBACK_VOLATILITY.short : FALLBACK_VOLATILITY.long,
    volatilitySource: "FALLBACK",
  };
}
