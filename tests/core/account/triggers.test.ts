// Price levels: what is registered for an open trade, and what happens when the market reaches it.
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aWindow,
  BANKNIFTY_CALL,
  canceled,
  filled,
  id,
  type LIMITS,
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const trade = (account: AccountUnderTest) => Object.values(account.state.openTrades)[0];
const trigger = (account: AccountUnderTest, kind: PriceTrigger["kind"]) =>
  trade(account)?.triggers.find((each) => each.kind === kind);
const kinds = (account: AccountUnderTest) => trade(account)?.triggers.map(({ kind }) => kind);
const exits = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "EXIT" ? [event.terms] : []));

function fire(account: AccountUnderTest, kind: PriceTrigger["kind"], bidPaise: number): readonly AccountEvent[] {
  const triggerId = trigger(account, kind)?.triggerId ?? "none";
  return account.do({
    type: "FIRE_TRIGGERS",
    atMs: later(1_000),
    fired: [{ triggerId, price: aPrice({ bidPaise: paise(bidPaise) }) }],
  });
}

/** In the NIFTY call at 50.05 by the strategy. */
function entered(limits: Partial<typeof LIMITS> = {}): AccountUnderTest {
  const account = anAccount({ limits });
  account.do(aWindow());
  const entry = id("U001-2025-08-29-C12-W1-NIFTY50-E1");
  account.report(NOON, accepted(entry), filled(entry, account.state.orders[entry]?.quantityUnits ?? 0, 50_05));
  return account;
}

describe("the triggers of a trade", () => {
  it("are its stop, its target, its trail and its time, measured from the price that was dealt", () => {
    const account = entered();
    const plan = trade(account)?.exitPlan;
    expect(plan).toMatchObject({ stopReason: "STOP" });
    expect(kinds(account)).toEqual(["STOP", "TARGET", "TRAIL_STEP", "TIMER"]);
    expect(trigger(account, "STOP")).toMatchObject({ fires: "AT_OR_BELOW", levelPaise: plan?.stopPaise });
    expect(trigger(account, "TARGET")).toMatchObject({ fires: "AT_OR_ABOVE", levelPaise: plan?.targetPaise });
    expect(plan?.stopPaise).toBeLessThan(50_05);
    expect(plan?.targetPaise).toBeGreaterThan(50_05);
  });

  it("sell the whole position at the stop and at the target, and there is no second exit beside the first", () => {
    for (const [kind, bid] of [
      ["STOP", 44_00],
      ["TARGET", 63_00],
    ] as const) {
      const account = entered();
      const units = trade(account)?.position.netUnits;
      const before = { STOP: trigger(account, "STOP"), TARGET: trigger(account, "TARGET") };
      expect(exits(fire(account, kind, bid))).toMatchObject([
        {
          exitReason: kind,
          side: "SELL",
          type: "MARKET",
          quantityUnits: units,
          limitPricePaise: Math.floor((bid * 0.95) / 5) * 5,
        },
      ]);
      expect(trade(account)?.triggers).toEqual([]);
      const other = before[kind === "STOP" ? "TARGET" : "STOP"];
      const again = account.do({
        type: "FIRE_TRIGGERS",
        atMs: later(2_000),
        fired: [{ triggerId: other?.triggerId ?? "", price: aPrice() }],
      });
      expect(again).toEqual([]);
    }
  });

  it("raise the stop step by step, once for each step the price has made", () => {
    const account = entered();
    const before = trade(account)?.exitPlan;
    const trailStepPaise = before?.trailStepPaise ?? 0;
    const [trailFromPaise, stopPaise] = [before?.trailFromPaise ?? 0, before?.stopPaise ?? 0];
    expect(exits(fire(account, "TRAIL_STEP", trailFromPaise))).toEqual([]);
    expect(trade(account)?.exitPlan).toMatchObject({
      stopPaise: stopPaise + trailStepPaise,
      trailFromPaise: trailFromPaise + trailStepPaise,
      stopReason: "TRAILING_STOP",
    });
    expect(trigger(account, "STOP")?.levelPaise).toBe(stopPaise + trailStepPaise);
    const exit = exits(fire(account, "STOP", stopPaise + trailStepPaise));
    expect(exit).toMatchObject([{ exitReason: "TRAILING_STOP" }]);
  });

  it("never trail beyond the target, however far the price jumps", () => {
    const account = entered();
    fire(account, "TRAIL_STEP", 90_00);
    const plan = trade(account)?.exitPlan;
    expect(plan?.stopPaise).toBeLessThan(plan?.targetPaise ?? 0);
  });

  it("are nothing any more under an id that is stale or unknown", () => {
    const account = entered();
    const stale = trigger(account, "STOP")?.triggerId ?? "";
    fire(account, "TRAIL_STEP", trade(account)?.exitPlan?.trailFromPaise ?? 0);
    for (const triggerId of [stale, "unknown"]) {
      expect(
        account.do({
          type: "FIRE_TRIGGERS",
          atMs: later(1),
          fired: [{ triggerId, price: aPrice({ bidPaise: paise(1_00) }) }],
        }),
      ).toEqual([]);
    }
  });

  it("come back at any price when the exit of a stop came to nothing, and the second retry gives way further", () => {
    const account = entered();
    const [first] = exits(fire(account, "STOP", 44_00));
    account.report(NOON, accepted(first?.clientOrderId ?? id("")), canceled(first?.clientOrderId ?? id("")));
    expect(trade(account)?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 5 }]);
    const [second] = exits(fire(account, "STOP", 30_00));
    expect(second).toMatchObject({ exitReason: "STOP", limitPricePaise: 28_50 });
    account.report(NOON, canceled(second?.clientOrderId ?? id("")));
    const [third] = exits(fire(account, "STOP", 30_00));
    expect(third).toMatchObject({ limitPricePaise: 24_00 });
  });

  it("come back as they were when the exit of a target came to nothing", () => {
    const account = entered();
    const [first] = exits(fire(account, "TARGET", 63_00));
    account.report(NOON, canceled(first?.clientOrderId ?? id("")));
    // The price the target was reached at is the day's peak, and coming down from it is guarded from now on (RSK-04).
    expect(kinds(account)).toEqual(["STOP", "TARGET", "TRAIL_STEP", "TIMER", "LOSS_GUARD"]);
  });

  it("follow a partly filled exit: what is left is still watched", () => {
    const account = entered();
    const [exit] = exits(fire(account, "STOP", 44_00));
    const units = exit?.quantityUnits ?? 0;
    account.report(NOON, filled(exit?.clientOrderId ?? id(""), 75, 44_00), canceled(exit?.clientOrderId ?? id("")));
    expect(trade(account)?.position.netUnits).toBe(units - 75);
    const [rest] = exits(fire(account, "STOP", 43_00));
    expect(rest?.quantityUnits).toBe(units - 75);
    account.report(NOON, filled(rest?.clientOrderId ?? id(""), units - 75, 43_00));
    expect(account.state.openTrades).toEqual({});
    expectSoundHistory(account.events, account.state);
  });

  it("are given for an order by request too: it may lose the band's share of capital", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150, limitPricePaise: paise(50_00) }));
    account.report(NOON, filled(id("order-1"), 150, 50_00));
    // 1 % of ₹1,00,000 over 150 units is 6.65 on the tick.
    expect(trade(account)?.exitPlan).toMatchObject({ stopPaise: 43_35, targetPaise: 63_30 });
  });
});

describe("the loss guard", () => {
  const limits = { dailyLossMaxPaise: paise(400_00) };
  const loss = (account: AccountUnderTest) => account.state.day?.accruedChargesPaise ?? 0;

  /** Two NIFTY calls' worth and a BANKNIFTY one by request; the day may lose ₹400. */
  function twoTrades(): AccountUnderTest {
    const account = anAccount({ limits });
    account.do(submit({ clientOrderId: id("n"), quantityUnits: 150 }));
    account.do(submit({ clientOrderId: id("b"), contract: BANKNIFTY_CALL, quantityUnits: 70 }));
    account.report(NOON, filled(id("n"), 150, 50_00), filled(id("b"), 70, 50_00));
    return account;
  }
  const guardOf = (account: AccountUnderTest, contract: typeof NIFTY_CALL) =>
    account.state.openTrades[contract.instrumentId]?.triggers.find(({ kind }) => kind === "LOSS_GUARD");

  it("gives each open trade an equal share of what the day may still lose", () => {
    const account = twoTrades();
    const share = Math.floor((400_00 - loss(account)) / 2);
    expect(guardOf(account, NIFTY_CALL)?.levelPaise).toBe(Math.floor((150 * 50_00 - share) / 150));
    expect(guardOf(account, BANKNIFTY_CALL)?.levelPaise).toBe(Math.floor((70 * 50_00 - share) / 70));
  });

  it("moves on when the day as a whole has not lost that much, and all shares together are the headroom again", () => {
    const account = twoTrades();
    const guard = guardOf(account, NIFTY_CALL);
    const level = guard?.levelPaise ?? 0;
    const prices = [aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId, bidPaise: paise(51_00) })];
    const fired = [{ triggerId: guard?.triggerId ?? "", price: aPrice({ bidPaise: paise(level) }) }];
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1), fired, prices });
    expect(account.state.tradingState).toBe("ACTIVE");
    const next = [guardOf(account, NIFTY_CALL)?.levelPaise ?? 0, guardOf(account, BANKNIFTY_CALL)?.levelPaise ?? 0];
    expect(next[0]).toBeLessThan(level);
    const resultAtGuards = (next[0] ?? 0) * 150 + (next[1] ?? 0) * 70 - 220 * 50_00 - loss(account);
    expect(resultAtGuards).toBeLessThanOrEqual(-400_00 + 1);
    expect(resultAtGuards).toBeGreaterThan(-400_00 - 220);
  });

  it("stops the day when all trades together have lost the limit: everything is closed, nothing new is opened", () => {
    const account = twoTrades();
    const prices = [aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId, bidPaise: paise(47_00) })];
    const fired = [
      { triggerId: guardOf(account, NIFTY_CALL)?.triggerId ?? "", price: aPrice({ bidPaise: paise(48_60) }) },
    ];
    const events = account.do({ type: "FIRE_TRIGGERS", atMs: later(1), fired, prices });
    expect(account.state).toMatchObject({ tradingState: "REDUCING" });
    expect(exits(events).map(({ exitReason }) => exitReason)).toEqual(["DAILY_LOSS", "DAILY_LOSS"]);
    account.do({ type: "RESUME", atMs: later(2) });
    expect(account.state.tradingState).toBe("REDUCING");
  });

  it("adds up what trades had lost when they were last looked at, where only one price is known", () => {
    const account = twoTrades();
    const fireGuard = (contract: typeof NIFTY_CALL, bid: number) => {
      const triggerId = guardOf(account, contract)?.triggerId ?? "";
      return account.do({
        type: "FIRE_TRIGGERS",
        atMs: later(1),
        fired: [{ triggerId, price: aPrice({ instrumentId: contract.instrumentId, bidPaise: paise(bid) }) }],
      });
    };
    fireGuard(NIFTY_CALL, 48_75);
    expect(account.state.tradingState).toBe("ACTIVE");
    fireGuard(BANKNIFTY_CALL, 47_00);
    expect(account.state.tradingState).toBe("REDUCING");
  });

  it("lets go of what has no price at the first one that comes", () => {
    const account = twoTrades();
    fireGuardOnly(account);
    const banknifty = account.state.openTrades[BANKNIFTY_CALL.instrumentId];
    expect(banknifty?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE" }]);
    const price = aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId, bidPaise: paise(49_00) });
    const events = account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(9),
      fired: [{ triggerId: banknifty?.triggers[0]?.triggerId ?? "", price }],
    });
    expect(exits(events)).toMatchObject([{ exitReason: "DAILY_LOSS", contract: { underlying: "BANKNIFTY" } }]);
  });

  const fireGuardOnly = (account: AccountUnderTest) => {
    const fired = [
      { triggerId: guardOf(account, NIFTY_CALL)?.triggerId ?? "", price: aPrice({ bidPaise: paise(47_00) }) },
    ];
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1), fired });
    expect(account.state.tradingState).toBe("REDUCING");
  };
});
