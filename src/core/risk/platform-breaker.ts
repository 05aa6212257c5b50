// When everybody is stopped without a person (RSK-02). One account's trouble is its own breaker's business; this one is about what
// has a common cause, so it looks at sums over the accounts that trade today and never fires for fewer than three of them.
// Everything is counted from the day's beginning, or from the operator's last resume: what was lifted does not trip again by itself.
import { formatRupees, mulDivFloor, type Paise, paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { BreakerCause, BreakerEvidence } from "./circuit-breaker.ts";
import { gainPaise, type PlatformDay, type PlatformTotals } from "./platform-sums.ts";

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
export interface PlatformReading extends PlatformTotals {
  /** Active accounts that have sent an order today; `accounts` of them are known. */
  readonly trading: number;
  /** Of those that were asked: whose last known result stands in, or that are not counted yet. */
  readonly unanswered: number;
  readonly unpriced: number;
  readonly peakGainPaise: Paise;
  /** The shortest silence of a live feed, counted at most from the open and from the last resume; null: none is live. */
  readonly silentMs: number | null;
  readonly errorAccounts: number;
  readonly errorOrders: number;
}

/** What is kept of a look: what it saw, by which limits it judged, and what is known of each account. */
export interface PlatformLook extends PlatformReading {
  readonly limits: PlatformLimits;
  readonly known: PlatformDay["known"];
}

type PlatformCause = Exclude<BreakerCause, "MANUAL">;

interface PlatformTrip {
  readonly cause: PlatformCause;
  readonly evidence: BreakerEvidence;
}

/** What every account is told; the figures are other people's as well, and stay with the operator. */
export const PLATFORM_WORDS: Readonly<Record<PlatformCause, string>> = {
  DAILY_LOSS: "the platform's limit on the losses of a day is reached",
  DRAWDOWN: "the platform's limit on the fall from the day's peak is reached",
  STALE_DATA: "no market feed ticks",
  VENUE_ERRORS: "the venue fails for many accounts at once",
};

/** Why everybody is to be stopped; the first cause in the order of BREAKER_CAUSES, null when there is none. */
export const platformTrip = (reading: PlatformReading, limits: PlatformLimits): PlatformTrip | null =>
  dailyLoss(reading, limits) ?? drawdown(reading, limits) ?? staleData(reading, limits) ?? venueErrors(reading, limits);

/** Rounded down, for the loss that reaches it trips. */
export const lossLimitPaise = (
  { lossMaxPaise }: Pick<PlatformTotals, "lossMaxPaise">,
  { lossShareBps }: Pick<PlatformLimits, "lossShareBps">,
): Paise => mulDivFloor(lossMaxPaise, lossShareBps, 10_000);

/** Of the equity at the best moment. */
export const peakDrawdownLimitPaise = (
  { basePaise, originPaise, peakGainPaise }: Pick<PlatformReading, "basePaise" | "originPaise" | "peakGainPaise">,
  { drawdownBps }: Pick<PlatformLimits, "drawdownBps">,
): Paise => mulDivFloor(paise(Math.max(0, basePaise + originPaise + peakGainPaise)), drawdownBps, 10_000);

function dailyLoss(reading: PlatformReading, limits: PlatformLimits): PlatformTrip | null {
  const { accounts, losing, lossMaxPaise } = reading;
  const limit = lossLimitPaise(reading, limits);
  const value = -gainPaise(reading);
  if (limits.lossShareBps <= 0 || losing < PLATFORM_ACCOUNTS_MIN || value <= 0 || value < limit) return null;
  const detail = `${accounts} accounts have lost ${formatRupees(paise(value))} together, of ${formatRupees(lossMaxPaise)} that they may lose in a day; ${losing} of them are losing`;
  return { cause: "DAILY_LOSS", evidence: { limit, value, unit: "PAISE", detail } };
}

function drawdown(reading: PlatformReading, limits: PlatformLimits): PlatformTrip | null {
  const { accounts, basePaise, originPaise, peakGainPaise } = reading;
  const peakPaise = paise(basePaise + originPaise + peakGainPaise);
  if (limits.drawdownBps <= 0 || accounts < PLATFORM_ACCOUNTS_MIN || peakPaise <= 0) return null;
  const limit = peakDrawdownLimitPaise(reading, limits);
  const value = peakGainPaise - gainPaise(reading);
  if (value <= limit) return null;
  const detail = `the equity of ${accounts} accounts is ${formatRupees(paise(value))} below the day's peak of ${formatRupees(peakPaise)}`;
  return { cause: "DRAWDOWN", evidence: { limit, value, unit: "PAISE", detail } };
}

function staleData({ silentMs, trading }: PlatformReading, limits: PlatformLimits): PlatformTrip | null {
  const limit = limits.silentMs;
  if (limit <= 0 || trading < PLATFORM_ACCOUNTS_MIN || silentMs === null || silentMs < limit) return null;
  const detail = `no feed has ticked for ${silentMs} ms`;
  return { cause: "STALE_DATA", evidence: { limit, value: silentMs, unit: "MS", detail } };
}

function venueErrors(
  { trading, errorAccounts, errorOrders }: PlatformReading,
  { errorAccountsMin }: PlatformLimits,
): PlatformTrip | null {
  const share = Math.ceil((trading * ERROR_ACCOUNTS_BPS) / 10_000);
  const needed = Math.max(PLATFORM_ACCOUNTS_MIN, errorAccountsMin, share);
  if (errorAccountsMin <= 0 || errorAccounts < needed) return null;
  const seconds = PLATFORM_ERRORS_WINDOW_MS / 1_000;
  const detail = `${errorOrders} orders of ${errorAccounts} accounts were rejected or not answered within ${seconds} seconds; ${needed} such accounts are too many`;
  const limit = needed * ERRORS_PER_ACCOUNT_MIN;
  return { cause: "VENUE_ERRORS", evidence: { limit, value: errorOrders, unit: "ORDERS", detail } };
}

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

/**
 * The silence that counts: that of the feed which ticked last, since the market opened and since the last resume. Null where a feed
 * did not answer (`undefined`): it may be the one that ticks.
 */
export function silenceOfAll(
  silencesMs: readonly (number | null | undefined)[],
  nowMs: EpochMs,
  sinceMs: EpochMs,
): number | null {
  const live = silencesMs.filter((silentMs) => typeof silentMs === "number");
  if (live.length === 0 || silencesMs.includes(undefined)) return null;
  return Math.max(0, Math.min(...live, nowMs - sinceMs));
}
