// How strategy instances change the account's state, and how its executions change them.
import { required } from "../kernel/assert.ts";
import { addPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { ClientOrderId, Order } from "../order/order.ts";
import type { EntriesOfDay, InstanceMetrics, StrategyInstance } from "../strategy/definition/instance.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountState } from "./state.ts";
import { findInstance, tradesOfInstance } from "./strategies.ts";
import type { StrategyEvent } from "./strategy-event.ts";

type Of<Type extends StrategyEvent["type"]> = Extract<StrategyEvent, { readonly type: Type }>;

export function strategiesChanged(state: AccountState, event: StrategyEvent): AccountState {
  const { instanceId, atMs } = event;
  if (event.type === "STRATEGY_LOADED") return withInstance(state, loaded(event));
  const before = required(findInstance(state, instanceId), `instance ${instanceId}`);
  switch (event.type) {
    case "STRATEGY_MOVED":
      return withInstance(state, moved(before, event));
    case "STRATEGY_PARAMETERS_SET":
      return withInstance(state, { ...before, parametersText: event.parametersText, changedAtMs: atMs });
    case "STRATEGY_REMOVED": {
      const { [instanceId]: _removed, ...strategies } = state.strategies ?? {};
      return { ...state, strategies };
    }
    case "STRATEGY_DECIDED":
      return withInstance(state, decided(state, before, event));
    case "STRATEGY_ARMED":
      return withInstance(state, {
        ...before,
        open: before.open === null ? null : { ...before.open, isArmed: true },
      });
  }
}

const NO_METRICS: InstanceMetrics = {
  signals: 0,
  entries: 0,
  denials: 0,
  closed: 0,
  won: 0,
  realisedPaise: ZERO_PAISE,
  errors: 0,
};

const loaded = ({ type: _type, atMs, ...terms }: Of<"STRATEGY_LOADED">): StrategyInstance => ({
  ...terms,
  state: "STOPPED",
  reason: "loaded",
  metrics: NO_METRICS,
  open: null,
  loadedAtMs: atMs,
  changedAtMs: atMs,
  entriesOfDay: null,
  last: null,
});

const moved = (before: StrategyInstance, { atMs, to, reason }: Of<"STRATEGY_MOVED">): StrategyInstance => ({
  ...before,
  state: to,
  reason,
  changedAtMs: atMs,
  metrics: to === "ERROR" ? { ...before.metrics, errors: before.metrics.errors + 1 } : before.metrics,
});

function decided(
  state: AccountState,
  before: StrategyInstance,
  { atMs, action, reason, open }: Of<"STRATEGY_DECIDED">,
): StrategyInstance {
  const { metrics, entriesOfDay } = before;
  const isEntry = action === "ENTERED";
  const { date } = required(state.day, "a day");
  const today = entriesOfDay?.date === date ? entriesOfDay : null;
  return {
    ...before,
    open: open ?? before.open,
    last: { atMs, action, reason },
    entriesOfDay: isEntry ? sent(today, open ?? null, date, atMs) : entriesOfDay,
    metrics: {
      ...metrics,
      signals: metrics.signals + (isEntry || action === "DENIED" ? 1 : 0),
      entries: metrics.entries + (isEntry ? 1 : 0),
      denials: metrics.denials + (action === "DENIED" ? 1 : 0),
    },
  };
}

/** One that never deals is none of the day's; the time between entries counts from it all the same. */
function sent(
  today: EntriesOfDay | null,
  open: StrategyInstance["open"],
  date: EntriesOfDay["date"],
  lastMs: EntriesOfDay["lastMs"],
): EntriesOfDay {
  const entries = today?.entries ?? 0;
  const undealt = today?.undealt ?? [];
  if (open?.entryId !== undefined) return { date, entries, lastMs, undealt: [...undealt, open.entryId] };
  const rest = undealt.length === 0 ? {} : { undealt };
  return { date, entries: open?.isCounted === false ? entries : entries + 1, lastMs, ...rest };
}

/** An execution counts for the instance whose order it is; `after` has the position after it. */
export function withStrategyFill(
  after: AccountState,
  { strategyId, purpose, clientOrderId, listId }: Pick<Order, "strategyId" | "purpose" | "clientOrderId" | "listId">,
  { realisedPaise }: Extract<AccountEvent, { readonly type: "ORDER_FILLED" }>,
): AccountState {
  const instance = strategyId === undefined ? undefined : findInstance(after, strategyId);
  if (instance === undefined) return after;
  const { metrics, open } = instance;
  const total = addPaise(open?.realisedPaise ?? ZERO_PAISE, realisedPaise);
  const isOver = purpose === "EXIT" && tradesOfInstance(after, instance.instanceId).length === 0;
  const entryId = listId ?? clientOrderId;
  const isByOrder = instance.entriesOfDay?.undealt?.includes(entryId) === true;
  const isByTurn = open?.isCounted === false;
  const isFirst = purpose === "ENTRY" && (isByOrder || isByTurn);
  const counted = isFirst && isByTurn ? { isCounted: true } : {};
  return withInstance(after, {
    ...instance,
    ...(isFirst ? { entriesOfDay: oneMore(after, instance, entryId) } : {}),
    open: open === null || isOver ? null : { ...open, ...counted, realisedPaise: total },
    metrics: {
      ...metrics,
      realisedPaise: addPaise(metrics.realisedPaise, realisedPaise),
      closed: metrics.closed + (isOver ? 1 : 0),
      won: metrics.won + (isOver && total > 0 ? 1 : 0),
    },
  });
}

function oneMore(state: AccountState, { entriesOfDay }: StrategyInstance, entryId: ClientOrderId): EntriesOfDay {
  const { date } = required(state.day, "a day");
  const isOfToday = entriesOfDay?.date === date;
  const undealt = entriesOfDay?.undealt?.filter((each) => each !== entryId) ?? [];
  return {
    date,
    entries: (isOfToday ? entriesOfDay.entries : 0) + 1,
    lastMs: isOfToday ? entriesOfDay.lastMs : state.lastEventMs,
    ...(undealt.length === 0 ? {} : { undealt }),
  };
}

const withInstance = (state: AccountState, instance: StrategyInstance): AccountState => ({
  ...state,
  strategies: { ...state.strategies, [instance.instanceId]: instance },
});
