// What the rules about amounts and counts say when they refuse, each at its limit and one beyond it; and the order of all rules.
import { describe, expect, it } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import type { Order, OrderTerms } from "../../../src/core/order/order.ts";
import {
  anAccount,
  anOrder,
  aProfile,
  BANKNIFTY_CALL,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  SENSEX_CALL,
  submit,
} from "../../support/builders.ts";
import { aList, option } from "../order-list/list-fixtures.ts";
import { checked, denialOf, fresh, holding, withDay, withProfile } from "./denial-fixtures.ts";

const WIDE = { orderValueMaxPaise: paise(10_00_000_00), positionSizeMaxPaise: paise(1_50_000_00) };

describe("amounts and counts", () => {
  const limited = (limits: object, state = fresh) =>
    withProfile({ limits: { ...aProfile().limits, ...limits } }, state);

  it("pass at the limit and refuse one paisa, lot or trade beyond it", () => {
    const value = (orderValueMaxPaise: number) => denialOf({ state: limited({ orderValueMaxPaise }) });
    expect(value(3_750_00)).toBeNull();
    expect(value(3_749_99)).toEqual({
      code: "ORDER_VALUE_LIMIT",
      field: "quantityUnits",
      limit: 3_749_99,
      value: 3_750_00,
      unit: "PAISE",
      detail: "not even one does: take a cheaper contract",
    });
    const held = holding();
    const size = (positionSizeMaxPaise: number) => denialOf({ state: limited({ positionSizeMaxPaise }, held) });
    expect(size(7_500_00)).toBeNull();
    expect(size(7_499_99)).toEqual({
      code: "POSITION_SIZE_LIMIT",
      field: "quantityUnits",
      limit: 7_499_99,
      value: 7_500_00,
      unit: "PAISE",
      detail: "close some of the position first",
    });
    const exposed = (portfolioExposureMaxPaise: number) =>
      denialOf({ state: limited({ portfolioExposureMaxPaise }, held) });
    expect(exposed(7_500_00)).toBeNull();
    expect(exposed(7_499_99)).toEqual({
      code: "PORTFOLIO_EXPOSURE_LIMIT",
      field: "quantityUnits",
      limit: 7_499_99,
      value: 7_500_00,
      unit: "PAISE",
      detail: "close a trade first",
    });
    const turned = (dailyTurnoverMaxPaise: number) => denialOf({ state: limited({ dailyTurnoverMaxPaise }) });
    expect(turned(3_750_00)).toBeNull();
    expect(turned(3_749_99)).toEqual({
      code: "DAILY_TURNOVER_LIMIT",
      field: "quantityUnits",
      limit: 3_749_99,
      value: 3_750_00,
      unit: "PAISE",
      detail: "today only exits are taken",
    });
    const lots = (openLotsMax: number, state = held) =>
      denialOf({ state: limited({ openLotsMax }, state), terms: { quantityUnits: 150 } });
    expect(lots(3)).toBeNull();
    const lotLimit = { code: "POSITION_LOTS_LIMIT", field: "quantityUnits", unit: "LOTS" };
    expect(lots(2)).toEqual({ ...lotLimit, limit: 2, value: 3, detail: "1 further lots of NIFTY50 would pass" });
    expect(lots(0)).toMatchObject({ value: 3, detail: "0 further lots of NIFTY50 would pass" });
    expect(lots(2, holding(BANKNIFTY_CALL, 35))).toBeNull();
    // A short takes as many lots as a long, and a part of a lot one.
    expect(lots(2, holding(NIFTY_CALL, -75))).toMatchObject({ limit: 2, value: 3 });
    expect(lots(2, holding(NIFTY_CALL, 1))).toMatchObject({ limit: 2, value: 3 });
  });

  it("count what is under way with what is left of it, of the same underlying or contract alone", () => {
    const underWay = (change: Partial<Order>): AccountState => ({
      ...fresh,
      orders: { [id("other")]: anOrder({ clientOrderId: id("other"), ...change }) },
    });
    const lots = (openLotsMax: number, change: Partial<Order>) =>
      denialOf({ state: limited({ openLotsMax }, underWay(change)) });
    expect(lots(2, { contract: NIFTY_PUT })).toBeNull();
    expect(lots(1, { contract: NIFTY_PUT })).toMatchObject({ code: "POSITION_LOTS_LIMIT", value: 2 });
    expect(lots(1, { contract: BANKNIFTY_CALL })).toBeNull();
    expect(lots(2, { quantityUnits: 225, filledUnits: 150 })).toBeNull();
    const size = (positionSizeMaxPaise: number, change: Partial<Order>) =>
      denialOf({ state: limited({ positionSizeMaxPaise }, underWay(change)) });
    expect(size(7_500_00, {})).toBeNull();
    expect(size(7_499_99, {})).toMatchObject({ code: "POSITION_SIZE_LIMIT", value: 7_500_00 });
    expect(size(3_750_00, { contract: NIFTY_PUT })).toBeNull();
  });

  it("take what a list has set aside for its own order once, not twice", () => {
    const contract = option("CALL", 24_650);
    const listId = id("list-1");
    const state = (change: object): AccountState => {
      const account = limited(change);
      return { ...account, lists: { [listId]: aList() } };
    };
    // The fly keeps ₹3,750 for each of the legs it buys and ₹10,000 of margin for each it sells.
    const child = { contract, listId, legIndex: 0, cycleId: null };
    const of = (portfolioExposureMaxPaise: number, terms: object) =>
      denialOf({ state: state({ portfolioExposureMaxPaise, openTradesMax: 9 }), terms, price: null });
    expect(of(27_500_00, child)).toBeNull();
    expect(of(27_499_99, child)).toMatchObject({ code: "PORTFOLIO_EXPOSURE_LIMIT", value: 27_500_00 });
    // More than was set aside for it is asked for anew.
    expect(of(27_500_00, { ...child, quantityUnits: 150 })).toMatchObject({ value: 31_250_00 });
    const sold = { ...child, contract: option("CALL", 24_500), legIndex: 2, side: "SELL", marginPaise: 10_000_00 };
    const selling = (portfolioExposureMaxPaise: number) =>
      denialOf({
        state: state({ portfolioExposureMaxPaise, openTradesMax: 9, shortOptions: "NAKED" }),
        terms: sold as Partial<OrderTerms>,
        price: null,
      });
    expect(selling(27_500_00)).toBeNull();
    expect(selling(27_499_99)).toMatchObject({ value: 27_500_00 });
    // ₹27,510 may be exposed, then ₹27,480: of that the fly has set aside ₹27,500.
    const power = (capacityBps: number) =>
      denialOf({ state: withDay({ capacityBps }, state({ openTradesMax: 9 })), terms: child, price: null });
    expect(power(917)).toBeNull();
    expect(power(916)).toMatchObject({ code: "BUYING_POWER", limit: 3_730_00, value: 3_750_00 });
  });

  it("count a list that is checked as a whole, not by the leg", () => {
    const list = {
      isCombination: true,
      valuePaise: paise(9_000_00),
      lots: 7,
      needPaise: paise(8_000_00),
      sets: 1,
      lossMaxPaise: null,
      bought: [],
      soldUnits: 0,
    };
    const of = (limits: object) => denialOf({ state: limited(limits), market: { list } });
    expect(of({ orderValueMaxPaise: 9_000_00, openLotsMax: 7, portfolioExposureMaxPaise: 8_000_00 })).toBeNull();
    expect(of({ orderValueMaxPaise: 8_999_99 })).toMatchObject({ code: "ORDER_VALUE_LIMIT", value: 9_000_00 });
    expect(of({ openLotsMax: 6 })).toMatchObject({ code: "POSITION_LOTS_LIMIT", value: 7 });
    expect(of({ portfolioExposureMaxPaise: 7_999_99 })).toMatchObject({
      code: "PORTFOLIO_EXPOSURE_LIMIT",
      value: 8_000_00,
    });
    expect(of({ dailyTurnoverMaxPaise: 8_999_99 })).toMatchObject({ code: "DAILY_TURNOVER_LIMIT", value: 9_000_00 });
  });

  it("of trades name what is used up and where one would still pass", () => {
    const trades = { field: "side", unit: "TRADES" };
    expect(denialOf({ state: withDay({ trades: 27 }) })).toEqual({
      ...trades,
      code: "DAY_TRADES_LIMIT",
      limit: 27,
      value: 27,
      detail: "no further trade passes today",
    });
    expect(denialOf({ state: withDay({ trades: 26 }) })).toBeNull();
    expect(denialOf({ state: limited({ tradesPerDayByUnderlying: { NIFTY50: 0 } }) })).toEqual({
      ...trades,
      field: "instrumentId",
      code: "INDEX_TRADES_LIMIT",
      limit: 0,
      value: 0,
      detail: "no further trade in NIFTY50 passes today; another index may",
    });
    const cycles = (n: number) => withDay({ tradesByCycle: { "2025-08-29-C12/NIFTY50": n } });
    expect(denialOf({ state: cycles(3) })).toBeNull();
    expect(denialOf({ state: cycles(4) })).toEqual({
      ...trades,
      field: "instrumentId",
      code: "CYCLE_TRADES_LIMIT",
      limit: 4,
      value: 4,
      detail: "NIFTY50 can be traded again in the next cycle",
    });
    expect(denialOf({ state: cycles(4), terms: { cycleId: null } })).toBeNull();
    expect(denialOf({ state: limited({ openTradesMax: 1 }, holding()), terms: { contract: NIFTY_PUT } })).toEqual({
      ...trades,
      field: "instrumentId",
      code: "OPEN_TRADES_LIMIT",
      limit: 1,
      value: 1,
      detail: "close a trade first",
    });
    expect(denialOf({ state: limited({ openTradesMax: 2 }, holding()), terms: { contract: NIFTY_PUT } })).toBeNull();
    expect(denialOf({ state: limited({ openTradesMax: 1 }, holding()) })).toBeNull();
  });

  it("of trades count what is under way in their own index and cycle, and the rest of a list not at all", () => {
    const under = (count: number, change: Partial<Order>, limits: object): AccountState => {
      const names = Array.from({ length: count }, (_, at) => id(`o${at}`));
      const orders = names.map((clientOrderId) => [clientOrderId, anOrder({ clientOrderId, ...change })]);
      return { ...limited(limits), orders: Object.fromEntries(orders) };
    };
    const index = (contract: typeof NIFTY_CALL) =>
      denialOf({ state: under(2, { contract }, { tradesPerDayByUnderlying: { NIFTY50: 2 } }) });
    expect(index(BANKNIFTY_CALL)).toBeNull();
    expect(index(NIFTY_CALL)).toMatchObject({ code: "INDEX_TRADES_LIMIT", limit: 2, value: 2 });
    const cycle = (change: Partial<Order>, terms: object) =>
      denialOf({ state: under(2, change, { tradesPerCycleMax: 2 }), terms });
    expect(cycle({}, {})).toMatchObject({ code: "CYCLE_TRADES_LIMIT", limit: 2, value: 2 });
    expect(cycle({ cycleId: null }, { cycleId: null })).toBeNull();
    const full = withDay({ tradesByCycle: { "2025-08-29-C12/NIFTY50": 4 } }, under(1, { listId: id("list") }, {}));
    expect(denialOf({ state: full, terms: { listId: id("list") } })).toBeNull();
    expect(denialOf({ state: full, terms: { listId: id("other") } })?.code).toBe("CYCLE_TRADES_LIMIT");
  });

  it("of open trades take a combination as one of its own, whatever is open in its contracts", () => {
    const list = {
      valuePaise: paise(1),
      lots: 1,
      needPaise: paise(1),
      bought: [],
      sets: 1,
      lossMaxPaise: null,
      soldUnits: 0,
    };
    const of = (openTradesMax: number, isCombination: boolean) =>
      denialOf({ state: limited({ openTradesMax }, holding()), market: { list: { ...list, isCombination } } });
    expect(of(1, false)).toBeNull();
    expect(of(2, true)).toBeNull();
    expect(of(1, true)).toMatchObject({ code: "OPEN_TRADES_LIMIT", limit: 1, value: 1 });
  });

  it("of orders a second make an entry wait a second at most", () => {
    const releases = (n: number, ms: number) =>
      withDay({ releases: { NSE: Array.from({ length: n }, () => later(ms)) } });
    expect(denialOf({ state: releases(7, 1) })).toBeNull();
    expect(denialOf({ state: releases(8, 0) })).toBeNull();
    expect(denialOf({ state: releases(8, 1) })).toEqual({
      code: "ORDER_RATE_LIMIT",
      field: "clientOrderId",
      limit: 1_000,
      value: 1_001,
      unit: "MS",
      detail: "send it again in 1 ms or later, under a new id",
    });
    expect(denialOf({ state: releases(8, 1), terms: { contract: SENSEX_CALL, quantityUnits: 20 } })).toBeNull();
  });

  it("say how many lots would pass, and so many do: one more does not", () => {
    const held = holding();
    const cases: readonly [string, AccountState][] = [
      ["ORDER_VALUE_LIMIT", limited({ orderValueMaxPaise: paise(31_234_56) })],
      ["POSITION_SIZE_LIMIT", limited({ positionSizeMaxPaise: paise(29_999_99) }, held)],
      ["PORTFOLIO_EXPOSURE_LIMIT", limited({ portfolioExposureMaxPaise: paise(41_250_00) }, held)],
      ["DAILY_TURNOVER_LIMIT", limited({ dailyTurnoverMaxPaise: paise(7_500_00) })],
      ["BUYING_POWER", withDay({ capacityBps: 3_333 }, anAccount({ capitalPaise: paise(90_000_00) }).state)],
    ];
    for (const [code, state] of cases) {
      const asked = (lots: number) => denialOf({ state, terms: { quantityUnits: 75 * lots } });
      const denial = asked(24);
      expect(denial).toMatchObject({ code, detail: expect.stringMatching(/^\d+ lots? would pass$/) });
      const passes = Number.parseInt(denial?.detail ?? "", 10);
      expect(asked(passes)).toBeNull();
      expect(asked(passes + 1)).toMatchObject({ code, detail: denial?.detail });
    }
  });

  it("hold a position in slices to its size as a whole, before any of it is sent", () => {
    const account = anAccount({ capitalPaise: paise(10_00_000_00), category: "ADMIN", limits: WIDE });
    const [event] = account.do(submit({ quantityUnits: 1_800 * 3 }));
    expect(event).toMatchObject({
      type: "LIST_DENIED",
      denial: { code: "POSITION_SIZE_LIMIT", value: 2_70_000_00, detail: "40 lots would pass" },
    });
  });

  it("of buying power count cash, what is open and the day's capacity", () => {
    const poor = anAccount({ capitalPaise: paise(10_000_00) }).state;
    const of = (capacityBps: number) => denialOf({ state: withDay({ capacityBps }, poor) });
    expect(of(1_250)).toBeNull();
    expect(of(1_249)).toEqual({
      code: "BUYING_POWER",
      field: "quantityUnits",
      limit: 3_747_00,
      value: 3_750_00,
      unit: "PAISE",
      detail: "close a trade first, or take a cheaper contract",
    });
    const broke: AccountState = { ...poor, cashPaise: ZERO_PAISE };
    expect(denialOf({ state: broke })).toMatchObject({ code: "BUYING_POWER", limit: 0 });
    // What a sale needs is its margin, not its premium; without a margin told, at least its premium.
    const naked = limited({ shortOptions: "NAKED" });
    expect(
      checked({ state: naked, terms: { side: "SELL", marginPaise: paise(12_345_00) } }).checks.at(-1),
    ).toMatchObject({ rule: "BUYING_POWER", passed: true, value: 12_345_00 });
    expect(checked({ terms: { marginPaise: paise(1) } }).checks.at(-1)).toMatchObject({ value: 3_750_00 });
  });
});

describe("the order in which rules are asked", () => {
  it("is state, terms, cover, quote, counts, amounts, compliance, and buying power last", () => {
    const rules = checked({}).checks.map(({ rule }) => rule);
    expect(rules).toEqual([...new Set(rules)]);
    const expected = [
      "CATEGORY_UNKNOWN",
      "OWN_CAPITAL_LIMIT",
      "DAY_NOT_OPEN",
      "ACCOUNT_HALTED",
      "DAILY_LOSS_LIMIT",
      "DAY_ENDED",
      "CIRCUIT_BREAKER",
      "FEED_SILENT",
      "ENTRIES_CLOSED",
      "NOT_RECONCILED",
      "UNDERLYING_NOT_ALLOWED",
      "PRODUCT_NOT_INTRADAY",
      "CONTRACT_EXPIRED",
      "EXPIRY_UNKNOWN",
      "EXPIRY_NOT_PERMITTED",
      "QUANTITY_NOT_WHOLE_LOTS",
      "QUANTITY_ABOVE_FREEZE",
      "PRICE_NOT_ON_TICK",
      "TRIGGER_MISPLACED",
      "SHORT_NOT_ALLOWED",
      "PROTECTION_REQUIRED",
      "QUOTE_MISSING",
      "QUOTE_INSANE",
      "QUOTE_STALE",
      "QUOTE_JUMP",
      "QUOTE_FROZEN",
      "QUOTE_OFF_MODEL",
      "SPREAD_TOO_WIDE",
      "PRICE_BAND",
      "DAY_TRADES_LIMIT",
      "INDEX_TRADES_LIMIT",
      "CYCLE_TRADES_LIMIT",
      "OPEN_TRADES_LIMIT",
      "ORDER_RATE_LIMIT",
      "ORDER_VALUE_LIMIT",
      "POSITION_LOTS_LIMIT",
      "POSITION_SIZE_LIMIT",
      "PORTFOLIO_EXPOSURE_LIMIT",
      "DAILY_TURNOVER_LIMIT",
      "LIST_LOSS_LIMIT",
      "CORRELATED_EXPOSURE_LIMIT",
    ];
    expect(rules.slice(0, expected.length)).toEqual(expected);
    expect(rules.at(-1)).toBe("BUYING_POWER");
    expect(rules.length).toBeGreaterThan(expected.length + 1);
  });

  it("leaves each result with the figures it was measured by, and none where there is no number", () => {
    const { checks } = checked({});
    expect(checks[0]).toEqual({ rule: "CATEGORY_UNKNOWN", passed: true, limit: null, value: null, unit: null });
    expect(checks[1]).toEqual({
      rule: "OWN_CAPITAL_LIMIT",
      passed: true,
      limit: 15_00_000_00,
      value: 1_00_000_00,
      unit: "PAISE",
    });
    expect(checks.at(-1)).toEqual({
      rule: "BUYING_POWER",
      passed: true,
      limit: 3_00_000_00,
      value: 3_750_00,
      unit: "PAISE",
    });
  });
});
