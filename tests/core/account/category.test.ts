// What a category decides.
import { describe, expect, it } from "vitest";
import {
  defaultLimits,
  EXPOSURE_MAX_PAISE,
  exposureMaxPaise,
  ladderOf,
  OWN_CAPITAL_MAX_PAISE,
  rulesOfCategory,
  startCapitalPaise,
} from "../../../src/core/account/category.ts";
import { type AccountProfile, CATEGORIES } from "../../../src/core/account/profile.ts";
import { nextLevelPaise } from "../../../src/core/funds/capital-ladder.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { effectiveLimits } from "../../../src/core/risk/effective-limits.ts";
import { aProfile } from "../../support/builders.ts";

const rupees = (amount: number): Paise => paise(amount * 100);

describe("a category", () => {
  it("G-31: lends 1.5× to NGD and 3× to all others", () => {
    const leverages = CATEGORIES.map((category) => {
      const rules = rulesOfCategory(category);
      return rules.ok ? rules.value.leverageBps : 0;
    });
    expect(leverages).toEqual([15_000, 30_000, 30_000, 30_000, 30_000]);
    expect(exposureMaxPaise(rupees(10_000), "RESTRICTED")).toBe(rupees(30_000));
    expect(exposureMaxPaise(rupees(5_000), "NGD")).toBe(rupees(7_500));
  });

  it("C-54: that nobody knows gets nothing", () => {
    for (const text of ["admin", "UNRESTRICTED", "", "__proto__"]) {
      expect(rulesOfCategory(text)).toEqual({ ok: false, error: { code: "UNKNOWN_CATEGORY", category: text } });
    }
  });

  it("C-03: may trade ₹15 lakh of own capital, which leverage makes ₹45 lakh, below the ceiling of ₹50 lakh", () => {
    expect(exposureMaxPaise(OWN_CAPITAL_MAX_PAISE, "ADMIN")).toBe(rupees(45_00_000));
    expect(exposureMaxPaise(rupees(15_00_001), "ADMIN")).toBe(rupees(45_00_000));
    expect(EXPOSURE_MAX_PAISE).toBe(rupees(50_00_000));
    expect(exposureMaxPaise(rupees(-1), "ADMIN")).toBe(0);
  });

  it("G-21: ten thousand buy thirty for ADMIN; of the old 1.5× for all others only NGD has kept it (C-02)", () => {
    expect(exposureMaxPaise(rupees(10_000), "ADMIN")).toBe(rupees(30_000));
    for (const category of ["RESTRICTED", "SEMI_RESTRICTED", "REGULAR"] as const)
      expect(exposureMaxPaise(rupees(10_000), category)).toBe(rupees(30_000));
    expect(exposureMaxPaise(rupees(10_000), "NGD")).toBe(rupees(15_000));
  });

  it("CMP-07: bounds an order by the smallest of the user's, the category's and the leveraged amount", () => {
    const orderValueMaxPaise = (profile: AccountProfile) => effectiveLimits(profile).orderValueMaxPaise.limit;
    const limits = { orderValueMaxPaise: rupees(99_00_00_000) };
    const of = (category: (typeof CATEGORIES)[number], capital: number) =>
      orderValueMaxPaise(aProfile({ category, capitalPaise: rupees(capital), limits }));
    expect(of("NGD", 5_000)).toBe(rupees(7_500));
    expect(of("NGD", 1_00_000)).toBe(rupees(50_000));
    expect(of("RESTRICTED", 1_00_000)).toBe(rupees(1_00_000));
    expect(of("SEMI_RESTRICTED", 10_00_000)).toBe(rupees(5_00_000));
    expect(of("ADMIN", 15_00_000)).toBe(rupees(45_00_000));
    expect(orderValueMaxPaise(aProfile({ limits: { orderValueMaxPaise: rupees(1_000) } }))).toBe(rupees(1_000));
  });

  it("G-62: climbs its own ladder", () => {
    expect(nextLevelPaise(ladderOf("RESTRICTED"), rupees(10_000))).toBe(rupees(50_000));
    expect(nextLevelPaise(ladderOf("RESTRICTED"), rupees(1_00_000))).toBe(rupees(1_00_000));
    expect(nextLevelPaise(ladderOf("ADMIN"), rupees(5_00_000))).toBe(rupees(15_00_000));
    expect(nextLevelPaise(ladderOf("RESTRICTED"), rupees(12_345))).toBe(rupees(12_345));
    expect(nextLevelPaise(ladderOf("NGD"), rupees(5_000))).toBe(rupees(5_000));
  });

  it("gives a new account four trades per cycle and underlying, its own trades per day, and 2.5 % of capital to lose", () => {
    expect(CATEGORIES.map((category) => defaultLimits(category).tradesPerDayMax)).toEqual([18, 27, 27, 27, 180]);
    expect(defaultLimits("ADMIN").tradesPerCycleMax).toBe(4);
    expect(defaultLimits("NGD").dailyLossMaxPaise).toBe(rupees(125));
    expect(defaultLimits("ADMIN", rupees(5_00_000)).dailyLossMaxPaise).toBe(rupees(12_500));
    expect(CATEGORIES.map((category) => startCapitalPaise(category) / 100)).toEqual([
      5_000, 10_000, 10_000, 10_000, 10_000,
    ]);
  });
});
