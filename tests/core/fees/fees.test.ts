import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Category } from "../../../src/core/account/profile.ts";
import { FEE_SCHEDULES, feeRateBps } from "../../../src/core/fees/fee-schedule.ts";
import { feeShares, gstOnFeePaise, platformFeePaise } from "../../../src/core/fees/platform-fee.ts";
import { InvariantBroken } from "../../../src/core/kernel/assert.ts";
import { paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { addDays, marketDate } from "../../../src/core/kernel/time.ts";
import { rupees } from "../settlement/settlement-samples.ts";

const ACTIVATED = marketDate("2025-01-01");
const v9Fee = (category: Category, activeDays: number): number =>
  platformFeePaise(rupees("1000"), feeRateBps(FEE_SCHEDULES.v9, category, ACTIVATED, addDays(ACTIVATED, activeDays)));

describe("the platform fee", () => {
  it("G-22: 30 % of 1,000 is 300", () => expect(platformFeePaise(rupees("1000"), 3_000)).toBe(rupees("300")));

  it.each([
    ["ADMIN", 0, "300"],
    ["NGD", 0, "0"],
    ["NGD", 365, "100"],
    ["RESTRICTED", 0, "300"],
    ["SEMI_RESTRICTED", 0, "150"],
    ["REGULAR", 0, "100"],
  ] as const)("G-60: v9 asks %s after %i days for %s of 1,000", (category, days, fee) => {
    expect(v9Fee(category, days)).toBe(rupees(fee));
  });

  it("begins to ask NGD on the 366th day, not before", () => {
    expect(v9Fee("NGD", 364)).toBe(0);
    expect(v9Fee("NGD", 365)).toBe(rupees("100"));
    expect(v9Fee("NGD", -1)).toBe(0);
  });

  it("takes nothing of a loss or of nothing", () => {
    expect(platformFeePaise(paise(0), 3_000)).toBe(0);
    expect(platformFeePaise(paise(-1), 3_000)).toBe(0);
  });

  it("rounds half up to the paisa, GST too", () => {
    expect(platformFeePaise(paise(5), 3_000)).toBe(2);
    expect(gstOnFeePaise(rupees("300"), 1_800)).toBe(rupees("54"));
    expect(gstOnFeePaise(paise(25), 1_800)).toBe(5);
  });
});

describe("the revenue split", () => {
  it("G-37: 27.66 crore splits into 19.362, 5.532, 2.0745 and 0.6915 crore", () => {
    expect(rupees("230100000") + rupees("46500000")).toBe(rupees("276600000"));
    expect(feeShares(rupees("276600000"), FEE_SCHEDULES.v9.parties).map(({ amountPaise }) => amountPaise)).toEqual(
      ["193620000", "55320000", "20745000", "6915000"].map(rupees),
    );
  });

  it("G-37b: a fee of 1,000 splits into 700, 200, 75 and 25", () => {
    expect(feeShares(rupees("1000"), FEE_SCHEDULES.v9.parties).map(({ amountPaise }) => amountPaise)).toEqual(
      ["700", "200", "75", "25"].map(rupees),
    );
  });

  it("gives the last party what flooring leaves", () => {
    expect(feeShares(paise(99), FEE_SCHEDULES.v9.parties).map(({ amountPaise }) => amountPaise)).toEqual([
      69, 19, 7, 4,
    ]);
  });

  it("sums to the fee for every fee and any shares that sum to 10,000", () => {
    const shares = fc
      .array(fc.integer({ min: 0, max: 2_000 }), { minLength: 0, maxLength: 5 })
      .map((parts) => [...parts, 10_000 - parts.reduce((sum, part) => sum + part, 0)])
      .map((parts) => parts.map((shareBps, index) => ({ party: `p${index}`, shareBps })));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), shares, (fee, parties) => {
        const parts = feeShares(paise(fee), parties);
        expect(sumPaise(parts, ({ amountPaise }) => amountPaise)).toBe(fee);
        for (const { amountPaise } of parts) expect(amountPaise).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("refuses shares that do not sum to 100 %", () => {
    expect(() => feeShares(paise(100), [{ party: "one", shareBps: 9_999 }])).toThrow(InvariantBroken);
  });

  it("holds 100 % in every schedule", () => {
    for (const schedule of Object.values(FEE_SCHEDULES)) {
      expect(schedule.parties.reduce((sum, { shareBps }) => sum + shareBps, 0)).toBe(10_000);
    }
  });
});
