// Why an account does not carry a command out at all. Orders it will not send are denials, not refusals.

/** Refusals that are not denials of an order: the request itself does not fit the account's state. */
export interface AccountRefusal {
  readonly code:
    | "ACCOUNT_NOT_FOUND"
    | "ACCOUNT_EXISTS"
    | "ORDER_NOT_FOUND"
    | "ORDER_NOT_CANCELABLE"
    /** It has ended, is being taken out or changed, or its kind cannot be changed. */
    | "ORDER_NOT_MODIFIABLE"
    | "MODIFY_ID_REUSED"
    /** It does not answer, or has no book of the day. */
    | "VENUE_UNREADABLE"
    | "DAY_NOT_OPEN"
    | "DAY_ALREADY_OPEN"
    | "NOT_FLAT"
    /** The breaker was tripped for a reason that is not the asker's to lift. */
    | "BREAKER_LOCKED"
    | "OVERLOADED"
    | "POSITION_NOT_FOUND"
    | "POSITION_PROTECTS_SHORT"
    | "EXIT_PLAN_INVALID"
    | "EXIT_GROUP_INVALID"
    | "EXIT_GROUP_NOT_FOUND"
    /** The field is locked; an operator unlocks it first. */
    | "LIMIT_LOCKED"
    | "LIMIT_RAISE_NOT_ALLOWED"
    | "LIMIT_OUT_OF_RANGE"
    | "STRATEGY_INSTANCE_NOT_FOUND"
    | "STRATEGY_INSTANCE_EXISTS"
    /** The action does not start from where the instance stands. */
    | "STRATEGY_INSTANCE_STATE"
    | "STRATEGY_INSTANCE_LIMIT"
    | "STRATEGY_PARAMETERS_INVALID"
    /** The account's own record does not add up; it is read-only until a person has looked. */
    | "ACCOUNT_FROZEN";
  readonly detail: string;
  /** What of the request did not fit, and the limit it met. */
  readonly fault?: {
    readonly field: string;
    readonly limit: number | null;
    readonly value: number | null;
    readonly unit: "PAISE" | "MILLISECONDS" | "COUNT" | null;
  };
}
