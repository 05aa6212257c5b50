// Instants are UTC epoch milliseconds; business dates and times are Indian Standard Time (UTC+5:30, no daylight saving).
// The clock is always an argument: nothing in the core reads it.
import { assert, InvariantBroken } from "./assert.ts";
import type { Brand } from "./brand.ts";

/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = Brand<number, "EpochMs">;
/** A calendar date in IST, "YYYY-MM-DD". */
export type MarketDate = Brand<string, "MarketDate">;
/** A time of day in IST, "HH:MM". */
export type IstTime = `${number}:${number}`;

export const MS_PER_SECOND = 1_000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_DAY = 86_400_000;
const IST_OFFSET_MS = 19_800_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function epochMs(value: number): EpochMs {
  // The words are made only for the error: this runs for every instant there is.
  if (!(Number.isSafeInteger(value) && value >= 0)) throw new InvariantBroken(`not an instant: ${value}`);
  return value as EpochMs;
}

export function isMarketDate(text: string): text is MarketDate {
  if (!DATE.test(text)) return false;
  const [month, day] = [digitsAt(text, 5, 2), digitsAt(text, 8, 2)];
  // Only a day that the calendar has comes back as itself.
  return month >= 1 && month <= 12 && day >= 1 && dateOfDay(dayOf(text)) === text;
}

export function marketDate(text: string): MarketDate {
  assert(isMarketDate(text), `not a date: ${text}`);
  return text;
}

export const istDateOf = (at: EpochMs): MarketDate =>
  new Date(at + IST_OFFSET_MS).toISOString().slice(0, 10) as MarketDate;

/** Milliseconds since IST midnight. */
export const istMsOfDay = (at: EpochMs): number => (at + IST_OFFSET_MS) % MS_PER_DAY;

/** The instant of an IST date and time of day; `time` is "HH:MM" or "HH:MM:SS". */
export function istInstant(date: MarketDate, time: string): EpochMs {
  const at = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}+05:30`);
  assert(!Number.isNaN(at), `not a time of day: ${date} ${time}`);
  return epochMs(at);
}

/** "HH:MM:SS" in IST. */
export const formatIstTime = (at: EpochMs): string => new Date(at + IST_OFFSET_MS).toISOString().slice(11, 19);

/** RFC 3339 in UTC, the form instants take in every JSON answer. */
export const formatInstant = (at: EpochMs): string => new Date(at).toISOString();

/** 0 = Sunday … 6 = Saturday. */
export const weekdayOf = (date: MarketDate): number => (((dayOf(date) + THURSDAY) % 7) + 7) % 7;

export const addDays = (date: MarketDate, days: number): MarketDate => dateOfDay(dayOf(date) + days) as MarketDate;

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: MarketDate, to: MarketDate): number => dayOf(to) - dayOf(from);

/** A date as a number for typed columns: 2025-08-29 is 20250829. */
export const dayNumberOf = (date: MarketDate): number => Number(date.replaceAll("-", ""));

export function dateOfDayNumber(day: number): MarketDate {
  const digits = String(day);
  return marketDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
}

// Calendar days as whole numbers. Expiries are looked for day by day, so this goes without making any Date: years are counted
// from March, which puts the leap day last, in eras of 400 years.

/** What 1970-01-01 was. */
const THURSDAY = 4;
const DAYS_PER_ERA = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const EPOCH_SHIFT_DAYS = 719_468;

/** Days since 1970-01-01 of "YYYY-MM-DD". */
function dayOf(date: string): number {
  const month = digitsAt(date, 5, 2);
  const year = digitsAt(date, 0, 4) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digitsAt(date, 8, 2) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_SHIFT_DAYS;
}

function dateOfDay(day: number): string {
  const shifted = day + EPOCH_SHIFT_DAYS;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value));

function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) value = value * 10 + text.charCodeAt(at) - 48;
  return value;
}
