// Views and leans that turn against what is held (AI-01, AI-09), as an account decides them.
import { describe, expect, it } from "vitest";
import type { RunWindow } from "../../../src/core/account/window-outcome.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { SWITCHING_TERMS, withoutPreventiveExits } from "../../../src/core/prediction/direction-switching.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aSignal,
  aWindow,
  filled,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

type Events = ReturnType<AccountUnderTest["do"]>;
const submitted = (events: Events) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" ? [event.terms] : []));
const decision = (events: Events) => events.flatMap((event) => (event.type === "WINDOW_RUN" ? event.decisions : []))[0];

/** In the NIFTY call since noon, at 50.05. */
function inTheCall(): AccountUnderTest {
  const account = anAccount();
  const [terms] = submitted(account.do(aWindow()));
  const entry = terms?.clientOrderId ?? id("");
  account.report(NOON, accepted(entry), filled(entry, terms?.quantityUnits ?? 0, 50_05));
  return account;
}

const leaning = (confidenceBps: number, direction: "BULLISH" | "BEARISH" | "NEUTRAL" = "BEARISH"): Signal =>
  aSignal({
    signalId: "2025-08-29-C13/NIFTY50",
    direction: "NO_TRADE",
    choice: null,
    lean: { direction, confidenceBps },
  });
const priced = (bidPaise: number) => [
  aPrice({ bidPaise: paise(bidPaise), askPaise: paise(bidPaise + 10), lastPaise: paise(bidPaise) }),
  aPrice({ instrumentId: NIFTY_PUT.instrumentId }),
];
const decided = (
  account: AccountUnderTest,
  signal: Signal,
  bidPaise: number,
  change: Partial<RunWindow> = {},
): Events => account.do(aWindow({ cycleId: "2025-08-29-C13", signals: [signal], prices: priced(bidPaise), ...change }));
const stopOf = (account: AccountUnderTest): Paise | null | undefined =>
  account.state.openTrades[NIFTY_CALL.instrumentId]?.exitPlan?.stopPaise;

describe("a lean against what is held", () => {
  it("of 60 % and more leaves what loses, beforehand, and says why", () => {
    const account = inTheCall();
    const events = decided(account, leaning(6_000), 48_00);
    expect(submitted(events)).toMatchObject([{ side: "SELL", exitReason: "PREVENTIVE", origin: "STRATEGY" }]);
    expect(decision(events)).toMatchObject({
      action: "EXITED",
      reason: expect.stringMatching(/^BULLISH ends at 60\.0 %, ₹[\d.,]+ behind, left beforehand\.$/),
    });
    expectSoundHistory(account.events, account.state);
  });

  it("of 60 % leaves what earns alone; from 70 % it turns whatever it earns", () => {
    const account = inTheCall();
    expect(submitted(decided(account, leaning(6_999), 51_00))).toEqual([]);
    expect(submitted(decided(account, leaning(7_000), 51_00, { window: 2 }))).toMatchObject([
      { exitReason: "PREVENTIVE" },
    ]);
  });

  it("of 50 % brings the stop of what loses halfway nearer, once a cycle, and never loosens it", () => {
    const account = inTheCall();
    const before = stopOf(account) ?? paise(0);
    const events = decided(account, leaning(5_500), 49_90);
    expect(submitted(events)).toEqual([]);
    expect(decision(events)).toMatchObject({ action: "HELD", reason: expect.stringContaining("the stop of") });
    const after = stopOf(account) ?? paise(0);
    expect(after).toBe(before + Math.floor((49_90 - before) / 10) * 5);
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers).toContainEqual(
      expect.objectContaining({ kind: "STOP", levelPaise: after }),
    );
    decided(account, leaning(5_500), 49_90, { window: 2 });
    decided(account, leaning(5_500), 51_00, { window: 1, cycleId: "2025-08-29-C14" });
    expect(stopOf(account)).toBe(after);
    expectSoundHistory(account.events, account.state);
  });

  it("changes nothing below 50 %, to where it stays, for what points the same way, and where it is switched off", () => {
    const account = inTheCall();
    const stop = stopOf(account);
    const off = { switching: withoutPreventiveExits(SWITCHING_TERMS) };
    for (const [at, [signal, change]] of (
      [
        [leaning(4_999), {}],
        [leaning(6_900, "NEUTRAL"), {}],
        [leaning(6_900, "BULLISH"), {}],
        [leaning(6_900), off],
      ] as const
    ).entries()) {
      const events = decided(account, signal, 49_90, { ...change, cycleId: `2025-08-29-C${13 + at}` });
      expect(submitted(events)).toEqual([]);
      expect(decision(events)).toMatchObject({ action: "HELD" });
    }
    expect(stopOf(account)).toBe(stop);
  });

  it("leaves alone what no signal has opened: that is left by a view, and not beforehand", () => {
    const account = anAccount();
    const clientOrderId = id("by-hand");
    account.do({
      type: "SUBMIT_ORDER",
      atMs: NOON,
      price: aPrice(),
      request: {
        clientOrderId,
        contract: NIFTY_CALL,
        side: "BUY",
        type: "MARKET",
        timeInForce: "IOC",
        product: "INTRADAY",
        quantityUnits: 75,
        limitPricePaise: null,
      },
    });
    account.report(NOON, accepted(clientOrderId), filled(clientOrderId, 75, 50_05));
    expect(submitted(decided(account, leaning(6_900), 48_00))).toEqual([]);
  });

  it("does not move the stop by a wrong quote, which would be above the market at the next right one", () => {
    const account = inTheCall();
    const wrong = aPrice({
      bidPaise: paise(4_800_00),
      askPaise: paise(4_810_00),
      lastPaise: paise(4_800_00),
      steady: { pricePaise: paise(48_00), atMs: NOON },
    });
    const before = stopOf(account) ?? 0;
    decided(account, leaning(5_500), 0, { prices: [wrong] });
    expect(stopOf(account)).toBeGreaterThan(before);
    expect(stopOf(account)).toBeLessThan(48_00);
  });
});

describe("turning to the other side", () => {
  it("is held back by the deployment's own terms, with the sentence that says which", () => {
    const account = inTheCall();
    const bearish = aSignal({
      signalId: "2025-08-29-C13/NIFTY50",
      direction: "BEARISH",
      choice: { ...(aSignal().choice as NonNullable<Signal["choice"]>), contract: NIFTY_PUT },
    });
    const [exit] = submitted(decided(account, bearish, 50_00));
    account.report(NOON, filled(exit?.clientOrderId ?? id(""), exit?.quantityUnits ?? 0, 50_00));
    const never = { switching: { ...SWITCHING_TERMS, switchesPerHourMax: 0 } };
    const events = decided(account, bearish, 50_00, { ...never, window: 2 });
    expect(submitted(events)).toEqual([]);
    expect(decision(events)).toMatchObject({
      action: "NO_TRADE",
      reason: "No entry: 0 switches within the hour, 0 are allowed.",
    });
    // Going on in the direction of before is no switch.
    const on = account.do(aWindow({ ...never, cycleId: "2025-08-29-C14", signals: [aSignal()] }));
    expect(decision(on)).toMatchObject({ action: "ENTERED" });
  });
});

describe("a view against what is held", () => {
  it.each([
    ["with exits beforehand", SWITCHING_TERMS, 4_900],
    ["with exits beforehand", SWITCHING_TERMS, 6_900],
    ["without exits beforehand", withoutPreventiveExits(SWITCHING_TERMS), 4_900],
    ["without exits beforehand", withoutPreventiveExits(SWITCHING_TERMS), 6_900],
  ] as const)("leaves it %s however sure it is, being sure enough to be traded", (_, switching, confidenceBps) => {
    const account = inTheCall();
    const choice = aSignal().choice;
    const view = aSignal({
      signalId: "2025-08-29-C13/NIFTY50",
      direction: "BEARISH",
      confidenceBps,
      choice: choice === null ? null : { ...choice, contract: NIFTY_PUT },
    });
    const events = decided(account, view, 51_00, { switching });
    expect(submitted(events)).toContainEqual(
      expect.objectContaining({ side: "SELL", contract: NIFTY_CALL, exitReason: "DIRECTION_SWITCH" }),
    );
    expectSoundHistory(account.events, account.state);
  });
});
