// Guarantees: what never deals is none of a strategy's entries of the day; what deals, in parts, in legs or late, is one; and a journal
// from before that was so folds to what it folded to. A strategy in ERROR can be stopped, and what it holds is left by it.
import { describe, expect, it } from "vitest";
import { evolve } from "../../../src/core/account/evolve.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Order } from "../../../src/core/order/order.ts";
import { type AccountUnderTest, canceled, filled, later, NOON } from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { aDefinition } from "../strategy/definition-fixtures.ts";
import { aMarketWindow, fillAll, instance, named, ordersOf, running, STRONG } from "./strategy-fixtures.ts";

const onceADay = () => aDefinition({ filters: { entriesPerDay: 1 }, sizing: { by: "LOTS", lots: 2 } });
const last = (account: AccountUnderTest): Order => ordersOf(account).at(-1) as Order;
const entriesOf = (account: AccountUnderTest) => instance(account).entriesOfDay?.entries;

describe("the entries of a day", () => {
  it("count when they deal: one that the venue let lapse is tried again in the next window", () => {
    const account = running(onceADay());
    account.do(aMarketWindow(1));
    const first = last(account);
    account.report(later(1_000, account.state.lastEventMs), canceled(first.clientOrderId, account.state.lastEventMs));
    expect(entriesOf(account)).toBe(0);
    account.do(aMarketWindow(2));
    const second = last(account);
    expect(second.clientOrderId).not.toBe(first.clientOrderId);
    // Half of it deals: that is the day's entry, and the other half is no second one.
    const half = second.quantityUnits / 2;
    account.report(NOON, filled(second.clientOrderId, half, 50_00));
    expect(entriesOf(account)).toBe(1);
    account.report(NOON, filled(second.clientOrderId, half, 50_00));
    expect(entriesOf(account)).toBe(1);
    account.do(aMarketWindow(3, { "bar.rsi14": [65, 65] }));
    expect(ordersOf(account).filter(({ purpose }) => purpose === "ENTRY")).toHaveLength(2);
    expectSoundHistory(account.events, account.state);
  });

  it("count once for all legs of a list", () => {
    const account = running(named("vix-iron-fly"));
    account.do(aMarketWindow(1, { "bar.rsi14": [50, 50] }));
    expect(entriesOf(account)).toBe(0);
    fillAll(account);
    expect(Object.keys(account.state.openTrades)).toHaveLength(4);
    expect(entriesOf(account)).toBe(1);
    expectSoundHistory(account.events, account.state);
  });

  it("count when they deal after another one was sent instead: given up for not received is no proof", () => {
    const account = running(onceADay());
    account.do(aMarketWindow(1));
    const first = last(account);
    const sentMs = account.state.lastEventMs;
    account.do({
      type: "NOTE_UNKNOWN",
      atMs: later(2_500, sentMs),
      unknown: [{ clientOrderId: first.clientOrderId, request: "SUBMIT", reason: "no answer" }],
    });
    for (const ms of [2_600, 4_700]) {
      const readAtMs = later(ms, sentMs);
      const empty = { readAtMs, orders: [], fills: [], positions: null, tradedPaise: null, cashPaise: null };
      const asked = account.state;
      account.do({ type: "RECONCILE", atMs: readAtMs, cause: "UNKNOWN_OUTCOME", asked, snapshot: empty });
    }
    account.do(aMarketWindow(2));
    const second = last(account);
    expect(second.clientOrderId).not.toBe(first.clientOrderId);
    for (const { clientOrderId, quantityUnits } of [first, second]) {
      account.report(NOON, filled(clientOrderId, quantityUnits / 2, 50_00));
      account.report(NOON, filled(clientOrderId, quantityUnits / 2, 50_00));
    }
    expect(instance(account).entriesOfDay).toEqual({ date: "2025-08-29", entries: 2, lastMs: second.createdAtMs });
    expectSoundHistory(account.events, account.state);
  });

  it.each([
    ["when they were sent", {}, [1, 1]],
    ["when the next of them dealt", { isCounted: false }, [0, 1]],
  ] as const)("of an older journal count %s, as they did then", (_when, change, [sent, dealt]) => {
    const account = running(onceADay());
    account.do(aMarketWindow(1));
    const before = account.events.map((event) => {
      if (event.type !== "STRATEGY_DECIDED" || event.open === undefined) return event;
      const { entryId: _later, ...open } = event.open;
      return { ...event, open: { ...open, ...change } };
    });
    const account2 = running(onceADay());
    account2.state = before.slice(account2.events.length).reduce(evolve, account2.state);
    expect(entriesOf(account2)).toBe(sent);
    account2.report(NOON, filled(last(account2).clientOrderId, 75, 50_00));
    account2.report(NOON, filled(last(account2).clientOrderId, 75, 50_00));
    expect(entriesOf(account2)).toBe(dealt);
  });
});

describe("a strategy in ERROR", () => {
  it("is stopped by request, and what it holds is left at once", () => {
    const account = running(onceADay());
    account.do(aMarketWindow(1, STRONG));
    fillAll(account, () => paise(50_00));
    account.take({
      type: "STRATEGY_MOVED",
      atMs: account.state.lastEventMs,
      instanceId: "one",
      to: "ERROR",
      reason: "a test",
    });
    account.do({
      type: "MOVE_STRATEGY",
      atMs: account.state.lastEventMs,
      instanceId: "one",
      action: "stop",
      prices: [],
    });
    expect(instance(account).state).toBe("STOPPED");
    const [trade] = Object.values(account.state.openTrades);
    expect(trade?.triggers.map(({ kind }) => kind)).toContain("STOP");
    expect(account.state.exitGroups?.["strategy-one"]).toMatchObject({ leaving: "REQUEST" });
  });
});

describe("the lots of a strategy", () => {
  it("RSK-11: are halved under an alert about what it trades, though one is still tried", () => {
    const lotsOf = (lots: number, symbol: "*" | "SENSEX") => {
      const account = running(aDefinition({ sizing: { by: "LOTS", lots } }));
      const { day } = account.state;
      const date = day?.date ?? ("" as never);
      const alert = { restrictionId: "r", source: "OPERATOR", type: "ALERT", symbol, from: date, to: date } as const;
      const restrictions = [{ ...alert, message: "budget day" }];
      account.do({ type: "CHANGE_RESTRICTIONS", atMs: account.state.lastEventMs, jobKey: "r", date, restrictions });
      account.do(aMarketWindow(1));
      const { quantityUnits, contract } = last(account);
      return quantityUnits / contract.lotSize;
    };
    expect([1, 2, 3].map((lots) => lotsOf(lots, "SENSEX"))).toEqual([1, 2, 3]);
    expect([1, 2, 3].map((lots) => lotsOf(lots, "*"))).toEqual([1, 1, 1]);
  });
});
