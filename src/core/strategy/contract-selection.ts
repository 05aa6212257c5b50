// Which option to trade a view with: the cheapest sensible one (AI-10) that earns its own costs when the view comes true. Calls
// for a rise, puts for a fall; only contracts whose terms are known and whose quote is fresh. The same quotes in any order give
// the same choice.
import type { OptionContract, Underlying } from "../instrument/contract.ts";
import { contractOf } from "../instrument/contract-tables.ts";
import { formatRupees, type Paise } from "../kernel/money.ts";
import { type EpochMs, istInstant, type MarketDate } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import type { ContractChoice } from "../prediction/signal.ts";
import { coversItsCosts, type RoundTrip, roundTripOf } from "./round-trip.ts";

export interface SelectionInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly direction: "BULLISH" | "BEARISH";
  readonly spotPaise: Paise;
  readonly quotes: readonly HeldQuote[];
  /** A quote older than this is left out. */
  readonly staleAfterMs: number;
  /** How far the index must go for the view to have paid; null: not known, so costs are not looked at. */
  readonly targetMovePaise: Paise | null;
}

export interface Selection {
  readonly choice: ContractChoice | null;
  /** What one lot of the choice gains at the target and costs; null without a choice or a target. */
  readonly roundTrip: RoundTrip | null;
  /** Instrument ids of the next best that earn their costs too, best first. */
  readonly alternatives: readonly string[];
  /** Why there is no choice; null when there is one. */
  readonly refusal: string | null;
}

interface Candidate {
  readonly quote: HeldQuote;
  readonly contract: OptionContract;
  readonly score: number;
}

/** A candidate that has been looked at closely. */
interface Offer {
  readonly choice: ContractChoice;
  readonly roundTrip: RoundTrip | null;
}

const PREMIUM_MIN_PAISE = 10_00;
const PREMIUM_MAX_PAISE = 200_00;
const MONEYNESS_WANTED_PERCENT = 2;
const MONEYNESS_MAX_PERCENT = 3;
const AT_THE_MONEY_PERCENT = 0.5;
export const VOLUME_MIN_UNITS = 1_000;
const VOLUME_SCORE_UNKNOWN = 50;
const ALTERNATIVES_MAX = 3;
/** On its last day a contract is not entered from here on; the next expiry is. */
export const EXPIRY_DAY_ENTRIES_END = "15:00";
export const EXPIRY_CLOSE = "15:30";

/**
 * The contract with the lowest score among those that qualify and earn their costs at the target, up to three alternatives, or
 * why there is none.
 */
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
  if (candidates.length === 0) {
    return none(
      fresh === 0
        ? `No fresh quote of a ${wanted.toLowerCase()} expiring ${expiry}.`
        : `None of ${fresh} ${wanted.toLowerCase()}s expiring ${expiry} costs ₹10 to ₹200 within 3 % of the spot and trades enough.`,
    );
  }
  const offers: Offer[] = [];
  const covering: Offer[] = [];
  // Best first: once the choice and its alternatives are found, nobody asks what the others cost.
  for (const candidate of candidates.sort(byScore)) {
    const offer = offerOf(candidate, input);
    offers.push(offer);
    if (offer.roundTrip === null || coversItsCosts(offer.roundTrip)) covering.push(offer);
    if (covering.length > ALTERNATIVES_MAX) break;
  }
  const [best, ...others] = covering;
  if (best === undefined) return none(costRefusal(offers));
  return {
    choice: best.choice,
    roundTrip: best.roundTrip,
    alternatives: others.map(({ choice }) => choice.contract.instrumentId),
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

/** The nearest expiry that may still be entered. */
export function nearestExpiry({
  quotes,
  date,
  atMs,
}: Pick<SelectionInput, "quotes" | "date" | "atMs">): MarketDate | null {
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

function offerOf({ quote, contract, score }: Candidate, input: SelectionInput): Offer {
  const { bidPaise, askPaise, lastPaise, quotedAtMs, source } = quote;
  const deltaBps = deltaBpsOf(quote, input);
  const { date, targetMovePaise } = input;
  return {
    choice: { contract, bidPaise, askPaise, lastPaise, quotedAtMs, source, deltaBps, score },
    roundTrip: targetMovePaise === null ? null : roundTripOf({ date, contract, quote, deltaBps, targetMovePaise }),
  };
}

/** The figures of the best score stand for all. */
function costRefusal(offers: readonly Offer[]): string {
  const [best] = offers;
  if (!best?.roundTrip) return "No contract fits.";
  const { gainPaise, costPaise } = best.roundTrip;
  const who =
    offers.length === 1 ? "The one contract that fits does not earn" : `None of ${offers.length} that fit earns`;
  return (
    `${who} its round trip at the target: one lot of ${best.choice.contract.instrumentId} gains ` +
    `₹${formatRupees(gainPaise)} and costs ₹${formatRupees(costPaise)} in spread and charges.`
  );
}

/** Delta × 10,000 at the volatility that the quote implies; the source's own volatility stands in where none can be implied. */
export function deltaBpsOf(
  quote: HeldQuote,
  { spotPaise, atMs }: Pick<SelectionInput, "spotPaise" | "atMs">,
): number | null {
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

const none = (refusal: string): Selection => ({
  choice: null,
  roundTrip: null,
  alternatives: [],
  refusal,
});
