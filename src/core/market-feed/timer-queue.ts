// The instants accounts wait for, the earliest first. A heap: registering, forgetting and firing cost the logarithm of what is
// registered, and knowing the next one costs nothing. What was forgotten stays in the heap until it would come up.
import type { EpochMs } from "../kernel/time.ts";
import type { RegisteredTrigger } from "./trigger-book.ts";

interface Entry {
  readonly dueMs: EpochMs;
  readonly trigger: RegisteredTrigger;
}

export class TimerQueue {
  #heap: Entry[] = [];
  readonly #live = new Set<RegisteredTrigger>();

  /** A trigger without a due instant is none of this queue's. */
  add(trigger: RegisteredTrigger): void {
    if (trigger.dueMs === undefined) return;
    this.#live.add(trigger);
    this.#heap.push({ dueMs: trigger.dueMs, trigger });
    this.#up(this.#heap.length - 1);
  }

  forget(trigger: RegisteredTrigger): void {
    this.#live.delete(trigger);
    // Accounts replace their timers again and again; what is dead must not outgrow what is alive.
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#live.size) this.#compact();
  }

  nextDueMs(): EpochMs | null {
    return this.#first()?.dueMs ?? null;
  }

  /** Removes and returns what is due, by instant, then by account and id. */
  due(now: EpochMs): readonly RegisteredTrigger[] {
    const due: RegisteredTrigger[] = [];
    for (let first = this.#first(); first !== null && first.dueMs <= now; first = this.#first()) {
      due.push(first.trigger);
      this.#live.delete(first.trigger);
    }
    return due;
  }

  #first(): Entry | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#live.has(first.trigger)) return first;
      this.#removeFirst();
    }
    return null;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #compact(): void {
    this.#heap = this.#heap.filter(({ trigger }) => this.#live.has(trigger)).sort(compare);
  }

  #up(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #down(from: number): void {
    let index = from;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (child >= this.#heap.length || !this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    return left !== undefined && right !== undefined && compare(left, right) < 0;
  }

  #swapIfBefore(one: number, other: number): boolean {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    if (left === undefined || right === undefined || compare(left, right) >= 0) return false;
    this.#heap[one] = right;
    this.#heap[other] = left;
    return true;
  }
}

function compare(left: Entry, right: Entry): number {
  if (left.dueMs !== right.dueMs) return left.dueMs - right.dueMs;
  const [one, other] = [left.trigger, right.trigger];
  if (one.accountId !== other.accountId) return one.accountId < other.accountId ? -1 : 1;
  return one.triggerId < other.triggerId ? -1 : one.triggerId > other.triggerId ? 1 : 0;
}
