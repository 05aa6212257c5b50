// A definition at work in an account: its life, its parameters as they stand now, what it holds, and what it has done.
import type { Underlying } from "../../instrument/contract.ts";
import type { Paise } from "../../kernel/money.ts";
import type { EpochMs, MarketDate } from "../../kernel/time.ts";
import type { ClientOrderId } from "../../order/order.ts";
import type { LegPlan, PositionPlan } from "./context.ts";

/**
 * STOPPED: decides nothing. RUNNING: enters and leaves. PAUSED: leaves what it holds when its time has come, enters nothing.
 * ERROR: it could not decide; what it holds keeps its stops, and nothing else happens until a person resets it (STR-02).
 */
export const INSTANCE_STATES = ["STOPPED", "RUNNING", "PAUSED", "ERROR"] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

export const INSTANCE_ACTIONS = ["start", "pause", "resume", "stop", "reset"] as const;
export type InstanceAction = (typeof INSTANCE_ACTIONS)[number];

/** From where an action may be taken, and where it leads. */
export const TRANSITIONS: Readonly<
  Record<InstanceAction, { readonly from: readonly InstanceState[]; readonly to: InstanceState }>
> = {
  start: { from: ["STOPPED"], to: "RUNNING" },
  pause: { from: ["RUNNING"], to: "PAUSED" },
  resume: { from: ["PAUSED"], to: "RUNNING" },
  stop: { from: ["RUNNING", "PAUSED", "ERROR"], to: "STOPPED" },
  reset: { from: ["ERROR"], to: "STOPPED" },
};

export interface InstanceMetrics {
  /** Windows in which it wanted to enter; entries of them that were sent, and denials. */
  readonly signals: number;
  readonly entries: number;
  readonly denials: number;
  /** Positions that came to an end, and those of them that had won before charges. */
  readonly closed: number;
  readonly won: number;
  /** Before charges. */
  readonly realisedPaise: Paise;
  readonly errors: number;
}

/** The entry it has made last, until what came of it is flat again. */
export interface OpenByStrategy {
  /** Name of the definition's entry. */
  readonly entry: string;
  /** Null: one order and no list. */
  readonly listId: ClientOrderId | null;
  readonly sets: number;
  readonly plan: PositionPlan | null;
  /** By instrument id. */
  readonly legPlans: Readonly<Record<string, LegPlan>>;
  readonly timeExitMs: EpochMs | null;
  /** Its exits have been set: of one order at its first execution, of a list once it is whole. */
  readonly isArmed: boolean;
  /** Its order or list, whose first execution counts among the day's entries whatever has been entered since. */
  readonly entryId?: ClientOrderId;
  /** Of journals without `entryId`: false where the next execution of an entry counts; absent: it counted when it was sent. */
  readonly isCounted?: boolean;
  readonly realisedPaise: Paise;
}

export interface EntriesOfDay {
  readonly date: MarketDate;
  /** That dealt. */
  readonly entries: number;
  /** When the last one was sent. */
  readonly lastMs: EpochMs;
  /** Orders and lists that were sent and have not dealt yet: one that was given up may deal all the same, and counts then. */
  readonly undealt?: readonly ClientOrderId[];
}

export interface StrategyInstance {
  readonly instanceId: string;
  /** Where the definition was taken from. */
  readonly strategyId: string;
  /** StrategyDefinition and ParameterValues as text (see text.ts). */
  readonly definitionText: string;
  /** Hex SHA-256 of the definition's text. */
  readonly hash: string;
  readonly underlying: Underlying;
  readonly parametersText: string;
  readonly state: InstanceState;
  /** Why it stands where it stands. */
  readonly reason: string;
  readonly metrics: InstanceMetrics;
  readonly open: OpenByStrategy | null;
  readonly loadedAtMs: EpochMs;
  readonly changedAtMs: EpochMs;
  /** Of the day of `date`; another day begins at none. */
  readonly entriesOfDay: EntriesOfDay | null;
  /** What it last decided, where that was something new. */
  readonly last: { readonly atMs: EpochMs; readonly action: StrategyAction; readonly reason: string } | null;
}

export type StrategyAction = "ENTERED" | "EXITED" | "DENIED" | "HELD";
