// A decision while it is being made: events so far, and the state as if they had happened, so that each next step sees what the
// steps before it have done.
import type { EpochMs } from "../kernel/time.ts";
import type { AccountEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import type { AccountState } from "./state.ts";

export class Draft {
  readonly atMs: EpochMs;
  readonly #events: AccountEvent[] = [];
  #state: AccountState;

  constructor(state: AccountState, atMs: EpochMs) {
    this.#state = state;
    this.atMs = atMs;
  }

  get state(): AccountState {
    return this.#state;
  }

  get events(): readonly AccountEvent[] {
    return this.#events;
  }

  push(event: AccountEvent): void {
    this.#state = evolve(this.#state, event);
    this.#events.push(event);
  }

  /** Runs a step; when it throws, everything it has pushed is taken back and the error is returned. */
  attempt(step: () => void): unknown {
    const [state, length] = [this.#state, this.#events.length];
    try {
      step();
      return null;
    } catch (error) {
      this.#state = state;
      this.#events.length = length;
      return error;
    }
  }
}
