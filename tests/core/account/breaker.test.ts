// An account's circuit breakers: what trips them, what they keep out, how they close, and what ends them.
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { lockedAgainst } from "../../../src/core/account/decide-breaker.ts";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { foldJournal } from "../../../src/core/account/evolve.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { VENUE_ERRORS_MAX, VENUE_ERRORS_WINDOW_MS } from "../../../src/core/account/venue-errors.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { differs, hasOverdueOrder, type VenueReading } from "../../../src/core/risk/flat-proof.ts";
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
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const nothing = (atMs: EpochMs): VenueReading => ({ atMs, positions: [], working: [] });
const check = (atMs: EpochMs, reading: VenueReading | null = nothing(atMs)): Command => ({
  type: "CHECK_FLAT",
  atMs,
  prices: [aPrice({ quotedAtMs: atMs })],
  reading,
});
const types = (events: readonly AccountEvent[]) => events.map(({ type }) => type);
const exits = (account: AccountUnderTest) =>
  Object.values(account.state.orders).filter(({ purpose }) => purpose === "EXIT");
const codeOf = (account: AccountUnderTest, change: Parameters<typeof submit>[0] = {}, atMs = later(60_000)) => {
  const decision = decide(
    account.state,
    submit({ clientOrderId: id("probe"), ...change }, atMs, aPrice({ quotedAtMs: atMs })),
  );
  const [event] = decision.ok ? decision.value : [];
  return event?.type === "ORDER_DENIED" ? event.denial : null;
};

/** Long ten lots of the NIFTY call at ₹50.00, by request. */
function long(units = 750, limits = {}): AccountUnderTest {
  const account = anAccount({ limits });
  account.do(submit({ quantityUnits: units }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), units, 50_00));
  return account;
}

const halted = (account: AccountUnderTest, change: Partial<Extract<Command, { type: "HALT" }>> = {}) =>
  account.do({ type: "HALT", atMs: later(1_000), reason: "a person", prices: [aPrice()], ...change });

/** The working exits are dealt. */
function dealExits(account: AccountUnderTest, atMs: EpochMs): void {
  for (const { clientOrderId, quantityUnits, status } of exits(account)) {
    if (status === "SUBMITTED") account.report(atMs, filled(clientOrderId, quantityUnits, 49_00, { atMs }));
  }
}

describe("the kill switch", () => {
  it("ends with a proof: the venue read twice, a settle time apart, and both readings in the journal", () => {
    const account = long();
    expect(types(halted(account)).slice(0, 2)).toEqual(["TRADING_STATE_CHANGED", "BREAKER_TRIPPED"]);
    expect(account.state.breakers?.ACCOUNT?.status).toBe("TRIPPED");
    expect(outstandingWork(account.state).flatCheck).toEqual({ dueMs: later(2_000), underlying: "NIFTY50" });
    dealExits(account, later(1_300));
    expect(types(account.do(check(later(2_000))))).toEqual(["FLAT_READ"]);
    expect(account.do(check(later(2_499)))).toEqual([]);
    expect(account.do(check(later(2_500)))).toEqual([
      {
        type: "FLAT_PROVEN",
        atMs: later(2_500),
        scope: "ACCOUNT",
        readAtMs: [later(2_000), later(2_500)],
        trippedAtMs: later(1_000),
        durationMs: 1_500,
      },
    ]);
    expect(account.state.breakers?.ACCOUNT).toMatchObject({ status: "LOCKED", provenAtMs: later(2_500) });
    expect(outstandingWork(account.state).flatCheck?.dueMs).toBeNull();
    expectSoundHistory(account.events, account.state);
  });

  it("gives an exit again as soon as the one before is known not to have been received", () => {
    const account = long();
    halted(account);
    const clientOrderId = exits(account)[0]?.clientOrderId ?? id("none");
    const unknown = [{ clientOrderId, request: "SUBMIT", reason: "the line went dead" }] as const;
    account.do({ type: "NOTE_UNKNOWN", atMs: later(1_010), unknown });
    account.do(check(later(3_900), null));
    for (const readAtMs of [later(1_950), later(3_950)]) {
      const { state } = account;
      const entries = Object.values(state.orders).filter(({ purpose }) => purpose === "ENTRY");
      const orders = entries.map(
        ({ clientOrderId: own, contract, side, quantityUnits, limitPricePaise, ...order }) => ({
          clientOrderId: own,
          venueOrderId: order.venueOrderId ?? "",
          instrumentId: contract.instrumentId,
          side,
          status: "FILLED" as const,
          quantityUnits,
          limitPricePaise,
          filledUnits: quantityUnits,
          filledValuePaise: null,
          reason: null,
        }),
      );
      const snapshot = { readAtMs, orders, fills: [], positions: null, tradedPaise: null, cashPaise: null };
      account.do({ type: "RECONCILE", atMs: later(3_960), cause: "UNKNOWN_OUTCOME", asked: state, snapshot });
    }
    expect(account.state.orders[clientOrderId]).toMatchObject({ status: "REJECTED", rejectReason: "NOT_RECEIVED" });
    expect(outstandingWork(account.state).flatCheck?.dueMs).toBe(later(3_960));
    account.do(check(later(3_960), null));
    expect(exits(account).map(({ status }) => status)).toEqual(["REJECTED", "SUBMITTED"]);
    expectSoundHistory(account.events, account.state);
  });

  it("proves nothing while the venue shows a position that the account does not, or cannot be read", () => {
    const account = anAccount();
    halted(account);
    const position = { instrumentId: NIFTY_CALL.instrumentId, underlying: "NIFTY50", netUnits: 75 } as const;
    const differs = { atMs: later(2_000), positions: [position], working: [] };
    expect(account.do(check(later(2_000), differs))).toMatchObject([
      { type: "FLAT_NOT_PROVEN", found: "VENUE_DIFFERS", openPositions: 1, isRaised: false },
    ]);
    expect(account.do(check(later(3_000), null))).toMatchObject([{ found: "VENUE_UNREADABLE" }]);
    account.do(check(later(4_000)));
    // A reading that is not zero takes the first zero back.
    expect(
      account.do(
        check(later(4_500), {
          ...differs,
          positions: [],
          working: [{ clientOrderId: id("x"), underlying: "NIFTY50" }],
        }),
      ),
    ).toMatchObject([{ found: "VENUE_DIFFERS", workingOrders: 1 }]);
    expect(types(account.do(check(later(5_500))))).toEqual(["FLAT_READ"]);
    expect(types(account.do(check(later(6_000))))).toEqual(["FLAT_PROVEN"]);
  });

  it("recognises a venue's book that only facts it has not heard of explain, and nothing else", () => {
    const position = { instrumentId: NIFTY_CALL.instrumentId, underlying: "NIFTY50" } as const;
    const book = (netUnits: number, ...working: string[]): VenueReading => ({
      atMs: NOON,
      positions: netUnits === 0 ? [] : [{ ...position, netUnits }],
      working: working.map((each) => ({ clientOrderId: id(each), underlying: "NIFTY50" })),
    });
    const account = long(75);
    expect(differs(account.state, book(75))).toBe(false);
    expect(differs(account.state, book(0))).toBe(true);
    expect(differs(account.state, book(150))).toBe(true);
    // Over here, working there.
    expect(differs(account.state, book(75, "order-1"))).toBe(true);
    halted(account);
    const [exit] = exits(account);
    const exitId = exit?.clientOrderId ?? id("none");
    // Not answered for yet: it may still be on its way.
    expect(differs(account.state, book(75))).toBe(false);
    account.report(later(1_100), accepted(exitId));
    expect(differs(account.state, book(75, exitId))).toBe(false);
    // Dealt at the venue, and nobody said so.
    expect(differs(account.state, book(0))).toBe(true);
    expect(differs(account.state, book(75))).toBe(true);
  });

  it("gives what is left again with a wider protection each time, tells a person after ten seconds, and does not give up", () => {
    const account = long(75);
    halted(account);
    const limits: number[] = [];
    for (let second = 2; second < 400; second += 1) {
      for (const { clientOrderId, status } of exits(account)) {
        if (status === "SUBMITTED")
          account.report(later(second * 1_000 - 500), canceled(clientOrderId, later(second * 1_000 - 500)));
      }
      account.do(check(later(second * 1_000)));
      const last = exits(account).at(-1);
      if (last?.status === "SUBMITTED") limits.push(last.limitPricePaise);
    }
    expect(limits.slice(0, 2)).toEqual([39_95, 29_95]);
    expect(new Set(limits.slice(1))).toEqual(new Set([29_95]));
    expect(exits(account).length).toBeGreaterThan(30);
    const raised = account.events.filter((event) => event.type === "FLAT_NOT_PROVEN" && event.isRaised);
    expect(raised.map(({ atMs }) => atMs - later(1_000))).toEqual([10_000, 310_000]);
    account.do(check(later(405_000)));
    dealExits(account, later(405_500));
    account.do(check(later(410_000)));
    expect(types(account.do(check(later(411_000))))).toEqual(["FLAT_PROVEN"]);
  });

  it("looks rarely after a long wait, and every second again once something of it is dealt", () => {
    const account = long(150);
    halted(account);
    const first = exits(account)[0]?.clientOrderId ?? id("none");
    const dueAfter = (atMs: EpochMs) => (account.state.breakers?.ACCOUNT?.check?.dueMs ?? 0) - atMs;
    account.do(check(later(700_000)));
    expect(dueAfter(later(700_000))).toBe(30_000);
    const dealt = account.report(later(705_000), accepted(first), filled(first, 75, 49_00, { atMs: later(705_000) }));
    expect(dealt).toContainEqual({
      type: "FLAT_LOOK_HASTENED",
      atMs: later(705_000),
      scope: "ACCOUNT",
      nextCheckMs: later(706_000),
    });
    account.do(check(later(706_000)));
    expect(dueAfter(later(706_000))).toBe(1_000);
    // A fill just before a look that is due anyway says nothing new about when to look.
    account.report(later(706_500), filled(first, 75, 49_00, { atMs: later(706_500), executionId: "rest" }));
    expect(account.events.filter(({ type }) => type === "FLAT_LOOK_HASTENED")).toHaveLength(1);
    account.do(check(later(707_000)));
    expect(types(account.do(check(later(707_500))))).toEqual(["FLAT_PROVEN"]);
    expectSoundHistory(account.events, account.state);
  });

  it("of one underlying is hurried by nothing that another underlying deals", () => {
    const account = long(75);
    halted(account, { underlying: "NIFTY50" });
    account.do(check(later(700_000)));
    account.do(
      submit(
        { clientOrderId: id("bank"), contract: BANKNIFTY_CALL, quantityUnits: BANKNIFTY_CALL.lotSize },
        later(701_000),
        aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId, quotedAtMs: later(701_000) }),
      ),
    );
    account.report(later(702_000), accepted(id("bank")), filled(id("bank"), BANKNIFTY_CALL.lotSize, 50_00));
    expect(account.state.openTrades[BANKNIFTY_CALL.instrumentId]).toBeDefined();
    expect(types(account.events)).not.toContain("FLAT_LOOK_HASTENED");
  });

  it("closes at the last price known when nobody quotes for three seconds", () => {
    const account = long(75);
    halted(account, { prices: [] });
    expect(exits(account)).toEqual([]);
    account.do({ ...check(later(2_000)), prices: [] } as Command);
    expect(exits(account)).toEqual([]);
    account.do({ ...check(later(4_000)), prices: [] } as Command);
    expect(exits(account)).toMatchObject([{ quantityUnits: 75, limitPricePaise: 47_50 }]);
  });

  it("takes a quote of nothing for no quote", () => {
    const account = long(75);
    const zero = [aPrice({ bidPaise: paise(0), askPaise: paise(0), lastPaise: paise(0) })];
    halted(account, { prices: zero });
    account.do({ ...check(later(2_000)), prices: zero } as Command);
    expect(exits(account)).toEqual([]);
    account.do({ ...check(later(4_000)), prices: zero } as Command);
    expect(exits(account)).toMatchObject([{ quantityUnits: 75, limitPricePaise: 47_50 }]);
  });

  it("misses the end of an order that deals at once or not at all, three seconds after the venue took it in", () => {
    const account = long(75);
    halted(account);
    const exitId = exits(account)[0]?.clientOrderId ?? id("none");
    expect(hasOverdueOrder(account.state, later(60_000))).toBe(false);
    account.report(later(1_100), accepted(exitId, later(1_100)));
    expect(hasOverdueOrder(account.state, later(4_000))).toBe(false);
    expect(hasOverdueOrder(account.state, later(4_100))).toBe(true);
    account.report(later(5_000), canceled(exitId, later(5_000)));
    expect(hasOverdueOrder(account.state, later(60_000))).toBe(false);
  });

  it("takes the proof back when a fill comes late, and closes that as well", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 75 }));
    halted(account);
    account.report(later(1_500), canceled(id("order-1"), later(1_500)));
    account.do(check(later(2_000)));
    account.do(check(later(2_500)));
    expect(account.state.breakers?.ACCOUNT?.status).toBe("LOCKED");
    const late = account.report(later(9_000), filled(id("order-1"), 75, 50_00, { atMs: later(1_400) }));
    expect(late).toContainEqual(expect.objectContaining({ type: "FLAT_NOT_PROVEN", found: "OPEN", isRaised: true }));
    expect(account.state.breakers?.ACCOUNT?.status).toBe("TRIPPED");
    account.do(check(later(10_000)));
    dealExits(account, later(10_300));
    account.do(check(later(11_000)));
    expect(types(account.do(check(later(11_500))))).toEqual(["FLAT_PROVEN"]);
    expectSoundHistory(account.events, account.state);
  });

  it("of the operator is not the user's to lift, and the user's own is", () => {
    const account = anAccount();
    halted(account, { by: "OPERATOR" });
    expect(account.do({ type: "RESUME", atMs: later(2_000), by: "USER" })).toEqual([]);
    expect(account.state.tradingState).toBe("HALTED");
    expect(lockedAgainst(account.state, { by: "USER" })?.code).toBe("BREAKER_LOCKED");
    account.do({ type: "RESUME", atMs: later(3_000), by: "OPERATOR" });
    expect(account.state.tradingState).toBe("ACTIVE");
    expect(account.state.breakers?.ACCOUNT?.status).toBe("ARMED");
    halted(account, { atMs: later(4_000) });
    account.do({ type: "RESUME", atMs: later(5_000), by: "USER" });
    expect(account.state.tradingState).toBe("ACTIVE");
  });
});

describe("an underlying of one account", () => {
  it("is closed and kept closed while the others trade on", () => {
    const account = long(75);
    account.do(
      submit(
        { clientOrderId: id("bank"), contract: BANKNIFTY_CALL, quantityUnits: 35 },
        NOON,
        aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId }),
      ),
    );
    halted(account, { underlying: "NIFTY50" });
    expect(account.state.tradingState).toBe("ACTIVE");
    expect(exits(account)).toMatchObject([{ contract: { underlying: "NIFTY50" }, exitReason: "KILL_SWITCH" }]);
    expect(account.state.orders[id("bank")]?.status).toBe("SUBMITTED");
    expect(codeOf(account)?.code).toBe("UNDERLYING_HALTED");
    dealExits(account, later(1_300));
    account.do(check(later(2_000)));
    // The order in the other underlying is no part of this proof.
    expect(types(account.do(check(later(2_500))))).toEqual(["FLAT_PROVEN"]);
    const window = account.do(aWindow({ atMs: later(3_000) }));
    expect(window[0]).toMatchObject({ decisions: [{ action: "NO_TRADE", reason: "stopped (MANUAL): a person" }] });
    account.do({ type: "RESUME", atMs: later(4_000), underlying: "NIFTY50" });
    expect(codeOf(account)).toBeNull();
  });
});

describe("the platform's switch", () => {
  const follow = (
    action: "HALT" | "RESUME",
    changeNo: number,
    atMs: EpochMs,
    scope: "PLATFORM" | "PLATFORM/NIFTY50" = "PLATFORM",
  ): Command => ({
    type: "FOLLOW_SWITCH",
    atMs,
    jobKey: `PLATFORM_${action}/2026-11-21/-/${changeNo}`,
    action,
    scope,
    haltId: "H1",
    changeNo,
    reason: "the exchange is down",
    prices: [aPrice()],
  });

  it("closes everything, denies entries by its own name, and only its own resume lifts it", () => {
    const account = long(75);
    account.do(follow("HALT", 1, later(1_000)));
    expect(exits(account)).toMatchObject([{ exitReason: "KILL_SWITCH", quantityUnits: 75 }]);
    expect(codeOf(account)).toMatchObject({ code: "PLATFORM_HALTED" });
    account.do({ type: "RESUME", atMs: later(2_000), by: "OPERATOR" });
    expect(codeOf(account)?.code).toBe("PLATFORM_HALTED");
    account.do(follow("RESUME", 2, later(3_000)));
    expect(codeOf(account)).toBeNull();
    expectSoundHistory(account.events, account.state);
  });

  it("is followed by its number: a halt that comes after its own resume does nothing, and neither does a repetition", () => {
    const account = anAccount();
    account.do(follow("RESUME", 2, later(1_000)));
    expect(types(account.do(follow("HALT", 1, later(2_000))))).toEqual(["JOB_DONE"]);
    expect(codeOf(account)).toBeNull();
    account.do(follow("HALT", 3, later(3_000)));
    expect(account.do(follow("HALT", 3, later(4_000)))).toEqual([]);
    expect(account.state.breakers?.PLATFORM?.trips).toHaveLength(1);
  });

  it("reaches an account that has no day, and holds on the day that opens then", () => {
    const account = anAccount();
    account.do(follow("HALT", 1, later(1_000), "PLATFORM/NIFTY50"));
    expect(codeOf(account)?.code).toBe("UNDERLYING_HALTED");
    expect(codeOf(account, { contract: BANKNIFTY_CALL, quantityUnits: 35 })?.code).not.toBe("UNDERLYING_HALTED");
  });
});

describe("the day's drawdown", () => {
  const fire = (account: AccountUnderTest, bidPaise: number, atMs: EpochMs) => {
    const triggers = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];
    const trigger = triggers.find(({ kind }) => kind === "LOSS_GUARD") ?? triggers[0];
    const price = aPrice({ bidPaise: paise(bidPaise), lastPaise: paise(bidPaise), quotedAtMs: atMs });
    return account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId: trigger?.triggerId ?? "", price }] });
  };

  it("is counted from the best that was seen: an open gain that goes again trips it", () => {
    // ₹1,00,000 of own money; 75 units. At 90 the day is ₹3,000 up (less charges), so the peak is some ₹1,02,980.
    const account = long(75);
    account.do(
      aWindow({
        atMs: later(1_000),
        signals: [],
        prices: [aPrice({ bidPaise: paise(90_00), quotedAtMs: later(1_000) })],
      }),
    );
    const peaked = account.events.find((event) => event.type === "EQUITY_PEAKED");
    expect(peaked).toMatchObject({ type: "EQUITY_PEAKED" });
    const limitPaise = Math.floor((peaked?.type === "EQUITY_PEAKED" ? peaked.peakPaise : 0) / 40);
    // A guard is at the price at which the limit is passed, and not before.
    const guard = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.find(({ kind }) => kind === "LOSS_GUARD");
    expect(guard?.levelPaise).toBe(90_00 - Math.ceil((limitPaise + 1) / 75));
    const tripped = fire(account, (guard?.levelPaise ?? 0) - 5, later(2_000));
    expect(tripped).toContainEqual(
      expect.objectContaining({
        type: "BREAKER_TRIPPED",
        scope: "ACCOUNT",
        trip: expect.objectContaining({ cause: "DRAWDOWN", by: "SYSTEM" }),
      }),
    );
    expect(exits(account).at(-1)).toMatchObject({ exitReason: "DRAWDOWN" });
    expect(account.state.tradingState).toBe("ACTIVE");
    const denied = codeOf(account);
    expect(denied).toMatchObject({ code: "CIRCUIT_BREAKER", unit: "PAISE", limit: limitPaise });
    expect(denied?.value).toBeGreaterThan(limitPaise);
  });

  it("is not made of a position that merely has no price now", () => {
    const account = long(75);
    account.do(aWindow({ atMs: later(1_000), signals: [], prices: [aPrice({ bidPaise: paise(90_00) })] }));
    account.do(submit({ clientOrderId: id("second"), quantityUnits: 75 }, later(2_000)));
    account.report(later(2_000), accepted(id("second")), canceled(id("second"), later(2_000)));
    expect(account.events.some(({ type }) => type === "BREAKER_TRIPPED")).toBe(false);
  });

  it("is lifted by the operator or a new day, not by the user, and counts from there on", () => {
    const account = long(1_500, { dailyLossMaxPaise: paise(50_000_00) });
    fire(account, 48_00, later(1_000));
    expect(account.state.breakers?.ACCOUNT?.trips).toMatchObject([{ cause: "DRAWDOWN" }]);
    dealExits(account, later(1_300));
    expect(account.do({ type: "RESUME", atMs: later(2_000), by: "USER" })).toEqual([]);
    account.do({ type: "RESUME", atMs: later(3_000), by: "OPERATOR" });
    expect(account.state.breakers?.ACCOUNT?.status).toBe("ARMED");
    account.do(aWindow({ atMs: later(4_000), signals: [] }));
    expect(account.state.breakers?.ACCOUNT?.status).toBe("ARMED");
    expectSoundHistory(account.events, account.state);
  });
});

describe("a burst of venue errors", () => {
  const reject = (account: AccountUnderTest, name: string, reason: string, atMs: EpochMs) => {
    account.do(submit({ clientOrderId: id(name), quantityUnits: 75 }, atMs, aPrice({ quotedAtMs: atMs })));
    return account.report(atMs, { kind: "REJECTED", clientOrderId: id(name), reason, atMs });
  };

  it("trips the breaker with the fifth within a minute, and not when they come slower", () => {
    const slow = anAccount();
    for (let n = 0; n < 8; n += 1) reject(slow, `o${n}`, "RMS_DOWN", later(n * (VENUE_ERRORS_WINDOW_MS / 4 + 1)));
    expect(slow.state.breakers).toBeUndefined();
    const fast = anAccount();
    for (let n = 1; n < VENUE_ERRORS_MAX; n += 1) reject(fast, `o${n}`, "RMS_DOWN", later(n * 1_000));
    expect(fast.state.breakers).toBeUndefined();
    expect(reject(fast, "last", "RMS_DOWN", later(9_000))).toContainEqual(
      expect.objectContaining({
        type: "BREAKER_TRIPPED",
        trip: expect.objectContaining({
          cause: "VENUE_ERRORS",
          evidence: expect.objectContaining({ limit: 5, value: 5, unit: "ORDERS" }),
        }),
      }),
    );
    expect(codeOf(fast)?.code).toBe("CIRCUIT_BREAKER");
  });

  it("does not count what only says that there is no market", () => {
    const account = anAccount();
    for (let n = 0; n < 8; n += 1) reject(account, `o${n}`, "NO_QUOTE", later(n * 1_000));
    expect(account.state.breakers).toBeUndefined();
  });

  it("counts anew after the operator has lifted it", () => {
    const account = anAccount();
    for (let n = 0; n < VENUE_ERRORS_MAX; n += 1) reject(account, `o${n}`, "RMS_DOWN", later(n * 1_000));
    account.do({ type: "RESUME", atMs: later(10_000), by: "OPERATOR" });
    reject(account, "after", "RMS_DOWN", later(11_000));
    expect(account.state.breakers?.ACCOUNT?.status).toBe("ARMED");
  });
});

describe("a silent feed", () => {
  const silence = (isSilent: boolean, atMs: EpochMs, tripAfterMs: number | null = null): Command => ({
    type: "NOTE_FEED_SILENCE",
    atMs,
    underlying: "NIFTY50",
    isSilent,
    lastTickMs: NOON,
    limitMs: 3_000,
    tripAfterMs,
    prices: [aPrice()],
  });

  it("lets nothing new in, says since when, lets exits pass, and ends with the first tick", () => {
    const account = long(75);
    account.do(silence(true, later(3_001)));
    expect(codeOf(account, {}, later(4_000))).toMatchObject({
      code: "FEED_SILENT",
      limit: 3_000,
      value: 4_000,
      unit: "MS",
    });
    expect(codeOf(account, { contract: BANKNIFTY_CALL, quantityUnits: 35 }, later(4_000))?.code).not.toBe(
      "FEED_SILENT",
    );
    const sold = account.do(
      submit({ clientOrderId: id("out"), side: "SELL", type: "MARKET", limitPricePaise: null }, later(4_000)),
    );
    expect(sold).toMatchObject([{ type: "ORDER_SUBMITTED" }]);
    expect(account.do(silence(true, later(5_000)))).toEqual([]);
    account.do(silence(false, later(6_000)));
    expect(codeOf(account, {}, later(6_000))).toBeNull();
  });

  it("trips the underlying's breaker after the time that is set, and not at all when none is", () => {
    const account = long(75);
    account.do(silence(true, later(3_001)));
    account.do(silence(true, later(60_000), null));
    expect(account.state.breakers).toBeUndefined();
    account.do(silence(true, later(60_000), 60_000));
    expect(account.state.breakers?.["ACCOUNT/NIFTY50"]?.trips).toMatchObject([
      { cause: "STALE_DATA", evidence: { limit: 60_000, value: 60_000, unit: "MS" } },
    ]);
    expect(exits(account)).toMatchObject([{ exitReason: "CIRCUIT_BREAKER" }]);
  });
});

describe("a new trading day", () => {
  it("re-arms what it may, and leaves what a person has stopped", () => {
    const account = anAccount();
    for (const n of [0, 1, 2, 3, 4]) {
      account.do(submit({ clientOrderId: id(`o${n}`), quantityUnits: 75 }));
      account.report(NOON, { kind: "REJECTED", clientOrderId: id(`o${n}`), reason: "RMS_DOWN", atMs: NOON });
    }
    halted(account, { underlying: "SENSEX", by: "OPERATOR" });
    const date = marketDate("2025-09-01");
    account.do({
      type: "OPEN_DAY",
      atMs: istInstant(date, "09:00"),
      jobKey: `OPEN_DAY/${date}`,
      date,
      openMs: istInstant(date, "09:15"),
      closeMs: istInstant(date, "15:30"),
      vixCenti: 1_215,
    });
    expect(account.state.breakers?.ACCOUNT?.status).toBe("ARMED");
    expect(account.state.breakers?.["ACCOUNT/SENSEX"]?.trips).toMatchObject([{ by: "OPERATOR" }]);
    expect(foldJournal(account.events.map((event) => ({ event })))).toEqual(account.state);
  });
});
