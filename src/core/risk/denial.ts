// Every reason for which an order is refused before it leaves: a closed list. A denial names the limit, the value that met
// it and what would pass, so that the user can act on it.

export const DENIAL_CODES = [
  "ACCOUNT_HALTED",
  "PLATFORM_HALTED",
  "UNDERLYING_HALTED",
  "CIRCUIT_BREAKER",
  "FEED_SILENT",
  "DAY_NOT_OPEN",
  "ENTRIES_CLOSED",
  "CATEGORY_UNKNOWN",
  "OWN_CAPITAL_LIMIT",
  "UNDERLYING_NOT_ALLOWED",
  "PRODUCT_NOT_INTRADAY",
  "CONTRACT_EXPIRED",
  "EXPIRY_UNKNOWN",
  "EXPIRY_NOT_PERMITTED",
  "QUANTITY_NOT_WHOLE_LOTS",
  "QUANTITY_ABOVE_FREEZE",
  "PRICE_NOT_ON_TICK",
  "QUOTE_MISSING",
  "QUOTE_STALE",
  "QUOTE_INSANE",
  "QUOTE_JUMP",
  "QUOTE_FROZEN",
  "QUOTE_OFF_MODEL",
  "SPREAD_TOO_WIDE",
  "PRICE_BAND",
  "SHORT_NOT_ALLOWED",
  "PROTECTION_REQUIRED",
  "LIST_MALFORMED",
  "POSITION_TOO_SMALL",
  "ORDER_VALUE_LIMIT",
  "BUYING_POWER",
  "OPEN_TRADES_LIMIT",
  "CYCLE_TRADES_LIMIT",
  "DAY_TRADES_LIMIT",
  "INDEX_TRADES_LIMIT",
  "POSITION_LOTS_LIMIT",
  "POSITION_SIZE_LIMIT",
  "PORTFOLIO_EXPOSURE_LIMIT",
  "DAILY_TURNOVER_LIMIT",
  "CORRELATED_EXPOSURE_LIMIT",
  "DAILY_LOSS_LIMIT",
  "DAY_ENDED",
  "LIST_LOSS_LIMIT",
  "CLIENT_ORDER_ID_REUSED",
  "TRIGGER_MISPLACED",
  "ORDER_RATE_LIMIT",
  "MODIFICATIONS_LIMIT",
  "QUANTITY_BELOW_FILLED",
  "NOTHING_CHANGED",
  "NOT_RECONCILED",
  "KYC_VERIFICATION",
  "SYMBOL_RESTRICTION",
  "TRADE_COMPLIANCE",
  "POSITION_LIMIT",
  "COMPLIANCE_ERROR",
] as const;
export type DenialCode = (typeof DENIAL_CODES)[number];

export interface Denial {
  readonly code: DenialCode;
  /** The field of the order that offends, e.g. "quantityUnits". */
  readonly field: string;
  /** The limit and the value that met it, in the unit named by `unit`. Null where the rule is not a number. */
  readonly limit: number | null;
  readonly value: number | null;
  readonly unit: "PAISE" | "UNITS" | "LOTS" | "TRADES" | "ORDERS" | "MS" | "BPS" | "TIMES" | null;
  /** One sentence: what would pass. */
  readonly detail: string;
}
