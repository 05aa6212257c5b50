// The results of a check as they stand in the journal and in D1: a number a rule and its figures, so that an order's event
// stays small. Numbers are never reused and never change, because journals are forever; a new rule takes the next one.
import type { Denial, DenialCode } from "./denial.ts";
import type { CheckResult } from "./rule.ts";

type Unit = Denial["unit"];

/** Number and unit of every rule. */
const RULES: Readonly<Record<DenialCode, readonly [number: number, unit: Unit]>> = {
  DAY_NOT_OPEN: [1, null],
  ACCOUNT_HALTED: [2, null],
  DAILY_LOSS_LIMIT: [3, "PAISE"],
  ENTRIES_CLOSED: [4, "MS"],
  CATEGORY_UNKNOWN: [5, null],
  OWN_CAPITAL_LIMIT: [6, "PAISE"],
  UNDERLYING_NOT_ALLOWED: [7, null],
  PRODUCT_NOT_INTRADAY: [8, null],
  CONTRACT_EXPIRED: [9, null],
  EXPIRY_UNKNOWN: [10, null],
  EXPIRY_NOT_PERMITTED: [11, null],
  QUANTITY_NOT_WHOLE_LOTS: [12, "UNITS"],
  QUANTITY_ABOVE_FREEZE: [13, "UNITS"],
  PRICE_NOT_ON_TICK: [14, "PAISE"],
  QUOTE_MISSING: [15, null],
  QUOTE_STALE: [16, "MS"],
  QUOTE_INSANE: [17, null],
  SPREAD_TOO_WIDE: [18, "BPS"],
  PRICE_BAND: [19, "PAISE"],
  SHORT_NOT_ALLOWED: [20, "UNITS"],
  POSITION_TOO_SMALL: [21, "PAISE"],
  ORDER_VALUE_LIMIT: [22, "PAISE"],
  BUYING_POWER: [23, "PAISE"],
  OPEN_TRADES_LIMIT: [24, "TRADES"],
  CYCLE_TRADES_LIMIT: [25, "TRADES"],
  DAY_TRADES_LIMIT: [26, "TRADES"],
  INDEX_TRADES_LIMIT: [27, "TRADES"],
  POSITION_LOTS_LIMIT: [28, "LOTS"],
  POSITION_SIZE_LIMIT: [29, "PAISE"],
  PORTFOLIO_EXPOSURE_LIMIT: [30, "PAISE"],
  DAILY_TURNOVER_LIMIT: [31, "PAISE"],
  CLIENT_ORDER_ID_REUSED: [32, null],
  KYC_VERIFICATION: [33, null],
  SYMBOL_RESTRICTION: [34, null],
  TRADE_COMPLIANCE: [35, "PAISE"],
  POSITION_LIMIT: [36, "PAISE"],
  COMPLIANCE_ERROR: [37, null],
  ORDER_RATE_LIMIT: [38, "MS"],
  PLATFORM_HALTED: [39, null],
  UNDERLYING_HALTED: [40, null],
  CIRCUIT_BREAKER: [41, null],
  FEED_SILENT: [42, "MS"],
  TRIGGER_MISPLACED: [43, "PAISE"],
  MODIFICATIONS_LIMIT: [44, "ORDERS"],
  QUANTITY_BELOW_FILLED: [45, "UNITS"],
  NOTHING_CHANGED: [46, null],
  NOT_RECONCILED: [47, null],
  PROTECTION_REQUIRED: [48, "UNITS"],
  LIST_MALFORMED: [49, null],
  QUOTE_JUMP: [50, "TIMES"],
  QUOTE_FROZEN: [51, "BPS"],
  QUOTE_OFF_MODEL: [52, "PAISE"],
  CORRELATED_EXPOSURE_LIMIT: [53, "PAISE"],
  LIST_LOSS_LIMIT: [54, "PAISE"],
  DAY_ENDED: [55, "PAISE"],
};

const CODE_OF: ReadonlyMap<number, DenialCode> = new Map(
  (Object.entries(RULES) as [DenialCode, readonly [number, Unit]][]).map(([code, [number]]) => [number, code]),
);

/** A bare number: passed without figures. With figures: [rule, limit, value], and a warning's words after them. */
export type RecordedCheck = number | readonly [rule: number, limit: number | null, value: number | null, note?: string];

/** Only the rules that let the order pass: the one that did not is the order's denial. */
export const recordOf = (checks: readonly CheckResult[]): readonly RecordedCheck[] =>
  checks
    .filter(({ passed }) => passed)
    .map(({ rule, limit, value, note }) => {
      const [number] = RULES[rule];
      if (note !== undefined) return [number, limit, value, note] as const;
      return limit === null && value === null ? number : ([number, limit, value] as const);
    });

/** The results again, the refusing one last. A number that nobody knows is left out. */
export function checksOf(record: readonly RecordedCheck[], denial: Denial | null): readonly CheckResult[] {
  const passed = record.flatMap((entry): CheckResult[] => {
    const [number, limit, value, note] = typeof entry === "number" ? [entry, null, null] : entry;
    const rule = CODE_OF.get(number);
    if (rule === undefined) return [];
    const unit = limit === null && value === null ? null : RULES[rule][1];
    return [{ rule, passed: true, limit, value, unit, ...(note === undefined ? {} : { note }) }];
  });
  if (denial === null) return passed;
  const { code: rule, limit, value, unit } = denial;
  return [...passed, { rule, passed: false, limit, value, unit }];
}
