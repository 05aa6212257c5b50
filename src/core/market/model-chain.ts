// Premiums where a recording has none: Black-Scholes from the spot and India VIX with a simple smile, and a modelled spread
// around them. Every quote says that it is modelled; it has no sizes, volume or open interest, because nobody traded it.
import type { OptionContract, OptionType, Underlying } from "../instrument/contract.ts";
import { contractOf, strikeStepPaiseOf } from "../instrument/contract-tables.ts";
import { nextExpiriesOf } from "../instrument/expiry-calendar.ts";
import { maxPaise, minPaise, type Paise, paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Smile } from "./fitted-smile.ts";
import type { ChainSnapshot, HeldQuote, Quote } from "./market-event.ts";
import { ASSUMED_RATE, optionPrice, yearsToExpiry } from "./option-pricing.ts";
import { modelledSpreadPaise } from "./spread-model.ts";

export interface ModelChainInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  /** Where the index has been today: what was quoted once stays quoted, so that nothing that is held loses its price. */
  readonly seen?: SpotRange;
}

export interface SpotRange {
  readonly lowestPaise: Paise;
  readonly highestPaise: Paise;
}

/** The range with one more spot. */
export const widened = (seen: SpotRange | null, spotPaise: Paise): SpotRange => ({
  lowestPaise: minPaise(seen?.lowestPaise ?? spotPaise, spotPaise),
  highestPaise: maxPaise(seen?.highestPaise ?? spotPaise, spotPaise),
});

/** Strikes are quoted this far beyond those that have been at the money today. */
const REACH_BPS = 300;
const EXPIRY_CLOSE = "15:30";
const CENTI_PER_UNIT = 10_000;
const OPTION_TYPES: readonly OptionType[] = ["CALL", "PUT"];

/**
 * A chain of the nearest expiry, and on the day of that expiry of the next one too. Null without India VIX, without a spot,
 * or where the calendar knows no expiry: premiums are not made out of nothing.
 */
export function modelChain({
  underlying,
  date,
  atMs,
  spotPaise,
  vixCenti,
  seen,
}: ModelChainInput): ChainSnapshot | null {
  if (vixCenti === null || vixCenti <= 0 || spotPaise <= 0) return null;
  const range = seen ?? { lowestPaise: spotPaise, highestPaise: spotPaise };
  const contracts = modelContracts(underlying, date, range);
  const quotes = contracts.map((contract) => modelQuote(contract, { atMs, spotPaise, vixCenti }));
  return quotes.length === 0 ? null : { kind: "CHAIN_SNAPSHOT", atMs, underlying, source: "MODELLED", quotes };
}

/** The contracts of such a chain: strike by strike, calls before puts, expiry by expiry. */
export function modelContracts(
  underlying: Underlying,
  date: MarketDate,
  seen: SpotRange,
  make: typeof contractOf = contractOf,
): OptionContract[] {
  const step = strikeStepPaiseOf(underlying);
  const { lowest, highest } = modelledStrikes(underlying, seen);
  const contracts: OptionContract[] = [];
  for (const expiry of modelExpiries(underlying, date)) {
    for (let strike = lowest; strike <= highest; strike += step) {
      for (const optionType of OPTION_TYPES) {
        const contract = make({ underlying, expiry, strikePaise: paise(strike), optionType }, date);
        if (contract.ok) contracts.push(contract.value);
      }
    }
  }
  return contracts;
}

/** The first and the last strike that is quoted. */
export function modelledStrikes(
  underlying: Underlying,
  { lowestPaise, highestPaise }: SpotRange,
): { readonly lowest: number; readonly highest: number } {
  const step = strikeStepPaiseOf(underlying);
  const reachOf = (atTheMoney: number): number => Math.floor((atTheMoney * REACH_BPS) / 10_000 / step) * step;
  const [low, high] = [lowestPaise, highestPaise].map((spot) => Math.round(spot / step) * step) as [number, number];
  return { lowest: low - reachOf(low), highest: high + reachOf(high) };
}

/** The nearest expiry, and on its day the next one too: nothing is entered there any more in the afternoon. */
function modelExpiries(underlying: Underlying, date: MarketDate): readonly MarketDate[] {
  const [nearest, next] = nextExpiriesOf(underlying, date, 2);
  if (nearest === undefined) return [];
  return nearest === date && next !== undefined ? [nearest, next] : [nearest];
}

/** One contract's quote, on its own: pricing only what is looked at gives the same as pricing everything. */
export function modelQuote(
  { instrumentId, underlying, expiry, strikePaise, optionType, tickSizePaise }: OptionContract,
  { atMs, spotPaise, vixCenti }: { readonly atMs: EpochMs; readonly spotPaise: Paise; readonly vixCenti: number },
  smile: Smile = smileVolatility,
): Quote {
  const years = yearsToExpiry(atMs, expiry, EXPIRY_CLOSE);
  const option = { underlying, strikePaise, optionType, tickSizePaise };
  const prices = modelledPrices(option, { years, spotPaise, vixCenti }, smile);
  return { instrumentId, expiry, strikePaise, optionType, ...prices, ...NOBODY_TRADED };
}

/** The same, as a chain holds it. Made in one piece: a backtest makes thousands of them a day. */
export function modelHeldQuote(
  contract: OptionContract,
  mark: { readonly atMs: EpochMs; readonly spotPaise: Paise; readonly vixCenti: number },
  smile: Smile = smileVolatility,
): HeldQuote {
  const { instrumentId, expiry, strikePaise, optionType } = contract;
  const years = yearsToExpiry(mark.atMs, expiry, EXPIRY_CLOSE);
  const { lastPaise, bidPaise, askPaise, ivBps } = modelledPrices(contract, { ...mark, years }, smile);
  return {
    instrumentId,
    expiry,
    strikePaise,
    optionType,
    lastPaise,
    bidPaise,
    askPaise,
    ivBps,
    bidUnits: null,
    askUnits: null,
    volumeUnits: null,
    openInterestUnits: null,
    quotedAtMs: mark.atMs,
    source: "MODELLED",
  };
}

const NOBODY_TRADED = { bidUnits: null, askUnits: null, volumeUnits: null, openInterestUnits: null } as const;

export type ModelledPrices = Pick<Quote, "lastPaise" | "bidPaise" | "askPaise" | "ivBps">;

/** What the model quotes for one option that has so many years left. */
export function modelledPrices(
  option: Pick<OptionContract, "underlying" | "strikePaise" | "optionType" | "tickSizePaise">,
  { years, spotPaise, vixCenti }: { readonly years: number; readonly spotPaise: Paise; readonly vixCenti: number },
  smile: Smile = smileVolatility,
): ModelledPrices {
  const { underlying, strikePaise: strike, optionType, tickSizePaise } = option;
  const volatility = smile(vixCenti / CENTI_PER_UNIT, spotPaise, strike, years);
  const price = optionPrice({ spot: spotPaise, strike, years, rate: ASSUMED_RATE, volatility, optionType });
  return pricesAround(price, tickSizePaise, underlying, Math.round(volatility * 10_000));
}

/**
 * The volatility of a strike: a parabola over its standardised distance from the forward, x = ln(K/F) / (VIX · √T), within
 * three deviations. The three figures were read off the NIFTY and BANKNIFTY books of 2025-08-29, expiries up to a month off:
 * at the money 0.75 to 0.96 of India VIX, two deviations below 1.06 to 1.10, two above 1.00.
 */
export function smileVolatility(vix: number, spot: number, strike: number, years: number): number {
  const deviation = vix * Math.sqrt(years);
  if (!(deviation > 0)) return vix * AT_THE_MONEY;
  const raw = (Math.log(strike / spot) - ASSUMED_RATE * years) / deviation;
  const x = Math.max(-DEVIATIONS_MAX, Math.min(DEVIATIONS_MAX, raw));
  return vix * (AT_THE_MONEY + SLOPE * x + CURVATURE * x * x);
}

const AT_THE_MONEY = 0.85;
const SLOPE = -0.03;
const CURVATURE = 0.055;
const DEVIATIONS_MAX = 3;

/** Last on the tick; bid and ask a modelled spread apart around it. An option worth less than a tick has no bid. */
function pricesAround(price: number, tickSizePaise: Paise, underlying: Underlying, ivBps: number): ModelledPrices {
  const last = Math.max(1, Math.round(price / tickSizePaise)) * tickSizePaise;
  const spread = modelledSpreadPaise(paise(last), underlying);
  const bid = Math.floor((last - spread / 2) / tickSizePaise) * tickSizePaise;
  const ask = Math.max(Math.ceil((last + spread / 2) / tickSizePaise) * tickSizePaise, bid + tickSizePaise);
  return { lastPaise: paise(last), bidPaise: bid > 0 ? paise(bid) : null, askPaise: paise(ask), ivBps };
}
