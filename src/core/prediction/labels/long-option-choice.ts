// The contract that a directional view would be traded with, out of a modelled chain. It is the one that `selectContract` takes
// out of `modelChain`, found without making the whole chain: what scores worse than the choice is never looked at closely. A
// test holds the two to each other.
import type { OptionContract, Underlying } from "../../instrument/contract.ts";
import { contractOf, strikeStepPaiseOf } from "../../instrument/contract-tables.ts";
import { nextExpiriesOf } from "../../instrument/expiry-calendar.ts";
import { type Paise, paise } from "../../kernel/money.ts";
import { type EpochMs, istInstant, type MarketDate } from "../../kernel/time.ts";
import type { HeldQuote } from "../../market/market-event.ts";
import { modelledPrices, modelledStrikes } from "../../market/model-chain.ts";
import { yearsToExpiry } from "../../market/option-pricing.ts";
import { deltaBpsOf, EXPIRY_CLOSE, EXPIRY_DAY_ENTRIES_END, scoreOf } from "../../strategy/contract-selection.ts";
import { coversItsCosts, roundTripOf } from "../../strategy/round-trip.ts";
import { chargesDate } from "./trade-costs.ts";

export interface ChoiceInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly direction: "BULLISH" | "BEARISH";
  readonly spotPaise: Paise;
  readonly vixCenti: number;
  readonly targetMovePaise: Paise;
}

/** The contract has the terms of its expiry and its own strike; it is never named to anybody, so it has no trading symbol. */
export interface LongOptionChoice {
  readonly contract: OptionContract;
  readonly deltaBps: number | null;
}

/** Null where no contract fits, or none that fits earns its round trip at the target. */
export function chooseLongOption(input: ChoiceInput): LongOptionChoice | null {
  const { underlying, date, atMs, spotPaise, targetMovePaise } = input;
  const expiry = entryExpiry(underlying, date, atMs);
  if (expiry === null) return null;
  const scored = scoredQuotes(input, expiry);
  while (scored.length > 0) {
    const { contract, quote } = takeBest(scored);
    const deltaBps = deltaBpsOf(quote, { spotPaise, atMs });
    const roundTrip = roundTripOf({ date: chargesDate(date), contract, quote, deltaBps, targetMovePaise });
    if (coversItsCosts(roundTrip)) return { contract, deltaBps };
  }
  return null;
}

/** The nearest expiry that may still be entered. */
export function entryExpiry(underlying: Underlying, date: MarketDate, atMs: EpochMs): MarketDate | null {
  const [nearest, next] = expiriesOf(underlying, date);
  if (nearest === date && atMs >= istInstant(date, EXPIRY_DAY_ENTRIES_END)) return next ?? null;
  return nearest ?? null;
}

interface Scored {
  readonly quote: HeldQuote;
  readonly contract: OptionContract;
  readonly score: number;
}

function scoredQuotes(input: ChoiceInput, expiry: MarketDate): Scored[] {
  const { underlying, date, atMs, direction, spotPaise, vixCenti } = input;
  const optionType = direction === "BULLISH" ? "CALL" : "PUT";
  const years = yearsToExpiry(atMs, expiry, EXPIRY_CLOSE);
  const step = strikeStepPaiseOf(underlying);
  const { lowest, highest } = modelledStrikes(underlying, { lowestPaise: spotPaise, highestPaise: spotPaise });
  const scored: Scored[] = [];
  let terms: OptionContract | null = null;
  for (let strike = lowest; strike <= highest; strike += step) {
    const strikePaise = paise(strike);
    if (terms === null) {
      const contract = contractOf({ underlying, expiry, strikePaise, optionType }, date);
      if (!contract.ok) continue;
      terms = contract.value;
    }
    // Only strike and name differ from contract to contract of an expiry.
    const prices = modelledPrices({ ...terms, strikePaise }, { years, spotPaise, vixCenti });
    const quote: HeldQuote = { ...BLANK, ...prices, expiry, strikePaise, optionType, quotedAtMs: atMs };
    const score = scoreOf(quote, spotPaise);
    if (score !== null) scored.push({ quote, contract: { ...terms, strikePaise }, score });
  }
  return scored;
}

/** Removes the entry with the lowest score and gives it. */
function takeBest(scored: Scored[]): Scored {
  let best = 0;
  for (let at = 1; at < scored.length; at += 1) {
    if ((scored[at] as Scored).score < (scored[best] as Scored).score) best = at;
  }
  return scored.splice(best, 1)[0] as Scored;
}

/** Of the last days asked for: a day is asked for many times in a row. */
const known = new Map<string, readonly MarketDate[]>();

function expiriesOf(underlying: Underlying, date: MarketDate): readonly MarketDate[] {
  const key = `${underlying}/${date}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const expiries = nextExpiriesOf(underlying, date, 2);
  if (known.size >= 100) known.clear();
  known.set(key, expiries);
  return expiries;
}

const BLANK = {
  instrumentId: "" as HeldQuote["instrumentId"],
  bidUnits: null,
  askUnits: null,
  volumeUnits: null,
  openInterestUnits: null,
  source: "MODELLED",
} as const;
