import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Underlying } from "../../../src/core/instrument/contract.ts";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import {
  contractOf,
  freezeQuantityOf,
  lotSizeOf,
  strikeStepPaiseOf,
} from "../../../src/core/instrument/contract-tables.ts";
import { nextExpiriesOf } from "../../../src/core/instrument/expiry-calendar.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { addDays, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";

const lot = (underlying: Underlying, expiry: string, tradeDate: string, listedOn?: string): number | null => {
  const contract = { underlying, expiry: marketDate(expiry) };
  const result = lotSizeOf(
    listedOn === undefined ? contract : { ...contract, listedOn: marketDate(listedOn) },
    marketDate(tradeDate),
  );
  return result.ok ? result.value : null;
};

describe("lot sizes by expiry and trade date", () => {
  it.each([
    ["NIFTY50", "2021-06-24", "2021-04-15", 75],
    ["NIFTY50", "2019-05-23", "2019-05-23", 75],
    ["NIFTY50", "2021-07-29", "2021-06-15", 50],
    ["NIFTY50", "2022-11-24", "2022-11-18", 50],
    ["NIFTY50", "2024-01-04", "2024-01-01", 50],
    ["NIFTY50", "2024-12-26", "2024-04-25", 50],
    ["NIFTY50", "2024-12-26", "2024-04-26", 25],
    ["NIFTY50", "2024-12-19", "2024-12-10", 25],
    ["NIFTY50", "2025-01-02", "2024-12-10", 75],
    ["NIFTY50", "2025-01-30", "2025-01-20", 25],
    ["NIFTY50", "2025-02-27", "2024-12-20", 75],
    ["NIFTY50", "2025-06-26", "2024-12-26", 25],
    ["NIFTY50", "2025-06-26", "2024-12-27", 75],
    ["NIFTY50", "2025-09-02", "2025-08-29", 75],
    ["NIFTY50", "2025-12-23", "2025-12-20", 75],
    ["NIFTY50", "2025-12-30", "2025-12-29", 75],
    ["NIFTY50", "2026-01-06", "2025-12-29", 65],
    ["NIFTY50", "2026-01-27", "2025-12-29", 65],
    ["NIFTY50", "2026-06-30", "2025-12-30", 75],
    ["NIFTY50", "2026-06-30", "2025-12-31", 65],
    ["NIFTY50", "2026-11-23", "2026-11-20", 65],
    ["BANKNIFTY", "2023-06-29", "2023-06-29", 25],
    ["BANKNIFTY", "2023-07-27", "2023-06-30", 15],
    ["BANKNIFTY", "2025-01-30", "2024-11-21", 15],
    ["BANKNIFTY", "2025-02-27", "2024-11-21", 30],
    ["BANKNIFTY", "2025-06-26", "2024-12-24", 15],
    ["BANKNIFTY", "2025-06-26", "2024-12-26", 30],
    ["BANKNIFTY", "2025-04-24", "2025-04-02", 30],
    ["BANKNIFTY", "2025-05-29", "2025-05-02", 30],
    ["BANKNIFTY", "2025-06-26", "2025-06-02", 30],
    ["BANKNIFTY", "2025-07-31", "2025-05-02", 35],
    ["BANKNIFTY", "2025-09-30", "2025-04-24", 30],
    ["BANKNIFTY", "2025-09-30", "2025-04-25", 35],
    ["BANKNIFTY", "2025-09-30", "2025-08-29", 35],
    ["BANKNIFTY", "2025-12-30", "2025-12-30", 35],
    ["BANKNIFTY", "2026-01-27", "2025-12-30", 30],
    ["BANKNIFTY", "2026-06-30", "2025-12-30", 35],
    ["BANKNIFTY", "2026-06-30", "2025-12-31", 30],
    ["BANKNIFTY", "2026-11-23", "2026-11-20", 30],
    ["SENSEX", "2023-05-12", "2023-05-12", 15],
    ["SENSEX", "2023-05-19", "2023-05-15", 10],
    ["SENSEX", "2024-11-22", "2024-11-19", 10],
    ["SENSEX", "2025-01-28", "2024-12-30", 20],
    ["SENSEX", "2025-09-04", "2025-08-29", 20],
    ["SENSEX", "2026-11-26", "2026-11-20", 20],
  ] as const)("%s expiring %s, traded on %s: %i", (underlying, expiry, tradeDate, expected) => {
    expect(lot(underlying, expiry, tradeDate)).toBe(expected);
  });

  it("SENSEX around 20 Nov 2024 depends on the day of listing and is refused without it", () => {
    expect(lot("SENSEX", "2024-12-27", "2024-12-02", "2024-10-01")).toBe(10);
    expect(lot("SENSEX", "2024-12-27", "2024-12-02", "2024-11-22")).toBe(20);
    expect(lot("SENSEX", "2024-12-27", "2024-12-02")).toBeNull();
  });
});

describe("freeze quantities by trade date", () => {
  it.each([
    ["NIFTY50", "2023-04-03", 1800],
    ["NIFTY50", "2026-10-04", 1800],
    ["NIFTY50", "2026-10-05", 3510],
    ["BANKNIFTY", "2023-04-03", 900],
    ["BANKNIFTY", "2025-06-30", 900],
    ["BANKNIFTY", "2025-07-01", 600],
    ["BANKNIFTY", "2025-08-29", 600],
    ["BANKNIFTY", "2025-09-01", 900],
    ["BANKNIFTY", "2025-11-03", 600],
    ["BANKNIFTY", "2026-04-01", 900],
    ["BANKNIFTY", "2026-07-01", 600],
    ["BANKNIFTY", "2026-10-05", 1440],
    ["SENSEX", "2025-08-29", 1000],
    ["SENSEX", "2026-11-20", 1000],
  ] as const)("%s on %s: %i units", (underlying, date, expected) => {
    expect(freezeQuantityOf(underlying, marketDate(date))).toBe(expected);
  });

  it("falls back to the smallest number ever used where the circular was not seen", () => {
    expect(freezeQuantityOf("BANKNIFTY", marketDate("2025-10-15"))).toBe(600);
    expect(freezeQuantityOf("NIFTY50", marketDate("2019-05-23"))).toBe(1800);
    expect(freezeQuantityOf("SENSEX", marketDate("2024-01-05"))).toBe(1000);
  });
});

describe("contracts", () => {
  const idOf = (underlying: Underlying, expiry: string, strike: number, optionType: "CALL" | "PUT", on: string) => {
    const spec = { underlying, expiry: marketDate(expiry), strikePaise: paise(strike * 100), optionType };
    const result = contractOf(spec, marketDate(on));
    return result.ok ? result.value.instrumentId : result.error.reason;
  };

  it.each([
    ["NIFTY50", "2025-09-02", 24500, "CALL", "2025-08-29", "NIFTY2590224500CE.NFO"],
    ["NIFTY50", "2025-09-30", 24500, "CALL", "2025-08-29", "NIFTY25SEP24500CE.NFO"],
    ["NIFTY50", "2026-09-15", 23500, "PUT", "2026-09-14", "NIFTY2691523500PE.NFO"],
    ["NIFTY50", "2026-12-01", 24500, "CALL", "2026-11-20", "NIFTY26D0124500CE.NFO"],
    ["NIFTY50", "2026-11-23", 24500, "CALL", "2026-11-20", "NIFTY26NOV24500CE.NFO"],
    ["NIFTY50", "2026-11-09", 24500, "CALL", "2026-11-06", "NIFTY26N0924500CE.NFO"],
    ["NIFTY50", "2026-10-13", 24500, "PUT", "2026-10-12", "NIFTY26O1324500PE.NFO"],
    ["BANKNIFTY", "2025-09-30", 54000, "PUT", "2025-08-29", "BANKNIFTY25SEP54000PE.NFO"],
    ["BANKNIFTY", "2024-01-31", 46000, "PUT", "2024-01-30", "BANKNIFTY2413146000PE.NFO"],
    ["BANKNIFTY", "2022-11-24", 42500, "CALL", "2022-11-18", "BANKNIFTY22NOV42500CE.NFO"],
    ["NIFTY50", "2023-01-25", 18000, "CALL", "2022-11-18", "NIFTY23JAN18000CE.NFO"],
    ["SENSEX", "2026-07-16", 77000, "CALL", "2026-07-15", "SENSEX2671677000CE.BFO"],
    ["SENSEX", "2026-11-26", 72000, "PUT", "2026-11-20", "SENSEX26NOV72000PE.BFO"],
  ] as const)("%s %s %i %s traded on %s is %s", (underlying, expiry, strike, optionType, on, expected) => {
    expect(idOf(underlying, expiry, strike, optionType, on)).toBe(expected);
  });

  it.each([
    ["NIFTY50", "2025-09-03", 24500, "2025-08-29", "2025-09-03 is no expiry day of NIFTY50"],
    ["NIFTY50", "2025-09-02", 24525, "2025-08-29", "2452500 paise is not on the strike grid of NIFTY50"],
    ["BANKNIFTY", "2025-09-30", 54050, "2025-08-29", "5405000 paise is not on the strike grid of BANKNIFTY"],
    ["NIFTY50", "2025-08-28", 24500, "2025-08-29", "NIFTY50 2025-08-28 has expired on 2025-08-29"],
    ["BANKNIFTY", "2024-11-20", 50000, "2024-11-18", "2024-11-20 is no expiry day of BANKNIFTY"],
  ] as const)("%s %s %i on %s is refused: %s", (underlying, expiry, strike, on, reason) => {
    expect(idOf(underlying, expiry, strike, "CALL", on)).toBe(reason);
  });

  it("carries tick, lot and freeze quantity of its day", () => {
    const result = contractOf(
      { underlying: "SENSEX", expiry: marketDate("2025-09-04"), strikePaise: paise(8_000_000), optionType: "PUT" },
      marketDate("2025-08-29"),
    );
    expect(result).toMatchObject({
      ok: true,
      value: { exchange: "BSE", lotSize: 20, freezeQuantity: 1000, tickSizePaise: 5 },
    });
  });

  it("strikes lie 50 apart for NIFTY and 100 apart for BANKNIFTY and SENSEX", () => {
    expect(UNDERLYINGS.map(strikeStepPaiseOf)).toEqual([5_000, 10_000, 10_000]);
  });

  it("the next expiries of every day of the listed years make contracts whose lot divides into its freeze quantity", () => {
    const day = fc.integer({ min: 0, max: 1060 }).map((days) => addDays("2024-01-01" as MarketDate, days));
    fc.assert(
      fc.property(day, fc.constantFrom(...UNDERLYINGS), (date, underlying) => {
        for (const expiry of nextExpiriesOf(underlying, date, 2)) {
          const spec = { underlying, expiry, strikePaise: paise(5_000_000), optionType: "CALL" as const };
          const result = contractOf(spec, date);
          const isListingUnknown = underlying === "SENSEX" && date >= "2024-11-20" && date <= "2024-12-27";
          expect(result.ok).toBe(!isListingUnknown);
          if (result.ok) expect(result.value.freezeQuantity).toBeGreaterThanOrEqual(result.value.lotSize);
        }
      }),
    );
  });
});
