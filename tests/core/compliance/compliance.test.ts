// Compliance: who may trade, what, and up to where; every order carries a tag, and what cannot be checked is not sent.
import { describe, expect, it } from "vitest";
import { algoIdOf } from "../../../src/core/compliance/algo-id.ts";
import { kycStateOf } from "../../../src/core/compliance/kyc.ts";
import { holderOfPan, isPanFormat, maskPan } from "../../../src/core/compliance/pan.ts";
import { futureEquivalentOf, positionLimitsOn } from "../../../src/core/compliance/position-limits.ts";
import { concerns, inForceOn, type Restriction } from "../../../src/core/compliance/restriction.ts";
import { underlyingOfSymbol } from "../../../src/core/compliance/symbol.ts";
import { judgeCompliance, statusOf } from "../../../src/core/compliance/verdict.ts";
import type { InstrumentId, Underlying } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { checkOrder } from "../../../src/core/risk/check.ts";
import { checksOf, recordOf } from "../../../src/core/risk/check-record.ts";
import { type CheckContext, type CheckResult, PASSED } from "../../../src/core/risk/rule.ts";
import { workingOrders } from "../../../src/core/risk/working-orders.ts";
import {
  accepted,
  anAccount,
  aPrice,
  aProfile,
  BANKNIFTY_CALL,
  DATE,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  SENSEX_CALL,
  someTerms,
  submit,
} from "../../support/builders.ts";

const market = { product: "INTRADAY", price: aPrice(), heldPrices: [] } as const;
const fresh = anAccount().state;
const codeOf = (state = fresh, change = {}) => {
  const checked = checkOrder(state, someTerms(change), market, NOON);
  return checked.ok ? "APPROVED" : checked.error.code;
};
const kyc = (state: "NOT_STARTED" | "PENDING" | "VERIFIED" | "REJECTED" | "EXPIRED", change = {}) =>
  ({ state, source: "OPERATOR", changedAtMs: NOON, ...change }) as const;
const contextOf = (state = fresh, terms = someTerms()): CheckContext => {
  if (state.profile === null || state.day === null) throw new Error("no day");
  const { profile, day } = state;
  return {
    state,
    profile,
    day,
    terms,
    market,
    now: NOON,
    working: workingOrders(state),
    isRest: false,
    orderPaise: paise(1),
    needPaise: paise(1),
    setAsidePaise: paise(0),
  };
};
const ban = (change: Partial<Restriction> = {}): Restriction => ({
  restrictionId: "R1",
  source: "NSE",
  type: "BAN",
  symbol: "NIFTY50",
  from: marketDate("2025-08-01"),
  to: null,
  message: "trading is suspended",
  ...change,
});

describe("a PAN", () => {
  it("G-66: is five letters, four digits and a letter", () => {
    expect(
      ["ABCDE1234F", "ABCDE12345", "ABCD1234F", "abcde1234f", " ABCDE1234F", "ABCDE1234FG"].map(isPanFormat),
    ).toEqual([true, false, false, false, false, false]);
  });

  it("names its holder by the fourth letter, and is only ever shown masked", () => {
    expect(holderOfPan("ABCPE1234F")).toBe("INDIVIDUAL");
    expect(holderOfPan("ABCCE1234F")).toBe("COMPANY");
    expect(holderOfPan("ABCDE1234F")).toBeNull();
    expect(maskPan("ABCPE1234F")).toBe("ABCxxxx34F");
  });
});

describe("KYC", () => {
  it("opens nothing until it is verified, and closes whatever is open", () => {
    for (const state of ["NOT_STARTED", "PENDING", "REJECTED", "EXPIRED"] as const) {
      expect(codeOf(anAccount({ kyc: kyc(state) }).state)).toBe("KYC_VERIFICATION");
    }
    expect(codeOf(anAccount({ kyc: kyc("VERIFIED", { panHolder: "INDIVIDUAL" }) }).state)).toBe("APPROVED");
    expect(codeOf(anAccount({ kyc: kyc("VERIFIED", { panHolder: "COMPANY" }) }).state)).toBe("KYC_VERIFICATION");
    const { kyc: _none, ...bare } = aProfile();
    expect(kycStateOf({})).toBe("NOT_STARTED");
    expect(codeOf({ ...fresh, profile: bare })).toBe("KYC_VERIFICATION");
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(id("order-1"), 75, 50_00));
    account.do({ type: "CHANGE_KYC", atMs: later(1), kyc: kyc("EXPIRED") });
    expect(codeOf(account.state, { side: "SELL", purpose: "EXIT", exitReason: "REQUEST" })).toBe("APPROVED");
  });

  it("takes out what is under way when it is withdrawn, and is changed once", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, accepted(id("order-1")));
    const change = { type: "CHANGE_KYC", atMs: later(1), kyc: kyc("REJECTED"), actor: "key-1" } as const;
    expect(account.do(change).map(({ type }) => type)).toEqual(["KYC_CHANGED", "CANCEL_REQUESTED"]);
    expect(account.do({ ...change, kyc: { ...change.kyc, changedAtMs: later(2) } })).toEqual([]);
  });
});

describe("a symbol", () => {
  it("CMP-08: means an index by any of its spellings, or one of its contracts", () => {
    const nifty = ["NIFTY", "nifty 50", "NIFTY-50", "NIFTY2590224500CE.NFO", "NIFTY25SEP24500PE", "NIFTY50-25000-CE"];
    for (const name of nifty) expect(underlyingOfSymbol(name), name).toBe("NIFTY50");
    for (const name of ["Bank Nifty", "Nifty Bank", "BANKNIFTY25SEP54000CE.NFO"])
      expect(underlyingOfSymbol(name)).toBe("BANKNIFTY");
    for (const name of [" nifty ", "NIFTY50-25000-CE.nfo ", " NIFTY 50 25000 PE .BFO"])
      expect(underlyingOfSymbol(name), name).toBe("NIFTY50");
    for (const name of ["SENSEX 30", SENSEX_CALL.instrumentId, "SENSEX25N06100000CE"])
      expect(underlyingOfSymbol(name)).toBe("SENSEX");
  });

  it("CMP-08, G-58: is refused where a name of ours only stands within another", () => {
    const others = [
      "FINNIFTY",
      "MIDCPNIFTY",
      "FINNIFTY25SEP26000CE",
      "NIFTYNXT50",
      "NIFTYFPI",
      "RELIANCE",
      "BANKEX",
      "",
      "constructor",
      "NIFTY26NOVFUT",
      "NIFTY25SEP24500CEX",
      "NIFTY.NFO50",
    ];
    for (const name of others) expect(underlyingOfSymbol(name), name).toBeNull();
  });

  it("G-58: RELIANCE is refused for the symbol, and before that for missing KYC", () => {
    const contract = { ...NIFTY_CALL, instrumentId: "RELIANCE" as InstrumentId, underlying: "RELIANCE" as Underlying };
    const terms = someTerms({ contract, quantityUnits: 10, limitPricePaise: paise(2_500_00) });
    expect(judgeCompliance(contextOf(fresh, terms), []).denial).toMatchObject({ code: "SYMBOL_RESTRICTION" });
    const pending = anAccount({ kyc: kyc("PENDING") }).state;
    expect(judgeCompliance(contextOf(pending, terms), []).denial).toMatchObject({ code: "KYC_VERIFICATION" });
    expect(checkOrder(fresh, terms, market, NOON).ok).toBe(false);
  });
});

describe("a restriction", () => {
  it("speaks of its underlying, its contract or everything, on its dates alone", () => {
    const on = (change: Partial<Restriction>, contract = NIFTY_CALL) => concerns(ban(change), contract, DATE);
    expect([on({}), on({}, BANKNIFTY_CALL), on({ symbol: "*" }, SENSEX_CALL)]).toEqual([true, false, true]);
    expect([on({ symbol: NIFTY_CALL.instrumentId }), on({ symbol: NIFTY_PUT.instrumentId })]).toEqual([true, false]);
    expect([
      on({ from: DATE, to: DATE }),
      on({ from: marketDate("2025-08-30") }),
      on({ to: marketDate("2025-08-28") }),
    ]).toEqual([true, false, false]);
    expect(
      inForceOn(
        [ban({ restrictionId: "B" }), ban({ restrictionId: "A" }), ban({ to: marketDate("2025-08-02") })],
        DATE,
      ),
    ).toMatchObject([{ restrictionId: "A" }, { restrictionId: "B" }]);
  });

  it("CMP-10: bans entries from the opening of the day, warns where it only informs, and lets exits out", () => {
    const opened = (restrictions: readonly Restriction[]) => ({
      ...fresh,
      day: fresh.day && { ...fresh.day, restrictions },
    });
    for (const type of ["BAN", "RESTRICTION"] as const)
      expect(codeOf(opened([ban({ type })]))).toBe("SYMBOL_RESTRICTION");
    for (const type of ["CIRCULAR", "ALERT"] as const) {
      const checked = checkOrder(opened([ban({ type })]), someTerms(), market, NOON);
      expect(checked).toMatchObject({ ok: true, value: { compliance: "WARNING" } });
      expect(statusOf(checked.checks, null, "VERIFIED")).toBe("WARNING");
    }
    expect(codeOf(opened([ban({ symbol: "SENSEX" })]))).toBe("APPROVED");
  });

  it("that comes during the day takes out what is under way in its symbol, once, and leaves the rest", () => {
    const account = anAccount();
    account.do(submit());
    account.do(submit({ clientOrderId: id("other"), contract: NIFTY_PUT }));
    account.report(NOON, accepted(id("order-1")), accepted(id("other")));
    const change = {
      type: "CHANGE_RESTRICTIONS",
      atMs: later(1),
      jobKey: "RESTRICTIONS/2025-08-29/1",
      date: DATE,
      restrictions: [ban({ symbol: NIFTY_CALL.instrumentId })],
    } as const;
    expect(account.do(change)).toMatchObject([
      { type: "RESTRICTIONS_CHANGED" },
      { type: "CANCEL_REQUESTED", clientOrderId: "order-1" },
    ]);
    expect(account.do(change)).toEqual([]);
    expect(account.do({ ...change, date: marketDate("2025-08-28"), jobKey: "RESTRICTIONS/2025-08-29/2" })).toEqual([]);
    expect(codeOf(account.state, { clientOrderId: id("more") })).toBe("SYMBOL_RESTRICTION");
  });
});

describe("the position limits", () => {
  it("market-rules 1.8: are the day's figures from October 2025 on, and the end of day's before", () => {
    const crore = (amount: number) => amount * 1_00_00_000_00;
    expect(positionLimitsOn(marketDate("2025-08-29"))).toEqual({
      netMaxPaise: crore(1_500),
      grossMaxPaise: crore(10_000),
    });
    expect(positionLimitsOn(marketDate("2026-11-20"))).toEqual({
      netMaxPaise: crore(5_000),
      grossMaxPaise: crore(10_000),
    });
    expect(positionLimitsOn(marketDate("2024-05-02"))).toEqual({ netMaxPaise: crore(500), grossMaxPaise: crore(500) });
    expect(positionLimitsOn(marketDate("1999-05-02"))).toBeNull();
  });

  it("count futures-equivalents: calls up, puts down, at worst with a delta of one", () => {
    const legs = [
      { contract: NIFTY_CALL, netUnits: 75, delta: null },
      { contract: NIFTY_PUT, netUnits: 75, delta: -0.4 },
      { contract: NIFTY_CALL, netUnits: -75, delta: 0.5 },
      { contract: BANKNIFTY_CALL, netUnits: 35, delta: null },
    ];
    expect(futureEquivalentOf("NIFTY50", legs, 24_000_00)).toEqual({
      longPaise: 75 * 24_000_00,
      shortPaise: 75 * 24_000_00 * 0.9,
      netPaise: 75 * 24_000_00 * 0.1,
    });
  });

  it("refuse an entry that reaches beyond them", () => {
    const position = {
      contract: NIFTY_CALL,
      netUnits: 75 * 9_000,
      costPaise: paise(75),
      realisedPaise: paise(0),
      openedAtMs: NOON,
    };
    const trade = { position, signalId: null, cycleId: null, exitPlan: null, triggers: [] };
    const state = { ...fresh, openTrades: { [NIFTY_CALL.instrumentId]: trade } };
    expect(judgeCompliance(contextOf(state), []).denial).toMatchObject({ code: "POSITION_LIMIT", unit: "PAISE" });
  });
});

describe("a verdict", () => {
  it("CMP-02: is a refusal when a rule fails to answer", () => {
    const checks: CheckResult[] = [];
    const broken = {
      id: "POSITION_LIMIT",
      on: "ENTRY",
      check: () => {
        throw new Error("no table");
      },
    } as const;
    const { denial } = judgeCompliance(contextOf(), checks, [broken]);
    expect(denial).toMatchObject({ code: "COMPLIANCE_ERROR" });
    expect(checks).toEqual([{ rule: "COMPLIANCE_ERROR", passed: false, limit: null, value: null, unit: null }]);
    const fine = { id: "POSITION_LIMIT", on: "ENTRY", check: () => PASSED } as const;
    expect(judgeCompliance(contextOf(), [], [fine])).toMatchObject({ denial: null, passed: { status: "APPROVED" } });
  });

  it("is PENDING while KYC is, REJECTED for anything else", () => {
    const denial = (code: "KYC_VERIFICATION" | "BUYING_POWER") =>
      ({ code, field: "", limit: null, value: null, unit: null, detail: "" }) as const;
    expect(statusOf([], denial("KYC_VERIFICATION"), "PENDING")).toBe("PENDING");
    expect(statusOf([], denial("KYC_VERIFICATION"), "REJECTED")).toBe("REJECTED");
    expect(statusOf([], denial("BUYING_POWER"), "PENDING")).toBe("REJECTED");
  });
});

describe("the tag of an order", () => {
  it("is the registered id of who made it, or the generic one, and stands on every order that was approved", () => {
    expect(algoIdOf("STRATEGY")).toBe("GENERIC-STRATEGY");
    expect(algoIdOf("API", { STRATEGY: "A1" })).toBe("GENERIC-API");
    expect(algoIdOf("STRATEGY", { STRATEGY: "A1" })).toBe("A1");
    const account = anAccount();
    account.do(submit());
    expect(account.state.orders[id("order-1")]?.algoId).toBe("GENERIC-API");
    const own = checkOrder(fresh, someTerms({ algoId: "A7" }), market, NOON);
    expect(own).toMatchObject({ ok: true, value: { terms: { algoId: "A7" } } });
  });
});

describe("the record of a check", () => {
  it("is on the order's event, small, and says everything again", () => {
    const account = anAccount();
    const [submitted] = account.do(submit());
    const [denied] = account.do(submit({ clientOrderId: id("two"), quantityUnits: 18_075 }));
    if (submitted?.type !== "ORDER_SUBMITTED" || denied?.type !== "ORDER_DENIED") throw new Error("other events");
    const { checks } = checkOrder(anAccount().state, someTerms(), market, NOON);
    expect(checksOf(submitted.checks ?? [], null)).toEqual(checks);
    expect(JSON.stringify(submitted.checks).length).toBeLessThan(700);
    expect(checksOf(denied.checks ?? [], denied.denial).at(-1)).toMatchObject({
      rule: "QUANTITY_ABOVE_FREEZE",
      passed: false,
    });
    expect(checksOf([9_999, 1], null)).toEqual([
      { rule: "DAY_NOT_OPEN", passed: true, limit: null, value: null, unit: null },
    ]);
    const note: CheckResult = {
      rule: "SYMBOL_RESTRICTION",
      passed: true,
      limit: null,
      value: null,
      unit: null,
      note: "n",
    };
    expect(checksOf(recordOf([note]), null)).toEqual([note]);
  });

  it("keeps what passed, a bare number where nothing was measured, and leaves what refused to the denial", () => {
    const none = { limit: null, value: null, unit: null };
    const results: CheckResult[] = [
      { rule: "DAY_NOT_OPEN", passed: true, ...none },
      { rule: "DAILY_LOSS_LIMIT", passed: true, limit: 5_000_00, value: 12, unit: "PAISE" },
      { rule: "INDEX_TRADES_LIMIT", passed: true, limit: 4, value: null, unit: "TRADES" },
      { rule: "QUOTE_STALE", passed: true, limit: null, value: 7, unit: "MS" },
      { rule: "SYMBOL_RESTRICTION", passed: true, ...none, note: "n" },
    ];
    const refused: CheckResult = { rule: "BUYING_POWER", passed: false, limit: 1, value: 2, unit: "PAISE" };
    const record = recordOf([...results, refused]);
    expect(record).toEqual([1, [3, 5_000_00, 12], [27, 4, null], [16, null, 7], [34, null, null, "n"]]);
    expect(checksOf(record, null)).toStrictEqual(results);
    const denial = {
      code: "BUYING_POWER",
      field: "quantityUnits",
      limit: 1,
      value: 2,
      unit: "PAISE",
      detail: "d",
    } as const;
    expect(checksOf(record, denial)).toStrictEqual([...results, refused]);
  });
});
