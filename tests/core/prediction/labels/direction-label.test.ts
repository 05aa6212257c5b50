import { describe, expect, test } from "vitest";
import { marketDate } from "../../../../src/core/kernel/time.ts";
import { normalCumulative } from "../../../../src/core/market/normal-distribution.ts";
import {
  BAND_DEVIATIONS,
  directionBand,
  directionLabel,
} from "../../../../src/core/prediction/labels/direction-label.ts";
import { drawnBars, momentOf } from "./label-paths.ts";

const date = marketDate("2025-08-28");
const VOLATILITY = 4e-4;
/** Moves from the close before the cycle to its last close, in bands. */
const labelAfter = (bands: number): number => {
  const step = Math.exp((bands * directionBand(VOLATILITY)) / 5);
  const bars = drawnBars(date, (at) => 20_000_00 * step ** Math.max(0, at - 34));
  return directionLabel(momentOf({ date, bars, cycle: 8 }), VOLATILITY);
};

describe("the direction of the next cycle", () => {
  test("is a third each for normal moves: the band leaves one sixth beyond it and the middle on either side", () => {
    expect(normalCumulative(BAND_DEVIATIONS)).toBeCloseTo(2 / 3, 6);
    expect(directionBand(VOLATILITY)).toBeCloseTo(BAND_DEVIATIONS * VOLATILITY * Math.sqrt(5), 15);
  });

  test("is BULLISH above the band, BEARISH below it and NEUTRAL within", () => {
    expect([1.01, 3].map(labelAfter)).toEqual([2, 2]);
    expect([-1.01, -3].map(labelAfter)).toEqual([0, 0]);
    expect([-0.99, 0, 0.99].map(labelAfter)).toEqual([1, 1, 1]);
  });

  test("counts from the first price in the first cycle, since there is no close before it", () => {
    const bars = drawnBars(date, (at) => (at < 4 ? 20_000_00 : 20_100_00));
    const moment = { ...momentOf({ date, bars, cycle: 1 }), spotPaise: Number.NaN };
    expect(directionLabel(moment, VOLATILITY, true)).toBe(2);
    expect(directionLabel(moment, VOLATILITY)).toBe(255);
  });

  test("is unknown without a volatility or with a bar missing, and rests on nothing behind its end", () => {
    const bars = drawnBars(date, (at) => 20_000_00 + 4_000 * Math.sin(at));
    for (let cycle = 2; cycle <= 24; cycle += 1) {
      const moment = momentOf({ date, bars, cycle });
      const label = directionLabel(moment, VOLATILITY);
      expect(label).not.toBe(255);
      expect(directionLabel(moment, null)).toBe(255);
      const cut = bars.slice(0, cycle * 5);
      expect(directionLabel(momentOf({ date, bars: cut, cycle }), VOLATILITY)).toBe(label);
      expect(directionLabel(momentOf({ date, bars: bars.slice(0, cycle * 5 - 1), cycle }), VOLATILITY)).toBe(255);
      const holed = bars.filter((_, at) => at !== cycle * 5 - 3);
      expect(directionLabel(momentOf({ date, bars: holed, cycle }), VOLATILITY)).toBe(255);
    }
  });
});
