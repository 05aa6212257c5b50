import fc from "fast-check";
import { expect, test } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, formatIstTime, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { addPrint, BAR_INTERVAL_MS, completedBars, mergeBars } from "../../../src/core/market/bars.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";

const OPEN = istInstant(marketDate("2025-08-29"), "09:15");
const at = (seconds: number): EpochMs => epochMs(OPEN + seconds * 1_000);
const barsOf = (prints: readonly (readonly [number, number])[], intervalMs = BAR_INTERVAL_MS): readonly Bar[] =>
  prints.reduce<readonly Bar[]>((bars, [seconds, price]) => addPrint(bars, at(seconds), paise(price), intervalMs), []);

const prints = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 * 3600 }), fc.integer({ min: 1, max: 9_000_000 })), { maxLength: 80 })
  .map((drawn) => drawn.toSorted(([left], [right]) => left - right));

test("3-minute bars lie on the market's grid from 09:15", () => {
  const bars = barsOf([
    [0, 100],
    [179, 120],
    [180, 90],
    [600, 95],
  ]);
  expect(bars.map(({ startMs }) => formatIstTime(startMs))).toEqual(["09:15:00", "09:18:00", "09:24:00"]);
  expect(bars[0]).toEqual({ startMs: OPEN, openPaise: 100, highPaise: 120, lowPaise: 100, closePaise: 120 });
});

test("every print lies within its bar, opens and closes are the first and last of it, and silence makes no bar", () => {
  fc.assert(
    fc.property(prints, (drawn) => {
      const bars = barsOf(drawn);
      for (const bar of bars) {
        const inside = drawn.filter(([s]) => bar.startMs <= at(s) && at(s) < bar.startMs + BAR_INTERVAL_MS);
        const values = inside.map(([, value]) => value);
        expect(bar.openPaise).toBe(values[0]);
        expect(bar.closePaise).toBe(values.at(-1));
        expect(bar.highPaise).toBe(Math.max(...values));
        expect(bar.lowPaise).toBe(Math.min(...values));
      }
      expect(bars.map(({ startMs }) => startMs)).toEqual([...new Set(bars.map(({ startMs }) => startMs))].toSorted());
    }),
  );
});

test("bars of one minute merge into the bars that the prints make directly", () => {
  fc.assert(
    fc.property(prints, (drawn) => {
      expect(mergeBars(barsOf(drawn, 60_000), BAR_INTERVAL_MS)).toEqual(barsOf(drawn));
    }),
  );
});

test("a bar counts as completed when its interval is over, not before", () => {
  const bars = barsOf([
    [10, 100],
    [190, 101],
  ]);
  expect(completedBars(bars, at(179), BAR_INTERVAL_MS)).toHaveLength(0);
  expect(completedBars(bars, at(180), BAR_INTERVAL_MS)).toHaveLength(1);
  expect(completedBars(bars, at(360), BAR_INTERVAL_MS)).toBe(bars);
});

test("a print of an earlier bar is refused as a programming error", () => {
  const bars = barsOf([[200, 100]]);
  expect(() => addPrint(bars, at(100), paise(100), BAR_INTERVAL_MS)).toThrow(/earlier bar/);
});
