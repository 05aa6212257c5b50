import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { impliedVolatility } from "../../../src/core/market/implied-volatility.ts";
import { normalCumulative } from "../../../src/core/market/normal-distribution.ts";
import { type OptionInput, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";

const option = fc.record({
  spot: fc.double({ min: 100, max: 90_000, noNaN: true }),
  moneyness: fc.double({ min: 0.8, max: 1.25, noNaN: true }),
  years: fc.double({ min: 1 / 365, max: 1, noNaN: true }),
  rate: fc.double({ min: 0, max: 0.12, noNaN: true }),
  volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
});
const inputOf = (drawn: typeof option extends fc.Arbitrary<infer T> ? T : never): Omit<OptionInput, "optionType"> => ({
  spot: drawn.spot,
  strike: drawn.spot * drawn.moneyness,
  years: drawn.years,
  rate: drawn.rate,
  volatility: drawn.volatility,
});

describe("the normal distribution", () => {
  // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.1 (15 decimals).
  test.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.5, 0.933192798731142],
    [2, 0.977249868051821],
    [2.5, 0.993790334674224],
    [3, 0.99865010196837],
  ])("P(Z <= %d) is the tabulated figure to 1e-14", (x, expected) => {
    expect(Math.abs(normalCumulative(x) - expected)).toBeLessThan(1e-14);
    expect(Math.abs(normalCumulative(-x) - (1 - expected))).toBeLessThan(1e-14);
  });

  // The same function by its Taylor series about 0, which needs no fitted constant.
  test("agrees with its series to 1e-12 between -6 and 6", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        let [term, sum] = [x, x];
        for (let n = 1; n < 300; n += 1) {
          term *= (x * x) / (2 * n + 1);
          sum += term;
        }
        const series = 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
        expect(Math.abs(normalCumulative(x) - series)).toBeLessThan(1e-12);
      }),
    );
  });

  test("is 0 and 1 far out, and never leaves that range", () => {
    expect([normalCumulative(-40), normalCumulative(40)]).toEqual([0, 1]);
    expect(normalCumulative(-8)).toBeGreaterThan(0);
  });
});

describe("Black-Scholes", () => {
  // J. C. Hull, Options, Futures and Other Derivatives, the worked example of the Black-Scholes-Merton chapter.
  const hull = { spot: 42, strike: 40, rate: 0.1, volatility: 0.2, years: 0.5 };
  test("gives Hull's example: call 4.76, put 0.81", () => {
    expect(priceOption({ ...hull, optionType: "CALL" }).price).toBeCloseTo(4.76, 2);
    expect(priceOption({ ...hull, optionType: "PUT" }).price).toBeCloseTo(0.81, 2);
  });

  // Hull, the chapter on the Greek letters: S 49, K 50, r 5 %, volatility 20 %, 20 weeks.
  test("gives Hull's greeks: delta 0.522, gamma 0.066, theta -4.31, vega 12.1", () => {
    const value = priceOption({
      spot: 49,
      strike: 50,
      rate: 0.05,
      volatility: 0.2,
      years: 0.3846,
      optionType: "CALL",
    });
    expect(value.delta).toBeCloseTo(0.522, 3);
    expect(value.gamma).toBeCloseTo(0.066, 3);
    expect(value.theta).toBeCloseTo(-4.31, 2);
    expect(value.vega).toBeCloseTo(12.1, 1);
  });

  test("call less put is spot less discounted strike (put-call parity)", () => {
    fc.assert(
      fc.property(option, (drawn) => {
        const input = inputOf(drawn);
        const call = priceOption({ ...input, optionType: "CALL" });
        const put = priceOption({ ...input, optionType: "PUT" });
        const forward = input.spot - input.strike * Math.exp(-input.rate * input.years);
        expect(Math.abs(call.price - put.price - forward)).toBeLessThan(1e-9 * input.spot);
        expect(call.delta - put.delta).toBeCloseTo(1, 10);
        expect(call.gamma).toBeCloseTo(put.gamma, 12);
        expect(call.vega).toBeCloseTo(put.vega, 12);
      }),
    );
  });

  test("greeks are the slopes of the price", () => {
    fc.assert(
      fc.property(option, fc.constantFrom("CALL" as const, "PUT" as const), (drawn, optionType) => {
        const input = { ...inputOf(drawn), optionType };
        const value = priceOption(input);
        const slope = (change: (by: number) => Partial<OptionInput>, by: number): number =>
          (priceOption({ ...input, ...change(by) }).price - priceOption({ ...input, ...change(-by) }).price) / (2 * by);
        const { spot, years, volatility } = input;
        expect(Math.abs(slope((by) => ({ spot: spot + by }), spot * 1e-4) - value.delta)).toBeLessThan(1e-3);
        expect(Math.abs(slope((by) => ({ volatility: volatility + by }), 1e-5) - value.vega)).toBeLessThan(1e-4 * spot);
        expect(Math.abs(-slope((by) => ({ years: years + by }), years * 1e-4) - value.theta)).toBeLessThan(1e-3 * spot);
      }),
    );
  });

  test("is worth its intrinsic value at expiry", () => {
    const over = { spot: 105, strike: 100, years: 0, rate: 0.05, volatility: 0.2 };
    expect(priceOption({ ...over, optionType: "CALL" })).toMatchObject({ price: 5, delta: 1, vega: 0 });
    expect(priceOption({ ...over, optionType: "PUT" })).toMatchObject({ price: 0, delta: 0 });
  });
});

describe("implied volatility", () => {
  test("comes back from the price to 1e-8, in and out of the money", () => {
    fc.assert(
      fc.property(option, fc.constantFrom("CALL" as const, "PUT" as const), (drawn, optionType) => {
        const input = { ...inputOf(drawn), optionType };
        const { price, vega } = priceOption(input);
        // A price that does not move with volatility beyond what a double resolves holds no volatility to find.
        fc.pre(vega > 1e-5 * input.spot);
        const implied = impliedVolatility({ ...input, price });
        expect(implied.ok).toBe(true);
        if (implied.ok) expect(Math.abs(implied.value - input.volatility)).toBeLessThan(1e-8);
      }),
      { numRuns: 500 },
    );
  });

  test("always reproduces the price it was given", () => {
    fc.assert(
      fc.property(option, fc.constantFrom("CALL" as const, "PUT" as const), (drawn, optionType) => {
        const input = { ...inputOf(drawn), optionType };
        const { price } = priceOption(input);
        const implied = impliedVolatility({ ...input, price });
        if (!implied.ok) return;
        const again = priceOption({ ...input, volatility: implied.value }).price;
        expect(Math.abs(again - price)).toBeLessThan(1e-9 * input.spot);
      }),
    );
  });

  const call = { spot: 100, strike: 90, years: 0.1, rate: 0.05, optionType: "CALL" as const };
  test.each([
    ["below the discounted intrinsic value", { ...call, price: 10 }, "PRICE_BELOW_BOUND"],
    ["at the spot", { ...call, price: 100 }, "PRICE_ABOVE_BOUND"],
    ["of a put at the discounted strike", { ...call, optionType: "PUT" as const, price: 90 }, "PRICE_ABOVE_BOUND"],
    ["that is not a number", { ...call, price: Number.NaN }, "PRICE_BELOW_BOUND"],
    ["of an expired option", { ...call, years: 0, price: 12 }, "EXPIRED"],
    ["that only 1,000 % explains", { ...call, price: 99.9999 }, "VOLATILITY_OUT_OF_RANGE"],
  ])("refuses a price %s", (_, terms, code) => {
    expect(impliedVolatility(terms)).toEqual({ ok: false, error: { code } });
  });
});

test("time to expiry ends with the close of the expiry day and is never negative", () => {
  const expiry = marketDate("2025-09-02");
  expect(yearsToExpiry(istInstant(marketDate("2025-09-01"), "15:30"), expiry, "15:30")).toBeCloseTo(1 / 365, 12);
  expect(yearsToExpiry(istInstant(expiry, "15:31"), expiry, "15:30")).toBe(0);
});
