// A definition at work in an account: its life, its parameters as they stand now, and what it has done.
import type { Underlying } from "../../instrument/contract.ts";
import type { Paise } from "../../kernel/money.ts";
import type { EpochMs, MarketDate } from "../../kernel/time.ts";
import type { ParameterValues, StrategyDefinition } from "./definition.ts";

/** ERROR is left by a reset alone, which leads to STOPPED (STR-02). */
export const INSTANCE_STATES = ["STOPPED", "RUNNING", "PAUSED", "ERROR"] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

export interface InstanceMetrics {
  /** Windows in which it wanted to enter. */
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

export interface StrategyInstance {
  readonly instanceId: string;
  /** Of the table the definition was taken from. */
  readonly strategyId: string;
  readonly definition: StrategyDefinition;
  /** Hex SHA-256 of the definition's canonical JSON. */
  readonly hash: string;
  readonly underlying: Underlying;
  readonly parameters: ParameterValues;
  readonly state: InstanceState;
  /** Why it stands where it stands. */
  readonly reason: string;
  readonly metrics: InstanceMetrics;
  readonly loadedAtMs: EpochMs;
  readonly changedAtMs: EpochMs;
  /** Of the day of `date`; another day begins at none. */
  readonly day: { readonly date: MarketDate; readonly entries: number; readonly lastEntryMs: EpochMs } | null;
  /** What it last decided, where that was something new. */
  readonly last: { readonly atMs: EpochMs; readonly action: string; readonly reason: string } | null;
}
