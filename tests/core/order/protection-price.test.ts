// The price a MARKET order leaves with.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  buyProtectionPaise,
  ENTRY_BAND,
  EXIT_BAND,
  sellProtectionPaise,
  WIDE_EXIT_BAND,
} from "../../../src/core/order/protection-price.ts";

const TICK = paise(5);
const prices = (bid: number | null, ask: number | null, last: number | null = null) => ({
  bidPaise: bid === null ? null : paise(bid),
  askPaise: ask === null ? null : paise(ask),
  lastPaise: last === null ? null : paise(last),
});

describe("a protection price", () => {
  it("is 2 % above the ask for an entry, and at least two ticks", () => {
    expect(buyProtectionPaise(prices(null, 100_00), TICK, ENTRY_BAND)).toBe(102_00);
    expect(buyProtectionPaise(prices(null, 50_05), TICK, ENTRY_BAND)).toBe(51_10);
    expect(buyProtectionPaise(prices(null, 1_00), TICK, ENTRY_BAND)).toBe(1_10);
  });

  it("is 5 % below the bid for an exit, 20 % when that has failed, and never below one tick", () => {
    expect(sellProtectionPaise(prices(100_00, null), TICK, EXIT_BAND)).toBe(95_00);
    expect(sellProtectionPaise(prices(100_00, null), TICK, WIDE_EXIT_BAND)).toBe(80_00);
    expect(sellProtectionPaise(prices(5, null), TICK, WIDE_EXIT_BAND)).toBe(5);
  });

  it("goes by the last price where a side is missing, and is unknown without any", () => {
    expect(buyProtectionPaise(prices(90_00, null, 100_00), TICK, ENTRY_BAND)).toBe(102_00);
    expect(sellProtectionPaise(prices(null, 90_00, 100_00), TICK, EXIT_BAND)).toBe(95_00);
    expect(buyProtectionPaise(prices(90_00, null), TICK, ENTRY_BAND)).toBeNull();
    expect(sellProtectionPaise(prices(0, 90_00), TICK, EXIT_BAND)).toBeNull();
  });

  it("lies on the tick and beyond the touch, at any price", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_00 }),
        fc.constantFrom(ENTRY_BAND, EXIT_BAND, WIDE_EXIT_BAND),
        (touch, band) => {
          const buy = buyProtectionPaise(prices(null, touch), TICK, band) ?? 0;
          const sell = sellProtectionPaise(prices(touch, null), TICK, band) ?? 0;
          expect([buy % TICK, sell % TICK]).toEqual([0, 0]);
          expect(buy).toBeGreaterThan(touch);
          expect(sell).toBeLessThanOrEqual(Math.max(touch, TICK));
          expect(sell).toBeGreaterThanOrEqual(TICK);
        },
      ),
    );
  });
});
