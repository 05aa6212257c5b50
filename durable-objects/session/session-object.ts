// The conductor of a replay: it owns the virtual clock, and its status is written down before it acts on it. After a crash the
// step it was in is done again; nobody it talks to lets that have a second effect.
import { DurableObject } from "cloudflare:workers";
import { failedJobOf } from "../../src/adapters/read-models/operations.ts";
import { writeLoadedSession } from "../../src/adapters/storage/session-rows.ts";
import { signalsOfCycle } from "../../src/adapters/storage/signal-rows.ts";
import { isDayOver } from "../../src/core/account/decide-day.ts";
import { UNDERLYINGS } from "../../src/core/instrument/contract.ts";
import { assert } from "../../src/core/kernel/assert.ts";
import { inLanes } from "../../src/core/kernel/in-lanes.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import { type EpochMs, epochMs, type MarketDate, MS_PER_MINUTE } from "../../src/core/kernel/time.ts";
import type { RecordedSession } from "../../src/core/market/recorded-session.ts";
import { cycleAt, cyclePhaseAt } from "../../src/core/session/cycle.ts";
import { dayEndMs, dayPlan, type PlannedJob } from "../../src/core/session/day-plan.ts";
import { cycleIdOf, type Job, jobKeyOf } from "../../src/core/session/job.ts";
import { marketNow, type SessionClock } from "../../src/core/session/session-clock.ts";
import type { AppEnv } from "../../src/env.ts";
import type { JobsRpc } from "../../src/ports/jobs.ts";
import type { SessionRefusal, SessionRpc, SessionStatus, SessionView } from "../../src/ports/objects.ts";
import { BatchWatch } from "./batch-watch.ts";
import { type Advance, Conductor } from "./conductor.ts";
import { SessionStore, type StoredSession } from "./session-store.ts";
import { SessionStream } from "./session-stream.ts";

type Reply = Promise<Result<SessionView, SessionRefusal>>;

/** How long one alarm works before it lets others in, and how often the clock of a paced session is looked at. */
const TURN_MS = 2_000;
const PACE_MS = 250;
const PACE_MAX_MS = 1_500;
const PACE_TURNS = 4;
/** If the runtime dies within a turn, this alarm is what goes on. */
const WATCHDOG_MS = 15_000;
const RETRY_MS = 200;
const RETRY_MAX_MS = 5_000;
const FAILURES_MAX = 8;
/** A paced session that has fallen this far behind lets its clock stand and go on from where it is. */
const LAG_MAX_MS = 500;
const SPEED_MIN = 1;
const SPEED_MAX = 3_600;
/** When a failed session goes on, the market runs this long before the next job: orders given for the repair are dealt first. */
const REPAIR_MS = MS_PER_MINUTE;
const ACCOUNT_LANES = 16;
/** The jobs entrypoint of this Worker, through the runtime's loopback. */
interface Loopback {
  readonly exports: { readonly Jobs: JobsRpc };
}

export class SessionObject extends DurableObject<AppEnv> implements SessionRpc {
  readonly #store: SessionStore;
  readonly #batches = new BatchWatch();
  readonly #conductor: Conductor;
  readonly #stream: SessionStream;
  /** Everything up to here has been carried out; written down less often than it moves. */
  #nowMs: EpochMs;
  #plan: { readonly date: MarketDate; readonly jobs: readonly PlannedJob[] } | null = null;
  #hasResumed = false;
  #failures = 0;

  constructor(ctx: DurableObjectState, env: AppEnv) {
    super(ctx, env);
    this.#store = new SessionStore(ctx.storage);
    this.#nowMs = this.#store.current?.nowMs ?? epochMs(0);
    this.#stream = new SessionStream(ctx, () => this.#view());
    this.#conductor = new Conductor({
      feed: (underlying) => env.MARKET_FEED.getByName(underlying),
      jobs: { run: (job, atMs) => (ctx as unknown as Loopback).exports.Jobs.run(job, atMs) },
      batches: this.#batches,
      jobsLeft: () => this.#jobsLeft(),
      jobDone: (job, atMs) => this.#jobDone(job, atMs),
      isRunning: () => this.#store.current?.status === "RUNNING",
      nowMs: () => this.#nowMs,
      reached: (atMs) => this.#reached(atMs),
    });
    if (this.#isReplay && this.#store.current?.status === "RUNNING") void ctx.storage.setAlarm(Date.now());
  }

  async load(session: RecordedSession, accountIds: readonly string[]): Reply {
    if (!this.#isReplay) return NOT_PLAYED_HERE;
    if (this.#isUnderWay()) return STOP_FIRST;
    const unfit = await this.#unfitAccount(accountIds, session.date);
    if (unfit !== null) return err(unfit);
    // While the accounts were asked somebody may have started the session that was there.
    if (this.#isUnderWay()) return STOP_FIRST;
    const plan = dayPlan(session.date, session);
    const nowMs = plan[0]?.atMs ?? session.openMs;
    this.#store.begin({
      status: "LOADING",
      session,
      accountIds: [...accountIds].sort(),
      nowMs,
      clock: standing(nowMs),
      failure: null,
    });
    this.#nowMs = nowMs;
    this.#plan = null;
    await writeLoadedSession(this.env.DB, session, this.#current().accountIds, Date.now());
    for (const underlying of UNDERLYINGS) {
      await this.env.MARKET_FEED.getByName(underlying).loadSession(session, underlying);
    }
    return ok(this.#changed());
  }

  async ready(): Reply {
    if (!this.#isReplay) return NOT_PLAYED_HERE;
    const status = this.#store.current?.status ?? "NONE";
    if (status === "READY") return ok(this.#view());
    if (status !== "LOADING") return refuse("SESSION_NOT_FOUND", "no session is being loaded");
    this.#store.update({ status: "READY" });
    await this.#tellAccounts();
    return ok(this.#changed());
  }

  async start(speed: number | null): Reply {
    if (!this.#isReplay) return NOT_PLAYED_HERE;
    const status = this.#store.current?.status ?? "NONE";
    const refusal = refusalOfStart(status) ?? refusalOfSpeed(speed);
    if (refusal !== null) return err(refusal);
    if (status === "FAILED") {
      const failed = await failedJobOf(this.env.DB, this.#current().session.date);
      if (failed !== null) return refuse("SESSION_NOT_READY", `${failed} has failed; have it rerun first`);
      const since = this.#store.current?.status ?? "NONE";
      if (since !== "FAILED") return err(refusalOfStart(since) ?? CHANGED_MEANWHILE);
      this.#store.update({ failure: null, jobsFromMs: epochMs(this.#nowMs + REPAIR_MS) });
    }
    this.#store.update({ status: "RUNNING", clock: this.#clockAt(speed), nowMs: this.#nowMs });
    this.#failures = 0;
    await this.#tellAccounts();
    await this.ctx.storage.setAlarm(Date.now());
    return ok(this.#changed());
  }

  async pause(): Reply {
    const status = this.#store.current?.status ?? "NONE";
    if (status === "PAUSED") return ok(this.#view());
    if (status !== "RUNNING") return err(notRunning(status));
    this.#store.update({ status: "PAUSED", nowMs: this.#nowMs, clock: standing(this.#nowMs) });
    await this.#tellAccounts();
    return ok(this.#changed());
  }

  async setSpeed(speed: number | null): Reply {
    if (!this.#isReplay) return NOT_PLAYED_HERE;
    const status = this.#store.current?.status ?? "NONE";
    const refusal = status === "RUNNING" ? refusalOfSpeed(speed) : notRunning(status);
    if (refusal !== null) return err(refusal);
    this.#store.update({ nowMs: this.#nowMs, clock: this.#clockAt(speed) });
    await this.#tellAccounts();
    await this.ctx.storage.setAlarm(Date.now());
    return ok(this.#changed());
  }

  async stop(): Reply {
    const status = this.#store.current?.status ?? "NONE";
    if (status === "STOPPED") return ok(this.#view());
    if (status === "NONE") return refuse("SESSION_NOT_FOUND", "no session is loaded");
    if (status === "FINISHED" || status === "FAILED") return refuse("SESSION_OVER", "the session has ended by itself");
    await this.#end("STOPPED", null);
    return ok(this.#view());
  }

  async view(): Promise<SessionView> {
    return this.#view();
  }

  async batchDone(batchId: string, failure: string | null): Promise<void> {
    this.#batches.report(batchId, failure);
  }

  override async fetch(request: Request): Promise<Response> {
    return this.#stream.accept(request);
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#stream.receive(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#stream.close(socket, code);
  }

  override async alarm(): Promise<void> {
    if (!this.#isReplay || this.#store.current?.status !== "RUNNING") return;
    await this.ctx.storage.setAlarm(Date.now() + WATCHDOG_MS);
    try {
      if (!this.#hasResumed) await this.#resume();
      await this.#takeTurn();
      this.#failures = 0;
    } catch (failure) {
      await this.#afterFailure(failure);
    }
  }

  /** Where real time counts, a session that was left over stands as it is: its jobs would reach every active account. */
  get #isReplay(): boolean {
    return this.env.TRADING_MODE === "REPLAY";
  }

  #isUnderWay(): boolean {
    const status = this.#store.current?.status;
    return status === "RUNNING" || status === "PAUSED";
  }

  async #takeTurn(): Promise<void> {
    const startedWallMs = Date.now();
    const advance: Advance = await this.#conductor.advance(() => this.#targetMs(), TURN_MS);
    if (advance.kind === "FINISHED") return this.#end("FINISHED", null);
    if (advance.kind === "FAILED") return this.#end("FAILED", advance.reason);
    if (advance.kind === "HELD") return;
    this.#store.update({ nowMs: this.#nowMs });
    if (advance.kind === "YIELDED") await this.#catchUp();
    // The more there is to do, the longer the pause that gathers it: the clock never takes most of the machine for itself.
    const paceMs = Math.min(PACE_MAX_MS, Math.max(PACE_MS, PACE_TURNS * (Date.now() - startedWallMs)));
    await this.ctx.storage.setAlarm(Date.now() + (advance.kind === "REACHED" ? paceMs : 0));
  }

  /** Where the clock stands now; null when nothing holds it back. */
  #targetMs(): EpochMs | null {
    const { clock } = this.#current();
    if (clock.speed === null) return null;
    return epochMs(Math.max(this.#nowMs, marketNow(clock, epochMs(Date.now()))));
  }

  /** The first turn of an instance: the clock stood still while nobody was there. */
  async #resume(): Promise<void> {
    const views = await Promise.all(
      UNDERLYINGS.map((underlying) => this.env.MARKET_FEED.getByName(underlying).view({ quotes: "NONE" })),
    );
    // A feed that has played nothing yet names the open, which is still to come.
    const playedMs = views.filter((view) => view.spotAtMs !== null).map((view) => view.atMs);
    this.#nowMs = epochMs(Math.max(this.#nowMs, ...playedMs));
    const { speed } = this.#current().clock;
    this.#store.update({ nowMs: this.#nowMs, clock: this.#clockAt(speed) });
    if (speed !== null) await this.#tellAccounts();
    this.#hasResumed = true;
  }

  /** When there is more to do than the speed allows for, the market's clock waits for it. */
  async #catchUp(): Promise<void> {
    const { clock } = this.#current();
    if (clock.speed === null) return;
    const lagMs = marketNow(clock, epochMs(Date.now())) - this.#nowMs;
    if (lagMs <= LAG_MAX_MS * clock.speed) return;
    this.#store.update({ clock: this.#clockAt(clock.speed) });
    await this.#tellAccounts();
  }

  /** Most failures pass: an object was busy or being restarted. One that does not ends the session with its reason. */
  async #afterFailure(failure: unknown): Promise<void> {
    this.#failures += 1;
    const reason = failure instanceof Error ? failure.message : String(failure);
    console.error(JSON.stringify({ at: "session", failures: this.#failures, nowMs: this.#nowMs, error: reason }));
    if (this.#failures >= FAILURES_MAX) return this.#end("FAILED", reason);
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** (this.#failures - 1));
    await this.ctx.storage.setAlarm(Date.now() + pauseMs);
  }

  async #end(status: Extract<SessionStatus, "FINISHED" | "FAILED" | "STOPPED">, failure: string | null): Promise<void> {
    this.#store.update({ status, failure, nowMs: this.#nowMs, clock: standing(this.#nowMs) });
    this.#stream.changed();
    await this.#tellAccounts();
  }

  #reached(atMs: EpochMs): void {
    this.#nowMs = epochMs(Math.max(this.#nowMs, atMs));
    this.#stream.changed();
  }

  async #jobDone(job: Job, atMs: EpochMs): Promise<void> {
    this.#store.jobDone(jobKeyOf(job));
    this.#store.update({ nowMs: atMs });
    if (job.name !== "GENERATE_SIGNALS" || job.cycle === null || !this.#stream.hasListeners) return;
    this.#stream.changed(await signalsOfCycle(this.env.DB, cycleIdOf(job.date, job.cycle)));
  }

  #jobsLeft(): readonly PlannedJob[] {
    const { session, jobsFromMs } = this.#current();
    if (this.#plan?.date !== session.date) this.#plan = { date: session.date, jobs: dayPlan(session.date, session) };
    const left = this.#plan.jobs.filter(({ job }) => !this.#store.isJobDone(jobKeyOf(job)));
    this.#plan = { ...this.#plan, jobs: left };
    if (jobsFromMs === undefined) return left;
    return left.map((planned) => ({ ...planned, atMs: epochMs(Math.max(planned.atMs, jobsFromMs)) }));
  }

  async #tellAccounts(): Promise<void> {
    const { accountIds, session, clock } = this.#current();
    await inLanes(accountIds, ACCOUNT_LANES, (accountId) =>
      this.env.ACCOUNT.getByName(accountId).setClock(session.date, clock),
    );
  }

  /** Why the first account that cannot trade this date cannot, or null. */
  async #unfitAccount(accountIds: readonly string[], date: MarketDate): Promise<SessionRefusal | null> {
    const unfit = await inLanes(accountIds, ACCOUNT_LANES, async (accountId): Promise<SessionRefusal | null> => {
      const state = await this.env.ACCOUNT.getByName(accountId).state();
      const { profile, day } = state;
      if (profile === null)
        return { code: "SESSION_ACCOUNT_UNKNOWN", detail: `no account ${accountId} has been opened` };
      if (day === null) return null;
      if (day.date >= date) return { code: "SESSION_OVER", detail: `${accountId} has traded ${date} or a later day` };
      return isDayOver(state, day)
        ? null
        : { code: "SESSION_OVER", detail: `${accountId} has traded ${day.date}, and that day was never closed` };
    });
    return unfit.find((refusal) => refusal !== null) ?? null;
  }

  #clockAt(speed: number | null): SessionClock {
    return { anchorMarketMs: this.#nowMs, anchorWallMs: epochMs(Date.now()), speed };
  }

  #current(): StoredSession {
    const { current } = this.#store;
    assert(current !== null, "a session is loaded");
    return current;
  }

  #changed(): SessionView {
    this.#stream.changed();
    return this.#view();
  }

  #view(): SessionView {
    const stored = this.#store.current;
    const mode = this.env.TRADING_MODE;
    if (stored === null) {
      return {
        status: "NONE",
        mode,
        session: null,
        nowMs: null,
        speed: null,
        cycle: null,
        phase: "CLOSED",
        accounts: 0,
        waitingFor: [],
        failure: null,
      };
    }
    return {
      status: stored.status,
      mode,
      session: stored.session,
      nowMs: this.#nowMs,
      speed: stored.clock.speed,
      cycle: cycleAt(stored.session, this.#nowMs),
      phase: cyclePhaseAt(stored.session, this.#nowMs, dayEndMs(stored.session)),
      accounts: stored.accountIds.length,
      waitingFor: this.#batches.waitingFor,
      failure: stored.failure,
    };
  }
}

const standing = (nowMs: EpochMs): SessionClock => ({ anchorMarketMs: nowMs, anchorWallMs: epochMs(0), speed: 0 });

const refuse = (code: SessionRefusal["code"], detail: string): Result<never, SessionRefusal> => err({ code, detail });

const STOP_FIRST = refuse("SESSION_RUNNING", "stop the session first");

const CHANGED_MEANWHILE: SessionRefusal = { code: "SESSION_NOT_READY", detail: "the session has changed meanwhile" };

const NOT_PLAYED_HERE = refuse("SESSION_NOT_READY", "recorded sessions are played in REPLAY");

function refusalOfStart(status: SessionStatus): SessionRefusal | null {
  switch (status) {
    case "READY":
    case "PAUSED":
    case "FAILED":
      return null;
    case "RUNNING":
      return { code: "SESSION_RUNNING", detail: "the session is running; its speed can be changed" };
    case "NONE":
      return { code: "SESSION_NOT_FOUND", detail: "no session is loaded" };
    case "LOADING":
      return { code: "SESSION_NOT_READY", detail: "the session is still being loaded" };
    default:
      return { code: "SESSION_OVER", detail: `the session has ended as ${status}` };
  }
}

function notRunning(status: SessionStatus): SessionRefusal {
  if (status === "NONE") return { code: "SESSION_NOT_FOUND", detail: "no session is loaded" };
  return status === "READY" || status === "LOADING" || status === "PAUSED"
    ? { code: "SESSION_NOT_READY", detail: "the session is not running" }
    : { code: "SESSION_OVER", detail: `the session has ended as ${status}` };
}

const refusalOfSpeed = (speed: number | null): SessionRefusal | null =>
  speed === null || (Number.isFinite(speed) && speed >= SPEED_MIN && speed <= SPEED_MAX)
    ? null
    : { code: "SPEED_OUT_OF_RANGE", detail: `market seconds per second, from ${SPEED_MIN} to ${SPEED_MAX}` };
