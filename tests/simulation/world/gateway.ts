// The way of requests to the venue, which may get stuck while the book can be read: then nothing is answered, and what was held
// back arrives together, in its order. It also counts what an account gives into it: exits that sell a contract may come to a few
// times what is held of it, and to that once more for each time that somebody has asked.
import type { OrderTerms } from "../../../src/core/order/order.ts";
import type { World } from "./world.ts";

/** As the decision says it, not as the program does. */
const SALES_MAX = 3;

export class Gateway {
  /** Exits beyond what may be held back. */
  readonly breaches: string[] = [];
  readonly #world: World;
  readonly #asked = new Map<string, number>();
  /** The sales that are held back by account and contract, how often somebody had asked by the first, and what was held. */
  readonly #sales = new Map<
    string,
    { readonly units: Map<string, number>; readonly askedBefore: number; mostHeld: number }
  >();
  #held: (() => void)[] = [];
  #untilMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get isStuck(): boolean {
    return this.#untilMs > this.#world.nowMs;
  }

  getStuck(untilMs: number): void {
    this.#untilMs = untilMs;
    this.#world.at(untilMs, "gateway", () => this.letGo());
  }

  hold(arrive: () => void): void {
    this.#held.push(arrive);
  }

  /** Somebody has asked to be out: one more of everything is given for that. */
  asked(accountId: string): void {
    this.#asked.set(accountId, (this.#asked.get(accountId) ?? 0) + 1);
  }

  /** `heldUnits`: of the contract, by the venue. The same order given again is the same sale. */
  holdSale(accountId: string, { contract, clientOrderId, quantityUnits, origin }: OrderTerms, heldUnits: number): void {
    const key = `${accountId}/${contract.instrumentId}`;
    // A sale that a user has placed is one that somebody has asked for.
    if (origin === "API") this.asked(accountId);
    const asked = this.#asked.get(accountId) ?? 0;
    // Whoever asked just before the first one was held is heard by it or after it.
    const known = this.#sales.get(key) ?? { units: new Map<string, number>(), askedBefore: asked, mostHeld: 0 };
    known.mostHeld = Math.max(known.mostHeld, heldUnits);
    this.#sales.set(key, known);
    known.units.set(clientOrderId, quantityUnits);
    const units = [...known.units.values()].reduce((sum, one) => sum + one, 0);
    const most = (SALES_MAX + asked - known.askedBefore) * known.mostHeld;
    // Of what the venue deals and has not told yet the account still believes that it is held.
    if (known.mostHeld === 0 || units <= most) return;
    this.breaches.push(`HELD_SALES ${key}: ${units} units with ${clientOrderId}, ${most} may be`);
  }

  letGo(): void {
    this.#untilMs = 0;
    const held = this.#held;
    this.#held = [];
    this.#sales.clear();
    for (const arrive of held) arrive();
  }
}
