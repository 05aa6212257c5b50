// Exit rules carry amounts of any size. A level that no number can hold can never be reached: it is left out, and what else there
// is goes on as if it were not there. Nothing that follows from an accepted rule may fail.
import { type Paise, paise } from "../kernel/money.ts";
import type { Position } from "../position/position.ts";
import type { ExitPlan } from "./state.ts";
import { type GainDirection, nextTighteningPaise, type StopRule } from "./stop-rules.ts";

export const reachablePaise = (level: number): Paise | null => (Number.isSafeInteger(level) ? paise(level) : null);

/** The nearest level at which a rule will tighten the stop; null when none ever will. */
export const nextReachablePaise = (
  rules: readonly StopRule[],
  stopPaise: Paise | null,
  direction: GainDirection,
): Paise | null => nextTighteningPaise(reachableRules(rules, stopPaise, direction), stopPaise, direction);

/** The plan with those of its rules that can still tighten its stop. */
export function reachablePlan(plan: ExitPlan, direction: GainDirection): ExitPlan {
  const { rules = [], stopPaise } = plan;
  const reachable = reachableRules(rules, stopPaise, direction);
  return reachable.length === rules.length ? plan : { ...plan, rules: reachable };
}

/** Whether there is a price at which a position's open result is this. */
export const isReachableResult = ({ costPaise }: Position, resultPaise: number): boolean =>
  Number.isSafeInteger(costPaise + resultPaise);

const reachableRules = (
  rules: readonly StopRule[],
  stopPaise: Paise | null,
  direction: GainDirection,
): readonly StopRule[] => rules.filter((rule) => stopPaise === null || hasReachableStep(rule, stopPaise, direction));

function hasReachableStep(
  { fromPaise, stopPaise: basePaise, everyPaise, byPaise }: StopRule,
  stopPaise: Paise,
  direction: GainDirection,
): boolean {
  const ahead = direction * stopPaise - direction * basePaise;
  if (ahead < 0 || everyPaise <= 0 || byPaise <= 0) return true;
  return Number.isSafeInteger(direction * fromPaise + (Math.floor(ahead / byPaise) + 1) * everyPaise);
}
