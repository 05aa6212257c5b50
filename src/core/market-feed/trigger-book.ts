// The price levels and instants accounts wait for. Levels are sorted per contract and side of its book, so that a tick costs what
// it crosses: one comparison per trigger that fires and one for the first that does not. A long position is left at the bid, a
// short one at the ask, and each level is compared with the side its position is left at.
import type { PriceTrigger } from "../account/state.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import { TimerQueue } from "./timer-queue.ts";

export interface RegisteredTrigger extends PriceTrigger {
  readonly accountId: string;
}

/** What a contract could be sold and bought at; null where nobody deals. */
export interface TouchPrices {
  readonly bidPaise: Paise | null;
  readonly askPaise: Paise | null;
}

/** Both lists are kept so that the trigger to fire next is the last one. */
interface SideLevels {
  /** Fires at or below: ascending levels. */
  readonly falling: RegisteredTrigger[];
  /** Fires at or above: descending levels. */
  readonly rising: RegisteredTrigger[];
}

interface Levels {
  readonly bid: SideLevels;
  readonly ask: SideLevels;
  readonly byAccount: Map<string, readonly RegisteredTrigger[]>;
}

export class TriggerBook {
  readonly #levels = new Map<InstrumentId, Levels>();
  readonly #timers = new TimerQueue();
  /** Contracts whose levels registered last have not been compared with a price yet. */
  readonly #unchecked = new Set<InstrumentId>();
  /** Comparisons of a level with a price so far: the cost of the ticks. */
  comparisons = 0;

  /** Replaces an account's triggers on one instrument. */
  replace(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    const levels = this.#levels.get(instrumentId) ?? noLevels();
    for (const trigger of levels.byAccount.get(accountId) ?? []) {
      if (isTimer(trigger)) this.#timers.forget(trigger);
      else removeSorted(sideOf(levels, trigger), trigger);
    }
    const registered = triggers.map((trigger) => ({ ...trigger, accountId }));
    for (const trigger of registered) {
      if (isTimer(trigger)) this.#timers.add(trigger);
      else insertSorted(sideOf(levels, trigger), trigger);
    }
    if (registered.length > 0) levels.byAccount.set(accountId, registered);
    else levels.byAccount.delete(accountId);
    if (levels.byAccount.size === 0) {
      this.#levels.delete(instrumentId);
      this.#unchecked.delete(instrumentId);
      return;
    }
    this.#levels.set(instrumentId, levels);
    if (registered.length > 0) this.#unchecked.add(instrumentId);
  }

  /**
   * Removes and returns what fires, given which instruments were quoted and a way to get their prices. Levels registered since
   * the last call are looked at even if their instrument was not quoted. In a fixed order, whatever the order of registration.
   */
  cross(
    quoted: ReadonlySet<InstrumentId>,
    touchOf: (instrumentId: InstrumentId) => TouchPrices | null,
  ): readonly RegisteredTrigger[] {
    // Most instants quote nothing that anybody watches.
    if (quoted.size === 0 && this.#unchecked.size === 0) return NONE;
    const looked = new Set(this.#unchecked);
    for (const instrumentId of quoted) if (this.#levels.has(instrumentId)) looked.add(instrumentId);
    const fired: RegisteredTrigger[] = [];
    for (const instrumentId of [...looked].sort()) {
      const levels = this.#levels.get(instrumentId);
      const touch = levels === undefined ? null : touchOf(instrumentId);
      if (levels === undefined || touch === null) continue;
      const from = fired.length;
      this.#popCrossed(levels.bid, touch.bidPaise, fired);
      this.#popCrossed(levels.ask, touch.askPaise, fired);
      for (const trigger of fired.slice(from)) this.#forget(trigger);
    }
    this.#unchecked.clear();
    return fired;
  }

  /** Removes and returns the timers that are due, the earliest first. */
  due(now: EpochMs): readonly RegisteredTrigger[] {
    const due = this.#timers.due(now);
    for (const trigger of due) this.#forget(trigger);
    return due;
  }

  /** Contracts whose prices or instants somebody waits for. */
  get instrumentIds(): Iterable<InstrumentId> {
    return this.#levels.keys();
  }

  /** Whether anybody waits for anything at all. */
  get isWaiting(): boolean {
    return this.#levels.size > 0;
  }

  /** When the next timer is due; null without one. */
  nextDueMs(): EpochMs | null {
    return this.#timers.nextDueMs();
  }

  #popCrossed({ falling, rising }: SideLevels, pricePaise: Paise | null, fired: RegisteredTrigger[]): void {
    if (pricePaise === null) return;
    this.#pop(falling, (levelPaise) => pricePaise <= levelPaise, fired);
    this.#pop(rising, (levelPaise) => pricePaise >= levelPaise, fired);
  }

  #forget({ accountId, instrumentId, triggerId }: RegisteredTrigger): void {
    const levels = this.#levels.get(instrumentId);
    if (levels === undefined) return;
    const rest = (levels.byAccount.get(accountId) ?? []).filter((other) => other.triggerId !== triggerId);
    if (rest.length > 0) levels.byAccount.set(accountId, rest);
    else levels.byAccount.delete(accountId);
    if (levels.byAccount.size === 0) this.#levels.delete(instrumentId);
  }

  #pop(sorted: RegisteredTrigger[], isCrossed: (levelPaise: Paise) => boolean, fired: RegisteredTrigger[]): void {
    for (let last = sorted.at(-1); last !== undefined; last = sorted.at(-1)) {
      this.comparisons += 1;
      if (!isCrossed(last.levelPaise)) return;
      fired.push(last);
      sorted.pop();
    }
  }
}

const NONE: readonly RegisteredTrigger[] = [];

const isTimer = ({ kind }: PriceTrigger): boolean => kind === "TIMER" || kind === "DOUBT_ENDS";

const noLevels = (): Levels => ({
  bid: { falling: [], rising: [] },
  ask: { falling: [], rising: [] },
  byAccount: new Map(),
});

function sideOf(levels: Levels, { watches, fires }: RegisteredTrigger): RegisteredTrigger[] {
  const side = watches === "ASK" ? levels.ask : levels.bid;
  return fires === "AT_OR_BELOW" ? side.falling : side.rising;
}

/** By level (rising ones downwards), then by account and id, so that no two compare as equal. */
function compare(left: RegisteredTrigger, right: RegisteredTrigger): number {
  const byLevel = left.levelPaise - right.levelPaise;
  if (byLevel !== 0) return left.fires === "AT_OR_BELOW" ? byLevel : -byLevel;
  if (left.accountId !== right.accountId) return left.accountId < right.accountId ? -1 : 1;
  return left.triggerId < right.triggerId ? -1 : left.triggerId > right.triggerId ? 1 : 0;
}

/** Index of the first element that is not before `trigger`. */
function lowerBound(sorted: readonly RegisteredTrigger[], trigger: RegisteredTrigger): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at !== undefined && compare(at, trigger) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertSorted(sorted: RegisteredTrigger[], trigger: RegisteredTrigger): void {
  sorted.splice(lowerBound(sorted, trigger), 0, trigger);
}

function removeSorted(sorted: RegisteredTrigger[], trigger: RegisteredTrigger): void {
  const index = lowerBound(sorted, trigger);
  if (sorted[index]?.triggerId === trigger.triggerId && sorted[index].accountId === trigger.accountId) {
    sorted.splice(index, 1);
  }
}
