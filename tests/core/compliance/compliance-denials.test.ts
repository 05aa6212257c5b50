// What the rules of compliance say when they refuse or warn: code, field, limit, value and sentence, each at its limit and one
// beyond it. The rules are asked alone, because the account's own limits would refuse most of these orders first.
import { describe, expect, it } from "vitest";
import type { AccountProfile } from "../../../src/core/account/profile.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { futureEquivalentOf } from "../../../src/core/compliance/position-limits.ts";
import { inForceOn, type Restriction } from "../../../src/core/compliance/restriction.ts";
import { judgeCompliance, statusOf } from "../../../src/core/compliance/verdict.ts";
import type { InstrumentId, OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import type { CheckResult, Rule } from "../../../src/core/risk/rule.ts";
import { workingOrders } from "../../../src/core/risk/working-orders.ts";
import {
  anOrder,
  aProfile,
  BANKNIFTY_CALL,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  someTerms,
} from "../../support/builders.ts";
import { fresh, holding, plain, withDay, withProfile } from "../risk/denial-fixtures.ts";

const judged = (state: AccountState, change: Partial<OrderTerms> = {}, rules?: readonly Rule[]) => {
  const { profile, day } = state;
  if (profile === null || day === null) throw new Error("no day");
  const checks: CheckResult[] = [];
  const market = { product: "INTRADAY", price: null, heldPrices: [] } as const;
  const amounts = { orderPaise: paise(1), needPaise: paise(1), setAsidePaise: paise(0) };
  const working = workingOrders(state);
  const asked = {
    state,
    profile,
    day,
    terms: someTerms(change),
    market,
    now: NOON,
    working,
    isRest: false,
    ...amounts,
  };
  return { ...judgeCompliance(asked, checks, rules), checks };
};
const denialOf = (...given: Parameters<typeof judged>) => judged(...given).denial;

describe("KYC and the holder of the PAN", () => {
  const withKyc = (kyc: object) =>
    withProfile({ kyc: { state: "VERIFIED", source: "OPERATOR", changedAtMs: NOON, ...kyc } });

  it("are refused with what is missing, and pass once verified for an individual", () => {
    const { kyc: _none, ...bare } = aProfile();
    const missing = (state: string) =>
      plain("KYC_VERIFICATION", "accountId", `the account's KYC is ${state}; it opens positions once verified`);
    expect(denialOf({ ...fresh, profile: bare as AccountProfile })).toEqual(missing("NOT_STARTED"));
    for (const state of ["PENDING", "REJECTED", "EXPIRED"])
      expect(denialOf(withKyc({ state }))).toEqual(missing(state));
    expect(denialOf(withKyc({}))).toBeNull();
    expect(denialOf(withKyc({ panHolder: "INDIVIDUAL" }))).toBeNull();
    expect(denialOf(withKyc({ panHolder: "HUF" }))).toEqual(
      plain("KYC_VERIFICATION", "accountId", "a PAN of an individual is needed, not of a HUF"),
    );
  });

  it("are the first thing asked, and what is asked after a refusal is nothing", () => {
    const result = (rule: string, passed: boolean) => expect.objectContaining({ rule, passed });
    expect(judged(withKyc({ state: "PENDING" })).checks).toEqual([result("KYC_VERIFICATION", false)]);
    expect(judged(fresh).checks.every((check) => !("note" in check))).toBe(true);
    expect(judged(fresh).checks).toEqual([
      result("KYC_VERIFICATION", true),
      result("SYMBOL_RESTRICTION", true),
      result("TRADE_COMPLIANCE", true),
      result("POSITION_LIMIT", true),
    ]);
    expect(
      judged(withKyc({ state: "PENDING" }), { purpose: "EXIT", side: "SELL", exitReason: "REQUEST" }),
    ).toMatchObject({ denial: null, checks: [] });
  });
});

describe("a symbol", () => {
  it("that is not the underlying it is said to be is refused by name", () => {
    const refusedAs = (contract: Partial<OptionContract>) =>
      denialOf(fresh, { contract: { ...NIFTY_CALL, ...contract } });
    const other = (instrumentId: string) => ({ instrumentId: instrumentId as InstrumentId });
    const none = (instrumentId: string) => {
      const detail = `${instrumentId} is none of ours: options on NIFTY 50, BANKNIFTY and SENSEX pass`;
      return plain("SYMBOL_RESTRICTION", "instrumentId", detail);
    };
    expect(refusedAs(other("FINNIFTY25SEP26000CE"))).toEqual(none("FINNIFTY25SEP26000CE"));
    expect(refusedAs(other("RELIANCE"))).toEqual(none("RELIANCE"));
    // A contract of ours under the name of another of ours.
    expect(refusedAs(other(BANKNIFTY_CALL.instrumentId))).toEqual(none(BANKNIFTY_CALL.instrumentId));
    expect(refusedAs({ underlying: "FINNIFTY" as OptionContract["underlying"] })).toEqual(
      none(NIFTY_CALL.instrumentId),
    );
    expect(refusedAs({})).toBeNull();
  });

  it("that somebody has spoken of is refused or passed with who said what, until when", () => {
    const said = (change: Partial<Restriction>): Restriction => ({
      restrictionId: "R1",
      source: "NSE",
      type: "BAN",
      symbol: "NIFTY50",
      from: marketDate("2025-08-01"),
      to: null,
      message: "trading is suspended",
      ...change,
    });
    const opened = (...restrictions: readonly Restriction[]) => withDay({ restrictions });
    const refusal = (detail: string) => plain("SYMBOL_RESTRICTION", "instrumentId", detail);
    expect(denialOf(opened(said({})))).toEqual(refusal("NSE BAN until it is lifted: trading is suspended"));
    expect(denialOf(opened(said({ source: "SEBI", type: "RESTRICTION", to: marketDate("2025-09-05") })))).toEqual(
      refusal("SEBI RESTRICTION until 2025-09-05: trading is suspended"),
    );
    const circular = said({ type: "CIRCULAR", message: "strikes are added" });
    const warned = judged(opened(circular));
    expect(warned).toMatchObject({ denial: null, passed: { status: "WARNING" } });
    expect(warned.checks[1]).toEqual({
      rule: "SYMBOL_RESTRICTION",
      passed: true,
      limit: null,
      value: null,
      unit: null,
      note: "NSE CIRCULAR: strikes are added",
    });
    // What bars outweighs what only informs, in whichever order they come.
    expect(denialOf(opened(circular, said({})))).toEqual(refusal("NSE BAN until it is lifted: trading is suspended"));
    expect(judged(opened(said({ symbol: "SENSEX" })))).toMatchObject({ denial: null, passed: { status: "APPROVED" } });
  });
});

describe("CMP-03: a trade", () => {
  it("G-25: passes up to the last expiry of the month, and one day later no more", () => {
    const expiring = (expiry: string, state = fresh) =>
      denialOf(state, { contract: { ...NIFTY_CALL, expiry: marketDate(expiry) } });
    expect(expiring("2025-09-30")).toBeNull();
    expect(expiring("2025-10-01")).toEqual(
      plain("TRADE_COMPLIANCE", "instrumentId", "expiry violation: expiries up to 2025-09-30 pass"),
    );
    expect(expiring("1990-01-04", withDay({ date: marketDate("1990-01-01") }))).toEqual(
      plain("TRADE_COMPLIANCE", "instrumentId", "expiry violation: no expiry is permitted"),
    );
  });

  it("G-25b: passes up to ₹15,00,000 of own capital, and a paisa more is too much", () => {
    const of = (capitalPaise: number) => judged(withProfile({ capitalPaise }));
    expect(of(15_00_000_00).checks[2]).toEqual({
      rule: "TRADE_COMPLIANCE",
      passed: true,
      limit: 15_00_000_00,
      value: 15_00_000_00,
      unit: "PAISE",
    });
    expect(of(15_00_000_01).denial).toEqual({
      code: "TRADE_COMPLIANCE",
      field: "accountId",
      limit: 15_00_000_00,
      value: 15_00_000_01,
      unit: "PAISE",
      detail: "exposure limit exceeded: an account trades at most that much capital",
    });
  });
});

describe("SEBI's position limit", () => {
  // ₹1,500 crore net is 625,000 units at this strike exactly.
  const CALL = { ...NIFTY_CALL, strikePaise: paise(24_000_00) };
  const PUT = { ...NIFTY_PUT, strikePaise: paise(24_000_00) };
  const LIMIT = 1_500_00_00_000_00;
  const buying = (units: number, contract: OptionContract = CALL) => ({ contract, quantityUnits: units });
  const underWay = (change: Parameters<typeof anOrder>[0]): AccountState => ({
    ...fresh,
    orders: { [id("other")]: anOrder({ clientOrderId: id("other"), contract: CALL, ...change }) },
  });
  /** One unit too many, of 625,001 or of 125,001: so many whole lots are not. */
  const beyond = (value: number, lots = 1_666) => ({
    code: "POSITION_LIMIT",
    field: "quantityUnits",
    limit: LIMIT,
    value,
    unit: "PAISE",
    detail: `${lots} lots would pass`,
  });

  it("is met at the unit: the last one passes, one more does not", () => {
    expect(denialOf(fresh, buying(625_000))).toBeNull();
    expect(denialOf(fresh, buying(625_001))).toEqual(beyond(LIMIT + 24_000_00, 8_333));
    expect(judged(fresh, buying(625_000)).checks[3]).toMatchObject({ limit: LIMIT, value: LIMIT, unit: "PAISE" });
  });

  it("counts what is held and what is left under way, in its own underlying", () => {
    expect(denialOf(holding(CALL, 500_000), buying(125_000))).toBeNull();
    expect(denialOf(holding(CALL, 500_000), buying(125_001))).toEqual(beyond(LIMIT + 24_000_00));
    expect(denialOf(holding(BANKNIFTY_CALL, 500_000), buying(625_000))).toBeNull();
    const half = underWay({ quantityUnits: 600_000, filledUnits: 100_000, status: "PARTIALLY_FILLED" });
    expect(denialOf(half, buying(125_000))).toBeNull();
    expect(denialOf(half, buying(125_001))).toEqual(beyond(LIMIT + 24_000_00));
    const elsewhere = underWay({ contract: BANKNIFTY_CALL, quantityUnits: 600_000 });
    expect(denialOf(elsewhere, buying(625_000))).toBeNull();
  });

  it("holds each side by itself: a long put is short, a sale is the other side, and none offsets another", () => {
    expect(denialOf(holding(PUT, 500_000), buying(625_000))).toBeNull();
    expect(denialOf(holding(PUT, 500_000), buying(125_001, PUT))).toEqual(beyond(LIMIT + 24_000_00));
    expect(denialOf(holding(CALL, 500_000), { ...buying(625_000), side: "SELL" })).toBeNull();
    expect(denialOf(holding(CALL, -500_000), { ...buying(125_001), side: "SELL" })).toEqual(beyond(LIMIT + 24_000_00));
    const selling = underWay({ side: "SELL", quantityUnits: 500_000 });
    expect(denialOf(selling, buying(625_000))).toBeNull();
    expect(denialOf(selling, buying(125_001, PUT))).toEqual(beyond(LIMIT + 24_000_00));
  });

  it("says that not even one lot passes where the side is full, or the other one beyond it", () => {
    const otherwise = "not even one does: close a position in this underlying first";
    expect(denialOf(holding(CALL, 625_000), buying(75))).toMatchObject({ detail: otherwise });
    expect(denialOf(holding(CALL, 625_001), buying(75, PUT))).toMatchObject({ detail: otherwise });
  });

  it("opens nothing on a date for which none is known", () => {
    const contract = { ...NIFTY_CALL, expiry: marketDate("1999-12-30") };
    expect(denialOf(withDay({ date: marketDate("1999-12-01") }), { contract })).toEqual(
      plain("POSITION_LIMIT", "quantityUnits", "no position limit is known for 1999-12-01"),
    );
  });

  it("takes a put at worst as the opposite of a call, and rounds each side up", () => {
    const at = (contract: OptionContract, netUnits: number, delta: number | null = null) =>
      futureEquivalentOf("NIFTY50", [{ contract, netUnits, delta }], 100);
    expect(at(CALL, 3)).toEqual({ longPaise: 300, shortPaise: 0, netPaise: 300 });
    expect(at(PUT, 3)).toEqual({ longPaise: 0, shortPaise: 300, netPaise: 300 });
    expect(at(PUT, -3)).toEqual({ longPaise: 300, shortPaise: 0, netPaise: 300 });
    expect(at(CALL, 1, 0.001)).toEqual({ longPaise: 1, shortPaise: 0, netPaise: 1 });
    expect(at(CALL, -1, 0.001)).toEqual({ longPaise: 0, shortPaise: 1, netPaise: 1 });
  });
});

describe("the restrictions of a day", () => {
  it("are those whose dates take it in, both ends included, by their ids", () => {
    const day = marketDate("2025-08-29");
    const dated = (restrictionId: string, from: string, to: string | null): Restriction => ({
      restrictionId,
      source: "BSE",
      type: "ALERT",
      symbol: "*",
      from: marketDate(from),
      to: to === null ? null : marketDate(to),
      message: "",
    });
    const all = [
      dated("C", "2025-08-29", "2025-08-29"),
      dated("A", "2025-08-01", "2025-08-29"),
      dated("D", "2025-08-29", null),
      dated("B", "2025-08-01", "2025-09-01"),
      dated("past", "2025-08-01", "2025-08-28"),
      dated("to come", "2025-08-30", null),
    ];
    expect(inForceOn(all, day).map(({ restrictionId }) => restrictionId)).toEqual(["A", "B", "C", "D"]);
  });
});

describe("a verdict", () => {
  it("CMP-02: says what could not be checked, and that it passes once repaired", () => {
    const check = (): never => {
      throw new Error("no table");
    };
    const detail = "the order could not be checked (Error: no table); it passes once that is repaired";
    expect(denialOf(fresh, {}, [{ id: "POSITION_LIMIT", on: "ENTRY", check }])).toEqual(
      plain("COMPLIANCE_ERROR", "clientOrderId", detail),
    );
  });

  it("is APPROVED where nothing was refused and nobody had anything to say", () => {
    const check = { rule: "POSITION_LIMIT", passed: true, limit: 1, value: 1, unit: "PAISE" } as const;
    expect(statusOf([check], null, "VERIFIED")).toBe("APPROVED");
    expect(statusOf([check, { ...check, note: "n" }], null, "VERIFIED")).toBe("WARNING");
  });
});
