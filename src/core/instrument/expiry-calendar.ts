// The days on which index options expire. Years with a listed holiday table come from the list; earlier ones follow the
// weekday rules, without the holidays that are not known; later ones are not known at all.
import { addDays, type MarketDate, marketDate, weekdayOf } from "../kernel/time.ts";
import type { Underlying } from "./contract.ts";
import { type ExpiryWeekday, MARKET_RULES, rowInForce } from "./market-rules.ts";
import { isRegularTradingDay, isYearListed } from "./trading-calendar.ts";

/** LAST_OF_MONTH: the monthly contract, whose symbol names the month only. */
export type ExpiryKind = "WEEKLY" | "LAST_OF_MONTH";

export interface Expiry {
  readonly date: MarketDate;
  readonly kind: ExpiryKind;
}

const FIRST_LISTED_DATE = marketDate(`${Object.keys(MARKET_RULES.holidays).sort()[0]}-01-01`);
/** The farthest that `nextExpiriesOf` looks ahead. */
const HORIZON_DAYS = 370;
/** The longest run of closed days in the listed years is four. */
const SHIFT_DAYS_MAX = 4;

/**
 * The next expiries on or after a date, earliest first. Fewer than `count` when the calendar does not reach further: nothing
 * is guessed beyond the last listed year.
 */
export function nextExpiriesOf(underlying: Underlying, onOrAfter: MarketDate, count: number): readonly MarketDate[] {
  // Everything of a day asks for the same few.
  const latest = latestAsked[underlying];
  if (latest !== null && latest.onOrAfter === onOrAfter && latest.count === count) return latest.found;
  const found = expiriesFrom(underlying, onOrAfter, count);
  latestAsked[underlying] = { onOrAfter, count, found };
  return found;
}

interface Asked {
  readonly onOrAfter: MarketDate;
  readonly count: number;
  readonly found: readonly MarketDate[];
}

const latestAsked: Record<Underlying, Asked | null> = { NIFTY50: null, BANKNIFTY: null, SENSEX: null };

function expiriesFrom(underlying: Underlying, onOrAfter: MarketDate, count: number): MarketDate[] {
  const found: MarketDate[] = [];
  for (let day = 0; day <= HORIZON_DAYS && found.length < count; day += 1) {
    const date = addDays(onOrAfter, day);
    if (isYearListed(date)) {
      if (listedKindOf(underlying, date) !== null) found.push(date);
    } else if (date < FIRST_LISTED_DATE && nominalKindOf(underlying, date) !== null) found.push(date);
  }
  return found;
}

/**
 * What kind of expiry a date is, or null when none. In years without a holiday list a date up to four days before the
 * nominal weekday is accepted too, because the nominal day may have been a holiday.
 */
export function expiryKindOf(underlying: Underlying, date: MarketDate): ExpiryKind | null {
  if (isYearListed(date)) return listedKindOf(underlying, date);
  for (let shift = 0; shift <= SHIFT_DAYS_MAX; shift += 1) {
    const kind = nominalKindOf(underlying, addDays(date, shift));
    if (kind !== null) return kind;
  }
  return null;
}

/** Every contract's terms ask for its kind, so the lists are turned into lookups once. */
const kindsOf = (underlying: Underlying): ReadonlyMap<string, ExpiryKind> => {
  const { weekly, lastOfMonth } = MARKET_RULES.expiries[underlying];
  return new Map([
    ...weekly.map((date) => [date, "WEEKLY"] as const),
    ...lastOfMonth.map((date) => [date, "LAST_OF_MONTH"] as const),
  ]);
};
const LISTED_KINDS: Readonly<Record<Underlying, ReadonlyMap<string, ExpiryKind>>> = {
  NIFTY50: kindsOf("NIFTY50"),
  BANKNIFTY: kindsOf("BANKNIFTY"),
  SENSEX: kindsOf("SENSEX"),
};

/** The expiries that the weekday rules give for nominal dates within a range, moved to the trading day before a holiday. */
export function expiriesByRule(underlying: Underlying, from: MarketDate, to: MarketDate): Expiry[] {
  const expiries: Expiry[] = [];
  for (let nominal = from; nominal <= to; nominal = addDays(nominal, 1)) {
    const kind = nominalKindOf(underlying, nominal);
    if (kind === null) continue;
    let date = nominal;
    while (!isRegularTradingDay(date)) date = addDays(date, -1);
    expiries.push({ date, kind });
  }
  return expiries;
}

function listedKindOf(underlying: Underlying, date: MarketDate): ExpiryKind | null {
  return LISTED_KINDS[underlying].get(date) ?? null;
}

function nominalKindOf(underlying: Underlying, date: MarketDate): ExpiryKind | null {
  const { weekly, lastOfMonth } = MARKET_RULES.expiryWeekdays[underlying];
  const isLastOfItsWeekday = addDays(date, 7).slice(0, 7) !== date.slice(0, 7);
  if (isLastOfItsWeekday && fallsOn(lastOfMonth, date)) return "LAST_OF_MONTH";
  return fallsOn(weekly, date) ? "WEEKLY" : null;
}

const fallsOn = (rules: readonly ExpiryWeekday[], date: MarketDate): boolean =>
  rowInForce(rules, date)?.weekday === weekdayOf(date);
