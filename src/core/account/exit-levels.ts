// The price levels of one trade: a long is left at the bid and gains upwards, a short is left at the ask and gains downwards, so
// each level of a short mirrors that of a long.
import { divFloor, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Position } from "../position/position.ts";
import { nearestFollowingPaise } from "../risk/quote-plausibility.ts";
import type { PriceView } from "./command.ts";
import type { ExitPlan, OpenTrade, PriceTrigger } from "./state.ts";
import { type GainDirection, nextTighteningPaise, tightened } from "./stop-rules.ts";

export type Level = Omit<PriceTrigger, "triggerId" | "instrumentId">;

export const gainDirectionOf = ({ netUnits }: Position): GainDirection => (netUnits < 0 ? -1 : 1);

/** What the position could be left at; the last price stands in. */
export const exitPricePaise = (position: Position, price: PriceView): Paise | null =>
  (position.netUnits < 0 ? price.askPaise : price.bidPaise) ?? price.lastPaise;

/** Fires when the position is worth as little as at the level, or less. */
export const adverseLevel = (position: Position, kind: PriceTrigger["kind"], levelPaise: Paise): Level =>
  levelOf(position, kind, position.netUnits < 0 ? "AT_OR_ABOVE" : "AT_OR_BELOW", levelPaise);

/** Fires when the position is worth as much as at the level, or more. */
export const favorableLevel = (position: Position, kind: PriceTrigger["kind"], levelPaise: Paise): Level =>
  levelOf(position, kind, position.netUnits < 0 ? "AT_OR_BELOW" : "AT_OR_ABOVE", levelPaise);

/** Fires at whatever price comes first. */
export const anyPriceLevel = ({ contract, netUnits }: Position): Level => {
  const level: Level = { kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: contract.tickSizePaise };
  return netUnits < 0 ? { ...level, watches: "ASK" } : level;
};

const levelOf = (
  { netUnits }: Position,
  kind: PriceTrigger["kind"],
  fires: PriceTrigger["fires"],
  levelPaise: Paise,
): Level => ({ kind, fires, levelPaise, ...(netUnits < 0 ? { watches: "ASK" as const } : {}) });

/** Stop, target, the next tightening and the time exit of a plan. Its time counts while the market is open. */
export function planLevels(
  { position, exitPlan }: Pick<OpenTrade, "position" | "exitPlan">,
  closeMs: EpochMs,
): Level[] {
  if (exitPlan === null) return [];
  const { stopPaise, targetPaise, timeExitMs } = exitPlan;
  const levels: Level[] = [];
  if (stopPaise !== null) levels.push(adverseLevel(position, "STOP", stopPaise));
  if (targetPaise !== null) levels.push(favorableLevel(position, "TARGET", targetPaise));
  const stepPaise = nextStepPaise(exitPlan, gainDirectionOf(position));
  if (stepPaise !== null) levels.push(favorableLevel(position, "TRAIL_STEP", stepPaise));
  if (timeExitMs !== null && timeExitMs < closeMs) {
    levels.push(timerLevel("TIMER", timeExitMs));
  }
  return levels;
}

const timerLevel = (kind: Level["kind"], dueMs: EpochMs): Level => ({
  kind,
  fires: "AT_OR_ABOVE",
  levelPaise: ZERO_PAISE,
  dueMs,
});

const BY_BELIEVED_PRICE: ReadonlySet<Level["kind"]> = new Set(["TRAIL_STEP", "LOSS_GUARD", "GROUP_FALL", "GROUP_RISE"]);

/**
 * The levels while the price is doubted. Those that go by what is believed would fire at every tick beyond them and change
 * nothing; in their place the price is asked for once it follows from the believed one again, and once the doubt is over.
 */
export function levelsInDoubt(
  { position, doubt }: Pick<OpenTrade, "position" | "doubt">,
  levels: readonly Level[],
  now: EpochMs,
  closeMs: EpochMs,
): readonly Level[] {
  if (doubt === undefined || doubt.untilMs <= now) return levels;
  const { pricePaise, believedPaise, untilMs } = doubt;
  const isBelow = pricePaise < believedPaise;
  const standing = levels.filter(
    ({ kind, fires }) => !BY_BELIEVED_PRICE.has(kind) || (fires === "AT_OR_BELOW") !== isBelow,
  );
  const changePaise = paise(nearestFollowingPaise(pricePaise, believedPaise));
  return [
    ...standing,
    levelOf(position, "DOUBT_CHANGES", isBelow ? "AT_OR_ABOVE" : "AT_OR_BELOW", changePaise),
    ...(untilMs < closeMs ? [timerLevel("DOUBT_ENDS", untilMs)] : []),
  ];
}

/** The plan once a price has been seen: its stop tightened by every step that was reached, never beyond the target. */
export function planAfter(plan: ExitPlan, seenPaise: Paise, direction: GainDirection): ExitPlan {
  const seen = plan.targetPaise === null ? seenPaise : nearer(seenPaise, plan.targetPaise, direction);
  const trailed = trailedPlan(plan, seen, direction);
  const stopPaise = tightened(plan.rules ?? [], trailed.stopPaise, seen, direction);
  if (stopPaise === plan.stopPaise && trailed === plan) return plan;
  return { ...trailed, stopPaise, stopReason: "TRAILING_STOP" };
}

/** The stop moves by a step for every step that the price has gone beyond the trailing level, and so does that level. */
function trailedPlan(plan: ExitPlan, seenPaise: Paise, direction: GainDirection): ExitPlan {
  const { trailFromPaise, trailStepPaise, stopPaise } = plan;
  if (!isTrailing(plan) || trailFromPaise === null || stopPaise === null) return plan;
  const beyond = direction * (seenPaise - trailFromPaise);
  if (beyond < 0) return plan;
  const moved = direction * (Math.floor(beyond / trailStepPaise) + 1) * trailStepPaise;
  return { ...plan, stopPaise: paise(stopPaise + moved), trailFromPaise: paise(trailFromPaise + moved) };
}

/** The exit price at which the stop is tightened next; null when it is not any more, or the target comes first. */
export function nextStepPaise(plan: ExitPlan, direction: GainDirection): Paise | null {
  const { trailFromPaise, targetPaise, stopPaise, rules = [] } = plan;
  const steps = [isTrailing(plan) ? trailFromPaise : null, nextTighteningPaise(rules, stopPaise, direction)];
  const ahead = steps.filter((step) => step !== null && (targetPaise === null || direction * (targetPaise - step) > 0));
  return ahead.reduce<Paise | null>((nearest, step) => {
    if (step === null || nearest === null) return nearest ?? step;
    return nearer(nearest, step, direction);
  }, null);
}

const isTrailing = ({ trailFromPaise, trailStepPaise }: ExitPlan): boolean =>
  trailFromPaise !== null && trailStepPaise > 0;

const nearer = (one: Paise, other: Paise, direction: GainDirection): Paise =>
  direction * one <= direction * other ? one : other;

/** The exit price at which a position's open result is as bad as this, and no better. */
export const priceWhenAtMost = ({ netUnits, costPaise }: Position, resultPaise: number): Paise =>
  paise(netUnits > 0 ? divFloor(costPaise + resultPaise, netUnits) : 0 - divFloor(costPaise + resultPaise, -netUnits));

/** The exit price at which a position's open result is as good as this, and no worse. */
export const priceWhenAtLeast = ({ netUnits, costPaise }: Position, resultPaise: number): Paise =>
  paise(
    netUnits > 0 ? 0 - divFloor(-(costPaise + resultPaise), netUnits) : divFloor(-(costPaise + resultPaise), -netUnits),
  );
