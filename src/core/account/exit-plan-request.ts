// Turns what a person asks for into an exit plan. What the market has passed already, lies off the tick or could never protect is
// refused with the field, the limit and the value.
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type EpochMs, formatInstant } from "../kernel/time.ts";
import { averagePricePaise, type Position } from "../position/position.ts";
import type { ExitPlanRequest } from "./exit-command.ts";
import { gainDirectionOf } from "./exit-levels.ts";
import { badPlan } from "./exit-plan-fault.ts";
import type { AccountRefusal } from "./refusal.ts";
import { type ScaleOut, scaleOutOf } from "./scale-out-request.ts";
import type { ExitPlan, OpenTrade } from "./state.ts";
import { type GainDirection, isSoundRule, type StopRule, tightened } from "./stop-rules.ts";

export const REENTRIES_MAX = 5;
const BPS = 10_000;

interface Ask {
  readonly request: ExitPlanRequest;
  readonly position: Position;
  readonly tick: number;
  readonly direction: GainDirection;
  readonly marketPaise: Paise;
  readonly scaleOut: ScaleOut;
}

export function planFrom(
  request: ExitPlanRequest,
  { position }: OpenTrade,
  marketPaise: Paise | null,
  { atMs, closeMs }: { readonly atMs: EpochMs; readonly closeMs: EpochMs },
): Result<ExitPlan, AccountRefusal> {
  if (marketPaise === null) {
    return err(badPlan("stop", "no price is known to measure it by; ask again when the contract is quoted"));
  }
  const direction = gainDirectionOf(position);
  const scaled = scaleOutOf(request, position, marketPaise);
  if (!scaled.ok) return scaled;
  const scaleOut = scaled.value;
  const ask: Ask = { request, position, tick: position.contract.tickSizePaise, direction, marketPaise, scaleOut };
  const rules = rulesOf(ask);
  if (rules === null) return err(badPlan("trail", "nearer: no price is ever there", Number.MAX_SAFE_INTEGER));
  const fault = levelFault(ask) ?? ruleFault(ask, rules) ?? timeFault(request, atMs, closeMs) ?? reentryFault(request);
  if (fault !== null) return err(fault);
  const { timeExitMs, reentry } = request;
  const { targets, targetPaise } = scaleOut;
  const stopPaise = tightened(rules, startStop(ask, rules), marketPaise, direction);
  return ok({
    stopPaise,
    targetPaise,
    trailFromPaise: null,
    trailStepPaise: paise(0),
    timeExitMs,
    stopReason: stopPaise === request.stopPaise ? "STOP" : "TRAILING_STOP",
    ...(rules.length === 0 ? {} : { rules }),
    ...(reentry === null || stopPaise === null ? {} : { reentry: { ...reentry, initialStopPaise: stopPaise } }),
    ...(targets.length === 0 ? {} : { targets }),
  });
}

/** A trail has a stop from the beginning: one step before its first. */
function startStop({ request, direction }: Ask, rules: readonly StopRule[]): Paise | null {
  const trail = rules.find(({ kind }) => kind === "TRAIL");
  const trailed = trail === undefined ? null : paise(trail.stopPaise - direction * trail.byPaise);
  const asked = request.stopPaise;
  if (asked === null || trailed === null) return asked ?? trailed;
  return direction * asked >= direction * trailed ? asked : trailed;
}

/** Null where no number can hold a level of the trail. */
function rulesOf({ request, position, tick, direction, marketPaise, scaleOut }: Ask): readonly StopRule[] | null {
  const { trail, costAtPaise, lock, costAfterFirstTarget } = request;
  const firstPaise = scaleOut.targets[0]?.pricePaise ?? scaleOut.targetPaise;
  const rules: StopRule[] = [];
  if (trail !== null) {
    const points = (distance: number): number =>
      Math.max(1, Math.round((trail.unit === "BPS" ? (marketPaise * distance) / BPS : distance) / tick)) * tick;
    const [distance, step] = [points(trail.distance), points(trail.step)];
    const from = marketPaise + direction * step;
    // The stop it begins with lies one step before its first.
    if (![step, from, from - direction * distance, marketPaise - direction * distance].every(Number.isSafeInteger)) {
      return null;
    }
    const [fromPaise, everyPaise] = [paise(from), paise(step)];
    const stopPaise = paise(from - direction * distance);
    rules.push({ kind: "TRAIL", fromPaise, stopPaise, everyPaise, byPaise: everyPaise });
  }
  for (const fromPaise of new Set([costAtPaise, costAfterFirstTarget === true ? firstPaise : null])) {
    if (fromPaise === null) continue;
    // On the tick that loses nothing.
    const ticks = averagePricePaise(position) / tick;
    const stopPaise = paise((direction > 0 ? Math.ceil(ticks) : Math.floor(ticks)) * tick);
    rules.push({ kind: "COST", fromPaise, stopPaise, everyPaise: paise(0), byPaise: paise(0) });
  }
  if (lock !== null) rules.push({ kind: "LOCK", ...lock });
  return rules;
}

function levelFault({ request, direction, tick, marketPaise }: Ask): AccountRefusal | null {
  const { stopPaise, targetPaise } = request;
  const market = formatRupees(marketPaise);
  const [losing, gaining] = direction > 0 ? ["below", "above"] : ["above", "below"];
  if (stopPaise !== null && direction * stopPaise >= direction * marketPaise) {
    return badPlan(
      "stop",
      `it lies ${losing} the price the position could be left at now, ${market}`,
      marketPaise,
      stopPaise,
    );
  }
  if (targetPaise !== null && direction * targetPaise <= direction * marketPaise) {
    return badPlan(
      "target",
      `it lies ${gaining} the price the position could be left at now, ${market}`,
      marketPaise,
      targetPaise,
    );
  }
  for (const [field, level] of [
    ["stop", stopPaise],
    ["target", targetPaise],
  ] as const) {
    if (level !== null && (level <= 0 || level % tick !== 0)) {
      return badPlan(field, `a multiple of the tick, ${formatRupees(paise(tick))}`, tick, level);
    }
  }
  return null;
}

function ruleFault({ request, direction, marketPaise }: Ask, rules: readonly StopRule[]): AccountRefusal | null {
  const { trail } = request;
  if (trail !== null && (trail.distance <= 0 || trail.step <= 0))
    return badPlan("trail", "distance and step are more than zero");
  for (const rule of rules) {
    const field = fieldOf(rule, request);
    if (!isSoundRule(rule, direction)) {
      const [away, detail] =
        rule.kind === "COST"
          ? [rule.stopPaise, "it lies on the gain's side of what the position has cost"]
          : [rule.fromPaise, "the stop stays behind the price: keep behind from, and by at most every"];
      return badPlan(field, detail, away, rule.kind === "COST" ? rule.fromPaise : rule.stopPaise);
    }
    if (
      rule.kind !== "TRAIL" &&
      direction * rule.stopPaise >= direction * marketPaise &&
      direction * rule.fromPaise <= direction * marketPaise
    ) {
      return badPlan(field, "its stop would be reached at once", marketPaise, rule.stopPaise);
    }
    if (rule.kind === "TRAIL" && direction * (rule.stopPaise - direction * rule.byPaise) >= direction * marketPaise) {
      return badPlan(field, "its distance is more than nothing", marketPaise, rule.stopPaise);
    }
  }
  return null;
}

function fieldOf({ kind, fromPaise }: StopRule, { costAtPaise }: ExitPlanRequest): string {
  if (kind === "COST") return fromPaise === costAtPaise ? "costAt" : "costAfterFirstTarget";
  return kind === "TRAIL" ? "trail" : "lock";
}

function timeFault({ timeExitMs }: ExitPlanRequest, atMs: EpochMs, closeMs: EpochMs): AccountRefusal | null {
  if (timeExitMs === null || (timeExitMs > atMs && timeExitMs < closeMs)) return null;
  const limit = timeExitMs <= atMs ? atMs : closeMs;
  const detail = `after now and before the market's close, ${formatInstant(closeMs)}`;
  return badPlan("timeExitAt", detail, limit, timeExitMs, "MILLISECONDS");
}

function reentryFault({ reentry, stopPaise, trail }: ExitPlanRequest): AccountRefusal | null {
  if (reentry === null) return null;
  if (stopPaise === null && trail === null)
    return badPlan("reentry", "a trade without a stop is never stopped; give one");
  if (reentry.times < 1 || reentry.times > REENTRIES_MAX) {
    return badPlan("reentry", `1 to ${REENTRIES_MAX} times`, REENTRIES_MAX, reentry.times, "COUNT");
  }
  return null;
}
