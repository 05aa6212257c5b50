// What one wrong figure of the feed may not do to an account's day, and what a crash does to it all the same (decision 0114).
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import { believedExitPaise, LOSS_BELIEVED_AFTER_MS } from "../../../src/core/risk/believed-price.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aWindow,
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
function longCall(): AccountUnderTest {
  const account = anAccount({ limits: { dailyLossMaxPaise: paise(900_00) } });
  account.do(submit({ quantityUnits: 750 }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), 750, 50_00));
  return account;
}

const guardOf = (account: AccountUnderTest) =>
  account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.find(({ kind }) => kind === "LOSS_GUARD");
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
  it("trips nothing, and the guard stands again behind it", () => {
    const account = longCall();
    const before = guardOf(account);
    const events = fireGuard(account, quoted(50, later(1_000)), later(1_000));
    expect(events).toMatchObject([
      { type: "TRIGGER_FIRED", pricePaise: 45, believedPaise: 50_00 },
      { type: "TRIGGERS_SET" },
    ]);
    expect(trips(account)).toEqual([]);
    expect(guardOf(account)?.levelPaise).toBeGreaterThanOrEqual(before?.levelPaise ?? 0);
    expect(guardOf(account)?.triggerId).not.toBe(before?.triggerId);
  });

  it("is a crash once it has lasted, and one that comes step by step is one at once", () => {
    const lasting = longCall();
    const early = quoted(50, later(1_000), { doubtedMs: LOSS_BELIEVED_AFTER_MS - 1 });
    fireGuard(lasting, early, later(1_000));
    expect(trips(lasting)).toEqual([]);
    fireGuard(lasting, { ...early, doubtedMs: LOSS_BELIEVED_AFTER_MS }, later(2_000));
    expect(trips(lasting)).toMatchObject([{ scope: "ACCOUNT", trip: { cause: "DAILY_LOSS" } }]);
    const falling = longCall();
    fireGuard(falling, quoted(20_00, later(1_000)), later(1_000));
    expect(trips(falling)).toMatchObject([{ trip: { cause: "DAILY_LOSS" } }]);
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
    const doubtedMs = LOSS_BELIEVED_AFTER_MS;
    expect(believedExitPaise(long, quoted(5_000_00, NOON, { doubtedMs }))).toBe(50_00);
    expect(believedExitPaise(short, quoted(5_000_00, NOON, { doubtedMs }))).toBe(5_000_05);
    expect(believedExitPaise(long, quoted(50, NOON, { doubtedMs }))).toBe(45);
    expect(believedExitPaise(short, quoted(50, NOON, { doubtedMs }))).toBe(50_00);
    expect(believedExitPaise(short, quoted(5_000_00, NOON))).toBe(50_00);
    expect(believedExitPaise(long, { ...quoted(50_00, NOON), bidPaise: paise(0) })).toBe(50_00);
  });
});
