// Turns a definition's stops, targets and trails into whole ticks of premium, and levels of the whole position into amounts.
// Rounding is against the trade: a stop comes no later and a target no nearer than was asked for.
import { type Paise, paise } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import { MS_PER_MINUTE } from "../../kernel/time.ts";
import { DELTA_WHEN_UNKNOWN_BPS } from "../exit-plan.ts";
import type { ChosenLeg, LegPlan, MarketContext, PositionPlan, ResultLevel, SizingWish } from "./context.ts";
import type { Distance, LegExit, ParameterValues, PositionExit, ResultDistance, Sizing } from "./definition.ts";
import { amountOf } from "./parameters.ts";

type BareLeg = Omit<ChosenLeg, "plan">;

/** The leg's plan, or what is missing for it. */
export function legPlanOf(
  { stop, target, trail, reentry }: LegExit,
  leg: BareLeg,
  values: ParameterValues,
  context: Pick<MarketContext, "atrPaise">,
): Result<LegPlan, string> {
  const tick = leg.contract.tickSizePaise;
  const used = [stop, target, trail?.distance, trail?.step, reentry?.momentum];
  if (context.atrPaise === null && used.some((distance) => distance?.unit === "ATR")) {
    return err("the index's ATR is not known yet, and its exits are measured by it");
  }
  const ticks = (distance: Distance, round: (ticks: number) => number): Paise =>
    paise(Math.max(1, round(premiumOf(distance, leg, values, context) / tick)) * tick);
  // What was bought cannot fall below one tick, so a farther stop would never be reached.
  const farthest = leg.side === "BUY" ? Math.max(tick, leg.pricePaise - tick) : Number.MAX_SAFE_INTEGER;
  return ok({
    stopPaise: stop === undefined ? null : paise(Math.min(ticks(stop, Math.floor), farthest)),
    targetPaise: target === undefined ? null : ticks(target, Math.ceil),
    trail:
      trail === undefined
        ? null
        : { distancePaise: ticks(trail.distance, Math.floor), stepPaise: ticks(trail.step, Math.floor) },
    reentry:
      reentry === undefined
        ? null
        : {
            mode: reentry.mode,
            times: Math.round(amountOf(reentry.times, values)),
            waitMs: Math.round(amountOf(reentry.waitMinutes, values) * MS_PER_MINUTE),
            momentumPaise: reentry.momentum === undefined ? paise(0) : ticks(reentry.momentum, Math.ceil),
          },
  });
}

/** In paise of premium, not rounded: a figure that becomes ticks in the next step. */
function premiumOf(
  { unit, value }: Distance,
  { pricePaise, deltaBps }: BareLeg,
  values: ParameterValues,
  { atrPaise }: Pick<MarketContext, "atrPaise">,
): number {
  const amount = amountOf(value, values);
  const perPoint = Math.abs(deltaBps ?? DELTA_WHEN_UNKNOWN_BPS) / 10_000;
  switch (unit) {
    case "PREMIUM_PERCENT":
      return (pricePaise * amount) / 100;
    case "PREMIUM_POINTS":
      return amount * 100;
    case "INDEX_POINTS":
      return amount * 100 * perPoint;
    case "ATR":
      return amount * (atrPaise ?? 0) * perPoint;
  }
}

export function positionPlanOf(
  { stop, target, trail }: PositionExit,
  legs: readonly ChosenLeg[],
  values: ParameterValues,
): PositionPlan {
  const level = (distance: ResultDistance | undefined): ResultLevel | null =>
    distance === undefined ? null : levelOf(distance, legs, values);
  const [distance, step] = [level(trail?.distance), level(trail?.step)];
  return {
    stop: level(stop),
    target: level(target),
    trail: distance === null || step === null ? null : { distance, step },
  };
}

function levelOf({ unit, value }: ResultDistance, legs: readonly ChosenLeg[], values: ParameterValues): ResultLevel {
  const amount = amountOf(value, values);
  switch (unit) {
    case "RUPEES":
      return { unit: "PAISE", value: Math.max(1, Math.round(amount * 100)) };
    case "CAPITAL_PERCENT":
      return { unit: "CAPITAL_BPS", value: Math.max(1, Math.round(amount * 100)) };
    case "PREMIUM_PERCENT":
      return {
        unit: "PAISE_PER_SET",
        value: Math.max(1, Math.floor((Math.abs(netPremiumPaise(legs)) * amount) / 100)),
      };
  }
}

/** Paid for one set of the legs; negative where it is received. */
const netPremiumPaise = (legs: readonly ChosenLeg[]): number =>
  legs.reduce(
    (sum, { side, pricePaise, ratio, contract }) =>
      sum + (side === "BUY" ? 1 : -1) * pricePaise * ratio * contract.lotSize,
    0,
  );

export function sizingOf(sizing: Sizing, values: ParameterValues): SizingWish {
  switch (sizing.by) {
    case "LOTS":
      return { by: "LOTS", lots: Math.max(1, Math.round(amountOf(sizing.lots, values))) };
    case "CAPITAL_PERCENT":
      return { by: "CAPITAL_BPS", bps: Math.round(amountOf(sizing.percent, values) * 100) };
    case "RISK_PERCENT":
      return { by: "RISK_BPS", bps: Math.round(amountOf(sizing.percent, values) * 100) };
    case "ALLOCATION":
      return { by: "ALLOCATION" };
  }
}
