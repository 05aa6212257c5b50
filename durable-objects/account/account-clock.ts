// What time it is for an account: the wall's in a live market, the session's in a replay, and never earlier than what the account
// has written already.
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import { marketNow, WALL_CLOCK } from "../../src/core/session/session-clock.ts";
import type { StoredClock } from "./store.ts";

interface ClockDeps {
  isLive(): boolean;
  load(): StoredClock | null;
  save(clock: StoredClock): void;
  /** When the last event was written. */
  lastEventMs(): EpochMs;
}

export class AccountClock {
  readonly #deps: ClockDeps;
  #stored: StoredClock | null;

  constructor(deps: ClockDeps) {
    this.#deps = deps;
    this.#stored = deps.load();
  }

  set(clock: StoredClock): void {
    this.#stored = clock;
    this.#deps.save(clock);
  }

  nowMs(): EpochMs {
    return epochMs(Math.max(this.#deps.lastEventMs(), this.#clockMs()));
  }

  /** The clock was set back: what is on record is later than what it says. */
  isBehindRecord(): boolean {
    return this.#clockMs() < this.#deps.lastEventMs();
  }

  #clockMs(): EpochMs {
    // Only a replay has a clock of its own; without one its time stands where its events have brought it.
    const clock = this.#deps.isLive() ? WALL_CLOCK : this.#stored?.clock;
    return clock === undefined ? this.#deps.lastEventMs() : marketNow(clock, epochMs(Date.now()));
  }
}
