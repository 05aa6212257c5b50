// The account's state as the fold of its journal. Total over every event that `decide` makes, and nothing is looked up
// anywhere else: the same journal gives the same state in the object, in a check and in a backtest.
import { required } from "../kernel/assert.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import { type EpochMs, epochMs } from "../kernel/time.ts";
import { isListOver } from "../order-list/order-list.ts";
import { workingOrders } from "../risk/working-orders.ts";
import type { AccountEvent, JournalEntry } from "./event.ts";
import {
  breakerReset,
  breakerTripped,
  equityPeaked,
  feedSilenceChanged,
  flatLookHastened,
  flatNotProven,
  flatProven,
  flatRead,
} from "./evolve-breaker.ts";
import {
  dayClosed,
  dayOpened,
  daySettled,
  settlementFinalised,
  tradingStateChanged,
  transferRequested,
  transferUpdated,
  withDay,
} from "./evolve-day.ts";
import {
  orderNotFound,
  outcomeUnknown,
  recallAnswered,
  reconciled,
  replaceAnswered,
  replaceDenied,
  replaceRequested,
  strayNoted,
} from "./evolve-doubt.ts";
import { exitsChanged, withEmptyGroupsOver } from "./evolve-exits.ts";
import { listChanged } from "./evolve-list.ts";
import { orderDenied, orderFilled, orderMoved, orderSubmitted, triggerFired, triggersSet } from "./evolve-order.ts";
import { profileChanged } from "./evolve-profile.ts";
import { strategiesChanged } from "./evolve-strategies.ts";
import type { AccountState } from "./state.ts";
import type { StrategyEvent } from "./strategy-event.ts";

/** Before the account is opened. */
export const EMPTY_ACCOUNT: AccountState = {
  profile: null,
  sequence: 0,
  lastEventMs: epochMs(0),
  tradingState: "ACTIVE",
  haltReason: null,
  cashPaise: ZERO_PAISE,
  savingsPaise: ZERO_PAISE,
  taxLockPaise: ZERO_PAISE,
  accumulatedProfitPaise: ZERO_PAISE,
  day: null,
  orders: {},
  openTrades: {},
  transfers: {},
  jobsDone: {},
  executionsSeen: {},
};

interface Step {
  readonly before: AccountState;
  readonly event: AccountEvent;
  readonly after: AccountState;
}

/**
 * The last steps taken. A decision is folded while it is made and again when it is written down; states and events never
 * change, so the same event on the same state leads to the state that is known already.
 */
const LATEST_STEPS = 32;
const latest: Step[] = [];
let next = 0;

/** The state after one more event. Pure; throws InvariantBroken only for an event that contradicts the state. */
export function evolve(before: AccountState, event: AccountEvent): AccountState {
  for (const step of latest) if (step.event === event && step.before === before) return step.after;
  const changed = withJobDone(withFlatness(withEmptyGroupsOver(applied(before, event))), event);
  const after = {
    ...changed,
    sequence: before.sequence + 1,
    lastEventMs: Math.max(before.lastEventMs, event.atMs) as EpochMs,
  };
  latest[next] = { before, event, after };
  next = (next + 1) % LATEST_STEPS;
  return after;
}

/** The state that a whole journal folds to. */
export function foldJournal(entries: Iterable<Pick<JournalEntry, "event">>): AccountState {
  let state = EMPTY_ACCOUNT;
  for (const { event } of entries) state = evolve(state, event);
  return state;
}

function applied(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case "ACCOUNT_OPENED":
    case "LIMITS_CHANGED":
    case "KYC_CHANGED":
      return profileChanged(state, event);
    case "RESTRICTIONS_CHANGED":
      return withDay(state, { restrictions: event.restrictions });
    case "DAY_OPENED":
      return dayOpened(state, event);
    case "JOB_DONE":
      return state;
    case "TRANSFER_REQUESTED":
      return transferRequested(state, event);
    case "TRANSFER_UPDATED":
      return transferUpdated(state, event);
    case "WINDOW_RUN":
      return windowRun(state, event);
    case "ORDER_DENIED":
      return orderDenied(state, event);
    case "ORDER_SUBMITTED":
      return orderSubmitted(state, event);
    case "ORDER_ACCEPTED":
    case "ORDER_REJECTED":
    case "ORDER_TRIGGERED":
    case "CANCEL_REQUESTED":
    case "ORDER_CANCELED":
    case "ORDER_EXPIRED":
      return orderMoved(state, event);
    case "CANCEL_REJECTED":
      return event.isRecall === true ? recallAnswered(state, event) : orderMoved(state, event);
    case "ORDER_OUTCOME_UNKNOWN":
      return outcomeUnknown(state, event);
    case "ORDER_NOT_FOUND":
      return orderNotFound(state, event);
    case "REPLACE_REQUESTED":
      return replaceRequested(state, event);
    case "REPLACE_DENIED":
      return replaceDenied(state, event);
    case "ORDER_REPLACED":
    case "REPLACE_REJECTED":
      return replaceAnswered(state, event);
    case "ORDER_STRAY":
    case "ORDER_STRAY_ENDED":
      return strayNoted(state, event);
    case "RECONCILED":
      return reconciled(state, event);
    case "ORDER_FILLED":
      return orderFilled(state, event);
    case "TRIGGERS_SET":
      return triggersSet(state, event);
    case "TRIGGER_FIRED":
      return triggerFired(state, event);
    case "EXIT_GROUP_SET":
    case "EXIT_GROUP_LEFT":
    case "EXIT_GROUP_REMOVED":
    case "REENTRY_SET":
    case "REENTRY_ENDED":
      return exitsChanged(state, event);
    case "LIST_SUBMITTED":
    case "LIST_DENIED":
    case "LIST_MOVED":
      return listChanged(state, event);
    case "EXIT_ONLY_ENTERED":
    case "SQUARE_OFF_STARTED":
      return required(state.day, "a day").status === "OPEN" ? withDay(state, { status: "EXIT_ONLY" }) : state;
    case "DAY_SETTLED":
      return daySettled(state, event);
    case "SETTLEMENT_FINALISED":
      return settlementFinalised(state, event);
    case "DAY_CLOSED":
      return dayClosed(state, event);
    case "TRADING_STATE_CHANGED":
      return tradingStateChanged(state, event);
    default:
      return riskChanged(state, event);
  }
}

type RiskEvent = Extract<
  AccountEvent,
  {
    readonly type:
      | "BREAKER_TRIPPED"
      | "BREAKER_RESET"
      | "FLAT_READ"
      | "FLAT_PROVEN"
      | "FLAT_NOT_PROVEN"
      | "FLAT_LOOK_HASTENED"
      | "EQUITY_PEAKED"
      | "FEED_SILENCE_CHANGED";
  }
>;

function riskChanged(state: AccountState, event: RiskEvent | StrategyEvent): AccountState {
  switch (event.type) {
    case "BREAKER_TRIPPED":
      return breakerTripped(state, event);
    case "BREAKER_RESET":
      return breakerReset(state, event);
    case "FLAT_READ":
      return flatRead(state, event);
    case "FLAT_PROVEN":
      return flatProven(state, event);
    case "FLAT_NOT_PROVEN":
      return flatNotProven(state, event);
    case "FLAT_LOOK_HASTENED":
      return flatLookHastened(state, event);
    case "EQUITY_PEAKED":
      return equityPeaked(state, event);
    case "FEED_SILENCE_CHANGED":
      return feedSilenceChanged(state, event);
    default:
      return strategiesChanged(state, event);
  }
}

const windowRun = (
  state: AccountState,
  { vixCenti, vixTradesMax, capacityBps, vixDecision }: Extract<AccountEvent, { readonly type: "WINDOW_RUN" }>,
): AccountState =>
  withDay(state, { vixCenti, vixTradesMax, capacityBps, ...(vixDecision === undefined ? {} : { vixDecision }) });

/** EXIT_ONLY becomes FLAT when nothing is open or under way, and FLAT becomes EXIT_ONLY again should a late fill come. */
function withFlatness(state: AccountState): AccountState {
  if (state.day?.status !== "EXIT_ONLY" && state.day?.status !== "FLAT") return state;
  const status = isFlat(state) ? "FLAT" : "EXIT_ONLY";
  return state.day.status === status ? state : withDay(state, { status });
}

/** Nothing open, and nothing under way that could open something. */
export const isFlat = (state: AccountState): boolean =>
  Object.keys(state.openTrades).length === 0 &&
  workingOrders(state).underWay.length === 0 &&
  Object.values(state.lists ?? {}).every(({ stage }) => isListOver(stage));

function withJobDone(state: AccountState, event: AccountEvent): AccountState {
  if (!("jobKey" in event) || event.jobKey === undefined) return state;
  return { ...state, jobsDone: { ...state.jobsDone, [event.jobKey]: true } };
}
