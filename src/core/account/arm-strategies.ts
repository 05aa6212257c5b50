// Sets the exits of what a strategy has entered, in the very decision in which it has dealt: of one order at its first execution,
// of a list once it is whole; before that the list itself sees to its own end.

import type { InstrumentId } from "../instrument/contract.ts";
import { bpsOf, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { averagePricePaise } from "../position/position.ts";
import type { LegPlan, PositionPlan, ResultLevel } from "../strategy/definition/context.ts";
import type { OpenByStrategy } from "../strategy/definition/instance.ts";
import type { Draft } from "./draft.ts";
import type { ExitGroup } from "./exit-groups.ts";
import { gainDirectionOf } from "./exit-levels.ts";
import { findList } from "./lists.ts";
import type { AccountState, ExitPlan, OpenTrade } from "./state.ts";
import type { StopRule } from "./stop-rules.ts";
import { groupIdOf, instancesOf, tradesOfInstance } from "./strategies.ts";
import { ownCapitalPaise } from "./strategy-sizing.ts";
import { syncTriggers } from "./trigger-levels.ts";

export function armStrategies(draft: Draft): void {
  for (const { instanceId, open } of instancesOf(draft.state)) {
    if (open === null || open.isArmed) continue;
    const trades = tradesOfInstance(draft.state, instanceId);
    if (trades.length === 0 || !isWhole(draft.state, open)) continue;
    const { atMs } = draft;
    draft.push({ type: "STRATEGY_ARMED", atMs, instanceId });
    const group = open.plan === null ? null : groupOf(draft.state, instanceId, open, open.plan, trades);
    if (group !== null) draft.push({ type: "EXIT_GROUP_SET", atMs, group });
    syncTriggers(draft, [], plansOf(open, trades));
  }
}

const isWhole = (state: AccountState, { listId }: OpenByStrategy): boolean =>
  listId === null || findList(state, listId)?.stage === "FILLED";

function plansOf(open: OpenByStrategy, trades: readonly OpenTrade[]): ReadonlyMap<InstrumentId, ExitPlan> {
  const plans = new Map<InstrumentId, ExitPlan>();
  for (const trade of trades) {
    const { instrumentId } = trade.position.contract;
    const plan = open.legPlans[instrumentId];
    // A list is left whole at its own time; one order without a plan of its own is still left at its time.
    if (plan !== undefined || open.listId === null) {
      plans.set(instrumentId, exitPlanOf(trade, plan ?? NO_PLAN, open.listId === null ? open.timeExitMs : null));
    }
  }
  return plans;
}

const NO_PLAN: LegPlan = { stopPaise: null, targetPaise: null, trail: null, reentry: null };

/** From what the position has cost; a short's levels lie mirrored. */
function exitPlanOf({ position }: OpenTrade, plan: LegPlan, timeExitMs: ExitPlan["timeExitMs"]): ExitPlan {
  const { stopPaise, targetPaise, trail, reentry } = plan;
  const tick = position.contract.tickSizePaise;
  const gain = gainDirectionOf(position);
  const cost = averagePricePaise(position);
  // A premium cannot fall below one tick.
  const at = (distance: number): Paise => paise(Math.max(tick, Math.round((cost + gain * distance) / tick) * tick));
  const rules: readonly StopRule[] =
    trail === null
      ? []
      : [
          {
            kind: "TRAIL",
            fromPaise: at(trail.stepPaise),
            stopPaise: paise(at(trail.stepPaise) - gain * trail.distancePaise),
            everyPaise: trail.stepPaise,
            byPaise: trail.stepPaise,
          },
        ];
  const distances = [stopPaise, trail?.distancePaise].filter((each) => each !== null && each !== undefined);
  const firstStop = distances.length === 0 ? null : at(-Math.min(...distances));
  return {
    stopPaise: firstStop,
    targetPaise: targetPaise === null ? null : at(targetPaise),
    trailFromPaise: null,
    trailStepPaise: ZERO_PAISE,
    timeExitMs,
    stopReason: "STOP",
    ...(rules.length === 0 ? {} : { rules }),
    ...(reentry === null || firstStop === null ? {} : { reentry: { ...reentry, initialStopPaise: firstStop } }),
  };
}

function groupOf(
  state: AccountState,
  instanceId: string,
  { sets }: OpenByStrategy,
  { stop, target, trail }: PositionPlan,
  trades: readonly OpenTrade[],
): ExitGroup | null {
  const amount = (level: ResultLevel | null): Paise | null => (level === null ? null : amountOf(state, level, sets));
  const [stopAt, targetAt] = [amount(stop), amount(target)];
  const [distance, step] = [amount(trail?.distance ?? null), amount(trail?.step ?? null)];
  const losses = [stopAt, distance].filter((each) => each !== null);
  if (losses.length === 0 && targetAt === null) return null;
  return {
    groupId: groupIdOf(instanceId),
    scope: {
      kind: "INSTRUMENTS",
      instrumentIds: trades.map(({ position }) => position.contract.instrumentId).sort(),
    },
    stopPaise: losses.length === 0 ? null : paise(-Math.min(...losses)),
    targetPaise: targetAt,
    rules:
      distance === null || step === null
        ? []
        : [{ kind: "TRAIL", fromPaise: step, stopPaise: paise(step - distance), everyPaise: step, byPaise: step }],
    stopReason: "STOP",
    realisedPaise: ZERO_PAISE,
  };
}

/** Floored: a stop comes no later than was asked for. */
function amountOf(state: AccountState, { unit, value }: ResultLevel, sets: number): Paise {
  switch (unit) {
    case "PAISE":
      return paise(value);
    case "PAISE_PER_SET":
      return paise(value * sets);
    case "CAPITAL_BPS":
      return paise(Math.max(1, bpsOf(ownCapitalPaise(state), value, "FLOOR")));
  }
}
