// How one trade is left by its plan: longs and mirrored shorts, stops that tighten, exact instants, plans by request.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { ExitPlanRequest } from "../../../src/core/account/exit-command.ts";
import { planAfter } from "../../../src/core/account/exit-levels.ts";
import type { ExitPlan, PriceTrigger } from "../../../src/core/account/state.ts";
import { nextTighteningPaise, type StopRule, tightened } from "../../../src/core/account/stop-rules.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import {
  type AccountUnderTest,
  anAccount,
  aPrice,
  at,
  aWindow,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const trade = (account: AccountUnderTest, contract = NIFTY_CALL) => account.state.openTrades[contract.instrumentId];
const trigger = (account: AccountUnderTest, kind: PriceTrigger["kind"]) =>
  trade(account)?.triggers.find((each) => each.kind === kind);
const exits = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "EXIT" ? [event.terms] : []));
const entries = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "ENTRY" ? [event.terms] : []));
const around = (mid: number, contract: OptionContract = NIFTY_CALL, atMs = NOON): PriceView =>
  aPrice({
    instrumentId: contract.instrumentId,
    bidPaise: paise(mid - 5),
    askPaise: paise(mid + 5),
    lastPaise: paise(mid),
    quotedAtMs: atMs,
  });
const fire = (account: AccountUnderTest, triggerId: string | undefined, price: PriceView, atMs = later(1_000)) =>
  account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId: triggerId ?? "none", price }] });

const NOTHING: ExitPlanRequest = {
  stopPaise: null,
  targetPaise: null,
  trail: null,
  costAtPaise: null,
  lock: null,
  timeExitMs: null,
  reentry: null,
};
const ask = (account: AccountUnderTest, plan: Partial<ExitPlanRequest>, price = around(50_00)) =>
  decide(account.state, {
    type: "SET_EXIT_PLAN",
    atMs: later(1),
    instrumentId: NIFTY_CALL.instrumentId,
    plan: { ...NOTHING, ...plan },
    prices: [price],
  });
const set = (account: AccountUnderTest, plan: Partial<ExitPlanRequest>, price = around(50_00)) =>
  account.do({
    type: "SET_EXIT_PLAN",
    atMs: later(1),
    instrumentId: NIFTY_CALL.instrumentId,
    plan: { ...NOTHING, ...plan },
    prices: [price],
  });

/** One lot of the NIFTY call at 50.00, long or short. */
function held(units = 75): AccountUnderTest {
  const account = anAccount({ limits: { shortOptions: "NAKED" } });
  hold(account, NIFTY_CALL, units, 50_00);
  return account;
}

describe("a plan by request", () => {
  it("sets the levels of a long at the bid and those of a short mirrored at the ask", () => {
    const long = held();
    set(long, { stopPaise: paise(45_00), targetPaise: paise(60_00) });
    expect(trade(long)?.triggers.filter(({ kind }) => kind === "STOP" || kind === "TARGET")).toMatchObject([
      { kind: "STOP", fires: "AT_OR_BELOW", levelPaise: 45_00 },
      { kind: "TARGET", fires: "AT_OR_ABOVE", levelPaise: 60_00 },
    ]);
    expect(trade(long)?.triggers.every(({ watches }) => watches === undefined)).toBe(true);
    const short = held(-75);
    set(short, { stopPaise: paise(55_00), targetPaise: paise(40_00) });
    expect(trade(short)?.triggers.filter(({ kind }) => kind === "STOP" || kind === "TARGET")).toMatchObject([
      { kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 55_00, watches: "ASK" },
      { kind: "TARGET", fires: "AT_OR_BELOW", levelPaise: 40_00, watches: "ASK" },
    ]);
    expect(exits(fire(short, trigger(short, "STOP")?.triggerId, around(55_00)))).toMatchObject([
      { side: "BUY", exitReason: "STOP", quantityUnits: 75 },
    ]);
    expectSoundHistory(short.events, short.state);
  });

  it("replaces the plan that was there, and asking for the same again does nothing", () => {
    const account = held();
    set(account, { stopPaise: paise(45_00), targetPaise: paise(60_00) });
    const before = trigger(account, "STOP")?.triggerId;
    expect(set(account, { stopPaise: paise(45_00), targetPaise: paise(60_00) })).toEqual([]);
    set(account, { stopPaise: paise(46_00) });
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 46_00 });
    expect(trigger(account, "TARGET")).toBeUndefined();
    expect(fire(account, before, around(44_00))).toEqual([]);
  });

  it.each([
    ["a long's stop at the bid", 75, { stopPaise: paise(49_95) }, "stop", 49_95, 49_95],
    ["a long's target at the bid", 75, { targetPaise: paise(49_95) }, "target", 49_95, 49_95],
    ["a short's stop at the ask", -75, { stopPaise: paise(50_05) }, "stop", 50_05, 50_05],
    ["a short's target above the ask", -75, { targetPaise: paise(50_10) }, "target", 50_05, 50_10],
    ["a stop off the tick", 75, { stopPaise: paise(45_03) }, "stop", 5, 45_03],
    ["a time that is over", 75, { timeExitMs: NOON }, "timeExitAt", later(1), NOON],
    ["a time after the close", 75, { timeExitMs: at("15:30") }, "timeExitAt", at("15:30"), at("15:30")],
    [
      "more re-entries than there may be",
      75,
      { stopPaise: paise(45_00), reentry: { mode: "ASAP" as const, times: 6, waitMs: 0, momentumPaise: paise(0) } },
      "reentry",
      5,
      6,
    ],
    ["to cost from below the cost", 75, { costAtPaise: paise(49_00) }, "costAt", 50_00, 49_00],
  ])("refuses %s, with the limit and the value", (_what, units, plan, field, limit, value) => {
    const decision = ask(held(units), plan);
    expect(decision.ok ? null : decision.error).toMatchObject({
      code: "EXIT_PLAN_INVALID",
      fault: { field, limit, value },
    });
  });

  it("is refused for what is not held, and without a price to measure it by", () => {
    const account = anAccount();
    expect(ask(account, { stopPaise: paise(45_00) })).toMatchObject({ error: { code: "POSITION_NOT_FOUND" } });
    expect(ask(held(), { stopPaise: paise(45_00) }, around(50_00, NIFTY_PUT))).toMatchObject({
      error: { code: "EXIT_PLAN_INVALID" },
    });
  });

  it("trails by points and by percent of the price, a step at a time", () => {
    const account = held();
    set(account, { trail: { distance: 5_00, step: 1_00, unit: "PAISE" } });
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 44_95 });
    expect(trigger(account, "TRAIL_STEP")).toMatchObject({ levelPaise: 50_95 });
    fire(account, trigger(account, "TRAIL_STEP")?.triggerId, around(53_20));
    // The bid, 53.15, is three steps above 49.95.
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 47_95 });
    expect(exits(fire(account, trigger(account, "STOP")?.triggerId, around(48_00)))).toMatchObject([
      { exitReason: "TRAILING_STOP" },
    ]);
    const percent = held(-75);
    set(percent, { trail: { distance: 1_000, step: 200, unit: "BPS" } });
    // A tenth and a fiftieth of the ask, 50.05, on the tick.
    expect(trigger(percent, "STOP")).toMatchObject({ levelPaise: 55_05, watches: "ASK" });
    expect(trigger(percent, "TRAIL_STEP")).toMatchObject({ levelPaise: 49_05, fires: "AT_OR_BELOW" });
  });

  it("moves the stop to cost once, and locks profit step by step, whichever is tighter", () => {
    const account = held();
    set(account, {
      stopPaise: paise(45_00),
      costAtPaise: paise(53_00),
      lock: { fromPaise: paise(56_00), stopPaise: paise(53_00), everyPaise: paise(2_00), byPaise: paise(1_00) },
    });
    expect(trigger(account, "TRAIL_STEP")).toMatchObject({ levelPaise: 53_00 });
    fire(account, trigger(account, "TRAIL_STEP")?.triggerId, around(53_05));
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 50_00 });
    expect(trigger(account, "TRAIL_STEP")).toMatchObject({ levelPaise: 56_00 });
    fire(account, trigger(account, "TRAIL_STEP")?.triggerId, around(60_05));
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 55_00 });
    expect(trigger(account, "TRAIL_STEP")).toMatchObject({ levelPaise: 62_00 });
  });

  it("does not leave a long alone that covers a short: its levels wait for the short, and asking for it is refused", () => {
    const account = anAccount();
    const sold = { ...NIFTY_CALL, instrumentId: "NIFTY2590224600CE.NFO" as typeof NIFTY_CALL.instrumentId };
    hold(account, NIFTY_CALL, 75, 50_00);
    hold(account, sold, -75, 30_00);
    set(account, { stopPaise: paise(45_00) });
    expect(trigger(account, "STOP")).toBeUndefined();
    expect(
      decide(account.state, {
        type: "EXIT_POSITION",
        atMs: later(2),
        instrumentId: NIFTY_CALL.instrumentId,
        prices: [around(50_00)],
      }),
    ).toMatchObject({ error: { code: "POSITION_PROTECTS_SHORT" } });
    const [cover] = exits(
      account.do({
        type: "EXIT_POSITION",
        atMs: later(2),
        instrumentId: sold.instrumentId,
        prices: [around(30_00, sold)],
      }),
    );
    account.report(later(3), filled(cover?.clientOrderId ?? id(""), 75, 30_05));
    expect(trigger(account, "STOP")).toMatchObject({ levelPaise: 45_00 });
  });
});

describe("rules that tighten a stop", () => {
  const rule = fc
    .record({
      from: fc.integer({ min: 1, max: 400 }),
      gap: fc.integer({ min: 1, max: 200 }),
      every: fc.integer({ min: 0, max: 50 }),
      by: fc.integer({ min: 0, max: 50 }),
    })
    .map(({ from, gap, every, by }) => ({ from, stop: from - gap, every, by: Math.min(every, by) }));

  it("come to the same stop however often the price is looked at between, name their next level, and never pass the price", () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(1 as const, -1 as const),
        (rules, seen, direction) => {
          const mirrored = rules.map(
            ({ from, stop, every, by }): StopRule => ({
              kind: "LOCK",
              fromPaise: paise(direction * from),
              stopPaise: paise(direction * stop),
              everyPaise: paise(every),
              byPaise: paise(by),
            }),
          );
          let stop = tightened(mirrored, null, paise(direction * -1_000), direction);
          let highest = Number.NEGATIVE_INFINITY;
          expect(stop).toBeNull();
          for (const price of seen) {
            const next = nextTighteningPaise(mirrored, stop, direction);
            const after = tightened(mirrored, stop, paise(direction * price), direction);
            // It moves exactly when the level it names is reached.
            const isReached = next !== null && price >= direction * next;
            expect(after !== stop).toBe(isReached);
            highest = Math.max(highest, price);
            if (after !== null) expect(direction * after).toBeLessThan(highest);
            stop = after;
          }
          expect(stop).toBe(tightened(mirrored, null, paise(direction * highest), direction));
        },
      ),
    );
  });

  it("mirror a short's plan exactly", () => {
    const plan: ExitPlan = {
      stopPaise: paise(40_00),
      targetPaise: paise(70_00),
      trailFromPaise: paise(55_00),
      trailStepPaise: paise(2_00),
      timeExitMs: null,
      stopReason: "STOP",
    };
    const mirror = (level: number | null) => (level === null ? null : paise(100_00 - level));
    const short: ExitPlan = {
      ...plan,
      stopPaise: mirror(plan.stopPaise),
      targetPaise: mirror(plan.targetPaise),
      trailFromPaise: mirror(plan.trailFromPaise),
    };
    for (let price = 40_00; price <= 80_00; price += 55) {
      const [long, mirrored] = [planAfter(plan, paise(price), 1), planAfter(short, paise(100_00 - price), -1)];
      expect(mirrored).toMatchObject({
        stopPaise: mirror(long.stopPaise),
        trailFromPaise: mirror(long.trailFromPaise),
      });
    }
  });
});

describe("a time exit", () => {
  it("is a timer at the very instant, and leaves at the price of then", () => {
    const account = held();
    const dueMs = later(17_345);
    set(account, { timeExitMs: dueMs });
    expect(trigger(account, "TIMER")).toMatchObject({ dueMs });
    const events = fire(account, trigger(account, "TIMER")?.triggerId, around(51_00, NIFTY_CALL, dueMs), dueMs);
    expect(exits(events)).toMatchObject([{ exitReason: "TIME", side: "SELL", quantityUnits: 75 }]);
    expect(fire(account, trigger(account, "TIMER")?.triggerId, around(51_00), dueMs)).toEqual([]);
  });

  it("goes by the feed's steady price where the quote has jumped off it, and by the quote at every other attempt", () => {
    const steady = { pricePaise: paise(51_00), atMs: NOON };
    for (const [mid, byQuote] of [
      [5_100_00, 4_844_95],
      [50, 35],
    ] as const) {
      const account = held();
      const dueMs = later(17_345);
      set(account, { timeExitMs: dueMs });
      const given: number[] = [];
      let name = trigger(account, "TIMER")?.triggerId;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const atMs = later(17_345 + attempt);
        const [exit] = exits(fire(account, name, { ...around(mid, NIFTY_CALL, atMs), steady }, atMs));
        given.push(exit?.limitPricePaise ?? 0);
        account.report(atMs, {
          kind: "REJECTED",
          clientOrderId: exit?.clientOrderId ?? id(""),
          reason: "PRICE_BAND",
          atMs,
        });
        name = trigger(account, "STOP")?.triggerId;
      }
      expect(given).toEqual([48_45, byQuote, 40_80]);
    }
  });

  it("leaves at the first price there is when there is none at its instant, and sets no timer for what is over", () => {
    const account = held();
    const dueMs = later(17_345);
    set(account, { timeExitMs: dueMs });
    const blind = aPrice({ bidPaise: null, askPaise: null, lastPaise: null });
    const events = fire(account, trigger(account, "TIMER")?.triggerId, blind, dueMs);
    expect(exits(events)).toEqual([]);
    expect(trade(account)?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 5 }]);
    const next = fire(account, trigger(account, "STOP")?.triggerId, around(48_00), later(60_000));
    expect(exits(next)).toMatchObject([{ exitReason: "TIME" }]);
  });

  it("is not lost when something else is decided at the same instant before it", () => {
    const account = held();
    const dueMs = later(17_345);
    set(account, { timeExitMs: dueMs });
    const timer = trigger(account, "TIMER");
    account.do({ type: "EXIT_POSITION", atMs: dueMs, instrumentId: NIFTY_CALL.instrumentId, prices: [] });
    expect(exits(account.events).length).toBe(0);
    const other = held();
    set(other, { timeExitMs: dueMs });
    other.do({
      type: "CHANGE_LIMITS",
      atMs: dueMs,
      limits: { ...(other.state.profile?.limits ?? (null as never)), openTradesMax: 3 },
    });
    expect(trigger(other, "TIMER")?.dueMs).toBe(timer?.dueMs);
  });

  it("holds through exit-only and square-off: what is due at 15:15 and 15:20 is left, whichever comes first", () => {
    for (const [time, jobs] of [
      ["15:14", []],
      ["15:15", ["EXIT_ONLY"]],
      ["15:20", ["EXIT_ONLY", "SQUARE_OFF"]],
    ] as const) {
      const account = held();
      set(account, { timeExitMs: at(time) });
      const timer = trigger(account, "TIMER")?.triggerId;
      const price = around(50_00, NIFTY_CALL, at(time));
      if (jobs.some((job) => job === "EXIT_ONLY"))
        account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY/x" });
      if (jobs.some((job) => job === "SQUARE_OFF")) {
        account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/x/1", prices: [] });
        // Without a price at the square-off, the next price leaves; the timer is not needed any more.
        expect(trade(account)?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE" }]);
        expect(exits(fire(account, trigger(account, "STOP")?.triggerId, price, at(time)))).toMatchObject([
          { exitReason: "SQUARE_OFF" },
        ]);
        continue;
      }
      expect(exits(fire(account, timer, price, at(time)))).toMatchObject([{ exitReason: "TIME" }]);
    }
  });

  it("of the strategy's own plan is the end of its view, to the millisecond", () => {
    const account = anAccount();
    account.do(aWindow());
    const entry = id("U001-2025-08-29-C12-W1-NIFTY50-E1");
    account.report(NOON, filled(entry, account.state.orders[entry]?.quantityUnits ?? 0, 50_05));
    expect(trigger(account, "TIMER")).toMatchObject({ dueMs: epochMs(NOON + 30 * MS_PER_MINUTE) });
  });
});

describe("a re-entry", () => {
  const terms = { mode: "ASAP" as const, times: 2, waitMs: 60_000, momentumPaise: paise(0) };

  /** Bought at 50.00, stopped at 45.00 and sold there. */
  function stopped(
    reentry: Partial<Omit<typeof terms, "mode">> & { readonly mode?: "ASAP" | "AT_COST" | "MOMENTUM" } = {},
  ): AccountUnderTest {
    const account = held();
    set(account, { stopPaise: paise(45_00), targetPaise: paise(60_00), reentry: { ...terms, ...reentry } });
    const [exit] = exits(fire(account, trigger(account, "STOP")?.triggerId, around(45_00)));
    account.report(later(2_000), filled(exit?.clientOrderId ?? id(""), 75, 44_90, { atMs: later(2_000) }));
    expect(account.state.openTrades).toEqual({});
    return account;
  }
  const waiting = (account: AccountUnderTest) => account.state.reentries?.[NIFTY_CALL.instrumentId];
  const watched = async (account: AccountUnderTest) => {
    const { outstandingWork } = await import("../../../src/core/account/outstanding.ts");
    return outstandingWork(account.state).triggers.find(({ instrumentId }) => instrumentId === NIFTY_CALL.instrumentId)
      ?.triggers[0];
  };

  it("waits its time, enters as much as was stopped through the check, and keeps the plan's distances", async () => {
    const account = stopped();
    const timer = await watched(account);
    expect(timer).toMatchObject({ kind: "TIMER", dueMs: later(62_000) });
    const events = fire(account, timer?.triggerId, around(47_00, NIFTY_CALL, later(62_000)), later(62_000));
    const [entry] = entries(events);
    expect(entry).toMatchObject({ side: "BUY", quantityUnits: 75, timeInForce: "IOC", purpose: "ENTRY" });
    expect(await watched(account)).toBeUndefined();
    account.report(later(63_000), filled(entry?.clientOrderId ?? id(""), 75, 47_05));
    expect(trade(account)?.exitPlan).toMatchObject({ stopPaise: 42_05, targetPaise: 57_05, reentry: { times: 1 } });
    expect(waiting(account)).toBeUndefined();
    expectSoundHistory(account.events, account.state);
  });

  it("keeps the distance of its first stop however often it comes, also where the trades before it cost less", async () => {
    const account = stopped();
    const again = async (seconds: number, pricePaise: number) => {
      const atMs = later(seconds * 1_000);
      const [entry] = entries(
        fire(account, (await watched(account))?.triggerId, around(pricePaise, NIFTY_CALL, atMs), atMs),
      );
      account.report(later(seconds * 1_000 + 500), filled(entry?.clientOrderId ?? id(""), 75, pricePaise, { atMs }));
    };
    await again(62, 44_00);
    expect(trade(account)?.exitPlan).toMatchObject({ stopPaise: 39_00, targetPaise: 54_00, reentry: { times: 1 } });
    const atMs = later(64_000);
    const [exit] = exits(fire(account, trigger(account, "STOP")?.triggerId, around(39_00, NIFTY_CALL, atMs), atMs));
    account.report(later(65_000), filled(exit?.clientOrderId ?? id(""), 75, 39_00, { atMs: later(65_000) }));
    await again(126, 39_00);
    expect(trade(account)?.exitPlan).toMatchObject({ stopPaise: 34_00, targetPaise: 49_00 });
    expect(trade(account)?.exitPlan?.reentry).toBeUndefined();
  });

  it("comes at most as often as its plan says", async () => {
    const account = stopped({ times: 1 });
    const [entry] = entries(
      fire(account, (await watched(account))?.triggerId, around(47_00, NIFTY_CALL, later(62_000)), later(62_000)),
    );
    account.report(later(63_000), filled(entry?.clientOrderId ?? id(""), 75, 47_05));
    const [exit] = exits(fire(account, trigger(account, "STOP")?.triggerId, around(42_00), later(64_000)));
    account.report(later(65_000), filled(exit?.clientOrderId ?? id(""), 75, 42_00));
    expect(waiting(account)).toBeUndefined();
  });

  it("waits for the price to be back at cost, or to go on, watched at the entry's side", async () => {
    for (const [mode, momentumPaise, expected] of [
      ["AT_COST", 0, { fires: "AT_OR_BELOW", levelPaise: 50_00, watches: "ASK" }],
      ["MOMENTUM", 3_00, { fires: "AT_OR_ABOVE", levelPaise: 47_90, watches: "ASK" }],
    ] as const) {
      const account = stopped({ mode, momentumPaise: paise(momentumPaise) });
      const events = fire(account, (await watched(account))?.triggerId, around(44_00), later(62_000));
      expect(entries(events)).toEqual([]);
      const level = await watched(account);
      expect(level).toMatchObject({ kind: "REENTRY", ...expected });
      expect(
        entries(fire(account, level?.triggerId, around(expected.levelPaise, NIFTY_CALL, later(90_000)), later(90_000))),
      ).toHaveLength(1);
    }
  });

  it("is refused by whatever refuses an entry, and is over then", async () => {
    const account = stopped();
    const { limits } = account.state.profile ?? { limits: null as never };
    account.do({ type: "CHANGE_LIMITS", atMs: later(3_000), limits: { ...limits, tradesPerDayMax: 1 } });
    const events = fire(
      account,
      (await watched(account))?.triggerId,
      around(47_00, NIFTY_CALL, later(62_000)),
      later(62_000),
    );
    expect(entries(events)).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(["ORDER_DENIED", "REENTRY_ENDED"]);
    expect(waiting(account)).toBeUndefined();
  });

  it("does not come outside of entry hours, when trading is stopped, after a target, or when its order does not deal", async () => {
    const late = stopped();
    late.do({ type: "ENTER_EXIT_ONLY", atMs: later(3_000), jobKey: "EXIT_ONLY/x" });
    expect(await watched(late)).toBeUndefined();
    const stoppedTrading = stopped();
    const timer = await watched(stoppedTrading);
    stoppedTrading.do({ type: "HALT", atMs: later(3_000), reason: "test", prices: [] });
    expect(await watched(stoppedTrading)).toBeUndefined();
    expect(entries(fire(stoppedTrading, timer?.triggerId, around(47_00), later(62_000)))).toEqual([]);
    const won = held();
    set(won, { stopPaise: paise(45_00), targetPaise: paise(60_00), reentry: terms });
    const [exit] = exits(fire(won, trigger(won, "TARGET")?.triggerId, around(60_10)));
    won.report(later(2_000), filled(exit?.clientOrderId ?? id(""), 75, 60_05));
    expect(waiting(won)).toBeUndefined();
    const undealt = stopped();
    const [entry] = entries(
      fire(undealt, (await watched(undealt))?.triggerId, around(47_00, NIFTY_CALL, later(62_000)), later(62_000)),
    );
    undealt.report(later(63_000), canceled(entry?.clientOrderId ?? id("")));
    expect(waiting(undealt)).toBeUndefined();
    expectSoundHistory(undealt.events, undealt.state);
  });
});
