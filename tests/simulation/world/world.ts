// The simulated world: one virtual clock, one agenda, one source of chance. Nothing in it waits for real time, and everything
// that happens is hashed in its order, so that two runs of a seed can be compared.
import { createHash } from "node:crypto";
import { Seeded } from "../../support/seeded.ts";
import { Agenda } from "./agenda.ts";
import { type FaultName, type Faults, NO_FAULTS } from "./faults.ts";
import type { CrashPoint, CrashStage } from "./report.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly faults: Faults;
  readonly crash?: CrashPoint | null;
  readonly trace?: ((line: string) => void) | null;
}

export class World {
  readonly seed: number;
  readonly random: Seeded;
  nowMs = 0;
  /** How far the platform's clock is off the exchange's. */
  skewMs = 0;
  /** Calls made by or to an account so far, alarms and timers of its object. */
  calls = 0;
  /** What a timer of the program goes through; by itself it just runs. */
  aroundTimer: (run: () => void) => void = (run) => run();
  readonly injected: Partial<Record<FaultName | "crash" | "parkedReplayed", number>> = {};
  readonly crash: CrashPoint | null;
  readonly #drawn: Faults;
  readonly #agenda: Agenda;
  readonly #trace: ((line: string) => void) | null;
  readonly #hash = createHash("sha256");
  #isHealed = true;
  #isTouched = false;
  happenings = 0;

  constructor({ seed, faults, crash = null, trace = null }: WorldOptions) {
    this.seed = seed;
    this.random = new Seeded(seed * 2 + 1);
    this.#agenda = new Agenda(new Seeded(seed * 7 + 3));
    this.#drawn = faults;
    this.crash = crash;
    this.#trace = trace;
  }

  get faults(): Faults {
    return this.#isHealed ? NO_FAULTS : this.#drawn;
  }

  /** Everything works from now on, or what was drawn goes wrong. */
  heal(isHealed: boolean): void {
    this.#isHealed = isHealed;
    if (isHealed) this.skewMs = 0;
  }

  get isHealed(): boolean {
    return this.#isHealed;
  }

  /** Draws whether a fault strikes now, and counts it. */
  strikes(fault: FaultName): boolean {
    const rate = this.faults[fault];
    if (rate === 0 || !this.random.chance(rate)) return false;
    this.injected[fault] = (this.injected[fault] ?? 0) + 1;
    return true;
  }

  /** The next point at which an account could be dropped: where in it the run says so, if it does. */
  crashPoint(): CrashStage | null {
    const index = this.calls;
    this.calls += 1;
    return this.crash?.call === index ? this.crash.stage : null;
  }

  after(delayMs: number, what: string, run: () => void): void {
    this.at(this.nowMs + delayMs, what, run);
  }

  at(atMs: number, what: string, run: () => void): void {
    this.#agenda.add(Math.max(this.nowMs, atMs), what, run);
  }

  /** What a program that runs in this world gets for `setTimeout`; what it returns takes the timer back. */
  timer(delayMs: number, run: () => void): () => void {
    const due = this.#agenda.add(this.nowMs + Math.max(0, delayMs), "timer", () => {
      this.touch();
      this.aroundTimer(run);
    });
    return () => {
      due.isCanceled = true;
    };
  }

  wait(delayMs: number, what: string): Promise<void> {
    return new Promise((resolve) =>
      this.after(delayMs, what, () => {
        this.touch();
        resolve();
      }),
    );
  }

  /** Says that promises were settled: what waits for them goes on before the next thing happens. */
  touch(): void {
    this.#isTouched = true;
  }

  get isTracing(): boolean {
    return this.#trace !== null;
  }

  trace(line: string): void {
    this.#trace?.(`${new Date(this.nowMs + 19_800_000).toISOString().slice(0, 23)} ${line}`);
  }

  /** Lets happen what is due until `isDone`, or until nothing is left or the time is over. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    await this.#quiet();
    while (!isDone() && this.#agenda.nextMs <= untilMs) {
      const next = this.#agenda.take();
      if (next === undefined) break;
      if (next.isCanceled) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.happenings += 1;
      this.#hash.update(`${next.atMs} ${next.what}\n`);
      next.run();
      if (this.#isTouched) await this.#quiet();
    }
  }

  note(line: string): void {
    this.#hash.update(line);
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  /** Every promise that can go on has gone on when the event loop turns. */
  async #quiet(): Promise<void> {
    this.#isTouched = false;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
