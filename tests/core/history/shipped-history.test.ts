// The history that comes with the project, as `npm start` gives it to the API.
import { describe, expect, test } from "vitest";
import type { MarketDate } from "../../../src/core/kernel/time.ts";
import { flawOf } from "../../../src/core/market/packed-bars.ts";
import { historyIn, SHIPPED_HISTORY } from "../../../tools/give-history.ts";

const SESSION = "2025-08-29" as MarketDate;

describe("the shipped history", () => {
  const history = historyIn(SHIPPED_HISTORY, { before: SESSION });

  test("has twenty whole days of all three indices and of India VIX, and the daily figures of two other series", () => {
    const bars = history.filter(({ intervalMs }) => intervalMs === 180_000);
    expect(bars.map(({ index, days }) => [index, days.length])).toEqual([
      ["NIFTY50", 20],
      ["BANKNIFTY", 20],
      ["SENSEX", 20],
      ["INDIAVIX", 20],
    ]);
    for (const { days } of bars) for (const { bars: day } of days) expect(day.minute.length).toBe(125);
    const daily = history.filter(({ intervalMs }) => intervalMs === 86_400_000);
    expect(daily.map(({ index }) => index)).toEqual(["INDIAVIX", "CBOE_VIX"]);
  });

  test("has nothing of the demo's day or later, and every day is one that the API takes", () => {
    for (const { days, intervalMs } of history) {
      for (const { date, bars } of days) {
        expect(date < SESSION).toBe(true);
        expect(flawOf(bars, intervalMs)).toBeNull();
      }
    }
  });

  test("a day before which nothing is wanted leaves only what came earlier", () => {
    const early = historyIn(SHIPPED_HISTORY, { before: "2025-08-01" as MarketDate });
    expect(early.find(({ index }) => index === "NIFTY50")?.days.map(({ date }) => date)).toEqual([
      "2025-07-30",
      "2025-07-31",
    ]);
  });
});
