// Many named alarms over the one alarm a Durable Object has. Due times are rows, so they survive everything; the platform's
// alarm is always set to the earliest of them.

export interface AlarmDeps {
  load(): Map<string, number>;
  /** Null forgets the alarm. */
  save(name: string, dueAtMs: number | null): void;
  setPlatformAlarm(atMs: number): void;
}

export class NamedAlarms<Name extends string> {
  readonly #deps: AlarmDeps;
  readonly #due: Map<string, number>;
  #platformAtMs: number | null = null;

  constructor(deps: AlarmDeps) {
    this.#deps = deps;
    this.#due = deps.load();
  }

  /** Wakes `name` at `dueAtMs` at the latest; an earlier time that is already set stays. */
  arm(name: Name, dueAtMs: number): void {
    const set = this.#due.get(name);
    if (set !== undefined && set <= dueAtMs) return;
    this.#due.set(name, dueAtMs);
    this.#deps.save(name, dueAtMs);
    this.#setPlatformAlarm();
  }

  /**
   * Runs every alarm that is due, none waiting for another, and sets the next one. An alarm is forgotten only after it has run,
   * so that a crash in between runs it again; one that fails is tried again after `retryMs`.
   */
  async wake(nowMs: number, retryMs: number, run: (name: Name) => Promise<void>): Promise<void> {
    this.#platformAtMs = null;
    const overdue = [...this.#due].filter(([, dueAtMs]) => dueAtMs <= nowMs).sort((a, b) => a[1] - b[1]);
    await Promise.all(
      overdue.map(async ([name, dueAtMs]) => {
        // Taken out in memory first: what `run` arms anew must count as new.
        this.#due.delete(name);
        try {
          await run(name as Name);
          if (!this.#due.has(name)) this.#deps.save(name, null);
        } catch (error) {
          console.error(JSON.stringify({ at: "alarm", name, dueAtMs, error: String(error) }));
          this.arm(name as Name, nowMs + retryMs);
        }
      }),
    );
    this.#setPlatformAlarm();
  }

  #setPlatformAlarm(): void {
    const earliest = Math.min(...this.#due.values());
    if (!Number.isFinite(earliest) || earliest === this.#platformAtMs) return;
    this.#platformAtMs = earliest;
    this.#deps.setPlatformAlarm(earliest);
  }
}
