// What an account's strategies come to in a window. Each decides from the same view of the market; what it wants goes through
// the same sizing, check and order lists as everything else. One that fails is in ERROR from then on, and no other notices.
import { required } from "../kernel/assert.ts";
import { formatRupees, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { epochMs } from "../kernel/time.ts";
import type { ClientOrderId, OrderTerms } from "../order/order.ts";
import { COMPLETE_WITHIN_DEFAULT_MS, type OrderListTerms } from "../order-list/order-list.ts";
import { checkOrder } from "../risk/check.ts";
import { blocking } from "../risk/circuit-breaker.ts";
import { openResultPaise } from "../risk/daily-loss.ts";
import type { Denial } from "../risk/denial.ts";
import type { StrategyContext, StrategyIntent } from "../strategy/definition/context.ts";
import { decideStrategy } from "../strategy/definition/decide-strategy.ts";
import type { OpenByStrategy, StrategyInstance } from "../strategy/definition/instance.ts";
import { type MarketView, quotesOfView } from "../strategy/definition/market-view.ts";
import { definitionOf, parametersOf } from "../strategy/definition/text.ts";
import type { Command, PriceView } from "./command.ts";
import { placeList } from "./decide-list.ts";
import { leaveInstance } from "./decide-strategies.ts";
import type { Draft } from "./draft.ts";
import { reservedFor } from "./evolve-order.ts";
import { denialOf, submission } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import { findList } from "./lists.ts";
import type { OpenTrade } from "./state.ts";
import { findInstance, instancesOf, isEntering, isTaken, tradesOfInstance } from "./strategies.ts";
import type { StrategyEvent } from "./strategy-event.ts";
import { wantedLegs, wantedSets } from "./strategy-sizing.ts";

type RunWindow = Extract<Command, { readonly type: "RUN_WINDOW" }>;
type Enter = Extract<StrategyIntent, { readonly action: "ENTER" }>;
type Outcome = Pick<Extract<StrategyEvent, { readonly type: "STRATEGY_DECIDED" }>, "action" | "reason" | "open">;

export function runStrategies(draft: Draft, command: RunWindow): void {
  for (const { instanceId, state } of instancesOf(draft.state)) {
    if (state !== "RUNNING" && state !== "PAUSED") continue;
    const failure = draft.attempt(() => {
      note(draft, instanceId, decided(draft, command, required(findInstance(draft.state, instanceId), instanceId)));
    });
    if (failure === null) continue;
    const reason = `it could not decide: ${String(failure).slice(0, 300)}`;
    draft.push({ type: "STRATEGY_MOVED", atMs: draft.atMs, instanceId, to: "ERROR", reason });
  }
}

/** Holding back for the reason it had already is no news. */
function note(draft: Draft, instanceId: string, outcome: Outcome): void {
  const last = findInstance(draft.state, instanceId)?.last;
  if (outcome.action === "HELD" && last?.action === "HELD" && last.reason === outcome.reason) return;
  draft.push({ type: "STRATEGY_DECIDED", atMs: draft.atMs, instanceId, ...outcome });
}

function decided(draft: Draft, command: RunWindow, instance: StrategyInstance): Outcome {
  const view = command.markets?.find(({ underlying }) => underlying === instance.underlying);
  if (view === undefined) return held(`no view of ${instance.underlying} came with the window`);
  const { instanceId } = instance;
  const trades = tradesOfInstance(draft.state, instanceId);
  if (trades.length === 0 && isEntering(draft.state, instanceId)) return held("an entry is under way");
  const context = new WindowContext(draft, command, instance, view);
  const intent = decideStrategy(definitionOf(instance), parametersOf(instance), context);
  switch (intent.action) {
    case "HOLD":
      return held(intent.reason);
    case "EXIT":
      leaveInstance(draft, instanceId, "STRATEGY", command.prices);
      return { action: "EXITED", reason: intent.reason };
    case "ENTER":
      return instance.state === "PAUSED"
        ? held("it is paused")
        : enter(draft, command, instance, intent, view, context.quotes);
  }
}

/** The view, with what the instance holds. Quotes are made when legs are looked for: most windows end before. */
class WindowContext implements StrategyContext {
  readonly signal: StrategyContext["signal"];
  readonly position: StrategyContext["position"];
  readonly entriesToday: number;
  readonly lastEntryMs: StrategyContext["lastEntryMs"];
  readonly #view: MarketView;
  readonly #prices: readonly PriceView[];
  readonly #trades: readonly OpenTrade[];
  #quotes: StrategyContext["quotes"] | null = null;

  constructor({ state, atMs }: Draft, { signals, prices }: RunWindow, instance: StrategyInstance, view: MarketView) {
    const { instanceId, open, entriesOfDay, underlying } = instance;
    const trades = tradesOfInstance(state, instanceId);
    const { date } = required(state.day, "a day");
    const today = entriesOfDay?.date === date ? entriesOfDay : null;
    this.#prices = prices;
    this.#trades = trades;
    const openedAtMs = epochMs(Math.min(...trades.map(({ position }) => position.openedAtMs), Number(atMs)));
    this.#view = view;
    this.signal = signals.find((signal) => signal.underlying === underlying) ?? null;
    const held = this;
    this.position =
      trades.length === 0
        ? null
        : {
            openedAtMs,
            entry: open?.entry ?? null,
            // Few conditions ask for it.
            get resultPaise() {
              return held.#resultPaise();
            },
          };
    this.entriesToday = today?.entries ?? 0;
    this.lastEntryMs = today?.lastMs ?? null;
  }

  #resultPaise(): Paise | null {
    const byInstrument = new Map(this.#prices.map((price) => [price.instrumentId, price]));
    let result = 0;
    for (const { position } of this.#trades) {
      const one = openResultPaise(position, byInstrument);
      if (one === null) return null;
      result += one;
    }
    return paise(result);
  }

  get underlying(): StrategyContext["underlying"] {
    return this.#view.underlying;
  }

  get date(): StrategyContext["date"] {
    return this.#view.date;
  }

  get atMs(): StrategyContext["atMs"] {
    return this.#view.atMs;
  }

  get closeMs(): StrategyContext["closeMs"] {
    return this.#view.closeMs;
  }

  get spotPaise(): StrategyContext["spotPaise"] {
    return this.#view.spotPaise;
  }

  get vixCenti(): StrategyContext["vixCenti"] {
    return this.#view.vixCenti;
  }

  get atrPaise(): StrategyContext["atrPaise"] {
    return this.#view.atrPaise;
  }

  get figures(): StrategyContext["figures"] {
    return this.#view.figures;
  }

  get staleAfterMs(): number {
    return this.#view.staleAfterMs;
  }

  get expiries(): StrategyContext["expiries"] {
    return this.#view.expiries;
  }

  get quotes(): StrategyContext["quotes"] {
    this.#quotes ??= quotesOfView(this.#view);
    return this.#quotes;
  }
}

function enter(
  draft: Draft,
  command: RunWindow,
  instance: StrategyInstance,
  intent: Enter,
  view: MarketView,
  quotes: StrategyContext["quotes"],
): Outcome {
  const { tradingState, breakers } = draft.state;
  if (tradingState !== "ACTIVE") return held(`the account is ${tradingState}: nothing new is opened`);
  const stopped = blocking(breakers, instance.underlying);
  if (stopped !== null) return held(`stopped (${stopped.trip.cause}): ${stopped.trip.evidence.detail}`);
  const taken = intent.legs.find(({ contract }) => isTaken(draft.state, contract.instrumentId));
  if (taken !== undefined) return held(`${taken.contract.instrumentId} is held or under way already`);
  const prices = [...pricesOf(intent, view, quotes), ...command.prices];
  const { accountId } = required(draft.state.profile, "an open account");
  const name = `${accountId}-${command.cycleId}-W${command.window}-${instance.instanceId}` as ClientOrderId;
  if (findOrder(draft.state, name) !== undefined || findList(draft.state, name) !== undefined) {
    return held("an order of this name exists");
  }
  const legs = wantedLegs(intent, prices, draft.atMs);
  const sets = wantedSets(draft.state, instance.underlying, intent, legs, prices);
  const order = { name, sets: Math.max(1, sets), legs, prices, isTooSmall: sets === 0 };
  const denial =
    intent.legs.length === 1
      ? submitOne(draft, command, instance, order)
      : submitList(draft, command, instance, intent, order);
  if (denial !== null) return { action: "DENIED", reason: `${denial.code}: ${denial.detail}` };
  return { action: "ENTERED", reason: intent.reason, open: openOf(intent, order) };
}

interface Wanted {
  readonly name: ClientOrderId;
  readonly sets: number;
  readonly legs: ReturnType<typeof wantedLegs>;
  readonly prices: readonly PriceView[];
  /** Not even one set fits: one is asked for all the same, so that the denial says which rule stood in the way. */
  readonly isTooSmall: boolean;
}

function submitOne(
  draft: Draft,
  { cycleId }: RunWindow,
  { instanceId }: StrategyInstance,
  { name, sets, legs, prices, isTooSmall }: Wanted,
): Denial | null {
  const leg = required(legs[0], "a leg");
  const { contract } = leg;
  const terms: OrderTerms = {
    clientOrderId: name,
    contract,
    side: leg.side,
    type: "MARKET",
    timeInForce: "IOC",
    quantityUnits: leg.quantityUnits * sets,
    limitPricePaise: leg.limitPricePaise,
    purpose: "ENTRY",
    exitReason: null,
    origin: "STRATEGY",
    cycleId,
    signalId: null,
    strategyId: instanceId,
  };
  const price = prices.find(({ instrumentId }) => instrumentId === contract.instrumentId) ?? null;
  const checked = checkOrder(draft.state, terms, { product: "INTRADAY", price, heldPrices: prices }, draft.atMs);
  const denial = !checked.ok ? checked.error : isTooSmall ? tooSmall(terms) : null;
  if (denial !== null) {
    if (!isDeniedAlready(draft, terms, denial)) {
      draft.push(denialOf(terms, denial, checked.ok ? checked.value.checks : checked.checks, draft.atMs));
    }
    return denial;
  }
  if (!checked.ok) return checked.error;
  draft.push(submission(draft.state, checked.value, reservedFor(terms, "SUBMITTED", 0), null, draft.atMs));
  return null;
}

function submitList(
  draft: Draft,
  { cycleId }: RunWindow,
  { instanceId }: StrategyInstance,
  { structure, timeExitMs }: Enter,
  { name, sets, legs, prices, isTooSmall }: Wanted,
): Denial | null {
  const terms: OrderListTerms = {
    listId: name,
    kind: "COMBINATION",
    structure,
    sets,
    legs: legs.map((leg) => ({
      ...leg,
      quantityUnits: leg.quantityUnits * sets,
      // A margin that could not be worked out stays marked, and the list is denied for it.
      marginPaise: leg.marginPaise < 0 ? leg.marginPaise : paise(leg.marginPaise * sets),
    })),
    purpose: "ENTRY",
    exitReason: null,
    onIncomplete: "UNWIND",
    completeByMs: epochMs(draft.atMs + COMPLETE_WITHIN_DEFAULT_MS),
    origin: "STRATEGY",
    cycleId,
    signalId: null,
    timeExitMs,
    request: name,
    strategyId: instanceId,
  };
  return placeList(draft, terms, prices, isTooSmall ? { denial: tooSmallList(terms), checks: [] } : null);
}

const openOf = ({ entry, plan, legs, timeExitMs }: Enter, { name, sets }: Wanted): OpenByStrategy => ({
  entry,
  listId: legs.length === 1 ? null : name,
  sets,
  plan,
  legPlans: Object.fromEntries(
    legs.flatMap((leg) => (leg.plan === null ? [] : [[leg.contract.instrumentId, leg.plan] as const])),
  ),
  timeExitMs,
  isArmed: false,
  entryId: name,
  realisedPaise: ZERO_PAISE,
});

/** The view's touch as the check takes it, with what the feed said about itself. */
function pricesOf({ legs }: Enter, view: MarketView, quotes: StrategyContext["quotes"]): readonly PriceView[] {
  return legs.flatMap(({ contract: { instrumentId } }) => {
    const quote = quotes.find((each) => each.instrumentId === instrumentId);
    if (quote === undefined) return [];
    const { bidPaise, askPaise, lastPaise, quotedAtMs, ivBps } = quote;
    const { staleAfterMs, spotPaise, gate } = view;
    return [{ instrumentId, bidPaise, askPaise, lastPaise, quotedAtMs, staleAfterMs, spotPaise, ivBps, ...gate }];
  });
}

/** Denied for the same reason earlier in the cycle: not an order once more. */
const isDeniedAlready = ({ state }: Draft, { strategyId, cycleId }: OrderTerms, { code }: Denial): boolean =>
  Object.values(state.orders).some(
    (order) => order.strategyId === strategyId && order.cycleId === cycleId && order.denial?.code === code,
  );

const tooSmall = ({ limitPricePaise, contract, quantityUnits }: OrderTerms): Denial => ({
  code: "POSITION_TOO_SMALL",
  field: "quantityUnits",
  limit: contract.lotSize,
  value: quantityUnits,
  unit: "UNITS",
  detail: `the strategy's sizing does not reach one lot of ${contract.lotSize} units at ${formatRupees(limitPricePaise)}`,
});

const tooSmallList = ({ sets }: OrderListTerms): Denial => ({
  code: "POSITION_TOO_SMALL",
  field: "sets",
  limit: 1,
  value: sets - 1,
  unit: "TIMES",
  detail: "the strategy's sizing does not reach one set of its legs; more capital or a larger share would pass",
});

const held = (reason: string): Outcome => ({ action: "HELD", reason });
