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
  const at = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
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
export const weekdayOf = (date: MarketDate): number => new Date(`${date}T00:00:00Z`).getUTCDay();

export const addDays = (date: MarketDate, days: number): MarketDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10) as MarketDate;

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: MarketDate, to: MarketDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_DAY);

/** A date as a number for typed columns: 2025-08-29 is 20250829. */
export const dayNumberOf = (date: MarketDate): number => Number(date.replaceAll("-", ""));

export function dateOfDayNumber(day: number): MarketDate {
  const digits = String(day);
  return marketDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
}
