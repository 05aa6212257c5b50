// Which price levels the feed should watch for an open trade, from state alone: its exit plan, its share of the day's loss
// headroom, or, where it must be closed and an attempt has failed, the very next price.
import type { InstrumentId } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { divFloor, type Paise, paise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import { rememberingLast } from "../kernel/remembered.ts";
import type { ExitReason } from "../order/order.ts";
import type { Position } from "../position/position.ts";
import { exitSideOf, isWithheld } from "../reconciliation/given-up.ts";
import { blocking, exitReasonOf } from "../risk/circuit-breaker.ts";
import { byInstrument, openResultPaise } from "../risk/daily-loss.ts";
import { drawdownOf } from "../risk/drawdown.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { releasableUnits } from "../risk/short-cover.ts";
import { closableUnits, hasExitUnderWay } from "../risk/trade-counts.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import { GroupFigures, groupLevels, groupsOf, isMember } from "./exit-groups.ts";
import {
  adverseLevel,
  anyPriceLevel,
  favorableLevel,
  gainDirectionOf,
  type Level,
  levelsInDoubt,
  planLevels,
  priceWhenAtMost,
} from "./exit-levels.ts";
import { EXIT_ATTEMPTS_MAX, restsOnly, wholeExitsSinceOpened } from "./exit-orders.ts";
import { knownPrices } from "./known-prices.ts";
import { findList } from "./lists.ts";
import { isForbiddenShort } from "./protection.ts";
import { leavesInParts, partsToGive } from "./scale-out.ts";
import type { AccountState, ExitPlan, OpenTrade, PriceTrigger } from "./state.ts";
import { reachablePlan } from "./within-reach.ts";

/**
 * Brings the triggers of every open trade in line with the state. Levels that stay keep their ids; a level that is new gets an
 * id of its own, so that a firing of the old one is known to be stale. `prices` make the loss guards exact; what has none
 * counts at its cost. `plans` replace exit plans.
 */
export function syncTriggers(
  draft: Draft,
  prices: readonly PriceView[] = [],
  plans: ReadonlyMap<InstrumentId, ExitPlan> = new Map(),
): void {
  const open = Object.keys(draft.state.openTrades) as InstrumentId[];
  if (open.length === 0) return;
  // Setting triggers changes neither a position nor a price: what one trade's guards rest on, all others' do.
  const shared = new SharedFigures(draft.state, prices);
  for (const instrumentId of open.sort()) {
    const trade = required(draft.state.openTrades[instrumentId], instrumentId);
    const exitPlan = plans.get(instrumentId) ?? null;
    const levels = levelsOf(draft.state, exitPlan === null ? trade : { ...trade, exitPlan }, shared);
    if (exitPlan === null && isSame(trade.triggers, levels)) continue;
    const sequence = draft.state.sequence + 1;
    const triggers = levels.map(
      (level): PriceTrigger =>
        trade.triggers.find((trigger) => isSameLevel(trigger, level)) ?? {
          triggerId: `${instrumentId}/${nameOf(level)}/${sequence}`,
          instrumentId,
          ...level,
        },
    );
    draft.push({ type: "TRIGGERS_SET", atMs: draft.atMs, instrumentId, triggers, exitPlan });
  }
}

/** A position that must go at any price: the reason to give, or null when its plan still holds. */
export function liquidationReason(state: AccountState, trade: OpenTrade): ExitReason | null {
  const { position } = trade;
  if (state.tradingState === "HALTED") return "KILL_SWITCH";
  if (state.tradingState === "REDUCING") return "DAILY_LOSS";
  const stopped = blocking(state.breakers, position.contract.underlying);
  if (stopped !== null) return exitReasonOf(stopped.trip);
  const status = state.day?.status;
  // By the job and not by its orders: a position without a price at the square-off has none, and must go all the same.
  if ((status !== "OPEN" && status !== "EXIT_ONLY") || isSquaringOff(state) || isForbiddenShort(state, position)) {
    return "SQUARE_OFF";
  }
  const byList = reasonOfList(state, trade);
  if (byList !== null) return byList;
  const group = groupsOf(state).find((each) => each.leaving !== undefined && isMember(each, position));
  if (group?.leaving !== undefined) return group.leaving;
  if (isOverdue(state, trade)) return "TIME";
  const last = wholeExitsSinceOpened(state, position.contract).at(-1)?.exitReason ?? null;
  // Who asked for an exit asks again; a target that was missed is still a target.
  return last === "REQUEST" || last === "TARGET" ? null : last;
}

/** Every level of every trade asks. */
const hasSquaredOff = rememberingLast((jobsDone: AccountState["jobsDone"]): boolean =>
  Object.keys(jobsDone).some((jobKey) => jobKey.startsWith("SQUARE_OFF/")),
);

const isSquaringOff = ({ jobsDone }: AccountState): boolean => hasSquaredOff(jobsDone);

/** Its time is up and no timer is left that would say so. */
const isOverdue = ({ lastEventMs }: AccountState, { exitPlan, triggers }: OpenTrade): boolean =>
  exitPlan !== null &&
  exitPlan.timeExitMs !== null &&
  exitPlan.timeExitMs <= lastEventMs &&
  !triggers.some(({ dueMs }) => dueMs === exitPlan.timeExitMs);

/** A list that is being left or given up whole; one that keeps some of its sets gives the rest back itself. */
export function reasonOfList(state: AccountState, { listId }: OpenTrade): ExitReason | null {
  const list = listId === undefined ? undefined : findList(state, listId);
  if (list?.stage === "EXITING") return list.leaving;
  const isGivenUp = list?.stage === "UNWINDING" || list?.stage === "UNWOUND";
  return isGivenUp && list.keptSets === 0 ? "LIST_UNWIND" : null;
}

function levelsOf(state: AccountState, trade: OpenTrade, shared: SharedFigures): readonly Level[] {
  const { position } = trade;
  const { contract } = position;
  const isLeaving = hasExitUnderWay(state, contract.instrumentId);
  // While only parts are on their way out, the rest is held and guarded as if nothing were.
  const inParts = isLeaving && leavesInParts(state, contract.instrumentId);
  // An exit that deals at once ends by itself; one that rests in the book protects from nothing.
  if (isLeaving && !inParts && !restsOnly(state, contract)) return [];
  // What protects a short is not left before it, neither by its own plan nor in a hurry: its turn comes with the short's end.
  // Nor does a level ask for an exit that is not given.
  const isHeldBack =
    shared.isNeeded(position) || isWithheld(state, contract.instrumentId, exitSideOf(position.netUnits));
  if (liquidationReason(state, trade) !== null) {
    if (isLeaving && !inParts) return [];
    const attempts = wholeExitsSinceOpened(state, contract).length;
    return isHeldBack || attempts >= EXIT_ATTEMPTS_MAX ? [] : [anyPriceLevel(position)];
  }
  const isGiven = isLeaving && closableUnits(state, contract.instrumentId) === 0;
  const { closeMs } = required(state.day, "a day");
  const planned = isHeldBack ? [] : [...planLevels(withinReach(trade), closeMs), ...partLevels(state, trade)];
  const levels = planned.filter(
    // What rests in the book has a target of its own.
    ({ kind }) => kind !== "TARGET" || !isGiven,
  );
  const guard = adverseLevel(position, "LOSS_GUARD", shared.lossGuardPaise(position));
  // Beyond the stop there is nothing left to guard, and there is no price below zero.
  const stop = levels.find(({ kind }) => kind === "STOP");
  if (guard.levelPaise > 0 && (stop === undefined || isBefore(guard, stop))) levels.push(guard);
  if (!isLeaving || inParts) levels.push(...groupLevels(state, trade, shared.groups));
  return levelsInDoubt(trade, levels, state.lastEventMs, closeMs);
}

const withinReach = ({ position, exitPlan }: OpenTrade): Parameters<typeof planLevels>[0] => ({
  position,
  exitPlan: exitPlan === null ? null : reachablePlan(exitPlan, gainDirectionOf(position)),
});

const partLevels = (state: AccountState, trade: OpenTrade): readonly Level[] =>
  partsToGive(state, trade).map(({ pricePaise }) => favorableLevel(trade.position, "SCALE_OUT", pricePaise));

/** A position has one level of each kind, but for its targets. */
const nameOf = ({ kind, levelPaise }: Level): string => (kind === "SCALE_OUT" ? `${kind}-${levelPaise}` : kind);

/** Whether a falling or rising price comes to one level before it comes to the other. */
const isBefore = (one: Level, other: Level): boolean =>
  one.fires === "AT_OR_BELOW" ? one.levelPaise > other.levelPaise : one.levelPaise < other.levelPaise;

/** What the levels of all open trades rest on together, from one state and one set of prices. */
class SharedFigures {
  readonly #state: AccountState;
  readonly #prices: readonly PriceView[];
  #sharePaise: Paise | null = null;
  #groups: GroupFigures | null = null;

  constructor(state: AccountState, prices: readonly PriceView[]) {
    this.#state = state;
    this.#prices = prices;
  }

  get groups(): GroupFigures {
    this.#groups ??= new GroupFigures(this.#state, knownPrices(this.#state, this.#prices));
    return this.#groups;
  }

  /**
   * The price at which this position has lost, beyond what it has lost now, its equal share of what the day may still lose, by
   * the loss limit or by the drawdown, whichever is nearer. All shares together are exactly that headroom, so neither limit can
   * be passed unless some guard fires first.
   */
  lossGuardPaise(position: Position): Paise {
    this.#sharePaise ??= this.#shareOfHeadroom();
    return priceWhenAtMost(position, this.#resultOf(position) - this.#sharePaise);
  }

  /** A long that shorts lean on: less than a lot of it may go. */
  isNeeded({ contract, netUnits }: Position): boolean {
    return netUnits > 0 && releasableUnits(this.#state, contract) < contract.lotSize;
  }

  #resultOf(position: Position): Paise {
    return openResultPaise(position, byInstrument(this.#prices)) ?? ZERO_PAISE;
  }

  #shareOfHeadroom(): Paise {
    const state = this.#state;
    const { dailyLossMaxPaise } = effectiveLimits(required(state.profile, "an open account"));
    const day = required(state.day, "a day");
    const trades = Object.values(state.openTrades);
    const headroomPaise =
      dailyLossMaxPaise.limit +
      day.realisedPaise -
      day.accruedChargesPaise +
      sumPaise(trades, ({ position }) => this.#resultOf(position));
    const leftPaise = Math.max(0, Math.min(headroomPaise, drawdownHeadroomPaise(state, this.#prices)));
    return paise(divFloor(leftPaise, trades.length));
  }
}

/** What the day may still come down before its drawdown is beyond the limit: the limit itself still passes. */
function drawdownHeadroomPaise(state: AccountState, prices: readonly PriceView[]): number {
  const drawdown = drawdownOf(state, prices);
  return drawdown === null ? Number.MAX_SAFE_INTEGER : drawdown.limitPaise + 1 - drawdown.drawdownPaise;
}

const isSame = (triggers: readonly PriceTrigger[], levels: readonly Level[]): boolean =>
  triggers.length === levels.length &&
  triggers.every((trigger, index) => {
    const level = levels[index];
    return level !== undefined && isSameLevel(trigger, level);
  });

const isSameLevel = (one: Level, other: Level): boolean =>
  one.kind === other.kind &&
  one.fires === other.fires &&
  one.levelPaise === other.levelPaise &&
  one.watches === other.watches &&
  one.dueMs === other.dueMs;
