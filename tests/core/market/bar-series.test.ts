import fc from "fast-check";
import { expect, test } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { addDays, epochMs, istDateOf, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import {
  barsOf,
  dayRanges,
  firstBarFrom,
  mergeSeries,
  seriesOfBars,
  sliceSeries,
} from "../../../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS, mergeBars } from "../../../src/core/market/bars.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";

const FIRST = marketDate("2019-12-30");

/** 1-minute bars with holes, over a few days, some before 09:15. */
const history = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -20, max: 374 })), {
    selector: ([day, minute]) => day * 1_000 + minute,
    maxLength: 120,
  })
  .chain((minutes) =>
    fc.tuple(
      fc.constant(minutes),
      fc.array(fc.integer({ min: 1, max: 9_000_000 }), {
        minLength: minutes.length * 4,
        maxLength: minutes.length * 4,
      }),
    ),
  )
  .map(([minutes, prices]) =>
    minutes
      .map(([day, minute], n): Bar => {
        const four = prices.slice(n * 4, n * 4 + 4).map(paise);
        const [open = paise(1), close = paise(1)] = four;
        return {
          startMs: epochMs(istInstant(addDays(FIRST, day), "09:15") + minute * 60_000),
          openPaise: open,
          highPaise: paise(Math.max(...four)),
          lowPaise: paise(Math.min(...four)),
          closePaise: close,
        };
      })
      .toSorted((left, right) => left.startMs - right.startMs),
  );

test("a series gives back the bars it was made of, and slices of it are slices of them", () => {
  fc.assert(
    fc.property(history, fc.nat(120), fc.nat(120), (bars, one, other) => {
      const series = seriesOfBars("NIFTY50", 60_000, bars);
      expect(barsOf(series, 0, series.length)).toEqual(bars);
      const [from, to] = [Math.min(one, other, bars.length), Math.min(Math.max(one, other), bars.length)];
      const slice = sliceSeries(series, from, to);
      expect(barsOf(slice, 0, slice.length)).toEqual(bars.slice(from, to));
    }),
  );
});

test("a series merges into the bars that its bars merge into one by one", () => {
  fc.assert(
    fc.property(history, fc.constantFrom(BAR_INTERVAL_MS, 300_000, 900_000), (bars, intervalMs) => {
      const merged = mergeSeries(seriesOfBars("BANKNIFTY", 60_000, bars), intervalMs);
      expect(merged.intervalMs).toBe(intervalMs);
      expect(barsOf(merged, 0, merged.length)).toEqual(mergeBars(bars, intervalMs));
    }),
  );
});

test("days cover every bar once, in order, and hold bars of their own date only", () => {
  fc.assert(
    fc.property(history, (bars) => {
      const days = dayRanges(seriesOfBars("SENSEX", 60_000, bars));
      expect(days.flatMap(({ from, to }) => bars.slice(from, to))).toEqual(bars);
      for (const { date, from, to } of days) {
        expect(bars.slice(from, to).map(({ startMs }) => istDateOf(startMs))).toEqual(Array(to - from).fill(date));
      }
      expect(new Set(days.map(({ date }) => date)).size).toBe(days.length);
    }),
  );
});

test("the first bar from an instant is the one a search from the start finds", () => {
  fc.assert(
    fc.property(history, fc.integer({ min: -100, max: 7_000 }), (bars, minute) => {
      const atMs = istInstant(FIRST, "09:15") + minute * 60_000;
      const found = bars.findIndex(({ startMs }) => startMs >= atMs);
      expect(firstBarFrom(seriesOfBars("NIFTY50", 60_000, bars), atMs)).toBe(found < 0 ? bars.length : found);
    }),
  );
});

test("bars out of order make no series", () => {
  const bar = (minute: number): Bar => {
    const one = paise(1);
    const startMs = epochMs(istInstant(FIRST, "09:15") + minute * 60_000);
    return { startMs, openPaise: one, highPaise: one, lowPaise: one, closePaise: one };
  };
  expect(() => seriesOfBars("NIFTY50", 60_000, [bar(1), bar(1)])).toThrow("in order of time");
  expect(() => mergeSeries(seriesOfBars("NIFTY50", 180_000, []), 300_000)).toThrow("do not make bars");
});
