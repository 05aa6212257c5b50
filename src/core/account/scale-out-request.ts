// Turns the targets that a person asks for into levels and whole lots of what is held. Two at one price, one that the market has
// passed, parts of a lot and more than is held are refused with the field, the limit and the value.
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { averagePricePaise, type Position } from "../position/position.ts";
import type { ExitPlanRequest, ScaleTargetRequest } from "./exit-command.ts";
import { gainDirectionOf } from "./exit-levels.ts";
import { badPlan } from "./exit-plan-fault.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { ScaleTarget } from "./state.ts";

export const SCALE_TARGETS_MAX = 5;
const BPS = 10_000;
const WHOLE_PERCENT = 100;

/** Targets of parts, and the one at which all that is left then goes. */
export interface ScaleOut {
  readonly targets: readonly ScaleTarget[];
  readonly targetPaise: Paise | null;
}

export function scaleOutOf(
  { targets: asked = [], targetPaise, costAfterFirstTarget }: ExitPlanRequest,
  position: Position,
  marketPaise: Paise,
): Result<ScaleOut, AccountRefusal> {
  if (asked.length === 0) {
    if (costAfterFirstTarget !== true) return ok({ targets: [], targetPaise });
    return err(badPlan("costAfterFirstTarget", "there is no first of several targets; give targets"));
  }
  if (targetPaise !== null) {
    return err(badPlan("targets", "give a target for the whole position, or several for its parts, not both"));
  }
  if (asked.length > SCALE_TARGETS_MAX) {
    return err(badPlan("targets", `at most ${SCALE_TARGETS_MAX}`, SCALE_TARGETS_MAX, asked.length, "COUNT"));
  }
  const sharePercent = asked.reduce((sum, { quantity }) => sum + percentOf(quantity), 0);
  if (sharePercent > WHOLE_PERCENT) {
    const detail = `all shares together come to at most ${WHOLE_PERCENT} percent`;
    return err(badPlan("targets", detail, WHOLE_PERCENT, sharePercent, "COUNT"));
  }
  const levels = asked.map(({ level }) => levelOf(level, position));
  const fault = levelsFault(levels, position, marketPaise);
  return fault === null ? withLots(asked, levels.map(paise), position) : err(fault);
}

/** Distances count from what the position has cost, in its gain's direction, on the tick. */
function levelOf({ unit, value }: ScaleTargetRequest["level"], position: Position): number {
  if (unit === "PRICE") return value;
  const tick = position.contract.tickSizePaise;
  const cost = averagePricePaise(position);
  const distance = unit === "BPS" ? (cost * value) / BPS : value;
  return Math.round((cost + gainDirectionOf(position) * distance) / tick) * tick;
}

function levelsFault(levels: readonly number[], position: Position, marketPaise: Paise): AccountRefusal | null {
  const direction = gainDirectionOf(position);
  const tick = position.contract.tickSizePaise;
  const beyond = direction > 0 ? "above" : "below";
  for (const [index, level] of levels.entries()) {
    const field = `targets.${index}`;
    if (!Number.isSafeInteger(level)) {
      return badPlan(field, "nearer: no price is ever there", Number.MAX_SAFE_INTEGER);
    }
    if (level <= 0 || level % tick !== 0) {
      return badPlan(field, `a multiple of the tick, ${formatRupees(paise(tick))}`, tick, level);
    }
    if (direction * level <= direction * marketPaise) {
      const market = formatRupees(marketPaise);
      return badPlan(
        field,
        `it lies ${beyond} the price the position could be left at now, ${market}`,
        marketPaise,
        level,
      );
    }
    const before = levels[index - 1];
    if (before !== undefined && direction * level <= direction * before) {
      return badPlan(field, `it lies ${beyond} the target before it, ${formatRupees(paise(before))}`, before, level);
    }
  }
  return null;
}

function withLots(
  asked: readonly ScaleTargetRequest[],
  levels: readonly Paise[],
  { contract: { lotSize }, netUnits }: Position,
): Result<ScaleOut, AccountRefusal> {
  const heldLots = Math.floor(Math.abs(netUnits) / lotSize);
  const last = asked.length - 1;
  const targets: ScaleTarget[] = [];
  let left = heldLots;
  for (const [index, { quantity }] of asked.entries()) {
    const pricePaise = levels[index] as Paise;
    const takesRest = index === last && (quantity === null || addsUpToAll(asked));
    if (quantity === null && !takesRest) {
      return err(badPlan(`targets.${index}`, "only the last takes what is left; give its lots or its share"));
    }
    const lots = takesRest ? Math.max(1, left) : lotsOf(quantity, heldLots);
    const field = `targets.${index}.${quantity?.unit === "PERCENT" ? "share" : "lots"}`;
    if (!Number.isSafeInteger(lots) || lots < 1) {
      return err(badPlan(field, `whole lots, at least one of the ${heldLots} held`, 1, lots, "COUNT"));
    }
    if (lots > left) {
      const detail = `all targets together give at most what is held, ${heldLots} lots`;
      return err(badPlan(field, detail, heldLots, heldLots - left + lots, "COUNT"));
    }
    if (takesRest) return ok({ targets, targetPaise: pricePaise });
    left -= lots;
    targets.push({ pricePaise, units: lots * lotSize });
  }
  return ok({ targets, targetPaise: null });
}

/** A share is rounded down to whole lots. */
function lotsOf(quantity: ScaleTargetRequest["quantity"], heldLots: number): number {
  if (quantity === null) return 0;
  return quantity.unit === "LOTS" ? quantity.value : Math.floor((heldLots * quantity.value) / WHOLE_PERCENT);
}

const percentOf = (quantity: ScaleTargetRequest["quantity"]): number =>
  quantity?.unit === "PERCENT" ? quantity.value : 0;

/** Shares of the whole: what rounding leaves over goes with the last. */
const addsUpToAll = (asked: readonly ScaleTargetRequest[]): boolean =>
  asked.every(({ quantity }) => quantity?.unit === "PERCENT") &&
  asked.reduce((sum, { quantity }) => sum + percentOf(quantity), 0) === WHOLE_PERCENT;
