// A strategy's life in an account: loaded, started, paused, stopped, reset, given other parameters, removed. Every refusal says
// from where it would pass; asking again for what is done already does nothing.

import type { InstrumentId } from "../instrument/contract.ts";
import { unreachable } from "../kernel/assert.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import { type ExitReason, isOver } from "../order/order.ts";
import { type InstanceAction, type StrategyInstance, TRANSITIONS } from "../strategy/definition/instance.ts";
import { parametersWith } from "../strategy/definition/parameters.ts";
import { definitionOf, parametersOf, textOf } from "../strategy/definition/text.ts";
import type { Command, PriceView, StrategyCommand } from "./command.ts";
import type { Decision } from "./decide.ts";
import { leaveGroup } from "./decide-exit-groups.ts";
import { Draft } from "./draft.ts";
import { type ExitGroup, findGroup } from "./exit-groups.ts";
import { requestCancel } from "./exit-orders.ts";
import { knownPrices } from "./known-prices.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState } from "./state.ts";
import { findInstance, groupIdOf, instancesOf, isEntering, tradesOfInstance } from "./strategies.ts";
import { syncTriggers } from "./trigger-levels.ts";

type Of<Type extends StrategyCommand["type"]> = Extract<Command, { readonly type: Type }>;

/** Instances of one account: what a window goes through, and what its journal keeps. */
export const INSTANCES_MAX = 10;

export function decideStrategies(state: AccountState, command: Of<StrategyCommand["type"]>): Decision {
  switch (command.type) {
    case "LOAD_STRATEGY":
      return load(state, command);
    case "MOVE_STRATEGY":
      return move(state, command);
    case "SET_STRATEGY_PARAMETERS":
      return setParameters(state, command);
    case "REMOVE_STRATEGY":
      return remove(state, command);
    default:
      return unreachable(command);
  }
}

function load(state: AccountState, command: Of<"LOAD_STRATEGY">): Decision {
  const { atMs, instanceId, strategyId, definition, hash, underlying } = command;
  const values = parametersWith(definition, command.parameters);
  if (!values.ok) return err(badParameters(values.error));
  const existing = findInstance(state, instanceId);
  if (existing !== undefined) {
    return existing.strategyId === strategyId && existing.hash === hash && existing.underlying === underlying
      ? ok([])
      : err(refused("STRATEGY_INSTANCE_EXISTS", `${instanceId} is another strategy's instance; another id would pass`));
  }
  const count = instancesOf(state).length;
  if (count >= INSTANCES_MAX) {
    const detail = `an account has at most ${INSTANCES_MAX} instances; remove one first`;
    return err({
      code: "STRATEGY_INSTANCE_LIMIT",
      detail,
      fault: { field: "instanceId", limit: INSTANCES_MAX, value: count + 1, unit: "COUNT" },
    });
  }
  const texts = { definitionText: textOf(definition), parametersText: textOf(values.value) };
  const loaded = { instanceId, strategyId, ...texts, hash, underlying };
  return ok([{ type: "STRATEGY_LOADED", atMs, ...loaded }]);
}

function move(state: AccountState, { atMs, instanceId, action, prices }: Of<"MOVE_STRATEGY">): Decision {
  const instance = findInstance(state, instanceId);
  if (instance === undefined) return err(unknown(instanceId));
  const { from, to } = TRANSITIONS[action];
  if (instance.state === to) return ok([]);
  if (!from.includes(instance.state)) return err(badState(instance, action));
  const draft = new Draft(state, atMs);
  draft.push({ type: "STRATEGY_MOVED", atMs, instanceId, to, reason: `${action} by request` });
  if (action === "stop") leaveInstance(draft, instanceId, "REQUEST", knownPrices(state, prices));
  return ok(draft.events);
}

/** Takes back what it has on its way and leaves what it holds, shorts first, again at every price until nothing is held. */
export function leaveInstance(
  draft: Draft,
  instanceId: string,
  reason: ExitReason,
  prices: readonly PriceView[],
): void {
  const known = findGroup(draft.state, groupIdOf(instanceId));
  if (known?.leaving !== undefined && instrumentsOf(draft.state, instanceId).every((each) => isNamed(known, each))) {
    return;
  }
  for (const order of Object.values(draft.state.orders)) {
    if (order.strategyId === instanceId && order.purpose === "ENTRY") requestCancel(draft, order);
  }
  const instrumentIds = instrumentsOf(draft.state, instanceId);
  if (instrumentIds.length === 0) return;
  // A person may have taken the name before it was refused: only what is the instance's own is left.
  const group: ExitGroup = {
    groupId: groupIdOf(instanceId),
    scope: { kind: "INSTRUMENTS", instrumentIds },
    stopPaise: known?.stopPaise ?? null,
    targetPaise: known?.targetPaise ?? null,
    rules: known?.rules ?? [],
    stopReason: known?.stopReason ?? "STOP",
    realisedPaise: known?.realisedPaise ?? ZERO_PAISE,
  };
  leaveGroup(draft, group, reason, prices);
  syncTriggers(draft, prices);
}

const isNamed = ({ scope }: ExitGroup, instrumentId: InstrumentId): boolean =>
  scope.kind === "INSTRUMENTS" && scope.instrumentIds.includes(instrumentId);

/** What an instance holds, may still deal in or will enter again. */
function instrumentsOf(state: AccountState, instanceId: string): readonly InstrumentId[] {
  const held = tradesOfInstance(state, instanceId).map(({ position }) => position.contract.instrumentId);
  const waiting = Object.values(state.reentries ?? {})
    .filter(({ strategyId }) => strategyId === instanceId)
    .map(({ contract }) => contract.instrumentId);
  const listed = Object.values(state.lists ?? {})
    .filter(({ strategyId }) => strategyId === instanceId)
    .flatMap(({ legs }) => legs.map(({ contract }) => contract.instrumentId))
    .filter((instrumentId) => {
      const trade = state.openTrades[instrumentId];
      return trade === undefined || trade.strategyId === instanceId;
    });
  // A cancel may come too late: what deals all the same is left as well.
  const entering = Object.values(state.orders)
    .filter((order) => order.strategyId === instanceId && order.purpose === "ENTRY" && !isOver(order))
    .map(({ contract }) => contract.instrumentId);
  return [...new Set([...held, ...waiting, ...listed, ...entering])].sort();
}

function setParameters(state: AccountState, { atMs, instanceId, parameters }: Of<"SET_STRATEGY_PARAMETERS">): Decision {
  const instance = findInstance(state, instanceId);
  if (instance === undefined) return err(unknown(instanceId));
  const values = parametersWith(definitionOf(instance), { ...parametersOf(instance), ...parameters });
  if (!values.ok) return err(badParameters(values.error));
  const parametersText = textOf(values.value);
  if (parametersText === instance.parametersText) return ok([]);
  return ok([{ type: "STRATEGY_PARAMETERS_SET", atMs, instanceId, parametersText }]);
}

function remove(state: AccountState, { atMs, instanceId }: Of<"REMOVE_STRATEGY">): Decision {
  const instance = findInstance(state, instanceId);
  if (instance === undefined) return err(unknown(instanceId));
  const isBusy = tradesOfInstance(state, instanceId).length > 0 || isEntering(state, instanceId);
  if (instance.state !== "STOPPED" || isBusy) {
    const why = isBusy ? "still holds something or has it under way" : `is ${instance.state}`;
    const detail = `${instanceId} ${why}; STOPPED and flat it would pass`;
    return err(refused("STRATEGY_INSTANCE_STATE", detail));
  }
  return ok([{ type: "STRATEGY_REMOVED", atMs, instanceId }]);
}

type Code = Extract<AccountRefusal["code"], `STRATEGY_${string}`>;
const refused = (code: Code, detail: string): AccountRefusal => ({ code, detail });

const unknown = (instanceId: string): AccountRefusal =>
  refused("STRATEGY_INSTANCE_NOT_FOUND", `there is no instance ${instanceId} in this account`);

const badState = ({ instanceId, state }: StrategyInstance, action: InstanceAction): AccountRefusal =>
  refused(
    "STRATEGY_INSTANCE_STATE",
    `${instanceId} is ${state}; ${action} passes from ${TRANSITIONS[action].from.join(" or ")}`,
  );

function badParameters(
  problems: readonly {
    readonly field: string;
    readonly limit: number | null;
    readonly value: number | null;
    readonly message: string;
  }[],
): AccountRefusal {
  const [first] = problems;
  return {
    code: "STRATEGY_PARAMETERS_INVALID",
    detail: problems.map(({ field, message }) => `${field}: ${message}`).join("; "),
    ...(first === undefined
      ? {}
      : { fault: { field: first.field, limit: first.limit, value: first.value, unit: null } }),
  };
}
