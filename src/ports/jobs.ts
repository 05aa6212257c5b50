// What the jobs entrypoint answers to, as types: running a step of the day, holding a day's books against each other, and the
// operator's switches. The edge asks it; cron and the session's clock call the same functions.
import type { Underlying } from "../core/instrument/contract.ts";
import type { Result } from "../core/kernel/result.ts";
import type { EpochMs, MarketDate } from "../core/kernel/time.ts";
import type { ModelRecord, RegistryRefusal } from "../core/prediction/registry.ts";
import type { BreakerCause, BreakerEvidence } from "../core/risk/circuit-breaker.ts";
import type { Job } from "../core/session/job.ts";
import type { BarDay } from "./history.ts";
import type { LabStart, ModelAction, ShownEvidence } from "./lab.ts";

export type JobState = "RUNNING" | "SENT" | "DONE" | "FAILED";

/** Where a job stands after it was asked to be run again. */
export interface JobRerun {
  readonly jobKey: string;
  readonly state: JobState;
}

/** Why a job is not run again. */
export interface JobRefusal {
  readonly code: "JOB_NOT_FOUND" | "JOB_NOT_RERUNNABLE";
  readonly detail: string;
}

/** `batchIds`: the account batches that are still out; none when the job is complete. `failure`: it cannot be completed. */
export interface JobOutcome {
  readonly batchIds: readonly string[];
  readonly failure: string | null;
}

export interface InvariantCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A day in figures, over all accounts of the session. */
export interface DayTotals {
  readonly cycles: number;
  readonly signals: number;
  readonly orders: {
    readonly submitted: number;
    readonly filled: number;
    readonly denied: number;
    readonly rejected: number;
    readonly canceled: number;
  };
  readonly trades: number;
  /** Realised by fills, before charges. */
  readonly grossPaise: number;
  readonly chargesPaise: number;
  readonly feePaise: number;
  /** GST on the fee. */
  readonly gstPaise: number;
  readonly taxLockPaise: number;
  readonly payoutPaise: number;
  readonly openPositions: number;
  readonly ledger: {
    readonly entries: number;
    readonly sumPaise: number;
    readonly checkpoint: { readonly size: number; readonly root: string } | null;
  };
  readonly notifications: number;
}

export interface DayVerification {
  readonly invariants: readonly InvariantCheck[];
  readonly totals: DayTotals;
}

/** What the operator stops: everything, or one underlying for everybody. */
export type PlatformScope = "PLATFORM" | Underlying;

/** One switch of the operator; `changeNo` orders them all. A halt and the resume that ends it carry the same `haltId`. */
export interface PlatformSwitch {
  readonly changeNo: number;
  readonly haltId: string;
  readonly action: "HALT" | "RESUME";
  readonly scope: PlatformScope;
  readonly reason: string;
  readonly byKey: string;
  readonly atMs: number;
  /** When every feed had closed or opened its gate; null while one has not. */
  readonly gatedMs: number | null;
  /** What the platform's own breaker saw, as JSON of `BreakerEvidence`; both null where a person threw it. */
  readonly cause: Exclude<BreakerCause, "MANUAL"> | null;
  readonly evidence: string | null;
}

export type SwitchRequest = Pick<PlatformSwitch, "action" | "scope" | "reason" | "byKey">;

/** The breaker's own switch. It is thrown only while the scope stands as it was looked at: `afterChangeNo`, 0 for never switched. */
export interface BreakerSwitch extends SwitchRequest {
  readonly cause: Exclude<BreakerCause, "MANUAL">;
  readonly evidence: BreakerEvidence;
  readonly afterChangeNo: number;
}

/** How far the read models of an account have been made again, and how much was written for it. */
export interface RebuiltPage {
  readonly throughSequence: number;
  readonly isComplete: boolean;
  readonly rows: number;
  readonly ledgerEntries: number;
  readonly notifications: number;
}

/** The jobs entrypoint: the same functions for cron triggers and for the virtual clock. */
/** Accounts whose read models are being made again, by how far they are, and what it came to. */
export interface RebuildCounts {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
  readonly written: number;
}

export interface JobsRpc {
  /** Runs a job as of an instant. A job that was carried out before has no effect and no batches. */
  run(job: Job, atMs: EpochMs): Promise<JobOutcome>;
  /** Runs a failed job again, or opens it for the failed session to run. */
  rerun(jobKey: string): Promise<Result<JobRerun, JobRefusal>>;
  /** Holds a day's books against each other: journals, read models, ledger, queues. */
  verifyDay(date: MarketDate): Promise<DayVerification>;
  /** Stops the platform or an underlying for everybody, or ends that. Repeating it takes up what was left; null: nothing to end. */
  switchPlatform(request: SwitchRequest): Promise<PlatformSwitch | null>;
  /** Tells the accounts of the open day what may not be opened now. Returns how many were told. */
  spreadRestrictions(): Promise<number>;
  /** Has every active account compared with the venue; a run under way is taken up. Returns the job's key. */
  reconcileAccounts(): Promise<string>;
  /** Keeps days of the market's history; one that is there already stays, unless it is to be replaced. */
  keepHistory(days: readonly BarDay[], replace: boolean): Promise<void>;
  /** Changes the state of models by the registry's rules; answers the records as they are then. */
  actOnModel(action: ModelAction): Promise<Result<readonly ModelRecord[], RegistryRefusal>>;
  /** What a model has shown on days it had not learned from; null while nothing is scored. */
  modelEvidence(modelId: string): Promise<ShownEvidence | null>;
  /**
   * Writes the run down and has its object begin; the same id again begins what was written down first. False where as many of
   * the account are under way as may be: nothing has been begun then.
   */
  startLabRun(run: LabStart): Promise<boolean>;
  /** Makes what D1 shows of an account again from its journal, a stretch at a time; null: there is no such account. */
  rebuild(accountId: string, afterSequence: number): Promise<RebuiltPage | null>;
  /** The same for many accounts over a queue; null: for all that are listed, or those that are under way. */
  rebuildAll(accountIds: readonly string[] | null): Promise<RebuildCounts>;
  /** Sends a dead letter to its queue again. False when there is no such letter waiting. */
  replayDeadLetter(id: string): Promise<boolean>;
}
