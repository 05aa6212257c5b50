import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addPaise,
  allocateLastTakesRemainder,
  bpsOf,
  formatRupees,
  mulDivFloor,
  type Paise,
  paise,
  parseRupees,
  roundPaise,
} from "../../../src/core/kernel/money.ts";

const anyPaise = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }).map(paise);

describe("money", () => {
  test("formatting and parsing are inverse for every amount", () => {
    fc.assert(
      fc.property(anyPaise, (amount) => {
        expect(parseRupees(formatRupees(amount))).toEqual({ ok: true, value: amount });
      }),
    );
  });

  test.each([
    ["0", 0],
    ["-0.00", 0],
    ["12.5", 1_250],
    ["-0.05", -5],
    ["123456789.01", 12_345_678_901],
  ])("%s rupees are %i paise", (text, expected) => {
    expect(parseRupees(text)).toEqual({ ok: true, value: expected });
  });

  test.each(["", "1.234", "1e3", "1,000", " 1", "+1", ".5", "1.", "NaN", "0x10", "9".repeat(16)])(
    "%j is refused rather than guessed at",
    (text) => {
      expect(parseRupees(text).ok).toBe(false);
    },
  );

  test("an amount that is not a whole, safe number of paise never comes into being", () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) expect(() => paise(value)).toThrow();
  });

  test("there is one zero: a negative zero is never handed on", () => {
    expect(Object.is(paise(-0), 0)).toBe(true);
  });

  test("mulDivFloor is exact also where the product leaves the safe integers", () => {
    fc.assert(
      fc.property(
        anyPaise,
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (value, numerator, denominator) => {
          const exact = new Decimal(value).times(numerator).div(denominator).floor();
          fc.pre(exact.abs().lt(Number.MAX_SAFE_INTEGER));
          expect(mulDivFloor(value, numerator, denominator)).toBe(paise(exact.toNumber()));
        },
      ),
    );
  });

  test("the parts of an allocation sum to the whole", () => {
    fc.assert(
      fc.property(
        anyPaise,
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 }),
        (total, weights) => {
          expect(addPaise(...allocateLastTakesRemainder(total, weights))).toBe(total);
        },
      ),
    );
  });

  test.each([
    ["HALF_UP", "2.5", 3],
    ["HALF_UP", "-2.5", -3],
    ["FLOOR", "2.9", 2],
    ["FLOOR", "-2.1", -3],
    ["CEIL", "2.1", 3],
    ["NEAREST_RUPEE", "9049", 9_000],
    ["NEAREST_RUPEE", "9050", 9_100],
  ] as const)("%s of %s paise is %i", (rounding, exact, expected) => {
    expect(roundPaise(new Decimal(exact), rounding)).toBe(expected);
  });

  test("30 % of one rupee is 30 paise", () => {
    expect(bpsOf(100 as Paise, 3_000, "HALF_UP")).toBe(30);
  });
});
