// Who may change which limit, and what a change does at once to what is open and under way.
import { describe, expect, it } from "vitest";
import { entriesBeyondLimits } from "../../../src/core/account/beyond-limits.ts";
import type { Command } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { AccountLimits, Category } from "../../../src/core/account/profile.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { effectiveLimits } from "../../../src/core/risk/effective-limits.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  BANKNIFTY_CALL,
  canceled,
  filled,
  id,
  LIMITS,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";

type Change = Extract<Command, { readonly type: "CHANGE_LIMITS" }>;
const change = (limits: Partial<AccountLimits>, more: Partial<Change> = {}): Change => ({
  type: "CHANGE_LIMITS",
  atMs: later(10),
  limits: { ...LIMITS, ...limits },
  ...more,
});
const codeOf = (account: AccountUnderTest, command: Command) => {
  const decided = decide(account.state, command);
  return decided.ok ? "DONE" : decided.error.code;
};

describe("a user", () => {
  it("may lower every limit of their own, and raise none", () => {
    const account = anAccount();
    const by = "USER" as const;
    expect(codeOf(account, change({ tradesPerDayMax: 3, openTradesMax: 1, openLotsMax: 10 }, { by }))).toBe("DONE");
    for (const raised of [
      { tradesPerDayMax: 28 },
      { dailyLossMaxPaise: paise(5_000_01) },
      { orderValueMaxPaise: paise(1_00_000_01) },
      { openTradesMax: 6, tradesPerDayMax: 1 },
    ]) {
      expect(codeOf(account, change(raised, { by }))).toBe("LIMIT_RAISE_NOT_ALLOWED");
    }
    account.do(
      change({ openLotsMax: 10, tradesPerDayByUnderlying: { SENSEX: 2 }, allowedUnderlyings: ["SENSEX"] }, { by }),
    );
    for (const limits of [{ openLotsMax: 10 }, { tradesPerDayByUnderlying: { SENSEX: 2 }, openLotsMax: 10 }]) {
      expect(codeOf(account, change(limits, { by }))).toBe("LIMIT_RAISE_NOT_ALLOWED");
    }
    for (const more of [
      { overrides: {} },
      { capitalPaise: paise(1) },
      { locks: { capital: false, tradeLimit: false, accounts: false } },
    ]) {
      expect(codeOf(account, change({ openTradesMax: 1 }, { by, ...more }))).toBe("LIMIT_RAISE_NOT_ALLOWED");
    }
  });
});

describe("what may be sold short", () => {
  it("is narrowed by the user and widened by nobody but the operator", () => {
    const account = anAccount();
    const by = "USER" as const;
    expect(codeOf(account, change({ shortOptions: "NAKED" }, { by }))).toBe("LIMIT_RAISE_NOT_ALLOWED");
    expect(codeOf(account, change({ shortOptions: "DEFINED_RISK" }, { by }))).toBe("DONE");
    account.do(change({ shortOptions: "NONE" }, { by }));
    expect(codeOf(account, change({}, { by }))).toBe("LIMIT_RAISE_NOT_ALLOWED");
    account.do(change({ shortOptions: "NAKED" }, { by: "OPERATOR" }));
    expect(codeOf(account, change({}, { by }))).toBe("DONE");
  });

  it("holds at once: a naked sale under way is taken out, and a naked short is bought back at the next price", () => {
    const account = anAccount({
      limits: { shortOptions: "NAKED" },
      capitalPaise: paise(10_00_000_00),
      category: "ADMIN",
    });
    const price = { ...aPrice(), spotPaise: paise(24_500_00), ivBps: 1_200 };
    const sale = { side: "SELL", type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(60_00) } as const;
    account.do(submit({ ...sale, clientOrderId: id("held") }, NOON, price));
    account.report(later(1), accepted(id("held")), filled(id("held"), 75, 60_00));
    account.do(submit({ ...sale, clientOrderId: id("resting"), limitPricePaise: paise(61_00) }, later(2), price));
    account.report(later(3), accepted(id("resting")));
    expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits).toBe(-75);
    const events = account.do(
      change({ shortOptions: "NAKED" }, { overrides: { shortOptions: "DEFINED_RISK" }, prices: [price] }),
    );
    expect(events.filter(({ type }) => type === "CANCEL_REQUESTED")).toMatchObject([{ clientOrderId: "resting" }]);
    const triggers = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];
    expect(triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE", watches: "ASK" }]);
    const fired = { triggerId: triggers[0]?.triggerId ?? "", price };
    expect(account.do({ type: "FIRE_TRIGGERS", atMs: later(11), fired: [fired] })).toContainEqual(
      expect.objectContaining({
        type: "ORDER_SUBMITTED",
        terms: expect.objectContaining({ side: "BUY", purpose: "EXIT", exitReason: "SQUARE_OFF" }),
      }),
    );
  });
});

describe("an operator", () => {
  it("C-60, CMP-06: sets the capital of REGULAR and ADMIN from ₹10,000 on, of NGD to whatever it begins with", () => {
    const capital = (category: Category, rupees: number) =>
      codeOf(anAccount({ category }), change({}, { capitalPaise: paise(rupees * 100) }));
    for (const category of ["REGULAR", "ADMIN"] as const) {
      expect([9_999, 10_000, 15_00_000, 15_00_001].map((rupees) => capital(category, rupees))).toEqual([
        "LIMIT_OUT_OF_RANGE",
        "DONE",
        "DONE",
        "LIMIT_OUT_OF_RANGE",
      ]);
    }
    expect(capital("NGD", 5_000)).toBe("DONE");
  });

  it("G-34: sets trades and capital of Alpha-Beta within its range", () => {
    const account = anAccount({ category: "RESTRICTED", capitalPaise: paise(10_000_00) });
    const trades = (tradesPerDayMax: number) => codeOf(account, change({ tradesPerDayMax }));
    expect([26, 27, 45, 46].map(trades)).toEqual(["LIMIT_OUT_OF_RANGE", "DONE", "DONE", "LIMIT_OUT_OF_RANGE"]);
    const capital = (rupees: number) => codeOf(account, change({}, { capitalPaise: paise(rupees * 100) }));
    expect([7_499, 7_500, 1_00_000, 1_00_001].map(capital)).toEqual([
      "LIMIT_OUT_OF_RANGE",
      "DONE",
      "DONE",
      "LIMIT_OUT_OF_RANGE",
    ]);
  });

  it("G-59: cannot edit what is locked either, until it is unlocked in a step of its own", () => {
    const account = anAccount();
    const open = { capital: false, tradeLimit: false, accounts: false };
    account.do(change({}, { locks: { ...open, capital: true, tradeLimit: true } }));
    const capitalPaise = paise(50_000_00);
    expect(codeOf(account, change({}, { capitalPaise }))).toBe("LIMIT_LOCKED");
    expect(codeOf(account, change({}, { capitalPaise, locks: open }))).toBe("LIMIT_LOCKED");
    expect(codeOf(account, change({ tradesPerDayMax: 5 }))).toBe("LIMIT_LOCKED");
    expect(codeOf(account, change({ tradesPerDayMax: 5 }, { by: "USER" }))).toBe("LIMIT_LOCKED");
    expect(codeOf(account, change({ openTradesMax: 2 }))).toBe("DONE");
    account.do(change({}, { locks: open }));
    account.do(change({}, { capitalPaise }));
    expect(account.state.profile?.capitalPaise).toBe(capitalPaise);
  });

  it("overrides beside the user's own figure, and the stricter of both holds", () => {
    const account = anAccount();
    const [event] = account.do(change({}, { overrides: { openTradesMax: 1 }, by: "OPERATOR", actor: "key-9" }));
    expect(event).toMatchObject({ type: "LIMITS_CHANGED", overrides: { openTradesMax: 1 }, actor: "key-9" });
    account.do(submit());
    const [denied] = account.do(submit({ clientOrderId: id("two"), contract: NIFTY_PUT }));
    expect(denied).toMatchObject({ type: "ORDER_DENIED", denial: { code: "OPEN_TRADES_LIMIT", limit: 1 } });
    account.do(change({}, { overrides: {} }));
    const profile = account.state.profile;
    expect(profile && effectiveLimits(profile).openTradesMax).toEqual({ limit: 5, boundBy: "USER" });
    expect(account.do(change({}, { overrides: {} }))).toEqual([]);
  });
});

describe("a limit that is lowered", () => {
  it("takes out the latest entries that no longer fit, and no others", () => {
    const account = anAccount();
    const contracts = [undefined, NIFTY_PUT, BANKNIFTY_CALL] as const;
    for (const [index, contract] of contracts.entries()) {
      const clientOrderId = id(`n-${index}`);
      const quantityUnits = contract === BANKNIFTY_CALL ? 35 : 75;
      account.do(
        submit({ clientOrderId, ...(contract === undefined ? {} : { contract }), quantityUnits }, later(index)),
      );
      account.report(later(index), accepted(clientOrderId));
    }
    expect(entriesBeyondLimits(account.state, later(9))).toEqual([]);
    const events = account.do(change({ openTradesMax: 2 }));
    expect(events.slice(1)).toMatchObject([{ type: "CANCEL_REQUESTED", clientOrderId: "n-2" }]);
    expect(account.do(change({ openTradesMax: 2 }))).toEqual([]);
    const lower = account.do(change({ openTradesMax: 2, portfolioExposureMaxPaise: paise(3_750_00) }));
    expect(lower.slice(1)).toMatchObject([{ type: "CANCEL_REQUESTED", clientOrderId: "n-1" }]);
  });

  it("leaves the rest of a trade that has begun, where only the count of trades was lowered", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150 }));
    account.report(NOON, accepted(id("order-1")), filled(id("order-1"), 75, 50_00));
    expect(account.do(change({ tradesPerDayMax: 1 })).map(({ type }) => type)).not.toContain("CANCEL_REQUESTED");
    const events = account.do(change({ tradesPerDayMax: 1, positionSizeMaxPaise: paise(5_000_00) }));
    expect(events).toContainEqual({ type: "CANCEL_REQUESTED", atMs: later(10), clientOrderId: "order-1" });
    account.report(later(11), canceled(id("order-1")));
    expect(entriesBeyondLimits(account.state, later(12))).toEqual([]);
  });
});
