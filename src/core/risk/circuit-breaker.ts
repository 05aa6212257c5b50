// The circuit breaker as a machine: ARMED → TRIPPED → LOCKED → ARMED (RSK-02, rules.md §7.2). One for each scope: the account,
// the platform, and each underlying within either. A breaker holds every reason for which it was tripped, so that lifting one
// never lifts another, and a trip that comes while it is tripped or locked is never lost. TRIPPED means that everything in
// scope is being closed; LOCKED that the venue itself has shown twice that nothing is left; both let nothing new in.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ExitReason } from "../order/order.ts";

export const BREAKER_CAUSES = ["DAILY_LOSS", "DRAWDOWN", "STALE_DATA", "VENUE_ERRORS", "MANUAL"] as const;
export type BreakerCause = (typeof BREAKER_CAUSES)[number];

export type BreakerActor = "SYSTEM" | "USER" | "OPERATOR";
/** Who or what may end a trip. */
export type Rearming = "USER" | "OPERATOR" | "NEW_DAY";

export type BreakerStatus = "ARMED" | "TRIPPED" | "LOCKED";

/** ACCOUNT and ACCOUNT/… are the account's own; PLATFORM and PLATFORM/… are the operator's, for every account alike. */
export type BreakerScope = "ACCOUNT" | "PLATFORM" | `ACCOUNT/${Underlying}` | `PLATFORM/${Underlying}`;

export const BREAKER_SCOPES: readonly BreakerScope[] = [
  "PLATFORM",
  ...UNDERLYINGS.map((underlying) => `PLATFORM/${underlying}` as const),
  "ACCOUNT",
  ...UNDERLYINGS.map((underlying) => `ACCOUNT/${underlying}` as const),
];

/** What was seen that tripped it: the limit, the value that met it, and a sentence for people. */
export interface BreakerEvidence {
  readonly limit: number | null;
  readonly value: number | null;
  readonly unit: "PAISE" | "MS" | "ORDERS" | null;
  readonly detail: string;
}

export interface Trip {
  readonly cause: BreakerCause;
  readonly by: BreakerActor;
  readonly atMs: EpochMs;
  readonly evidence: BreakerEvidence;
  /** The platform's halt on whose behalf it was tripped. */
  readonly haltId?: string;
}

/** How far the proof of flat has come. */
export interface FlatCheck {
  /** When the venue is to be read next. */
  readonly dueMs: EpochMs;
  readonly checks: number;
  /** The first of the two readings that have to say zero; null when the last one did not. */
  readonly firstZeroMs: EpochMs | null;
  /** When a person was last told that it is not flat yet. */
  readonly raisedMs: EpochMs | null;
  /** When what is being closed last moved after a long wait: looks are frequent again from there. */
  readonly movedMs?: EpochMs;
}

export interface Breaker {
  readonly status: BreakerStatus;
  /** Why, oldest first; none when ARMED. */
  readonly trips: readonly Trip[];
  /** When it last went from ARMED, or from LOCKED again, to TRIPPED. */
  readonly trippedAtMs: EpochMs;
  /** Of a TRIPPED one. */
  readonly check: FlatCheck | null;
  readonly provenAtMs: EpochMs | null;
  readonly resetAtMs: EpochMs | null;
  /** Number of the platform's last switch that was followed; an older one that comes late is none. */
  readonly changeNo?: number;
}

/** Breakers that have ever tripped, by scope; all others are ARMED. */
export type Breakers = Readonly<Partial<Record<BreakerScope, Breaker>>>;

/** From the trip to the first look at the venue, between the two readings of a proof, and between attempts. */
const FIRST_CHECK_MS = 1_000;
export const SETTLE_MS = 500;
const PATIENT_AFTER_MS = 60_000;
const SLOW_AFTER_MS = 600_000;
/** An account that is not flat by then is a person's business as well; they are told again at this interval. */
const RAISE_AFTER_MS = 10_000;
const RAISE_EVERY_MS = 300_000;

/** Which cause may be ended by whom. The day's loss limit is nobody's to lift (RSK-07); a person's stop outlasts the night. */
const MAY_END: Readonly<Record<BreakerCause, readonly Rearming[]>> = {
  DAILY_LOSS: ["NEW_DAY"],
  DRAWDOWN: ["NEW_DAY", "OPERATOR"],
  STALE_DATA: ["NEW_DAY", "OPERATOR"],
  VENUE_ERRORS: ["NEW_DAY", "OPERATOR"],
  MANUAL: ["OPERATOR"],
};

/** A halt of the platform, whatever threw it, ends with the operator's resume and with nothing else. */
export const mayEnd = ({ cause, by, haltId }: Pick<Trip, "cause" | "by" | "haltId">, who: Rearming): boolean =>
  haltId === undefined
    ? MAY_END[cause].includes(who) || (cause === "MANUAL" && by === "USER" && who === "USER")
    : who === "OPERATOR";

/** The underlying a scope is about; null when it is about all. */
export const underlyingOf = (scope: BreakerScope): Underlying | null =>
  UNDERLYINGS.find((underlying) => scope.endsWith(`/${underlying}`)) ?? null;

export const isInScope = (scope: BreakerScope, underlying: Underlying): boolean =>
  (underlyingOf(scope) ?? underlying) === underlying;

const isSameTrip = (one: Trip, other: Trip): boolean =>
  one.cause === other.cause && one.by === other.by && one.haltId === other.haltId;

export const hasTrip = (breaker: Breaker | undefined, trip: Trip): boolean =>
  breaker?.trips.some((held) => isSameTrip(held, trip)) ?? false;

/** One more reason. It starts the way to the proof again, also from LOCKED; the same reason twice changes nothing. */
export function tripped(breaker: Breaker | undefined, trip: Trip, nextCheckMs: EpochMs): Breaker {
  if (breaker !== undefined && hasTrip(breaker, trip)) return breaker;
  const from = breaker ?? armed(trip.atMs);
  if (from.status === "TRIPPED") return { ...from, trips: [...from.trips, trip] };
  return {
    ...from,
    status: "TRIPPED",
    trips: [...from.trips, trip],
    trippedAtMs: trip.atMs,
    check: { dueMs: nextCheckMs, checks: 0, firstZeroMs: null, raisedMs: null },
    provenAtMs: null,
  };
}

/** The reasons that stay when `who` ends what they may end. */
export const tripsLeft = (breaker: Breaker | undefined, who: Rearming): readonly Trip[] =>
  (breaker?.trips ?? []).filter((trip) => !mayEnd(trip, who));

/** ARMED once no reason is left; with some left it stays as it is. */
export function withTrips(breaker: Breaker | undefined, trips: readonly Trip[], atMs: EpochMs): Breaker {
  const from = breaker ?? armed(atMs);
  return trips.length > 0
    ? { ...from, trips }
    : { ...from, status: "ARMED", trips: [], check: null, provenAtMs: null, resetAtMs: atMs };
}

export const locked = (breaker: Breaker, atMs: EpochMs): Breaker => ({
  ...breaker,
  status: "LOCKED",
  check: null,
  provenAtMs: atMs,
});

/** A reading that was zero; a second one has to follow after the settle time. */
export const readZero = (breaker: Breaker, atMs: EpochMs, nextMs: EpochMs): Breaker => ({
  ...breaker,
  check: { ...checkOf(breaker, nextMs), firstZeroMs: atMs },
});

/** A look that found something left. A LOCKED breaker is TRIPPED again: a late fill has made it wrong. */
export function notFlat(breaker: Breaker, atMs: EpochMs, nextMs: EpochMs, isRaised: boolean): Breaker {
  const check = checkOf(breaker, nextMs);
  return {
    ...breaker,
    status: "TRIPPED",
    trippedAtMs: breaker.status === "TRIPPED" ? breaker.trippedAtMs : atMs,
    provenAtMs: null,
    check: { ...check, firstZeroMs: null, raisedMs: isRaised ? atMs : check.raisedMs },
  };
}

/** The next look comes sooner than its turn; how far the proof has come stays. */
export const hastened = (breaker: Breaker, atMs: EpochMs, nextMs: EpochMs): Breaker =>
  breaker.check === null ? breaker : { ...breaker, check: { ...breaker.check, dueMs: nextMs, movedMs: atMs } };

/** Whether a person has to be told that it is still not flat. */
export function isToBeRaised({ trippedAtMs, check }: Breaker, atMs: EpochMs): boolean {
  const raisedMs = check?.raisedMs ?? Number.NEGATIVE_INFINITY;
  return atMs - trippedAtMs >= RAISE_AFTER_MS && atMs - raisedMs >= RAISE_EVERY_MS;
}

/** The breaker that keeps an underlying closed, the widest first; null when entries may pass. */
export function blocking(
  breakers: Breakers | undefined,
  underlying: Underlying,
): { readonly scope: BreakerScope; readonly trip: Trip } | null {
  if (breakers === undefined) return null;
  for (const scope of BREAKER_SCOPES) {
    const breaker = breakers[scope];
    const trip = breaker?.trips[0];
    if (breaker === undefined || trip === undefined || breaker.status === "ARMED") continue;
    if (isInScope(scope, underlying)) return { scope, trip };
  }
  return null;
}

/** When the venue has to be read next for some proof; null when none is under way. */
export function nextCheckMs(breakers: Breakers | undefined): EpochMs | null {
  const dueMs = Object.values(breakers ?? {}).flatMap(({ check }) => (check === null ? [] : [check.dueMs]));
  return dueMs.length === 0 ? null : (Math.min(...dueMs) as EpochMs);
}

const EXIT_REASONS: Readonly<Record<BreakerCause, ExitReason>> = {
  DAILY_LOSS: "DAILY_LOSS",
  DRAWDOWN: "DRAWDOWN",
  STALE_DATA: "CIRCUIT_BREAKER",
  VENUE_ERRORS: "CIRCUIT_BREAKER",
  MANUAL: "KILL_SWITCH",
};

/** What the exits are given for. */
export const exitReasonOf = ({ cause }: Pick<Trip, "cause">): ExitReason => EXIT_REASONS[cause];

/** When to look again: every second while the trip, or what came of it, is fresh; later less often, but without end. */
export const nextLookMs = (atMs: EpochMs, trippedAtMs: EpochMs, movedMs = trippedAtMs): EpochMs => {
  const sinceMs = atMs - Math.max(trippedAtMs, movedMs);
  return after(atMs, sinceMs < PATIENT_AFTER_MS ? FIRST_CHECK_MS : sinceMs < SLOW_AFTER_MS ? 5_000 : 30_000);
};

/** When the second reading is due. */
export const settledMs = (atMs: EpochMs): EpochMs => after(atMs, SETTLE_MS);

const after = (atMs: EpochMs, ms: number): EpochMs => (atMs + ms) as EpochMs;

const checkOf = ({ check }: Breaker, dueMs: EpochMs): FlatCheck => ({
  dueMs,
  checks: (check?.checks ?? 0) + 1,
  firstZeroMs: check?.firstZeroMs ?? null,
  raisedMs: check?.raisedMs ?? null,
  ...(check?.movedMs === undefined ? {} : { movedMs: check.movedMs }),
});

const armed = (atMs: EpochMs): Breaker => ({
  status: "ARMED",
  trips: [],
  trippedAtMs: atMs,
  check: null,
  provenAtMs: null,
  resetAtMs: null,
});
