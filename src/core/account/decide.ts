// What an account does about a command: the events that follow, or why it does nothing at all. Pure; a command that has been
// carried out before, by job key, client order id, execution id or trigger id, leads to no events.
import { unreachable } from "../kernel/assert.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { dateOfJobKey } from "../session/job.ts";
import { advanceLists } from "./advance-lists.ts";
import { armStrategies } from "./arm-strategies.ts";
import type { Command, StrategyCommand } from "./command.ts";
import { checkFlat, followSwitch, halt, noteFeedSilence, resume } from "./decide-breaker.ts";
import { closeDay, openDay, settleFinal, settleProvisional } from "./decide-day.ts";
import { decideExits } from "./decide-exits.ts";
import { changeKyc, changeLimits, changeRestrictions } from "./decide-limits.ts";
import { enterExitOnly, squareOff } from "./decide-liquidation.ts";
import { cancelList, submitList } from "./decide-list.ts";
import { modifyOrder } from "./decide-modify.ts";
import { cancelOrder, submitOrder } from "./decide-order.ts";
import { noteUnknown, reconcileWithVenue } from "./decide-reconcile.ts";
import { applyReports } from "./decide-reports.ts";
import { decideStrategies } from "./decide-strategies.ts";
import { requestPull, requestPush, retryTransfer, updateTransfer } from "./decide-transfer.ts";
import { fireTriggers } from "./decide-triggers.ts";
import { runWindow } from "./decide-window.ts";
import { Draft } from "./draft.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

export type Decision = Result<readonly AccountEvent[], AccountRefusal>;

export function decide(state: AccountState, command: Command): Decision {
  const decision = decideAlone(state, command);
  return decision.ok ? withLists(state, command, decision.value) : decision;
}

/** Lists take their next steps after whatever has happened; what is due by the clock alone is due with the next command. */
function withLists(state: AccountState, { atMs }: Command, events: readonly AccountEvent[]): Decision {
  if (state.day === null || (state.lists === undefined && state.strategies === undefined)) return ok(events);
  const draft = new Draft(state, atMs);
  for (const event of events) draft.push(event);
  advanceLists(draft);
  armStrategies(draft);
  if (draft.events.length > events.length) syncTriggers(draft);
  return ok(draft.events);
}

function decideAlone(state: AccountState, command: Command): Decision {
  if ("jobKey" in command && command.jobKey !== undefined && isOver(state, command.jobKey)) return ok([]);
  if (command.type === "OPEN_ACCOUNT") return openAccount(state, command);
  if (state.profile === null) return err({ code: "ACCOUNT_NOT_FOUND", detail: "the account has not been opened" });
  switch (command.type) {
    case "CHANGE_LIMITS":
      return changeLimits(state, command);
    case "CHANGE_KYC":
      return changeKyc(state, command);
    case "CHANGE_RESTRICTIONS":
      return changeRestrictions(state, command);
    case "OPEN_DAY":
      return openDay(state, command);
    case "HALT":
      return halt(state, command);
    case "RESUME":
      return resume(state, command);
    case "FOLLOW_SWITCH":
      return followSwitch(state, command);
    case "CHECK_FLAT":
      return checkFlat(state, command);
    case "NOTE_FEED_SILENCE":
      return noteFeedSilence(state, command);
    case "UPDATE_TRANSFER":
      return updateTransfer(state, command);
    case "RETRY_TRANSFER":
      return retryTransfer(state, command);
    case "LOAD_STRATEGY":
    case "MOVE_STRATEGY":
    case "SET_STRATEGY_PARAMETERS":
    case "REMOVE_STRATEGY":
      return decideStrategies(state, command);
    default:
      return state.day === null ? err(noDay("no day has been opened yet")) : decideOfDay(state, command);
  }
}

type CommandOfDay = Exclude<
  Command,
  {
    readonly type:
      | "OPEN_ACCOUNT"
      | "CHANGE_LIMITS"
      | "CHANGE_KYC"
      | "CHANGE_RESTRICTIONS"
      | "OPEN_DAY"
      | "HALT"
      | "RESUME"
      | "FOLLOW_SWITCH"
      | "CHECK_FLAT"
      | "NOTE_FEED_SILENCE"
      | "UPDATE_TRANSFER"
      | "RETRY_TRANSFER"
      | StrategyCommand["type"];
  }
>;

function decideOfDay(state: AccountState, command: CommandOfDay): Decision {
  switch (command.type) {
    case "REQUEST_PULL":
      return requestPull(state, command);
    case "REQUEST_PUSH":
      return requestPush(state, command);
    case "RUN_WINDOW":
      return runWindow(state, command);
    case "SUBMIT_ORDER":
      return submitOrder(state, command);
    case "SUBMIT_LIST":
      return submitList(state, command);
    case "CANCEL_LIST":
      return cancelList(state, command);
    case "CANCEL_ORDER":
      return cancelOrder(state, command);
    case "MODIFY_ORDER":
      return modifyOrder(state, command);
    case "NOTE_UNKNOWN":
      return noteUnknown(state, command);
    case "RECONCILE":
      return reconcileWithVenue(state, command);
    case "APPLY_REPORTS":
      return applyReports(state, command);
    case "FIRE_TRIGGERS":
      return fireTriggers(state, command);
    case "SET_EXIT_PLAN":
    case "EXIT_POSITION":
    case "EXIT_ALL":
    case "SET_EXIT_GROUP":
    case "REMOVE_EXIT_GROUP":
      return decideExits(state, command);
    case "ENTER_EXIT_ONLY":
      return enterExitOnly(state, command);
    case "SQUARE_OFF":
      return squareOff(state, command);
    case "SETTLE_PROVISIONAL":
      return settleProvisional(state, command);
    case "SETTLE_FINAL":
      return settleFinal(state, command);
    case "CLOSE_DAY":
      return closeDay(state, command);
    default:
      return unreachable(command);
  }
}

/** Carried out already, or a late repetition from before the day that is held now: a queue may bring a message again. */
function isOver(state: AccountState, jobKey: string): boolean {
  if (state.jobsDone[jobKey] === true) return true;
  // Nearly every job is of the day itself.
  if (state.day === null || jobKey.startsWith(state.day.date, jobKey.indexOf("/") + 1)) return false;
  const date = dateOfJobKey(jobKey);
  return date !== null && date < state.day.date;
}

function openAccount(
  state: AccountState,
  { atMs, profile }: Extract<Command, { readonly type: "OPEN_ACCOUNT" }>,
): Decision {
  if (state.profile === null) return ok([{ type: "ACCOUNT_OPENED", atMs, profile }]);
  return isSame(state.profile, profile)
    ? ok([])
    : err({ code: "ACCOUNT_EXISTS", detail: `account ${state.profile.accountId} exists with other terms` });
}

const noDay = (detail: string): AccountRefusal => ({ code: "DAY_NOT_OPEN", detail });

/** Plain data written in the same order, as the edge parses it. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
