// The gate before the venue: each rule refuses with its limit, what met it and what would pass; exits are let out.
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { submission } from "../../../src/core/account/exit-orders.ts";
import type { AccountState, DayState } from "../../../src/core/account/state.ts";
import { paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { checkOrder, type MarketAtCheck, orderUnitsMax } from "../../../src/core/risk/check.ts";
import { DENIAL_CODES } from "../../../src/core/risk/denial.ts";
import {
  accepted,
  anAccount,
  aPrice,
  at,
  BANKNIFTY_CALL,
  CLOSE,
  filled,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  OPEN,
  SENSEX_CALL,
  someTerms,
  submit,
} from "../../support/builders.ts";

/** Quoted where the order's limit lies, so that the price band is not what a test is about. */
const market = (terms: OrderTerms, change: Partial<MarketAtCheck> = {}): MarketAtCheck => ({
  product: "INTRADAY",
  price: quoteAround(terms),
  heldPrices: [],
  ...change,
});
function quoteAround({ limitPricePaise }: OrderTerms) {
  if (!(limitPricePaise > 70_00)) return aPrice();
  const [bidPaise, askPaise] = [paise(limitPricePaise - 5), paise(limitPricePaise + 5)];
  return aPrice({ bidPaise, askPaise, lastPaise: limitPricePaise });
}
const codeOf = (
  state: AccountState,
  terms: Partial<OrderTerms> = {},
  given: Partial<MarketAtCheck> = {},
  now = NOON,
) => {
  const checked = checkOrder(state, someTerms(terms), market(someTerms(terms), given), now);
  return checked.ok ? "APPROVED" : checked.error.code;
};
const denialOf = (state: AccountState, terms: Partial<OrderTerms> = {}) => {
  const checked = checkOrder(state, someTerms(terms), market(someTerms(terms)), NOON);
  return checked.ok ? null : checked.error;
};
const withDay = (state: AccountState, change: Partial<DayState>): AccountState => ({
  ...state,
  day: { ...(state.day as DayState), ...change },
});
const fresh = anAccount().state;

/** Holds one NIFTY call, bought at 50. */
function holding(units = 75, limits: Parameters<typeof anAccount>[0] = {}) {
  const account = anAccount(limits);
  account.do(submit({ clientOrderId: id("held"), quantityUnits: units, limitPricePaise: paise(50_00) }));
  account.report(NOON, accepted(id("held")), filled(id("held"), units, 50_00));
  return account;
}
const exit = (change: Partial<OrderTerms> = {}): Partial<OrderTerms> => ({
  side: "SELL",
  purpose: "EXIT",
  exitReason: "REQUEST",
  ...change,
});

describe("an entry", () => {
  it("is approved when nothing stands in its way", () => {
    expect(codeOf(fresh)).toBe("APPROVED");
  });

  it("needs an active account", () => {
    expect(codeOf({ ...fresh, tradingState: "HALTED", haltReason: "x" })).toBe("ACCOUNT_HALTED");
    expect(codeOf({ ...fresh, tradingState: "REDUCING", haltReason: "x" })).toBe("DAILY_LOSS_LIMIT");
  });

  it("needs a day that is open for entries", () => {
    expect(codeOf({ ...fresh, day: null })).toBe("DAY_NOT_OPEN");
    for (const status of ["EXIT_ONLY", "FLAT"] as const)
      expect(codeOf(withDay(fresh, { status }))).toBe("ENTRIES_CLOSED");
    for (const status of ["PROVISIONAL", "PAID_OUT", "FINAL", "CLOSED"] as const) {
      expect(codeOf(withDay(fresh, { status }))).toBe("DAY_NOT_OPEN");
    }
  });

  it("comes within the market's hours, and by the strategy not in their first quarter of an hour", () => {
    const quoted = (now: number) => ({ price: aPrice({ quotedAtMs: epochMs(now) }) });
    expect(codeOf(fresh, {}, quoted(OPEN), epochMs(OPEN - 1))).toBe("ENTRIES_CLOSED");
    expect(codeOf(fresh, {}, quoted(OPEN), OPEN)).toBe("APPROVED");
    expect(codeOf(fresh, {}, quoted(CLOSE), CLOSE)).toBe("ENTRIES_CLOSED");
    const early = epochMs(at("09:30") - 1);
    expect(codeOf(fresh, { origin: "STRATEGY" }, quoted(early), early)).toBe("ENTRIES_CLOSED");
    expect(codeOf(fresh, { origin: "STRATEGY" }, quoted(early), at("09:30"))).toBe("APPROVED");
  });

  it("waits for the morning's funding, but not for one that has failed", () => {
    const account = anAccount({ savingsPaise: paise(3_00_000_00) });
    const pull = Object.values(account.state.transfers)[0];
    const pending = { ...account.state, transfers: { [pull?.transferId ?? ""]: { ...pull, status: "PROCESSING" } } };
    expect(codeOf(pending as AccountState)).toBe("ENTRIES_CLOSED");
    const failed = { ...account.state, transfers: { [pull?.transferId ?? ""]: { ...pull, status: "FAILED" } } };
    expect(codeOf(failed as AccountState)).toBe("APPROVED");
  });

  it("G-58: is of an underlying the account trades", () => {
    const { state } = anAccount({ limits: { allowedUnderlyings: ["BANKNIFTY"] } });
    expect(denialOf(state)).toMatchObject({ code: "UNDERLYING_NOT_ALLOWED", detail: "this account trades BANKNIFTY" });
  });

  it("is for this day only, in a contract that lives", () => {
    expect(codeOf(fresh, {}, { product: "CARRY" })).toBe("PRODUCT_NOT_INTRADAY");
    const expired = { ...NIFTY_CALL, expiry: marketDate("2025-08-28") };
    expect(codeOf(fresh, { contract: expired })).toBe("CONTRACT_EXPIRED");
    const lastDay = withDay(fresh, { date: marketDate("2025-09-02") });
    expect(codeOf(lastDay)).toBe("APPROVED");
  });

  it("is a whole number of lots within the freeze quantity, on the tick", () => {
    for (const quantityUnits of [0, -75, 74, 76, 37.5, Number.NaN]) {
      expect(codeOf(fresh, { quantityUnits })).toBe("QUANTITY_NOT_WHOLE_LOTS");
    }
    expect(denialOf(fresh, { quantityUnits: 1_875 })).toMatchObject({
      code: "QUANTITY_ABOVE_FREEZE",
      limit: 1_800,
      value: 1_875,
    });
    // 600 units are no whole number of BANKNIFTY lots, so one order ends at 595.
    expect(orderUnitsMax({ contract: BANKNIFTY_CALL })).toBe(595);
    expect(orderUnitsMax({ contract: { ...SENSEX_CALL, freezeQuantity: 100_000 } })).toBe(250 * 20);
    for (const price of [0, -5, 50_03])
      expect(codeOf(fresh, { limitPricePaise: paise(price) })).toBe("PRICE_NOT_ON_TICK");
  });

  it("needs a price, and a fresh one", () => {
    expect(codeOf(fresh, {}, { price: null })).toBe("QUOTE_MISSING");
    expect(codeOf(fresh, {}, { price: aPrice({ askPaise: null, lastPaise: null }) })).toBe("QUOTE_MISSING");
    expect(codeOf(fresh, {}, { price: aPrice({ askPaise: null }) })).toBe("APPROVED");
    expect(codeOf(fresh, {}, {}, epochMs(NOON + 120_000))).toBe("APPROVED");
    expect(codeOf(fresh, {}, {}, epochMs(NOON + 120_001))).toBe("QUOTE_STALE");
  });

  it("G-40: stays within the order value, the strictest of user, category and leverage", () => {
    const { state } = anAccount({ limits: { orderValueMaxPaise: paise(10_000_00) } });
    expect(denialOf(state, { quantityUnits: 300 })).toMatchObject({
      code: "ORDER_VALUE_LIMIT",
      limit: 10_000_00,
      value: 15_000_00,
      unit: "PAISE",
    });
    expect(codeOf(state, { limitPricePaise: paise(133_30) })).toBe("APPROVED");
  });

  it("G-31b: may expose exactly capital × leverage, and not a tick more", () => {
    const { state } = anAccount({ capitalPaise: paise(10_000_00) });
    expect(codeOf(state, { limitPricePaise: paise(400_00) })).toBe("APPROVED");
    expect(denialOf(state, { limitPricePaise: paise(400_05) })).toMatchObject({
      code: "ORDER_VALUE_LIMIT",
      limit: 30_000_00,
    });
    const ngd = anAccount({ category: "NGD", capitalPaise: paise(5_000_00) }).state;
    expect(codeOf(ngd, { limitPricePaise: paise(100_00) })).toBe("APPROVED");
    expect(codeOf(ngd, { limitPricePaise: paise(100_05) })).toBe("ORDER_VALUE_LIMIT");
  });

  it("counts what is open, what is reserved and the day's capacity against buying power", () => {
    const account = holding(75, { capitalPaise: paise(10_000_00) });
    account.do(
      submit({ clientOrderId: id("resting"), contract: NIFTY_PUT, quantityUnits: 75, limitPricePaise: paise(50_00) }),
    );
    const chargesPaise = account.state.day?.accruedChargesPaise ?? 0;
    const leftPaise = 3 * (10_000_00 - chargesPaise) - 2 * 3_750_00;
    const perUnit = Math.floor(leftPaise / 75 / 5) * 5;
    expect(codeOf(account.state, { limitPricePaise: paise(perUnit) })).toBe("APPROVED");
    expect(denialOf(account.state, { limitPricePaise: paise(perUnit + 5) })).toMatchObject({
      code: "BUYING_POWER",
      limit: leftPaise,
    });
    expect(codeOf(withDay(account.state, { capacityBps: 5_000 }), { limitPricePaise: paise(perUnit) })).toBe(
      "BUYING_POWER",
    );
  });

  it("waits for an open trade to close when as many are open as may be, those under way included", () => {
    const account = anAccount({ limits: { openTradesMax: 2 } });
    account.do(submit({ clientOrderId: id("one") }));
    account.do(submit({ clientOrderId: id("two"), contract: NIFTY_PUT }));
    expect(denialOf(account.state, { contract: SENSEX_CALL, quantityUnits: 20 })).toMatchObject({
      code: "OPEN_TRADES_LIMIT",
      limit: 2,
      value: 2,
    });
    // More of what is open already is no further open trade.
    expect(codeOf(account.state, { contract: NIFTY_PUT })).toBe("APPROVED");
  });

  it("G-49: is refused as the fifth trade of an underlying in a cycle, those under way included", () => {
    const account = anAccount();
    for (let n = 1; n <= 4; n += 1) {
      account.do(submit({ clientOrderId: id(`t${n}`) }));
      if (n <= 2) account.report(NOON, filled(id(`t${n}`), 75, 50_00));
    }
    expect(denialOf(account.state)).toMatchObject({ code: "CYCLE_TRADES_LIMIT", limit: 4, value: 4, unit: "TRADES" });
    expect(codeOf(account.state, { contract: BANKNIFTY_CALL, quantityUnits: 35 })).toBe("APPROVED");
    expect(codeOf(account.state, { cycleId: "2025-08-29-C13" })).toBe("APPROVED");
  });

  it("C-59: is bounded by the user's trades per day and by the day's adaptive figure, whichever is smaller", () => {
    const three = withDay(fresh, { trades: 3 });
    expect(codeOf(withDay(three, { vixTradesMax: 3 }))).toBe("DAY_TRADES_LIMIT");
    expect(codeOf(withDay(three, { vixTradesMax: 4 }))).toBe("APPROVED");
    const { state } = anAccount({ limits: { tradesPerDayMax: 3 } });
    expect(denialOf(withDay(state, { trades: 3 }))).toMatchObject({ code: "DAY_TRADES_LIMIT", limit: 3, value: 3 });
  });

  it("is refused once the day's loss has reached its limit: realised, charges and what is open at its bid", () => {
    const limit = { limits: { dailyLossMaxPaise: paise(1_000_00) } };
    const lost = (realised: number, accrued: number) =>
      withDay(anAccount(limit).state, { realisedPaise: paise(realised), accruedChargesPaise: paise(accrued) });
    expect(codeOf(lost(-900_00, 99_99))).toBe("APPROVED");
    expect(denialOf(lost(-900_00, 100_00))).toMatchObject({
      code: "DAILY_LOSS_LIMIT",
      limit: 1_000_00,
      value: 1_000_00,
    });
    const account = holding(750, limit);
    const heldPrices = (bid: number) => ({ heldPrices: [aPrice({ bidPaise: paise(bid) })] });
    expect(codeOf(account.state, {}, heldPrices(49_50))).toBe("APPROVED");
    expect(codeOf(account.state, {}, heldPrices(48_60))).toBe("DAILY_LOSS_LIMIT");
  });
});

describe("an exit", () => {
  it("is never refused for a limit, a state, a missing price or the hour", () => {
    const { state } = holding(75, { limits: { tradesPerDayMax: 1, openTradesMax: 1 } });
    const pressed: AccountState = {
      ...withDay(state, {
        status: "EXIT_ONLY",
        trades: 99,
        vixTradesMax: 0,
        capacityBps: 0,
        realisedPaise: paise(-9_00_000_00),
      }),
      tradingState: "HALTED",
    };
    expect(codeOf(pressed, exit(), { price: null, product: "CARRY" }, epochMs(CLOSE + 1))).toBe("APPROVED");
    expect(codeOf(withDay(state, { status: "PROVISIONAL" }), exit())).toBe("APPROVED");
    expect(codeOf(withDay(state, { status: "FINAL" }), exit())).toBe("DAY_NOT_OPEN");
  });

  it("sells what is held and no more, less what is on its way out already", () => {
    const account = holding(150);
    expect(codeOf(account.state, exit({ quantityUnits: 150 }))).toBe("APPROVED");
    expect(denialOf(account.state, exit({ quantityUnits: 225 }))).toMatchObject({
      code: "SHORT_NOT_ALLOWED",
      limit: 150,
      value: 225,
    });
    account.do(submit({ clientOrderId: id("first"), side: "SELL", quantityUnits: 75, limitPricePaise: paise(60_00) }));
    expect(codeOf(account.state, exit({ quantityUnits: 75 }))).toBe("APPROVED");
    expect(denialOf(account.state, exit({ quantityUnits: 150 }))).toMatchObject({
      code: "SHORT_NOT_ALLOWED",
      limit: 75,
    });
    expect(codeOf(fresh, exit())).toBe("SHORT_NOT_ALLOWED");
  });
});

describe("a denial", () => {
  it("names what would pass in a sentence", () => {
    const denials = [
      denialOf(fresh, { quantityUnits: 76 }),
      denialOf(fresh, { limitPricePaise: paise(51) }),
      denialOf(fresh, exit()),
    ];
    for (const denial of denials) {
      expect(DENIAL_CODES).toContain(denial?.code);
      expect(denial?.detail.length).toBeGreaterThan(10);
    }
  });
});

describe("G-55: an order that no check has approved", () => {
  it("cannot be submitted: the compiler refuses it", () => {
    const terms = someTerms();
    // @ts-expect-error Terms that nobody has approved.
    const submitted = (): AccountEvent => submission(fresh, terms, ZERO_PAISE, null, NOON);
    expect(submitted).toThrow();
    const checked = checkOrder(fresh, terms, market(terms), NOON);
    if (!checked.ok) throw new Error("approved");
    expect(submission(fresh, checked.value, ZERO_PAISE, null, NOON).terms).toEqual({
      ...terms,
      algoId: "GENERIC-API",
      releaseAtMs: NOON,
    });
  });
});
