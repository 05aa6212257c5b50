// The volatility a quoted contract trades at: what the source says, else what its own bid and ask imply. The forward it is
// implied against comes out of the same chain by put-call parity, so that neither a dividend nor an index print that is newer
// or older than the premium bends it.
import type { OptionType } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import { impliedVolatility } from "./implied-volatility.ts";
import { ASSUMED_RATE, yearsToExpiry } from "./option-pricing.ts";

export interface QuotedOption {
  readonly expiry: MarketDate;
  readonly strikePaise: Paise;
  readonly optionType: OptionType;
  readonly quotedAtMs: EpochMs;
  /** As the source gave it. */
  readonly ivBps: number | null;
}

/** What the rest of the chain is asked for. */
export interface ChainAround {
  readonly spotPaise: Paise | null;
  readonly strikeStepPaise: Paise;
  /** Half of bid and ask together, in paise; null unless the contract has both. */
  midOf(expiry: MarketDate, strikePaise: Paise, optionType: OptionType): number | null;
}

const EXPIRY_CLOSE = "15:30";
const BPS = 10_000;
/** Strikes this many steps from the spot may stand in for the one at the money. */
const PARITY_STEPS = 4;

/** A fraction × 10,000; null where no volatility explains the quotes. */
export function quoteIvBps(option: QuotedOption, chain: ChainAround): number | null {
  if (option.ivBps !== null && option.ivBps > 0) return option.ivBps;
  const { expiry, strikePaise, optionType, quotedAtMs } = option;
  const years = yearsToExpiry(quotedAtMs, expiry, EXPIRY_CLOSE);
  const spot = years > 0 ? carriedSpot(expiry, years, chain) : null;
  if (spot === null) return null;
  // Deep in the money the spread swallows the time value; the other option of the strike has the same volatility.
  for (const type of [optionType, optionType === "CALL" ? "PUT" : "CALL"] as const) {
    const price = chain.midOf(expiry, strikePaise, type);
    if (price === null) continue;
    const implied = impliedVolatility({
      spot,
      strike: strikePaise,
      years,
      rate: ASSUMED_RATE,
      optionType: type,
      price,
    });
    if (implied.ok) return Math.round(implied.value * BPS);
  }
  return null;
}

/** The forward carried back to now: strike × discount + call − put at the strike nearest to the spot, else the spot itself. */
export function carriedSpot(expiry: MarketDate, years: number, chain: ChainAround): number | null {
  const { spotPaise, strikeStepPaise } = chain;
  if (spotPaise === null) return null;
  const atTheMoney = Math.round(spotPaise / strikeStepPaise) * strikeStepPaise;
  for (let steps = 0; steps <= PARITY_STEPS; steps += 1) {
    for (const strike of steps === 0
      ? [atTheMoney]
      : [atTheMoney - steps * strikeStepPaise, atTheMoney + steps * strikeStepPaise]) {
      const call = chain.midOf(expiry, strike as Paise, "CALL");
      const put = chain.midOf(expiry, strike as Paise, "PUT");
      if (call !== null && put !== null) return strike * Math.exp(-ASSUMED_RATE * years) + call - put;
    }
  }
  return spotPaise;
}
