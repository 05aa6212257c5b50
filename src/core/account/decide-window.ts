// One execution window: exits that are due come first, then each underlying's signal, the surest first. What is decided about a
// signal is recorded with its reason, and one signal that fails never stops the others (ORC-02).
import { alertOf } from "../compliance/restriction.ts";
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { formatRupees, paise, ZERO_PAISE } from "../kernel/money.ts";
import { ok } from "../kernel/result.ts";
import type { SwitchingDecision } from "../prediction/direction-switching.ts";
import { rankingBps } from "../prediction/rule-direction.ts";
import type { Signal } from "../prediction/signal.ts";
import { blocking } from "../risk/circuit-breaker.ts";
import { dayLossPaise } from "../risk/daily-loss.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { pendingEntries } from "../risk/trade-counts.ts";
import { adaptiveTradesPerDay, indexAllocation, volatilityBand } from "../strategy/volatility-regime.ts";
import { advanceLists, leaveList } from "./advance-lists.ts";
import type { Decision } from "./decide.ts";
import { runStrategies } from "./decide-strategy.ts";
import { Draft } from "./draft.ts";
import { enterContract } from "./enter-contract.ts";
import { enterStructure } from "./enter-structure.ts";
import type { AccountEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import { dayEndOf } from "./exit-groups.ts";
import { exitPosition } from "./exit-orders.ts";
import { findList } from "./lists.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import { isLeavingWhole } from "./scale-out.ts";
import type { AccountState, ExitPlan, OpenTrade } from "./state.ts";
import { botOf } from "./strategies.ts";
import { syncTriggers } from "./trigger-levels.ts";
import { decideTurn, resultOf, type Turn, tightenedPlan, turnHeldBack, turnOf } from "./turning.ts";
import { held, noTrade, type Outcome, priceOf, type RunWindow } from "./window-outcome.ts";

type WindowRun = Extract<AccountEvent, { readonly type: "WINDOW_RUN" }>;
type SignalDecision = WindowRun["decisions"][number];

export function runWindow(state: AccountState, command: RunWindow): Decision {
  const { atMs, jobKey } = command;
  const day = required(state.day, "a day");
  if (day.status !== "OPEN") return ok([{ type: "JOB_DONE", atMs, jobKey, note: `the day is ${day.status}` }]);
  // The day's figures hold for this window already; its record goes into the journal once what was decided stands in it.
  const decisions: SignalDecision[] = [];
  const record = windowRecord(state, command, decisions);
  const draft = new Draft(evolve(state, record), atMs);
  if (!enforceLossLimit(draft, command.prices)) exitOnTime(draft, command);
  for (const signal of ranked(command)) {
    decisions.push({ signalId: signal.signalId, ...decided(draft, command, signal) });
  }
  runStrategies(draft, command);
  syncTriggers(draft, command.prices);
  return ok([record, ...draft.events]);
}

/** The surest view first, as VIX lets it count (C-52): what is left of a limit goes to it. Ties in the order of the underlyings. */
const ranked = ({ signals, vixCenti }: RunWindow): readonly Signal[] =>
  signals
    .map((signal) => ({ signal, bps: rankingBps(signal.confidenceBps, vixCenti) }))
    .toSorted(
      (one, other) =>
        other.bps - one.bps ||
        UNDERLYINGS.indexOf(one.signal.underlying) - UNDERLYINGS.indexOf(other.signal.underlying),
    )
    .map(({ signal }) => signal);

function windowRecord(
  state: AccountState,
  { atMs, jobKey, cycleId, window, vixCenti, volatilityBps = null, signals, prices }: RunWindow,
  decisions: readonly SignalDecision[],
): WindowRun {
  // The mean is over what was looked at before the gate; a signal without any view carries 0 and says nothing about confidence.
  const confidences = signals.map(({ confidenceBps }) => confidenceBps).filter((confidenceBps) => confidenceBps > 0);
  const sum = confidences.reduce((total, confidence) => total + confidence, 0);
  const averageConfidenceBps = confidences.length === 0 ? null : Math.floor(sum / confidences.length);
  const currentTrades = state.day?.trades ?? 0;
  const riskWarning = riskWarningOf(state, prices);
  const warned = riskWarning === null ? {} : { riskWarning };
  const adaptive = adaptiveTradesPerDay({ vixCenti, averageConfidenceBps, volatilityBps, currentTrades, ...warned });
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
    decisions,
    vixDecision: {
      guideline,
      decision,
      adaptiveMax,
      remaining,
      averageConfidenceBps,
      ...(volatilityBps === null ? {} : { volatilityBps }),
      ...warned,
      allocation: indexAllocation(adaptiveMax),
      reason,
    },
  };
}

/** The share of the day's loss limit from which on nothing is exceeded any more. */
const LOSS_WARNS_FROM_BPS = 7_500;

/** What warns of more risk than usual: something said for today, or most of what the day may lose being lost. */
function riskWarningOf(state: AccountState, prices: RunWindow["prices"]): string | null {
  const { day, profile } = state;
  if (day === null || profile === null) return null;
  const alert = alertOf(day.restrictions, day.date, null);
  if (alert !== undefined) return `${alert.source} ALERT: ${alert.message}`;
  const [lossPaise, limitPaise] = [dayLossPaise(state, prices), effectiveLimits(profile).dailyLossMaxPaise.limit];
  return lossPaise > 0 && lossPaise * 10_000 >= limitPaise * LOSS_WARNS_FROM_BPS
    ? `the day has lost ${formatRupees(lossPaise)} of the ${formatRupees(paise(limitPaise))} it may`
    : null;
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
  const ended = dayEndOf(draft.state, command.prices);
  if (ended !== null) return noTrade(`the exit group ${ended.groupId} has ended the day for entries`);
  if (direction === "NO_TRADE" || (direction === "NEUTRAL" && structure === undefined)) return noTrade(reason);
  if (expiresAtMs <= draft.atMs) return noTrade("the view has lapsed");
  const heldBack = turnHeldBack(draft, command, signal);
  if (heldBack !== null) return noTrade(heldBack);
  if (direction === "NEUTRAL") return enterStructure(draft, command, signal, required(structure, "a structure"));
  return choice === null ? noTrade("no contract fits the view") : enterContract(draft, command, signal, choice);
}

function decideOpen(draft: Draft, command: RunWindow, signal: Signal, open: readonly OpenTrade[]): Outcome {
  const ids = open.map(({ position }) => position.contract.instrumentId);
  if (ids.some((id) => isLeavingWhole(draft.state, id)))
    return { action: "EXITED", reason: "on the way out", denial: null };
  const turn = turnOf(signal);
  if (turn === null) return held(`${ids.join(", ")} is open`);
  return (
    turnedFromStructure(draft, command, turn, open) ??
    turnedFromTrades(draft, command, turn, open) ??
    held(`${ids.join(", ")} is open`)
  );
}

/** A structure was entered because the index was to stay: any direction turns against it, and it is left whole. */
function turnedFromStructure(draft: Draft, command: RunWindow, turn: Turn, open: readonly OpenTrade[]): Outcome | null {
  const lists = new Set(open.flatMap(({ listId }) => (listId === undefined ? [] : [findList(draft.state, listId)])));
  let outcome: Outcome | null = null;
  for (const list of lists) {
    if (list?.origin !== "STRATEGY" || list.strategyId !== undefined) continue;
    if (list.kind !== "COMBINATION" || list.stage !== "FILLED") continue;
    const decision = decideTurn(
      draft,
      command,
      turn,
      open.filter(({ listId }) => listId === list.listId),
    );
    // Its stop is one of all legs together, which nothing but its own result moves.
    if (decision.exits !== "ALL" && decision.exits !== "LOSERS") continue;
    leaveList(draft, list, turn.isView ? "DIRECTION_SWITCH" : "PREVENTIVE");
    outcome = { action: "EXITED", reason: turnWords(turn, decision), denial: null };
  }
  if (outcome !== null) advanceLists(draft, command.prices);
  return outcome;
}

/** Legs of a list belong together: no view takes one side of it away. What nobody's signal has opened is left by a view alone. */
function turnedFromTrades(draft: Draft, command: RunWindow, turn: Turn, open: readonly OpenTrade[]): Outcome | null {
  const against = open.filter(
    ({ position, listId, strategyId, signalId }) =>
      listId === undefined &&
      strategyId === undefined &&
      (turn.isView || signalId !== null) &&
      isOpposite(turn.to, position.contract.optionType),
  );
  if (against.length === 0) return null;
  const decision = decideTurn(draft, command, turn, against);
  if (decision.exits === "NONE") return held(decision.reason);
  if (decision.exits === "TIGHTEN_STOPS") return tightened(draft, command, against, decision.reason);
  const left = decision.exits === "ALL" ? against : against.filter((trade) => resultOf([trade], command.prices) < 0);
  const givenUnits = left.map(({ position }) => {
    const { instrumentId } = position.contract;
    const reason = turn.isView ? "DIRECTION_SWITCH" : "PREVENTIVE";
    const price = priceOf(command.prices, instrumentId);
    return exitPosition(draft, instrumentId, { reason, price, cycleId: command.cycleId });
  });
  return givenUnits.some((units) => units > 0)
    ? { action: "EXITED", reason: turnWords(turn, decision), denial: null }
    : held("the view has turned, and no price is known to leave at");
}

/** Once a cycle, in its first window: halving what is left of a distance in each of them would leave none. */
function tightened(draft: Draft, { window, prices }: RunWindow, trades: readonly OpenTrade[], reason: string): Outcome {
  const plans = new Map<InstrumentId, ExitPlan>();
  for (const trade of window === 1 ? trades : []) {
    const plan = resultOf([trade], prices) < 0 ? tightenedPlan(trade, prices) : null;
    if (plan !== null) plans.set(trade.position.contract.instrumentId, plan);
  }
  if (plans.size > 0) syncTriggers(draft, prices, plans);
  const moved = [...plans].map(
    ([id, { stopPaise }]) => `the stop of ${id} moves to ${formatRupees(stopPaise ?? ZERO_PAISE)}`,
  );
  return held([reason, ...moved].join(" "));
}

const turnWords = ({ to, isView }: Turn, { reason }: SwitchingDecision): string =>
  isView ? `the view turned ${to}` : reason;

const tradesIn = (state: AccountState, underlying: Underlying): readonly OpenTrade[] =>
  Object.values(state.openTrades).filter(({ position }) => position.contract.underlying === underlying);

const isOpposite = (direction: Turn["to"], optionType: "CALL" | "PUT"): boolean =>
  (direction === "BULLISH" && optionType === "PUT") || (direction === "BEARISH" && optionType === "CALL");
