// 0115: what lists may still lose today, by the day's limit and the drawdown, beside the lists that stand.
import { describe, expect, it } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { OrderList } from "../../../src/core/order-list/order-list.ts";
import { listsMayLosePaise, lossLeftPaise } from "../../../src/core/risk/list-loss.ts";
import { aPrice, id, NIFTY_CALL } from "../../support/builders.ts";
import { aList, leg, option } from "../order-list/list-fixtures.ts";
import { fresh, holding, withDay } from "./denial-fixtures.ts";

const LIST = id("list-1");
// ₹10 of width for 150 units, without a credit: ₹1,500 at worst.
const SPREAD = [leg("BUY", option("CALL", 24_510), 150), leg("SELL", option("CALL", 24_500), 150)];
const withList = (change: Partial<OrderList>, state = fresh): AccountState => ({
  ...state,
  lists: { [LIST]: aList({ structure: "CUSTOM", legs: SPREAD, sets: 2, ...change }) },
});
const left = (state: AccountState, prices: Parameters<typeof lossLeftPaise>[1] = []) => lossLeftPaise(state, prices);

describe("what lists may still lose", () => {
  it("is the nearer of the drawdown and the day's limit, less what the day has lost", () => {
    // 2.5 % of ₹1,00,000, and the limit of ₹5,000 where no day has begun.
    expect([left(fresh), left({ ...fresh, day: null }), left({ ...fresh, profile: null })]).toEqual([
      2_500_00, 5_000_00, 0,
    ]);
    expect(left(withDay({ realisedPaise: paise(-1_000_00) }))).toBe(1_500_00);
    expect(left(holding(NIFTY_CALL), [aPrice({ bidPaise: paise(40_00) })])).toBe(2_500_00 - 750_00);
  });

  it("is less what a list that stands or is under way may lose, of one given up in part the sets that are kept", () => {
    expect(left(withList({ stage: "PROTECTING" }))).toBe(1_000_00);
    expect(left(withList({ stage: "FILLED" }))).toBe(2_500_00);
    expect(left(withList({ stage: "PROTECTING", purpose: "EXIT", exitReason: "REQUEST" }))).toBe(2_500_00);
    const held = holding(option("CALL", 24_510), 150, { listId: LIST });
    expect(left(withList({ stage: "FILLED" }, held))).toBe(1_000_00);
    expect(left(withList({ stage: "ENDED", keptSets: 1 }, held))).toBe(1_750_00);
    const besides = { ...held, openTrades: { ...held.openTrades, ...holding(NIFTY_CALL).openTrades } };
    expect(left(withList({ stage: "FILLED" }, besides))).toBe(1_000_00);
    expect(listsMayLosePaise(withList({ stage: "FILLED" }, besides))).toBe(1_500_00);
    expect(listsMayLosePaise(withList({ stage: "FILLED" }))).toBe(0);
  });
});
