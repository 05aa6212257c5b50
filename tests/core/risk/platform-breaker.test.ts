// When the platform stops everybody by itself: each cause at its limit and a paisa short of it, and never for the trouble of one
// account, for half an answer, or again for what a person has lifted.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { type AccountStanding, standingOf } from "../../../src/core/risk/account-standing.ts";
import { mayEnd } from "../../../src/core/risk/circuit-breaker.ts";
import {
  MARKS_OF_A_NEW_DAY,
  marksAfter,
  type PlatformReading,
  platformLimitsOf,
  platformTrip,
  silenceOfAll,
  totalsOf,
} from "../../../src/core/risk/platform-breaker.ts";
import { anAccount, aPrice, filled, later, NIFTY_CALL, submit } from "../../support/builders.ts";

const LIMITS = { lossShareBps: 5_000, drawdownBps: 250, silentMs: 120_000, errorAccountsMin: 3 };

const reading = (change: Partial<PlatformReading> = {}): PlatformReading => ({
  accounts: 10,
  unanswered: 0,
  losing: 10,
  unpriced: 0,
  lossMaxPaise: paise(25_000_00),
  basePaise: paise(10_00_000_00),
  resultPaise: paise(0),
  silentMs: null,
  errorAccounts: 0,
  errorOrders: 0,
  ...change,
});

const causeOf = (change: Partial<PlatformReading>, marks = MARKS_OF_A_NEW_DAY, limits = LIMITS) =>
  platformTrip(reading(change), marks, limits)?.cause ?? null;

const standing = (resultPaise: number, change: Partial<AccountStanding> = {}): AccountStanding => ({
  lossMaxPaise: paise(2_500_00),
  basePaise: paise(1_00_000_00),
  resultPaise: paise(resultPaise),
  open: [],
  ...change,
});

describe("the platform's breaker", () => {
  it("trips when all have lost half of what they may lose together, not a paisa before, and says the figures", () => {
    expect(causeOf({ resultPaise: paise(-12_499_99) })).toBeNull();
    expect(platformTrip(reading({ resultPaise: paise(-12_500_00) }), MARKS_OF_A_NEW_DAY, LIMITS)).toMatchObject({
      cause: "DAILY_LOSS",
      evidence: { limit: 12_500_00, value: 12_500_00, unit: "PAISE", detail: expect.stringContaining("10 accounts") },
    });
  });

  it("leaves the loss of one or two accounts to their own breakers", () => {
    expect(causeOf({ resultPaise: paise(-20_000_00), losing: 2 })).toBeNull();
    expect(causeOf({ resultPaise: paise(-20_000_00), losing: 3 })).toBe("DAILY_LOSS");
  });

  it("believes a sum of losses while at most a tenth of the accounts does not answer", () => {
    expect(causeOf({ resultPaise: paise(-20_000_00), accounts: 9, unanswered: 1, losing: 9 })).toBe("DAILY_LOSS");
    expect(causeOf({ resultPaise: paise(-20_000_00), accounts: 8, unanswered: 1, losing: 8 })).toBeNull();
  });

  it("trips beyond 2.5 % below the day's peak; exactly the limit still passes", () => {
    const marks = { originResultPaise: paise(0), peakResultPaise: paise(10_000_00) };
    // Of ₹10,10,000 at the peak it may fall ₹25,250.
    const at = (resultPaise: number, change: Partial<PlatformReading> = {}) =>
      causeOf({ resultPaise: paise(resultPaise), lossMaxPaise: paise(90_000_00), ...change }, marks);
    expect(at(10_000_00 - 25_250_00)).toBeNull();
    expect(at(10_000_00 - 25_250_01)).toBe("DRAWDOWN");
    expect(at(10_000_00 - 25_250_01, { unpriced: 1 })).toBeNull();
    expect(at(10_000_00 - 25_250_01, { unanswered: 1 })).toBeNull();
    expect(at(10_000_00 - 25_250_01, { accounts: 2, losing: 2 })).toBeNull();
  });

  it("trips when no live feed has ticked for two minutes, and never where none is live", () => {
    expect(causeOf({ silentMs: 119_999 })).toBeNull();
    expect(causeOf({ silentMs: 120_000, accounts: 0 })).toBe("STALE_DATA");
    expect(causeOf({ silentMs: null })).toBeNull();
    const [open, now] = [epochMs(0), epochMs(600_000)];
    expect(silenceOfAll([300_000, null, 5_000], now, open)).toBe(5_000);
    expect(silenceOfAll([null, null, null], now, open)).toBeNull();
    // Last night is no silence of today, and neither is what a person has lifted.
    expect(silenceOfAll([50_000_000], now, open)).toBe(600_000);
    expect(silenceOfAll([50_000_000], now, epochMs(590_000))).toBe(10_000);
  });

  it("trips when at least three accounts, and a fifth of those that trade, meet venue errors at once", () => {
    expect(causeOf({ errorAccounts: 2, errorOrders: 40 })).toBeNull();
    expect(causeOf({ errorAccounts: 3, errorOrders: 6 })).toBe("VENUE_ERRORS");
    expect(causeOf({ errorAccounts: 19, errorOrders: 90, accounts: 100 })).toBeNull();
    expect(causeOf({ errorAccounts: 20, errorOrders: 90, accounts: 100 })).toBe("VENUE_ERRORS");
  });

  it.each([
    ["lossShareBps", { resultPaise: paise(-20_000_00) }],
    ["drawdownBps", { resultPaise: paise(-20_000_00_00) }],
    ["silentMs", { silentMs: 9_000_000 }],
    ["errorAccountsMin", { errorAccounts: 9, errorOrders: 90 }],
  ] as const)("never trips by what an operator has set to 0: %s", (name, change) => {
    const off = { lossShareBps: 0, drawdownBps: 0, silentMs: 0, errorAccountsMin: 0 };
    expect(causeOf(change, MARKS_OF_A_NEW_DAY, { ...off, [name]: LIMITS[name] })).not.toBeNull();
    expect(causeOf(change, MARKS_OF_A_NEW_DAY, off)).toBeNull();
  });

  it("takes a setting that is no whole number as not set", () => {
    const set = { lossShareBps: "4000", drawdownBps: "2,5", silentMs: undefined, errorAccountsMin: "0" };
    expect(platformLimitsOf(set)).toEqual({ ...LIMITS, lossShareBps: 4_000, errorAccountsMin: 0 });
  });
});

describe("what it counts from", () => {
  const totals = (results: readonly (number | undefined)[]) =>
    totalsOf(
      results.map((result) => (result === undefined ? undefined : standing(result))),
      [],
    );

  it("is the day's beginning and its best moment, of which only whole sums are one", () => {
    const marks = marksAfter(MARKS_OF_A_NEW_DAY, totals([500_00, 300_00, -100_00]));
    expect(marks).toEqual({ originResultPaise: 0, peakResultPaise: 700_00 });
    // The loser does not answer: the rest is no peak.
    expect(marksAfter(marks, totals([500_00, 300_00, undefined]))).toEqual(marks);
    expect(marksAfter(marks, totals([100_00, 100_00, -100_00]))).toEqual(marks);
  });

  it("begins anew after a resume, so that what was lost before does not stop everybody again", () => {
    const lost = totals([-900_00, -900_00, -900_00]);
    const marks = marksAfter(null, lost);
    expect(marks).toEqual({ originResultPaise: -2_700_00, peakResultPaise: -2_700_00 });
    const again = (now: typeof lost) => platformTrip({ ...reading(), ...now }, marks, { ...LIMITS, lossShareBps: 1 });
    expect(again(lost)).toBeNull();
    expect(again(totals([-1_000_00, -900_00, -900_00]))?.cause).toBe("DAILY_LOSS");
    // Until all have answered nobody is stopped for money.
    expect(marksAfter(null, totals([-900_00, undefined]))).toBeNull();
    expect(platformTrip(reading({ resultPaise: paise(-25_000_00) }), null, LIMITS)).toBeNull();
  });

  it("adds up accounts at the prices they could be left at, and leaves out who has nothing at stake", () => {
    const account = anAccount();
    account.do(submit());
    const [order] = Object.values(account.state.orders);
    if (order === undefined) throw new Error("no order");
    account.report(later(10), filled(order.clientOrderId, order.quantityUnits, paise(100_00)));
    const open = standingOf(account.state);
    const bid = paise(90_00);
    const price = aPrice({
      instrumentId: NIFTY_CALL.instrumentId,
      bidPaise: bid,
      askPaise: paise(90_10),
      lastPaise: bid,
    });
    const charges = account.state.day?.accruedChargesPaise ?? 0;
    expect(totalsOf([open, null, undefined], [price])).toMatchObject({
      accounts: 1,
      unanswered: 1,
      losing: 1,
      unpriced: 0,
      resultPaise: -10_00 * order.quantityUnits - charges,
    });
    expect(totalsOf([open], [])).toMatchObject({ unpriced: 1, resultPaise: -charges });
  });
});

it("a halt of the platform ends with the operator's resume alone, whatever threw it", () => {
  for (const cause of ["DAILY_LOSS", "STALE_DATA", "VENUE_ERRORS", "DRAWDOWN"] as const) {
    const trip = { cause, by: "SYSTEM", haltId: "H1" } as const;
    expect(["USER", "NEW_DAY"].some((who) => mayEnd(trip, who as "USER"))).toBe(false);
    expect(mayEnd(trip, "OPERATOR")).toBe(true);
  }
  expect(mayEnd({ cause: "DAILY_LOSS", by: "SYSTEM" }, "OPERATOR")).toBe(false);
});
