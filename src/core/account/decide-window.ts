// One execution window: exits that are due come first, then each underlying's signal in a fixed order. What is decided about a
// signal is recorded with its reason, and one signal that fails never stops the others (ORC-02).
import { accruedChargePaise } from "../charges/contract-note.ts";
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, minPaise, type Paise, paise, valuePaise } from "../kernel/money.ts";
import { ok } from "../kernel/result.ts";
import type { ClientOrderId, OrderTerms } from "../order/order.ts";
import { buyProtectionPaise, ENTRY_BAND } from "../order/protection-price.ts";
import type { ContractChoice, Signal } from "../prediction/signal.ts";
import { checkOrder, orderUnitsMax } from "../risk/check.ts";
import { blocking } from "../risk/circuit-breaker.ts";
import type { Denial } from "../risk/denial.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import type { CheckResult } from "../risk/rule.ts";
import { hasExitUnderWay, pendingEntries } from "../risk/trade-counts.ts";
import { exitPlanMoveFor, stopMoveOf } from "../strategy/exit-plan.ts";
import { entryLots } from "../strategy/sizing.ts";
import { adaptiveTradesPerDay, indexAllocation, volatilityBand } from "../strategy/volatility-regime.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { runStrategies } from "./decide-strategy.ts";
import { Draft } from "./draft.ts";
import type { AccountEvent, WindowDecision } from "./event.ts";
import { evolve } from "./evolve.ts";
import { reservedFor } from "./evolve-order.ts";
import { denialOf, exitPosition, submission } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import type { AccountState, OpenTrade } from "./state.ts";
import { botOf } from "./strategies.ts";
import { syncTriggers } from "./trigger-levels.ts";

type RunWindow = Extract<Command, { readonly type: "RUN_WINDOW" }>;
type Outcome = Omit<WindowDecision, "signalId">;

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
  const { underlying, direction, choice, reason, expiresAtMs } = signal;
  const { tradingState } = draft.state;
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
  if (direction !== "BULLISH" && direction !== "BEARISH") return noTrade(reason);
  if (expiresAtMs <= draft.atMs) return noTrade("the view has lapsed");
  if (choice === null) return noTrade("no contract fits the view");
  return enter(draft, command, signal, choice);
}

function decideOpen(draft: Draft, command: RunWindow, signal: Signal, open: readonly OpenTrade[]): Outcome {
  const { underlying, direction } = signal;
  const ids = open.map(({ position }) => position.contract.instrumentId);
  if (ids.some((id) => hasExitUnderWay(draft.state, id)))
    return { action: "EXITED", reason: "on the way out", denial: null };
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

function enter(draft: Draft, command: RunWindow, signal: Signal, choice: ContractChoice): Outcome {
  const { contract } = choice;
  const price = priceOf(command.prices, contract.instrumentId);
  const limitPaise = (price && buyProtectionPaise(price, contract.tickSizePaise, ENTRY_BAND)) ?? contract.tickSizePaise;
  const lots = price === null ? 0 : lotsOf(draft.state, signal, choice, limitPaise);
  // One lot at least is asked for, so that the denial says which rule stood in the way.
  const quantityUnits = Math.max(1, lots) * contract.lotSize;
  const terms = entryTerms(draft.state, command, signal, { contract, quantityUnits, limitPaise });
  if (findOrder(draft.state, terms.clientOrderId) !== undefined) return held("an order of this name exists");
  const market = { product: "INTRADAY", price, heldPrices: command.prices } as const;
  const checked = checkOrder(draft.state, terms, market, draft.atMs);
  if (!checked.ok) return denied(draft, terms, checked.error, checked.checks);
  if (lots === 0) return denied(draft, terms, tooSmall(draft.state, terms), checked.checks);
  const entryPaise = price?.askPaise ?? price?.lastPaise ?? limitPaise;
  const move = exitPlanMoveFor({
    signal,
    entryPricePaise: entryPaise,
    units: quantityUnits,
    capitalPaise: ownCapitalPaise(draft.state),
    vixCenti: command.vixCenti,
    roundTripChargesPaise: roundTripChargesPaise(draft.state, terms, entryPaise),
  });
  draft.push(submission(draft.state, checked.value, reservedFor(terms, "SUBMITTED", 0), move, draft.atMs));
  return { action: "ENTERED", reason: signal.reason, denial: null };
}

function lotsOf(
  state: AccountState,
  { underlying, ...signal }: Signal,
  { contract }: ContractChoice,
  limitPaise: Paise,
): number {
  const profile = required(state.profile, "an open account");
  const day = required(state.day, "a day");
  const limits = effectiveLimits(profile);
  const { leveragedPaise, buyingPowerPaise } = exposureOf(state);
  return entryLots({
    underlying,
    buyingPowerPaise: leveragedPaise,
    availablePaise: buyingPowerPaise,
    capitalPaise: ownCapitalPaise(state),
    capacityBps: day.capacityBps,
    vixCenti: day.vixCenti,
    entryPricePaise: limitPaise,
    lotSize: contract.lotSize,
    freezeQuantity: orderUnitsMax({ contract }),
    orderValueMaxPaise: paise(Math.min(limits.orderValueMaxPaise.limit, limits.positionSizeMaxPaise.limit)),
    openTradesMax: limits.openTradesMax.limit,
    stopMovePaise: stopMoveOf(signal, limitPaise),
    stopBpsOfCapital: volatilityBand(day.vixCenti).stopBpsOfCapital,
  });
}

/** `${account}-${cycle}-W${window}-${underlying}-E1`: the same window can only ever enter once. */
function entryTerms(
  state: AccountState,
  { cycleId, window }: RunWindow,
  { underlying, signalId }: Signal,
  order: { readonly contract: OrderTerms["contract"]; readonly quantityUnits: number; readonly limitPaise: Paise },
): OrderTerms {
  const { accountId } = required(state.profile, "an open account");
  return {
    clientOrderId: `${accountId}-${cycleId}-W${window}-${underlying}-E1` as ClientOrderId,
    contract: order.contract,
    side: "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    quantityUnits: order.quantityUnits,
    limitPricePaise: order.limitPaise,
    purpose: "ENTRY",
    exitReason: null,
    origin: "STRATEGY",
    cycleId,
    signalId,
  };
}

/** What a trade may lose is a share of money that is really there. */
const ownCapitalPaise = (state: AccountState): Paise =>
  minPaise(exposureOf(state).equityPaise, required(state.profile, "an open account").capitalPaise);

function roundTripChargesPaise(state: AccountState, { contract, quantityUnits }: OrderTerms, pricePaise: Paise): Paise {
  const { date } = required(state.day, "a day");
  const value = valuePaise(pricePaise, quantityUnits);
  const of = (side: OrderTerms["side"]): Paise =>
    accruedChargePaise({ date, exchange: contract.exchange, side, valuePaise: value, firstFillOfOrder: true });
  return addPaise(of("BUY"), of("SELL"));
}

/** A signal that was denied for the same reason in an earlier window is not an order once more. */
function denied(draft: Draft, terms: OrderTerms, denial: Denial, checks: readonly CheckResult[]): Outcome {
  const isKnown = Object.values(draft.state.orders).some(
    (order) => order.signalId === terms.signalId && order.denial?.code === denial.code,
  );
  if (!isKnown) draft.push(denialOf(terms, denial, checks, draft.atMs));
  return { action: "DENIED", reason: denial.detail, denial };
}

const tooSmall = (state: AccountState, { limitPricePaise, contract }: OrderTerms): Denial => ({
  code: "POSITION_TOO_SMALL",
  field: "quantityUnits",
  limit: exposureOf(state).buyingPowerPaise,
  value: limitPricePaise * contract.lotSize,
  unit: "PAISE",
  detail: `this underlying's share of the buying power does not reach one lot of ${contract.lotSize} units`,
});

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

const priceOf = (prices: readonly PriceView[], instrumentId: InstrumentId): PriceView | null =>
  prices.find((price) => price.instrumentId === instrumentId) ?? null;

const held = (reason: string): Outcome => ({ action: "HELD", reason, denial: null });
const noTrade = (reason: string): Outcome => ({ action: "NO_TRADE", reason, denial: null });
