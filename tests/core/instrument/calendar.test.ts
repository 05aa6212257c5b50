import { describe, expect, it } from "vitest";
import { UNDERLYINGS, type Underlying } from "../../../src/core/instrument/contract.ts";
import { expiriesByRule, expiryKindOf, nextExpiriesOf } from "../../../src/core/instrument/expiry-calendar.ts";
import { MARKET_RULES } from "../../../src/core/instrument/market-rules.ts";
import { tradingSessionOf } from "../../../src/core/instrument/trading-calendar.ts";
import { formatIstTime, isMarketDate, marketDate, weekdayOf } from "../../../src/core/kernel/time.ts";

const refusalOf = (date: string, evidence?: "RECORDING") => {
  const result = tradingSessionOf(marketDate(date), evidence ? { evidence } : {});
  return result.ok ? "OPEN" : result.error.code;
};

const hoursOf = (date: string, evidence?: "RECORDING") => {
  const result = tradingSessionOf(marketDate(date), evidence ? { evidence } : {});
  if (!result.ok) return result.error.reason;
  const { openMs, closeMs, indexFrozenFromMs, kind } = result.value;
  return [openMs, closeMs, indexFrozenFromMs]
    .map((at) => (at === null ? null : formatIstTime(at).slice(0, 5)))
    .concat(kind);
};

describe("trading sessions", () => {
  it.each([
    ["2025-08-29", ["09:15", "15:30", null, "REGULAR"]],
    ["2026-07-31", ["09:15", "15:30", null, "REGULAR"]],
    ["2026-08-03", ["09:15", "15:40", "15:15", "REGULAR"]],
    ["2026-11-20", ["09:15", "15:40", "15:15", "REGULAR"]],
    ["2026-02-01", ["09:15", "15:30", null, "SPECIAL"]],
    ["2025-02-01", ["09:15", "15:30", null, "SPECIAL"]],
    ["2024-01-20", ["09:15", "15:30", null, "SPECIAL"]],
    ["2024-11-01", ["18:00", "19:00", null, "SPECIAL"]],
    ["2025-10-21", ["13:45", "14:45", null, "SPECIAL"]],
  ])("%s trades %j", (date, expected) => {
    expect(hoursOf(date)).toEqual(expected);
  });

  it("a recovery-site test has two windows with a pause between them", () => {
    const result = tradingSessionOf(marketDate("2024-03-02"));
    const windows = result.ok ? result.value.windows : [];
    expect(windows.map((window) => `${formatIstTime(window.openMs)} ${formatIstTime(window.closeMs)}`)).toEqual([
      "09:15:00 10:00:00",
      "11:30:00 12:30:00",
    ]);
  });

  it.each(Object.values(MARKET_RULES.holidays).flatMap((year) => Object.keys(year)))(
    "%s, a holiday, is refused",
    (date) => {
      const special = MARKET_RULES.specialSessions.some((session) => session.date === date);
      expect(refusalOf(date)).toBe(special ? "OPEN" : "NOT_A_TRADING_DAY");
    },
  );

  it.each(["2025-08-30", "2025-08-31", "2026-01-31"])("%s, at a weekend, is refused", (date) => {
    expect(refusalOf(date)).toBe("NOT_A_TRADING_DAY");
  });

  it("a special session whose time is not published is refused", () => {
    expect(hoursOf("2026-11-08")).toBe("2026-11-08 has a special session whose time is not published");
  });

  it("a year without a holiday list is refused", () => {
    expect(["2019-05-23", "2022-11-18", "2027-01-04"].map((date) => refusalOf(date))).toEqual([
      "YEAR_UNKNOWN",
      "YEAR_UNKNOWN",
      "YEAR_UNKNOWN",
    ]);
  });

  it("a recording proves that a weekday of an earlier year was open, and nothing else", () => {
    expect(hoursOf("2019-05-23", "RECORDING")).toEqual(["09:15", "15:30", null, "REGULAR"]);
    expect(hoursOf("2022-11-18", "RECORDING")).toEqual(["09:15", "15:30", null, "REGULAR"]);
    expect(refusalOf("2022-11-19", "RECORDING")).toBe("NOT_A_TRADING_DAY");
    expect(refusalOf("2025-08-27", "RECORDING")).toBe("NOT_A_TRADING_DAY");
    expect(refusalOf("2027-01-04", "RECORDING")).toBe("YEAR_UNKNOWN");
    expect(refusalOf("2009-06-01", "RECORDING")).toBe("YEAR_UNKNOWN");
  });
});

describe("expiries", () => {
  it.each(UNDERLYINGS)("the weekday rules and the holidays give exactly the listed expiries of %s", (underlying) => {
    const { weekly, lastOfMonth } = MARKET_RULES.expiries[underlying];
    const generated = expiriesByRule(underlying, marketDate("2024-01-01"), marketDate("2026-12-31"));
    const ofKind = (kind: string) => generated.filter((expiry) => expiry.kind === kind).map((expiry) => expiry.date);
    expect(ofKind("WEEKLY")).toEqual(weekly);
    expect(ofKind("LAST_OF_MONTH")).toEqual(lastOfMonth);
  });

  it.each([
    ["NIFTY50", "2025-08-28", "LAST_OF_MONTH"],
    ["NIFTY50", "2025-09-02", "WEEKLY"],
    ["NIFTY50", "2026-03-30", "LAST_OF_MONTH"],
    ["NIFTY50", "2026-10-19", "WEEKLY"],
    ["NIFTY50", "2026-11-09", "WEEKLY"],
    ["NIFTY50", "2026-11-23", "LAST_OF_MONTH"],
    ["NIFTY50", "2026-11-24", null],
    ["BANKNIFTY", "2023-09-06", "WEEKLY"],
    ["BANKNIFTY", "2024-03-27", "LAST_OF_MONTH"],
    ["BANKNIFTY", "2024-11-13", "WEEKLY"],
    ["BANKNIFTY", "2024-11-20", null],
    ["BANKNIFTY", "2024-12-24", "LAST_OF_MONTH"],
    ["SENSEX", "2025-01-03", "WEEKLY"],
    ["SENSEX", "2025-01-07", "WEEKLY"],
    ["SENSEX", "2025-09-04", "WEEKLY"],
    ["SENSEX", "2026-03-25", "LAST_OF_MONTH"],
    ["NIFTY50", "2019-05-23", "WEEKLY"],
    ["NIFTY50", "2022-11-24", "LAST_OF_MONTH"],
    ["NIFTY50", "2023-01-25", "LAST_OF_MONTH"],
    ["NIFTY50", "2019-01-31", "LAST_OF_MONTH"],
    ["NIFTY50", "2019-01-17", null],
  ] as const)("%s %s is %s", (underlying, date, kind) => {
    expect(expiryKindOf(underlying, marketDate(date))).toBe(kind);
  });

  it.each([
    ["NIFTY50", "2026-11-20", ["2026-11-23", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29"]],
    ["BANKNIFTY", "2026-11-20", ["2026-11-23", "2026-12-29"]],
    ["SENSEX", "2026-11-20", ["2026-11-26", "2026-12-03", "2026-12-10", "2026-12-17", "2026-12-24", "2026-12-31"]],
    ["NIFTY50", "2025-08-29", ["2025-09-02", "2025-09-09"]],
    ["NIFTY50", "2026-08-04", ["2026-08-04", "2026-08-11"]],
    ["NIFTY50", "2022-11-18", ["2022-11-24", "2022-12-01"]],
    ["NIFTY50", "2023-12-28", ["2023-12-28", "2024-01-04"]],
    ["SENSEX", "2019-05-23", []],
  ] as const)("the next expiries of %s from %s are %j", (underlying, from, expected) => {
    expect(nextExpiriesOf(underlying as Underlying, marketDate(from), Math.max(expected.length, 1))).toEqual(expected);
  });

  it("nothing is guessed beyond the last listed year", () => {
    expect(nextExpiriesOf("NIFTY50", marketDate("2026-12-29"), 5)).toEqual(["2026-12-29"]);
  });
});

describe("the rules file", () => {
  it("has rows in order of date, without gap or overlap", () => {
    const { charges, sessions, freezeQuantity } = MARKET_RULES;
    const tables = [charges.stt, charges.exchange.NSE, charges.exchange.BSE, sessions, freezeQuantity.rules.BANKNIFTY];
    for (const rows of tables) {
      for (const [index, row] of rows.entries()) {
        expect(isMarketDate(row.from)).toBe(true);
        const next = rows[index + 1];
        if (next) expect(Date.parse(next.from) - Date.parse(row.to ?? "")).toBe(86_400_000);
        else expect(row.to).toBeNull();
      }
    }
  });

  it("lists holidays on weekdays only", () => {
    for (const date of Object.values(MARKET_RULES.holidays).flatMap((year) => Object.keys(year))) {
      expect([1, 2, 3, 4, 5]).toContain(weekdayOf(marketDate(date)));
    }
  });
});
