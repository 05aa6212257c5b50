import { describe, expect, test } from "vitest";
import { addDays, type MarketDate, marketDate, weekdayOf } from "../../../../src/core/kernel/time.ts";
import {
  type DatedClose,
  type DaySummary,
  historyFigures,
  NO_HISTORY,
} from "../../../../src/core/prediction/features/history-figures.ts";

/** Weekdays from 2024-01-01 (a Monday) on. */
const weekdays = (count: number): MarketDate[] => {
  const dates: MarketDate[] = [];
  for (let date = marketDate("2024-01-01"); dates.length < count; date = addDays(date, 1)) {
    if (weekdayOf(date) % 6 !== 0) dates.push(date);
  }
  return dates;
};
const summary = (date: MarketDate, at: number): DaySummary => ({
  date,
  highPaise: 1_010 + at,
  lowPaise: 990 + at,
  closePaise: 1_000 * 1.01 ** at,
  squaredReturns: 124 * 4e-8,
  returns: 124,
});
const dates = weekdays(40);
const summaries = dates.map(summary);
const closes = (list: readonly MarketDate[], from: number): DatedClose[] =>
  list.map((date, at) => ({ date, close: from + at }));

describe("what a day knows of earlier days", () => {
  test("rests on dates before it only", () => {
    for (const [at, date] of dates.entries()) {
      const outside = {
        indiaVixCenti: closes(dates, 1_300),
        spVix: closes(dates, 15),
        giftPaise: closes(dates, 1_005),
        niftyPaise: closes(dates, 1_000),
      };
      const cut = Object.fromEntries(Object.entries(outside).map(([name, list]) => [name, list.slice(0, at)]));
      expect(historyFigures(date, summaries, outside)).toEqual(historyFigures(date, summaries.slice(0, at), cut));
    }
  });

  test("is the previous day, the one before and the one five before that, and the volatilities of the last days", () => {
    const figures = historyFigures(dates[30] as MarketDate, summaries);
    expect(figures.previousClosePaise).toBe(summaries[29]?.closePaise);
    expect(figures.previousHighPaise).toBe(1_039);
    expect(figures.previousLowPaise).toBe(1_019);
    expect(figures.closeBeforePaise).toBe(summaries[28]?.closePaise);
    expect(figures.closeFiveBeforePaise).toBe(summaries[24]?.closePaise);
    expect(figures.barVolatility).toBeCloseTo(2e-4, 15);
    expect(figures.dailyVolatility).toBeCloseTo(Math.log(1.01), 12);
  });

  test("is missing on the first day, and a daily volatility takes five returns", () => {
    expect(historyFigures(dates[0] as MarketDate, summaries)).toEqual(NO_HISTORY);
    expect(historyFigures(dates[1] as MarketDate, summaries).closeBeforePaise).toBeNull();
    expect(historyFigures(dates[5] as MarketDate, summaries).dailyVolatility).toBeNull();
    expect(historyFigures(dates[6] as MarketDate, summaries).dailyVolatility).not.toBeNull();
  });

  test("does not reach across a hole in the data", () => {
    const afterWeek = historyFigures(addDays(dates[39] as MarketDate, 8), summaries);
    expect(afterWeek.previousClosePaise).toBeNull();
    expect(afterWeek.closeFiveBeforePaise).toBeNull();
    expect(afterWeek.barVolatility).not.toBeNull();
    expect(historyFigures(addDays(dates[39] as MarketDate, 60), summaries)).toEqual(NO_HISTORY);
  });

  test("takes the S&P 500 VIX of an evening that was over before 09:15, and not one a week old", () => {
    const spVix = closes([marketDate("2024-03-07"), marketDate("2024-03-08")], 14);
    // The session of the 8th, a Friday, ended at 02:45 IST on the 9th.
    expect(historyFigures(marketDate("2024-03-08"), [], { spVix }).spVix).toBe(14);
    expect(historyFigures(marketDate("2024-03-11"), [], { spVix })).toMatchObject({ spVix: 15, spVixBefore: 14 });
    expect(historyFigures(marketDate("2024-03-18"), [], { spVix }).spVix).toBeNull();
  });

  test("holds GIFT NIFTY against NIFTY only where it is not the older of the two", () => {
    const day = marketDate("2026-04-30");
    const niftyPaise = closes([marketDate("2026-04-28"), marketDate("2026-04-29")], 2_400_000);
    const gift = (date: string) => ({ niftyPaise, giftPaise: [{ date: marketDate(date), close: 2_412_000 }] });
    expect(historyFigures(day, [], gift("2026-04-29")).giftMove).toBeCloseTo(Math.log(2_412_000 / 2_400_001), 12);
    expect(historyFigures(day, [], gift("2026-04-28")).giftMove).toBeNull();
    expect(historyFigures(day, [], gift("2026-04-30")).giftMove).toBeNull();
  });
});
