// What a session does next. The clock stands at the earliest instant at which anything is due; there the feeds play first, in
// one fixed order, and then the day's jobs run. Nothing else decides in which order things happen.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import { VENUE_LATENCY_MS } from "../matching/venue-order.ts";
import type { PlannedJob } from "./day-plan.ts";

export interface SessionStep {
  readonly atMs: EpochMs;
  /** The feeds with something due by then. */
  readonly feeds: readonly Underlying[];
  readonly jobs: readonly PlannedJob[];
}

/** When each feed has something due next; null when it has nothing left. */
export type FeedsDue = Readonly<Record<Underlying, EpochMs | null>>;

/**
 * The next step, or null when the day is over: that is when its last job has run, whatever the tape still holds.
 * `jobs` are those not carried out yet, in the order of the plan.
 */
export function nextStep(feedsDue: FeedsDue, jobs: readonly PlannedJob[], nowMs: EpochMs): SessionStep | null {
  const first = jobs[0];
  if (first === undefined) return null;
  let dueMs: number = first.atMs;
  for (const underlying of UNDERLYINGS) dueMs = Math.min(dueMs, feedsDue[underlying] ?? dueMs);
  // What is late is done now: the clock never goes back.
  const atMs = Math.max(nowMs, dueMs) as EpochMs;
  return {
    atMs,
    feeds: UNDERLYINGS.filter((underlying) => isDue(feedsDue[underlying], atMs)),
    jobs: first.atMs > atMs ? NONE : jobs.filter((planned) => planned.atMs <= atMs),
  };
}

const NONE: readonly PlannedJob[] = [];

/**
 * How far a step's only feed may play on by itself when the clock is already further: to just before anything else is due, and
 * no further than what an order sent meanwhile would take to arrive. A step of several feeds or with a job is played alone.
 */
export function playableUntil(
  { atMs, feeds, jobs }: SessionStep,
  feedsDue: FeedsDue | null,
  jobsLeft: readonly PlannedJob[],
  targetMs: EpochMs,
): EpochMs {
  if (feedsDue === null || feeds.length !== 1 || jobs.length > 0) return atMs;
  const others = UNDERLYINGS.filter((underlying) => !feeds.includes(underlying)).map((other) => feedsDue[other]);
  const boundsMs = [...others.filter((due) => due !== null), ...jobsLeft.slice(0, 1).map((planned) => planned.atMs)];
  return Math.max(atMs, Math.min(targetMs, atMs + VENUE_LATENCY_MS - 1, ...boundsMs.map((due) => due - 1))) as EpochMs;
}

const isDue = (dueMs: EpochMs | null, atMs: EpochMs): boolean => dueMs !== null && dueMs <= atMs;
