// What positions and orders in the options of one underlying require. Longs: their premium. Shorts: a scenario margin in the
// manner of SPAN, exposure margin, and the addition of expiry day. The whole is an approximation of the clearing
// corporation's figure (docs/margin.md has the measured errors).
//
// Guaranteed: never negative; longs alone require their premium and nothing else; a long never raises what shorts require, a
// short never lowers it; the order and the splitting of legs do not matter; n times the legs require at most n times as much.
import { assert } from "../kernel/assert.ts";
import { addPaise, mulDivFloor, negatePaise, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import { priceOption } from "../market/option-pricing.ts";
import {
  type MarginLeg,
  type MarginMarket,
  netLegs,
  SCENARIOS,
  type ValuedLeg,
  type VolatilitySource,
  valueLeg,
} from "./leg-values.ts";
import { type MarginParameters, marginParametersOn, RISK_CUSHION_BPS, SCENARIO_RATE } from "./margin-parameters.ts";
import { worstPayoffPaise } from "./worst-payoff.ts";

export interface MarginRequirement {
  /** Longs, in full. It leaves the account when they are bought. */
  readonly premiumPaise: Paise;
  /** The scenario margin, after `netOptionValuePaise` and `spreadBenefitPaise`. */
  readonly spanPaise: Paise;
  readonly exposurePaise: Paise;
  readonly expiryDayPaise: Paise;
  /** Longs minus shorts at their prices, negative for what is owed. Told for information: it is in `spanPaise`. */
  readonly netOptionValuePaise: Paise;
  /** What the legs save against every short alone. Told for information: it is out of `spanPaise`. */
  readonly spreadBenefitPaise: Paise;
  /** Premium, SPAN, exposure and expiry day: what must be blocked. */
  readonly totalPaise: Paise;
}

export const NO_MARGIN: MarginRequirement = {
  premiumPaise: ZERO_PAISE,
  spanPaise: ZERO_PAISE,
  exposurePaise: ZERO_PAISE,
  expiryDayPaise: ZERO_PAISE,
  netOptionValuePaise: ZERO_PAISE,
  spreadBenefitPaise: ZERO_PAISE,
  totalPaise: ZERO_PAISE,
};

const BPS = 10_000;
/** The part of a figure that is the dust of floats, not money: 1,00,000 rupees may come out as a hair more. */
const DUST = 1e-12;

/** From the model's figure to money: CEIL, against the account. */
const ceilPaise = (exact: number): Paise => paise(Math.ceil(exact * (1 - DUST)));

export function marginOf(legs: readonly MarginLeg[], market: MarginMarket): MarginRequirement {
  return explainMargin(legs, market).requirement;
}

/** How the volatility of a leg was found. */
export interface LegVolatility {
  readonly contract: MarginLeg["contract"];
  readonly netUnits: number;
  readonly volatility: number;
  readonly source: VolatilitySource;
}

/** The requirement and the volatilities it rests on, per netted contract. */
export function explainMargin(
  legs: readonly MarginLeg[],
  market: MarginMarket,
): { readonly requirement: MarginRequirement; readonly volatilities: readonly LegVolatility[] } {
  const netted = netLegs(legs);
  const first = netted[0];
  if (first === undefined) return { requirement: NO_MARGIN, volatilities: [] };
  assert(market.spotPaise > 0, "a margin needs the price of the underlying");
  assert(
    netted.every((leg) => leg.contract.underlying === first.contract.underlying),
    "margin is worked out for one underlying at a time",
  );
  let [premium, owned] = [0, 0];
  for (const leg of netted) {
    const value = leg.netUnits * leg.pricePaise;
    owned += value;
    if (value > 0) premium += value;
  }
  const premiumPaise = paise(premium);
  const netOptionValuePaise = paise(owned);
  if (netted.every((leg) => leg.netUnits > 0)) {
    return {
      requirement: { ...NO_MARGIN, premiumPaise, netOptionValuePaise, totalPaise: premiumPaise },
      volatilities: [],
    };
  }
  const parameters = marginParametersOn(market.date);
  const valued = netted.map((leg) => valueLeg(leg, market, parameters));
  const span = spanOf(valued, market, parameters);
  const alone = valued.reduce((sum, leg) => (leg.netUnits < 0 ? sum + scanOf([leg], parameters) : sum), 0);
  const spanPaise = ceilPaise(span);
  const { exposurePaise, expiryDayPaise } = exposureOf(netted, market, parameters);
  return {
    requirement: {
      premiumPaise,
      spanPaise,
      exposurePaise,
      expiryDayPaise,
      netOptionValuePaise,
      spreadBenefitPaise: paise(Math.max(0, ceilPaise(alone) - spanPaise)),
      totalPaise: addPaise(premiumPaise, spanPaise, exposurePaise, expiryDayPaise),
    },
    volatilities: valued.map(({ contract, netUnits, volatility, volatilitySource }) => ({
      contract,
      netUnits,
      volatility,
      source: volatilitySource,
    })),
  };
}

/** How much more a portfolio requires once further legs are in it. Negative when they make it safer than they cost. */
export const marginIncreasePaise = (
  portfolio: readonly MarginLeg[],
  extra: readonly MarginLeg[],
  market: MarginMarket,
): Paise =>
  subtractPaise(marginOf([...portfolio, ...extra], market).totalPaise, marginOf(portfolio, market).totalPaise);

/** What stays blocked while positions are held: everything but the premium, which has been paid. */
export const heldMarginPaise = (requirement: MarginRequirement): Paise =>
  subtractPaise(requirement.totalPaise, requirement.premiumPaise);

/** The account's own addition to what the model says, CEIL. Premium is known exactly and bears none. */
export const cushionPaise = (requirement: MarginRequirement): Paise =>
  paise(Math.ceil((heldMarginPaise(requirement) * RISK_CUSHION_BPS) / BPS));

/** SPAN over all expiries. Legs come by expiry. */
function spanOf(legs: readonly ValuedLeg[], market: MarginMarket, parameters: MarginParameters): number {
  let [span, apart] = [0, 0];
  const together: ValuedLeg[] = [];
  let expiries = 0;
  for (const group of byExpiry(legs)) {
    const own = Math.min(scanOf(group, parameters), worstPayoffPaise(group));
    if (group[0]?.contract.expiry === market.date && !parameters.calendarBenefitOnExpiryDay) span += own;
    else {
      apart += own;
      expiries += 1;
      together.push(...group);
    }
  }
  if (expiries < 2) return span + apart;
  return span + Math.min(apart, scanOf(together, parameters) + calendarCharge(together, market, parameters));
}

function byExpiry(legs: readonly ValuedLeg[]): readonly (readonly ValuedLeg[])[] {
  const groups: ValuedLeg[][] = [];
  for (const leg of legs) {
    const last = groups.at(-1);
    if (last?.[0]?.contract.expiry === leg.contract.expiry) last.push(leg);
    else groups.push([leg]);
  }
  return groups;
}

/**
 * The worst scenario's loss, floored at 0, minus the net option value: put otherwise, the most that closing everything could
 * cost. Of an extreme move only a part of the loss counts. Values themselves, not changes, are summed: as none is negative, a
 * long can only lower the result and a short only raise it.
 */
function scanOf(legs: readonly ValuedLeg[], parameters: MarginParameters): number {
  const covered = parameters.extremeCoverBps / BPS;
  let now = 0;
  for (const leg of legs) now += leg.netUnits * leg.pricePaise;
  let worst = Math.max(0, -now);
  for (let index = 0; index < SCENARIOS; index += 1) {
    let value = 0;
    for (const leg of legs) value += leg.netUnits * (leg.values[index] ?? 0);
    const cost = index < SCENARIOS - 2 ? -value : -((1 - covered) * now + covered * value);
    if (cost > worst) worst = cost;
  }
  return worst;
}

/**
 * What one expiry's cover for another is charged, on the delta of every short: at least what the clearing corporation charges
 * on the delta that is matched, and never raised by a long.
 */
function calendarCharge(legs: readonly ValuedLeg[], market: MarginMarket, parameters: MarginParameters): number {
  let delta = 0;
  for (const { contract, netUnits, volatility, years } of legs) {
    if (netUnits >= 0) continue;
    const { strikePaise: strike, optionType } = contract;
    const terms = { spot: market.spotPaise, strike, years, rate: SCENARIO_RATE, volatility, optionType };
    delta += Math.abs(priceOption(terms).delta * netUnits);
  }
  return (delta * market.spotPaise * parameters.calendarChargeBps) / BPS;
}

/** Exact, however large the product. */
const mulDivCeil = (value: Paise, numerator: number, denominator: number): Paise =>
  negatePaise(mulDivFloor(negatePaise(value), numerator, denominator));

/** On shorts only, whatever covers them. Whole numbers throughout; CEIL once each. */
function exposureOf(
  legs: readonly MarginLeg[],
  market: MarginMarket,
  parameters: MarginParameters,
): Pick<MarginRequirement, "exposurePaise" | "expiryDayPaise"> {
  const { spotPaise, date } = market;
  let [exposure, expiryDay] = [0, 0];
  for (const { contract, netUnits } of legs) {
    if (netUnits >= 0) continue;
    const outside =
      contract.optionType === "CALL" ? contract.strikePaise - spotPaise : spotPaise - contract.strikePaise;
    const isDeep = outside * BPS > spotPaise * parameters.deepBeyondBps;
    exposure -= netUnits * (isDeep ? parameters.exposureDeepBps : parameters.exposureBps);
    if (contract.expiry === date) expiryDay -= netUnits * parameters.expiryDayBps;
  }
  return {
    exposurePaise: mulDivCeil(spotPaise, exposure, BPS),
    expiryDayPaise: mulDivCeil(spotPaise, expiryDay, BPS),
  };
}
