// What is to happen in the simulated world, in the order of its time. Things of the same instant happen in an order that the
// seed decides, because nothing in the real world promises one.
import type { Seeded } from "../../support/seeded.ts";

export interface Happening {
  readonly atMs: number;
  readonly tie: number;
  readonly what: string;
  readonly run: () => void;
  /** Nothing happens at its time. */
  isCanceled: boolean;
}

const isBefore = (one: Happening, other: Happening): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.tie < other.tie);

/** A binary heap. */
export class Agenda {
  readonly #heap: Happening[] = [];
  readonly #random: Seeded;

  constructor(random: Seeded) {
    this.#random = random;
  }

  get size(): number {
    return this.#heap.length;
  }

  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  add(atMs: number, what: string, run: () => void): Happening {
    const heap = this.#heap;
    const added: Happening = { atMs, tie: this.#random.next(), what, run, isCanceled: false };
    let index = heap.length;
    heap.push(added);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Happening;
      if (!isBefore(added, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = added;
    return added;
  }

  take(): Happening | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Happening, heap[left] as Happening) ? right : left;
      if (!isBefore(heap[child] as Happening, last)) break;
      heap[index] = heap[child] as Happening;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
