// Says whether the exchanges trade index options on a date, and when. NSE and BSE keep the same days. A year whose holidays
// are not in the table is refused: a guessed holiday list is worse than none.
import { required } from "../kernel/assert.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type EpochMs, istInstant, type MarketDate, weekdayOf } from "../kernel/time.ts";
import { MARKET_RULES, rowInForce } from "./market-rules.ts";

export interface TradingWindow {
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
}

export interface TradingSession extends TradingWindow {
  readonly date: MarketDate;
  /** From here on the index stands still while options go on trading; null when it moves to the close. */
  readonly indexFrozenFromMs: EpochMs | null;
  readonly kind: "REGULAR" | "SPECIAL";
  /** One, or two on the days on which the exchanges tested their recovery site. */
  readonly windows: readonly TradingWindow[];
}

export interface CalendarRefusal {
  readonly code: "NOT_A_TRADING_DAY" | "YEAR_UNKNOWN";
  readonly reason: string;
}

/** RECORDING: the caller holds a recording of this very date, which proves that the market was open. */
export type TradingEvidence = "RECORDING";

const LISTED_YEARS = Object.keys(MARKET_RULES.holidays).sort();
const FIRST_LISTED_YEAR = required(LISTED_YEARS[0], "a listed year");
const WEEKEND: readonly number[] = [0, 6];

/**
 * The session of a date (TIM-01). For years before the oldest listed one the holidays are not known: there, and only there, a
 * recording of the date is accepted as proof that a weekday was open, with the regular hours of that time. It never
 * overrules a listed year, and no evidence helps for a year to come, whose hours and lots are not known either.
 */
export function tradingSessionOf(
  date: MarketDate,
  options: { readonly evidence?: TradingEvidence } = {},
): Result<TradingSession, CalendarRefusal> {
  const special = MARKET_RULES.specialSessions.find((session) => session.date === date);
  if (special) {
    return special.windows === null
      ? refuse("NOT_A_TRADING_DAY", `${date} has a special session whose time is not published`)
      : ok(specialSession(date, special.windows));
  }
  if (WEEKEND.includes(weekdayOf(date))) return refuse("NOT_A_TRADING_DAY", `${date} is at a weekend`);
  const year = date.slice(0, 4);
  const holidays = MARKET_RULES.holidays[year];
  if (holidays === undefined && !(options.evidence === "RECORDING" && year < FIRST_LISTED_YEAR)) {
    return refuse("YEAR_UNKNOWN", `the holidays of ${year} are not in the table (${LISTED_YEARS.join(", ")})`);
  }
  const holiday = holidays?.[date];
  if (holiday !== undefined) return refuse("NOT_A_TRADING_DAY", `${date} is a holiday: ${holiday}`);
  return regularSession(date);
}

/** True unless the date is at a weekend or a listed holiday. Special sessions do not count: they are never an expiry day. */
export const isRegularTradingDay = (date: MarketDate): boolean =>
  !WEEKEND.includes(weekdayOf(date)) && MARKET_RULES.holidays[date.slice(0, 4)]?.[date] === undefined;

export const isYearListed = (date: MarketDate): boolean => MARKET_RULES.holidays[date.slice(0, 4)] !== undefined;

function regularSession(date: MarketDate): Result<TradingSession, CalendarRefusal> {
  const hours = rowInForce(MARKET_RULES.sessions, date);
  if (hours === null) return refuse("YEAR_UNKNOWN", `the trading hours of ${date} are not in the table`);
  const window = { openMs: istInstant(date, hours.open), closeMs: istInstant(date, hours.close) };
  const indexFrozenFromMs = hours.indexFrozenFrom === null ? null : istInstant(date, hours.indexFrozenFrom);
  return ok({ date, ...window, indexFrozenFromMs, kind: "REGULAR", windows: [window] });
}

function specialSession(date: MarketDate, times: readonly (readonly [string, string])[]): TradingSession {
  const windows = times.map(([open, close]) => ({ openMs: istInstant(date, open), closeMs: istInstant(date, close) }));
  const first = required(windows[0], "a window");
  const last = required(windows.at(-1), "a window");
  return { date, openMs: first.openMs, closeMs: last.closeMs, indexFrozenFromMs: null, kind: "SPECIAL", windows };
}

const refuse = (code: CalendarRefusal["code"], reason: string): Result<never, CalendarRefusal> => err({ code, reason });
