// The way of requests to the venue, which may get stuck while the book can be read: then nothing is answered, and what was held
// back arrives together, in its order. It also counts what an account gives into it: of exits that sell, no more than a few in a
// contract may be under way that nobody has asked for.
import type { OrderTerms } from "../../../src/core/order/order.ts";
import type { World } from "./world.ts";

/** As the decision says it, not as the program does. */
const SALES_MAX = 3;

export class Gateway {
  /** Exits beyond what may be held back. */
  readonly breaches: string[] = [];
  readonly #world: World;
  readonly #asked = new Map<string, number>();
  /** When the sales were given that are held back, by account and contract, and how often somebody had asked by the first. */
  readonly #sales = new Map<string, { readonly givenAtMs: Set<number>; readonly askedBefore: number }>();
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

  /** Slices that are given at one instant are one. */
  holdSale(accountId: string, { contract, clientOrderId }: OrderTerms, givenAtMs: number): void {
    const key = `${accountId}/${contract.instrumentId}`;
    const asked = this.#asked.get(accountId) ?? 0;
    // Whoever asked just before the first one was held is heard by it or after it.
    const known = this.#sales.get(key) ?? { givenAtMs: new Set<number>(), askedBefore: asked };
    this.#sales.set(key, known);
    known.givenAtMs.add(givenAtMs);
    const most = SALES_MAX + asked - known.askedBefore;
    if (known.givenAtMs.size <= most) return;
    this.breaches.push(`HELD_SALES ${key}: ${clientOrderId} is the ${known.givenAtMs.size}th, ${most} may be`);
  }

  letGo(): void {
    this.#untilMs = 0;
    const held = this.#held;
    this.#held = [];
    this.#sales.clear();
    for (const arrive of held) arrive();
  }
}
