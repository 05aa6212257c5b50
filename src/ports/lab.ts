// What the lab is asked for and what it answers: each a run of its own that works in steps.
import type { Category } from "../core/account/profile.ts";
import type { Underlying } from "../core/instrument/contract.ts";
import type { Paise } from "../core/kernel/money.ts";
import type { MarketDate } from "../core/kernel/time.ts";
import type { SwitchingChoice } from "../core/prediction/direction-switching.ts";
import type { ReliabilityBin } from "../core/prediction/evaluation/reliability.ts";
import type { Drift, ModelEvidence, PromotionCheck } from "../core/prediction/promotion.ts";
import type { ParameterValues, StrategyDefinition } from "../core/strategy/definition/definition.ts";

export const LAB_KINDS = ["TRAINING", "BACKTEST", "SWEEP"] as const;
export type LabKind = (typeof LAB_KINDS)[number];

export interface TrainingRequest {
  readonly kind: "TRAINING";
  /** The last day to learn from; null: the last there is. */
  readonly to: MarketDate | null;
  /** Trading days to learn from, calibration included (ML-01). */
  readonly windowDays: number;
  readonly seed: number;
}

/** OPTIONS: the platform's own day on modelled premiums. INDEX: a named rule on the index itself. */
export const BACKTEST_LEVELS = ["OPTIONS", "INDEX"] as const;

/** What is to be played, frozen when it was asked for: what becomes of the strategy later does not change the run. */
export interface BacktestRequest {
  readonly kind: "BACKTEST" | "SWEEP";
  readonly level: (typeof BACKTEST_LEVELS)[number];
  /** What the strategy was called: an id, a rule of the index engine, "signals", or a definition's name. */
  readonly strategy: string;
  /** Null for a rule of the index engine and for the platform's own signals. */
  readonly definition: StrategyDefinition | null;
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly category: Category;
  readonly capitalPaise: Paise;
  readonly seed: number;
  /** Whose views: "guided", "rules", or a model's id; absent of older requests and on the index, which have the rules' or none. */
  readonly predictor?: string;
  /** Of an edge run: what India VIX × 100 stands at every day. */
  readonly edgeVixCenti?: number;
  /** How views turn that are traded without a strategy; absent elsewhere, and of older requests, which have the rules' terms. */
  readonly switching?: Required<SwitchingChoice>;
  /** Values of all parameters; a backtest has one set. */
  readonly sets: readonly ParameterValues[];
}

export type LabRequest = TrainingRequest | BacktestRequest;
export const LAB_STATES = ["QUEUED", "RUNNING", "DONE", "FAILED", "CANCELED"] as const;
export type LabState = (typeof LAB_STATES)[number];

export interface LabRunView {
  readonly runId: string;
  readonly kind: LabKind;
  readonly accountId: string | null;
  readonly state: LabState;
  readonly progressBps: number;
  readonly note: string;
}

export interface LabStart<Request extends LabRequest = LabRequest> {
  readonly runId: string;
  readonly accountId: string | null;
  readonly startedBy: string;
  readonly request: Request;
}

/** As many runs of one account may be under way at a time. */
export const RUNS_UNDER_WAY_MAX = 4;

/** One object per run, named by its id. */
export interface LabRpc {
  /** Starting the same run again changes nothing. */
  start(run: LabStart): Promise<LabRunView>;
  view(): Promise<LabRunView | null>;
  /** A run that is over stays as it is. */
  cancel(by: string): Promise<LabRunView | null>;
}

/** What a model has shown, and whether it still does. */
export interface ShownEvidence extends ModelEvidence {
  /** Empty of one that would replace nobody. */
  readonly beside: readonly PromotionCheck[];
  readonly drift: Drift;
  readonly reliability: readonly ReliabilityBin[];
}

export const MODEL_ACTIONS = ["PROMOTE", "ROLL_BACK", "RETIRE"] as const;

export interface ModelAction {
  readonly action: (typeof MODEL_ACTIONS)[number];
  /** ROLL_BACK takes back the promoted one, whichever it is. */
  readonly modelId: string;
  readonly by: string;
  readonly reason: string;
}
