// Entering again after a stop: at once, when the price is back at what the trade had cost, or when it goes on the way it was
// expected to. Only so often, only after a wait, and through the same check as any other entry.
import type { OptionContract } from "../instrument/contract.ts";
import { type Paise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId, OrderSide } from "../order/order.ts";
import { shiftedTargets } from "./scale-out.ts";
import type { AccountState, ExitPlan, PriceTrigger } from "./state.ts";
import type { StopRule } from "./stop-rules.ts";
import { reachablePaise } from "./within-reach.ts";

export const REENTRY_MODES = ["ASAP", "AT_COST", "MOMENTUM"] as const;
export type ReentryMode = (typeof REENTRY_MODES)[number];

export interface ReentryTerms {
  readonly mode: ReentryMode;
  /** How often it may still be entered again. */
  readonly times: number;
  /** From the stop's last execution to the first attempt. */
  readonly waitMs: number;
  /** MOMENTUM: how far the entry side must have come back from the exit price, in the trade's direction. */
  readonly momentumPaise: Paise;
  /** The stop the trade began with, before anything tightened it. */
  readonly initialStopPaise: Paise;
}

/** A stopped trade that may be entered again. WAITING for its time, WATCHING for its price, ENTERING with an order. */
export interface Reentry {
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly units: number;
  readonly terms: ReentryTerms;
  /** How the stopped trade was to be left at first, and the price it had been entered at: the next one's plan keeps the distances. */
  readonly plan: ExitPlan;
  readonly costPaise: Paise;
  readonly exitPaise: Paise;
  readonly dueMs: EpochMs;
  readonly stage: "WAITING" | "WATCHING" | "ENTERING";
  /** Of the order that enters. */
  readonly clientOrderId: ClientOrderId | null;
  readonly cycleId: string | null;
  readonly signalId: string | null;
  /** The strategy instance whose trade it was. */
  readonly strategyId?: string;
  /** Sequence of the event that set it: part of its triggers' names. */
  readonly sequence: number;
}

/** The plan of a re-entry at its own price, with one re-entry less to come. */
export function planOfReentry({ plan, costPaise, terms }: Reentry, entryPaise: Paise): ExitPlan {
  const by = entryPaise - costPaise;
  const shifted = (levelPaise: Paise | null): Paise | null =>
    levelPaise === null ? null : reachablePaise(levelPaise + by);
  const { stopPaise, targetPaise, trailFromPaise, rules, targets, reentry: _before, ...rest } = plan;
  const initialStopPaise = shifted(stopPaise);
  return {
    ...rest,
    stopPaise: initialStopPaise,
    targetPaise: shifted(targetPaise),
    trailFromPaise: shifted(trailFromPaise),
    stopReason: "STOP",
    ...(rules === undefined ? {} : { rules: shiftedRules(rules, shifted) }),
    ...(targets === undefined ? {} : { targets: shiftedTargets(targets, shifted) }),
    // The next one begins with a stop at this one's distance.
    ...(terms.times > 1 && initialStopPaise !== null
      ? { reentry: { ...terms, times: terms.times - 1, initialStopPaise } }
      : {}),
  };
}

const shiftedRules = (rules: readonly StopRule[], shifted: (levelPaise: Paise) => Paise | null): readonly StopRule[] =>
  rules.flatMap((rule) => {
    const [fromPaise, stopPaise] = [shifted(rule.fromPaise), shifted(rule.stopPaise)];
    return fromPaise === null || stopPaise === null ? [] : [{ ...rule, fromPaise, stopPaise }];
  });

/** What the feed is to watch for a re-entry: nothing while the account may not open anything. */
export function reentryTrigger(state: AccountState, reentry: Reentry): PriceTrigger | null {
  const { contract, stage, dueMs, side, sequence } = reentry;
  if (state.tradingState !== "ACTIVE" || state.day?.status !== "OPEN" || stage === "ENTERING") return null;
  const { instrumentId } = contract;
  const triggerId = `${instrumentId}/REENTRY-${stage}/${sequence}`;
  const watched = { triggerId, instrumentId } as const;
  if (stage === "WAITING") {
    return { ...watched, kind: "TIMER", fires: "AT_OR_ABOVE", levelPaise: ZERO_PAISE, dueMs };
  }
  const levelPaise = reentryPaise(reentry);
  if (levelPaise === null) return null;
  return {
    ...watched,
    kind: "REENTRY",
    levelPaise,
    // Back at cost is a better price for the entry; going on is a worse one.
    fires: (side === "BUY") === (reentry.terms.mode === "AT_COST") ? "AT_OR_BELOW" : "AT_OR_ABOVE",
    ...(side === "BUY" ? { watches: "ASK" as const } : {}),
  };
}

function reentryPaise({ terms, side, costPaise, exitPaise }: Reentry): Paise | null {
  if (terms.mode === "AT_COST") return costPaise;
  return reachablePaise(side === "BUY" ? exitPaise + terms.momentumPaise : exitPaise - terms.momentumPaise);
}
