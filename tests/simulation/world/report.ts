// What is asked of a run of the simulation, and what it says of itself. No imports: the command that prints it runs on its own.

export interface CrashPoint {
  /** Number among all calls made by or to an account, all alarms and all timers of its object. */
  readonly call: number;
  readonly stage: CrashStage;
}

/** Where an eviction strikes, seen from one call. */
export const CRASH_STAGES = ["BEFORE_IT_LEAVES", "AFTER_ITS_EFFECT", "WITH_THE_ANSWER", "AFTER_THE_ANSWER"] as const;
export type CrashStage = (typeof CRASH_STAGES)[number];

/** One of each kind of request, undisturbed but for one eviction: about single orders, and about several that are one intent. */
export const SCRIPTS = ["ORDERS", "LISTS"] as const;
export type Script = (typeof SCRIPTS)[number];

/** DAYS: two days of random work under random faults. */
export interface RunRequest {
  readonly seed: number;
  readonly plan?: "DAYS" | Script;
  readonly crash?: CrashPoint;
  readonly isVerbose?: boolean;
  /** Whether one client order id sent twice is one order at the venue; left out, the seed says so: every third. */
  readonly takesRepeats?: boolean;
  readonly wantsJournals?: boolean;
}

/** A row of the journal as it is stored. */
export interface JournalRow {
  readonly sequence: number;
  readonly at_ms: number;
  readonly type: string;
  readonly event: string;
  readonly hash: string;
}

export interface SeedResult {
  readonly seed: number;
  readonly crash: CrashPoint | null;
  /** Calls made by or to an account, alarms and timers: the points at which it could have been evicted. */
  readonly calls: number;
  readonly journals?: readonly (readonly JournalRow[])[];
  /** Orders the venue has received. */
  readonly orders: number;
  /** Orders that were refused before they left. */
  readonly denied: number;
  readonly events: number;
  readonly fills: number;
  readonly lost: number;
  readonly doubled: number;
  readonly breaches: number;
  readonly unresolved: number;
  /** One sentence for everything that is wrong; empty for a seed that has passed. */
  readonly problems: readonly string[];
  readonly flatMs: readonly number[];
  /** From each trip of a circuit breaker to its proof of flat: in all, and less the time during which the venue was down. */
  readonly proven: readonly { readonly wholeMs: number; readonly readableMs: number }[];
  /** How long those were under way that somebody lifted before they were proven. */
  readonly liftedMs: readonly number[];
  readonly injected: Readonly<Record<string, number>>;
  readonly insaneEntries: Readonly<Record<string, number>>;
  /** Combinations and sliced orders, by how they ended. */
  readonly listEnds: Readonly<Record<string, number>>;
  readonly happenings: number;
  /** SHA-256 over everything that happened and the heads of all journals. */
  readonly hash: string;
  readonly wallMs: number;
}

/** One change to one file of the product, made when it is loaded. */
export interface Mutation {
  /** End of the file's path. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface WorkerTask {
  readonly mutations?: readonly Mutation[];
  /** Every state on the way is checked, not only the last one. */
  readonly isThorough?: boolean;
}

export type WorkerAnswer =
  | { readonly result: SeedResult; readonly lines: readonly string[] }
  | { readonly failure: string; readonly lines: readonly string[] };

export interface Spread {
  readonly times: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Summary {
  readonly seeds: number;
  readonly orders: number;
  readonly lost: number;
  readonly doubled: number;
  readonly breaches: number;
  readonly unresolved: number;
  readonly wallMs: number;
  readonly failures: readonly number[];
  readonly denied: number;
  readonly fills: number;
  readonly events: number;
  /** Objects dropped in mid-work, and every fault that was injected, by kind. */
  readonly injected: Readonly<Record<string, number>>;
  readonly killSwitch: Spread;
  /** Trips of circuit breakers that ended in a proof (the venue read twice), outages of the venue and all. */
  readonly provenFlat: Spread;
  /** The same trips, every one of them, less the time during which the venue was down and nothing could be read or given. */
  readonly provenFlatReadable: Spread;
  /** Trips that somebody lifted before they were proven, and how long they had been under way by then. */
  readonly liftedUnproven: Spread;
  readonly insaneEntries: Readonly<Record<string, number>>;
  readonly listEnds: Readonly<Record<string, number>>;
}

export function summaryOf(results: readonly SeedResult[], wallMs: number): Summary {
  const sum = (of: (result: SeedResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    seeds: results.length,
    orders: sum(({ orders }) => orders),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    breaches: sum(({ breaches }) => breaches),
    unresolved: sum(({ unresolved }) => unresolved),
    wallMs: Math.round(wallMs),
    failures: results.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed),
    denied: sum(({ denied }) => denied),
    fills: sum(({ fills }) => fills),
    events: sum(({ events }) => events),
    injected: added(results.map(({ injected }) => injected)),
    killSwitch: spread(results.flatMap(({ flatMs }) => flatMs)),
    provenFlat: spread(results.flatMap(({ proven }) => proven.map(({ wholeMs }) => wholeMs))),
    provenFlatReadable: spread(results.flatMap(({ proven }) => proven.map(({ readableMs }) => readableMs))),
    liftedUnproven: spread(results.flatMap(({ liftedMs }) => liftedMs)),
    insaneEntries: added(results.map(({ insaneEntries }) => insaneEntries)),
    listEnds: added(results.map(({ listEnds }) => listEnds)),
  };
}

function spread(durations: readonly number[]): Spread {
  const sorted = [...durations].sort((one, other) => one - other);
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { times: sorted.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: sorted.at(-1) ?? 0 };
}

function added(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const count of counts)
    for (const [name, times] of Object.entries(count)) total[name] = (total[name] ?? 0) + times;
  return Object.fromEntries(Object.entries(total).sort(([one], [other]) => (one < other ? -1 : 1)));
}
