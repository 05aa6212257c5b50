// What one wrong figure of the feed may not do to an account's day, and what a crash does to it all the same (decision 0114).
import { describe, expect, it } from "vitest";
import type { Command, PriceView } from "../../../src/core/account/command.ts";
import { evolve } from "../../../src/core/account/evolve.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import { priceViewOf } from "../../../src/core/market-feed/price-view.ts";
import { QuoteBoard } from "../../../src/core/market-feed/quote-board.ts";
import { TriggerBook } from "../../../src/core/market-feed/trigger-book.ts";
import { believedExitPaise, LOSS_BELIEVED_AFTER_MS } from "../../../src/core/risk/believed-price.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aWindow,
  DATE,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const steady = { pricePaise: paise(50_00), atMs: NOON };
const quoted = (midPaise: number, atMs: EpochMs, change: Partial<PriceView> = {}): PriceView =>
  aPrice({
    bidPaise: paise(midPaise - 5),
    askPaise: paise(midPaise + 5),
    lastPaise: paise(midPaise),
    quotedAtMs: atMs,
    steady,
    ...change,
  });

/** Long ten lots of the call at ₹50, and a loss of ₹900 allowed, which is nearer than the plan's stop. */
function longCall(units = 750): AccountUnderTest {
  const account = anAccount({ limits: { dailyLossMaxPaise: paise(900_00) } });
  account.do(submit({ quantityUnits: units }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), units, 50_00));
  return account;
}

const guardOf = (account: AccountUnderTest) =>
  account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.find(
    ({ kind }) => kind === "LOSS_GUARD" || kind === "DOUBT_CHANGES",
  );
const fireGuard = (account: AccountUnderTest, price: PriceView, atMs: EpochMs) =>
  account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId: guardOf(account)?.triggerId ?? "none", price }] });
const trips = (account: AccountUnderTest) => account.events.filter(({ type }) => type === "BREAKER_TRIPPED");

describe("a quote a hundred times too high", () => {
  it("does not raise the day's best moment, so the right quote after it is no fall from one", () => {
    const account = longCall();
    account.do(aWindow({ atMs: later(1_000), signals: [], prices: [quoted(5_000_00, later(1_000))] }));
    expect(account.events.filter(({ type }) => type === "EQUITY_PEAKED")).toEqual([]);
    const price = quoted(50_00, later(2_000));
    account.do(aWindow({ atMs: later(2_000), window: 2, signals: [], prices: [price] }));
    expect(trips(account)).toEqual([]);
    expectSoundHistory(account.events, account.state);
  });

  it("raises it once the feed believes it", () => {
    const account = longCall();
    const price = quoted(5_000_00, later(1_000), { steady: { pricePaise: paise(5_000_00), atMs: later(1_000) } });
    account.do(aWindow({ atMs: later(1_000), signals: [], prices: [price] }));
    expect(account.events.filter(({ type }) => type === "EQUITY_PEAKED")).toHaveLength(1);
  });

  it("is not remembered as what the position was worth when something else is decided later", () => {
    const account = longCall();
    account.do({
      type: "SET_EXIT_PLAN",
      atMs: later(500),
      instrumentId: NIFTY_CALL.instrumentId,
      plan: {
        stopPaise: null,
        targetPaise: null,
        trail: { distance: 10_00, step: 1_00, unit: "PAISE" },
        costAtPaise: null,
        lock: null,
        timeExitMs: null,
        reentry: null,
      },
      prices: [quoted(50_00, later(500))],
    });
    const step = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.find(({ kind }) => kind === "TRAIL_STEP");
    expect(step).toBeDefined();
    const fired = [{ triggerId: step?.triggerId ?? "", price: quoted(5_000_00, later(1_000)) }];
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1_000), fired });
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.lastExitPaise).toBe(50_00);
    // The stop of a trailing plan follows what is believed, too.
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.exitPlan?.stopPaise).toBeLessThan(50_00);
    const order = { clientOrderId: id("other"), contract: NIFTY_PUT };
    account.do(submit(order, later(2_000), quoted(50_00, later(2_000), { instrumentId: NIFTY_PUT.instrumentId })));
    account.report(later(2_000), accepted(id("other")), filled(id("other"), 75, 50_00));
    expect(account.events.filter(({ type }) => type === "EQUITY_PEAKED")).toEqual([]);
    expectSoundHistory(account.events, account.state);
  });
});

describe("a quote a hundred times too low", () => {
  it("trips nothing; the guard gives way to a look at the next change, or once the doubt is over", () => {
    const account = longCall();
    const before = guardOf(account);
    const events = fireGuard(account, quoted(50, later(1_000)), later(1_000));
    expect(events).toMatchObject([
      { type: "TRIGGER_FIRED", pricePaise: 45, believedPaise: 50_00 },
      { type: "TRIGGERS_SET" },
    ]);
    expect(trips(account)).toEqual([]);
    expect(before).toBeDefined();
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers).toMatchObject([
      { kind: "STOP" },
      { kind: "TARGET" },
      { kind: "TRAIL_STEP" },
      { kind: "DOUBT_CHANGES", fires: "AT_OR_ABOVE", levelPaise: 5_00 },
      { kind: "DOUBT_ENDS", dueMs: later(1_000 + LOSS_BELIEVED_AFTER_MS) },
    ]);
  });

  it("is a crash once it has lasted, and one that comes step by step is one at once", () => {
    const lasting = longCall();
    const early = quoted(50, later(1_000), { bidDoubtedMs: LOSS_BELIEVED_AFTER_MS - 1 });
    fireGuard(lasting, early, later(1_000));
    expect(trips(lasting)).toEqual([]);
    fireGuard(lasting, { ...early, bidDoubtedMs: LOSS_BELIEVED_AFTER_MS }, later(2_000));
    expect(trips(lasting)).toMatchObject([{ scope: "ACCOUNT", trip: { cause: "DAILY_LOSS" } }]);
    const falling = longCall();
    fireGuard(falling, quoted(20_00, later(1_000)), later(1_000));
    expect(trips(falling)).toMatchObject([{ trip: { cause: "DAILY_LOSS" } }]);
  });
});

describe("a price in doubt", () => {
  /** One lot with nothing but the day's guard below it, at ₹38, and a trail where there is one. */
  function guardedOnly(trail: Extract<Command, { type: "SET_EXIT_PLAN" }>["plan"]["trail"] = null): AccountUnderTest {
    const account = longCall(75);
    const none = { stopPaise: null, targetPaise: null, costAtPaise: null, lock: null, timeExitMs: null, reentry: null };
    const { instrumentId } = NIFTY_CALL;
    const prices = [quoted(50_00, NOON)];
    account.do({ type: "SET_EXIT_PLAN", atMs: NOON, instrumentId, plan: { ...none, trail }, prices });
    return account;
  }
  /** A feed and its triggers, second by second; what the account journaled in each. */
  function played(account: AccountUnderTest, quotes: readonly (readonly [bidPaise: number, askPaise: number])[]) {
    const { instrumentId, expiry, strikePaise, optionType } = NIFTY_CALL;
    const board = new QuoteBoard("NIFTY50", DATE);
    const book = new TriggerBook();
    return quotes.map(([bid, ask], second) => {
      const atMs = later(second * 1_000);
      const touch = { bidPaise: paise(bid), bidUnits: 75, askPaise: paise(ask), askUnits: 75, lastPaise: paise(bid) };
      const rest = { instrumentId, expiry, strikePaise, optionType, volumeUnits: null, openInterestUnits: null };
      board.take({
        kind: "CHAIN_SNAPSHOT",
        underlying: "NIFTY50",
        atMs,
        source: "LIVE",
        quotes: [{ ...rest, ...touch, ivBps: null }],
      });
      book.replace("account", instrumentId, account.state.openTrades[instrumentId]?.triggers ?? []);
      const crossed = [...book.due(atMs), ...book.cross(new Set([instrumentId]), () => touch)];
      const market = { board, feed: { playedMs: atMs } } as unknown as Parameters<typeof priceViewOf>[0];
      const price = priceViewOf(market, instrumentId) as PriceView;
      const fired = crossed.map(({ triggerId }) => ({ triggerId, price }));
      return fired.length === 0 ? [] : account.do({ type: "FIRE_TRIGGERS", atMs, fired });
    });
  }
  const kindsOf = (account: AccountUnderTest) =>
    account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.map(({ kind }) => kind);
  const repeated = <T>(times: number, value: T): readonly T[] => Array.from({ length: times }, () => value);

  it("of a bid that collapses under a standing ask is asked for again once it has lasted, and is a loss then", () => {
    const account = guardedOnly();
    const events = played(account, [[49_95, 50_05], ...repeated(30, [4_00, 81_00] as const)]);
    const busy = events.flatMap((each, second) => (each.length > 0 ? [second] : []));
    // At the fall, and when the doubt is over; what follows are the exit's own tries.
    expect(busy.slice(0, 2)).toEqual([1, 16]);
    expect(events[1]?.map(({ type }) => type)).toEqual(["TRIGGER_FIRED", "TRIGGERS_SET"]);
    expect(trips(account)).toMatchObject([{ atMs: later(16_000), trip: { cause: "DAILY_LOSS" } }]);
    expectSoundHistory(account.events, account.state);
  });

  it("is over as soon as the quote follows again: as a loss at once, or with the guard back in its place", () => {
    const [lost, kept] = [guardedOnly(), guardedOnly()];
    const before = kindsOf(kept);
    played(lost, [
      [49_95, 50_05],
      [4_00, 81_00],
      [4_00, 81_00],
      [20_00, 21_00],
    ]);
    expect(trips(lost)).toMatchObject([{ atMs: later(3_000), trip: { cause: "DAILY_LOSS" } }]);
    played(kept, [
      [49_95, 50_05],
      [4_00, 81_00],
      [4_00, 81_00],
    ]);
    expect(kindsOf(kept)).toEqual(["DOUBT_CHANGES", "DOUBT_ENDS"]);
    const [, , , , ...after] = played(kept, [
      [49_95, 50_05],
      [49_95, 50_05],
      [49_95, 50_05],
    ]);
    expect(after).toEqual([]);
    expect(kindsOf(kept)).toEqual(before);
    expect(kept.state.openTrades[NIFTY_CALL.instrumentId]).not.toHaveProperty("doubt");
    expect(trips(kept)).toEqual([]);
    expectSoundHistory(kept.events, kept.state);
  });

  it("in the position's favour is asked for no more than every 15 s either", () => {
    const account = guardedOnly({ distance: 10_00, step: 1_00, unit: "PAISE" });
    const stop = () => account.state.openTrades[NIFTY_CALL.instrumentId]?.exitPlan?.stopPaise;
    const before = stop();
    const events = played(account, [[49_95, 50_05], ...repeated(60, [4_800_00, 4_810_00] as const)]);
    expect(events.flatMap((each, second) => (each.length > 0 ? [second] : []))).toEqual([1, 16, 31, 46]);
    expect(stop()).toBe(before);
    expectSoundHistory(account.events, account.state);
  });

  it("is none in a journal that says nothing of it", () => {
    const account = guardedOnly();
    fireGuard(account, quoted(50, later(1_000)), later(1_000));
    const told = account.events.map((event) => {
      if (event.type !== "TRIGGER_FIRED") return event;
      const { doubtedUntilMs: _later, ...older } = event;
      return older;
    });
    const first = guardedOnly();
    const folded = told.slice(first.events.length).reduce(evolve, first.state);
    expect(folded.openTrades[NIFTY_CALL.instrumentId]).not.toHaveProperty("doubt");
    expect(folded.openTrades[NIFTY_CALL.instrumentId]?.lastExitPaise).toBe(50_00);
  });
});

describe("the price a position counts at", () => {
  const long = { netUnits: 75 };
  const short = { netUnits: -75 };

  it("is the quote's where it follows from the steady price or none is known", () => {
    expect(believedExitPaise(long, quoted(499_00, NOON))).toBe(498_95);
    expect(believedExitPaise(short, quoted(499_00, NOON))).toBe(499_05);
    expect(believedExitPaise(long, quoted(5_000_00, NOON, { steady: null }))).toBe(4_999_95);
    expect(believedExitPaise(long, aPrice({ bidPaise: null, askPaise: null, lastPaise: null }))).toBeNull();
  });

  it("believes a lasting jump against the position, and none in its favour", () => {
    const [bidDoubtedMs, askDoubtedMs] = [LOSS_BELIEVED_AFTER_MS, LOSS_BELIEVED_AFTER_MS];
    expect(believedExitPaise(long, quoted(5_000_00, NOON, { bidDoubtedMs, askDoubtedMs }))).toBe(50_00);
    expect(believedExitPaise(short, quoted(5_000_00, NOON, { bidDoubtedMs, askDoubtedMs }))).toBe(5_000_05);
    expect(believedExitPaise(long, quoted(50, NOON, { bidDoubtedMs, askDoubtedMs }))).toBe(45);
    expect(believedExitPaise(short, quoted(50, NOON, { bidDoubtedMs, askDoubtedMs }))).toBe(50_00);
    expect(believedExitPaise(short, quoted(5_000_00, NOON))).toBe(50_00);
    expect(believedExitPaise(long, { ...quoted(50_00, NOON), bidPaise: paise(0) })).toBe(50_00);
  });
});
