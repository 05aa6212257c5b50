// What the checks count with: the day's loss and drawdown, equity and exposure, trades, cover of shorts and their margin.
import { describe, expect, it } from "vitest";
import type { AccountState, DayState, OpenTrade } from "../../../src/core/account/state.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { type Paise, paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import { istDateOf } from "../../../src/core/kernel/time.ts";
import { heldMarginPaise, marginOf } from "../../../src/core/margin/margin-of.ts";
import type { Order } from "../../../src/core/order/order.ts";
import { stillPasses } from "../../../src/core/risk/check.ts";
import {
  dayLossPaise,
  dayResultPaise,
  isLossLimitReached,
  openResultPaise,
} from "../../../src/core/risk/daily-loss.ts";
import { drawdownOf } from "../../../src/core/risk/drawdown.ts";
import { exposureOf } from "../../../src/core/risk/exposure.ts";
import { coverableUnits, releasableUnits, uncoveredUnits } from "../../../src/core/risk/short-cover.ts";
import {
  marginByLeg,
  type ShortLeg,
  shortMarginPaise,
  singleShortMarginPaise,
} from "../../../src/core/risk/short-margin.ts";
import {
  closableUnits,
  isListUnderWay,
  tradesIn,
  tradesOfCycle,
  tradesOfDay,
} from "../../../src/core/risk/trade-counts.ts";
import {
  anAccount,
  anOrder,
  aPrice,
  aProfile,
  BANKNIFTY_CALL,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
} from "../../support/builders.ts";
import { option } from "../order-list/list-fixtures.ts";
import { fresh, holding, withDay } from "./denial-fixtures.ts";

type Held = readonly (readonly [OptionContract, number, Partial<OpenTrade>?])[];
const trades = (...held: Held): AccountState => ({
  ...fresh,
  openTrades: Object.assign(
    {},
    ...held.map(([contract, units, change]) => holding(contract, units, change).openTrades),
  ),
});
const orders = (...list: readonly Partial<Order>[]): AccountState => ({
  ...fresh,
  orders: Object.fromEntries(
    list.map((order, index) => [`o${index}`, anOrder({ clientOrderId: id(`o${index}`), ...order })]),
  ),
});
const allowing = (state: AccountState, shortOptions: "NAKED" | "DEFINED_RISK"): AccountState => ({
  ...state,
  profile: { ...aProfile(), limits: { ...aProfile().limits, shortOptions } },
});

describe("the day's result", () => {
  it("counts a long at its bid, a short at its ask, the last price where that is missing, and its cost without any", () => {
    const result = (units: number, price: Parameters<typeof aPrice>[0]) =>
      dayResultPaise(trades([NIFTY_CALL, units]), [aPrice(price)]);
    const around = { bidPaise: paise(49_00), askPaise: paise(51_00), lastPaise: paise(50_50) };
    expect(result(75, around)).toBe(-1_00 * 75);
    expect(result(-75, around)).toBe(-1_00 * 75);
    expect(result(75, { ...around, bidPaise: null })).toBe(50 * 75);
    expect(result(-75, { ...around, askPaise: null })).toBe(-50 * 75);
    expect(result(75, { bidPaise: null, askPaise: null, lastPaise: null })).toBe(0);
    expect(dayResultPaise(trades([NIFTY_CALL, 75]), [])).toBe(0);
    const [trade] = Object.values(trades([NIFTY_CALL, 75]).openTrades);
    if (trade === undefined) throw new Error("a trade");
    expect(openResultPaise(trade.position, new Map())).toBeNull();
  });

  it("is realised less charges; without a day it is nothing, and a gain is no loss", () => {
    const day = (realised: number, accrued: number) =>
      withDay({ realisedPaise: paise(realised), accruedChargesPaise: paise(accrued) });
    expect(dayResultPaise(day(-100, 20), [])).toBe(-120);
    expect(dayLossPaise(day(-100, 20), [])).toBe(120);
    expect(dayLossPaise(day(100, 20), [])).toBe(0);
    expect(dayResultPaise({ ...holding(), day: null }, [aPrice()])).toBe(0);
  });

  it("has reached its limit at the limit, and never where there is no profile", () => {
    const lost = (realised: number) => withDay({ realisedPaise: paise(realised) });
    expect(isLossLimitReached(lost(-4_999_99), [])).toBe(false);
    expect(isLossLimitReached(lost(-5_000_00), [])).toBe(true);
    expect(isLossLimitReached({ ...lost(-5_000_00), profile: null }, [])).toBe(false);
  });
});

describe("the drawdown", () => {
  it("is peak less now, on the day's own money, with its limit floored", () => {
    const drawdown = drawdownOf(withDay({ peakResultPaise: paise(1_000_01), realisedPaise: paise(200_00) }), []);
    // A REGULAR account of ₹1,00,000; the realised result is no money of its own yet.
    const peakPaise = 1_00_000_00 - 200_00 + 1_000_01;
    expect(drawdown).toEqual({
      peakPaise,
      equityPaise: peakPaise - 800_01,
      drawdownPaise: 800_01,
      limitPaise: Math.floor(peakPaise * 0.025),
      resultPaise: 200_00,
      peakResultPaise: 1_000_01,
    });
  });

  it("has nothing to come down from once all of the day's money is lost", () => {
    const lost = -1_00_000_40;
    expect(drawdownOf(withDay({ peakResultPaise: paise(lost), realisedPaise: paise(lost) }), [])).toMatchObject({
      peakPaise: -40,
      drawdownPaise: 0,
      limitPaise: 0,
    });
  });

  it("takes today's best when it is better than the peak, and none for a day without money or settled", () => {
    expect(drawdownOf(withDay({ realisedPaise: paise(500_00) }), [])).toMatchObject({
      drawdownPaise: 0,
      peakResultPaise: 500_00,
    });
    expect(drawdownOf(withDay({ realisedPaise: paise(-500_00) }), [])).toMatchObject({
      drawdownPaise: 500_00,
      peakResultPaise: 0,
    });
    expect(drawdownOf({ ...fresh, cashPaise: ZERO_PAISE }, [])).toBeNull();
    expect(drawdownOf({ ...fresh, cashPaise: paise(1) }, [])).not.toBeNull();
    expect(drawdownOf({ ...fresh, day: null }, [])).toBeNull();
    expect(drawdownOf({ ...fresh, profile: null }, [])).toBeNull();
    expect(drawdownOf(withDay({ provisional: {} as NonNullable<DayState["provisional"]> }), [])).toBeNull();
  });
});

describe("the exposure", () => {
  it("is cost of longs and margin of shorts; without a day there is none to be had", () => {
    const state = trades([NIFTY_CALL, 75], [NIFTY_PUT, -75, { marginPaise: paise(20_000_00) }]);
    expect(exposureOf(state).exposurePaise).toBe(3_750_00 + 20_000_00);
    const none = { leveragedPaise: 0, exposureMaxPaise: 0, buyingPowerPaise: 0 };
    for (const change of [{ day: null }, { profile: null }]) {
      expect(exposureOf({ ...state, ...change })).toMatchObject({ exposurePaise: 23_750_00, ...none });
    }
    expect(exposureOf(fresh)).toEqual({
      equityPaise: 1_00_000_00,
      exposurePaise: 0,
      leveragedPaise: 3_00_000_00,
      exposureMaxPaise: 3_00_000_00,
      buyingPowerPaise: 3_00_000_00,
    });
    expect(exposureOf(withDay({ capacityBps: 100 }, state)).buyingPowerPaise).toBe(0);
  });

  it("has the day's charges off its equity until the day is settled, when they have left the cash", () => {
    const charged = { accruedChargesPaise: paise(120_00) };
    expect(exposureOf(withDay(charged)).equityPaise).toBe(1_00_000_00 - 120_00);
    const provisional = {} as NonNullable<DayState["provisional"]>;
    expect(exposureOf(withDay({ ...charged, provisional })).equityPaise).toBe(1_00_000_00);
  });
});

describe("trades", () => {
  it("count a list once, and not at all once one of its entries has dealt", () => {
    const list = id("list");
    const pending = (state: AccountState) => Object.values(state.orders).filter(({ filledUnits }) => filledUnits === 0);
    const two = orders({ listId: list }, { listId: list }, {});
    expect(tradesIn(two, pending(two))).toBe(2);
    const dealt = orders({ listId: list }, { listId: list, filledUnits: 75 }, {});
    expect(tradesIn(dealt, pending(dealt))).toBe(1);
    const left = orders({ listId: list }, { listId: list, filledUnits: 75, purpose: "EXIT" }, { filledUnits: 75 });
    expect(tradesIn(left, pending(left))).toBe(1);
  });

  it("know a list as under way once one of its orders was sent, not when it was denied", () => {
    expect(isListUnderWay(orders({ listId: id("list") }, {}), id("list"))).toBe(true);
    expect(isListUnderWay(orders({ listId: id("list"), status: "DENIED" }, {}), id("list"))).toBe(false);
    expect(isListUnderWay(orders({ listId: id("list") }), id("other"))).toBe(false);
    expect(isListUnderWay(orders({}), undefined)).toBe(false);
    const dealt = { listId: id("list"), filledUnits: 75 };
    expect(isListUnderWay(orders({ ...dealt, status: "FILLED" }), id("list"))).toBe(true);
    expect(isListUnderWay(orders({ ...dealt, filledUnits: 0, status: "CANCELED" }), id("list"))).toBe(false);
  });

  it("of a day and of a cycle are those made and those under way, of their own cycle and underlying alone", () => {
    const state = withDay({ trades: 5, tradesByCycle: { "C1/NIFTY50": 2, "C1/SENSEX": 7 } });
    const pending = Object.values(
      orders({ cycleId: "C1" }, { cycleId: "C2" }, { cycleId: "C1", contract: BANKNIFTY_CALL }, { cycleId: null })
        .orders,
    );
    expect([tradesOfDay(state, []), tradesOfDay(state, pending)]).toEqual([5, 9]);
    expect(tradesOfCycle(state, [], "C1", "NIFTY50")).toBe(2);
    expect(tradesOfCycle(state, pending, "C1", "NIFTY50")).toBe(3);
    expect(tradesOfCycle(state, pending, "C2", "NIFTY50")).toBe(1);
    expect(tradesOfCycle(state, pending, "C3", "NIFTY50")).toBe(0);
    const before = { ...state, day: null };
    expect([tradesOfDay(before, pending), tradesOfCycle(before, pending, "C1", "NIFTY50")]).toEqual([4, 1]);
  });

  it("may be closed by what is held less what is leaving already, entries against them included", () => {
    const with_ = (units: number, ...list: readonly Partial<Order>[]): number =>
      closableUnits(
        { ...orders(...list), openTrades: trades([NIFTY_CALL, units]).openTrades },
        NIFTY_CALL.instrumentId,
      );
    expect([with_(150), with_(-150)]).toEqual([150, -150]);
    expect(with_(150, { purpose: "EXIT", side: "SELL" })).toBe(75);
    expect(with_(-150, { purpose: "EXIT", side: "BUY" })).toBe(-75);
    expect(with_(150, { purpose: "EXIT", side: "SELL", quantityUnits: 225 })).toBe(0);
    expect(with_(-150, { purpose: "EXIT", side: "BUY", quantityUnits: 225 })).toBe(0);
    expect(with_(150, { purpose: "ENTRY", side: "SELL" })).toBe(75);
    expect(with_(150, { purpose: "ENTRY", side: "BUY" })).toBe(150);
    expect(with_(-150, { purpose: "ENTRY", side: "BUY" })).toBe(-75);
    expect(with_(150, { purpose: "ENTRY", side: "SELL", contract: NIFTY_PUT })).toBe(150);
    expect(with_(150, { purpose: "EXIT", side: "SELL", status: "CANCELED" })).toBe(150);
  });
});

describe("the cover of what is sold", () => {
  const WING = option("CALL", 24_700);

  it("counts units of the kind that are held, less what is sold and what is on its way out", () => {
    expect(coverableUnits(trades([WING, 150]), NIFTY_CALL)).toBe(150);
    expect(coverableUnits(trades([WING, 150], [NIFTY_CALL, -75]), NIFTY_CALL)).toBe(75);
    expect(coverableUnits(trades([WING, 150]), NIFTY_PUT)).toBe(0);
    const selling = { ...orders({ side: "SELL", contract: WING }), openTrades: trades([WING, 150]).openTrades };
    expect(coverableUnits(selling, NIFTY_CALL)).toBe(75);
    const buying = { ...orders({ side: "BUY", contract: WING }), openTrades: trades([WING, 150]).openTrades };
    expect(coverableUnits(buying, NIFTY_CALL)).toBe(150);
    const over = { ...orders({ side: "SELL", contract: WING, status: "CANCELED" }), openTrades: buying.openTrades };
    expect(coverableUnits(over, NIFTY_CALL)).toBe(150);
    expect(uncoveredUnits(trades([WING, 75], [NIFTY_CALL, -150], [NIFTY_PUT, -75]))).toBe(150);
    expect(uncoveredUnits(trades([WING, 75], [NIFTY_CALL, -75]))).toBe(0);
    expect(uncoveredUnits(orders({ side: "SELL", contract: NIFTY_CALL }))).toBe(75);
  });

  it("keeps a long while a short needs it, a list's own as long as the list's short, all of them free where none is sold", () => {
    const free = Number.POSITIVE_INFINITY;
    expect(releasableUnits(trades([WING, 75]), WING)).toBe(free);
    expect(releasableUnits(trades([NIFTY_CALL, -75]), WING)).toBe(free);
    expect(releasableUnits(trades([WING, 150], [NIFTY_CALL, -75]), WING)).toBe(75);
    expect(releasableUnits(allowing(trades([WING, 150], [NIFTY_CALL, -75]), "NAKED"), WING)).toBe(free);
    expect(releasableUnits(trades([WING, 150], [NIFTY_PUT, -75]), WING)).toBe(free);
    const ofList = { listId: id("list") };
    const own = trades([WING, 75, ofList], [NIFTY_CALL, -75, ofList], [option("CALL", 24_800), 150]);
    expect(releasableUnits(own, WING)).toBe(0);
    expect(releasableUnits(allowing(own, "NAKED"), WING)).toBe(0);
    expect(releasableUnits(own, option("CALL", 24_800))).toBe(150);
    const selling = { ...orders({ side: "SELL" }), openTrades: trades([WING, 150]).openTrades };
    expect(releasableUnits(selling, WING)).toBe(75);
    expect(releasableUnits({ ...trades([WING, 150], [NIFTY_CALL, -75]), profile: null }, WING)).toBe(75);
  });

  it("frees of a list's own what its short does not need, of the same kind alone, and never less than nothing", () => {
    const ofList = { listId: id("list") };
    const naked = (...held: Held) => releasableUnits(allowing(trades(...held), "NAKED"), WING);
    expect(naked([WING, 150, ofList], [NIFTY_CALL, -75, ofList])).toBe(75);
    expect(naked([WING, 75, ofList], [option("CALL", 24_800), 75, ofList], [NIFTY_CALL, -75, ofList])).toBe(75);
    expect(naked([WING, 75, ofList], [NIFTY_CALL, -150, ofList])).toBe(0);
    expect(naked([WING, 75, ofList], [NIFTY_PUT, -75, ofList])).toBe(Number.POSITIVE_INFINITY);
    expect(naked([WING, 75, ofList], [NIFTY_CALL, -75, { listId: id("other") }])).toBe(Number.POSITIVE_INFINITY);
    expect(naked([WING, 75, ofList], [NIFTY_CALL, -75, ofList], [NIFTY_PUT, 75, ofList])).toBe(0);
  });

  it("keeps a long while an exit rests whose units something else has sold: dealing, it opens a short", () => {
    const exit: Partial<Order> = { side: "SELL", purpose: "EXIT", contract: NIFTY_CALL, status: "PENDING_CANCEL" };
    const resting = (heldUnits: number, change: Partial<Order> = {}): AccountState => ({
      ...orders({ ...exit, ...change }),
      openTrades: trades([WING, 150], ...(heldUnits === 0 ? [] : [[NIFTY_CALL, heldUnits] as const])).openTrades,
    });
    expect(releasableUnits(resting(0), WING)).toBe(75);
    expect(releasableUnits(resting(0, { status: "CANCELED" }), WING)).toBe(Number.POSITIVE_INFINITY);
    expect(releasableUnits(resting(75), WING)).toBe(Number.POSITIVE_INFINITY);
    expect(releasableUnits(resting(75, { quantityUnits: 150 }), WING)).toBe(75);
  });
});

describe("the margin of what is sold", () => {
  const WING = option("CALL", 24_700);
  const FAR = option("CALL", 24_900);
  const short = (units = 75): ShortLeg => ({ contract: NIFTY_CALL, netUnits: -units, pricePaise: paise(90_00) });
  const long = (contract = WING, units = 75, pricePaise: Paise = paise(50_00)): ShortLeg => ({
    contract,
    netUnits: units,
    pricePaise,
  });
  const spotPaise = paise(24_500_00);
  const prices = [
    aPrice({ spotPaise, ivBps: 1_500 }),
    aPrice({ instrumentId: WING.instrumentId, spotPaise, ivBps: 1_400 }),
  ];
  const market = { spotPaise, atMs: NOON, date: istDateOf(NOON) };
  const expected = (...legs: readonly (ShortLeg & { readonly ivBps: number | null })[]) =>
    heldMarginPaise(marginOf(legs, market));

  it("is the model's without the premium of longs, at the volatilities quoted; none for longs, unknown without the index", () => {
    expect(shortMarginPaise([short()], prices, NOON)).toBe(expected({ ...short(), ivBps: 1_500 }));
    expect(shortMarginPaise([short(), long()], prices, NOON)).toBe(
      expected({ ...short(), ivBps: 1_500 }, { ...long(), ivBps: 1_400 }),
    );
    expect(shortMarginPaise([long()], [], NOON)).toBe(0);
    expect(shortMarginPaise([short()], [aPrice()], NOON)).toBeNull();
    expect(shortMarginPaise([short()], [aPrice({ spotPaise: null })], NOON)).toBeNull();
    expect(shortMarginPaise([long(), short()], prices.slice(0, 1), NOON)).toBe(
      expected({ ...short(), ivBps: 1_500 }, { ...long(), ivBps: null }),
    );
  });

  it("of a list falls on the legs that are sold, by their units, and adds up", () => {
    const legs = [long(WING, 225), short(75), { ...short(150), contract: option("CALL", 24_600) }];
    const whole = shortMarginPaise(legs, prices, NOON) ?? 0;
    const [ofLong, one, two] = marginByLeg(legs, prices, NOON) ?? [];
    expect([ofLong, one, (one ?? 0) + (two ?? 0)]).toEqual([0, Math.floor(whole / 3), whole]);
    expect(marginByLeg([long()], [], NOON)).toEqual([0]);
    expect(shortMarginPaise([long(WING, 0)], [], NOON)).toBe(0);
    expect(marginByLeg([long(WING, 0), short()], prices, NOON)).toEqual([0, shortMarginPaise([short()], prices, NOON)]);
    expect(marginByLeg([short()], [], NOON)).toBeNull();
  });

  it("of a single sale counts the cover farthest out of the money, at its cost, and no more of it than is sold", () => {
    const near = option("CALL", 24_600);
    const held = trades([near, 75], [FAR, 75], [WING, 75], [NIFTY_PUT, 75]);
    const iv = { ivBps: null };
    const volatile = { ivBps: 1_500 };
    const price = [aPrice({ spotPaise, ivBps: 1_500 })];
    expect(singleShortMarginPaise(held, short(), price, NOON)).toBe(
      expected({ ...short(), ...volatile }, { ...long(FAR), ...iv }),
    );
    expect(singleShortMarginPaise(held, short(150), price, NOON)).toBe(
      expected({ ...short(150), ...volatile }, { ...long(FAR), ...iv }, { ...long(WING), ...iv }),
    );
    expect(singleShortMarginPaise(trades([FAR, 150]), short(), price, NOON)).toBe(
      expected({ ...short(), ...volatile }, { ...long(FAR), ...iv }),
    );
    expect(singleShortMarginPaise(allowing(held, "NAKED"), short(), price, NOON)).toBe(
      expected({ ...short(), ...volatile }),
    );
    const [low, high] = [option("PUT", 24_000), option("PUT", 24_300)];
    const put: ShortLeg = { contract: NIFTY_PUT, netUnits: -75, pricePaise: paise(90_00) };
    const putPrice = [aPrice({ instrumentId: NIFTY_PUT.instrumentId, spotPaise, ivBps: 1_500 })];
    expect(singleShortMarginPaise(trades([high, 75], [low, 75]), put, putPrice, NOON)).toBe(
      expected({ ...put, ...volatile }, { ...long(low), ...iv }),
    );
    expect(singleShortMarginPaise(trades([WING, -75]), short(), price, NOON)).toBe(
      expected({ ...short(), ...volatile }),
    );
    // Neither what is sold nor what is of another kind stands before the cover, however far out it is struck.
    const covered = expected({ ...short(), ...volatile }, { ...long(FAR), ...iv });
    for (const other of [
      [option("CALL", 25_000), -75],
      [option("CALL", 25_000), 0],
      [option("PUT", 25_500), 75],
    ] as const) {
      expect(singleShortMarginPaise(trades([FAR, 75], other), short(), price, NOON)).toBe(covered);
    }
    expect(singleShortMarginPaise({ ...trades([FAR, 75]), profile: null }, short(), price, NOON)).toBe(covered);
  });
});

describe("what is left of an entry under way", () => {
  it("still passes within the limits of now, and no longer beyond them; price and hour are not asked", () => {
    const order = anOrder({ quantityUnits: 150, filledUnits: 75, status: "PARTIALLY_FILLED" });
    const value = (orderValueMaxPaise: number): AccountState => ({
      ...fresh,
      profile: { ...aProfile(), limits: { ...aProfile().limits, orderValueMaxPaise: paise(orderValueMaxPaise) } },
    });
    // Only the 75 that are left count.
    expect(stillPasses(value(3_750_00), order, NOON)).toBe(true);
    expect(stillPasses(value(3_749_99), order, NOON)).toBe(false);
    expect(stillPasses({ ...fresh, day: null }, order, NOON)).toBe(false);
    // What has dealt is a trade already; what has not would be one more.
    const usedUp = withDay({ trades: 27 });
    expect(stillPasses(usedUp, order, NOON)).toBe(true);
    expect(stillPasses(usedUp, anOrder(), NOON)).toBe(false);
    expect(stillPasses(withDay({ capacityBps: 0 }), order, NOON)).toBe(false);
    // It has left already: however many leave this second, it waits for none of them.
    expect(stillPasses(withDay({ releases: { NSE: Array.from({ length: 10 }, () => later(1)) } }), order, NOON)).toBe(
      true,
    );
    expect(stillPasses({ ...anAccount().state, tradingState: "HALTED" }, anOrder(), NOON)).toBe(true);
  });
});
