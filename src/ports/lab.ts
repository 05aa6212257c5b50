// What the lab is asked for and what it answers: each a run of its own that works in steps.
import type { MarketDate } from "../core/kernel/time.ts";
import type { Drift, ModelEvidence } from "../core/prediction/promotion.ts";

export const LAB_KINDS = ["TRAINING"] as const;
export type LabKind = (typeof LAB_KINDS)[number];

export interface TrainingRequest {
  readonly kind: "TRAINING";
  /** The last day to learn from; null: the last there is. */
  readonly to: MarketDate | null;
  /** Trading days to learn from, calibration included (ML-01). */
  readonly windowDays: number;
  readonly seed: number;
}

export type LabRequest = TrainingRequest;
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

export interface LabStart {
  readonly runId: string;
  readonly accountId: string | null;
  readonly startedBy: string;
  readonly request: LabRequest;
}

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
  readonly drift: Drift;
}

export const MODEL_ACTIONS = ["PROMOTE", "ROLL_BACK", "RETIRE"] as const;

export interface ModelAction {
  readonly action: (typeof MODEL_ACTIONS)[number];
  /** ROLL_BACK takes back the promoted one, whichever it is. */
  readonly modelId: string;
  readonly by: string;
  readonly reason: string;
}
