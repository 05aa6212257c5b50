// Where an account's object lives: it is started by whatever comes in, dropped wherever the run says, and started again from what
// it had stored. Every call it makes or takes passes here, so that every point at which it waits can be counted and struck.
import type { AccountObject } from "../../../durable-objects/account/account-object.ts";
import type { AppEnv } from "../../../src/env.ts";
import type { Rows } from "./memory-rows.ts";
import { SimulatedStorage } from "./platform.ts";
import { CRASH_STAGES, type CrashStage } from "./report.ts";
import type { World } from "./world.ts";

/** A call that broke on its way. Whoever called does not know whether it has had an effect. */
export class NetworkFailure extends Error {
  override readonly name = "NetworkFailure";
}

/** The object between one start and its end. */
export interface Incarnation {
  readonly number: number;
  isAlive: boolean;
  object: AccountObject;
  readonly callers: Set<(failure: Error) => void>;
  /** Its alarm is being dealt with: the next one rings after that. */
  isRinging: boolean;
}

type ObjectClass = new (ctx: DurableObjectState, env: AppEnv) => AccountObject;
const ALARM_RETRY_MS = 2_000;

export class AccountHost {
  readonly accountId: string;
  readonly storage: SimulatedStorage;
  readonly #world: World;
  readonly #objectClass: ObjectClass;
  readonly #envFor: (incarnation: Incarnation) => AppEnv;
  #incarnation: Incarnation | null = null;
  started = 0;

  constructor(
    world: World,
    accountId: string,
    objectClass: ObjectClass,
    rows: Rows,
    envFor: (host: AccountHost, incarnation: Incarnation) => AppEnv,
  ) {
    this.#world = world;
    this.accountId = accountId;
    this.#objectClass = objectClass;
    this.storage = new SimulatedStorage(rows, () => world.nowMs);
    this.#envFor = (incarnation) => envFor(this, incarnation);
    this.storage.onAlarmSet = (atMs) => this.#planAlarm(atMs);
  }

  /** The object that runs now, started if need be. */
  get incarnation(): Incarnation {
    return this.#started();
  }

  evict(why: string): void {
    const incarnation = this.#incarnation;
    if (incarnation === null) return;
    this.#world.trace(`${this.accountId} #${incarnation.number} is evicted: ${why}`);
    this.#world.injected.crash = (this.#world.injected.crash ?? 0) + 1;
    incarnation.isAlive = false;
    this.#incarnation = null;
    for (const fail of incarnation.callers) fail(new NetworkFailure("the object was evicted"));
    incarnation.callers.clear();
  }

  /** A call the object makes. `effect` takes place at the other side, at its own time. */
  outgoing<T>(
    incarnation: Incarnation,
    what: string,
    effect: () => T,
    lost: "requestLost" | "queueLost" = "requestLost",
  ): Promise<T> {
    const world = this.#world;
    // What an evicted object still asks for goes nowhere and is never answered.
    if (!incarnation.isAlive) return new Promise(() => {});
    const stage = this.#stageOf();
    if (stage === "BEFORE_IT_LEAVES") {
      this.evict(`before ${what}`);
      return new Promise(() => {});
    }
    const isLost = world.strikes(lost);
    return new Promise((resolve, reject) => {
      world.after(1 + world.random.below(30), what, () => {
        let answer = (): void => reject(new NetworkFailure(`${what} did not arrive`));
        if (!isLost) answer = this.#takeEffect(what, effect, resolve, reject);
        if (stage === "AFTER_ITS_EFFECT" && incarnation.isAlive) this.evict(`after the effect of ${what}`);
        const backMs = world.strikes("slowAnswer") ? 500 + world.random.below(6_000) : 1 + world.random.below(30);
        world.after(backMs, what, () => {
          if (!incarnation.isAlive) return;
          if (stage === "WITH_THE_ANSWER") return this.evict(`with the answer of ${what}`);
          answer();
          world.touch();
          if (stage === "AFTER_THE_ANSWER") this.#evictAfterThis(incarnation, what);
        });
      });
    });
  }

  /** A call the object takes. Fails when the object goes away over it, or when the line breaks on the way there or back. */
  incoming<T>(what: string, call: (account: AccountObject) => Promise<T>): Promise<T> {
    const world = this.#world;
    const stage = this.#stageOf();
    const cut = world.strikes("callerCut") ? world.random.pick(["THERE", "BACK"] as const) : null;
    return new Promise((resolve, reject) => {
      const failLater = (failure: Error): void =>
        world.after(5, `${what} fails`, () => {
          world.touch();
          reject(failure);
        });
      world.after(1 + world.random.below(20), what, () => {
        if (stage === "BEFORE_IT_LEAVES") this.evict(`before taking ${what}`);
        if (stage === "BEFORE_IT_LEAVES" || cut === "THERE") return failLater(new NetworkFailure(`${what} was cut`));
        const incarnation = this.#started();
        world.touch();
        incarnation.callers.add(failLater);
        const ended = (): boolean => !incarnation.callers.delete(failLater);
        call(incarnation.object).then(
          (value) => {
            if (ended()) return;
            if (stage === "WITH_THE_ANSWER") {
              this.evict(`with its answer to ${what}`);
              return failLater(new NetworkFailure(`${what} was cut`));
            }
            if (cut === "BACK") return failLater(new NetworkFailure(`the answer to ${what} was cut`));
            world.after(1 + world.random.below(20), `${what} done`, () => {
              world.touch();
              resolve(value);
            });
            if (stage === "AFTER_THE_ANSWER") this.#evictAfterThis(incarnation, what);
          },
          (failure: unknown) => {
            if (!ended()) failLater(failure instanceof Error ? failure : new Error(String(failure)));
          },
        );
        // The first turn of the call is over: whatever it decided at once is written.
        if (stage === "AFTER_ITS_EFFECT" && incarnation.isAlive) this.evict(`after the first turn of ${what}`);
      });
    });
  }

  /** A timer of the object rings: it dies with the object, and what its turn has asked for is on its way. */
  timer(run: () => void): void {
    const incarnation = this.#incarnation;
    const stage = this.#world.crashPoint();
    if (stage === "BEFORE_IT_LEAVES") this.evict("before a timer");
    else run();
    if (incarnation?.isAlive !== true) return;
    if (stage === "AFTER_ITS_EFFECT") this.evict("after the first turn of a timer");
    else if (stage !== null) this.#evictAfterThis(incarnation, "a timer");
  }

  #takeEffect<T>(
    what: string,
    effect: () => T,
    resolve: (value: T) => void,
    reject: (failure: unknown) => void,
  ): () => void {
    const isAnswerLost = this.#world.strikes("answerLost");
    try {
      const value = effect();
      return () => (isAnswerLost ? reject(new NetworkFailure(`the answer to ${what} is lost`)) : resolve(value));
    } catch (failure) {
      return () => reject(failure);
    }
  }

  #stageOf(): CrashStage | null {
    const world = this.#world;
    const stage = world.crashPoint();
    if (stage !== null) return stage;
    return world.strikes("eviction") ? world.random.pick(CRASH_STAGES) : null;
  }

  #evictAfterThis(incarnation: Incarnation, what: string): void {
    this.#world.after(0, `evict ${this.accountId}`, () => {
      if (incarnation.isAlive) this.evict(`after ${what}`);
    });
  }

  #started(): Incarnation {
    if (this.#incarnation !== null) return this.#incarnation;
    this.started += 1;
    const incarnation = {
      number: this.started,
      isAlive: true,
      callers: new Set<(failure: Error) => void>(),
      isRinging: false,
    } as Incarnation;
    const ctx = {
      storage: this.storage.handleFor(() => incarnation.isAlive),
      id: { name: this.accountId, toString: () => this.accountId },
      waitUntil: (work: Promise<unknown>) => void work.catch(() => {}),
      blockConcurrencyWhile: (work: () => Promise<unknown>) => work(),
      getWebSockets: () => [],
      setWebSocketAutoResponse: () => {},
    } as unknown as DurableObjectState;
    this.#world.trace(`${this.accountId} #${incarnation.number} starts`);
    incarnation.object = new this.#objectClass(ctx, this.#envFor(incarnation));
    this.#incarnation = incarnation;
    return incarnation;
  }

  /** Rings at the latest time set, by the platform's clock; again after a pause when the object fails or goes away over it. */
  #planAlarm(atMs: number): void {
    const world = this.#world;
    world.at(Math.max(world.nowMs + 1, atMs - world.skewMs), `alarm ${this.accountId}`, () => {
      if (this.storage.alarmAtMs !== atMs || this.#incarnation?.isRinging === true) return;
      this.storage.alarmAtMs = null;
      const stage = world.crashPoint();
      if (stage === "BEFORE_IT_LEAVES") this.evict("before an alarm");
      const incarnation = this.#started();
      world.touch();
      const again = (): void => {
        this.storage.alarmAtMs ??= world.nowMs + world.skewMs + ALARM_RETRY_MS;
        this.#planAlarm(this.storage.alarmAtMs);
      };
      incarnation.callers.add(again);
      incarnation.isRinging = true;
      const over = (): boolean => {
        if (stage === "WITH_THE_ANSWER" && incarnation.isAlive) this.evict("with the end of an alarm");
        if (stage === "AFTER_THE_ANSWER") this.#evictAfterThis(incarnation, "an alarm");
        incarnation.isRinging = false;
        const wasWaitedFor = incarnation.callers.delete(again);
        // What was set and has come meanwhile.
        const setAtMs = this.storage.alarmAtMs;
        if (wasWaitedFor && setAtMs !== null && setAtMs - world.skewMs <= world.nowMs) this.#planAlarm(setAtMs);
        return wasWaitedFor;
      };
      incarnation.object.alarm().then(over, () => {
        if (over()) again();
      });
      if (stage === "AFTER_ITS_EFFECT" && incarnation.isAlive) this.evict("after the first turn of an alarm");
    });
  }
}
