// One execution window: exits that are due come first, then each underlying's signal in a fixed order. What is decided about a
// signal is recorded with its reason, and one signal that fails never stops the others (ORC-02).
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { ok } from "../kernel/result.ts";
import type { Signal } from "../prediction/signal.ts";
import { blocking } from "../risk/circuit-breaker.ts";
import { hasExitUnderWay, pendingEntries } from "../risk/trade-counts.ts";
import { adaptiveTradesPerDay, indexAllocation, volatilityBand } from "../strategy/volatility-regime.ts";
import { advanceLists, leaveList } from "./advance-lists.ts";
import type { Decision } from "./decide.ts";
import { runStrategies } from "./decide-strategy.ts";
import { Draft } from "./draft.ts";
import { enterContract } from "./enter-contract.ts";
import { enterStructure } from "./enter-structure.ts";
import type { AccountEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import { exitPosition } from "./exit-orders.ts";
import { findList } from "./lists.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import type { AccountState, OpenTrade } from "./state.ts";
import { botOf } from "./strategies.ts";
import { syncTriggers } from "./trigger-levels.ts";
import { held, noTrade, type Outcome, priceOf, type RunWindow } from "./window-outcome.ts";

export function runWindow(state: AccountState, command: RunWindow): Decision {
  const { atMs, jobKey } = command;
  const day = required(state.day, "a day");
  if (day.status !== "OPEN") return ok([{ type: "JOB_DONE", atMs, jobKey, note: `the day is ${day.status}` }]);
  const record = windowRecord(state, command);
  // The day's figures hold for this window already; the record goes into the journal with what was decided.
  const draft = new Draft(evolve(state, record), atMs);
  if (!enforceLossLimit(draft, command.prices)) exitOnTime(draft, command);
  const decisions = UNDERLYINGS.flatMap((underlying) =>
    command.signals.filter((signal) => signal.underlying === underlying),
  ).map((signal) => ({ signalId: signal.signalId, ...decided(draft, command, signal) }));
  runStrategies(draft, command);
  syncTriggers(draft, command.prices);
  return ok([{ ...record, decisions }, ...draft.events]);
}

function windowRecord(
  state: AccountState,
  { atMs, jobKey, cycleId, window, vixCenti, signals }: RunWindow,
): Extract<AccountEvent, { readonly type: "WINDOW_RUN" }> {
  // The mean is over what was looked at before the gate; a signal without any view carries 0 and says nothing about confidence.
  const confidences = signals.map(({ confidenceBps }) => confidenceBps).filter((confidenceBps) => confidenceBps > 0);
  const sum = confidences.reduce((total, confidence) => total + confidence, 0);
  const averageConfidenceBps = confidences.length === 0 ? null : Math.floor(sum / confidences.length);
  const currentTrades = state.day?.trades ?? 0;
  const adaptive = adaptiveTradesPerDay({ vixCenti, averageConfidenceBps, currentTrades });
  const { guideline, decision, adaptiveMax, remaining, reason } = adaptive;
  const { capacityBps } = volatilityBand(vixCenti);
  return {
    type: "WINDOW_RUN",
    atMs,
    jobKey,
    cycleId,
    window,
    vixCenti,
    vixTradesMax: adaptiveMax,
    capacityBps,
    decisions: [],
    vixDecision: {
      guideline,
      decision,
      adaptiveMax,
      remaining,
      averageConfidenceBps,
      allocation: indexAllocation(adaptiveMax),
      reason,
    },
  };
}

/** Trades whose view has lapsed are left, whatever is predicted now. */
function exitOnTime(draft: Draft, { cycleId, prices }: RunWindow): void {
  for (const instrumentId of Object.keys(draft.state.openTrades).sort() as InstrumentId[]) {
    const plan = draft.state.openTrades[instrumentId]?.exitPlan;
    if (!plan || plan.timeExitMs === null || plan.timeExitMs > draft.atMs) continue;
    exitPosition(draft, instrumentId, { reason: "TIME", price: priceOf(prices, instrumentId), cycleId });
  }
}

function decided(draft: Draft, command: RunWindow, signal: Signal): Outcome {
  let outcome: Outcome = noTrade("");
  const failure = draft.attempt(() => {
    outcome = decideSignal(draft, command, signal);
  });
  return failure === null ? outcome : noTrade(`the signal could not be acted on: ${String(failure)}`);
}

function decideSignal(draft: Draft, command: RunWindow, signal: Signal): Outcome {
  const { underlying, direction, choice, structure, reason, expiresAtMs } = signal;
  const { tradingState } = draft.state;
  if (command.signalsFor === "STRATEGIES") return held("left to the strategies of the account");
  const bot = botOf(draft.state, underlying);
  if (bot !== undefined) return held(`left to the strategy instance ${bot.instanceId}, which is ${bot.state}`);
  const open = tradesIn(draft.state, underlying);
  if (open.length > 0) return decideOpen(draft, command, signal, open);
  if (pendingEntries(draft.state).some((order) => order.contract.underlying === underlying)) {
    return held(`an entry in ${underlying} is under way`);
  }
  if (tradingState !== "ACTIVE") return noTrade(`the account is ${tradingState}: nothing new is opened`);
  const stopped = blocking(draft.state.breakers, underlying);
  if (stopped !== null) return noTrade(`stopped (${stopped.trip.cause}): ${stopped.trip.evidence.detail}`);
  if (direction === "NO_TRADE" || (direction === "NEUTRAL" && structure === undefined)) return noTrade(reason);
  if (expiresAtMs <= draft.atMs) return noTrade("the view has lapsed");
  if (direction === "NEUTRAL") return enterStructure(draft, command, signal, required(structure, "a structure"));
  return choice === null ? noTrade("no contract fits the view") : enterContract(draft, command, signal, choice);
}

function decideOpen(draft: Draft, command: RunWindow, signal: Signal, open: readonly OpenTrade[]): Outcome {
  const { underlying, direction } = signal;
  const ids = open.map(({ position }) => position.contract.instrumentId);
  if (ids.some((id) => hasExitUnderWay(draft.state, id)))
    return { action: "EXITED", reason: "on the way out", denial: null };
  if (leftByView(draft, command, signal, open)) {
    return { action: "EXITED", reason: `the view turned ${direction}`, denial: null };
  }
  // The legs of a list belong together: no view takes one side of it away.
  const against = open.filter(
    ({ position, listId, strategyId }) =>
      listId === undefined && strategyId === undefined && isOpposite(direction, position.contract.optionType),
  );
  if (against.length === 0) return held(`${ids.join(", ")} is open`);
  if (hasSwitched(draft.state, command.cycleId, underlying))
    return held("the direction was switched in this cycle already");
  const givenUnits = against.map(({ position }) => {
    const { instrumentId } = position.contract;
    const price = priceOf(command.prices, instrumentId);
    return exitPosition(draft, instrumentId, { reason: "DIRECTION_SWITCH", price, cycleId: command.cycleId });
  });
  return givenUnits.some((units) => units > 0)
    ? { action: "EXITED", reason: `the view turned ${direction}`, denial: null }
    : held("the view has turned, and no price is known to leave at");
}

/** A structure was entered because the index was to stay: any direction turns against it, and it is left whole. */
function leftByView(draft: Draft, { prices }: RunWindow, { direction }: Signal, open: readonly OpenTrade[]): boolean {
  if (direction !== "BULLISH" && direction !== "BEARISH") return false;
  const lists = new Set(open.flatMap(({ listId }) => (listId === undefined ? [] : [findList(draft.state, listId)])));
  let isLeft = false;
  for (const list of lists) {
    if (list?.origin !== "STRATEGY" || list.strategyId !== undefined) continue;
    if (list.kind !== "COMBINATION" || list.stage !== "FILLED") continue;
    leaveList(draft, list, "DIRECTION_SWITCH");
    isLeft = true;
  }
  if (isLeft) advanceLists(draft, prices);
  return isLeft;
}

const tradesIn = (state: AccountState, underlying: Underlying): readonly OpenTrade[] =>
  Object.values(state.openTrades).filter(({ position }) => position.contract.underlying === underlying);

const isOpposite = (direction: Signal["direction"], optionType: "CALL" | "PUT"): boolean =>
  (direction === "BULLISH" && optionType === "PUT") || (direction === "BEARISH" && optionType === "CALL");

/** At most one switch per cycle and underlying (TIM-04). */
const hasSwitched = (state: AccountState, cycleId: string, underlying: Underlying): boolean =>
  Object.values(state.orders).some(
    (order) =>
      order.exitReason === "DIRECTION_SWITCH" &&
      order.status !== "DENIED" &&
      order.cycleId === cycleId &&
      order.contract.underlying === underlying,
  );
