// Whose figure each limit of an account is: the strictest of all that anybody has set, and of equal ones the first in order.
import { describe, expect, it } from "vitest";
import type { AccountLimits, AccountProfile, Category, LimitOverrides } from "../../../src/core/account/profile.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { effectiveLimits, shortOptionsOf } from "../../../src/core/risk/effective-limits.ts";
import { openSummary } from "../../../src/core/risk/open-trades.ts";
import { workingOrders } from "../../../src/core/risk/working-orders.ts";
import { aProfile, NIFTY_CALL } from "../../support/builders.ts";
import { fresh, holding } from "./denial-fixtures.ts";

const FAR = 1_00_00_00_000_00;
const of = (limits: Partial<AccountLimits>, overrides: LimitOverrides = {}, capitalPaise = 1_00_000_00) =>
  effectiveLimits({ ...aProfile({ limits, capitalPaise: paise(capitalPaise) }), overrides });

describe("the limit that binds", () => {
  it("is the category's or the platform's where nobody has set a stricter one", () => {
    const wide = of({
      tradesPerDayMax: 9_999,
      orderValueMaxPaise: paise(FAR),
      positionSizeMaxPaise: paise(FAR),
      portfolioExposureMaxPaise: paise(FAR),
      openLotsMax: 9_999,
    });
    expect(wide.tradesPerDayMax).toEqual({ limit: 216, boundBy: "CATEGORY" });
    expect(wide.orderValueMaxPaise).toEqual({ limit: 1_00_000_00, boundBy: "CATEGORY" });
    expect(wide.positionSizeMaxPaise).toEqual({ limit: 1_00_000_00, boundBy: "CATEGORY" });
    expect(wide.portfolioExposureMaxPaise).toEqual({ limit: 50_00_000_00, boundBy: "PLATFORM" });
    expect(wide.openLotsMax).toEqual({ limit: 1_250, boundBy: "PLATFORM" });
    // Three times ₹10,000 is less than the category's order value.
    expect(of({ orderValueMaxPaise: paise(FAR) }, {}, 10_000_00).orderValueMaxPaise).toEqual({
      limit: 30_000_00,
      boundBy: "LEVERAGE",
    });
  });

  it("of equal figures is the user's before the operator's, and either's before the category's", () => {
    expect(of({ openTradesMax: 3 }, { openTradesMax: 3 }).openTradesMax).toEqual({ limit: 3, boundBy: "USER" });
    expect(of({ tradesPerDayMax: 216 }).tradesPerDayMax).toEqual({ limit: 216, boundBy: "USER" });
    const index = { tradesPerDayByUnderlying: { NIFTY50: 4 } };
    expect(of(index, index).tradesPerDayByUnderlying).toEqual({ NIFTY50: { limit: 4, boundBy: "USER" } });
  });

  it("C-11b: of what may be sold is the strictest word of user, operator and category; protected shorts unless somebody speaks", () => {
    const sold = (limits: Partial<AccountLimits>, overrides: LimitOverrides = {}, category: Category = "REGULAR") =>
      effectiveLimits({ ...aProfile({ limits, category }), overrides }).shortOptions;
    expect(sold({})).toEqual({ allowed: "DEFINED_RISK", boundBy: "USER" });
    expect(sold({ shortOptions: "NAKED" })).toEqual({ allowed: "NAKED", boundBy: "USER" });
    expect(sold({ shortOptions: "NAKED" }, { shortOptions: "NONE" })).toEqual({ allowed: "NONE", boundBy: "OPERATOR" });
    expect(sold({ shortOptions: "NONE" }, { shortOptions: "NAKED" })).toEqual({ allowed: "NONE", boundBy: "USER" });
    for (const category of ["NGD", "RESTRICTED", "SEMI_RESTRICTED"] as const) {
      expect(sold({ shortOptions: "NAKED" }, {}, category)).toEqual({ allowed: "DEFINED_RISK", boundBy: "CATEGORY" });
    }
    expect(sold({ shortOptions: "NAKED" }, {}, "ADMIN").allowed).toBe("NAKED");
    // The category is refused with its own code later; until then it sells nothing.
    expect(shortOptionsOf({ ...aProfile(), category: "VIP" as never })).toBe("NONE");
  });

  it("is nothing at all where a profile of before lacks a figure that somebody has to set", () => {
    const { openTradesMax: _none, ...limits } = aProfile().limits;
    const old: AccountProfile = { ...aProfile(), limits: limits as AccountLimits };
    expect(effectiveLimits(old).openTradesMax).toEqual({ limit: 0, boundBy: "PLATFORM" });
  });

  it("is worked out once for a profile, as what is open is for an account's trades and what works for its orders", () => {
    const profile = aProfile();
    expect(effectiveLimits(profile)).toBe(effectiveLimits(profile));
    const { openTrades } = holding(NIFTY_CALL);
    expect(openSummary(openTrades)).toBe(openSummary(openTrades));
    const orders = { ...fresh.orders };
    expect(workingOrders({ orders })).toBe(workingOrders({ orders }));
  });
});
