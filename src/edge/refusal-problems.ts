// The registry's rows for what the objects refuse: accounts, the session, its tape, the jobs.
import type { AccountRefusal } from "../core/account/refusal.ts";
import type { JobRefusal } from "../ports/jobs.ts";
import type { SessionRefusal, TapeRefusal } from "../ports/objects.ts";
import { type ProblemKind, row } from "./problem-kind.ts";

export const ACCOUNT: Readonly<Record<AccountRefusal["code"], ProblemKind>> = {
  ACCOUNT_NOT_FOUND: row(
    404,
    "No such account",
    "There is no account of that id within your reach. An account of somebody else looks exactly like none.",
    "Check the account id and the key.",
  ),
  ACCOUNT_EXISTS: row(409, "The account exists", "An account of that id has been opened before.", "Choose another id."),
  ORDER_NOT_FOUND: row(
    404,
    "No such order",
    "The account has no order of that id today.",
    "Check the client order id.",
  ),
  ORDER_NOT_CANCELABLE: row(
    409,
    "The order is final",
    "It is filled, canceled, rejected, denied or expired; there is nothing left to cancel.",
    "Nothing to do.",
  ),
  ORDER_NOT_MODIFIABLE: row(
    409,
    "The order cannot be modified",
    "It has ended, is being canceled or modified, has not been answered by the venue yet, or never rests (IOC).",
    "Read the order; when it is at work, ask again under a new key.",
    true,
  ),
  VENUE_UNREADABLE: row(
    503,
    "The venue cannot be read",
    "It does not answer, or has no book of the account's day, so nothing could be compared.",
    "Try again later.",
    true,
  ),
  MODIFY_ID_REUSED: row(
    409,
    "The modification's key is taken",
    "Another modification of this order was asked for under that key.",
    "Use a new key for a new modification, the same changes for the same.",
  ),
  DAY_NOT_OPEN: row(
    422,
    "The trading day is not open",
    "Orders are taken between the opening of the account's day and its close.",
    "Send the order within a session.",
    true,
  ),
  DAY_ALREADY_OPEN: row(409, "The day is open", "The account's day has been opened before.", "Nothing to do."),
  NOT_FLAT: row(
    409,
    "The account holds positions",
    "The step can only be done when every position is closed.",
    "Close the positions or wait for the square-off.",
    true,
  ),
  BREAKER_LOCKED: row(
    409,
    "Not yours to lift",
    "The account was stopped by the operator, or by its circuit breaker for a reason that only the operator or the next trading day may lift.",
    "GET /v1/account names the reasons under `breakers`; ask the operator.",
  ),
  POSITION_NOT_FOUND: row(
    404,
    "No such position",
    "The account holds nothing of that contract.",
    "List the open positions.",
  ),
  POSITION_PROTECTS_SHORT: row(
    409,
    "The position covers a short",
    "Leaving it by itself would leave a short of its underlying, expiry and type without protection.",
    "Close the short first, or leave all positions at once.",
  ),
  EXIT_PLAN_INVALID: row(
    422,
    "The exit plan does not fit",
    "A level lies where the market is already, off the tick, or where it could never protect. `errors` names the field, the limit and the value.",
    "Set levels between which the market is now: the stop on the losing side, the target on the gaining one.",
  ),
  EXIT_GROUP_INVALID: row(
    422,
    "The exit of the group does not fit",
    "A level lies where the group's result is already, nothing of it is held, or it is being left. `errors` names the field.",
    "Set a stop below and a target above the result of now.",
  ),
  EXIT_GROUP_NOT_FOUND: row(
    404,
    "No such exit group",
    "The account has no exit group of that id, or it is over.",
    "List the account's exit groups.",
  ),
  OVERLOADED: row(
    503,
    "Too many orders in flight",
    "The account waits for the venue's answers to as many orders as it may have under way.",
    "Send the same order again after `Retry-After`; nothing has been done.",
    true,
  ),
  LIMIT_LOCKED: row(
    403,
    "The field is locked",
    "An operator has locked this figure; nobody edits it until it is unlocked.",
    "Have it unlocked, then edit it in a second step.",
  ),
  LIMIT_RAISE_NOT_ALLOWED: row(
    403,
    "Only lower limits",
    "A user may lower their own limits and nothing else; raising them is the operator's.",
    "Leave what you do not lower as it is.",
  ),
  LIMIT_OUT_OF_RANGE: row(
    422,
    "Outside the category's range",
    "The category decides from where to where this figure may be set.",
    "Choose a figure within the range named in `detail`.",
  ),
  STRATEGY_INSTANCE_NOT_FOUND: row(
    404,
    "No such instance",
    "The account has no strategy instance of that id.",
    "GET /v1/strategy-instances lists those it has.",
  ),
  STRATEGY_INSTANCE_EXISTS: row(
    409,
    "The instance id is taken",
    "The account has an instance of that id of another strategy, version or index.",
    "Choose another id, or remove that instance first.",
  ),
  STRATEGY_INSTANCE_STATE: row(
    409,
    "Not from this state",
    "The instance stands where this action does not start; `detail` says from where it does.",
    "Take the action named first: pause and resume while it runs, reset after an error, remove when stopped and flat.",
  ),
  STRATEGY_INSTANCE_LIMIT: row(
    422,
    "Too many instances",
    "The account has as many strategy instances as it may have.",
    "Remove one that is stopped.",
  ),
  STRATEGY_PARAMETERS_INVALID: row(
    422,
    "The parameters do not fit",
    "A parameter is not one of the strategy's, or its value is outside of its range.",
    "`detail` names each with what would pass.",
  ),
  ACCOUNT_FROZEN: row(
    409,
    "The account is read-only",
    "The account's own record does not add up, so nothing is written until a person has looked at it.",
    "Wait for the operator.",
  ),
};

export const SESSION: Readonly<Record<SessionRefusal["code"], ProblemKind>> = {
  SESSION_NOT_FOUND: row(404, "No session", "No session is loaded.", "POST /v1/sessions first."),
  SESSION_NOT_READY: row(
    409,
    "The session is not ready",
    "The session's state does not allow this step.",
    "GET /v1/sessions/current says where it stands.",
    true,
  ),
  SESSION_RUNNING: row(
    409,
    "A session is running",
    "Only one session can run at a time.",
    "Stop it, or let it finish.",
    true,
  ),
  SESSION_OVER: row(409, "The session is over", "The session has finished or was stopped.", "Load another."),
  SESSION_ACCOUNT_UNKNOWN: row(
    422,
    "Unknown account",
    "An account named for the session has not been opened. Nothing has been loaded.",
    "Open the account named in `detail`, or leave it out.",
  ),
  SPEED_OUT_OF_RANGE: row(
    422,
    "No such speed",
    "The speed is 1 to 3,600 market seconds a second, or null for as fast as it goes.",
    "Choose one of these.",
  ),
};

export const TAPE: Readonly<Record<TapeRefusal["code"], ProblemKind>> = {
  TAPE_CHUNK_OUT_OF_ORDER: row(
    409,
    "The chunk is out of order",
    "A chunk of a higher number has been taken already. Nothing of this one has been taken.",
    "Load the session again and send the chunks in the order of their numbers.",
  ),
  TAPE_TIME_GOES_BACK: row(
    422,
    "The tape goes back in time",
    "An event is earlier than one before it on the tape. Nothing of the chunk has been taken.",
    "Sort the events by time.",
  ),
};

export const JOB: Readonly<Record<JobRefusal["code"], ProblemKind>> = {
  JOB_NOT_FOUND: row(
    404,
    "No such job",
    "No job of that key has been run, and in paper trading none of that key was due.",
    "GET /v1/operations/jobs lists those that were.",
  ),
  JOB_NOT_RERUNNABLE: row(
    409,
    "The job has no clock",
    "In replay a session's clock runs the jobs, and the session this job belongs to is not the one that has failed.",
    "GET /v1/sessions/current says where the session stands.",
  ),
};
