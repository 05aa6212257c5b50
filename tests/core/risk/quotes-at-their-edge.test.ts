// The rules about quotes at the last figure that passes and the first that does not, with the words and figures of the refusal;
// and what they make of a quote that lacks figures.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant } from "../../../src/core/kernel/time.ts";
import { isJump, modelBounds, stillBps } from "../../../src/core/risk/quote-plausibility.ts";
import { insanityOf } from "../../../src/core/risk/quote-sanity.ts";
import type { CheckContext } from "../../../src/core/risk/rule.ts";
import { QUOTE_RULES } from "../../../src/core/risk/rules-quote.ts";
import { workingOrders } from "../../../src/core/risk/working-orders.ts";
import { aPrice, id, later, NIFTY_CALL, NIFTY_PUT, NOON, someTerms } from "../../support/builders.ts";
import { checked, denialOf, fresh, type Given, holding, SELL_OUT } from "./denial-fixtures.ts";

const resultOf = (rule: string, given: Given) => checked(given).checks.find((check) => check.rule === rule);
const NO_FIGURES = { passed: true, limit: null, value: null, unit: null };
const steady = (pricePaise: number) => ({ steady: { pricePaise: paise(pricePaise), atMs: NOON } });
const nothing = { bidPaise: null, askPaise: null, lastPaise: null };
const last = (lastPaise: number): Partial<PriceView> => ({ ...nothing, lastPaise: paise(lastPaise) });

describe("a refused quote", () => {
  it("says against what it was held and when an entry passes again", () => {
    expect(denialOf({ price: steady(4_99) })).toEqual({
      code: "QUOTE_JUMP",
      field: "instrumentId",
      limit: 10,
      value: 11,
      unit: "TIMES",
      detail: "the price before was ₹4.99; an entry passes once quotes follow from one another again",
    });
    const still = { spotPaise: paise(24_500_00), still: { sinceMs: later(-60_000), spotPaise: paise(24_400_00) } };
    expect(denialOf({ price: still })).toEqual({
      code: "QUOTE_FROZEN",
      field: "instrumentId",
      limit: 25,
      value: 40,
      unit: "BPS",
      detail: "an entry passes once the quote moves again",
    });
    const { toPaise } = modelBounds(NIFTY_CALL, aPrice({ spotPaise: paise(24_700_00) }), NOON) ?? { toPaise: 0 };
    expect(denialOf({ price: { ...last(99_99), spotPaise: paise(24_700_00) } })).toEqual({
      code: "QUOTE_OFF_MODEL",
      field: "instrumentId",
      limit: 100_00,
      value: 99_99,
      unit: "PAISE",
      detail: `with the index where it is an entry passes on quotes from ₹100.00 to ₹${(toPaise / 100).toFixed(2)}`,
    });
  });

  it("of the model passes at both ends of what the model allows", () => {
    const spotPaise = paise(24_700_00);
    const bounds = modelBounds(NIFTY_CALL, aPrice({ spotPaise }), NOON);
    if (bounds === null) throw new Error("no bounds");
    const { fromPaise, toPaise } = bounds;
    const at = (figure: number) => resultOf("QUOTE_OFF_MODEL", { price: { ...last(figure), spotPaise } });
    expect(at(fromPaise - 1)).toMatchObject({ passed: false, limit: fromPaise });
    expect(at(fromPaise)).toMatchObject({ passed: true, limit: toPaise, value: fromPaise, unit: "PAISE" });
    expect(at(toPaise)).toMatchObject({ passed: true, limit: toPaise, value: toPaise });
    expect(at(toPaise + 1)).toMatchObject({ passed: false, limit: toPaise, value: toPaise + 1 });
  });
});

describe("a quote against the one before it", () => {
  it("is a jump beyond a rupee and beyond ten times, not at either", () => {
    expect([isJump(1_10, 10), isJump(1_11, 10), isJump(10, 1_10), isJump(10, 1_11)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([isJump(50_00, 5_00), isJump(50_01, 5_00), isJump(5_00, 50_00), isJump(5_00, 50_01)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(isJump(5, 50)).toBe(false);
  });
});

describe("a quote that stands still", () => {
  it("says something from five rupees on", () => {
    const of = (lastPaise: number) =>
      stillBps(
        aPrice({
          ...last(lastPaise),
          spotPaise: paise(24_500_00),
          still: { sinceMs: NOON, spotPaise: paise(24_400_00) },
        }),
      );
    expect([of(4_99), of(5_00)]).toEqual([null, 40]);
    const bare = aPrice({ ...nothing, spotPaise: paise(24_500_00), still: { sinceMs: NOON, spotPaise: paise(1) } });
    expect(stillBps(bare)).toBeNull();
  });
});

describe("what the model allows", () => {
  const atClose = istInstant(NIFTY_CALL.expiry, "15:30");
  const bounds = (contract: typeof NIFTY_CALL, spotRupees: number) =>
    modelBounds(contract, aPrice({ spotPaise: paise(spotRupees * 100) }), atClose);

  it("at the very end of a contract is its intrinsic value, a quarter more and five rupees; half of it at least", () => {
    expect(bounds(NIFTY_CALL, 24_700)).toEqual({ fromPaise: 100_00, toPaise: 255_00 });
    expect(bounds(NIFTY_CALL, 24_300)).toEqual({ fromPaise: 0, toPaise: 5_00 });
    // The put is struck at 24,400.
    expect(bounds(NIFTY_PUT, 24_200)).toEqual({ fromPaise: 100_00, toPaise: 255_00 });
    expect(bounds(NIFTY_PUT, 24_600)).toEqual({ fromPaise: 0, toPaise: 5_00 });
  });

  it("has no lower end below twenty rupees of intrinsic value, and one from there on", () => {
    expect(bounds(NIFTY_CALL, 24_519.99)?.fromPaise).toBe(0);
    expect(bounds(NIFTY_CALL, 24_520)?.fromPaise).toBe(10_00);
    expect(bounds(NIFTY_PUT, 24_380.01)?.fromPaise).toBe(0);
    expect(bounds(NIFTY_PUT, 24_380)?.fromPaise).toBe(10_00);
  });
});

describe("a quote that lacks figures", () => {
  const { profile, day } = fresh;
  if (profile === null || day === null) throw new Error("no day");
  const context = (price: PriceView | null): CheckContext => ({
    state: fresh,
    profile,
    day,
    terms: someTerms(),
    market: { product: "INTRADAY", price, heldPrices: [] },
    now: NOON,
    working: workingOrders(fresh),
    isRest: false,
    orderPaise: paise(3_750_00),
    needPaise: paise(3_750_00),
    setAsidePaise: ZERO_PAISE,
  });

  it("is refused as missing and by no other rule, which measure nothing then", () => {
    const whole = { ...steady(4_99), spotPaise: paise(24_700_00) };
    const rules = QUOTE_RULES.filter(({ id: name }) => name !== "QUOTE_MISSING" && name !== "QUOTE_STALE");
    for (const price of [null, aPrice({ ...nothing, ...whole })]) {
      for (const { check } of rules) {
        expect(check(context(price))).toEqual({ denial: null, limit: null, value: null, unit: null });
      }
      const [missing] = QUOTE_RULES;
      expect(missing?.check(context(price)).denial?.code).toBe("QUOTE_MISSING");
    }
    const stale = QUOTE_RULES.find(({ id: name }) => name === "QUOTE_STALE");
    expect(stale?.check(context(null))).toMatchObject({ denial: null });
  });

  it("leaves no figures where there is nothing to compare it with", () => {
    for (const rule of ["QUOTE_JUMP", "QUOTE_FROZEN", "QUOTE_OFF_MODEL"]) {
      expect(resultOf(rule, {})).toMatchObject(NO_FIGURES);
    }
    for (const side of [{ bidPaise: null }, { askPaise: null }]) {
      expect(resultOf("SPREAD_TOO_WIDE", { price: side })).toMatchObject(NO_FIGURES);
      expect(insanityOf(aPrice(side), NOON)).toBeNull();
    }
  });
});

describe("the exchange's price band", () => {
  const at = (limitPricePaise: number, given: Given = {}) =>
    resultOf("PRICE_BAND", { ...given, terms: { ...given.terms, limitPricePaise: paise(limitPricePaise) } });

  it("passes at both ends, and binds an entry whoever makes it and whatever its type", () => {
    expect(at(30_00)).toMatchObject({ passed: true, limit: 70_00, value: 30_00, unit: "PAISE" });
    expect(at(70_00)).toMatchObject({ passed: true, limit: 70_00, value: 70_00 });
    for (const terms of [{}, { origin: "STRATEGY" }, { type: "MARKET" }] as const) {
      expect(at(29_95, { terms })).toMatchObject({ passed: false, limit: 30_00 });
      expect(at(70_05, { terms })).toMatchObject({ passed: false, limit: 70_00 });
    }
    // An order of a list that was checked as a whole is not asked how old the quote is, but where it lies.
    const old = { quotedAtMs: epochMs(NOON - 120_001) };
    expect(at(29_95, { terms: { listId: id("list") }, price: old })).toMatchObject({ passed: false, limit: 30_00 });
  });

  it("binds an exit by request on the word of a fresh quote alone", () => {
    const leaving = (ageMs: number, change: Partial<PriceView> = {}) =>
      at(29_95, { state: holding(), terms: SELL_OUT, price: { quotedAtMs: epochMs(NOON - ageMs), ...change } });
    expect(leaving(120_000)).toMatchObject({ passed: false, limit: 30_00 });
    expect(leaving(120_001)).toMatchObject(NO_FIGURES);
    expect(leaving(0, nothing)).toMatchObject(NO_FIGURES);
    expect(leaving(0, { lastPaise: ZERO_PAISE })).toMatchObject(NO_FIGURES);
  });
});
