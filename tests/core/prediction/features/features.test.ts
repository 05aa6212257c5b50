import { describe, expect, test } from "vitest";
import { UNDERLYINGS } from "../../../../src/core/instrument/contract.ts";
import { paise } from "../../../../src/core/kernel/money.ts";
import { addDays, type EpochMs, epochMs, istInstant, marketDate } from "../../../../src/core/kernel/time.ts";
import type { Bar } from "../../../../src/core/market/market-event.ts";
import { chainFigures } from "../../../../src/core/prediction/features/chain-figures.ts";
import { FEATURE_TEXTS, FEATURES, maskOf } from "../../../../src/core/prediction/features/feature-list.ts";
import { type FeatureContext, featureRow, rowsOfCycles } from "../../../../src/core/prediction/features/feature-row.ts";
import { Seeded } from "../../../support/seeded.ts";
import { type SeededDay, seededBars, seededDay } from "./seeded-days.ts";
import { slowFeatures } from "./slow-features.ts";

// Weekly and monthly expiries, years with and without a holiday list, days of and around an expiry.
const DATES = ["2014-03-05", "2017-06-29", "2019-05-23", "2024-01-10", "2025-08-29", "2026-04-28", "2026-04-30"];
const days: SeededDay[] = DATES.flatMap((date, at) =>
  UNDERLYINGS.map((underlying, index) => seededDay(100 * at + index, marketDate(date), underlying)),
);
const openOf = ({ date }: SeededDay): EpochMs => istInstant(date, "09:15");
const contextOf = (day: SeededDay, atMs: EpochMs, change: Partial<FeatureContext> = {}): FeatureContext => ({
  underlying: day.underlying,
  date: day.date,
  openMs: openOf(day),
  barsEndMs: istInstant(day.date, "15:30"),
  history: day.history,
  atMs,
  bars: day.bars,
  chain: day.chain,
  vixCenti: day.vixAt(atMs),
  community: day.underlying === "SENSEX" ? 0.25 : null,
  ...change,
});
const cycleStarts = (day: SeededDay): EpochMs[] =>
  Array.from({ length: 24 }, (_, cycle) => epochMs(openOf(day) + cycle * 900_000));
const figureOf = (row: Float64Array, name: string): number => row[FEATURES.indexOf(name)] ?? Number.NaN;

describe("the features of a moment", () => {
  test("are what their definition says, at every cycle of every seeded day", () => {
    for (const day of days) {
      for (const atMs of cycleStarts(day)) {
        const context = contextOf(day, atMs);
        const row = featureRow(context);
        const slow = slowFeatures(day, atMs, context.community);
        expect(Object.keys(slow)).toEqual(FEATURES);
        for (const [at, name] of FEATURES.entries()) {
          const [value, wanted] = [row[at] as number, slow[name] as number];
          const isSame = Number.isNaN(wanted)
            ? Number.isNaN(value)
            : Math.abs(value - wanted) <= 1e-9 * (1 + Math.abs(wanted));
          if (!isSame) expect.fail(`${day.underlying} ${day.date} ${atMs} ${name}: ${value}, not ${wanted}`);
        }
      }
    }
  });

  test("do not change when the future is cut off, or is another one", () => {
    for (const day of days) {
      const other = seededBars(new Seeded(7), day.date, { holes: 0 });
      for (const atMs of cycleStarts(day)) {
        const row = featureRow(contextOf(day, atMs));
        const past = day.bars.filter((bar) => bar.startMs < atMs);
        const chain = day.chain.filter((reading) => reading.atMs <= atMs);
        expect(featureRow(contextOf(day, atMs, { bars: past, chain }))).toEqual(row);
        const ruined = other.map((bar): Bar => ({ ...bar, highPaise: paise(9e9), lowPaise: paise(1) }));
        const bars = [...past, ...ruined.filter((bar) => bar.startMs >= atMs)];
        const wild = chain.concat({ ...NOTHING_TRADED, atMs: atMs + 1, callVolumeUnits: 1, putVolumeUnits: 1 });
        expect(featureRow(contextOf(day, atMs, { bars, chain: wild }))).toEqual(row);
      }
    }
  });

  test("are the same at every second of a cycle, whatever bar is running", () => {
    const [day] = days as [SeededDay];
    const [atMs, vixCenti] = [openOf(day) + 8 * 900_000, 1_400];
    const row = featureRow(contextOf(day, epochMs(atMs), { vixCenti, chain: [] }));
    for (const seconds of [1, 60, 181, 899]) {
      expect(featureRow(contextOf(day, epochMs(atMs + seconds * 1_000), { vixCenti, chain: [] }))).toEqual(row);
    }
  });

  test("of the cycles before are those that were given then: none before the open, none while the index was silent", () => {
    const [day] = days as [SeededDay];
    const atMs = epochMs(openOf(day) + 5 * 900_000);
    const moment = (at: number) => ({ vixCenti: day.vixAt(at), community: null });
    const width = FEATURES.length;
    const rows = rowsOfCycles(contextOf(day, atMs), 10, moment);
    expect(rows).toHaveLength(6 * width);
    const rowAt = (back: number) => featureRow(contextOf(day, epochMs(atMs - back * 900_000), { community: null }));
    for (let back = 0; back < 6; back += 1)
      expect(rows.subarray((5 - back) * width, (6 - back) * width)).toEqual(rowAt(back));
    expect(rowsOfCycles(contextOf(day, atMs), 2, moment)).toEqual(rows.slice(-2 * width));
    // Silent from 09:30 to 10:10: 09:45 and 10:00 have no row.
    const bars = day.bars.filter(
      ({ startMs }) => startMs < openOf(day) + 900_000 || startMs >= openOf(day) + 55 * 60_000,
    );
    expect(rowsOfCycles(contextOf(day, atMs, { bars }), 10, moment)).toHaveLength(4 * width);
  });

  test("that nobody knows are NaN and masked, never zero", () => {
    const [day] = days as [SeededDay];
    const nothing = { bars: [], chain: [], history: null, vixCenti: null, community: null };
    const row = featureRow(contextOf(day, openOf(day), nothing));
    const known = FEATURES.filter((_, at) => maskOf(row)[at] === 1);
    expect(known).toEqual(["minutesSinceOpen", "daysToExpiry", "isExpiryDay"]);
    expect([...row].filter(Number.isNaN)).toHaveLength(FEATURES.length - 3);
    const later = featureRow(contextOf(day, epochMs(openOf(day) + 20 * 900_000), { ...nothing, bars: day.bars }));
    for (const name of [
      "return5",
      "gap",
      "vix",
      "vixChange",
      "spVix",
      "giftGap",
      "volume",
      "openInterestChange",
      "community",
    ]) {
      expect(figureOf(later, name), name).toBeNaN();
    }
    expect(figureOf(later, "rsi")).toBeGreaterThan(0);
  });

  test("leave the expiry open where the calendar knows none near", () => {
    const date = marketDate("2022-06-01");
    const day: SeededDay = { ...seededDay(1, date, "SENSEX"), date };
    expect(figureOf(featureRow(contextOf(day, openOf(day))), "daysToExpiry")).toBeNaN();
    expect(figureOf(featureRow(contextOf(day, openOf(day))), "isExpiryDay")).toBeNaN();
  });

  test("stay plain numbers when nothing moves", () => {
    const [day] = days as [SeededDay];
    const bars = day.bars.map((bar): Bar => {
      const price = paise(20_000_00);
      return { ...bar, openPaise: price, highPaise: price, lowPaise: price, closePaise: price };
    });
    const row = featureRow(contextOf(day, epochMs(openOf(day) + 20 * 900_000), { bars }));
    expect([...row].every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true);
    for (const name of ["positionInRange", "bollinger", "efficiency", "trend", "macd", "openingRange"]) {
      expect(figureOf(row, name), name).toBeNaN();
    }
    expect(figureOf(row, "rsi")).toBe(50);
  });

  test("take no bar from where the index stands still", () => {
    const date = marketDate("2026-08-04");
    const day = { ...seededDay(3, date, "NIFTY50"), date };
    const barsEndMs = istInstant(date, "14:00");
    const atMs = istInstant(date, "15:00");
    const cut = { barsEndMs, bars: day.bars.filter((bar) => bar.startMs < barsEndMs) };
    expect(featureRow(contextOf(day, atMs, { barsEndMs }))).toEqual(featureRow(contextOf(day, atMs, cut)));
  });

  test("cover the nine inputs of AI-03, each once and described", () => {
    expect(FEATURES).toEqual(expect.arrayContaining(["vix", "spVix", "giftGap", "openInterest", "volume", "atr"]));
    expect(FEATURES).toEqual(expect.arrayContaining(["rsi", "macd", "community"]));
    expect(new Set(FEATURES).size).toBe(FEATURES.length);
    for (const text of FEATURE_TEXTS) expect(Object.values(text).every((words) => words.length > 0)).toBe(true);
  });

  test("G-54: four closes 100, 105, 98, 102 are too few for an RSI of 14, so there is none", () => {
    const [day] = days as [SeededDay];
    const bars = [100, 105, 98, 102].map((close, at): Bar => {
      const price = paise(close * 100);
      const startMs = epochMs(openOf(day) + at * 180_000);
      return { startMs, openPaise: price, highPaise: price, lowPaise: price, closePaise: price };
    });
    const row = featureRow(contextOf(day, epochMs(openOf(day) + 900_000), { bars, history: null }));
    expect(figureOf(row, "rsi")).toBeNaN();
    expect(maskOf(row)[FEATURES.indexOf("rsi")]).toBe(0);
    // What four closes do tell, they tell: 102 lies 4 above the low of 98 in a range of 7.
    expect(figureOf(row, "positionInRange")).toBeCloseTo(4 / 7, 12);
  });
});

describe("the figures of a chain", () => {
  const date = marketDate("2026-01-22");
  const quote = (
    expiry: string,
    optionType: "CALL" | "PUT",
    volumeUnits: number | null,
    openInterestUnits: number | null,
  ) => ({
    expiry: marketDate(expiry),
    optionType,
    volumeUnits,
    openInterestUnits,
  });

  test("are sums over the nearest expiry only; what no quote has stays null", () => {
    const quotes = [
      quote("2026-01-27", "CALL", 100, 1_000),
      quote("2026-01-27", "CALL", null, 500),
      quote("2026-01-27", "PUT", null, 700),
      quote("2026-02-03", "PUT", 9, 9),
      quote("2026-01-20", "PUT", 9, 9),
    ];
    expect(chainFigures(quotes, date, 5)).toEqual({
      atMs: 5,
      callVolumeUnits: 100,
      putVolumeUnits: null,
      callOpenInterestUnits: 1_500,
      putOpenInterestUnits: 700,
    });
  });

  test("of modelled quotes, or of none, are not there", () => {
    expect(chainFigures([quote("2026-01-27", "CALL", null, null)], date, 5)).toBeNull();
    expect(chainFigures([], date, 5)).toBeNull();
    expect(chainFigures([quote("2026-01-27", "CALL", 1, 1)], addDays(date, 30), 5)).toBeNull();
  });
});

const NOTHING_TRADED = {
  atMs: 0,
  callVolumeUnits: 0,
  putVolumeUnits: 0,
  callOpenInterestUnits: 0,
  putOpenInterestUnits: 0,
};
