// What an account makes of the signals of one execution window.
import { describe, expect, it } from "vitest";
import type { AccountEvent, WindowDecision } from "../../../src/core/account/event.ts";
import type { Restriction } from "../../../src/core/compliance/restriction.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aSignal,
  aWindow,
  BANKNIFTY_CALL,
  canceled,
  DATE,
  filled,
  id,
  LIMITS,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  SENSEX_CALL,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const decisionsOf = (events: readonly AccountEvent[]): readonly WindowDecision[] =>
  events.flatMap((event) => (event.type === "WINDOW_RUN" ? event.decisions : []));
const submitted = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" ? [event.terms] : []));

/** A signal of another underlying, or of the put. */
function signalOf(contract: typeof NIFTY_CALL, change: Partial<Signal> = {}): Signal {
  const base = aSignal();
  return aSignal({
    signalId: `2025-08-29-C12/${contract.underlying}`,
    underlying: contract.underlying,
    direction: contract.optionType === "CALL" ? "BULLISH" : "BEARISH",
    choice: base.choice && { ...base.choice, contract },
    ...change,
  });
}
const priceOf = (instrumentId: InstrumentId) => aPrice({ instrumentId });
const allPrices = [NIFTY_CALL, NIFTY_PUT, BANKNIFTY_CALL, SENSEX_CALL].map((contract) =>
  priceOf(contract.instrumentId),
);

/** In the NIFTY call since noon. */
function inTheCall(): AccountUnderTest {
  const account = anAccount();
  const [terms] = submitted(account.do(aWindow()));
  const entry = terms?.clientOrderId ?? id("");
  account.report(NOON, accepted(entry), filled(entry, terms?.quantityUnits ?? 0, 50_05));
  return account;
}

const WIDE = { orderValueMaxPaise: paise(1_00_00_000_00), positionSizeMaxPaise: paise(1_00_00_000_00) };

/** Something has been said for the day. */
function warnedOf(
  symbol: Restriction["symbol"],
  change: Parameters<typeof anAccount>[0] = {},
  type: Restriction["type"] = "ALERT",
): AccountUnderTest {
  const account = anAccount(change);
  const said = { restrictionId: "r-1", source: "OPERATOR", from: DATE, to: DATE, message: "budget day" } as const;
  account.do({
    type: "CHANGE_RESTRICTIONS",
    atMs: NOON,
    jobKey: "r",
    date: DATE,
    restrictions: [{ ...said, symbol, type }],
  });
  return account;
}

const limitsOf = (limits: Partial<typeof LIMITS>) =>
  ({ type: "CHANGE_LIMITS", atMs: NOON, limits: { ...LIMITS, ...limits } }) as const;

describe("a window", () => {
  it("enters a view with a protected market order of whole lots under an id made from account, cycle and window", () => {
    const account = anAccount();
    const events = account.do(aWindow());
    const [terms] = submitted(events);
    expect(terms).toMatchObject({
      clientOrderId: "U001-2025-08-29-C12-W1-NIFTY50-E1",
      side: "BUY",
      type: "MARKET",
      timeInForce: "IOC",
      limitPricePaise: 51_10,
      purpose: "ENTRY",
      origin: "STRATEGY",
      signalId: "2025-08-29-C12/NIFTY50",
    });
    expect((terms?.quantityUnits ?? 0) % 75).toBe(0);
    expect(decisionsOf(events)).toMatchObject([
      { signalId: "2025-08-29-C12/NIFTY50", action: "ENTERED", denial: null },
    ]);
    const order = account.state.orders[terms?.clientOrderId ?? id("")];
    expect(order?.reservedPaise).toBe(51_10 * (terms?.quantityUnits ?? 0));
  });

  it("takes the underlyings in their fixed order, whatever order the signals come in", () => {
    const account = anAccount({ capitalPaise: paise(1_00_000_00) });
    const signals = [signalOf(SENSEX_CALL), signalOf(BANKNIFTY_CALL), signalOf(NIFTY_CALL)];
    const events = account.do(aWindow({ signals, prices: allPrices }));
    expect(submitted(events).map(({ contract }) => contract.underlying)).toEqual(["NIFTY50", "BANKNIFTY", "SENSEX"]);
  });

  it("does nothing on NEUTRAL and NO_TRADE, on a view that has lapsed, and where no contract fits", () => {
    const cases: readonly Partial<Signal>[] = [
      { direction: "NEUTRAL" },
      { direction: "NO_TRADE" },
      { expiresAtMs: NOON },
      { choice: null },
    ];
    for (const change of cases) {
      const events = anAccount().do(aWindow({ signals: [aSignal(change)] }));
      expect(decisionsOf(events)).toMatchObject([{ action: "NO_TRADE" }]);
      expect(submitted(events)).toEqual([]);
    }
  });

  it("enters once while an entry is under way or on, and again when the first came to nothing", () => {
    const account = anAccount();
    const [first] = submitted(account.do(aWindow({ window: 1 })));
    expect(decisionsOf(account.do(aWindow({ window: 2 })))).toMatchObject([{ action: "HELD" }]);
    account.report(NOON, accepted(first?.clientOrderId ?? id("")), canceled(first?.clientOrderId ?? id("")));
    expect(submitted(account.do(aWindow({ window: 3 })))).toMatchObject([
      { clientOrderId: "U001-2025-08-29-C12-W3-NIFTY50-E1" },
    ]);
    expect(account.state.day?.trades).toBe(0);
  });

  it("leaves when the view has turned, enters the new one in the next window, and turns back no sooner than the terms allow", () => {
    const account = inTheCall();
    const bearish = { signals: [signalOf(NIFTY_PUT)], prices: allPrices, cycleId: "2025-08-29-C13" };
    const out = account.do(aWindow({ ...bearish, window: 1 }));
    expect(decisionsOf(out)).toMatchObject([{ action: "EXITED" }]);
    const [exit] = submitted(out);
    expect(exit).toMatchObject({ side: "SELL", purpose: "EXIT", exitReason: "DIRECTION_SWITCH" });
    account.report(NOON, filled(exit?.clientOrderId ?? id(""), exit?.quantityUnits ?? 0, 49_95));
    const [entry] = submitted(account.do(aWindow({ ...bearish, window: 2 })));
    expect(entry).toMatchObject({ purpose: "ENTRY", contract: { optionType: "PUT" } });
    account.report(NOON, filled(entry?.clientOrderId ?? id(""), entry?.quantityUnits ?? 0, 50_05));
    const back = account.do(aWindow({ ...bearish, signals: [signalOf(NIFTY_CALL)], window: 3 }));
    // Getting out is never held back.
    expect(submitted(back)).toMatchObject([{ exitReason: "DIRECTION_SWITCH", contract: { optionType: "PUT" } }]);
    const [gone] = submitted(back);
    account.report(NOON, filled(gone?.clientOrderId ?? id(""), gone?.quantityUnits ?? 0, 49_95));
    const next = { signals: [signalOf(NIFTY_CALL)], prices: allPrices, cycleId: "2025-08-29-C14" };
    const early = account.do(aWindow({ ...next, window: 1, atMs: later(299_999) }));
    expect(decisionsOf(early)).toMatchObject([
      { action: "NO_TRADE", reason: "No entry: the last switch is less than 5 minutes ago." },
    ]);
    const prices = allPrices.map((price) => ({ ...price, quotedAtMs: later(300_000) }));
    const again = account.do(aWindow({ ...next, prices, window: 2, atMs: later(300_000) }));
    expect(decisionsOf(again)).toMatchObject([{ action: "ENTERED" }]);
    expectSoundHistory(account.events, account.state);
  });

  it("holds a trade whose view goes on, and leaves it when its time is up, whatever is predicted", () => {
    const account = inTheCall();
    const lapsesAtMs = aSignal().expiresAtMs;
    const before = account.do(aWindow({ window: 2, atMs: epochMs(lapsesAtMs - 1) }));
    expect(decisionsOf(before)).toMatchObject([{ action: "HELD" }]);
    const events = account.do(aWindow({ cycleId: "2025-08-29-C14", atMs: lapsesAtMs, signals: [] }));
    expect(submitted(events)).toMatchObject([{ exitReason: "TIME", side: "SELL", origin: "STRATEGY" }]);
  });

  it("records a denial with the order, once for each signal", () => {
    const account = anAccount({ capitalPaise: paise(5_000_00) });
    const first = account.do(aWindow({ window: 1 }));
    expect(decisionsOf(first)).toMatchObject([{ action: "DENIED", denial: { code: "POSITION_TOO_SMALL" } }]);
    expect(first.map(({ type }) => type)).toEqual(["WINDOW_RUN", "ORDER_DENIED"]);
    const second = account.do(aWindow({ window: 2 }));
    expect(decisionsOf(second)).toMatchObject([{ action: "DENIED", denial: { code: "POSITION_TOO_SMALL" } }]);
    expect(second.map(({ type }) => type)).toEqual(["WINDOW_RUN"]);
    expect(account.state.day).toMatchObject({ ordersDenied: 1, ordersSubmitted: 0 });
  });

  it("says which rule stood in the way of the smallest order", () => {
    const account = anAccount();
    const denialWith = (change: Parameters<typeof aWindow>[0]) =>
      decisionsOf(account.do(aWindow(change)))[0]?.denial?.code;
    expect(denialWith({ cycleId: "C1", prices: [] })).toBe("QUOTE_MISSING");
    expect(denialWith({ cycleId: "C2", prices: [aPrice({ quotedAtMs: epochMs(NOON - 200_000) })] })).toBe(
      "QUOTE_STALE",
    );
  });

  it("goes on with the other signals when one of them cannot be acted on", () => {
    const account = anAccount();
    const broken = signalOf(NIFTY_CALL, { stopMovePaise: Number.NaN as Signal["stopMovePaise"] });
    const events = account.do(aWindow({ signals: [broken, signalOf(SENSEX_CALL)], prices: allPrices }));
    expect(decisionsOf(events).map(({ action }) => action)).toEqual(["NO_TRADE", "ENTERED"]);
    expectSoundHistory(account.events, account.state);
  });

  it("takes over the figures of the volatility band for this window already", () => {
    const account = anAccount();
    account.do(aWindow({ vixCenti: 2_500 }));
    expect(account.state.day).toMatchObject({ vixCenti: 2_500, capacityBps: 5_000, vixTradesMax: 90 });
    const calm = anAccount();
    calm.do(aWindow({ vixCenti: 1_200, signals: [aSignal({ confidenceBps: 8_500 })] }));
    expect(calm.state.day?.vixTradesMax).toBe(216);
  });

  it("records what VIX and confidence made of the day's trades, and why (VIX-04)", () => {
    const account = anAccount();
    account.do(aWindow({ vixCenti: 2_500, signals: [aSignal({ confidenceBps: 4_500 })] }));
    const vixDecision = {
      guideline: 90,
      decision: "REDUCE",
      adaptiveMax: 63,
      remaining: 63,
      averageConfidenceBps: 4_500,
      allocation: { NIFTY50: 25, BANKNIFTY: 25, SENSEX: 13 },
      reason: "VIX is 25.00; the mean confidence is 45.00 %, below 50 %",
    };
    expect(account.events.find(({ type }) => type === "WINDOW_RUN")).toMatchObject({ vixDecision });
    expect(account.state.day?.vixDecision).toEqual(vixDecision);
    const unknown = anAccount();
    unknown.do(aWindow({ vixCenti: null, signals: [aSignal({ confidenceBps: 9_000 })] }));
    expect(unknown.state.day?.vixDecision).toMatchObject({
      decision: "FOLLOW",
      adaptiveMax: 90,
      reason: "VIX is not known; the mean confidence is 90.00 %, and nothing is exceeded: there is no VIX to go by",
    });
  });

  it("VIX-03: exceeds nothing while the indices move by more than 30 %, an alert is in force, or the day has lost most of what it may", () => {
    const sure = { vixCenti: 1_200, signals: [aSignal({ confidenceBps: 9_000 })] };
    const decided = (account: AccountUnderTest, window: Parameters<typeof aWindow>[0] = {}) => {
      account.do(aWindow({ ...sure, ...window }));
      const { decision, volatilityBps, riskWarning } = account.state.day?.vixDecision ?? {};
      return { decision, volatilityBps, riskWarning };
    };
    expect(decided(anAccount(), { volatilityBps: 3_000 })).toEqual({ decision: "EXCEED", volatilityBps: 3_000 });
    expect(decided(anAccount(), { volatilityBps: 3_001 })).toEqual({ decision: "FOLLOW", volatilityBps: 3_001 });
    expect(decided(warnedOf("*"))).toEqual({ decision: "FOLLOW", riskWarning: "OPERATOR ALERT: budget day" });
    const losing = inTheCall();
    const units = losing.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits ?? 0;
    const bidPaise = paise(50_05 - Math.ceil(3_900_00 / units));
    const prices = [aPrice({ bidPaise, askPaise: paise(bidPaise + 10), lastPaise: bidPaise })];
    losing.do({ ...limitsOf({ dailyLossMaxPaise: paise(5_000_00) }) });
    const { riskWarning } = decided(losing, { window: 2, prices });
    expect(riskWarning).toMatch(/^the day has lost 39\d\d\.\d\d of the 5000\.00 it may$/);
  });

  it("RSK-11: takes half the lots in what an alert is about, and all of them in what it is not about", () => {
    const lots = (account: AccountUnderTest) =>
      (submitted(account.do(aWindow()))[0]?.quantityUnits ?? 0) / NIFTY_CALL.lotSize;
    const rich = { capitalPaise: paise(5_00_000_00), category: "ADMIN" as const, limits: WIDE };
    const all = lots(anAccount(rich));
    expect(all).toBeGreaterThan(3);
    for (const symbol of ["*", "NIFTY50", NIFTY_CALL.instrumentId] as const) {
      expect(lots(warnedOf(symbol, rich))).toBe(Math.floor(all / 2));
    }
    expect(lots(warnedOf("SENSEX", rich))).toBe(all);
    expect(lots(warnedOf("*", rich, "CIRCULAR"))).toBe(all);
  });

  it("C-52: gives what is left of a limit to the surest view, as VIX lets it count", () => {
    const account = anAccount({ limits: { openTradesMax: 1 } });
    const views = [
      signalOf(NIFTY_CALL, { confidenceBps: 7_100 }),
      signalOf(SENSEX_CALL, { confidenceBps: 7_900 }),
      signalOf(BANKNIFTY_CALL, { confidenceBps: 7_200 }),
    ];
    const events = account.do(aWindow({ signals: views, prices: allPrices }));
    expect(submitted(events).map(({ contract }) => contract.underlying)).toEqual(["SENSEX"]);
    expect(decisionsOf(events).map(({ signalId }) => signalId.slice(15))).toEqual(["SENSEX", "BANKNIFTY", "NIFTY50"]);
  });

  it("counts confidence before the gate: views that were held back too, but not signals without any view (VIX-03)", () => {
    const tradesMax = (...confidences: readonly number[]) => {
      const account = anAccount();
      const [first = 0, ...heldBack] = confidences;
      const none = heldBack.map((confidenceBps, index) =>
        aSignal({ signalId: `other-${index}`, direction: "NO_TRADE", choice: null, confidenceBps }),
      );
      account.do(aWindow({ vixCenti: 1_200, signals: [aSignal({ confidenceBps: first }), ...none] }));
      return account.state.day?.vixTradesMax;
    };
    expect(tradesMax(8_500)).toBe(216);
    expect(tradesMax(8_500, 6_000)).toBe(180);
    expect(tradesMax(7_500, 1_500)).toBe(126);
    expect(tradesMax(8_500, 0, 0)).toBe(216);
  });

  it("is run once, and not at all when entries are over", () => {
    const account = anAccount();
    account.do(aWindow());
    expect(account.do(aWindow())).toEqual([]);
    account.do({ type: "ENTER_EXIT_ONLY", atMs: later(1), jobKey: "EXIT_ONLY" });
    expect(account.do(aWindow({ window: 2 })).map(({ type }) => type)).toEqual(["JOB_DONE"]);
  });

  it("opens nothing while the account is halted, and says so", () => {
    const account = anAccount();
    account.do({ type: "HALT", atMs: NOON, reason: "enough", prices: [] });
    expect(decisionsOf(account.do(aWindow()))).toMatchObject([
      { action: "NO_TRADE", reason: "the account is HALTED: nothing new is opened" },
    ]);
  });

  it("closes everything when it finds the day's loss limit reached", () => {
    const account = inTheCall();
    const units = Object.values(account.state.openTrades)[0]?.position.netUnits ?? 0;
    account.do({
      type: "CHANGE_LIMITS",
      atMs: NOON,
      limits: { ...LIMITS, dailyLossMaxPaise: paise(units * 5_00) },
    });
    const events = account.do(aWindow({ window: 2, prices: [aPrice({ bidPaise: paise(44_00) })] }));
    expect(account.state.tradingState).toBe("REDUCING");
    expect(submitted(events)).toMatchObject([{ exitReason: "DAILY_LOSS", quantityUnits: units }]);
  });
});
