// A list before any of it is sent: what makes it malformed, what its legs count for together, and the terms of its orders.
import { describe, expect, it } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import type { OrderList } from "../../../src/core/order-list/order-list.ts";
import { childTerms, refusalOfList } from "../../../src/core/risk/check-list.ts";
import { anAccount, aPrice, aProfile, id, NOON, SENSEX_CALL } from "../../support/builders.ts";
import { aList, ironFly, later, leg, option } from "../order-list/list-fixtures.ts";
import { holding } from "./denial-fixtures.ts";

/** With room for what the fly may lose beyond its wings. */
const roomy = { capitalPaise: paise(10_00_000_00), limits: { dailyLossMaxPaise: paise(25_000_00) } };
const fresh = anAccount({ ...roomy, savingsPaise: paise(20_00_000_00) }).state;
const limited = (limits: object): AccountState => ({
  ...fresh,
  profile: aProfile({ ...roomy, limits: { ...roomy.limits, ...limits } }),
});
const pricesOf = ({ legs }: Pick<OrderList, "legs">) =>
  legs.map(({ contract }) => aPrice({ instrumentId: contract.instrumentId }));
const denialOf = (change: Partial<OrderList> = {}, state = fresh, prices = pricesOf(aList(change))) =>
  refusalOfList(state, aList(change), "INTRADAY", prices, NOON)?.denial ?? null;
const malformed = (field: string, detail: string) => ({
  code: "LIST_MALFORMED",
  field,
  limit: null,
  value: null,
  unit: null,
  detail,
});
const calls = (count: number) =>
  Array.from({ length: count }, (_, index) => leg("BUY", option("CALL", 24_500 + 50 * index), 75));

describe("a list", () => {
  it("has two to four legs, each with a contract of its own, all of one underlying", () => {
    expect(denialOf()).toBeNull();
    const count = malformed("legs", "a list has 2 to 4 legs");
    expect([denialOf({ legs: calls(1) }), denialOf({ legs: calls(5) })]).toEqual([count, count]);
    expect([denialOf({ legs: calls(2) }), denialOf({ legs: calls(4) })]).toEqual([null, null]);
    const [one] = calls(1);
    if (one === undefined) throw new Error("a leg");
    expect(denialOf({ legs: [one, one] })).toEqual(
      malformed("legs", "each leg has a contract of its own; use the ratio for more of one"),
    );
    expect(denialOf({ legs: [one, leg("BUY", SENSEX_CALL, 20)] })).toEqual(
      malformed("legs", "all legs are options of one underlying"),
    );
  });

  it("has every leg a whole multiple of its sets, of which there is one at least", () => {
    const wrong = malformed("sets", "every leg is a whole multiple of the sets");
    expect(denialOf({ sets: 0 })).toEqual(wrong);
    expect(denialOf({ sets: -1 })).toEqual(wrong);
    expect(denialOf({ sets: 2 })).toEqual(wrong);
    expect(
      denialOf({ sets: 2, legs: [leg("BUY", option("CALL", 24_500), 150), leg("BUY", option("CALL", 24_600), 75)] }),
    ).toEqual(wrong);
    expect(denialOf({ sets: 2, legs: calls(2).map((each) => ({ ...each, quantityUnits: 150 })) })).toBeNull();
  });

  it("is to be complete within a second to a minute, both included", () => {
    const wrong = malformed("completeWithinMs", "a list is to be complete within 1000 to 60000 ms");
    expect(denialOf({ completeByMs: later(999) })).toEqual(wrong);
    expect(denialOf({ completeByMs: later(1_000) })).toBeNull();
    expect(denialOf({ completeByMs: later(60_000) })).toBeNull();
    expect(denialOf({ completeByMs: later(60_001) })).toEqual(wrong);
    expect(denialOf({ completeByMs: null })).toEqual(wrong);
  });

  it("that is one order in slices has one leg, no deadline, and ten slices at most", () => {
    const sliced = (quantityUnits: number, change: Partial<OrderList> = {}) =>
      denialOf(
        {
          kind: "SLICED",
          structure: null,
          completeByMs: null,
          legs: [leg("BUY", option("CALL", 24_500), quantityUnits, { limitPricePaise: paise(30_00) })],
          ...change,
        },
        {
          ...limited({ orderValueMaxPaise: paise(10_00_000_00), portfolioExposureMaxPaise: paise(10_00_000_00) }),
        },
      );
    expect(sliced(1_875)).not.toMatchObject({ code: "LIST_MALFORMED" });
    expect(sliced(18_000)?.code).not.toBe("QUANTITY_ABOVE_FREEZE");
    expect(sliced(18_075)).toEqual({
      code: "QUANTITY_ABOVE_FREEZE",
      field: "quantityUnits",
      limit: 18_000,
      value: 18_075,
      unit: "UNITS",
      detail: "ten slices carry 18000 units at most; send several orders",
    });
  });

  it("that is one order in slices is whole lots in all, however many of its slices would be", () => {
    const sliced = (quantityUnits: number) =>
      denialOf({
        kind: "SLICED",
        structure: null,
        completeByMs: null,
        legs: [leg("BUY", option("CALL", 24_500), quantityUnits, { limitPricePaise: paise(5_00) })],
      });
    const wrong = { code: "QUANTITY_NOT_WHOLE_LOTS", field: "quantityUnits", limit: 75, unit: "UNITS" };
    for (const units of [1_876, 1_874, 18_074])
      expect(sliced(units)).toEqual({ ...wrong, value: units, detail: "use a multiple of 75 units" });
    expect(sliced(1_875)?.code).not.toBe("QUANTITY_NOT_WHOLE_LOTS");
  });
});

describe("the legs of a list together", () => {
  it("count for the order value, the lots, and what they need: premium of what is bought, margin of what is sold", () => {
    const worth = 4 * 75 * 50_00;
    expect(denialOf({}, limited({ orderValueMaxPaise: paise(worth) }))).toBeNull();
    expect(denialOf({}, limited({ orderValueMaxPaise: paise(worth - 1) }))).toMatchObject({
      code: "ORDER_VALUE_LIMIT",
      limit: worth - 1,
      value: worth,
    });
    expect(denialOf({}, limited({ openLotsMax: 4 }))).toBeNull();
    expect(denialOf({}, limited({ openLotsMax: 3 }))).toMatchObject({ code: "POSITION_LOTS_LIMIT", value: 4 });
    const need = 2 * 75 * 50_00 + 2 * 10_000_00;
    expect(denialOf({}, limited({ portfolioExposureMaxPaise: paise(need) }))).toBeNull();
    expect(denialOf({}, limited({ portfolioExposureMaxPaise: paise(need - 1) }))).toMatchObject({
      code: "PORTFOLIO_EXPOSURE_LIMIT",
      value: need,
    });
  });

  it("protect each other by kind: what is sold of a kind in all is what is bought of it", () => {
    const body = [leg("SELL", option("CALL", 24_500), 75), leg("SELL", option("CALL", 24_600), 75)];
    const wing = (units: number) => leg("BUY", option("CALL", 24_700), units);
    expect(denialOf({ structure: "CUSTOM", legs: [wing(150), ...body] })).toBeNull();
    expect(denialOf({ structure: "CUSTOM", legs: [wing(75), ...body] })).toMatchObject({
      code: "PROTECTION_REQUIRED",
      limit: 75,
      value: 150,
    });
    const [longCall, , , shortPut] = ironFly(75);
    if (longCall === undefined || shortPut === undefined) throw new Error("four legs");
    expect(denialOf({ structure: "CUSTOM", legs: [longCall, shortPut] })).toMatchObject({
      code: "PROTECTION_REQUIRED",
      limit: 0,
      value: 75,
    });
  });

  it("are a trade of their own as a combination, and more of what is open as slices", () => {
    const [first, second] = calls(2);
    if (first === undefined || second === undefined) throw new Error("two legs");
    const openTrades = { ...holding(first.contract).openTrades, ...holding(second.contract).openTrades };
    const full = { ...limited({ openTradesMax: 2 }), openTrades };
    expect(denialOf({ structure: "CUSTOM", legs: calls(2) }, full)).toMatchObject({
      code: "OPEN_TRADES_LIMIT",
      limit: 2,
      value: 2,
    });
    expect(denialOf({ kind: "SLICED", structure: null, completeByMs: null, legs: [first] }, full)).toBeNull();
  });

  it("are held to what the day may still lose once each of them has passed by itself", () => {
    const spread = (limitPricePaise: number) => [
      leg("BUY", option("CALL", 24_600), 75),
      leg("SELL", option("CALL", 24_500), 75, { limitPricePaise: paise(limitPricePaise) }),
    ];
    const tight = limited({ dailyLossMaxPaise: paise(1_00) });
    const of = (limitPricePaise: number) => denialOf({ structure: "CUSTOM", legs: spread(limitPricePaise) }, tight);
    expect(of(50_00)?.code).toBe("LIST_LOSS_LIMIT");
    expect(of(50_03)?.code).toBe("PRICE_NOT_ON_TICK");
  });

  it("each meet the rules with the quote of their own contract", () => {
    const prices = pricesOf(aList());
    expect(denialOf({}, fresh, prices.slice(1))).toMatchObject({ code: "QUOTE_MISSING", field: "instrumentId" });
    expect(denialOf({}, fresh, prices.slice(0, -1))?.code).toBe("QUOTE_MISSING");
    expect(refusalOfList(fresh, aList(), "CARRY", prices, NOON)?.denial.code).toBe("PRODUCT_NOT_INTRADAY");
  });

  it("at prices beyond all money are far beyond every limit, and no error", () => {
    for (const limitPricePaise of [1e14, 9e15, 1e300]) {
      const legs = calls(2).map((each) => ({ ...each, limitPricePaise: limitPricePaise as Paise }));
      expect(denialOf({ legs })?.code).toMatch(/PRICE_BAND|PRICE_NOT_ON_TICK|ORDER_VALUE_LIMIT/);
    }
  });
});

describe("an order of a list", () => {
  const list = aList({ purpose: "ENTRY", cycleId: "C1", signalId: "S1", origin: "STRATEGY" });

  it("carries its leg's terms and its list's name, and a share of the margin where it opens a short", () => {
    expect(childTerms(list, 2, id("child"), 75)).toEqual({
      clientOrderId: "child",
      contract: list.legs[2]?.contract,
      side: "SELL",
      type: "MARKET",
      timeInForce: "IOC",
      quantityUnits: 75,
      limitPricePaise: 50_00,
      purpose: "ENTRY",
      exitReason: null,
      origin: "STRATEGY",
      cycleId: "C1",
      signalId: "S1",
      listId: "list-1",
      legIndex: 2,
      marginPaise: 10_000_00,
    });
    const half = aList({ legs: [leg("SELL", option("CALL", 24_500), 150, { marginPaise: paise(10_000_01) })] });
    expect(childTerms(half, 0, id("child"), 75).marginPaise).toBe(5_000_01);
  });

  it("carries the strategy whose list it is, and no such field where it is nobody's", () => {
    expect(childTerms({ ...list, strategyId: "S-7" }, 0, id("child"), 75).strategyId).toBe("S-7");
    expect(childTerms(list, 0, id("child"), 75)).not.toHaveProperty("strategyId");
  });

  it("has no margin where it buys or leaves, and a trigger only where its leg has one", () => {
    expect(childTerms(list, 0, id("child"), 75)).not.toHaveProperty("marginPaise");
    expect(childTerms(aList({ purpose: "EXIT", exitReason: "REQUEST" }), 2, id("child"), 75)).not.toHaveProperty(
      "marginPaise",
    );
    expect(childTerms(list, 0, id("child"), 75)).not.toHaveProperty("triggerPricePaise");
    const stop = aList({
      legs: [leg("BUY", option("CALL", 24_500), 75, { type: "STOP_LIMIT", triggerPricePaise: paise(49_00) })],
    });
    expect(childTerms(stop, 0, id("child"), 75)).toMatchObject({ type: "STOP_LIMIT", triggerPricePaise: 49_00 });
  });
});
