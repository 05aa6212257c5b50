// Lists in an account: protection before sale at every instant, money reserved while it fills and free again when it is over,
// whatever the venue does.
import { describe, expect, it } from "vitest";
import type { ListRequest, PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { isFlat } from "../../../src/core/account/evolve.ts";
import { childrenOf, findList, reservedByLists } from "../../../src/core/account/lists.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import { exposureOf, openCostPaise, reservedPaise } from "../../../src/core/risk/exposure.ts";
import { uncoveredUnits } from "../../../src/core/risk/short-cover.ts";
import { shortMarginPaise } from "../../../src/core/risk/short-margin.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  canceled,
  filled,
  id,
  later,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { TinyVenue } from "../../support/tiny-venue.ts";
import { option } from "../order-list/list-fixtures.ts";

const SPOT = paise(24_500_00);
const WINGS = [option("CALL", 24_650), option("PUT", 24_350)] as const;
const BODY = [option("CALL", 24_500), option("PUT", 24_500)] as const;
const MID = new Map<string, number>([
  [WINGS[0].instrumentId, 30_00],
  [WINGS[1].instrumentId, 28_00],
  [BODY[0].instrumentId, 90_00],
  [BODY[1].instrumentId, 85_00],
]);

const priceOf = (contract: OptionContract, atMs: EpochMs = NOON, moveBps = 0): PriceView => {
  const mid = Math.max(10, Math.round(((MID.get(contract.instrumentId) ?? 50_00) * (10_000 + moveBps)) / 50_000) * 5);
  return aPrice({
    instrumentId: contract.instrumentId,
    bidPaise: paise(Math.max(5, mid - 5)),
    askPaise: paise(mid + 5),
    lastPaise: paise(mid),
    quotedAtMs: atMs,
    spotPaise: SPOT,
    ivBps: 1_200,
  });
};
const ALL = [...WINGS, ...BODY];
const prices = (atMs: EpochMs = NOON): readonly PriceView[] => ALL.map((contract) => priceOf(contract, atMs));

const aFly = (change: Partial<ListRequest> = {}): ListRequest => ({
  listId: id("fly"),
  structure: "IRON_FLY",
  sets: 1,
  legs: [
    ...WINGS.map((contract) => ({ contract, side: "BUY" as const, ratio: 1, limitPricePaise: null })),
    ...BODY.map((contract) => ({ contract, side: "SELL" as const, ratio: 1, limitPricePaise: null })),
  ],
  completeWithinMs: 10_000,
  onIncomplete: "UNWIND",
  timeExitMs: null,
  request: "fly",
  ...change,
});

const send = (account: AccountUnderTest, change: Partial<ListRequest> = {}, atMs: EpochMs = NOON) =>
  account.do({ type: "SUBMIT_LIST", atMs, request: aFly(change), prices: prices(atMs) });

const open = (account: AccountUnderTest) => outstandingWork(account.state).submit.map((order) => order.clientOrderId);

/** Fills whatever is under way at its limit. */
function fillAll(account: AccountUnderTest, atMs: EpochMs = NOON): void {
  for (const order of outstandingWork(account.state).submit) {
    account.report(atMs, filled(order.clientOrderId, order.quantityUnits, order.limitPricePaise, { atMs }));
  }
}

const rich = (change: Parameters<typeof anAccount>[0] = {}) =>
  // Of ₹5,00,000 a day may lose ₹12,500, which is more than a fly can.
  anAccount({
    capitalPaise: paise(5_00_000_00),
    savingsPaise: paise(10_00_000_00),
    ...change,
    limits: { dailyLossMaxPaise: paise(12_500_00), ...change.limits },
  });

describe("an iron fly as one intent", () => {
  it("buys both wings, then sells both legs of the body, and is one trade", () => {
    const account = rich();
    send(account);
    expect(open(account)).toEqual(["fly_leg_1_split_1", "fly_leg_2_split_1"]);
    fillAll(account);
    expect(open(account)).toEqual(["fly_leg_3_split_1", "fly_leg_4_split_1"]);
    fillAll(account);
    expect(findList(account.state, "fly")?.stage).toBe("FILLED");
    expect(account.state.day?.trades).toBe(1);
    expectSoundHistory(account.events, account.state);
  });

  it("reserves premium and margin for all of it at once, and less margin than its shorts would take alone", () => {
    const account = rich();
    const before = exposureOf(account.state);
    send(account);
    const after = exposureOf(account.state);
    const reserved = after.exposurePaise - before.exposurePaise;
    expect(reserved).toBeGreaterThan(0);
    expect(reserved).toBe(reservedPaise(account.state));
    const list = findList(account.state, "fly");
    const margin = list?.legs.reduce((sum, leg) => sum + leg.marginPaise, 0) ?? 0;
    const short = BODY.map((contract) => ({ contract, netUnits: -75, pricePaise: paise(90_00) }));
    const alone = short.reduce((sum, each) => sum + (shortMarginPaise([each], prices(), NOON) ?? 0), 0);
    expect(margin).toBeGreaterThan(0);
    expect(margin).toBeLessThan(alone / 2);
    fillAll(account);
    fillAll(account);
    expect(reservedPaise(account.state)).toBe(0);
    expect(openCostPaise(account.state)).toBeLessThanOrEqual(reserved);
  });

  it("answers the same request again with nothing, and another under its id with a denial", () => {
    const account = rich();
    send(account);
    expect(send(account)).toEqual([]);
    const [event] = send(account, { request: "other" });
    expect(event).toMatchObject({ type: "LIST_DENIED", denial: { code: "CLIENT_ORDER_ID_REUSED" } });
    expect(findList(account.state, "fly")?.stage).toBe("PROTECTING");
  });

  it("keeps its name to itself: an order under it, large or small, is denied and changes nothing", () => {
    const account = rich();
    send(account);
    const { lists, orders } = account.state;
    for (const quantityUnits of [75, 4_500]) {
      const price = aPrice({ bidPaise: paise(95), askPaise: paise(1_05), lastPaise: paise(1_00) });
      const order = submit({ clientOrderId: id("fly"), quantityUnits, limitPricePaise: paise(1_00) }, NOON, price);
      const denial = { code: "CLIENT_ORDER_ID_REUSED", detail: "fly already names a list of today; use a new id" };
      expect(account.do(order)).toMatchObject([{ type: "ORDER_DENIED", denial }]);
      expect(account.state.lists).toEqual(lists);
      expect(account.state.orders).toEqual(orders);
    }
    fillAll(account);
    fillAll(account);
    expectSoundHistory(account.events, account.state);
  });

  it("is denied as a whole where one leg of it would be", () => {
    const denialOf = (account: AccountUnderTest, change: Partial<ListRequest> = {}) => {
      const [event] = send(account, change);
      return event?.type === "LIST_DENIED" ? event.denial.code : event?.type;
    };
    expect(denialOf(rich({ limits: { shortOptions: "NONE" } }))).toBe("SHORT_NOT_ALLOWED");
    expect(denialOf(rich(), { legs: aFly().legs.filter(({ side }) => side === "SELL") })).toBe("PROTECTION_REQUIRED");
    expect(denialOf(rich({ capitalPaise: paise(20_000_00) }))).toBe("BUYING_POWER");
    expect(denialOf(rich({ capitalPaise: paise(60_000_00) }))).toBe("LIST_LOSS_LIMIT");
    expect(denialOf(rich({ limits: { orderValueMaxPaise: paise(10_000_00) } }))).toBe("ORDER_VALUE_LIMIT");
    expect(denialOf(rich(), { completeWithinMs: 999 })).toBe("LIST_MALFORMED");
    expect(denialOf(rich(), { completeWithinMs: 60_001 })).toBe("LIST_MALFORMED");
    expect(denialOf(rich(), { legs: aFly().legs.slice(0, 1) })).toBe("LIST_MALFORMED");
    expect(denialOf(rich({ limits: { tradesPerDayMax: 0 } }))).toBe("DAY_TRADES_LIMIT");
    expect(denialOf(rich({ limits: { openTradesMax: 1 } }))).toBe("LIST_SUBMITTED");
  });

  it("R12: is unwound when its third leg is refused, with no short uncovered at any event", () => {
    const account = rich();
    send(account);
    fillAll(account);
    account.report(later(100), filled(id("fly_leg_4_split_1"), 75, 83_00));
    for (const attempt of ["", "_r1", "_r2", "_r3"]) {
      account.report(later(200), {
        kind: "REJECTED",
        clientOrderId: id(`fly_leg_3_split_1${attempt}`),
        reason: "NO_QUOTE",
        atMs: later(200),
      });
      expect(uncoveredUnits(account.state)).toBe(0);
    }
    expect(findList(account.state, "fly")?.stage).toBe("UNWINDING");
    const cover = outstandingWork(account.state).submit;
    expect(cover).toMatchObject([{ side: "BUY", purpose: "EXIT", exitReason: "LIST_UNWIND", legIndex: 3 }]);
    fillAll(account, later(300));
    expect(outstandingWork(account.state).submit.map(({ side }) => side)).toEqual(["SELL", "SELL"]);
    fillAll(account, later(400));
    expect(findList(account.state, "fly")?.stage).toBe("UNWOUND");
    expect(isFlat(account.state)).toBe(true);
    expect(exposureOf(account.state).exposurePaise).toBe(0);
    expectSoundHistory(account.events, account.state);
  });

  it("asks the feed for a timer at its deadline, and is given up when it comes", () => {
    const account = rich();
    send(account);
    const timer = outstandingWork(account.state).triggers.flatMap(({ triggers }) => triggers);
    expect(timer).toMatchObject([{ kind: "TIMER", dueMs: later(10_000), instrumentId: WINGS[0].instrumentId }]);
    account.report(later(50), accepted(id("fly_leg_1_split_1")), accepted(id("fly_leg_2_split_1")));
    const fired = [{ triggerId: timer[0]?.triggerId ?? "", price: priceOf(WINGS[0], later(10_000)) }];
    account.do({ type: "FIRE_TRIGGERS", atMs: later(10_000), fired });
    expect(findList(account.state, "fly")?.stage).toBe("UNWINDING");
    account.report(later(10_100), canceled(id("fly_leg_1_split_1")), canceled(id("fly_leg_2_split_1")));
    expect(findList(account.state, "fly")?.stage).toBe("UNWOUND");
    expect(outstandingWork(account.state).triggers.flatMap(({ triggers }) => triggers)).toEqual([]);
  });

  it("keeps a covering long until its short is closed, and says so", () => {
    const account = rich();
    send(account);
    fillAll(account);
    fillAll(account);
    const exit = (contract: OptionContract, side: "BUY" | "SELL", name: string) =>
      account.do({
        ...submit({
          clientOrderId: id(name),
          contract,
          side,
          type: "MARKET",
          timeInForce: "IOC",
          limitPricePaise: null,
        }),
        price: priceOf(contract),
      } as ReturnType<typeof submit>)[0];
    expect(exit(WINGS[0], "SELL", "too-early")).toMatchObject({
      type: "ORDER_DENIED",
      denial: { code: "PROTECTION_REQUIRED", field: "quantityUnits", limit: 0, value: 75, unit: "UNITS" },
    });
    expect(exit(BODY[0], "BUY", "cover")).toMatchObject({ type: "ORDER_SUBMITTED", terms: { purpose: "EXIT" } });
    fillAll(account);
    expect(exit(WINGS[0], "SELL", "now")).toMatchObject({ type: "ORDER_SUBMITTED" });
  });

  it("takes nothing of what somebody else buys after it was closed", () => {
    const account = rich();
    send(account);
    fillAll(account);
    fillAll(account);
    const market = (contract: OptionContract, side: "BUY" | "SELL", name: string) => {
      const terms = { clientOrderId: id(name), contract, side, limitPricePaise: null, timeInForce: "IOC" } as const;
      const order = submit({ ...terms, type: "MARKET" });
      account.do({ ...order, price: priceOf(contract) } as ReturnType<typeof submit>);
      fillAll(account);
    };
    for (const [at, contract] of BODY.entries()) market(contract, "BUY", `cover-${at}`);
    for (const [at, contract] of WINGS.entries()) market(contract, "SELL", `release-${at}`);
    expect(isFlat(account.state)).toBe(true);
    expect(findList(account.state, "fly")?.stage).toBe("CLOSED");
    market(WINGS[0], "BUY", "mine");
    expect(account.state.openTrades[WINGS[0].instrumentId]?.position.netUnits).toBe(75);
    expect(findList(account.state, "fly")?.stage).toBe("CLOSED");
    expect(outstandingWork(account.state).submit).toEqual([]);
    expectSoundHistory(account.events, account.state);
  });

  it("does not hide a further open trade in a contract of which it is leaving", () => {
    const bought = (openTradesMax: number) => {
      const account = rich({ limits: { openTradesMax } });
      send(account);
      fillAll(account);
      fillAll(account);
      const buy = (contract: OptionContract, name: string) =>
        account.do({
          ...submit({ clientOrderId: id(name), contract, limitPricePaise: priceOf(contract).askPaise }),
          price: priceOf(contract),
        } as ReturnType<typeof submit>)[0];
      return { account, buy };
    };
    const tight = bought(1);
    expect(tight.buy(BODY[0], "cover")).toMatchObject({ type: "ORDER_SUBMITTED", terms: { purpose: "EXIT" } });
    expect(tight.buy(BODY[0], "mine")).toMatchObject({
      denial: { code: "OPEN_TRADES_LIMIT", limit: 1, value: 1, unit: "TRADES" },
    });
    expect(tight.buy(WINGS[0], "more")).toMatchObject({ type: "ORDER_SUBMITTED", terms: { purpose: "ENTRY" } });
    const { account, buy } = bought(2);
    buy(BODY[0], "cover");
    expect(buy(BODY[0], "mine")).toMatchObject({ type: "ORDER_SUBMITTED", terms: { purpose: "ENTRY" } });
    // The entry deals first, so that it is the exit of the list that turns what is held around.
    account.report(later(100), filled(id("mine"), 75, 90_05), filled(id("cover"), 75, 90_05));
    expect(account.state.openTrades[BODY[0].instrumentId]?.position.netUnits).toBe(75);
    expect(buy(NIFTY_PUT, "third")).toMatchObject({
      denial: { code: "OPEN_TRADES_LIMIT", limit: 2, value: 2, unit: "TRADES" },
    });
    expect(buy(BODY[0], "on top")).toMatchObject({ type: "ORDER_SUBMITTED" });
  });

  it("does not lend its name to an entry against it because somebody else adds to it", () => {
    const account = rich({ limits: { openTradesMax: 1 } });
    send(account);
    fillAll(account);
    fillAll(account);
    const trade = (contract: OptionContract, side: "BUY" | "SELL", name: string) => {
      const order = submit({ clientOrderId: id(name), contract, side, limitPricePaise: priceOf(contract).askPaise });
      return account.do({ ...order, price: priceOf(contract) } as typeof order)[0];
    };
    trade(WINGS[0], "BUY", "wing");
    account.report(NOON, filled(id("wing"), 75, 30_05));
    // More of what the list has sold is the list's, and no trade that others could belong to.
    const entry = { type: "ORDER_SUBMITTED", terms: { purpose: "ENTRY" } };
    expect(trade(BODY[0], "SELL", "more")).toMatchObject(entry);
    expect(trade(BODY[0], "BUY", "cover")).toMatchObject({ terms: { purpose: "EXIT" } });
    // With all of the list's leaving, what still sells beside it may come to be a trade of its own: two, then.
    expect(trade(BODY[0], "BUY", "against")).toMatchObject({
      type: "ORDER_DENIED",
      denial: { code: "OPEN_TRADES_LIMIT", limit: 1, value: 2, unit: "TRADES" },
    });
    expect(trade(WINGS[0], "BUY", "wings")).toMatchObject(entry);
  });

  it("does not take in what is bought of a leg while all of that is leaving", () => {
    const account = rich({ limits: { openTradesMax: 1 } });
    send(account);
    fillAll(account);
    fillAll(account);
    const trade = (contract: OptionContract, side: "BUY" | "SELL", name: string) => {
      const { askPaise, bidPaise } = priceOf(contract);
      const limitPricePaise = side === "BUY" ? askPaise : bidPaise;
      const order = submit({ clientOrderId: id(name), contract, side, limitPricePaise });
      return account.do({ ...order, price: priceOf(contract) } as typeof order)[0];
    };
    for (const [at, contract] of BODY.entries()) trade(contract, "BUY", `cover-${at}`);
    fillAll(account);
    expect(trade(WINGS[0], "SELL", "leave")).toMatchObject({ terms: { purpose: "EXIT" } });
    // The exit may deal first: then this one would open a second trade beside the list.
    expect(trade(WINGS[0], "BUY", "again")).toMatchObject({
      type: "ORDER_DENIED",
      denial: { code: "OPEN_TRADES_LIMIT", limit: 1, value: 1, unit: "TRADES" },
    });
    expect(trade(WINGS[1], "BUY", "more")).toMatchObject({ type: "ORDER_SUBMITTED", terms: { purpose: "ENTRY" } });
  });

  it("is an open trade of its own where its legs are more of what is held", () => {
    const holding = (openTradesMax: number) => {
      const account = rich({ limits: { openTradesMax } });
      for (const [index, contract] of WINGS.entries()) {
        const order = submit({
          clientOrderId: id(`own-${index}`),
          contract,
          limitPricePaise: priceOf(contract).askPaise,
        });
        account.do({ ...order, price: priceOf(contract) } as typeof order);
        account.report(NOON, filled(id(`own-${index}`), 75, priceOf(contract).askPaise ?? 0));
      }
      return account;
    };
    expect(send(holding(2))).toMatchObject([{ denial: { code: "OPEN_TRADES_LIMIT", limit: 2, value: 2 } }]);
    const account = holding(3);
    send(account);
    // Both wings have gone to what was held before; the list counts all the same, before and after it sells.
    account.report(later(50), ...open(account).map((name) => filled(name, 75, 30_05)));
    expect(findList(account.state, "fly")?.stage).toBe("SELLING");
    const refusal = { denial: { code: "OPEN_TRADES_LIMIT", limit: 3, value: 3 } };
    const further = (name: string) => account.do(submit({ clientOrderId: id(name), contract: NIFTY_PUT }, later(60)));
    expect(further("selling")).toMatchObject([refusal]);
    fillAll(account, later(70));
    expect(findList(account.state, "fly")?.stage).toBe("FILLED");
    expect(further("filled")).toMatchObject([refusal]);
  });

  it("is left whole, shorts first, when the result of its legs reaches their group's stop", () => {
    const account = rich();
    send(account);
    fillAll(account);
    fillAll(account);
    const set = {
      groupId: "fly",
      scope: { kind: "LIST", listId: "fly" },
      stopPaise: paise(-1_000_00),
      targetPaise: null,
      trail: null,
      lock: null,
    } as const;
    account.do({ type: "SET_EXIT_GROUP", atMs: later(500), group: set, prices: prices(later(500)) });
    expect(account.state.exitGroups?.["fly"]?.scope).toMatchObject({ kind: "INSTRUMENTS" });
    // The body rises by 8 %: some ₹14 on each of 75 units of both sold options together.
    const risen = ALL.map((contract) => priceOf(contract, later(1_000), BODY.includes(contract) ? 800 : 0));
    const guard = account.state.openTrades[BODY[0].instrumentId]?.triggers.find(({ kind }) => kind === "GROUP_FALL");
    expect(guard).toMatchObject({ watches: "ASK", fires: "AT_OR_ABOVE" });
    const price = risen.find(({ instrumentId }) => instrumentId === BODY[0].instrumentId);
    const events = account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(1_000),
      fired: [{ triggerId: guard?.triggerId ?? "", price: price ?? priceOf(BODY[0]) }],
      prices: risen,
    });
    expect(events).toContainEqual(expect.objectContaining({ type: "EXIT_GROUP_LEFT", reason: "STOP" }));
    expect(findList(account.state, "fly")).toMatchObject({ stage: "EXITING", leaving: "STOP" });
    expect(outstandingWork(account.state).submit.map(({ side, exitReason }) => `${side} ${exitReason}`)).toEqual([
      "BUY STOP",
      "BUY STOP",
    ]);
    runOut(account, 1_000);
    expect(isFlat(account.state)).toBe(true);
    expect(account.state.exitGroups).toEqual({});
    expectSoundHistory(account.events, account.state);
  });

  it("enters nothing again when all positions are left while it still fills", () => {
    const account = rich();
    send(account);
    fillAll(account);
    expect(findList(account.state, "fly")?.stage).toBe("SELLING");
    account.do({ type: "EXIT_ALL", atMs: later(500), prices: prices(later(500)) });
    expect(findList(account.state, "fly")?.stage).toBe("UNWINDING");
    const sold = account.events.length;
    for (const order of Object.values(account.state.orders)) {
      if (order.status === "PENDING_CANCEL") account.report(later(600), canceled(order.clientOrderId));
    }
    runOut(account, 1_000);
    expect(isFlat(account.state)).toBe(true);
    const entered = account.events
      .slice(sold)
      .filter((event) => event.type === "ORDER_SUBMITTED" && event.terms.purpose === "ENTRY");
    expect(entered).toEqual([]);
    expect(account.state.exitGroups).toEqual({});
    expectSoundHistory(account.events, account.state);
  });

  it("is left at its time, shorts first, by the prices that come", () => {
    const account = rich();
    send(account, { timeExitMs: later(60_000) });
    fillAll(account);
    fillAll(account);
    const timers = outstandingWork(account.state).triggers.flatMap(({ triggers }) =>
      triggers.filter(({ kind }) => kind === "TIMER"),
    );
    expect(timers).toMatchObject([{ dueMs: later(60_000) }]);
    account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(60_000),
      fired: [{ triggerId: timers[0]?.triggerId ?? "", price: priceOf(WINGS[0], later(60_000)) }],
    });
    expect(findList(account.state, "fly")).toMatchObject({ stage: "EXITING", leaving: "TIME" });
    runOut(account, 60_000);
    expect(findList(account.state, "fly")?.stage).toBe("CLOSED");
    expectSoundHistory(account.events, account.state);
  });

  it.each(["SQUARE_OFF", "HALT", "CANCEL_LIST", "LOSS"] as const)("is left in stages by %s", (how) => {
    const account = rich();
    send(account);
    fillAll(account);
    fillAll(account);
    const atMs = later(1_000);
    if (how === "SQUARE_OFF") account.do({ type: "SQUARE_OFF", atMs, jobKey: "SQUARE_OFF/1", prices: prices(atMs) });
    else if (how === "HALT") account.do({ type: "HALT", atMs, reason: "test", prices: prices(atMs) });
    else if (how === "CANCEL_LIST") account.do({ type: "CANCEL_LIST", atMs, listId: id("fly") });
    else {
      const limits = { ...(account.state.profile?.limits ?? never()), dailyLossMaxPaise: paise(1) };
      account.do({ type: "CHANGE_LIMITS", atMs, limits, prices: prices(atMs) });
    }
    runOut(account, 1_000);
    expect(isFlat(account.state)).toBe(true);
    expect(findList(account.state, "fly")?.stage).toBe("CLOSED");
    expect(exposureOf(account.state).exposurePaise).toBe(0);
    expectSoundHistory(account.events, account.state);
  });
});

const never = (): never => {
  throw new Error("no profile");
};

/** The feed fires what its prices reach and the venue deals what is under way, until nothing is left. */
function runOut(account: AccountUnderTest, fromMs: number): void {
  for (let round = 1; round <= 12; round += 1) {
    const atMs = later(fromMs + round * 1_000);
    const fired = Object.values(account.state.openTrades).flatMap(({ position, triggers }) =>
      triggers
        .filter(({ kind, levelPaise }) => kind === "STOP" && levelPaise <= 5)
        .map(({ triggerId }) => ({ triggerId, price: priceOf(position.contract, atMs) })),
    );
    if (fired.length > 0) account.do({ type: "FIRE_TRIGGERS", atMs, fired, prices: prices(atMs) });
    expect(uncoveredUnits(account.state)).toBe(0);
    fillAll(account, atMs);
    expect(uncoveredUnits(account.state)).toBe(0);
  }
}

describe("shorts by request", () => {
  const sell = (contract: OptionContract, name: string, units = 75) =>
    ({
      ...submit({
        clientOrderId: id(name),
        contract,
        side: "SELL",
        quantityUnits: units,
        limitPricePaise: priceOf(contract).bidPaise,
      }),
      price: priceOf(contract),
    }) as ReturnType<typeof submit>;

  it("pass only behind protection that is held, and block its margin", () => {
    const account = rich();
    expect(account.do(sell(BODY[0], "early"))[0]).toMatchObject({ denial: { code: "PROTECTION_REQUIRED", limit: 0 } });
    account.do({
      ...submit({ contract: WINGS[0], limitPricePaise: paise(30_00) }),
      price: priceOf(WINGS[0]),
    } as ReturnType<typeof submit>);
    expect(account.do(sell(BODY[0], "still-early"))[0]).toMatchObject({ denial: { code: "PROTECTION_REQUIRED" } });
    account.report(NOON, filled(id("order-1"), 75, 30_00));
    const before = exposureOf(account.state).exposurePaise;
    expect(account.do(sell(BODY[0], "covered"))[0]).toMatchObject({
      type: "ORDER_SUBMITTED",
      terms: { purpose: "ENTRY" },
    });
    const reserved = account.state.orders[id("covered")]?.reservedPaise ?? 0;
    expect(reserved).toBeGreaterThan(0);
    expect(exposureOf(account.state).exposurePaise).toBe(before + reserved);
    account.report(NOON, filled(id("covered"), 75, 30_00));
    expect(account.state.openTrades[BODY[0].instrumentId]?.marginPaise).toBe(reserved);
    expect(exposureOf(account.state).exposurePaise).toBe(before + reserved);
    expect(account.do(sell(BODY[0], "twice"))[0]).toMatchObject({ denial: { code: "PROTECTION_REQUIRED", limit: 0 } });
  });

  it("pass without protection only where naked ones are allowed, and only within the margin", () => {
    const naked = { limits: { shortOptions: "NAKED" as const } };
    expect(rich(naked).do(sell(BODY[0], "naked"))[0]).toMatchObject({ type: "ORDER_SUBMITTED" });
    const poor = rich({ ...naked, capitalPaise: paise(10_000_00) });
    expect(poor.do(sell(BODY[0], "naked"))[0]).toMatchObject({ denial: { code: "BUYING_POWER" } });
  });

  it("are closed by a purchase, which frees their margin", () => {
    const account = rich({ capitalPaise: paise(4_00_000_00), limits: { shortOptions: "NAKED" } });
    account.do(sell(BODY[0], "naked", 150));
    account.report(NOON, filled(id("naked"), 150, 90_00));
    const all = account.state.openTrades[BODY[0].instrumentId]?.marginPaise ?? 0;
    const buy = (name: string) =>
      account.do({
        ...submit({ clientOrderId: id(name), contract: BODY[0], limitPricePaise: paise(91_00) }),
        price: priceOf(BODY[0]),
      } as ReturnType<typeof submit>)[0];
    expect(buy("half")).toMatchObject({ terms: { purpose: "EXIT" } });
    account.report(NOON, filled(id("half"), 75, 91_00));
    expect(account.state.openTrades[BODY[0].instrumentId]?.marginPaise).toBe(all - Math.floor(all / 2));
    buy("rest");
    account.report(NOON, filled(id("rest"), 75, 91_00));
    expect(exposureOf(account.state).exposurePaise).toBe(0);
    expect(account.state.day?.realisedPaise).toBe(-150_00);
    expectSoundHistory(account.events, account.state);
  });

  it("are watched at the ask: a rise to the stop closes them", () => {
    const account = rich({ capitalPaise: paise(1_00_000_00), limits: { shortOptions: "NAKED" } });
    account.do(sell(BODY[0], "naked"));
    account.report(NOON, filled(id("naked"), 75, 90_00));
    const stop = account.state.openTrades[BODY[0].instrumentId]?.triggers.find(({ kind }) => kind === "STOP");
    // A VIX of 12.15 lets one trade lose 1 % of ₹1,00,000: ₹13.30 of each of 75 units, on the tick.
    expect(stop).toMatchObject({ fires: "AT_OR_ABOVE", watches: "ASK", levelPaise: 103_30 });
    const atMs = later(1_000);
    const price = {
      ...priceOf(BODY[0], atMs),
      bidPaise: paise(103_20),
      askPaise: paise(103_35),
      lastPaise: paise(103_30),
    };
    account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId: stop?.triggerId ?? "", price }] });
    expect(outstandingWork(account.state).submit).toMatchObject([{ side: "BUY", purpose: "EXIT", exitReason: "STOP" }]);
  });
});

describe("orders above what the exchange takes at once", () => {
  const big = (units: number, change: Parameters<typeof submit>[0] = {}) =>
    submit(
      { clientOrderId: id("big"), quantityUnits: units, limitPricePaise: paise(1_00), ...change },
      NOON,
      aPrice({ bidPaise: paise(95), askPaise: paise(1_05), lastPaise: paise(1_00) }),
    );

  it("become slices under a parent that is the order", () => {
    const account = rich();
    account.do(big(4_500));
    expect(open(account)).toEqual(["big_split_1"]);
    expect(exposureOf(account.state).exposurePaise).toBe(4_500_00);
    account.report(NOON, filled(id("big_split_1"), 1_800, 1_00));
    account.report(NOON, filled(id("big_split_2"), 1_800, 1_00));
    expect(account.state.day?.trades).toBe(1);
    account.report(NOON, filled(id("big_split_3"), 900, 1_00));
    expect(findList(account.state, "big")?.stage).toBe("FILLED");
    expect(account.do(big(4_500))).toEqual([]);
    expect(account.do(big(4_425))[0]).toMatchObject({ denial: { code: "CLIENT_ORDER_ID_REUSED" } });
    expectSoundHistory(account.events, account.state);
  });

  it("send again what the venue turned down, under a name of its own", () => {
    const account = rich();
    account.do(big(3_600));
    account.report(NOON, { kind: "REJECTED", clientOrderId: id("big_split_1"), reason: "X", atMs: NOON });
    expect(open(account)).toEqual(["big_split_1_r1"]);
  });

  it("are denied above ten slices, and when not even all slices together fit", () => {
    expect(rich().do(big(18_075))[0]).toMatchObject({
      type: "ORDER_DENIED",
      denial: { code: "QUANTITY_ABOVE_FREEZE" },
    });
    expect(anAccount({ capitalPaise: paise(5_000_00), vixCenti: 2_500 }).do(big(9_000))[0]).toMatchObject({
      type: "LIST_DENIED",
      denial: { code: "BUYING_POWER" },
    });
  });

  it("are canceled as one", () => {
    const account = rich();
    account.do(big(3_600));
    account.report(NOON, accepted(id("big_split_1")));
    account.do({ type: "CANCEL_ORDER", atMs: NOON, clientOrderId: id("big") });
    account.report(NOON, canceled(id("big_split_1")));
    expect(outstandingWork(account.state).submit).toEqual([]);
    expect(exposureOf(account.state).exposurePaise).toBe(0);
    expect(isFlat(account.state)).toBe(true);
  });

  it("leave a position as exits in slices", () => {
    const account = rich();
    account.do(big(3_600));
    account.report(NOON, filled(id("big_split_1"), 1_800, 1_00));
    account.report(NOON, filled(id("big_split_2"), 1_800, 1_00));
    account.do(big(3_600, { clientOrderId: id("out"), side: "SELL" }));
    expect(outstandingWork(account.state).submit).toMatchObject([{ clientOrderId: "out_split_1", purpose: "EXIT" }]);
    account.report(NOON, filled(id("out_split_1"), 1_800, 1_00));
    account.report(NOON, filled(id("out_split_2"), 1_800, 1_00));
    expect(isFlat(account.state)).toBe(true);
    expectSoundHistory(account.events, account.state);
  });
});

describe("taking what fits (SPL-06, G-70)", () => {
  it("G-70: of 20 lots at ₹100 beside ₹30,000 of exposure four are sent, and sixteen stay on record", () => {
    // ₹10,000 at 3×, all of it on a calm day: floor(30,000 ÷ 7,500 a lot) = 4.
    const account = anAccount({ capitalPaise: paise(10_000_00), category: "RESTRICTED" });
    const touch = { bidPaise: paise(99_95), askPaise: paise(100_00), lastPaise: paise(100_00) };
    const request = { quantityUnits: 75 * 20, limitPricePaise: paise(100_00), takeWhatFits: true } as const;
    account.do(submit(request, NOON, aPrice(touch)));
    expect(account.state.orders[id("order-1")]).toMatchObject({
      status: "SUBMITTED",
      quantityUnits: 300,
      cut: {
        requestedUnits: 1_500,
        executedUnits: 300,
        remainingUnits: 1_200,
        executedExposurePaise: 30_000_00,
        remainingExposurePaise: 1_20_000_00,
      },
    });
    expect(
      account.do(submit({ ...request, clientOrderId: id("more"), quantityUnits: 150 }, NOON, aPrice(touch))),
    ).toMatchObject([{ type: "ORDER_DENIED", denial: { code: "BUYING_POWER", limit: 0 } }]);
  });

  it("sends as many whole lots as the buying power carries and keeps what was left on record", () => {
    const account = anAccount({ capitalPaise: paise(5_000_00) });
    const { buyingPowerPaise } = exposureOf(account.state);
    const lots = Math.floor(buyingPowerPaise / (50_00 * 75));
    expect(lots).toBeGreaterThan(0);
    account.do(submit({ quantityUnits: 75 * 20, takeWhatFits: true }));
    expect(account.state.orders[id("order-1")]).toMatchObject({
      quantityUnits: 75 * lots,
      cut: {
        requestedUnits: 1_500,
        executedUnits: 75 * lots,
        remainingUnits: 75 * (20 - lots),
        executedExposurePaise: 50_00 * 75 * lots,
        remainingExposurePaise: 50_00 * 75 * (20 - lots),
      },
    });
    expect(account.do(submit({ quantityUnits: 75 * 20, takeWhatFits: true }))).toEqual([]);
  });

  it("sells as many whole lots as the margin leaves room for, and not one more would pass", () => {
    const naked = { capitalPaise: paise(9_00_000_00), limits: { shortOptions: "NAKED" as const } };
    const ofLots = (lots: number, change = {}) => {
      const account = rich(naked);
      const terms = { contract: BODY[0], side: "SELL", limitPricePaise: priceOf(BODY[0]).bidPaise } as const;
      const order = submit({ clientOrderId: id("short"), ...terms, quantityUnits: 75 * lots, ...change });
      account.do({ ...order, price: priceOf(BODY[0]) } as ReturnType<typeof submit>);
      return { account, order: account.state.orders[id("short")] };
    };
    const { account, order } = ofLots(20, { takeWhatFits: true });
    const lots = (order?.quantityUnits ?? 0) / 75;
    expect(lots).toBeGreaterThan(1);
    expect(lots).toBeLessThan(20);
    expect(order).toMatchObject({
      status: "SUBMITTED",
      cut: { requestedUnits: 1_500, executedUnits: 75 * lots, remainingUnits: 75 * (20 - lots) },
    });
    expect(order?.cut?.executedExposurePaise).toBe(order?.reservedPaise);
    expect(exposureOf(account.state).buyingPowerPaise).toBeGreaterThanOrEqual(0);
    expect(ofLots(lots).order?.reservedPaise).toBe(order?.reservedPaise);
    expect(ofLots(lots + 1).account.events.at(-1)).toMatchObject({ denial: { code: "BUYING_POWER" } });
  });

  it("sells up to what a protection covers, however many more are asked for, where the margin beyond it is too much", () => {
    const ofLots = (lots: number) => {
      const account = rich({ capitalPaise: paise(1_00_000_00) });
      const bought = {
        clientOrderId: id("cover"),
        contract: WINGS[1],
        quantityUnits: 150,
        limitPricePaise: paise(11_00),
      };
      account.do({ ...submit(bought), price: priceOf(WINGS[1]) } as ReturnType<typeof submit>);
      account.report(NOON, filled(id("cover"), 150, 10_00));
      const terms = { contract: BODY[1], side: "SELL", limitPricePaise: priceOf(BODY[1]).bidPaise } as const;
      const order = submit({ clientOrderId: id("short"), ...terms, quantityUnits: 75 * lots, takeWhatFits: true });
      account.do({ ...order, price: priceOf(BODY[1]) } as ReturnType<typeof submit>);
      return account.state.orders[id("short")]?.quantityUnits ?? 0;
    };
    expect([2, 5, 20].map(ofLots)).toEqual([150, 150, 150]);
  });

  it("denies an order of absurd size or price by its limit, also where it was to be cut", () => {
    const codeOf = (change: Parameters<typeof submit>[0]) =>
      anAccount().do(submit({ ...change, takeWhatFits: true }))[0];
    expect(codeOf({ quantityUnits: 1_500, limitPricePaise: paise(9e13) })).toMatchObject({ type: "ORDER_DENIED" });
    expect(codeOf({ quantityUnits: 75 * 10_000_000, limitPricePaise: paise(1e9) })).toMatchObject({
      type: expect.stringMatching(/_DENIED$/),
    });
  });

  it("is denied for the buying power where not one lot fits, and without the flag", () => {
    const poor = anAccount({ capitalPaise: paise(2_000_00), vixCenti: 2_500 });
    expect(poor.do(submit({ takeWhatFits: true }))[0]).toMatchObject({ denial: { code: "BUYING_POWER" } });
    const account = anAccount({ capitalPaise: paise(5_000_00), vixCenti: 2_500 });
    expect(account.do(submit({ quantityUnits: 75 * 3 }))[0]).toMatchObject({ denial: { code: "BUYING_POWER" } });
  });
});

describe("any venue", () => {
  it("never leaves a short uncovered, never reserves more than there is, and everything is free again when flat", () => {
    const stages = new Map<string, number>();
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = new Seeded(seed);
      const account = rich();
      const venue = new TinyVenue();
      const trouble = random.next();
      let now = NOON;
      const check = (): void => {
        expect(uncoveredUnits(account.state), `seed ${seed}`).toBe(0);
        const last = account.events.at(-1);
        if (last?.type === "LIST_SUBMITTED" || last?.type === "ORDER_SUBMITTED") {
          const { exposurePaise, exposureMaxPaise } = exposureOf(account.state);
          if (last.type === "LIST_SUBMITTED" || last.terms.purpose === "ENTRY")
            expect(exposurePaise, `seed ${seed}`).toBeLessThanOrEqual(exposureMaxPaise);
        }
      };
      const act = (command: Parameters<AccountUnderTest["do"]>[0]): void => {
        const decision = decide(account.state, command);
        if (!decision.ok) return;
        account.do(command);
        check();
        const work = outstandingWork(account.state);
        for (const order of work.submit) {
          if (random.chance(trouble / 4)) venue.reject(order, now);
          else venue.submit(order, now);
        }
        for (const order of work.cancel) if (random.chance(0.7)) venue.end(order.clientOrderId, "CANCELED", now);
      };
      const deal = (healed: boolean): void => {
        for (const name of venue.working) {
          const order = account.state.orders[name];
          if (order === undefined || (!healed && random.chance(0.3 + trouble / 3))) continue;
          const lots = healed ? 1_000 : 1 + random.below(3);
          venue.deal(name, lots, order.limitPricePaise, now);
          if (healed || (order.timeInForce === "IOC" && random.chance(0.7))) venue.end(name, "CANCELED", now);
        }
      };
      const tell = (healed: boolean): void => {
        const reports = [];
        for (
          let report = venue.tellInOrder(healed ? 0 : random.below(4));
          report !== null;
          report = venue.tellInOrder(healed ? 0 : random.below(4))
        ) {
          reports.push(report);
          if (!healed && random.chance(0.4)) break;
        }
        act({ type: "APPLY_REPORTS", atMs: now, reports });
      };
      const fire = (): void => {
        const fired = Object.values(account.state.openTrades).flatMap(({ position, triggers }) =>
          triggers
            .filter(({ kind, levelPaise }) => kind === "STOP" && levelPaise <= 5)
            .map(({ triggerId }) => ({ triggerId, price: priceOf(position.contract, now) })),
        );
        act({ type: "FIRE_TRIGGERS", atMs: now, fired, prices: prices(now) });
      };
      for (let move = 0; move < 40; move += 1) {
        now = epochMs(now + random.below(1_500));
        const dice = random.below(12);
        if (dice === 0) {
          const sets = 1 + random.below(3);
          act({
            type: "SUBMIT_LIST",
            atMs: now,
            request: aFly({
              listId: id(`L${move}`),
              request: `L${move}`,
              sets,
              onIncomplete: random.chance(0.5) ? "UNWIND" : "KEEP_RATIO",
            }),
            prices: prices(now),
          });
        } else if (dice === 1) {
          const contract = random.pick(ALL);
          act({
            type: "SUBMIT_ORDER",
            atMs: now,
            price: priceOf(contract, now),
            request: {
              clientOrderId: id(`O${move}`),
              contract,
              side: random.chance(0.5) ? "BUY" : "SELL",
              type: "MARKET",
              timeInForce: "IOC",
              product: "INTRADAY",
              quantityUnits: 75 * (1 + random.below(2)),
              limitPricePaise: null,
            },
          });
        } else if (dice === 2 && random.chance(0.3)) {
          const lists = Object.keys(account.state.lists ?? {});
          if (lists.length > 0) act({ type: "CANCEL_LIST", atMs: now, listId: id(random.pick(lists)) });
        } else if (dice === 3 && random.chance(0.1)) {
          act({ type: "HALT", atMs: now, reason: "test", prices: prices(now) });
        } else if (dice === 4) fire();
        else if (dice < 8) deal(false);
        else tell(false);
      }
      for (let round = 0; round < 14; round += 1) {
        now = epochMs(now + 5_000);
        if (round === 2) act({ type: "ENTER_EXIT_ONLY", atMs: now, jobKey: "EXIT_ONLY" });
        if (round >= 3) act({ type: "SQUARE_OFF", atMs: now, jobKey: `SQUARE_OFF/${round}`, prices: prices(now) });
        deal(true);
        for (const name of venue.working) venue.end(name, "CANCELED", now);
        tell(true);
        fire();
      }
      expect(isFlat(account.state), `seed ${seed} is flat`).toBe(true);
      expect(reservedByLists(account.state), `seed ${seed}`).toBe(0);
      expect(exposureOf(account.state).exposurePaise, `seed ${seed}`).toBe(0);
      for (const list of Object.values(account.state.lists ?? {})) {
        stages.set(list.stage, (stages.get(list.stage) ?? 0) + 1);
        const net = childrenOf(account.state, list);
        expect(net.every((child) => child.status !== "SUBMITTED")).toBe(true);
        const isLeft = list.kind === "COMBINATION" && list.stage === "FILLED";
        expect(isLeft, `seed ${seed}: ${list.listId} is held by its stage, and the account is flat`).toBe(false);
      }
      expectSoundHistory(account.events, account.state);
    }
    expect(stages.get("CLOSED") ?? 0, JSON.stringify([...stages])).toBeGreaterThan(15);
    expect(stages.get("UNWOUND") ?? 0, JSON.stringify([...stages])).toBeGreaterThan(15);
  }, 60_000);
});
