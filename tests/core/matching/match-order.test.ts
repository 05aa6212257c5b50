import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { advanceOrder } from "../../../src/core/matching/match-order.ts";
import {
  acceptOrder,
  dueMsOf,
  requestCancel,
  requestReplace,
  type VenueOrderState,
} from "../../../src/core/matching/venue-order.ts";
import type { OrderTerms, ReplaceableTerms } from "../../../src/core/order/order.ts";
import { arrived, fillsOf, later, NOON, quoteOf, RULES, termsOf } from "./venue-fixtures.ts";

const LOT = termsOf().contract.lotSize;

const pricesAndUnits = (reports: Parameters<typeof fillsOf>[0]): [number, number][] =>
  fillsOf(reports).map((fill) => [fill.pricePaise, fill.units]);

describe("arrival", () => {
  it("matches an order 250 ms after it was sent, never earlier", () => {
    const order = acceptOrder("account-1", termsOf(), NOON, RULES);
    expect(dueMsOf(order, RULES)).toBe(NOON + 250);
    expect(advanceOrder(order, quoteOf(), true, later(249), RULES).reports).toEqual([]);
    const { reports } = advanceOrder(order, quoteOf(), false, later(250), RULES);
    expect(reports.map((report) => [report.kind, report.atMs])).toEqual([
      ["ACCEPTED", NOON + 250],
      ["FILLED", NOON + 250],
    ]);
  });

  it("rejects an order for a contract nobody has quoted", () => {
    expect(arrived(termsOf(), null).reports).toMatchObject([{ kind: "REJECTED", reason: "NO_QUOTE" }]);
    const empty = quoteOf({ lastPaise: null, bidPaise: null, askPaise: null });
    expect(arrived(termsOf(), empty).reports).toMatchObject([{ kind: "REJECTED", reason: "NO_QUOTE" }]);
  });

  it.each([
    ["a quantity that is no multiple of the lot", { quantityUnits: 80 }, "QUANTITY_NOT_IN_LOTS"],
    ["a quantity above the freeze quantity", { quantityUnits: 1_875 }, "QUANTITY_ABOVE_FREEZE"],
    ["a price between two ticks", { limitPricePaise: paise(10_003) }, "PRICE_OFF_TICK"],
  ])("rejects %s", (_what, change, reason) => {
    expect(arrived(termsOf(change), quoteOf()).reports).toMatchObject([{ kind: "REJECTED", reason }]);
  });

  it.each([
    ["before the open", RULES.openMs - 251],
    ["at the close", RULES.closeMs - 250],
  ])("rejects an order that arrives %s", (_when, submittedAtMs) => {
    const order = acceptOrder("account-1", termsOf(), epochMs(submittedAtMs), RULES);
    const { reports } = advanceOrder(order, quoteOf(), true, order.arrivesAtMs, RULES);
    expect(reports).toMatchObject([{ kind: "REJECTED", reason: "MARKET_CLOSED" }]);
  });
});

describe("PAP-04: the limit rule", () => {
  it("lets a buyer pay the ask when the limit reaches it, not the limit", () => {
    expect(pricesAndUnits(arrived(termsOf({ limitPricePaise: paise(10_100) }), quoteOf()).reports)).toEqual([
      [10_005, 75],
    ]);
  });

  it("lets a seller get the bid when the limit reaches it, not the limit", () => {
    const terms = termsOf({ side: "SELL", limitPricePaise: paise(9_000) });
    expect(pricesAndUnits(arrived(terms, quoteOf()).reports)).toEqual([[9_995, 75]]);
  });

  it("lets a DAY order rest when the limit does not reach the market, and fills it on a quote that does", () => {
    const resting = arrived(termsOf({ limitPricePaise: paise(9_900) }), quoteOf());
    expect(resting.order.status).toBe("RESTING");
    expect(resting.reports.map((report) => report.kind)).toEqual(["ACCEPTED"]);
    const filled = advanceOrder(resting.order, quoteOf({ askPaise: paise(9_890) }), true, later(60_000), RULES);
    expect(pricesAndUnits(filled.reports)).toEqual([[9_890, 75]]);
    expect(filled.order.status).toBe("FILLED");
  });

  it("does not match a resting order again on a quote it has already seen", () => {
    const resting = arrived(termsOf({ quantityUnits: 300, limitPricePaise: paise(10_005) }), quoteOf());
    expect(resting.order.filledUnits).toBe(150);
    const again = advanceOrder(resting.order, quoteOf(), false, later(1_000), RULES);
    expect(again.order).toBe(resting.order);
    expect(again.reports).toEqual([]);
  });

  it("cancels what an IOC order could not get", () => {
    const { order, reports } = arrived(termsOf({ timeInForce: "IOC", limitPricePaise: paise(9_900) }), quoteOf());
    expect(order.status).toBe("CANCELED");
    expect(reports).toMatchObject([
      { kind: "ACCEPTED" },
      { kind: "CANCELED", reason: "IOC_REMAINDER", filledUnits: 0 },
    ]);
  });
});

describe("size and slippage", () => {
  it("deals the displayed size at the touch and each further slice of that size one tick worse", () => {
    const { order, reports } = arrived(termsOf({ quantityUnits: 375, limitPricePaise: paise(10_100) }), quoteOf());
    expect(pricesAndUnits(reports)).toEqual([
      [10_005, 150],
      [10_010, 150],
      [10_015, 75],
    ]);
    expect(order.status).toBe("FILLED");
    expect(fillsOf(reports).map((fill) => [fill.executionId, fill.modelled])).toEqual([
      ["SIM-order-1-1", false],
      ["SIM-order-1-2", true],
      ["SIM-order-1-3", true],
    ]);
  });

  it("stops a MARKET order at its protection price: what is left is canceled when IOC, and rests when DAY", () => {
    const terms = termsOf({ type: "MARKET", quantityUnits: 375, limitPricePaise: paise(10_010) });
    const ioc = arrived({ ...terms, timeInForce: "IOC" }, quoteOf());
    expect(ioc.order).toMatchObject({ status: "CANCELED", filledUnits: 300 });
    expect(ioc.reports.at(-1)).toMatchObject({ kind: "CANCELED" });
    expect(arrived(terms, quoteOf()).order).toMatchObject({ status: "RESTING", filledUnits: 300 });
  });

  it("numbers executions through the whole life of an order", () => {
    const first = arrived(termsOf({ quantityUnits: 225, limitPricePaise: paise(10_005) }), quoteOf());
    const second = advanceOrder(first.order, quoteOf(), true, later(60_000), RULES);
    expect(fillsOf([...first.reports, ...second.reports]).map((fill) => fill.executionId)).toEqual([
      "SIM-order-1-1",
      "SIM-order-1-2",
    ]);
    expect(second.order).toMatchObject({ status: "FILLED", filledUnits: 225 });
  });

  it("starts one tick worse when less than a lot is displayed", () => {
    expect(pricesAndUnits(arrived(termsOf(), quoteOf({ askUnits: 50 })).reports)).toEqual([[10_010, 75]]);
  });
});

describe("modelled prices", () => {
  it("models the spread where only the last price is known, on the tick and against the trader, and says so", () => {
    const lastOnly = quoteOf({ bidPaise: null, bidUnits: null, askPaise: null, askUnits: null });
    const [buy] = fillsOf(arrived(termsOf({ limitPricePaise: paise(20_000) }), lastOnly).reports);
    const [sell] = fillsOf(arrived(termsOf({ side: "SELL", limitPricePaise: paise(5) }), lastOnly).reports);
    expect(buy?.modelled).toBe(true);
    expect(sell?.modelled).toBe(true);
    expect(buy?.pricePaise).toBeGreaterThan(10_000);
    expect(sell?.pricePaise).toBeLessThanOrEqual(10_000);
    expect([(buy?.pricePaise ?? 1) % 5, (sell?.pricePaise ?? 1) % 5]).toEqual([0, 0]);
  });

  it("lets a worthless option that has traded be sold for one tick, so that nobody is stuck with it", () => {
    const worthless = quoteOf({
      lastPaise: paise(5),
      bidPaise: null,
      bidUnits: null,
      askPaise: paise(5),
      askUnits: 750,
    });
    const everything = termsOf({ side: "SELL", limitPricePaise: paise(5), quantityUnits: 1_800 });
    expect(fillsOf(arrived(everything, worthless).reports)).toMatchObject([
      { pricePaise: 5, units: 1_800, modelled: true },
    ]);
    const almost = quoteOf({ lastPaise: paise(10), bidPaise: paise(10), bidUnits: 75, askPaise: paise(15) });
    expect(pricesAndUnits(arrived(everything, almost).reports)).toEqual([
      [10, 75],
      [5, 1_725],
    ]);
    const neverTraded = arrived(termsOf({ side: "SELL", limitPricePaise: paise(5) }), {
      ...worthless,
      lastPaise: null,
    });
    expect(neverTraded.reports).toMatchObject([{ kind: "REJECTED", reason: "NO_QUOTE" }]);
  });

  it("flags a fill against a modelled chain even though it has a bid and an ask", () => {
    expect(fillsOf(arrived(termsOf(), quoteOf({ source: "MODELLED" })).reports)[0]?.modelled).toBe(true);
  });
});

describe("cancel and expiry", () => {
  const resting = () => arrived(termsOf({ limitPricePaise: paise(9_900) }), quoteOf()).order;

  it("cancels a resting order when the request has come in, 250 ms after it was sent", () => {
    const canceling = requestCancel(resting(), later(1_000), RULES);
    expect(dueMsOf(canceling, RULES)).toBe(NOON + 1_250);
    expect(advanceOrder(canceling, quoteOf(), false, later(1_249), RULES).reports).toEqual([]);
    expect(advanceOrder(canceling, quoteOf(), false, later(1_250), RULES).reports).toMatchObject([
      { kind: "CANCELED", reason: "REQUESTED" },
    ]);
  });

  it("lets the fill win when it comes while the request is on its way", () => {
    const canceling = requestCancel(resting(), later(1_000), RULES);
    const filled = advanceOrder(canceling, quoteOf({ askPaise: paise(9_890) }), true, later(1_100), RULES);
    expect(filled.order.status).toBe("FILLED");
    const late = advanceOrder(filled.order, quoteOf(), false, later(1_250), RULES);
    expect(late.reports).toMatchObject([{ kind: "CANCEL_REJECTED", reason: "ORDER_FINAL" }]);
    expect(dueMsOf(late.order, RULES)).toBeNull();
  });

  it("lets the cancel win when the quote comes after it", () => {
    const canceling = requestCancel(resting(), later(1_000), RULES);
    const canceled = advanceOrder(canceling, quoteOf(), false, later(1_250), RULES).order;
    expect(advanceOrder(canceled, quoteOf({ askPaise: paise(9_890) }), true, later(1_300), RULES).reports).toEqual([]);
  });

  it("lets the fill win when both come at the same instant", () => {
    const canceling = requestCancel(resting(), later(1_000), RULES);
    const { reports } = advanceOrder(canceling, quoteOf({ askPaise: paise(9_890) }), true, later(1_250), RULES);
    expect(reports.map((report) => report.kind)).toEqual(["FILLED", "CANCEL_REJECTED"]);
  });

  it("never lets a cancel overtake its order", () => {
    const order = requestCancel(acceptOrder("account-1", termsOf(), NOON, RULES), epochMs(NOON - 5_000), RULES);
    expect(order.cancelArrivesAtMs).toBe(NOON + 250);
    const { reports } = advanceOrder(order, quoteOf(), false, later(250), RULES);
    expect(reports.map((report) => report.kind)).toEqual(["ACCEPTED", "FILLED", "CANCEL_REJECTED"]);
  });

  it("lets DAY orders expire at the close of the session", () => {
    expect(dueMsOf(resting(), RULES)).toBe(RULES.closeMs);
    const { order, reports } = advanceOrder(resting(), quoteOf(), false, RULES.closeMs, RULES);
    expect(order.status).toBe("EXPIRED");
    expect(reports).toMatchObject([{ kind: "EXPIRED", filledUnits: order.filledUnits }]);
    expect(dueMsOf(order, RULES)).toBeNull();
  });
});

describe("a STOP_LIMIT order", () => {
  const stop = (change: Partial<OrderTerms> = {}) =>
    termsOf({ type: "STOP_LIMIT", triggerPricePaise: paise(10_500), limitPricePaise: paise(10_600), ...change });

  it("rests without dealing until the last price reaches its trigger, and is a limit order from then on", () => {
    const { order, reports } = arrived(stop(), quoteOf({ lastPaise: paise(10_000) }));
    expect(reports.map((report) => report.kind)).toEqual(["ACCEPTED"]);
    const below = quoteOf({ lastPaise: paise(10_495), askPaise: paise(10_490) });
    expect(advanceOrder(order, below, true, later(1_000), RULES).reports).toEqual([]);
    const reached = advanceOrder(
      order,
      quoteOf({ lastPaise: paise(10_500), bidPaise: paise(10_690), askPaise: paise(10_700) }),
      true,
      later(2_000),
      RULES,
    );
    expect(reached.reports.map((report) => report.kind)).toEqual(["TRIGGERED"]);
    // Back below its trigger it stays awake, and deals where its limit reaches.
    const back = advanceOrder(reached.order, below, true, later(3_000), RULES);
    expect(back.reports[0]).toMatchObject({ kind: "FILLED", fill: { pricePaise: 10_490 } });
  });

  it("of a seller waits for the last price to fall", () => {
    const terms = stop({ side: "SELL", triggerPricePaise: paise(9_500), limitPricePaise: paise(9_400) });
    const { order } = arrived(terms, quoteOf({ lastPaise: paise(10_000) }));
    expect(advanceOrder(order, quoteOf({ lastPaise: paise(9_505) }), true, later(1_000), RULES).reports).toEqual([]);
    const fallen = quoteOf({ lastPaise: paise(9_500), bidPaise: paise(9_490), askPaise: paise(9_500) });
    const { reports } = advanceOrder(order, fallen, true, later(2_000), RULES);
    expect(reports.map((report) => report.kind).slice(0, 2)).toEqual(["TRIGGERED", "FILLED"]);
  });

  it("never wakes at a quote that is not new, and expires asleep", () => {
    const { order } = arrived(stop(), quoteOf({ lastPaise: paise(10_000) }));
    expect(advanceOrder(order, quoteOf({ lastPaise: paise(10_600) }), false, later(1_000), RULES).reports).toEqual([]);
    expect(advanceOrder(order, null, false, RULES.closeMs, RULES).reports).toMatchObject([{ kind: "EXPIRED" }]);
  });
});

describe("a request to change an order", () => {
  const resting = () => arrived(termsOf({ limitPricePaise: paise(9_900) }), quoteOf()).order;
  const asking = (order: VenueOrderState, terms: Partial<ReplaceableTerms>, modifyId = "m1") =>
    requestReplace(
      order,
      {
        modifyId,
        terms: { quantityUnits: order.terms.quantityUnits, limitPricePaise: order.terms.limitPricePaise, ...terms },
        sentAtMs: later(1_000),
      },
      RULES,
    );

  it("takes the latency, changes the terms and meets the quote with them at once", () => {
    const asked = asking(resting(), { limitPricePaise: paise(10_100) });
    expect(dueMsOf(asked, RULES)).toBe(NOON + 1_250);
    expect(advanceOrder(asked, quoteOf(), false, later(1_249), RULES).reports).toEqual([]);
    const { order, reports } = advanceOrder(asked, quoteOf(), false, later(1_250), RULES);
    expect(reports.map((report) => report.kind).slice(0, 2)).toEqual(["REPLACED", "FILLED"]);
    expect(order.terms.limitPricePaise).toBe(10_100);
  });

  it("is rejected when a fill has come first and leaves nothing to change", () => {
    const asked = asking(resting(), { limitPricePaise: paise(9_950) });
    const dealt = advanceOrder(asked, quoteOf({ askPaise: paise(9_890) }), true, later(1_250), RULES);
    expect(dealt.reports.map((report) => report.kind)).toEqual(["FILLED", "REPLACE_REJECTED"]);
    expect(dealt.reports[1]).toMatchObject({ modifyId: "m1", reason: "ORDER_FINAL" });
  });

  it("below what has been filled meanwhile is rejected, and the order goes on as it was", () => {
    const large = arrived(termsOf({ quantityUnits: 20 * LOT, limitPricePaise: paise(9_900) }), quoteOf()).order;
    const asked = asking(large, { quantityUnits: LOT });
    const part = advanceOrder(asked, quoteOf({ askPaise: paise(9_900), askUnits: 2 * LOT }), true, later(1_100), RULES);
    expect(part.order.filledUnits).toBe(2 * LOT);
    const { order, reports } = advanceOrder(part.order, quoteOf(), false, later(1_250), RULES);
    expect(reports).toMatchObject([{ kind: "REPLACE_REJECTED", reason: "QUANTITY_BELOW_FILLED" }]);
    expect(order).toMatchObject({ status: "RESTING", terms: { quantityUnits: 20 * LOT } });
  });

  it("is answered once, however often it comes, and before a cancel of the same instant", () => {
    const twice = asking(asking(resting(), { limitPricePaise: paise(9_905) }), { limitPricePaise: paise(9_910) });
    const canceling = requestCancel(twice, later(1_000), RULES);
    const { order, reports } = advanceOrder(canceling, quoteOf(), false, later(1_250), RULES);
    expect(reports.map((report) => report.kind)).toEqual(["REPLACED", "CANCELED"]);
    expect(order.terms.limitPricePaise).toBe(9_905);
    expect(asking(order, { limitPricePaise: paise(9_920) })).toBe(order);
  });

  it("moves the trigger of a sleeping stop and cannot move that of one awake", () => {
    const stop = termsOf({ type: "STOP_LIMIT", triggerPricePaise: paise(10_500), limitPricePaise: paise(10_600) });
    const asleep = arrived(stop, quoteOf({ lastPaise: paise(10_000) })).order;
    const asked = asking(asleep, { triggerPricePaise: paise(10_300) });
    const moved = advanceOrder(asked, quoteOf({ lastPaise: paise(10_000) }), false, later(1_250), RULES);
    expect(moved.order.terms.triggerPricePaise).toBe(10_300);
    const { reports } = advanceOrder({ ...asked, isTriggered: true }, quoteOf(), false, later(1_250), RULES);
    expect(reports).toMatchObject([{ kind: "REPLACE_REJECTED", reason: "ALREADY_TRIGGERED" }]);
  });
});

describe("an order that the order rate holds back", () => {
  it("leaves at its release instant and not before", () => {
    const order = acceptOrder("account-1", termsOf({ releaseAtMs: later(700) }), NOON, RULES);
    expect(order.arrivesAtMs).toBe(NOON + 950);
  });
});
