// Leaving several positions together: what is sold short first, what protected it after it is closed, and nothing of it entered
// anew meanwhile. Whatever has no price now, or has to wait, follows from the group's state at the next price.
import type { InstrumentId } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import type { ExitReason } from "../order/order.ts";
import { EXIT_BAND, WIDE_EXIT_BAND } from "../order/protection-price.ts";
import { isListOver, type OrderList } from "../order-list/order-list.ts";
import { advanceLists, leaveList } from "./advance-lists.ts";
import type { PriceView } from "./command.ts";
import type { Draft } from "./draft.ts";
import {
  type ExitGroup,
  findGroup,
  groupAfter,
  groupExitReason,
  groupResultPaise,
  groupsOf,
  isMember,
  membersOf,
} from "./exit-groups.ts";
import { exitPosition, requestCancel, wholeExitsSinceOpened } from "./exit-orders.ts";
import { listsOf } from "./lists.ts";
import { isProtecting } from "./protection.ts";

/** Tightens the groups' stops by what their results have reached, and leaves those that have reached a level. */
export function enforceGroups(draft: Draft, prices: readonly PriceView[]): void {
  for (const { groupId } of groupsOf(draft.state)) {
    const group = findGroup(draft.state, groupId);
    if (group === undefined || group.leaving !== undefined || membersOf(draft.state, group).length === 0) continue;
    const resultPaise = groupResultPaise(draft.state, group, prices);
    const reason = groupExitReason(group, resultPaise);
    if (reason !== null) leaveGroup(draft, group, reason, prices);
    else {
      const tightened = groupAfter(group, resultPaise);
      if (tightened !== group) draft.push({ type: "EXIT_GROUP_SET", atMs: draft.atMs, group: tightened });
    }
  }
}

export function leaveGroup(
  draft: Draft,
  group: ExitGroup,
  reason: ExitReason,
  prices: readonly PriceView[],
  isAsked = false,
): void {
  const { atMs } = draft;
  const resultPaise = groupResultPaise(draft.state, group, prices);
  draft.push({ type: "EXIT_GROUP_LEFT", atMs, group, reason, resultPaise });
  for (const order of Object.values(draft.state.orders)) {
    // An exit that deals at once is best left alone; one that rests in the book is in the way.
    if (isMember(group, order) && (order.purpose === "ENTRY" || order.timeInForce === "DAY"))
      requestCancel(draft, order);
  }
  for (const instrumentId of Object.keys(draft.state.reentries ?? {}) as InstrumentId[]) {
    const reentry = draft.state.reentries?.[instrumentId];
    if (reentry === undefined || !isMember(group, reentry)) continue;
    draft.push({ type: "REENTRY_ENDED", atMs, instrumentId, reason: "the positions are left together" });
  }
  for (const list of listsOf(draft.state)) stopList(draft, group, list, reason);
  advanceLists(draft, prices);
  const ids = membersOf(draft.state, group).map(({ position }) => position.contract.instrumentId);
  for (const instrumentId of ids.sort()) {
    const { position } = required(draft.state.openTrades[instrumentId], instrumentId);
    if (isProtecting(draft.state, position)) continue;
    const hasFailed = wholeExitsSinceOpened(draft.state, position.contract).length > 0;
    const price = prices.find((view) => view.instrumentId === instrumentId) ?? null;
    exitPosition(draft, instrumentId, { reason, price, band: hasFailed ? WIDE_EXIT_BAND : EXIT_BAND, isAsked });
  }
}

/** A list that still fills would enter again what is being left, so it is given up; one that is held whole is left whole. */
function stopList(draft: Draft, group: ExitGroup, list: OrderList, reason: ExitReason): void {
  const { atMs } = draft;
  const { listId, stage, kind, keptSets, purpose, legs } = list;
  if (purpose !== "ENTRY") return;
  if (stage === "FILLED") {
    if (kind === "COMBINATION" && legs.every((leg) => isMember(group, leg))) leaveList(draft, list, reason);
    return;
  }
  if (isListOver(stage) || stage === "UNWINDING" || stage === "EXITING" || !legs.some((leg) => isMember(group, leg)))
    return;
  const next = kind === "SLICED" ? "ENDED" : "UNWINDING";
  const why = "its positions are left together";
  draft.push({ type: "LIST_MOVED", atMs, listId, stage: next, reason: why, keptSets, leaving: null });
}
