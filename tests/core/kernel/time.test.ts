import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  daysBetween,
  epochMs,
  formatInstant,
  formatIstTime,
  isMarketDate,
  istDateOf,
  istInstant,
  istMsOfDay,
  marketDate,
  weekdayOf,
} from "../../../src/core/kernel/time.ts";
import { marketNow } from "../../../src/core/session/session-clock.ts";

describe("time", () => {
  test("09:15 IST is 03:45 UTC on the same date, in every season", () => {
    for (const date of ["2025-01-15", "2025-07-15"].map(marketDate))
      expect(formatInstant(istInstant(date, "09:15"))).toBe(`${date}T03:45:00.000Z`);
  });

  test("an instant belongs to the IST date, not to the UTC one", () => {
    expect(istDateOf(epochMs(Date.parse("2025-08-28T19:00:00Z")))).toBe("2025-08-29");
    expect(istDateOf(epochMs(Date.parse("2025-08-28T18:29:59Z")))).toBe("2025-08-28");
  });

  test("date, time of day and instant agree with each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
        const at = epochMs(seconds * 1000);
        expect(istInstant(istDateOf(at), formatIstTime(at))).toBe(at);
        expect(istMsOfDay(at)).toBeLessThan(86_400_000);
      }),
    );
  });

  test.each([
    "2025-02-29",
    "2100-02-29",
    "2025-04-31",
    "2025-00-10",
    "2025-01-00",
    "2025-13-01",
    "2025-8-1",
    "29-08-2025",
    "",
    "2025-08-29T00:00",
  ])("%j is not a date", (text) => {
    expect(isMarketDate(text)).toBe(false);
  });

  test("adding days and counting them are inverse, over leap days too", () => {
    expect(addDays(marketDate("2024-02-28"), 2)).toBe("2024-03-01");
    fc.assert(
      fc.property(fc.integer({ min: -5_000, max: 5_000 }), (days) => {
        const from = marketDate("2024-02-29");
        expect(daysBetween(from, addDays(from, days))).toBe(days);
      }),
    );
  });

  test("dates are counted as the platform's own calendar counts them", () => {
    for (const from of ["1999-12-31", "2000-02-28", "1970-01-01", "2100-02-28"].map(marketDate)) {
      const at = Date.parse(`${from}T00:00:00Z`);
      for (let days = -800; days <= 800; days += 1) {
        const day = new Date(at + days * 86_400_000);
        const date = addDays(from, days);
        expect(date).toBe(day.toISOString().slice(0, 10));
        if (weekdayOf(date) !== day.getUTCDay()) expect(date).toBe("another weekday");
      }
    }
  });

  test("29 August 2025 was a Friday", () => {
    expect(weekdayOf(marketDate("2025-08-29"))).toBe(5);
  });
});

describe("the session clock", () => {
  const anchor = { anchorMarketMs: epochMs(1_000_000), anchorWallMs: epochMs(5_000) };

  test("runs at its speed, stands still when paused, and at full speed only moves when it is moved", () => {
    expect(marketNow({ ...anchor, speed: 60 }, epochMs(6_000))).toBe(1_060_000);
    expect(marketNow({ ...anchor, speed: 0 }, epochMs(99_000))).toBe(1_000_000);
    expect(marketNow({ ...anchor, speed: null }, epochMs(99_000))).toBe(1_000_000);
  });

  test("never goes back when the wall clock does", () => {
    expect(marketNow({ ...anchor, speed: 60 }, epochMs(1_000))).toBe(1_000_000);
  });
});
