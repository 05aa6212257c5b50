// The simulated venue's door. Orders of different accounts that come within a moment share one commit, and whoever asks what is
// due or what there is asks for what has come in by then as well.
import type { VenueOrder } from "../../src/ports/objects.ts";

/** How long the venue gathers orders before it writes them down together; far below its latency, so none arrives later for it. */
const INTAKE_MS = 8;

export class OrderIntake {
  readonly #write: (orders: readonly VenueOrder[]) => void;
  /** Orders that wait for the next commit, and that commit. */
  readonly #incoming: VenueOrder[] = [];
  #intake: Promise<void> | null = null;

  constructor(write: (orders: readonly VenueOrder[]) => void) {
    this.#write = write;
  }

  /** Resolves when the orders are on disk. */
  async add(orders: readonly VenueOrder[]): Promise<void> {
    this.#incoming.push(...orders);
    this.#intake ??= scheduler.wait(INTAKE_MS).then(() => {
      this.#intake = null;
      this.flush();
    });
    await this.#intake;
  }

  /** Also before the clock moves on or says what is due: what has come in by then counts. */
  flush(): void {
    const orders = this.#incoming.splice(0);
    if (orders.length > 0) this.#write(orders);
  }
}
