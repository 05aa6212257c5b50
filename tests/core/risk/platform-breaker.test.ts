// When the platform stops everybody by itself: each cause at its limit and a paisa short of it, and never for the trouble of one
// account, for half an answer, or again for what a person has lifted.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { type AccountStanding, standingOf } from "../../../src/core/risk/account-standing.ts";
import { mayEnd } from "../../../src/core/risk/circuit-breaker.ts";
import {
  type PlatformReading,
  platformLimitsOf,
  platformTrip,
  silenceOfAll,
} from "../../../src/core/risk/platform-breaker.ts";
import { dayAfter, gainPaise, NOTHING_KNOWN, totalsOf } from "../../../src/core/risk/platform-sums.ts";
import { anAccount, aPrice, filled, later, NIFTY_CALL, submit } from "../../support/builders.ts";

const LIMITS = { lossShareBps: 5_000, drawdownBps: 250, silentMs: 120_000, errorAccountsMin: 3 };

const reading = (change: Partial<PlatformReading> = {}): PlatformReading => ({
  trading: 10,
  accounts: 10,
  unanswered: 0,
  losing: 10,
  unpriced: 0,
  lossMaxPaise: paise(25_000_00),
  basePaise: paise(10_00_000_00),
  originPaise: paise(0),
  resultPaise: paise(0),
  peakGainPaise: paise(0),
  silentMs: null,
  errorAccounts: 0,
  errorOrders: 0,
  ...change,
});

const causeOf = (change: Partial<PlatformReading>, limits = LIMITS) =>
  platformTrip(reading(change), limits)?.cause ?? null;

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
    expect(platformTrip(reading({ resultPaise: paise(-12_500_00) }), LIMITS)).toMatchObject({
      cause: "DAILY_LOSS",
      evidence: { limit: 12_500_00, value: 12_500_00, unit: "PAISE", detail: expect.stringContaining("10 accounts") },
    });
  });

  it("leaves the loss of one or two accounts to their own breakers", () => {
    expect(causeOf({ resultPaise: paise(-20_000_00), losing: 2 })).toBeNull();
    expect(causeOf({ resultPaise: paise(-20_000_00), losing: 3 })).toBe("DAILY_LOSS");
  });

  it("trips beyond 2.5 % below the best moment; exactly the limit still passes", () => {
    // Of ₹10,10,000 at the peak it may fall ₹25,250.
    const at = (resultPaise: number, change: Partial<PlatformReading> = {}) => {
      const money = { lossMaxPaise: paise(90_000_00), peakGainPaise: paise(10_000_00) };
      return causeOf({ resultPaise: paise(resultPaise), ...money, ...change });
    };
    expect(at(10_000_00 - 25_250_00)).toBeNull();
    expect(at(10_000_00 - 25_250_01)).toBe("DRAWDOWN");
    expect(at(10_000_00 - 25_250_01, { accounts: 2, losing: 2 })).toBeNull();
  });

  it("trips when no live feed has ticked for two minutes, and never where none is live or one does not answer", () => {
    expect(causeOf({ silentMs: 119_999 })).toBeNull();
    expect(causeOf({ silentMs: 120_000 })).toBe("STALE_DATA");
    expect(causeOf({ silentMs: 120_000, trading: 2 })).toBeNull();
    expect(causeOf({ silentMs: null })).toBeNull();
    const [open, now] = [epochMs(0), epochMs(600_000)];
    expect(silenceOfAll([300_000, null, 5_000], now, open)).toBe(5_000);
    expect(silenceOfAll([null, null, null], now, open)).toBeNull();
    expect(silenceOfAll([300_000, null, undefined], now, open)).toBeNull();
    // Last night is no silence of today, and neither is what a person has lifted.
    expect(silenceOfAll([50_000_000], now, open)).toBe(600_000);
    expect(silenceOfAll([50_000_000], now, epochMs(590_000))).toBe(10_000);
  });

  it("trips when at least three accounts, and a fifth of those that trade, meet venue errors at once", () => {
    expect(causeOf({ errorAccounts: 2, errorOrders: 40 })).toBeNull();
    expect(causeOf({ errorAccounts: 3, errorOrders: 6 })).toBe("VENUE_ERRORS");
    expect(causeOf({ errorAccounts: 19, errorOrders: 90, trading: 100 })).toBeNull();
    expect(causeOf({ errorAccounts: 20, errorOrders: 90, trading: 100 })).toBe("VENUE_ERRORS");
  });

  it.each([
    ["lossShareBps", { resultPaise: paise(-20_000_00) }],
    ["drawdownBps", { resultPaise: paise(-20_000_00_00) }],
    ["silentMs", { silentMs: 9_000_000 }],
    ["errorAccountsMin", { errorAccounts: 9, errorOrders: 90 }],
  ] as const)("never trips by what an operator has set to 0: %s", (name, change) => {
    const off = { lossShareBps: 0, drawdownBps: 0, silentMs: 0, errorAccountsMin: 0 };
    expect(causeOf(change, { ...off, [name]: LIMITS[name] })).not.toBeNull();
    expect(causeOf(change, off)).toBeNull();
  });

  it("takes a setting that is no whole number as not set", () => {
    const set = { lossShareBps: "4000", drawdownBps: "2,5", silentMs: undefined, errorAccountsMin: "0" };
    expect(platformLimitsOf(set)).toEqual({ ...LIMITS, lossShareBps: 4_000, errorAccountsMin: 0 });
  });
});

/** Results by account; `undefined` for one that does not answer. */
type Results = Readonly<Record<string, number | undefined>>;

const seen = (results: Results, before = NOTHING_KNOWN, isAnew = false) =>
  dayAfter(
    before,
    Object.entries(results).map(([accountId, result]) => ({
      accountId,
      standing: result === undefined ? undefined : standing(result),
    })),
    [],
    isAnew,
  );
const gainOf = ({ day }: ReturnType<typeof seen>) => gainPaise(totalsOf(day.known));
const causeAfter = ({ day }: ReturnType<typeof seen>, limits = LIMITS) =>
  platformTrip({ ...reading({ peakGainPaise: day.peakGainPaise, trading: 0 }), ...totalsOf(day.known) }, limits)
    ?.cause ?? null;

describe("what it counts", () => {
  it("is every account at its last known result, so that silence is neither a loss nor a gain", () => {
    const first = seen({ a: -55_000_00, b: -20_000_00, c: 60_000_00 });
    expect(gainOf(first)).toBe(-15_000_00);
    // The winner does not answer, and then has nothing at stake any more.
    const silent = seen({ a: -55_000_00, b: -20_000_00, c: undefined }, first.day);
    expect([gainOf(silent), silent.unanswered]).toEqual([-15_000_00, 1]);
    const gone = dayAfter(silent.day, [{ accountId: "c", standing: null }], [], false);
    expect(gainOf(gone)).toBe(-15_000_00);
    expect(totalsOf(gone.day.known)).toMatchObject({ accounts: 3, losing: 2 });
  });

  it("leaves out who has never answered", () => {
    const some = seen({ a: -55_000_00, b: undefined });
    expect(totalsOf(some.day.known)).toMatchObject({ accounts: 1, resultPaise: -55_000_00 });
  });

  it("remembers the best moment of all together", () => {
    const best = seen({ a: 500_00, b: 300_00, c: -100_00 });
    expect(best.day.peakGainPaise).toBe(700_00);
    expect(seen({ a: 100_00, b: 100_00, c: -100_00 }, best.day).day.peakGainPaise).toBe(700_00);
  });

  it("begins anew after a resume: what was lost before stops nobody again, and three have to lose from there", () => {
    const lost = seen({ a: -1_000_00, b: -1_000_00, c: -1_000_00 }, NOTHING_KNOWN, true);
    const strict = { ...LIMITS, lossShareBps: 1 };
    expect(causeAfter(lost, strict)).toBeNull();
    const one = seen({ a: -2_000_00 }, lost.day, true);
    expect([gainOf(one), totalsOf(one.day.known).losing, causeAfter(one, strict)]).toEqual([-1_000_00, 1, null]);
    expect(causeAfter(seen({ b: -1_001_00, c: -1_001_00 }, one.day, true), strict)).toBe("DAILY_LOSS");
    // Who is seen only later counts from there as well.
    expect(gainOf(seen({ d: -9_000_00 }, lost.day, true))).toBe(0);
  });

  it("adds up accounts at the prices they could be left at; without a price the last known result stands", () => {
    const account = anAccount();
    account.do(submit());
    const [order] = Object.values(account.state.orders);
    if (order === undefined) throw new Error("no order");
    account.report(later(10), filled(order.clientOrderId, order.quantityUnits, paise(100_00)));
    const answers = [{ accountId: "a", standing: standingOf(account.state) }];
    const bid = paise(90_00);
    const quote = { bidPaise: bid, askPaise: paise(90_10), lastPaise: bid };
    const price = aPrice({ instrumentId: NIFTY_CALL.instrumentId, ...quote });
    const charges = account.state.day?.accruedChargesPaise ?? 0;
    const priced = dayAfter(NOTHING_KNOWN, answers, [price], false);
    expect(priced).toMatchObject({ unanswered: 0, unpriced: 0 });
    expect(totalsOf(priced.day.known)).toMatchObject({
      accounts: 1,
      losing: 1,
      resultPaise: -10_00 * order.quantityUnits - charges,
    });
    const blind = dayAfter(priced.day, answers, [], false);
    expect(blind).toEqual({ ...priced, unpriced: 1 });
    expect(totalsOf(dayAfter(NOTHING_KNOWN, answers, [], false).day.known).accounts).toBe(0);
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
