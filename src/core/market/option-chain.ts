// The option chain of one expiry as traders read it: a row per strike with both options, and what the whole chain says: the
// forward by put-call parity, put-call ratios, max pain, the volatility at the money. What the source does not have is null,
// never 0. Volatilities and greeks are figures of a model.
import type { OptionType, Underlying } from "../instrument/contract.ts";
import { strikeStepPaiseOf } from "../instrument/contract-tables.ts";
import { type Paise, paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { HeldQuote } from "./market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "./option-pricing.ts";
import { type ChainAround, carriedSpot, quoteIvBps } from "./quote-volatility.ts";

export interface ChainOption {
  readonly quote: HeldQuote;
  /** As the source gave it, else what bid and ask imply. */
  readonly ivBps: number | null;
  /** Of one unit; null without a volatility. */
  readonly greeks: ChainGreeks | null;
}

export interface ChainGreeks {
  readonly delta: number;
  /** Change of delta per rupee. */
  readonly gamma: number;
  /** Paise a calendar day. */
  readonly thetaPaise: number;
  /** Paise per point of volatility. */
  readonly vegaPaise: number;
}

export interface ChainRow {
  readonly strikePaise: Paise;
  readonly call: ChainOption | null;
  readonly put: ChainOption | null;
}

export interface OptionChain {
  readonly expiry: MarketDate;
  /** By parity at the strike nearest the spot that has both sides of both options; else the spot with interest. */
  readonly forwardPaise: Paise | null;
  readonly atTheMoneyPaise: Paise | null;
  /** The mean of call and put at the money. */
  readonly atTheMoneyIvBps: number | null;
  /** Puts over calls; null where there are no calls or the source has no figures. */
  readonly openInterestRatio: number | null;
  readonly volumeRatio: number | null;
  /** The strike at which all open options together would be worth least at expiry. */
  readonly maxPainPaise: Paise | null;
  readonly callOpenInterestUnits: number | null;
  readonly putOpenInterestUnits: number | null;
  readonly rows: readonly ChainRow[];
}

export interface ChainMarket {
  readonly underlying: Underlying;
  readonly spotPaise: Paise | null;
  readonly atMs: EpochMs;
}

const EXPIRY_CLOSE = "15:30";
const BPS = 10_000;
const DAYS_PER_YEAR = 365;

/** The expiries that are quoted, earliest first. */
export const quotedExpiries = (quotes: readonly HeldQuote[]): readonly MarketDate[] =>
  [...new Set(quotes.map((quote) => quote.expiry))].sort();

export function optionChain(quotes: readonly HeldQuote[], expiry: MarketDate, market: ChainMarket): OptionChain {
  const own = quotes.filter((quote) => quote.expiry === expiry);
  const around = aroundOf(own, market);
  const years = yearsToExpiry(market.atMs, expiry, EXPIRY_CLOSE);
  const spot = carriedSpot(expiry, years, around);
  const byStrike = Map.groupBy(own, (quote) => quote.strikePaise);
  const strikes = [...byStrike.keys()].sort((one, other) => one - other);
  const rows = strikes.map((strikePaise): ChainRow => {
    const side = (optionType: OptionType): ChainOption | null => {
      const quote = byStrike.get(strikePaise)?.find((each) => each.optionType === optionType);
      return quote === undefined ? null : chainOption(quote, around, spot, years);
    };
    return { strikePaise, call: side("CALL"), put: side("PUT") };
  });
  const forwardPaise = spot === null ? null : paise(Math.round(spot * Math.exp(ASSUMED_RATE * years)));
  const atTheMoney = nearest(rows, forwardPaise);
  const totals = totalsOf(own);
  return {
    expiry,
    forwardPaise,
    atTheMoneyPaise: atTheMoney?.strikePaise ?? null,
    atTheMoneyIvBps: meanOf([atTheMoney?.call?.ivBps, atTheMoney?.put?.ivBps]),
    openInterestRatio: ratio(totals.putOpenInterest, totals.callOpenInterest),
    volumeRatio: ratio(totals.putVolume, totals.callVolume),
    maxPainPaise: maxPainOf(rows),
    callOpenInterestUnits: totals.callOpenInterest,
    putOpenInterestUnits: totals.putOpenInterest,
    rows,
  };
}

function aroundOf(quotes: readonly HeldQuote[], { underlying, spotPaise }: ChainMarket): ChainAround {
  const mids = new Map<string, number>();
  for (const { strikePaise, optionType, bidPaise, askPaise } of quotes) {
    if (bidPaise !== null && askPaise !== null) mids.set(`${strikePaise}${optionType}`, (bidPaise + askPaise) / 2);
  }
  return {
    spotPaise,
    strikeStepPaise: strikeStepPaiseOf(underlying),
    midOf: (_expiry, strikePaise, optionType) => mids.get(`${strikePaise}${optionType}`) ?? null,
  };
}

function chainOption(quote: HeldQuote, around: ChainAround, spot: number | null, years: number): ChainOption {
  const ivBps = quoteIvBps(quote, around);
  if (ivBps === null || spot === null) return { quote, ivBps, greeks: null };
  const { strikePaise: strike, optionType } = quote;
  const value = priceOption({ spot, strike, years, rate: ASSUMED_RATE, volatility: ivBps / BPS, optionType });
  return {
    quote,
    ivBps,
    greeks: {
      delta: value.delta,
      gamma: value.gamma * 100,
      thetaPaise: value.theta / DAYS_PER_YEAR,
      vegaPaise: value.vega / 100,
    },
  };
}

function nearest(rows: readonly ChainRow[], forwardPaise: Paise | null): ChainRow | null {
  if (forwardPaise === null) return null;
  let best: ChainRow | null = null;
  for (const row of rows) {
    if (best === null || Math.abs(row.strikePaise - forwardPaise) < Math.abs(best.strikePaise - forwardPaise))
      best = row;
  }
  return best;
}

function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : Math.round(known.reduce((sum, value) => sum + value, 0) / known.length);
}

const ratio = (of: number | null, over: number | null): number | null =>
  of === null || over === null || over === 0 ? null : of / over;

/** Null where no quote of the side has the figure. */
function totalsOf(quotes: readonly HeldQuote[]) {
  const total = (optionType: OptionType, figure: "openInterestUnits" | "volumeUnits"): number | null => {
    const known = quotes.filter((quote) => quote.optionType === optionType && quote[figure] !== null);
    return known.length === 0 ? null : known.reduce((sum, quote) => sum + (quote[figure] ?? 0), 0);
  };
  return {
    callOpenInterest: total("CALL", "openInterestUnits"),
    putOpenInterest: total("PUT", "openInterestUnits"),
    callVolume: total("CALL", "volumeUnits"),
    putVolume: total("PUT", "volumeUnits"),
  };
}

function maxPainOf(rows: readonly ChainRow[]): Paise | null {
  const open = (option: ChainOption | null): number => option?.quote.openInterestUnits ?? 0;
  if (rows.every((row) => open(row.call) + open(row.put) === 0)) return null;
  let least: { readonly strikePaise: Paise; readonly owed: number } | null = null;
  for (const { strikePaise } of rows) {
    let owed = 0;
    for (const row of rows) {
      owed += Math.max(0, strikePaise - row.strikePaise) * open(row.call);
      owed += Math.max(0, row.strikePaise - strikePaise) * open(row.put);
    }
    if (least === null || owed < least.owed) least = { strikePaise, owed };
  }
  return least?.strikePaise ?? null;
}
