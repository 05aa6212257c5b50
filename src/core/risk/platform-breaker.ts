// When everybody is stopped without a person (RSK-02). One account's trouble is its own breaker's business; this one is about what
// has a common cause, so it looks at sums over the accounts that trade today and never fires for fewer than three of them.
// Everything is counted from the day's beginning, or from the operator's last resume: what was lifted does not trip again by itself.
import type { PriceView } from "../account/command.ts";
import { formatRupees, mulDivFloor, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { AccountStanding } from "./account-standing.ts";
import type { BreakerCause, BreakerEvidence } from "./circuit-breaker.ts";
import { openResultPaise } from "./daily-loss.ts";

/** What an operator may set; 0: that cause never stops anybody. */
export interface PlatformLimits {
  /** The loss of all, × 10,000 of the sum of what each may lose in a day. */
  readonly lossShareBps: number;
  /** The fall of all from the day's best moment, × 10,000 of their own money at that moment; exactly the limit still passes. */
  readonly drawdownBps: number;
  /** No live feed has ticked for so long. */
  readonly silentMs: number;
  /** Accounts with a burst of venue errors at the same time. */
  readonly errorAccountsMin: number;
}

/** What stands where a deployment sets nothing. */
const PLATFORM_LIMITS: PlatformLimits = {
  // Half of what all may lose: beyond it most accounts would meet their own limits one by one.
  lossShareBps: 5_000,
  drawdownBps: 250,
  // Twice what trips an underlying of an account.
  silentMs: 120_000,
  errorAccountsMin: 3,
};

/** Fewer than these trade, or lose, and it is no matter of the platform. */
const PLATFORM_ACCOUNTS_MIN = 3;
/** Errors count over this window, which is longer than the minute between two looks. */
export const PLATFORM_ERRORS_WINDOW_MS = 120_000;
/** Of one account within the window: a single rejection is a matter of that order. */
export const ERRORS_PER_ACCOUNT_MIN = 2;
/** Among many accounts some always meet an error: at least this share of those that trade, × 10,000. */
const ERROR_ACCOUNTS_BPS = 2_000;
/** Of the accounts that trade at most this share may be silent, × 10,000, and the sum of their losses is still believed. */
const UNANSWERED_MAX_BPS = 1_000;

/** The accounts that trade today, added up. */
export interface PlatformTotals {
  readonly accounts: number;
  /** That did not answer: neither their result nor their limit is in the sums. */
  readonly unanswered: number;
  readonly losing: number;
  /** Open positions without a price; they count at their cost. */
  readonly unpriced: number;
  readonly lossMaxPaise: Paise;
  readonly basePaise: Paise;
  readonly resultPaise: Paise;
}

/** From where loss and drawdown are counted. */
export interface PlatformMarks {
  readonly originResultPaise: Paise;
  readonly peakResultPaise: Paise;
}

export interface PlatformReading extends PlatformTotals {
  /** The shortest silence of a live feed, counted at most from the open and from the last resume; null: none is live. */
  readonly silentMs: number | null;
  readonly errorAccounts: number;
  readonly errorOrders: number;
}

/** What is kept of a look: what it saw, and by which limits it judged. */
export interface PlatformLook extends PlatformReading {
  readonly limits: PlatformLimits;
}

interface PlatformTrip {
  readonly cause: Exclude<BreakerCause, "MANUAL">;
  readonly evidence: BreakerEvidence;
}

export const MARKS_OF_A_NEW_DAY: PlatformMarks = { originResultPaise: ZERO_PAISE, peakResultPaise: ZERO_PAISE };

/** `undefined` stands for an account that did not answer, null for one with nothing at stake. */
export function totalsOf(
  standings: readonly (AccountStanding | null | undefined)[],
  prices: readonly PriceView[],
): PlatformTotals {
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  const sums = { accounts: 0, unanswered: 0, losing: 0, unpriced: 0, lossMax: 0, base: 0, result: 0 };
  for (const standing of standings) {
    if (standing === undefined) sums.unanswered += 1;
    if (standing == null) continue;
    let result: number = standing.resultPaise;
    for (const position of standing.open) {
      const openPaise = openResultPaise(position, byInstrument);
      if (openPaise === null) sums.unpriced += 1;
      result += openPaise ?? 0;
    }
    sums.accounts += 1;
    sums.losing += result < 0 ? 1 : 0;
    sums.lossMax += standing.lossMaxPaise;
    sums.base += standing.basePaise;
    sums.result += result;
  }
  const { lossMax, base, result, ...counts } = sums;
  return { ...counts, lossMaxPaise: paise(lossMax), basePaise: paise(base), resultPaise: paise(result) };
}

/**
 * Where counting starts after this reading. A best moment is one at which everybody answered and everything had a price: half a
 * sum would look like a peak that never was. After a resume all begins anew (`known` null) from what is lost already; until that
 * is known in full there are no marks, and money stops nobody.
 */
export function marksAfter(known: PlatformMarks | null, totals: PlatformTotals): PlatformMarks | null {
  const { resultPaise } = totals;
  if (known === null) {
    return totals.unanswered > 0 ? null : { originResultPaise: resultPaise, peakResultPaise: resultPaise };
  }
  const isPeak = isComplete(totals) && resultPaise > known.peakResultPaise;
  return isPeak ? { ...known, peakResultPaise: resultPaise } : known;
}

/** Why everybody is to be stopped; the first cause in the order of BREAKER_CAUSES, null when there is none. */
export function platformTrip(
  reading: PlatformReading,
  marks: PlatformMarks | null,
  limits: PlatformLimits,
): PlatformTrip | null {
  const ofMoney = marks === null ? null : (dailyLoss(reading, marks, limits) ?? drawdown(reading, marks, limits));
  return ofMoney ?? staleData(reading, limits) ?? venueErrors(reading, limits);
}

/** Rounded down, for the loss that reaches it trips. */
export const lossLimitPaise = (
  { lossMaxPaise }: Pick<PlatformTotals, "lossMaxPaise">,
  { lossShareBps }: Pick<PlatformLimits, "lossShareBps">,
): Paise => mulDivFloor(lossMaxPaise, lossShareBps, 10_000);

/** Of the equity at the best moment. */
export const peakDrawdownLimitPaise = (
  { basePaise }: Pick<PlatformTotals, "basePaise">,
  { peakResultPaise }: Pick<PlatformMarks, "peakResultPaise">,
  { drawdownBps }: Pick<PlatformLimits, "drawdownBps">,
): Paise => mulDivFloor(paise(Math.max(0, basePaise + peakResultPaise)), drawdownBps, 10_000);

function dailyLoss(reading: PlatformReading, marks: PlatformMarks, limits: PlatformLimits): PlatformTrip | null {
  const { accounts, unanswered, losing, lossMaxPaise, resultPaise } = reading;
  const { originResultPaise } = marks;
  const { lossShareBps } = limits;
  const limit = lossLimitPaise(reading, limits);
  const value = originResultPaise - resultPaise;
  if (lossShareBps <= 0 || losing < PLATFORM_ACCOUNTS_MIN || value <= 0 || value < limit) return null;
  if (unanswered * 10_000 > UNANSWERED_MAX_BPS * (accounts + unanswered)) return null;
  const detail = `${accounts} accounts have lost ${formatRupees(paise(value))} together, of ${formatRupees(lossMaxPaise)} that they may lose in a day; ${losing} of them are losing`;
  return { cause: "DAILY_LOSS", evidence: { limit, value, unit: "PAISE", detail } };
}

function drawdown(reading: PlatformReading, marks: PlatformMarks, limits: PlatformLimits): PlatformTrip | null {
  const { accounts, basePaise, resultPaise } = reading;
  const { peakResultPaise } = marks;
  if (limits.drawdownBps <= 0 || accounts < PLATFORM_ACCOUNTS_MIN || !isComplete(reading)) return null;
  const peakPaise = paise(basePaise + peakResultPaise);
  if (peakPaise <= 0) return null;
  const limit = peakDrawdownLimitPaise(reading, marks, limits);
  const value = peakResultPaise - resultPaise;
  if (value <= limit) return null;
  const detail = `the equity of ${accounts} accounts is ${formatRupees(paise(value))} below the day's peak of ${formatRupees(peakPaise)}`;
  return { cause: "DRAWDOWN", evidence: { limit, value, unit: "PAISE", detail } };
}

function staleData({ silentMs }: PlatformReading, limits: PlatformLimits): PlatformTrip | null {
  const limit = limits.silentMs;
  if (limit <= 0 || silentMs === null || silentMs < limit) return null;
  const detail = `no feed has ticked for ${silentMs} ms`;
  return { cause: "STALE_DATA", evidence: { limit, value: silentMs, unit: "MS", detail } };
}

function venueErrors(
  { accounts, unanswered, errorAccounts, errorOrders }: PlatformReading,
  { errorAccountsMin }: PlatformLimits,
): PlatformTrip | null {
  const share = Math.ceil(((accounts + unanswered) * ERROR_ACCOUNTS_BPS) / 10_000);
  const needed = Math.max(PLATFORM_ACCOUNTS_MIN, errorAccountsMin, share);
  if (errorAccountsMin <= 0 || errorAccounts < needed) return null;
  const seconds = PLATFORM_ERRORS_WINDOW_MS / 1_000;
  const detail = `${errorOrders} orders of ${errorAccounts} accounts were rejected or not answered within ${seconds} seconds; ${needed} such accounts are too many`;
  const limit = needed * ERRORS_PER_ACCOUNT_MIN;
  return { cause: "VENUE_ERRORS", evidence: { limit, value: errorOrders, unit: "ORDERS", detail } };
}

const isComplete = ({ unanswered, unpriced }: PlatformTotals): boolean => unanswered === 0 && unpriced === 0;

/** As a deployment has set them. What is no whole number is a slip of the hand, and must not take the limit away. */
export function platformLimitsOf(set: { readonly [Name in keyof PlatformLimits]: string | undefined }): PlatformLimits {
  const of = (name: keyof PlatformLimits): number => {
    const text = set[name] ?? "";
    return /^\d{1,12}$/.test(text) ? Number(text) : PLATFORM_LIMITS[name];
  };
  return {
    lossShareBps: of("lossShareBps"),
    drawdownBps: of("drawdownBps"),
    silentMs: of("silentMs"),
    errorAccountsMin: of("errorAccountsMin"),
  };
}

/** The silence that counts: that of the feed which ticked last, since the market opened and since the last resume. */
export function silenceOfAll(silencesMs: readonly (number | null)[], nowMs: EpochMs, sinceMs: EpochMs): number | null {
  const live = silencesMs.filter((silentMs) => silentMs !== null);
  return live.length === 0 ? null : Math.max(0, Math.min(...live, nowMs - sinceMs));
}
