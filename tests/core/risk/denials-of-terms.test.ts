// What the rules about terms, cover and quote say when they refuse: each passes at its limit and refuses one beyond it.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { type Paise, paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { aProfile, id, later, NIFTY_CALL, NIFTY_PUT, NOON } from "../../support/builders.ts";

import { denialOf, fresh, holding, plain, SELL_OUT, withDay, withProfile } from "./denial-fixtures.ts";

describe("the terms", () => {
  it("name the field that offends and what would pass", () => {
    expect(denialOf({ state: withProfile({ limits: { ...aProfile().limits, allowedUnderlyings: [] } }) })).toEqual(
      plain("UNDERLYING_NOT_ALLOWED", "instrumentId", "this account trades nothing"),
    );
    expect(
      denialOf({
        state: withProfile({ limits: { ...aProfile().limits, allowedUnderlyings: ["BANKNIFTY", "SENSEX"] } }),
      }),
    ).toEqual(plain("UNDERLYING_NOT_ALLOWED", "instrumentId", "this account trades BANKNIFTY, SENSEX"));
    expect(denialOf({ market: { product: "CARRY" } })).toEqual(
      plain("PRODUCT_NOT_INTRADAY", "product", "positions are closed within the day: use INTRADAY"),
    );
    const expiring = (expiry: string) =>
      denialOf({ terms: { contract: { ...NIFTY_CALL, expiry: marketDate(expiry) } } });
    expect(expiring("2025-08-28")).toEqual(
      plain("CONTRACT_EXPIRED", "instrumentId", "it expired on 2025-08-28; choose a later expiry"),
    );
    expect(expiring("2025-09-03")).toEqual(
      plain("EXPIRY_UNKNOWN", "instrumentId", "2025-09-03 is no known expiry of NIFTY50; choose a listed one"),
    );
    expect(expiring("2025-10-07")).toEqual(
      plain("EXPIRY_NOT_PERMITTED", "instrumentId", "expiries up to 2025-09-30 pass"),
    );
    expect(denialOf({ state: withDay({ date: marketDate("1990-01-01") }) })).toEqual(
      plain("EXPIRY_NOT_PERMITTED", "instrumentId", "no expiry is known to be permitted"),
    );
  });

  it("take a positive whole number of lots, up to the freeze quantity, on the tick", () => {
    const units = (quantityUnits: number) => denialOf({ terms: { quantityUnits } });
    expect(units(76)).toEqual({
      code: "QUANTITY_NOT_WHOLE_LOTS",
      field: "quantityUnits",
      limit: 75,
      value: 76,
      unit: "UNITS",
      detail: "use a multiple of 75 units",
    });
    expect([units(0)?.code, units(-75)?.code]).toEqual(["QUANTITY_NOT_WHOLE_LOTS", "QUANTITY_NOT_WHOLE_LOTS"]);
    expect(units(1_800)).toBeNull();
    expect(units(1_875)).toEqual({
      code: "QUANTITY_ABOVE_FREEZE",
      field: "quantityUnits",
      limit: 1_800,
      value: 1_875,
      unit: "UNITS",
      detail: "one order may be 1800 units at most; send several",
    });
    const tick = { code: "PRICE_NOT_ON_TICK", field: "limitPricePaise", limit: 5, unit: "PAISE" };
    expect(denialOf({ terms: { limitPricePaise: paise(50_03) } })).toEqual({
      ...tick,
      value: 50_03,
      detail: "use a positive multiple of 5 paise",
    });
    expect(denialOf({ terms: { limitPricePaise: ZERO_PAISE } })).toMatchObject({ ...tick, value: 0 });
    expect(
      denialOf({
        terms: { limitPricePaise: paise(5) },
        price: { bidPaise: paise(5), askPaise: paise(10), lastPaise: paise(5) },
      }),
    ).toBeNull();
  });

  it("of a stop place its trigger beyond the market and its limit beyond the trigger, for either side", () => {
    const stop = (change: Partial<OrderTerms>, state = fresh, price: Partial<PriceView> = {}) =>
      denialOf({ state, price, terms: { type: "STOP_LIMIT", ...change } });
    const misplaced = (detail: string) => plain("TRIGGER_MISPLACED", "triggerPricePaise", detail);
    const buy = { triggerPricePaise: paise(55_00), limitPricePaise: paise(55_50) };
    expect(stop(buy)).toBeNull();
    expect(denialOf({ terms: { triggerPricePaise: paise(55_00) } })).toEqual(misplaced("a LIMIT order has no trigger"));
    expect(stop({ limitPricePaise: paise(55_00) })).toEqual(misplaced("a STOP_LIMIT needs a trigger price"));
    const tick = { code: "PRICE_NOT_ON_TICK", field: "triggerPricePaise", limit: 5, unit: "PAISE" };
    expect(stop({ ...buy, triggerPricePaise: paise(55_03) })).toEqual({
      ...tick,
      value: 55_03,
      detail: "use a positive multiple of 5 paise",
    });
    expect(stop({ ...buy, triggerPricePaise: ZERO_PAISE })).toMatchObject({ ...tick, value: 0 });
    expect(stop({ ...buy, triggerPricePaise: paise(-5) })).toMatchObject({ ...tick, value: -5 });
    expect(stop({ ...buy, timeInForce: "IOC" })).toEqual(
      misplaced("a STOP_LIMIT rests until its trigger: send it DAY"),
    );
    expect(stop({ ...buy, limitPricePaise: paise(55_00) })).toBeNull();
    expect(stop({ ...buy, limitPricePaise: paise(54_95) })).toEqual(
      misplaced("the limit must be at or above the trigger"),
    );
    expect(stop({ ...buy, triggerPricePaise: paise(50_05) })).toBeNull();
    expect(stop({ ...buy, triggerPricePaise: paise(50_00) })).toEqual(
      misplaced("the trigger must be above the last price, 5000 paise"),
    );
    expect(stop({ ...buy, triggerPricePaise: paise(50_00) }, fresh, { lastPaise: null })).toBeNull();
    expect(denialOf({ price: null, terms: { type: "STOP_LIMIT", ...buy } })?.code).toBe("QUOTE_MISSING");
    const sell = { ...SELL_OUT, triggerPricePaise: paise(45_00), limitPricePaise: paise(44_50) };
    const held = holding();
    expect(stop(sell, held)).toBeNull();
    expect(stop({ ...sell, limitPricePaise: paise(45_00) }, held)).toBeNull();
    expect(stop({ ...sell, limitPricePaise: paise(45_05) }, held)).toEqual(
      misplaced("the limit must be at or below the trigger"),
    );
    expect(stop(sell, held, { lastPaise: null })).toBeNull();
    expect(stop({ ...sell, triggerPricePaise: paise(49_95) }, held)).toBeNull();
    expect(stop({ ...sell, triggerPricePaise: paise(50_00) }, held)).toEqual(
      misplaced("the trigger must be below the last price, 5000 paise"),
    );
  });
});

describe("what is sold", () => {
  it("must be held, whatever else is, and be free to go", () => {
    const held = (units: number, change = {}) =>
      denialOf({ state: holding(), terms: { ...SELL_OUT, quantityUnits: units, ...change } });
    expect(held(75)).toBeNull();
    const short = { code: "SHORT_NOT_ALLOWED", field: "quantityUnits", unit: "UNITS" };
    expect(held(150)).toEqual({
      ...short,
      limit: 75,
      value: 150,
      detail: "75 units are held and not already on their way out",
    });
    expect(held(75, { side: "BUY" })).toMatchObject({ ...short, limit: 0, value: 75 });
    const sold = { state: holding(NIFTY_CALL, -75, { marginPaise: paise(10_000_00) }) };
    expect(denialOf({ ...sold, terms: { ...SELL_OUT, side: "BUY" } })).toBeNull();
    expect(denialOf({ ...sold, terms: SELL_OUT })).toMatchObject({ ...short, limit: 0, value: 75 });
    expect(denialOf({ ...sold, terms: { ...SELL_OUT, side: "BUY", quantityUnits: 150 } })).toMatchObject({
      ...short,
      limit: 75,
    });
  });

  it("short: never where none may be, with protection where it must be, freely where it may be naked", () => {
    const allowing = (shortOptions: "NONE" | "DEFINED_RISK" | "NAKED", state = fresh) =>
      withProfile({ limits: { ...aProfile().limits, shortOptions } }, state);
    const sell = { side: "SELL", marginPaise: paise(10_000_00) } as const;
    expect(denialOf({ state: allowing("NONE"), terms: sell })).toEqual(
      plain(
        "SHORT_NOT_ALLOWED",
        "side",
        "this account sells only what it holds (shortOptions NONE, set by USER); buying passes",
      ),
    );
    expect(denialOf({ state: allowing("NONE") })).toBeNull();
    expect(denialOf({ state: allowing("DEFINED_RISK"), terms: sell })).toEqual({
      code: "PROTECTION_REQUIRED",
      field: "side",
      limit: 0,
      value: 75,
      unit: "UNITS",
      detail:
        "0 units of this expiry and type are held or bought with it; buy protection first, or send both as one list",
    });
    expect(denialOf({ state: allowing("NAKED"), terms: sell })).toBeNull();
    const wing = {
      ...NIFTY_CALL,
      instrumentId: "WING" as typeof NIFTY_CALL.instrumentId,
      strikePaise: paise(24_700_00),
    };
    const covered = allowing("DEFINED_RISK", holding(wing));
    expect(denialOf({ state: covered, terms: sell })).toBeNull();
    expect(denialOf({ state: covered, terms: { ...sell, quantityUnits: 150 } })).toMatchObject({
      code: "PROTECTION_REQUIRED",
      limit: 75,
      value: 150,
    });
    expect(denialOf({ state: allowing("DEFINED_RISK", holding(NIFTY_PUT)), terms: sell })).toMatchObject({ limit: 0 });
    // What the same list buys of the kind counts, and what it sells of it in all.
    const list = (units: number, soldUnits: number, contract = wing) => ({
      list: {
        isCombination: true,
        valuePaise: paise(1_00),
        lots: 2,
        needPaise: paise(1_00),
        sets: 1,
        lossMaxPaise: null,
        bought: [{ contract, quantityUnits: units }],
        soldUnits,
      },
    });
    const ofList = (units: number, soldUnits: number, contract = wing) =>
      denialOf({ state: allowing("DEFINED_RISK"), terms: sell, market: list(units, soldUnits, contract) });
    expect(ofList(75, 75)).toBeNull();
    expect(ofList(150, 225)).toMatchObject({ code: "PROTECTION_REQUIRED", limit: 150, value: 225 });
    expect(ofList(75, 75, NIFTY_PUT)).toMatchObject({ code: "PROTECTION_REQUIRED", limit: 0, value: 75 });
  });

  it("as protection stays until the short has been bought back", () => {
    const wing = {
      ...NIFTY_CALL,
      instrumentId: "WING" as typeof NIFTY_CALL.instrumentId,
      strikePaise: paise(24_700_00),
    };
    const long = holding(wing, 150).openTrades;
    const short = holding(NIFTY_CALL, -75, { marginPaise: paise(10_000_00) }).openTrades;
    const state: AccountState = { ...fresh, openTrades: { ...long, ...short } };
    const leave = (quantityUnits: number) => denialOf({ state, terms: { ...SELL_OUT, contract: wing, quantityUnits } });
    expect(leave(75)).toBeNull();
    expect(leave(150)).toEqual({
      code: "PROTECTION_REQUIRED",
      field: "quantityUnits",
      limit: 75,
      value: 150,
      unit: "UNITS",
      detail: "75 units are not needed as protection of what is sold; buy that back first",
    });
  });
});

describe("the quote", () => {
  it("is asked for on the side that would deal, else the last price; a sale needs the margin too", () => {
    const missing = (side: string) =>
      plain("QUOTE_MISSING", "instrumentId", `NIFTY2590224500CE.NFO has no price to ${side} at`);
    const naked = withProfile({ limits: { ...aProfile().limits, shortOptions: "NAKED" } });
    const sell = { side: "SELL", marginPaise: paise(10_000_00) } as const;
    const none = { bidPaise: null, askPaise: null, lastPaise: null };
    expect(denialOf({ price: null })).toEqual(missing("buy"));
    expect(denialOf({ price: { ...none, bidPaise: paise(50_00) } })).toEqual(missing("buy"));
    expect(denialOf({ price: { ...none, askPaise: paise(50_00) } })).toBeNull();
    expect(denialOf({ price: { ...none, lastPaise: paise(50_00) } })).toBeNull();
    expect(denialOf({ state: naked, terms: sell, price: { ...none, askPaise: paise(50_00) } })).toEqual(
      missing("sell"),
    );
    expect(denialOf({ state: naked, terms: sell, price: { ...none, bidPaise: paise(50_00) } })).toBeNull();
    expect(denialOf({ state: naked, terms: { side: "SELL" } })).toEqual(
      plain("QUOTE_MISSING", "instrumentId", "the price of the index is not known, so no margin can be worked out"),
    );
    // A list's orders were checked with the list, seconds ago.
    expect(denialOf({ terms: { listId: id("list") }, price: null })).toBeNull();
    expect(
      denialOf({
        terms: { listId: id("list") },
        price: null,
        market: {
          list: {
            isCombination: true,
            valuePaise: paise(1),
            lots: 1,
            needPaise: paise(1),
            sets: 1,
            lossMaxPaise: null,
            bought: [],
            soldUnits: 0,
          },
        },
      })?.code,
    ).toBe("QUOTE_MISSING");
  });

  it("that is too old, too wide or nonsense says which, by how much", () => {
    const old = (ms: number, terms: Partial<OrderTerms> = {}) =>
      denialOf({ price: { quotedAtMs: epochMs(NOON - ms) }, terms });
    expect(old(120_000)).toBeNull();
    expect(old(120_001)).toEqual({
      code: "QUOTE_STALE",
      field: "instrumentId",
      limit: 120_000,
      value: 120_001,
      unit: "MS",
      detail: "wait for a newer quote",
    });
    expect(old(120_001, { listId: id("list") })).toBeNull();
    expect(denialOf({ price: { bidPaise: paise(43_70), askPaise: paise(56_30) } })).toEqual({
      code: "SPREAD_TOO_WIDE",
      field: "instrumentId",
      limit: 2_500,
      value: 2_520,
      unit: "BPS",
      detail: "wait until bid and ask are at most 25 % apart, or choose another contract",
    });
    // Twenty ticks are always allowed, twenty-one are not.
    const cheap = (ask: number) =>
      denialOf({
        terms: { limitPricePaise: paise(1_00) },
        price: { bidPaise: paise(50), askPaise: paise(ask), lastPaise: paise(1_00) },
      });
    expect(cheap(1_50)).toBeNull();
    expect(cheap(1_55)?.code).toBe("SPREAD_TOO_WIDE");
    for (const side of [{ bidPaise: null }, { askPaise: null }]) expect(denialOf({ price: side })).toBeNull();
    const nonsense: readonly (readonly [Partial<PriceView>, string])[] = [
      [{ bidPaise: ZERO_PAISE }, "the bid is no price: 0"],
      [{ askPaise: paise(-5) }, "the ask is no price: -5"],
      [{ lastPaise: 50.5 as Paise }, "the last price is no price: 50.5"],
      [{ quotedAtMs: 0.5 as typeof NOON }, "the quote's time is no instant: 0.5"],
      [{ quotedAtMs: later(120_001) }, "the quote is from the future"],
      [{ bidPaise: paise(50_10) }, "the bid of 5010 paise is above the ask of 5005"],
      [
        { bidPaise: null, askPaise: paise(5_000_00) },
        "500000 paise beside a last price of 5000 is a jump of 100 times or more",
      ],
      [
        { bidPaise: paise(50), askPaise: paise(50) },
        "50 paise beside a last price of 5000 is a jump of 100 times or more",
      ],
      [{ bidPaise: paise(45), askPaise: null }, "45 paise beside a last price of 5000 is a jump of 100 times or more"],
    ];
    for (const [price, what] of nonsense) {
      expect(denialOf({ price })).toEqual(
        plain("QUOTE_INSANE", "instrumentId", `${what}; an entry passes on the next quote that makes sense`),
      );
    }
    expect(denialOf({ price: { quotedAtMs: later(120_000) } })).toBeNull();
    expect(denialOf({ price: { bidPaise: paise(50_05) } })).toBeNull();
    const lastOf = (last: number) => denialOf({ price: { lastPaise: paise(last) } });
    expect(lastOf(50_05 * 100)?.code).toBe("QUOTE_INSANE");
    expect(lastOf(50_05 * 100 - 1)).toBeNull();
  });

  it("bounds a price by what the exchange takes around it, both ends included", () => {
    const at = (limitPricePaise: number, price: Partial<PriceView> = {}) =>
      denialOf({ terms: { limitPricePaise: paise(limitPricePaise) }, price });
    const band = { code: "PRICE_BAND", field: "limitPricePaise", unit: "PAISE" };
    const detail = "the exchange takes prices from ₹30.00 to ₹70.00";
    expect([at(30_00), at(70_00)]).toEqual([null, null]);
    expect(at(29_95)).toEqual({ ...band, limit: 30_00, value: 29_95, detail });
    expect(at(70_05)).toEqual({ ...band, limit: 70_00, value: 70_05, detail });
    // Around the middle of bid and ask; without one of them around the last price, then the side that is left.
    expect(at(70_05, { lastPaise: paise(40_00) })).toMatchObject({ limit: 70_00 });
    expect(at(60_05, { bidPaise: null, lastPaise: paise(40_00) })).toMatchObject({ limit: 60_00 });
    expect(at(60_05, { bidPaise: null, askPaise: paise(40_00), lastPaise: null })).toMatchObject({ limit: 60_00 });
    const old = withDay({ date: marketDate("1999-12-31") }, holding());
    expect(denialOf({ state: old, terms: SELL_OUT })).toEqual(
      plain("PRICE_BAND", "limitPricePaise", "no price band is known for 1999-12-31"),
    );
  });
});
