// The price levels accounts wait for, sorted by level, so that a tick costs what it crosses: one comparison per trigger that
// fires and one for the first that does not.
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import type { Paise } from "../../src/core/kernel/money.ts";

export interface RegisteredTrigger extends PriceTrigger {
  readonly accountId: string;
}

/** Both lists are kept so that the trigger to fire next is the last one. */
interface Levels {
  /** Fires at or below: ascending levels. */
  readonly falling: RegisteredTrigger[];
  /** Fires at or above: descending levels. */
  readonly rising: RegisteredTrigger[];
  readonly byAccount: Map<string, readonly RegisteredTrigger[]>;
  /** True until the levels registered last have been compared with a price. */
  isUnchecked: boolean;
}

export class TriggerBook {
  readonly #levels = new Map<InstrumentId, Levels>();
  /** Comparisons of a level with a price so far: the cost of the ticks. */
  comparisons = 0;

  /** Replaces an account's triggers on one instrument. */
  replace(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    const levels = this.#levels.get(instrumentId) ?? {
      falling: [],
      rising: [],
      byAccount: new Map(),
      isUnchecked: false,
    };
    for (const trigger of levels.byAccount.get(accountId) ?? []) removeSorted(sideOf(levels, trigger), trigger);
    const registered = triggers.map((trigger) => ({ ...trigger, accountId }));
    for (const trigger of registered) insertSorted(sideOf(levels, trigger), trigger);
    if (registered.length > 0) levels.byAccount.set(accountId, registered);
    else levels.byAccount.delete(accountId);
    if (levels.byAccount.size === 0) {
      this.#levels.delete(instrumentId);
      return;
    }
    levels.isUnchecked ||= registered.length > 0;
    this.#levels.set(instrumentId, levels);
  }

  /**
   * Removes and returns what fires, given which instruments were quoted and a way to get their bid. Levels registered since
   * the last call are looked at even if their instrument was not quoted. In a fixed order, whatever the order of registration.
   */
  cross(
    quoted: ReadonlySet<InstrumentId>,
    bidPaiseOf: (instrumentId: InstrumentId) => Paise | null,
  ): readonly RegisteredTrigger[] {
    const fired: RegisteredTrigger[] = [];
    for (const [instrumentId, levels] of [...this.#levels].sort(([left], [right]) => (left < right ? -1 : 1))) {
      if (!levels.isUnchecked && !quoted.has(instrumentId)) continue;
      levels.isUnchecked = false;
      const bidPaise = bidPaiseOf(instrumentId);
      if (bidPaise === null) continue;
      const crossed = [
        ...this.#pop(levels.falling, (levelPaise) => bidPaise <= levelPaise),
        ...this.#pop(levels.rising, (levelPaise) => bidPaise >= levelPaise),
      ];
      for (const trigger of crossed) forget(levels, trigger);
      if (levels.byAccount.size === 0) this.#levels.delete(instrumentId);
      fired.push(...crossed);
    }
    return fired;
  }

  #pop(sorted: RegisteredTrigger[], isCrossed: (levelPaise: Paise) => boolean): RegisteredTrigger[] {
    const crossed: RegisteredTrigger[] = [];
    for (let last = sorted.at(-1); last !== undefined; last = sorted.at(-1)) {
      this.comparisons += 1;
      if (!isCrossed(last.levelPaise)) break;
      crossed.push(last);
      sorted.pop();
    }
    return crossed;
  }
}

const sideOf = (levels: Levels, trigger: PriceTrigger): RegisteredTrigger[] =>
  trigger.fires === "AT_OR_BELOW" ? levels.falling : levels.rising;

function forget(levels: Levels, trigger: RegisteredTrigger): void {
  const rest = (levels.byAccount.get(trigger.accountId) ?? []).filter((other) => other.triggerId !== trigger.triggerId);
  if (rest.length > 0) levels.byAccount.set(trigger.accountId, rest);
  else levels.byAccount.delete(trigger.accountId);
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
