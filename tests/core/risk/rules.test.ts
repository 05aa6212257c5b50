// Each further limit refuses at its edge with its code, its limit and the value, and lets the edge itself pass.
import { describe, expect, it } from "vitest";
import type { AccountLimits, Category, LimitOverrides } from "../../../src/core/account/profile.ts";
import type { AccountState, DayState } from "../../../src/core/account/state.ts";
import type { Underlying } from "../../../src/core/instrument/contract.ts";
import { permittedExpiryOf } from "../../../src/core/instrument/permitted-expiry.ts";
import { priceBandOf } from "../../../src/core/instrument/price-band.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { checkOrder } from "../../../src/core/risk/check.ts";
import { effectiveLimits } from "../../../src/core/risk/effective-limits.ts";
import {
  anAccount,
  aPrice,
  aProfile,
  at,
  BANKNIFTY_CALL,
  filled,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  someTerms,
  submit,
} from "../../support/builders.ts";

type Given = Parameters<typeof anAccount>[0];
const check = (
  state: AccountState,
  change: Partial<OrderTerms> = {},
  price: Parameters<typeof aPrice>[0] = {},
  now = NOON,
) => checkOrder(state, someTerms(change), { product: "INTRADAY", price: aPrice(price), heldPrices: [] }, now);
const denialOf = (...given: Parameters<typeof check>) => {
  const checked = check(...given);
  return checked.ok ? null : checked.error;
};
const withProfile = (state: AccountState, change: object): AccountState => ({
  ...state,
  profile: { ...aProfile(), ...state.profile, ...change },
});
const withDay = (state: AccountState, change: Partial<DayState>): AccountState => ({
  ...state,
  day: { ...(state.day as DayState), ...change },
});
const limited = (limits: Partial<AccountLimits>, more: Given = {}) => anAccount({ ...more, limits });
const fresh = anAccount().state;
/** Rich enough that buying power is not what a test is about. */
const RICH: Given = { category: "ADMIN", capitalPaise: paise(15_00_000_00), savingsPaise: paise(40_00_000_00) };

describe("the rules that were asked", () => {
  it("are all on the approval, each with its figures, and the last one of a denial is the one that refused", () => {
    const approved = check(fresh);
    if (!approved.ok) throw new Error(approved.error.code);
    expect(approved.checks).toBe(approved.value.checks);
    expect(approved.checks.every(({ passed }) => passed)).toBe(true);
    expect(approved.checks).toContainEqual({
      rule: "QUANTITY_ABOVE_FREEZE",
      passed: true,
      limit: 1_800,
      value: 75,
      unit: "UNITS",
    });
    const denied = check(fresh, { quantityUnits: 1_875 });
    expect(denied.ok).toBe(false);
    expect(denied.checks.at(-1)).toEqual({
      rule: "QUANTITY_ABOVE_FREEZE",
      passed: false,
      limit: 1_800,
      value: 1_875,
      unit: "UNITS",
    });
    expect(denied.checks.slice(0, -1).every(({ passed }) => passed)).toBe(true);
    expect(denied.checks.length).toBeLessThan(approved.checks.length);
  });
});

describe("who the account is", () => {
  it("C-54: an unknown category opens nothing", () => {
    for (const category of ["GOLD", "", "__proto__"] as unknown as Category[]) {
      expect(denialOf(withProfile(fresh, { category }))).toMatchObject({ code: "CATEGORY_UNKNOWN" });
    }
  });

  it("G-25b, C-03: exactly ₹15 lakh of own capital passes, a rupee more does not", () => {
    expect(denialOf(withProfile(fresh, { capitalPaise: paise(15_00_000_00) }))).toBeNull();
    expect(denialOf(withProfile(fresh, { capitalPaise: paise(15_00_001_00) }))).toMatchObject({
      code: "OWN_CAPITAL_LIMIT",
      limit: 15_00_000_00,
      value: 15_00_001_00,
      unit: "PAISE",
    });
  });
});

describe("the expiry", () => {
  const on = (date: string, underlying: Underlying, expiry: string) => {
    const contract = { ...NIFTY_CALL, underlying, expiry: marketDate(expiry) };
    return denialOf(withDay(fresh, { date: marketDate(date) }), { contract })?.code ?? "APPROVED";
  };
  it("G-25, G-25b: up to the last expiry of the month passes, and no day that is none", () => {
    expect(permittedExpiryOf("NIFTY50", marketDate("2025-06-20"))).toBe("2025-06-26");
    expect(permittedExpiryOf("BANKNIFTY", marketDate("2025-06-20"))).toBe("2025-06-26");
    expect(permittedExpiryOf("SENSEX", marketDate("2025-06-20"))).toBe("2025-06-24");
    expect(on("2025-06-20", "NIFTY50", "2025-06-26")).toBe("APPROVED");
    expect(on("2025-06-20", "NIFTY50", "2025-06-25")).toBe("EXPIRY_UNKNOWN");
    expect(on("2025-06-20", "NIFTY50", "2025-06-27")).toBe("EXPIRY_UNKNOWN");
    expect(on("2025-06-20", "NIFTY50", "2025-07-03")).toBe("EXPIRY_NOT_PERMITTED");
    expect(on("2025-06-20", "BANKNIFTY", "2025-07-31")).toBe("EXPIRY_NOT_PERMITTED");
  });

  it("is the next month's on the day the month's last contract expires", () => {
    expect(permittedExpiryOf("NIFTY50", marketDate("2025-06-26"))).toBe("2025-07-31");
    expect(on("2025-06-26", "NIFTY50", "2025-07-03")).toBe("APPROVED");
  });

  it("C-50: where the calendar knows nothing, nothing passes", () => {
    expect(permittedExpiryOf("NIFTY50", marketDate("2031-03-03"))).toBeNull();
    expect(on("2031-03-03", "NIFTY50", "2031-03-06")).toBe("EXPIRY_UNKNOWN");
  });
});

describe("the quote", () => {
  it("that cannot be true opens nothing", () => {
    const insane: Parameters<typeof aPrice>[0][] = [
      { bidPaise: paise(50_10), askPaise: paise(50_05) },
      { bidPaise: paise(0) },
      { askPaise: paise(-5) },
      { askPaise: Number.NaN as Paise },
      { lastPaise: 50.5 as Paise },
      { bidPaise: paise(4_999_00), askPaise: paise(5_001_00) },
      { bidPaise: paise(45), askPaise: paise(50) },
      { quotedAtMs: epochMs(NOON + 600_000) },
      { quotedAtMs: Number.NaN as typeof NOON },
    ];
    for (const price of insane)
      expect(denialOf(fresh, {}, price), JSON.stringify(price)).toMatchObject({ code: "QUOTE_INSANE" });
    expect(denialOf(fresh, {}, { bidPaise: paise(50_05), askPaise: paise(50_05) })).toBeNull();
  });

  it("with a spread that is a quarter of the price passes, a wider one does not, except for a few ticks", () => {
    expect(denialOf(fresh, {}, { bidPaise: paise(43_75), askPaise: paise(56_25) })).toBeNull();
    expect(denialOf(fresh, {}, { bidPaise: paise(43_70), askPaise: paise(56_30) })).toMatchObject({
      code: "SPREAD_TOO_WIDE",
      limit: 2_500,
      value: 2_520,
      unit: "BPS",
    });
    const cheap = { bidPaise: paise(50), askPaise: paise(1_50), lastPaise: paise(1_00) };
    expect(denialOf(fresh, { limitPricePaise: paise(1_50) }, cheap)).toBeNull();
  });

  it("market-rules 1.6: bounds the price by ₹20 up to a reference of ₹50 and by 40 % above it", () => {
    const band = (reference: number, date = "2025-08-29") => priceBandOf("NSE", marketDate(date), paise(reference));
    expect(band(50_00)).toEqual({ fromPaise: 30_00, toPaise: 70_00 });
    expect(band(10_00)).toEqual({ fromPaise: 0, toPaise: 30_00 });
    expect(band(100_00)).toEqual({ fromPaise: 60_00, toPaise: 140_00 });
    expect(priceBandOf("BSE", marketDate("2026-01-05"), paise(200_00))).toEqual({ fromPaise: 120_00, toPaise: 280_00 });
    expect(band(50_00, "1999-12-31")).toBeNull();
    expect(denialOf(fresh, { limitPricePaise: paise(70_00) })).toBeNull();
    expect(denialOf(fresh, { limitPricePaise: paise(70_05) })).toMatchObject({ code: "PRICE_BAND", limit: 70_00 });
    expect(denialOf(fresh, { limitPricePaise: paise(30_00) })).toBeNull();
    expect(denialOf(fresh, { limitPricePaise: paise(29_95) })).toMatchObject({
      code: "PRICE_BAND",
      limit: 30_00,
      value: 29_95,
      detail: "the exchange takes prices from ₹30.00 to ₹70.00",
    });
  });

  it("holds an exit by request to the band as well, but only a fresh quote that makes sense can", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(id("order-1"), 75, 50_00));
    const exit = { side: "SELL", purpose: "EXIT", exitReason: "REQUEST", limitPricePaise: paise(90_00) } as const;
    expect(denialOf(account.state, exit)).toMatchObject({ code: "PRICE_BAND", limit: 70_00 });
    expect(denialOf(account.state, exit, { quotedAtMs: at("11:00") })).toBeNull();
    expect(denialOf(account.state, exit, { bidPaise: paise(60_00) })).toBeNull();
    expect(denialOf(account.state, { ...exit, origin: "GUARDRAIL" })).toBeNull();
    expect(denialOf(account.state, { ...exit, type: "MARKET" })).toBeNull();
  });
});

describe("the hour", () => {
  it("is over for entries a quarter of an hour before the end, whether or not the job has come", () => {
    const quoted = (time: string) => ({ quotedAtMs: at(time) });
    expect(denialOf(fresh, {}, quoted("15:14"), at("15:14"))).toBeNull();
    expect(denialOf(fresh, {}, quoted("15:15"), at("15:15"))).toMatchObject({ code: "ENTRIES_CLOSED" });
  });
});

describe("how many", () => {
  it("C-59: a figure for one index binds that index alone, with what is under way", () => {
    const account = limited({ tradesPerDayByUnderlying: { NIFTY50: 2 } });
    account.do(submit({ clientOrderId: id("one") }));
    account.report(NOON, filled(id("one"), 75, 50_00));
    expect(denialOf(account.state)).toBeNull();
    account.do(submit({ clientOrderId: id("two") }));
    expect(denialOf(account.state)).toMatchObject({ code: "INDEX_TRADES_LIMIT", limit: 2, value: 2, unit: "TRADES" });
    expect(denialOf(account.state, { contract: BANKNIFTY_CALL, quantityUnits: 35 })).toBeNull();
  });

  it("G-34: Alpha-Beta trades 45 times a day at most, whatever the user's own figure says", () => {
    const { state } = limited({ tradesPerDayMax: 180 }, { category: "RESTRICTED", capitalPaise: paise(10_000_00) });
    expect(denialOf(withDay(state, { trades: 44 }))).toBeNull();
    expect(denialOf(withDay(state, { trades: 45 }))).toMatchObject({ code: "DAY_TRADES_LIMIT", limit: 45, value: 45 });
  });

  it("C-04: 1,250 lots of an underlying pass over all its contracts, one more does not", () => {
    const { state } = anAccount(RICH);
    const held = (lots: number): AccountState => {
      const netUnits = lots * 75;
      const position = {
        contract: NIFTY_PUT,
        netUnits,
        costPaise: paise(netUnits),
        realisedPaise: paise(0),
        openedAtMs: NOON,
      };
      const trade = { position, signalId: null, cycleId: null, exitPlan: null, triggers: [] };
      return { ...state, openTrades: { [NIFTY_PUT.instrumentId]: trade } };
    };
    const cheap = { limitPricePaise: paise(1_00), quantityUnits: 1_800 };
    const price = { bidPaise: paise(1_00), askPaise: paise(1_05), lastPaise: paise(1_00) };
    expect(denialOf(held(1_226), cheap, price)).toBeNull();
    expect(denialOf(held(1_227), cheap, price)).toMatchObject({
      code: "POSITION_LOTS_LIMIT",
      limit: 1_250,
      value: 1_251,
      unit: "LOTS",
      detail: "23 further lots of NIFTY50 would pass",
    });
  });
});

describe("how much", () => {
  it("C-26, G-40: a position counts with what is there and under way", () => {
    const account = limited({ positionSizeMaxPaise: paise(10_000_00) });
    account.do(submit({ clientOrderId: id("one") }));
    account.report(NOON, filled(id("one"), 75, 50_00));
    account.do(submit({ clientOrderId: id("two") }));
    expect(denialOf(account.state)).toMatchObject({
      code: "POSITION_SIZE_LIMIT",
      limit: 10_000_00,
      value: 11_250_00,
      unit: "PAISE",
    });
    expect(denialOf(account.state, { contract: NIFTY_PUT })).toBeNull();
    expect(denialOf(limited({ positionSizeMaxPaise: paise(10_000_00) }).state, { quantityUnits: 300 })).toMatchObject({
      code: "POSITION_SIZE_LIMIT",
      value: 15_000_00,
    });
  });

  it("C-26: everything open and under way stays within the portfolio's exposure", () => {
    const account = limited({ portfolioExposureMaxPaise: paise(11_249_99) });
    account.do(submit({ clientOrderId: id("one") }));
    account.report(NOON, filled(id("one"), 75, 50_00));
    account.do(submit({ clientOrderId: id("two"), contract: NIFTY_PUT }));
    expect(denialOf(account.state)).toMatchObject({
      code: "PORTFOLIO_EXPOSURE_LIMIT",
      limit: 11_249_99,
      value: 11_250_00,
    });
  });

  it("C-32: turnover is not limited unless somebody limits it, and then counts both sides and what may still deal", () => {
    const account = limited({ dailyTurnoverMaxPaise: paise(11_250_00) });
    account.do(submit({ clientOrderId: id("one") }));
    account.report(NOON, filled(id("one"), 75, 50_00));
    account.do(submit({ clientOrderId: id("out"), side: "SELL", limitPricePaise: paise(49_00) }));
    account.report(NOON, filled(id("out"), 75, 50_00));
    expect(denialOf(account.state)).toBeNull();
    account.do(submit({ clientOrderId: id("two") }));
    expect(denialOf(account.state)).toMatchObject({ code: "DAILY_TURNOVER_LIMIT", limit: 11_250_00, value: 15_000_00 });
    expect(effectiveLimits(aProfile()).dailyTurnoverMaxPaise).toBeNull();
  });
});

describe("the limit that binds", () => {
  it("U-01: is the strictest of the user's, the operator's and the category's, and says whose it is", () => {
    const of = (limits: Partial<AccountLimits>, overrides?: LimitOverrides) =>
      effectiveLimits({ ...aProfile({ limits }), ...(overrides === undefined ? {} : { overrides }) });
    expect(of({ openTradesMax: 4 }).openTradesMax).toEqual({ limit: 4, boundBy: "USER" });
    expect(of({ openTradesMax: 4 }, { openTradesMax: 3 }).openTradesMax).toEqual({ limit: 3, boundBy: "OPERATOR" });
    expect(of({ openTradesMax: 4 }, { openTradesMax: 9 }).openTradesMax).toEqual({ limit: 4, boundBy: "USER" });
    expect(of({ orderValueMaxPaise: paise(9_00_00_000_00) }).orderValueMaxPaise).toEqual({
      limit: 1_00_000_00,
      boundBy: "CATEGORY",
    });
    expect(of({}).portfolioExposureMaxPaise).toEqual({ limit: 50_00_000_00, boundBy: "PLATFORM" });
    expect(of({}, { allowedUnderlyings: ["SENSEX"] }).allowedUnderlyings).toEqual(["SENSEX"]);
    expect(
      of({ tradesPerDayByUnderlying: { SENSEX: 5 } }, { tradesPerDayByUnderlying: { SENSEX: 2 } })
        .tradesPerDayByUnderlying,
    ).toEqual({
      SENSEX: { limit: 2, boundBy: "OPERATOR" },
    });
  });
});
