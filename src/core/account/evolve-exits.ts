// How exits of several positions and re-entries change the account's state, and how its executions change them.
import { addPaise } from "../kernel/money.ts";
import type { Order } from "../order/order.ts";
import { isListOver } from "../order-list/order-list.ts";
import { workingOrders } from "../risk/working-orders.ts";
import type { AccountEvent } from "./event.ts";
import { dayEndBy, groupsOf, isMember, membersOf } from "./exit-groups.ts";
import { listsOf } from "./lists.ts";
import type { AccountState } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function exitsChanged(
  state: AccountState,
  event: Event<"EXIT_GROUP_SET" | "EXIT_GROUP_LEFT" | "EXIT_GROUP_REMOVED" | "REENTRY_SET" | "REENTRY_ENDED">,
): AccountState {
  switch (event.type) {
    case "EXIT_GROUP_SET":
      return exitGroupSet(state, event);
    case "EXIT_GROUP_LEFT":
      return exitGroupLeft(state, event);
    case "EXIT_GROUP_REMOVED":
      return exitGroupRemoved(state, event);
    case "REENTRY_SET":
      return reentrySet(state, event);
    case "REENTRY_ENDED":
      return reentryEnded(state, event);
  }
}

const exitGroupSet = (state: AccountState, { group }: Event<"EXIT_GROUP_SET">): AccountState => ({
  ...state,
  exitGroups: { ...state.exitGroups, [group.groupId]: group },
});

const exitGroupLeft = (state: AccountState, event: Event<"EXIT_GROUP_LEFT">): AccountState => ({
  ...state,
  exitGroups: { ...state.exitGroups, [event.group.groupId]: { ...event.group, leaving: event.reason } },
  ...(state.day === null || event.group.endsDay !== true || state.day.endedBy !== undefined
    ? {}
    : { day: { ...state.day, endedBy: dayEndBy(event.group, event.reason, event.resultPaise) } }),
});

function exitGroupRemoved(state: AccountState, { groupId }: Event<"EXIT_GROUP_REMOVED">): AccountState {
  const { [groupId]: _removed, ...exitGroups } = state.exitGroups ?? {};
  return { ...state, exitGroups };
}

const reentrySet = (state: AccountState, { reentry }: Event<"REENTRY_SET">): AccountState => ({
  ...state,
  reentries: {
    ...state.reentries,
    [reentry.contract.instrumentId]: { ...reentry, sequence: state.sequence + 1 },
  },
});

function reentryEnded(state: AccountState, { instrumentId }: Event<"REENTRY_ENDED">): AccountState {
  const { [instrumentId]: _ended, ...reentries } = state.reentries ?? {};
  return { ...state, reentries };
}

/** An execution counts for the groups of its contract; an entry that has dealt is no re-entry to come any more. */
export function withExecution(
  state: AccountState,
  { contract, purpose }: Pick<Order, "contract" | "purpose">,
  { realisedPaise }: Event<"ORDER_FILLED">,
): AccountState {
  let after = state;
  if (groupsOf(state).length > 0) {
    const exitGroups = Object.fromEntries(
      groupsOf(state).map((group) => [
        group.groupId,
        isMember(group, { contract })
          ? { ...group, realisedPaise: addPaise(group.realisedPaise, realisedPaise) }
          : group,
      ]),
    );
    after = { ...state, exitGroups };
  }
  const { instrumentId } = contract;
  if (purpose !== "ENTRY" || after.reentries?.[instrumentId] === undefined) return after;
  const { [instrumentId]: _entered, ...reentries } = after.reentries;
  return { ...after, reentries };
}

/**
 * What was left is over once it holds nothing and nothing more can come of its orders; so is a group of named contracts. An
 * order that has ended with fills we have not heard of may still put something on, and so may a list that is not over: between two
 * attempts at a leg it has nothing at work, and its exits have to be there when the next one deals.
 */
export function withEmptyGroupsOver(state: AccountState): AccountState {
  const groups = groupsOf(state);
  if (groups.length === 0) return state;
  const left = groups.filter(
    (group) =>
      (group.leaving === undefined && group.scope.kind !== "INSTRUMENTS") ||
      membersOf(state, group).length > 0 ||
      workingOrders(state).underWay.some((order) => isMember(group, order)) ||
      listsOf(state).some(({ stage, legs }) => !isListOver(stage) && legs.some((leg) => isMember(group, leg))),
  );
  if (left.length === groups.length) return state;
  return { ...state, exitGroups: Object.fromEntries(left.map((group) => [group.groupId, group])) };
}
