// The closed list of everything this API refuses, one row a code: its HTTP status, whether trying again can help, what it
// means and what to do. The compiler refuses a code of the core that has no row here.
import type { AccountRefusal } from "../core/account/refusal.ts";
import type { RegistryRefusal } from "../core/prediction/registry.ts";
import type { DenialCode } from "../core/risk/denial.ts";
import type { JobRefusal, SessionRefusal, TapeRefusal } from "../ports/objects.ts";
import { DENIAL } from "./denial-problems.ts";
import { MODEL } from "./lab-problems.ts";
import { type ProblemKind, row } from "./problem-kind.ts";

export type EdgeCode =
  | "ACCOUNT_NOT_LINKABLE"
  | "ACCOUNT_REQUIRED"
  | "ALLOCATION_REUSED"
  | "BARS_MALFORMED"
  | "BODY_INVALID"
  | "BODY_MALFORMED"
  | "BODY_TOO_LARGE"
  | "CHARGES_DATE_UNKNOWN"
  | "CHECKPOINT_NOT_FOUND"
  | "CONFIRMATION_REQUIRED"
  | "CONTENT_TYPE_UNSUPPORTED"
  | "CONTRACT_TERMS_UNKNOWN"
  | "CURSOR_INVALID"
  | "DEAD_LETTER_NOT_FOUND"
  | "DOCUMENT_NOT_FOUND"
  | "EXPIRY_NOT_QUOTED"
  | "HOLDER_HAS_NO_ACCOUNT"
  | "HOLDER_NOT_FOUND"
  | "HALT_NOT_FOUND"
  | "IDEMPOTENCY_KEY_MALFORMED"
  | "IDEMPOTENCY_KEY_USED"
  | "INSTRUMENT_UNKNOWN"
  | "INTERNAL_ERROR"
  | "KEY_INVALID"
  | "KEY_MISSING"
  | "KEY_NOT_FOUND"
  | "LAB_RUN_NOT_FOUND"
  | "LEDGER_ENTRY_NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "NOTIFICATION_NOT_FOUND"
  | "NOT_READY"
  | "RATE_LIMITED"
  | "REPORT_NOT_FOUND"
  | "REQUEST_INVALID"
  | "RESTRICTION_EXISTS"
  | "RESTRICTION_NOT_FOUND"
  | "ROUTE_NOT_FOUND"
  | "SCOPE_MISSING"
  | "SCOPE_NOT_GRANTABLE"
  | "SESSION_NOT_LOADING"
  | "STRATEGY_EXISTS"
  | "STRATEGY_INVALID"
  | "STRATEGY_LIMIT"
  | "STRATEGY_NOT_FOUND"
  | "STRATEGY_READ_ONLY"
  | "STRATEGY_RETIRED"
  | "STRATEGY_UNDERLYING"
  | "TICKET_INVALID"
  | "UPGRADE_REQUIRED";

export type ProblemCode =
  | EdgeCode
  | DenialCode
  | AccountRefusal["code"]
  | SessionRefusal["code"]
  | TapeRefusal["code"]
  | RegistryRefusal["code"]
  | JobRefusal["code"];

const EDGE: Readonly<Record<EdgeCode, ProblemKind>> = {
  ACCOUNT_NOT_LINKABLE: row(
    409,
    "The account cannot be linked",
    "It belongs to another holder, or this one has `limit` accounts already, as many as there may be.",
    "Take it from the other holder first, or have the number of accounts raised (at most 6).",
  ),
  ACCOUNT_REQUIRED: row(
    400,
    "No account is meant",
    "This path concerns the account of the key, and the key belongs to none.",
    "Name the account: /v1/accounts/{accountId}/….",
  ),
  ALLOCATION_REUSED: row(
    409,
    "The id was shared out with other terms",
    "An order of that id but with other terms was shared out over this holder's accounts on this day.",
    "Use a new id for a new order, the same terms for the same.",
  ),
  BARS_MALFORMED: row(
    422,
    "Not a day of bars",
    "Bars are whole numbers in order of time that do not overlap, with low ≤ open, close ≤ high.",
    "See `errors`: it names the day, the bar and what is wrong. Nothing was stored.",
  ),
  BODY_INVALID: row(
    422,
    "The body does not fit",
    "The body is JSON, but a field is missing, unknown, of the wrong type or out of range.",
    "See `errors`: each entry names a field and what it should be.",
  ),
  BODY_MALFORMED: row(400, "The body is not JSON", "The body cannot be parsed as JSON.", "Send valid JSON in UTF-8."),
  BODY_TOO_LARGE: row(
    413,
    "The body is too large",
    "Bodies are at most 1 MB, chunks of a tape at most 8 MB.",
    "Send less at once.",
  ),
  CHARGES_DATE_UNKNOWN: row(
    422,
    "No charges are known for the date",
    "The tables of charges begin with the goods and services tax, on 2017-07-01.",
    "Ask for a later date.",
  ),
  CHECKPOINT_NOT_FOUND: row(
    404,
    "No checkpoint",
    "The ledger of that date has no checkpoint, or not yet.",
    "Checkpoints are made after the close of a session.",
  ),
  CONFIRMATION_REQUIRED: row(
    409,
    "Needs a confirmation",
    "Trading that was stopped starts again only when that is said in so many words.",
    'Send {"confirm": "RESUME"}.',
  ),
  CONTENT_TYPE_UNSUPPORTED: row(
    415,
    "Unsupported content type",
    "Bodies of requests are JSON.",
    "Send content-type: application/json.",
  ),
  CONTRACT_TERMS_UNKNOWN: row(
    422,
    "No such contract on that date",
    "The dated tables know no contract of these terms: it has expired, the date is no expiry day, the strike is off the grid, or the lot is not known.",
    "See `errors`: it names the leg and what is wrong with it.",
  ),
  CURSOR_INVALID: row(
    400,
    "Not a cursor",
    "The cursor was not made by this API.",
    "Follow the `next` of an earlier page as it is, or start without a cursor.",
  ),
  DEAD_LETTER_NOT_FOUND: row(404, "No such dead letter", "There is no parked message of that id.", "List them first."),
  DOCUMENT_NOT_FOUND: row(
    404,
    "No such error code",
    "This API has no error of that code.",
    "GET /v1/errors lists all of them.",
  ),
  EXPIRY_NOT_QUOTED: row(
    404,
    "The expiry is not quoted",
    "The feed holds no quote of a contract that expires on that date.",
    "Leave `expiry` out: `expiries` lists those that are quoted.",
  ),
  HOLDER_HAS_NO_ACCOUNT: row(
    409,
    "No account to share out to",
    "No account that takes part in the day is linked to this holder.",
    "Link an account first.",
  ),
  HOLDER_NOT_FOUND: row(
    404,
    "No such holder",
    "There is no holder of that id within your reach.",
    "Check the id; only the operator reaches holders.",
  ),
  HALT_NOT_FOUND: row(
    404,
    "No such halt",
    "There is no halt of that id, or nothing of that scope is stopped now.",
    "GET /v1/platform/halts lists all of them.",
  ),
  IDEMPOTENCY_KEY_MALFORMED: row(
    400,
    "Malformed Idempotency-Key",
    "The key is 1 to 64 characters out of A-Z a-z 0-9 . _ : -",
    "A UUID fits.",
  ),
  IDEMPOTENCY_KEY_USED: row(
    409,
    "The Idempotency-Key was used before",
    "An API key has been made under this Idempotency-Key, and its secret can be shown by nobody. Nothing has been made now.",
    "Use the key named in `detail`, or revoke it and make another under a new Idempotency-Key.",
  ),
  INSTRUMENT_UNKNOWN: row(
    422,
    "Unknown instrument",
    "No contract of that id is quoted in the current session.",
    "GET /v1/market/{underlying} lists the ids that are.",
  ),
  INTERNAL_ERROR: row(
    500,
    "Something broke here",
    "The request was in order; the program was not.",
    "Try again with the same client order id or Idempotency-Key; nothing is done twice. Tell the request id to support.",
    true,
  ),
  KEY_INVALID: row(
    401,
    "The key is not valid",
    "The API key is malformed, unknown or revoked.",
    "Ask the operator for a new key.",
  ),
  KEY_MISSING: row(401, "No key", "The request carries no API key.", "Send it as `Authorization: Bearer <key>`."),
  KEY_NOT_FOUND: row(404, "No such key", "There is no API key of that id within your reach.", "List the keys first."),
  LAB_RUN_NOT_FOUND: row(
    404,
    "No such run",
    "The lab has no run of that id, or it is another account's.",
    "List them.",
  ),
  LEDGER_ENTRY_NOT_FOUND: row(
    404,
    "No such ledger entry",
    "There is no ledger entry of that sequence and part within your reach.",
    "List the entries first.",
  ),
  METHOD_NOT_ALLOWED: row(
    405,
    "Wrong method",
    "The path exists, but not for this method.",
    "The `Allow` header names the methods that do.",
  ),
  NOTIFICATION_NOT_FOUND: row(
    404,
    "No such notification",
    "There is no notification of that id within your reach.",
    "List the notifications first.",
  ),
  NOT_READY: row(
    503,
    "Not ready",
    "The database does not answer, or has not been migrated yet.",
    "Wait, or apply the migrations.",
    true,
  ),
  RATE_LIMITED: row(
    429,
    "Too many requests",
    "The key has used up its requests of this minute, or too many unknown keys came from this address.",
    "Wait as long as `Retry-After` says.",
    true,
  ),
  REPORT_NOT_FOUND: row(
    404,
    "No such report",
    "There is no report of that date, or not yet.",
    "List the reports first.",
  ),
  REQUEST_INVALID: row(
    400,
    "The request does not fit",
    "A parameter of the path, of the query or of the headers is missing or out of range.",
    "See `errors`: each entry names a parameter and what it should be.",
  ),
  RESTRICTION_EXISTS: row(
    409,
    "The restriction exists",
    "A restriction of that id is on record, in force or lifted. Nothing has been changed.",
    "Give the new one an id of its own.",
  ),
  RESTRICTION_NOT_FOUND: row(404, "No such restriction", "There is no restriction of that id.", "List them first."),
  ROUTE_NOT_FOUND: row(
    404,
    "No such path",
    "This API has no such path.",
    "GET /v1/openapi.json describes all of them.",
  ),
  SCOPE_MISSING: row(
    403,
    "The key may not do that",
    "The key lacks the scope that this route asks for.",
    "Ask for a key with the scope named in `detail`.",
  ),
  SCOPE_NOT_GRANTABLE: row(
    403,
    "That cannot be granted",
    "A key can hand on only scopes it has itself, and only for its own account.",
    "Leave out the scopes named in `detail`.",
  ),
  SESSION_NOT_LOADING: row(
    409,
    "No session is being loaded",
    "A tape is taken only between loading a session and declaring it ready, and only for underlyings of that session.",
    "POST /v1/sessions first.",
  ),
  STRATEGY_EXISTS: row(
    409,
    "The name and version are taken",
    "The account keeps another definition of that name and version. Nothing has been kept.",
    "Raise the version, or take another name.",
  ),
  STRATEGY_INVALID: row(
    422,
    "The strategy does not fit the format",
    "The definition has problems; `errors` names the field of each, the limit it met and what would pass.",
    "Correct them; POST /v1/strategies/validate shows all of them without keeping anything.",
  ),
  STRATEGY_LIMIT: row(
    422,
    "Too many strategies",
    "The account keeps as many strategies as it may.",
    "Use those there are, with other parameters.",
  ),
  STRATEGY_NOT_FOUND: row(
    404,
    "No such strategy",
    "Neither the library nor the account has a strategy of that id.",
    "GET /v1/strategies lists those there are.",
  ),
  STRATEGY_READ_ONLY: row(
    409,
    "The library is read-only",
    "A strategy of the library is not changed or retired.",
    "Clone it and change the copy.",
  ),
  STRATEGY_RETIRED: row(
    409,
    "The strategy is retired",
    "A retired strategy is not deployed anew.",
    "Deploy a newer version, or clone it.",
  ),
  STRATEGY_UNDERLYING: row(
    422,
    "Not an index of the strategy",
    "The strategy is not made for that underlying.",
    "Choose one of those that `detail` names.",
  ),
  TICKET_INVALID: row(
    401,
    "The ticket is not valid",
    "The stream ticket is missing, forged, older than a minute or made for a principal without the scope.",
    "POST /v1/stream-tickets gives a new one.",
  ),
  UPGRADE_REQUIRED: row(
    426,
    "A WebSocket is expected",
    "This path answers only WebSocket upgrades.",
    "Open it as a WebSocket.",
  ),
};

const ACCOUNT: Readonly<Record<AccountRefusal["code"], ProblemKind>> = {
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

const SESSION: Readonly<Record<SessionRefusal["code"], ProblemKind>> = {
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

const TAPE: Readonly<Record<TapeRefusal["code"], ProblemKind>> = {
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

const JOB: Readonly<Record<JobRefusal["code"], ProblemKind>> = {
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

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  ...EDGE,
  ...ACCOUNT,
  ...SESSION,
  ...TAPE,
  ...JOB,
  ...MODEL,
  ...DENIAL,
};

export const PROBLEM_CODES = (Object.keys(PROBLEMS) as ProblemCode[]).sort();

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);
