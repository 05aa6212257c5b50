// Moves the market's clock in lockstep: at each instant the feeds play, then the jobs run, and the clock stands still until
// every account has been told. Each part can be repeated after a crash without having another effect.
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";
import type { PlannedJob } from "../../src/core/session/day-plan.ts";
import { type Job, jobKeyOf } from "../../src/core/session/job.ts";
import { type FeedsDue, nextStep, playableUntil, type SessionStep } from "../../src/core/session/next-step.ts";
import type { JobsRpc } from "../../src/ports/jobs.ts";
import type { MarketFeedRpc } from "../../src/ports/objects.ts";
import type { BatchWatch } from "./batch-watch.ts";

export interface ConductorDeps {
  feed(underlying: Underlying): MarketFeedRpc;
  readonly jobs: Pick<JobsRpc, "run">;
  readonly batches: BatchWatch;
  /** The jobs not carried out yet, in the order of the plan. */
  jobsLeft(): readonly PlannedJob[];
  jobDone(job: Job, atMs: EpochMs): Promise<void>;
  isRunning(): boolean;
  nowMs(): EpochMs;
  /** Everything up to this instant has been carried out. */
  reached(atMs: EpochMs): void;
}

/** REACHED: nothing more is due up to the target. YIELDED: there is, but the turn was long enough. */
export type Advance =
  | { readonly kind: "REACHED" | "YIELDED" | "FINISHED" | "HELD" }
  | { readonly kind: "FAILED"; readonly reason: string };

/** After this long without a report the job is run again, which sends the missing batches again. */
const SILENCE_MS = 10_000;
const SILENCES_MAX = 6;
/** Orders that come in by themselves make something due at a feed; they are noticed at least this often. */
const LOOK_AGAIN_MS = 250;

export class Conductor {
  readonly #deps: ConductorDeps;
  /** What each feed last said; null = has to be asked. */
  #due: FeedsDue | null = null;
  #askedWallMs = 0;
  /** Feeds with accounts that could not be told, as far as this instance knows. */
  readonly #behind = new Set<Underlying>();

  constructor(deps: ConductorDeps) {
    this.#deps = deps;
  }

  /**
   * Carries out what is due up to the target, or all there is when it is null, for about `turnMs`. The target is asked for at
   * each step, because the speed may be changed in the middle of a turn. Throws what may pass.
   */
  async advance(target: () => EpochMs | null, turnMs: number): Promise<Advance> {
    const deps = this.#deps;
    const untilWallMs = Date.now() + turnMs;
    this.#due = null;
    while (deps.isRunning()) {
      const step = nextStep(await this.#feedsDue(), deps.jobsLeft(), deps.nowMs());
      if (step === null) {
        await this.#tellEverybody();
        return { kind: "FINISHED" };
      }
      const targetMs = target();
      if (targetMs !== null && step.atMs > targetMs) {
        deps.reached(targetMs);
        return { kind: "REACHED" };
      }
      const failure = await this.#carryOut(step, targetMs);
      if (failure !== null) return { kind: "FAILED", reason: failure };
      if (Date.now() >= untilWallMs) return { kind: "YIELDED" };
    }
    return { kind: "HELD" };
  }

  async #carryOut(step: SessionStep, targetMs: EpochMs | null): Promise<string | null> {
    const { feeds, jobs } = step;
    const atMs = targetMs === null ? step.atMs : playableUntil(step, this.#due, this.#deps.jobsLeft(), targetMs);
    for (const underlying of feeds) await this.#play(underlying, atMs);
    this.#deps.reached(atMs);
    if (jobs.length > 0) await this.#tellThoseBehind();
    for (const { job } of jobs) {
      // Paused in between: the rest of the instant follows when the session goes on.
      if (!this.#deps.isRunning()) return null;
      const failure = await this.#runJob(job, atMs);
      if (failure !== null) return `${jobKeyOf(job)}: ${failure}`;
      await this.#deps.jobDone(job, atMs);
      this.#due = null;
    }
    return null;
  }

  async #play(underlying: Underlying, atMs: EpochMs): Promise<void> {
    const feed = this.#deps.feed(underlying);
    const { triggersFired, reports, untold } = await feed.playUntil(atMs);
    if (untold !== undefined) this.#behind.add(underlying);
    // Accounts that were told something may have given work to any feed.
    if (triggersFired + reports > 0) this.#due = null;
    else if (this.#due !== null) this.#due = { ...this.#due, [underlying]: await feed.nextDueMs() };
  }

  /** Who could not be told, and can be now, is told before the jobs of an instant; nobody waits for the others. */
  async #tellThoseBehind(): Promise<void> {
    for (const underlying of this.#behind) {
      const untold = await this.#deps.feed(underlying).untold({ tryNow: true });
      if (untold.length === 0) this.#behind.delete(underlying);
      this.#due = null;
    }
  }

  /** A day is over when everybody has been told of it. Throws until then. */
  async #tellEverybody(): Promise<void> {
    for (const underlying of UNDERLYINGS) {
      const [first, ...others] = await this.#deps.feed(underlying).untold({ tryNow: true });
      if (first === undefined) continue;
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      throw new Error(`${underlying} cannot tell ${first.accountId}${more}: ${first.error}`);
    }
  }

  /** Null when the job is complete, else why it cannot be. */
  async #runJob(job: Job, atMs: EpochMs): Promise<string | null> {
    const { jobs, batches } = this.#deps;
    batches.begin();
    for (let silences = 0; ; silences += 1) {
      const { batchIds, failure } = await jobs.run(job, atMs);
      if (failure !== null) return failure;
      const result = await batches.wait(batchIds, SILENCE_MS);
      if (result.kind === "DONE") return null;
      if (result.kind === "FAILED") return result.reason;
      if (silences === SILENCES_MAX) return `no answer from ${batchIds.length} batches, ${batchIds[0]} among them`;
    }
  }

  async #feedsDue(): Promise<FeedsDue> {
    const wallMs = Date.now();
    if (this.#due !== null && wallMs - this.#askedWallMs < LOOK_AGAIN_MS) return this.#due;
    const due = await Promise.all(UNDERLYINGS.map((underlying) => this.#deps.feed(underlying).nextDueMs()));
    this.#askedWallMs = wallMs;
    this.#due = Object.fromEntries(
      UNDERLYINGS.map((underlying, index) => [underlying, due[index] ?? null]),
    ) as FeedsDue;
    return this.#due;
  }
}
