// Keeps handing over what is outstanding until it is done, with a pause between attempts that grows as long as nobody is waiting
// to be out of the market.
import type { AccountState } from "../../src/core/account/state.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** How long to wait after so many failures in a row. A breaker that has tripped has to be proven flat: it never waits long. */
export function pauseMs(failures: number, { breakers }: Pick<AccountState, "breakers">): number {
  const isToBeFlat = Object.values(breakers ?? {}).some(({ status }) => status === "TRIPPED");
  return isToBeFlat ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
}

interface DriverDeps {
  state(): AccountState;
  isFrozen(): boolean;
  handOver(): Promise<void>;
  wakeAt(wallMs: number): void;
  failed(error: unknown): void;
}

export class Driver {
  readonly #deps: DriverDeps;
  #failures = 0;
  #isStarted = false;

  constructor(deps: DriverDeps) {
    this.#deps = deps;
  }

  /** Whether this instance has tried at all: what an earlier one decided may not have been handed over. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Rejects when something could not be handed over; the next attempt has been set by then. */
  async drive(): Promise<void> {
    if (this.#deps.isFrozen()) return;
    this.#isStarted = true;
    try {
      await this.#deps.handOver();
      this.#failures = 0;
    } catch (error) {
      this.#deps.wakeAt(Date.now() + pauseMs(this.#failures, this.#deps.state()));
      this.#failures += 1;
      throw error;
    }
  }

  /** For callers whose answer does not depend on it. */
  attempt(): Promise<void> {
    return this.drive().catch((error: unknown) => this.#deps.failed(error));
  }

  again(): void {
    this.#deps.wakeAt(Date.now() + FIRST_PAUSE_MS);
  }
}
