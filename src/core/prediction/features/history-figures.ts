// What a day knows of the days before it: closes, ranges and volatilities of earlier days, and the volatility indices and GIFT
// NIFTY as they stood before 09:15 IST. Everything is dated strictly before the day, and what is too old counts as missing.
import { daysBetween, type MarketDate } from "../../kernel/time.ts";

/** One finished day of an underlying, small enough to be kept for years. */
export interface DaySummary {
  readonly date: MarketDate;
  readonly highPaise: number;
  readonly lowPaise: number;
  readonly closePaise: number;
  /** Σ of the squared log returns from bar to bar within the day, and how many there are. */
  readonly squaredReturns: number;
  readonly returns: number;
}

/** A closing figure of a date, in whatever unit. */
export interface DatedClose {
  readonly date: MarketDate;
  readonly close: number;
}

/** Figures of the world outside, each list in order of date. Only dates before the day in question are looked at. */
export interface OutsideCloses {
  /** India VIX × 100. */
  readonly indiaVixCenti: readonly DatedClose[];
  /** CBOE VIX in points. Its session of a date is over at 02:45 IST of the next. */
  readonly spVix: readonly DatedClose[];
  /** GIFT NIFTY in paise; its evening session of a date is over at 02:45 IST of the next. */
  readonly giftPaise: readonly DatedClose[];
  /** NIFTY 50 in paise, which GIFT NIFTY is held against. */
  readonly niftyPaise: readonly DatedClose[];
}

/** Null: not known, or too old to say anything of this day. */
export interface HistoryFigures {
  readonly previousClosePaise: number | null;
  readonly previousHighPaise: number | null;
  readonly previousLowPaise: number | null;
  /** The close of the day before the previous one, and that of five days before it. */
  readonly closeBeforePaise: number | null;
  readonly closeFiveBeforePaise: number | null;
  /** Root mean square of the log returns of 3-minute bars over the last five days. */
  readonly barVolatility: number | null;
  /** Root mean square of the log returns from close to close over the last twenty days. */
  readonly dailyVolatility: number | null;
  readonly previousVixCenti: number | null;
  readonly vixBeforeCenti: number | null;
  readonly spVix: number | null;
  readonly spVixBefore: number | null;
  /** ln(GIFT NIFTY ÷ close of NIFTY 50), both as of the evening before. */
  readonly giftMove: number | null;
}

export const NO_HISTORY: HistoryFigures = {
  previousClosePaise: null,
  previousHighPaise: null,
  previousLowPaise: null,
  closeBeforePaise: null,
  closeFiveBeforePaise: null,
  barVolatility: null,
  dailyVolatility: null,
  previousVixCenti: null,
  vixBeforeCenti: null,
  spVix: null,
  spVixBefore: null,
  giftMove: null,
};

/** A previous day lies no farther back than this; the longest run of closed days is four. */
const PREVIOUS_DAYS_MAX = 7;
/** Five trading days, and twenty, with room for holidays; beyond a hole in the data nothing is carried. */
const FIVE_DAYS_MAX = 14;
const TWENTY_DAYS_MAX = 45;
const BAR_DAYS = 5;
const DAILY_RETURNS = 20;
const DAILY_RETURNS_MIN = 5;
/** Calendar days before a day that its figures rest on at most. */
export const HISTORY_DAYS = TWENTY_DAYS_MAX;
/** Days of summaries that the figures of one day look at. */
export const SUMMARIES_WANTED = DAILY_RETURNS + 1;

/** `summaries`: days of the underlying in order of date; only those before `date` count, and of them the last few. */
export function historyFigures(
  date: MarketDate,
  summaries: readonly DaySummary[],
  outside: Partial<OutsideCloses> = {},
): HistoryFigures {
  const before = beforeOf(summaries, date);
  const [vix, vixBefore] = lastTwo(outside.indiaVixCenti, date);
  const [sp, spBefore] = lastTwo(outside.spVix, date);
  const previous = before.at(-1);
  const isRecent = previous !== undefined && isWithin(previous.date, date, PREVIOUS_DAYS_MAX);
  const dayBefore = before.at(-2);
  const fiveBefore = before.at(-6);
  return {
    previousClosePaise: isRecent ? previous.closePaise : null,
    previousHighPaise: isRecent ? previous.highPaise : null,
    previousLowPaise: isRecent ? previous.lowPaise : null,
    closeBeforePaise:
      isRecent && dayBefore && isWithin(dayBefore.date, previous.date, PREVIOUS_DAYS_MAX) ? dayBefore.closePaise : null,
    closeFiveBeforePaise:
      isRecent && fiveBefore && isWithin(fiveBefore.date, date, FIVE_DAYS_MAX) ? fiveBefore.closePaise : null,
    barVolatility: barVolatilityOf(before, date),
    dailyVolatility: dailyVolatilityOf(before, date),
    previousVixCenti: vix,
    vixBeforeCenti: vixBefore,
    spVix: sp,
    spVixBefore: spBefore,
    giftMove: giftMoveOf(outside, date),
  };
}

/** At least one day of the last five must be there. */
function barVolatilityOf(before: readonly DaySummary[], date: MarketDate): number | null {
  let [squares, returns] = [0, 0];
  for (const day of before.slice(-BAR_DAYS)) {
    if (!isWithin(day.date, date, FIVE_DAYS_MAX)) continue;
    squares += day.squaredReturns;
    returns += day.returns;
  }
  return positive(Math.sqrt(squares / returns));
}

function dailyVolatilityOf(before: readonly DaySummary[], date: MarketDate): number | null {
  const days = before.slice(-SUMMARIES_WANTED).filter((day) => isWithin(day.date, date, TWENTY_DAYS_MAX));
  let [squares, returns] = [0, 0];
  for (const [at, day] of days.entries()) {
    const earlier = days[at - 1];
    if (earlier === undefined || !isWithin(earlier.date, day.date, PREVIOUS_DAYS_MAX)) continue;
    squares += Math.log(day.closePaise / earlier.closePaise) ** 2;
    returns += 1;
  }
  return returns < DAILY_RETURNS_MIN ? null : positive(Math.sqrt(squares / returns));
}

/** Both closes of the same evening, or of evenings between which the other was closed: GIFT NIFTY's is never the older. */
function giftMoveOf({ giftPaise, niftyPaise }: Partial<OutsideCloses>, date: MarketDate): number | null {
  const gift = lastBefore(giftPaise, date);
  const nifty = lastBefore(niftyPaise, date);
  if (gift === null || nifty === null || gift.date < nifty.date) return null;
  return Math.log(gift.close / nifty.close);
}

function lastTwo(closes: readonly DatedClose[] | undefined, date: MarketDate): [number | null, number | null] {
  const last = lastBefore(closes, date);
  if (last === null) return [null, null];
  return [last.close, lastBefore(closes, last.date)?.close ?? null];
}

function lastBefore(closes: readonly DatedClose[] | undefined, date: MarketDate): DatedClose | null {
  if (closes === undefined) return null;
  const last = closes[firstFrom(closes, date) - 1];
  return last !== undefined && isWithin(last.date, date, PREVIOUS_DAYS_MAX) && last.close > 0 ? last : null;
}

const beforeOf = (summaries: readonly DaySummary[], date: MarketDate): readonly DaySummary[] => {
  const end = firstFrom(summaries, date);
  return summaries.slice(Math.max(0, end - SUMMARIES_WANTED), end);
};

/** Position of the first entry on or after a date. */
function firstFrom(dated: readonly { readonly date: MarketDate }[], date: MarketDate): number {
  let [low, high] = [0, dated.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((dated[middle] as { readonly date: MarketDate }).date < date) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isWithin = (from: MarketDate, to: MarketDate, days: number): boolean => daysBetween(from, to) <= days;

/** Null for nothing at all and for the 0 ÷ 0 of no returns. */
const positive = (value: number): number | null => (value > 0 ? value : null);
