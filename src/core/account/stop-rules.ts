// Rules that tighten a stop while a trade earns: trailing, to cost, locking profit. One form serves them all: once `from` has been
// seen the stop is at least `stop`, and `by` more for every further `every`. A rule has no memory, so looking twice, late or
// after a jump comes to the same stop; and a stop only ever tightens.
//
// Levels lie on the side of gain: upwards for a long and for a result in money, downwards for a short.
import { type Paise, paise } from "../kernel/money.ts";

export interface StopRule {
  readonly kind: "TRAIL" | "COST" | "LOCK";
  readonly fromPaise: Paise;
  readonly stopPaise: Paise;
  /** Zero: once and no further. */
  readonly everyPaise: Paise;
  readonly byPaise: Paise;
}

/** 1 where gain is upwards, -1 where it is downwards. */
export type GainDirection = 1 | -1;

/** The stop once a level has been seen; the one given where no rule makes it tighter. */
export function tightened(
  rules: readonly StopRule[],
  stopPaise: Paise | null,
  seenPaise: Paise,
  direction: GainDirection,
): Paise | null {
  let best = gainOf(stopPaise, direction);
  for (const rule of rules) {
    const beyond = direction * seenPaise - direction * rule.fromPaise;
    if (beyond < 0) continue;
    const steps = rule.everyPaise > 0 ? Math.floor(beyond / rule.everyPaise) : 0;
    best = Math.max(best, direction * rule.stopPaise + steps * rule.byPaise);
  }
  return best === Number.NEGATIVE_INFINITY ? null : paise(direction * best);
}

/** The nearest level at which a rule will tighten the stop; null when none will any more. */
export function nextTighteningPaise(
  rules: readonly StopRule[],
  stopPaise: Paise | null,
  direction: GainDirection,
): Paise | null {
  const stop = gainOf(stopPaise, direction);
  let nearest = Number.POSITIVE_INFINITY;
  for (const rule of rules) {
    const [from, base] = [direction * rule.fromPaise, direction * rule.stopPaise];
    if (base > stop) nearest = Math.min(nearest, from);
    else if (rule.everyPaise > 0 && rule.byPaise > 0) {
      const steps = Math.floor((stop - base) / rule.byPaise) + 1;
      nearest = Math.min(nearest, from + steps * rule.everyPaise);
    }
  }
  return nearest === Number.POSITIVE_INFINITY ? null : paise(direction * nearest);
}

/** Whether a rule can never put the stop at or beyond what has been seen: else it would close what it is to protect. */
export const isSoundRule = (rule: StopRule, direction: GainDirection): boolean =>
  direction * rule.stopPaise < direction * rule.fromPaise &&
  rule.everyPaise >= 0 &&
  rule.byPaise >= 0 &&
  rule.byPaise <= rule.everyPaise;

const gainOf = (levelPaise: Paise | null, direction: GainDirection): number =>
  levelPaise === null ? Number.NEGATIVE_INFINITY : direction * levelPaise;
