// What a basket earns or loses at every price of the underlying: at its first expiry and at a chosen moment, charges counted.
// With one expiry the result at expiry is exact: it is straight between strikes, so breakevens and extremes are found, not
// searched. With several, later legs are valued by the model at the first expiry, and both are searched on a fine grid.
// Rounded against the trader (FLOOR).
import { chargeRatesOn } from "../charges/charge-rates.ts";
import { contractNote } from "../charges/contract-note.ts";
import type { OptionType } from "../instrument/contract.ts";
import { assert, required } from "../kernel/assert.ts";
import { type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { type EpochMs, epochMs, istInstant, type MarketDate } from "../kernel/time.ts";
import { normalCumulative } from "../market/normal-distribution.ts";
import { ASSUMED_RATE, yearsToExpiry } from "../market/option-pricing.ts";
import { EXPIRY_CLOSE, type MarginMarket } from "./leg-values.ts";
import { legValueAt, type NetGreeks, netGreeks, type PayoffLeg, type PricedLeg, pricedLeg } from "./payoff-legs.ts";

export interface WhatIf {
  /** The moment the second curve is drawn for; absent: now. */
  readonly atMs?: EpochMs;
  /** Volatility of every leg moved by this (100 = one point). */
  readonly volatilityShiftBps?: number;
}

export interface PayoffRange {
  readonly lowPaise: Paise;
  readonly highPaise: Paise;
  /** How many prices, evenly spread; the strikes within come on top. */
  readonly points: number;
}

export interface PayoffPoint {
  readonly spotPaise: Paise;
  /** Held until the first expiry. */
  readonly atExpiryPaise: Paise;
  /** Closed at the chosen moment. */
  readonly closedPaise: Paise;
}

export interface Payoff {
  readonly firstExpiry: MarketDate;
  /** EXACT: one expiry. MODELLED: later legs are valued by Black-Scholes at the first expiry. */
  readonly basis: "EXACT" | "MODELLED";
  /** Paid for longs minus received for shorts; negative: received. */
  readonly netPremiumPaise: Paise;
  /** Of entering, and of entering and closing at today's prices. */
  readonly entryChargesPaise: Paise;
  readonly roundTripChargesPaise: Paise;
  /**
   * At expiry; null: unbounded. A loss is negative. Where legs cover each other it is the strikes that count: that the tax on
   * exercised longs goes on growing beyond them is left out.
   */
  readonly maxProfitPaise: Paise | null;
  readonly maxLossPaise: Paise | null;
  /** Where the result at expiry changes its sign, ascending. */
  readonly breakevensPaise: readonly Paise[];
  /** A model's figure: that the result at expiry is above zero, if the underlying follows the volatility nearest the money. */
  readonly profitProbabilityBps: number;
  readonly greeks: NetGreeks;
  readonly points: readonly PayoffPoint[];
  readonly legs: readonly PricedLeg[];
}

const BPS = 10_000;
const SEARCH_POINTS = 800;
const BISECTIONS = 60;

export function payoffOf(
  basket: readonly PayoffLeg[],
  market: MarginMarket,
  options: { readonly range?: PayoffRange; readonly whatIf?: WhatIf } = {},
): Payoff {
  const first = required(basket[0], "a leg");
  assert(
    basket.every(({ contract }) => contract.underlying === first.contract.underlying),
    "a payoff is drawn for one underlying at a time",
  );
  const legs = basket.map((leg) => pricedLeg(leg, market));
  const expiries = legs.map((leg) => leg.contract.expiry).sort();
  const firstExpiry = required(expiries[0], "an expiry");
  const basis = expiries.at(-1) === firstExpiry ? "EXACT" : "MODELLED";
  const entryChargesPaise = chargesOf(legs, market.date, null);
  const atExpiry = expiryResult(legs, market, firstExpiry, entryChargesPaise);
  const corners = cornersOf(legs, market, basis);
  const breakevens = breakevensOf(atExpiry, corners, unitsOf(legs, "CALL"));
  const { maxProfit, maxLoss } = extremesOf(atExpiry, legs, corners);
  const prices = legs.map((leg) => leg.pricePaise);
  return {
    firstExpiry,
    basis,
    netPremiumPaise: paise(legs.reduce((sum, leg) => sum + leg.netUnits * leg.entryPricePaise, 0)),
    entryChargesPaise,
    roundTripChargesPaise: chargesOf(legs, market.date, prices),
    maxProfitPaise: maxProfit === null ? null : floorPaise(maxProfit),
    maxLossPaise: maxLoss === null ? null : floorPaise(maxLoss),
    breakevensPaise: breakevens.map((price) => paise(Math.round(price))),
    profitProbabilityBps: profitProbabilityBps(legs, market, {
      expiry: firstExpiry,
      result: atExpiry,
      breakevens,
      corners,
    }),
    greeks: netGreeks(legs, market),
    points: gridOf(legs, market, options.range).map((spot) => ({
      spotPaise: paise(spot),
      atExpiryPaise: floorPaise(atExpiry(spot)),
      closedPaise: closedPaise(legs, market, spot, options.whatIf ?? {}),
    })),
    legs,
  };
}

/** Dust of floats must not cost a paisa a unit. */
const DUST_PAISE = 1e-4;
const floorPaise = (exact: number): Paise => paise(Math.floor(exact + DUST_PAISE));

const unitsOf = (legs: readonly PricedLeg[], optionType: OptionType): number =>
  legs.reduce((sum, leg) => (leg.contract.optionType === optionType ? sum + leg.netUnits : sum), 0);

/** Charges on entering, and on closing at `exits` when given; an order above the freeze quantity is several. */
function chargesOf(legs: readonly PricedLeg[], date: MarketDate, exits: readonly number[] | null): Paise {
  let [bought, sold, orders] = [0, 0, 0];
  for (const [index, leg] of legs.entries()) {
    const units = Math.abs(leg.netUnits);
    const exit = exits === null ? 0 : units * (exits[index] ?? 0);
    const entry = units * leg.entryPricePaise;
    bought += leg.netUnits > 0 ? entry : exit;
    sold += leg.netUnits > 0 ? exit : entry;
    orders += Math.ceil(units / leg.contract.freezeQuantity) * (exits === null ? 1 : 2);
  }
  if (bought === 0 && sold === 0) return ZERO_PAISE;
  const exchange = required(legs[0], "a leg").contract.exchange;
  return contractNote({
    date,
    exchange,
    buyValuePaise: paise(bought),
    sellValuePaise: paise(sold),
    executedOrders: orders,
  }).totalPaise;
}

/** The result at the first expiry: worth then, minus what was paid, minus charges and the tax on exercised longs. */
function expiryResult(
  legs: readonly PricedLeg[],
  market: MarginMarket,
  expiry: MarketDate,
  chargesPaise: Paise,
): (spot: number) => number {
  const first = required(legs[0], "a leg");
  const keptOnExercise = 1 - chargeRatesOn(market.date, first.contract.exchange).sttOnExercise.toNumber();
  const atMs = epochMs(Math.max(market.atMs, istInstant(expiry, EXPIRY_CLOSE)));
  const paid = legs.reduce((sum, leg) => sum + leg.netUnits * leg.entryPricePaise, 0) + chargesPaise;
  return (spot) => {
    let worth = 0;
    for (const leg of legs) {
      const { contract, netUnits } = leg;
      if (contract.expiry > expiry) worth += netUnits * legValueAt(leg, spot, atMs).price;
      else {
        const inside = contract.optionType === "CALL" ? spot - contract.strikePaise : contract.strikePaise - spot;
        if (inside > 0) worth += inside * netUnits * (netUnits > 0 ? keptOnExercise : 1);
      }
    }
    return worth - paid;
  };
}

/** Prices between which the result at expiry is straight, or near enough to it for a search. Ascending, from zero. */
function cornersOf(legs: readonly PricedLeg[], market: MarginMarket, basis: Payoff["basis"]): readonly number[] {
  const corners = new Set([0, ...legs.map((leg) => leg.contract.strikePaise as number)]);
  if (basis === "MODELLED") {
    for (let step = 0; step <= SEARCH_POINTS; step += 1) corners.add((market.spotPaise * 2 * step) / SEARCH_POINTS);
  }
  return [...corners].sort((one, other) => one - other);
}

function breakevensOf(result: (spot: number) => number, corners: readonly number[], callUnits: number): number[] {
  const found: number[] = [];
  const note = (low: number, high: number): void => {
    if (result(low) < 0 !== result(high) < 0) found.push(crossing(result, low, high));
  };
  for (const [index, corner] of corners.entries()) {
    const next = corners[index + 1];
    if (next !== undefined) note(corner, next);
  }
  // Beyond the last corner only the calls move; a zero that is ever reached lies within this many multiples of it.
  const last = corners.at(-1) ?? 0;
  if (callUnits !== 0) {
    const slope = result(last * 2 + 1) - result(last + 1);
    const distance = slope === 0 ? 0 : (-result(last) / slope) * last;
    if (distance > 0 && Number.isFinite(distance)) note(last, last + distance * 2);
  }
  return found;
}

function crossing(result: (spot: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const isLowNegative = result(low) < 0;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (result(middle) < 0 === isLowNegative) low = middle;
    else high = middle;
  }
  return high;
}

/** Below the lowest strike and above the highest the result stands still where puts, or calls, cover each other. */
function extremesOf(
  result: (spot: number) => number,
  legs: readonly PricedLeg[],
  corners: readonly number[],
): { readonly maxProfit: number | null; readonly maxLoss: number | null } {
  const callUnits = unitsOf(legs, "CALL");
  const reached = unitsOf(legs, "PUT") === 0 ? corners.filter((corner) => corner > 0) : corners;
  const results = reached.map(result);
  return {
    maxProfit: callUnits > 0 ? null : Math.max(...results),
    maxLoss: callUnits < 0 ? null : Math.min(...results),
  };
}

interface ExpiryShape {
  readonly expiry: MarketDate;
  readonly result: (spot: number) => number;
  readonly breakevens: readonly number[];
  readonly corners: readonly number[];
}

/** The volatility of the leg nearest the money stands for the underlying's. */
function profitProbabilityBps(
  legs: readonly PricedLeg[],
  market: MarginMarket,
  { expiry, result, breakevens, corners }: ExpiryShape,
): number {
  const distance = (leg: PricedLeg): number => Math.abs(leg.contract.strikePaise - market.spotPaise);
  const nearest = legs.reduce((best, leg) => (distance(leg) < distance(best) ? leg : best));
  const years = yearsToExpiry(market.atMs, expiry, EXPIRY_CLOSE);
  const deviation = nearest.volatility * Math.sqrt(years);
  if (!(deviation > 0)) return result(market.spotPaise) > 0 ? BPS : 0;
  const below = (price: number): number =>
    normalCumulative((Math.log(price / market.spotPaise) - ASSUMED_RATE * years) / deviation + deviation / 2);
  let probability = 0;
  const edges = [0, ...breakevens];
  for (const [index, low] of edges.entries()) {
    const high = edges[index + 1];
    const middle = high === undefined ? Math.max(low, corners.at(-1) ?? 0) + 1 : (low + high) / 2;
    if (result(middle) > 0) probability += (high === undefined ? 1 : below(high)) - (low === 0 ? 0 : below(low));
  }
  return Math.round(Math.min(1, Math.max(0, probability)) * BPS);
}

/** Closed at a price and moment: model values, and the charges of entering and closing. */
function closedPaise(legs: readonly PricedLeg[], market: MarginMarket, spot: number, whatIf: WhatIf): Paise {
  const atMs = whatIf.atMs ?? market.atMs;
  const shift = (whatIf.volatilityShiftBps ?? 0) / BPS;
  const exits = legs.map((leg) => {
    const value = legValueAt(leg, spot, atMs, shift).price;
    return leg.netUnits > 0 ? Math.floor(value + DUST_PAISE) : Math.ceil(value - DUST_PAISE);
  });
  let gained = 0;
  for (const [index, leg] of legs.entries()) gained += leg.netUnits * ((exits[index] ?? 0) - leg.entryPricePaise);
  return paise(gained - chargesOf(legs, market.date, exits));
}

const DEFAULT_POINTS = 61;
const MARGIN_AROUND = 0.03;
const REACH_MIN = 0.06;

/** Around the spot and a little beyond every strike, unless a range is asked for. */
function gridOf(legs: readonly PricedLeg[], market: MarginMarket, range: PayoffRange | undefined): readonly number[] {
  const strikes = legs.map((leg) => leg.contract.strikePaise as number);
  const reach =
    Math.max(REACH_MIN, ...strikes.map((strike) => Math.abs(strike / market.spotPaise - 1))) + MARGIN_AROUND;
  const low = range?.lowPaise ?? Math.max(0, Math.round(market.spotPaise * (1 - reach)));
  const high = range?.highPaise ?? Math.round(market.spotPaise * (1 + reach));
  const points = range?.points ?? DEFAULT_POINTS;
  const grid = new Set(strikes.filter((strike) => strike >= low && strike <= high));
  for (let step = 0; step < points; step += 1) grid.add(Math.round(low + ((high - low) * step) / (points - 1)));
  return [...grid].sort((one, other) => one - other);
}
