// Which option to trade a view with: the cheapest sensible one (AI-10). Calls for a rise, puts for a fall; only contracts whose
// terms are known and whose quote is fresh. The same quotes in any order give the same choice.
import type { OptionContract, Underlying } from "../instrument/contract.ts";
import { contractOf } from "../instrument/contract-tables.ts";
import type { Paise } from "../kernel/money.ts";
import { type EpochMs, istInstant, type MarketDate } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import type { ContractChoice } from "../prediction/signal.ts";

export interface SelectionInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly direction: "BULLISH" | "BEARISH";
  readonly spotPaise: Paise;
  readonly quotes: readonly HeldQuote[];
  /** A quote older than this is left out. */
  readonly staleAfterMs: number;
}

export interface Selection {
  readonly choice: ContractChoice | null;
  /** Instrument ids of the next best, best first. */
  readonly alternatives: readonly string[];
  /** Why there is no choice; null when there is one. */
  readonly refusal: string | null;
}

interface Candidate {
  readonly quote: HeldQuote;
  readonly contract: OptionContract;
  readonly score: number;
}

const PREMIUM_MIN_PAISE = 10_00;
const PREMIUM_MAX_PAISE = 200_00;
const MONEYNESS_WANTED_PERCENT = 2;
const MONEYNESS_MAX_PERCENT = 3;
const AT_THE_MONEY_PERCENT = 0.5;
const VOLUME_MIN_UNITS = 1_000;
const VOLUME_SCORE_UNKNOWN = 50;
const ALTERNATIVES_MAX = 3;
/** On its last day a contract is not entered from here on; the next expiry is. */
const EXPIRY_DAY_ENTRIES_END = "15:00";
const EXPIRY_CLOSE = "15:30";

/** The contract with the lowest score among those that qualify, up to three alternatives, or why there is none. */
export function selectContract(input: SelectionInput): Selection {
  const expiry = nearestExpiry(input);
  if (expiry === null) return none("No contract is quoted that does not expire today.");
  const wanted = input.direction === "BULLISH" ? "CALL" : "PUT";
  const candidates: Candidate[] = [];
  let fresh = 0;
  for (const quote of input.quotes) {
    if (quote.expiry !== expiry || quote.optionType !== wanted || isStale(quote, input)) continue;
    fresh += 1;
    const score = scoreOf(quote, input.spotPaise);
    if (score === null) continue;
    const contract = contractOf({ underlying: input.underlying, ...termsOf(quote) }, input.date);
    if (contract.ok) candidates.push({ quote, contract: contract.value, score });
  }
  candidates.sort(byScore);
  const [best, ...others] = candidates;
  if (best === undefined) {
    return none(
      fresh === 0
        ? `No fresh quote of a ${wanted.toLowerCase()} expiring ${expiry}.`
        : `None of ${fresh} ${wanted.toLowerCase()}s expiring ${expiry} costs ₹10 to ₹200 within 3 % of the spot and trades enough.`,
    );
  }
  return {
    choice: choiceOf(best, input),
    alternatives: others.slice(0, ALTERNATIVES_MAX).map(({ contract }) => contract.instrumentId),
    refusal: null,
  };
}

/**
 * The score of a quote (AI-10), lower is better; null when it does not qualify. 0.4 × premium as a share of ₹200 in per cent,
 * 0.3 × moneyness in per cent (halved out of the money, nothing at it, doubled in it), 0.2 × the lack of volume out of 100,
 * 0.1 × per cent beyond the wanted 2 %. Volume is in units.
 */
export function scoreOf(quote: HeldQuote, spotPaise: Paise): number | null {
  const premiumPaise = quote.askPaise ?? quote.lastPaise;
  if (premiumPaise === null || premiumPaise < PREMIUM_MIN_PAISE || premiumPaise > PREMIUM_MAX_PAISE) return null;
  if (quote.volumeUnits !== null && quote.volumeUnits < VOLUME_MIN_UNITS) return null;
  const distance = (100 * Math.abs(quote.strikePaise - spotPaise)) / spotPaise;
  if (distance > MONEYNESS_MAX_PERCENT) return null;
  const isInside = quote.optionType === "CALL" ? quote.strikePaise < spotPaise : quote.strikePaise > spotPaise;
  const moneyness = distance <= AT_THE_MONEY_PERCENT ? 0 : distance * (isInside ? 2 : 0.5);
  const volume =
    quote.volumeUnits === null ? VOLUME_SCORE_UNKNOWN : Math.max(0, 100 - (quote.volumeUnits / 10_000) * 10);
  const beyond = Math.max(0, distance - MONEYNESS_WANTED_PERCENT);
  return 0.4 * ((premiumPaise / PREMIUM_MAX_PAISE) * 100) + 0.3 * moneyness + 0.2 * volume + 0.1 * beyond;
}

function nearestExpiry({ quotes, date, atMs }: SelectionInput): MarketDate | null {
  const mayExpireToday = atMs < istInstant(date, EXPIRY_DAY_ENTRIES_END);
  let nearest: MarketDate | null = null;
  for (const { expiry } of quotes) {
    if (expiry < date || (expiry === date && !mayExpireToday)) continue;
    if (nearest === null || expiry < nearest) nearest = expiry;
  }
  return nearest;
}

const isStale = (quote: HeldQuote, { atMs, staleAfterMs }: SelectionInput): boolean =>
  atMs - quote.quotedAtMs > staleAfterMs;

const termsOf = ({ expiry, strikePaise, optionType }: HeldQuote) => ({ expiry, strikePaise, optionType });

const byScore = (left: Candidate, right: Candidate): number =>
  left.score - right.score || (left.contract.instrumentId < right.contract.instrumentId ? -1 : 1);

const choiceOf = ({ quote, contract, score }: Candidate, input: SelectionInput): ContractChoice => ({
  contract,
  bidPaise: quote.bidPaise,
  askPaise: quote.askPaise,
  lastPaise: quote.lastPaise,
  quotedAtMs: quote.quotedAtMs,
  source: quote.source,
  deltaBps: deltaBpsOf(quote, input),
  score,
});

/** Delta × 10,000 at the volatility that the quote implies; the source's own volatility stands in where none can be implied. */
function deltaBpsOf(quote: HeldQuote, { spotPaise, atMs }: SelectionInput): number | null {
  const years = yearsToExpiry(atMs, quote.expiry, EXPIRY_CLOSE);
  const terms = {
    spot: spotPaise,
    strike: quote.strikePaise,
    years,
    rate: ASSUMED_RATE,
    optionType: quote.optionType,
  };
  const price = fairPriceOf(quote);
  const implied = price === null ? null : impliedVolatility({ ...terms, price });
  const volatility = implied?.ok ? implied.value : quote.ivBps === null ? null : quote.ivBps / 10_000;
  if (volatility === null || years <= 0) return null;
  return Math.round(priceOption({ ...terms, volatility }).delta * 10_000);
}

const fairPriceOf = ({ bidPaise, askPaise, lastPaise }: HeldQuote): number | null =>
  bidPaise !== null && askPaise !== null ? (bidPaise + askPaise) / 2 : (lastPaise ?? askPaise);

const none = (refusal: string): Selection => ({ choice: null, alternatives: [], refusal });
