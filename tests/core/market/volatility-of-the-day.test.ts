// What is known of volatility during a day: how much the indices have moved, and India VIX as long as it speaks.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, MS_PER_MINUTE, marketDate } from "../../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../../src/core/market/bars.ts";
import type { Bar, IndexName } from "../../../src/core/market/market-event.ts";
import { highestVolatilityBps, realisedVolatilityBps } from "../../../src/core/market/realised-volatility.ts";
import { QuoteBoard } from "../../../src/core/market-feed/quote-board.ts";

const bars = (closes: readonly number[]): readonly Bar[] =>
  closes.map((close, index) => ({
    startMs: epochMs(index * BAR_INTERVAL_MS),
    openPaise: paise(close),
    highPaise: paise(close),
    lowPaise: paise(close),
    closePaise: paise(close),
  })) as readonly Bar[];
/** Up and down by the same part of the price. */
const swinging = (bps: number, count = 40) =>
  bars(Array.from({ length: count }, (_, index) => Math.round(2_400_000 * (1 + (index % 2 ? bps / 10_000 : 0)))));

describe("realised volatility", () => {
  it("is the root mean square of the returns, for a year of 252 days of 125 bars", () => {
    // 0.1 % a bar × √31,500 = 17.75 % a year, a little less on the way down.
    expect(realisedVolatilityBps(swinging(10))).toBeGreaterThan(1_770);
    expect(realisedVolatilityBps(swinging(10))).toBeLessThan(1_776);
    expect(realisedVolatilityBps(swinging(0))).toBe(0);
  });

  it("does not look at the bar that still runs, and says nothing on fewer than six", () => {
    const quiet = Array.from({ length: 20 }, () => 2_400_000);
    expect(realisedVolatilityBps(bars([...quiet, 9_900_000]))).toBe(0);
    expect(realisedVolatilityBps(swinging(10, 6))).toBeNull();
    expect(realisedVolatilityBps(swinging(10, 7))).not.toBeNull();
    expect(realisedVolatilityBps([])).toBeNull();
  });

  it("of several indices is that of the one that moves most", () => {
    expect(highestVolatilityBps([swinging(5), swinging(20), []])).toBe(realisedVolatilityBps(swinging(20)));
    expect(highestVolatilityBps([[], []])).toBeNull();
  });
});

describe("India VIX on the board", () => {
  it("VIX-03: is not known any more once it has said nothing for a quarter of an hour, until it speaks again", () => {
    const board = new QuoteBoard("NIFTY50", marketDate("2025-08-29"));
    const print = (index: IndexName, minute: number, price: number) =>
      board.take({ kind: "INDEX_PRINT", index, atMs: epochMs(minute * MS_PER_MINUTE), pricePaise: paise(price) });
    print("INDIAVIX", 0, 12_15);
    print("NIFTY50", 15, 24_500_00);
    expect(board.vixCenti).toBe(12_15);
    print("NIFTY50", 16, 24_500_00);
    expect(board.vixCenti).toBeNull();
    print("INDIAVIX", 17, 12_40);
    expect(board.vixCenti).toBe(12_40);
  });
});
