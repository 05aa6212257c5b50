// An account's strategy instances, and what of its trades is theirs.
import type { InstrumentId } from "../instrument/contract.ts";
import { isListOver } from "../order-list/order-list.ts";
import { pendingEntries } from "../risk/trade-counts.ts";
import type { StrategyInstance } from "../strategy/definition/instance.ts";
import { listsOf } from "./lists.ts";
import type { AccountState, OpenTrade } from "./state.ts";

export const findInstance = (state: AccountState, instanceId: string): StrategyInstance | undefined =>
  state.strategies !== undefined && Object.hasOwn(state.strategies, instanceId)
    ? state.strategies[instanceId]
    : undefined;

/** In the order of their ids, so that a window goes through them alike each time. */
export function instancesOf({ strategies }: AccountState): readonly StrategyInstance[] {
  if (strategies === undefined) return NONE;
  const remembered = inOrder.get(strategies);
  if (remembered !== undefined) return remembered;
  const instances = Object.values(strategies).sort((one, other) => (one.instanceId < other.instanceId ? -1 : 1));
  inOrder.set(strategies, instances);
  return instances;
}

const NONE: readonly StrategyInstance[] = [];
const inOrder = new WeakMap<NonNullable<AccountState["strategies"]>, readonly StrategyInstance[]>();

export const tradesOfInstance = (state: AccountState, instanceId: string): readonly OpenTrade[] =>
  Object.values(state.openTrades).filter((trade) => trade.strategyId === instanceId);

/** An entry of it is under way, or will be made again after a stop. */
export const isEntering = (state: AccountState, instanceId: string): boolean =>
  pendingEntries(state).some((order) => order.strategyId === instanceId) ||
  listsOf(state).some(({ strategyId, stage }) => strategyId === instanceId && !isListOver(stage)) ||
  Object.values(state.reentries ?? {}).some((reentry) => reentry.strategyId === instanceId);

/** Held, or an order or list under way in it: two owners of one position could not be told apart. */
export const isTaken = (state: AccountState, instrumentId: InstrumentId): boolean =>
  state.openTrades[instrumentId] !== undefined ||
  state.reentries?.[instrumentId] !== undefined ||
  pendingEntries(state).some((order) => order.contract.instrumentId === instrumentId) ||
  listsOf(state).some(
    ({ stage, legs }) => !isListOver(stage) && legs.some(({ contract }) => contract.instrumentId === instrumentId),
  );

/** The platform's own signals in an index are left to the bot of that index, where an account has it. */
export const botOf = (state: AccountState, underlying: string): StrategyInstance | undefined =>
  instancesOf(state).find(({ strategyId }) => strategyId === `bot-${underlying.toLowerCase()}`);

/** The exit group of what an instance holds. */
export const groupIdOf = (instanceId: string): string => `${STRATEGY_GROUP}${instanceId}`;

export const isStrategyGroup = (groupId: string): boolean => groupId.startsWith(STRATEGY_GROUP);

const STRATEGY_GROUP = "strategy-";
