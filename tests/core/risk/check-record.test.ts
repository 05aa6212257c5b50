// The numbers by which rules stand in journals, and their units: a table that only ever grows at its end. And what the day's
// orders come to.
import { describe, expect, it } from "vitest";
import type { Order } from "../../../src/core/order/order.ts";
import { checksOf, recordOf } from "../../../src/core/risk/check-record.ts";
import { DENIAL_CODES } from "../../../src/core/risk/denial.ts";
import type { CheckResult } from "../../../src/core/risk/rule.ts";
import { workingOrders } from "../../../src/core/risk/working-orders.ts";
import { anOrder, id, NIFTY_PUT, SENSEX_CALL } from "../../support/builders.ts";

/** By number, from 1 on. */
const RULES: readonly (readonly [CheckResult["rule"], CheckResult["unit"]])[] = [
  ["DAY_NOT_OPEN", null],
  ["ACCOUNT_HALTED", null],
  ["DAILY_LOSS_LIMIT", "PAISE"],
  ["ENTRIES_CLOSED", "MS"],
  ["CATEGORY_UNKNOWN", null],
  ["OWN_CAPITAL_LIMIT", "PAISE"],
  ["UNDERLYING_NOT_ALLOWED", null],
  ["PRODUCT_NOT_INTRADAY", null],
  ["CONTRACT_EXPIRED", null],
  ["EXPIRY_UNKNOWN", null],
  ["EXPIRY_NOT_PERMITTED", null],
  ["QUANTITY_NOT_WHOLE_LOTS", "UNITS"],
  ["QUANTITY_ABOVE_FREEZE", "UNITS"],
  ["PRICE_NOT_ON_TICK", "PAISE"],
  ["QUOTE_MISSING", null],
  ["QUOTE_STALE", "MS"],
  ["QUOTE_INSANE", null],
  ["SPREAD_TOO_WIDE", "BPS"],
  ["PRICE_BAND", "PAISE"],
  ["SHORT_NOT_ALLOWED", "UNITS"],
  ["POSITION_TOO_SMALL", "PAISE"],
  ["ORDER_VALUE_LIMIT", "PAISE"],
  ["BUYING_POWER", "PAISE"],
  ["OPEN_TRADES_LIMIT", "TRADES"],
  ["CYCLE_TRADES_LIMIT", "TRADES"],
  ["DAY_TRADES_LIMIT", "TRADES"],
  ["INDEX_TRADES_LIMIT", "TRADES"],
  ["POSITION_LOTS_LIMIT", "LOTS"],
  ["POSITION_SIZE_LIMIT", "PAISE"],
  ["PORTFOLIO_EXPOSURE_LIMIT", "PAISE"],
  ["DAILY_TURNOVER_LIMIT", "PAISE"],
  ["CLIENT_ORDER_ID_REUSED", null],
  ["KYC_VERIFICATION", null],
  ["SYMBOL_RESTRICTION", null],
  ["TRADE_COMPLIANCE", "PAISE"],
  ["POSITION_LIMIT", "PAISE"],
  ["COMPLIANCE_ERROR", null],
  ["ORDER_RATE_LIMIT", "MS"],
  ["PLATFORM_HALTED", null],
  ["UNDERLYING_HALTED", null],
  ["CIRCUIT_BREAKER", null],
  ["FEED_SILENT", "MS"],
  ["TRIGGER_MISPLACED", "PAISE"],
  ["MODIFICATIONS_LIMIT", "ORDERS"],
  ["QUANTITY_BELOW_FILLED", "UNITS"],
  ["NOTHING_CHANGED", null],
  ["NOT_RECONCILED", null],
  ["PROTECTION_REQUIRED", "UNITS"],
  ["LIST_MALFORMED", null],
  ["QUOTE_JUMP", "TIMES"],
  ["QUOTE_FROZEN", "BPS"],
  ["QUOTE_OFF_MODEL", "PAISE"],
  ["CORRELATED_EXPOSURE_LIMIT", "PAISE"],
  ["LIST_LOSS_LIMIT", "PAISE"],
  ["DAY_ENDED", "PAISE"],
];

describe("the number of a rule in the journal", () => {
  it("means the same rule and unit for ever, and every code has one", () => {
    for (const [at, [rule, unit]] of RULES.entries()) {
      expect(checksOf([[at + 1, 7, 8]], null)).toEqual([{ rule, passed: true, limit: 7, value: 8, unit }]);
      expect(recordOf([{ rule, passed: true, limit: 7, value: 8, unit }])).toEqual([[at + 1, 7, 8]]);
    }
    expect(RULES.map(([rule]) => rule).sort()).toEqual([...DENIAL_CODES].sort());
  });
});

describe("the day's orders", () => {
  const of = (...list: readonly Partial<Order>[]) =>
    workingOrders({
      orders: Object.fromEntries(
        list.map((change, at) => [id(`o${at}`), anOrder({ clientOrderId: id(`o${at}`), ...change })]),
      ),
    });
  const names = (orders: readonly Order[]) => orders.map(({ clientOrderId }) => clientOrderId);

  it("count one trade for each entry that has dealt, one for all of a list, and none for exits", () => {
    const dealt = { filledUnits: 75, status: "FILLED" } as const;
    const none = { NIFTY50: 0, BANKNIFTY: 0, SENSEX: 0 };
    expect(of({}, { ...dealt, purpose: "EXIT" }).tradesOf).toEqual(none);
    expect(of(dealt, dealt).tradesOf).toEqual({ ...none, NIFTY50: 2 });
    const ofList = { ...dealt, listId: id("list") };
    expect(of(ofList, { ...ofList, contract: NIFTY_PUT }, dealt).tradesOf).toEqual({ ...none, NIFTY50: 2 });
    expect(of(dealt, { ...dealt, contract: SENSEX_CALL }).tradesOf).toEqual({ ...none, NIFTY50: 1, SENSEX: 1 });
  });

  it("have entries that may still deal, of them those that have not, and the units that exits may take", () => {
    const { entries, pendingEntries, leavingUnits } = of(
      {},
      { filledUnits: 25, status: "PARTIALLY_FILLED" },
      { status: "CANCELED" },
      { purpose: "EXIT", side: "SELL", quantityUnits: 150, filledUnits: 75, status: "PARTIALLY_FILLED" },
      { purpose: "EXIT", side: "SELL" },
    );
    expect([names(entries), names(pendingEntries)]).toEqual([["o0", "o1"], ["o0"]]);
    expect([...leavingUnits.values()]).toEqual([150]);
  });
});
