// The registry's rows for what the edge itself refuses, before any object is asked.
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
  | "KEYS_TOO_MANY"
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
  | "STREAMS_TOO_MANY"
  | "TICKET_INVALID"
  | "UPGRADE_REQUIRED";

export const EDGE: Readonly<Record<EdgeCode, ProblemKind>> = {
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
  BODY_MALFORMED: row(
    400,
    "The body is not JSON",
    "There is no body, or it cannot be parsed as JSON.",
    "Send valid JSON in UTF-8; {} where every field may be left out.",
  ),
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
    "The date has no checkpoint, or the entry is under none yet.",
    "Checkpoints are made after the close of a session; what is booked after that is sealed by the next one.",
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
  KEYS_TOO_MANY: row(
    409,
    "There are too many keys",
    "The account has as many good keys as its keys may make; `errors` has the limit.",
    "Revoke one that is no longer needed, or ask the operator.",
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
  STREAMS_TOO_MANY: row(
    429,
    "Too many streams",
    "The account, or the key that belongs to none, has as many of these streams open as one may have.",
    "Close one of them, then open it again; several windows can share a stream.",
    true,
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
