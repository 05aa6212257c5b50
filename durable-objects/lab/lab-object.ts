// One run of the lab, worked off step by step: every alarm does one step, writes down what it has come to, and sets the next. A
// runtime that dies in between costs at most that step; nothing a run does reaches an account or a venue.
import { DurableObject } from "cloudflare:workers";
import { reportRun } from "../../src/adapters/storage/lab-runs.ts";
import { isOutcome, type LabOutcome, type LabTask } from "../../src/core/lab/lab-task.ts";
import type { AppEnv } from "../../src/env.ts";
import type { LabRpc, LabRunView, LabStart } from "../../src/ports/lab.ts";
import { lstmKernel, shippedModel } from "../../src/wiring-models.ts";
import { openBacktest } from "./backtest-task.ts";
import { LabStore, type StoredRun } from "./lab-store.ts";
import { openTraining } from "./training-task.ts";

/** A step that fails is done again so often, each time after a longer pause. */
const FAILURES_MAX = 4;
const RETRY_MS = 500;
/** How long one alarm goes on with further steps before it writes to D1 and lets others in. */
const TURN_MS = 1_000;

export class LabObject extends DurableObject<AppEnv> implements LabRpc {
  readonly #store: LabStore;
  /** Between steps the work stays in memory; after an eviction it is opened from what was saved. */
  #task: LabTask | null = null;

  constructor(ctx: DurableObjectState, env: AppEnv) {
    super(ctx, env);
    this.#store = new LabStore(ctx.storage);
  }

  async start(run: LabStart): Promise<LabRunView> {
    const stored = this.#store.current ?? this.#store.begin(run);
    if (isUnderWay(stored)) await this.ctx.storage.setAlarm(Date.now());
    return viewOf(stored);
  }

  async view(): Promise<LabRunView | null> {
    return this.#store.current === null ? null : viewOf(this.#store.current);
  }

  async cancel(by: string): Promise<LabRunView | null> {
    const stored = this.#store.current;
    if (stored === null) return null;
    if (!isUnderWay(stored) || stored.isKeeping) return viewOf(stored);
    this.#task = null;
    const canceled = this.#store.update({ state: "CANCELED", note: `canceled by ${by}` }, null);
    await this.#report();
    return viewOf(canceled);
  }

  override async alarm(): Promise<void> {
    const stored = this.#store.current;
    if (stored === null) return;
    if (!isUnderWay(stored)) return this.#report();
    try {
      await this.#turn(stored);
    } catch (failure) {
      await this.#failed(stored, failure);
      return;
    }
    await this.#report();
    if (this.#isUnderWay()) await this.ctx.storage.setAlarm(Date.now());
  }

  /** Steps until the turn is over, or the work is. */
  async #turn(stored: StoredRun): Promise<void> {
    const task = this.#task ?? (await this.#open(stored));
    this.#task = task;
    for (const untilMs = Date.now() + TURN_MS; ; ) {
      const answer = await task.step();
      // A cancel that came while the step was waiting stands.
      if (!this.#isUnderWay()) return;
      if (isOutcome(answer)) return this.#over(answer);
      this.#store.update(
        { state: "RUNNING", progressBps: answer.doneBps, note: answer.note, failures: 0 },
        task.save(),
      );
      if (Date.now() >= untilMs) return;
      // Lets a cancel in between two steps.
      await scheduler.wait(0);
      if (!this.#isUnderWay()) return;
    }
  }

  #open({ run }: StoredRun): Promise<LabTask> {
    const { request } = run;
    const saved = this.#store.saved();
    const env = { db: this.env.DB, kernel: lstmKernel() };
    if (request.kind === "TRAINING") return openTraining(env, { ...run, request }, saved);
    return openBacktest({ ...env, shipped: shippedModel() }, { ...run, request }, saved);
  }

  async #over(outcome: LabOutcome): Promise<void> {
    if (!outcome.ok) {
      this.#task = null;
      this.#store.update({ state: "FAILED", note: outcome.reason }, null);
      return;
    }
    if (outcome.keep !== undefined) {
      this.#store.update({ isKeeping: true, note: "keeping the result" });
      await outcome.keep();
    }
    this.#task = null;
    const result = JSON.stringify(outcome.result);
    this.#store.update({ state: "DONE", progressBps: 10_000, note: "done", result }, null);
  }

  async #failed({ failures }: StoredRun, failure: unknown): Promise<void> {
    this.#task = null;
    if (!this.#isUnderWay()) return;
    const { runId } = this.#store.update({ failures: failures + 1 }).run;
    console.error(JSON.stringify({ at: "lab", runId, failures: failures + 1, failure: String(failure) }));
    if (failures + 1 >= FAILURES_MAX) {
      this.#store.update({ state: "FAILED", note: `gave up after ${FAILURES_MAX} failures: ${String(failure)}` }, null);
      await this.#report();
      return;
    }
    await this.ctx.storage.setAlarm(Date.now() + RETRY_MS * 2 ** failures);
  }

  /** D1 is told until it has taken it; for a run that is over this is what the next alarm is for. */
  async #report(): Promise<void> {
    const stored = this.#store.current;
    if (stored === null || stored.isReported) return;
    try {
      await reportRun(this.env.DB, { ...viewOf(stored), result: stored.result, changedAtMs: Date.now() });
      if (!isUnderWay(stored)) this.#store.update({ isReported: true });
    } catch (failure) {
      console.error(JSON.stringify({ at: "lab", runId: stored.run.runId, failure: String(failure) }));
      if (!isUnderWay(stored)) await this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
    }
  }

  #isUnderWay(): boolean {
    return this.#store.current !== null && isUnderWay(this.#store.current);
  }
}

const isUnderWay = ({ state }: StoredRun): boolean => state === "QUEUED" || state === "RUNNING";

const viewOf = ({ run, state, progressBps, note }: StoredRun): LabRunView => ({
  runId: run.runId,
  kind: run.request.kind,
  accountId: run.accountId,
  state,
  progressBps,
  note,
});
