// Makes an option contract's terms from the dated tables: lot by expiry and trade date, freeze quantity by trade date, tick
// and trading symbol. Terms that the tables do not settle are refused, never guessed.
import { assert } from "../kernel/assert.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { MarketDate } from "../kernel/time.ts";
import {
  EXCHANGE_OF,
  type Exchange,
  type InstrumentId,
  type OptionContract,
  type OptionType,
  UNDERLYINGS,
  type Underlying,
} from "./contract.ts";
import { type ExpiryKind, expiryKindOf } from "./expiry-calendar.ts";
import { type LotRule, MARKET_RULES, rowInForce } from "./market-rules.ts";

export interface ContractSpec {
  readonly underlying: Underlying;
  readonly expiry: MarketDate;
  readonly strikePaise: Paise;
  readonly optionType: OptionType;
}

export interface ContractRefusal {
  readonly code: "UNKNOWN_CONTRACT_TERMS";
  readonly reason: string;
}

const PAISE_PER_RUPEE = 100;
const TICK_SIZE_PAISE = paise(Math.round(Number(MARKET_RULES.tickSize) * PAISE_PER_RUPEE));
/** What the exchanges call the underlyings in their option symbols. */
export const OPTION_SYMBOL_OF: Readonly<Record<Underlying, string>> = {
  NIFTY50: "NIFTY",
  BANKNIFTY: "BANKNIFTY",
  SENSEX: "SENSEX",
};
/** By the symbol's name, which a date follows; null for what is not an option of ours. */
export const underlyingOfContract = (instrumentId: string): Underlying | null =>
  UNDERLYINGS.find((each) => new RegExp(`^${OPTION_SYMBOL_OF[each]}\\d`).test(instrumentId)) ?? null;
const SEGMENT: Readonly<Record<Exchange, string>> = { NSE: "NFO", BSE: "BFO" };
const MONTH_CODES = "123456789OND";
const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** The contract as it is traded on `tradeDate`. Refused when expired, not on an expiry day, off the strike grid, or unlisted. */
export function contractOf(spec: ContractSpec, tradeDate: MarketDate): Result<OptionContract, ContractRefusal> {
  const { underlying, expiry, strikePaise, optionType } = spec;
  if (expiry < tradeDate) return refuse(`${underlying} ${expiry} has expired on ${tradeDate}`);
  const kind = expiryKindOf(underlying, expiry);
  if (kind === null) return refuse(`${expiry} is no expiry day of ${underlying}`);
  if (strikePaise <= 0 || strikePaise % strikeStepPaiseOf(underlying) !== 0) {
    return refuse(`${strikePaise} paise is not on the strike grid of ${underlying}`);
  }
  const lotSize = lotSizeOf({ underlying, expiry }, tradeDate);
  if (!lotSize.ok) return lotSize;
  return ok({
    instrumentId: instrumentIdOf(spec, kind),
    underlying,
    exchange: EXCHANGE_OF[underlying],
    expiry,
    strikePaise,
    optionType,
    lotSize: lotSize.value,
    freezeQuantity: freezeQuantityOf(underlying, tradeDate),
    tickSizePaise: TICK_SIZE_PAISE,
  });
}

/**
 * Units per lot of the contracts of an expiry on a trade date: the first rule that matches. Where a rule depends on the day
 * of listing, as for SENSEX from 20 Nov to 27 Dec 2024, `listedOn` decides; without it the lot is unknown.
 */
export function lotSizeOf(
  contract: { readonly underlying: Underlying; readonly expiry: MarketDate; readonly listedOn?: MarketDate },
  tradeDate: MarketDate,
): Result<number, ContractRefusal> {
  const { underlying, expiry, listedOn } = contract;
  for (const rule of MARKET_RULES.lots.rules[underlying]) {
    if (!matches(rule, expiry, tradeDate)) continue;
    if (rule.listedBefore === undefined) return ok(rule.lotSize);
    if (listedOn === undefined) {
      return refuse(`the lot of ${underlying} ${expiry} on ${tradeDate} depends on the day of its listing`);
    }
    if (listedOn < rule.listedBefore) return ok(rule.lotSize);
  }
  return refuse(`no lot is known for ${underlying} ${expiry} on ${tradeDate}`);
}

/**
 * Largest single order in units on a trade date. Where the exchange's number is not known, the smallest one it has ever
 * used, which is always accepted.
 */
export const freezeQuantityOf = (underlying: Underlying, tradeDate: MarketDate): number =>
  rowInForce(MARKET_RULES.freezeQuantity.rules[underlying], tradeDate)?.quantity ??
  MARKET_RULES.freezeQuantity.smallestKnown[underlying];

/** Distance between two strikes near the money. */
export const strikeStepPaiseOf = (underlying: Underlying): Paise =>
  paise(MARKET_RULES.strikeStep[underlying] * PAISE_PER_RUPEE);

function matches(rule: LotRule, expiry: MarketDate, tradeDate: MarketDate): boolean {
  return (
    (rule.expiryFrom === undefined || rule.expiryFrom <= expiry) &&
    (rule.expiryTo === undefined || expiry <= rule.expiryTo) &&
    (rule.expiryOn === undefined || rule.expiryOn === expiry) &&
    (rule.tradeFrom === undefined || rule.tradeFrom <= tradeDate) &&
    (rule.tradeTo === undefined || tradeDate <= rule.tradeTo) &&
    (rule.quarterly !== true || isQuarterly(expiry, tradeDate))
  );
}

const monthsOf = (date: MarketDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

const isQuarterly = (expiry: MarketDate, tradeDate: MarketDate): boolean =>
  Number(expiry.slice(5, 7)) % 3 === 0 && monthsOf(expiry) - monthsOf(tradeDate) >= 3;

/** "NIFTY2590224500CE.NFO" for a weekly, "NIFTY25SEP24500CE.NFO" for the last expiry of a month. */
function instrumentIdOf(spec: ContractSpec, kind: ExpiryKind): InstrumentId {
  const [year, month, day] = [spec.expiry.slice(2, 4), Number(spec.expiry.slice(5, 7)), spec.expiry.slice(8, 10)];
  const strike = spec.strikePaise / PAISE_PER_RUPEE;
  assert(Number.isInteger(strike), "index option strikes are whole rupees");
  const when =
    kind === "LAST_OF_MONTH" ? `${year}${MONTH_NAMES[month - 1]}` : `${year}${MONTH_CODES.charAt(month - 1)}${day}`;
  const side = spec.optionType === "CALL" ? "CE" : "PE";
  const segment = SEGMENT[EXCHANGE_OF[spec.underlying]];
  return `${OPTION_SYMBOL_OF[spec.underlying]}${when}${strike}${side}.${segment}` as InstrumentId;
}

const refuse = (reason: string): Result<never, ContractRefusal> => err({ code: "UNKNOWN_CONTRACT_TERMS", reason });
