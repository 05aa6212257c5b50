import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractOf } from "../../../src/core/instrument/contract-tables.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { modelledSpreadPaise } from "../../../src/core/market/spread-model.ts";
import { type SelectionInput, selectContract } from "../../../src/core/strategy/contract-selection.ts";
import { makeSignal } from "../../../src/core/strategy/make-signal.ts";
import { coversItsCosts, type RoundTripInput, roundTripOf } from "../../../src/core/strategy/round-trip.ts";

const date = marketDate("2025-08-29");
const EXPIRY = marketDate("2025-09-02");
const NOON = istInstant(date, "12:00");
const SPOT = paise(24_500_00);

const call = (strike: number) => {
  const contract = contractOf(
    { underlying: "NIFTY50", expiry: EXPIRY, strikePaise: paise(strike * 100), optionType: "CALL" },
    date,
  );
  if (!contract.ok) throw new Error(contract.error.reason);
  return contract.value;
};
const roundTrip = (change: Partial<RoundTripInput> = {}) =>
  roundTripOf({
    date,
    contract: call(24_700),
    quote: { bidPaise: paise(59_95), askPaise: paise(60_00), lastPaise: paise(60_00) },
    deltaBps: 3_000,
    targetMovePaise: paise(15_00),
    ...change,
  });
const quote = (strike: number, askPaise: number, spreadPaise = 5): HeldQuote => ({
  instrumentId: call(strike).instrumentId,
  expiry: EXPIRY,
  strikePaise: paise(strike * 100),
  optionType: "CALL",
  lastPaise: paise(askPaise),
  bidPaise: paise(askPaise - spreadPaise),
  bidUnits: 750,
  askPaise: paise(askPaise),
  askUnits: 750,
  volumeUnits: 1_00_000,
  openInterestUnits: null,
  ivBps: null,
  quotedAtMs: NOON,
  source: "RECORDED",
});
const select = (quotes: readonly HeldQuote[], targetMovePaise: Paise | null, change: Partial<SelectionInput> = {}) =>
  selectContract({
    underlying: "NIFTY50",
    date,
    atMs: NOON,
    direction: "BULLISH",
    spotPaise: SPOT,
    quotes,
    staleAfterMs: 120_000,
    targetMovePaise,
    ...change,
  });

describe("the round trip of one lot", () => {
  test("gains the target move times delta, and costs the spread and the charges of both orders", () => {
    // 15.00 × 0.3 = 4.50 a unit, 75 units.
    // Bought for ₹4,500.00: brokerage 20.00, exchange 1.58, protection fund 0.03, SEBI 0.01, stamp 0.14, GST 3.89.
    // Sold at 59.95 + 4.50 for ₹4,833.75: brokerage 20.00, STT 4.84, exchange 1.70, fund 0.03, SEBI 0.01, GST 3.92.
    expect(roundTrip()).toEqual({ gainPaise: 337_50, costPaise: 75 * 5 + 25_65 + 30_50 });
  });

  test("counts a put's delta by its size, and assumes 0.30 where there is none", () => {
    expect(roundTrip({ deltaBps: -3_000 })).toEqual(roundTrip());
    expect(roundTrip({ deltaBps: null })).toEqual(roundTrip());
  });

  test("takes the modelled spread where the book has only one side", () => {
    const [priced, bookless] = [
      roundTrip({ deltaBps: 0 }),
      roundTrip({ deltaBps: 0, quote: { bidPaise: null, askPaise: null, lastPaise: paise(60_00) } }),
    ];
    const extraPaise = bookless.costPaise - priced.costPaise;
    const widerPaise = 75 * (modelledSpreadPaise(paise(60_00), "NIFTY50") - 5);
    expect(widerPaise).toBeGreaterThan(0);
    // The lower selling price saves a few paise of charges.
    expect(Math.abs(extraPaise - widerPaise)).toBeLessThan(10);
  });

  test("is covered when it earns exactly its costs, not when a paisa is missing", () => {
    expect(coversItsCosts({ gainPaise: paise(100), costPaise: paise(100) })).toBe(true);
    expect(coversItsCosts({ gainPaise: paise(99), costPaise: paise(100) })).toBe(false);
  });

  test("never gets better by a wider spread, nor worse by a farther target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 9_000 }), (spread, target) => {
        const of = (spreadPaise: number, targetPaise: number): number => {
          const { gainPaise, costPaise } = roundTrip({
            quote: { bidPaise: paise(60_00 - spreadPaise), askPaise: paise(60_00), lastPaise: null },
            targetMovePaise: paise(targetPaise),
          });
          return gainPaise - costPaise;
        };
        expect(of(spread + 5, target)).toBeLessThanOrEqual(of(spread, target));
        expect(of(spread, target + 10)).toBeGreaterThanOrEqual(of(spread, target));
      }),
    );
  });
});

describe("the choice of a contract by its costs", () => {
  const [cheap, dear] = [quote(24_900, 20_00, 5_00), quote(24_700, 60_00)];

  test("passes over a better score that cannot earn its costs, also as an alternative", () => {
    expect(select([cheap, dear], null).choice?.contract.strikePaise).toBe(24_900_00);
    expect(select([cheap, dear], null).alternatives).toHaveLength(1);
    const { choice, alternatives, roundTrip: chosen } = select([cheap, dear], paise(15_00));
    expect(choice?.contract.strikePaise).toBe(24_700_00);
    expect(alternatives).toEqual([]);
    expect(chosen !== null && coversItsCosts(chosen)).toBe(true);
  });

  test("is none when no contract earns its costs, with both figures of the best score", () => {
    const { choice, refusal, roundTrip: none } = select([cheap, dear], paise(1_00));
    expect(choice).toBeNull();
    expect(none).toBeNull();
    expect(refusal).toMatch(
      /^None of 2 that fit earns its round trip at the target: one lot of NIFTY2590224900CE\.NFO gains ₹\d+\.\d\d and costs ₹4\d\d\.\d\d/,
    );
    expect(select([dear], paise(1_00)).refusal).toMatch(/^The one contract that fits does not earn its round trip/);
  });

  test("chooses nothing that loses at its target, whatever is quoted", () => {
    const quotes = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 200, max: 4_000 }), fc.integer({ min: 1, max: 100 }))
        .map(([step, ticks, spread]) => quote(24_300 + step * 50, ticks * 5, spread * 5)),
    );
    fc.assert(
      fc.property(quotes, fc.integer({ min: 1, max: 6_000 }), (drawn, target) => {
        const { choice, roundTrip: chosen } = select(drawn, paise(target));
        expect(choice === null || (chosen !== null && coversItsCosts(chosen))).toBe(true);
      }),
    );
  });
});

describe("a signal and its costs", () => {
  const open = istInstant(date, "09:15");
  // A steady climb in steps of this many paise a bar: the ATR, and so the target, is of that order.
  const make = (stepPaise: number) => {
    const bars = Array.from({ length: 40 }, (_, at) => {
      const close = 24_500_00 + at * stepPaise + at * at;
      return {
        startMs: epochMs(open + at * 180_000),
        openPaise: paise(close - stepPaise),
        highPaise: paise(close),
        lowPaise: paise(close - stepPaise),
        closePaise: paise(close),
      };
    });
    return makeSignal({
      cycleId: "2025-08-29-C09",
      date,
      atMs: epochMs(open + 40 * 180_000 + 60_000),
      cycleEndMs: istInstant(date, "11:30"),
      view: { underlying: "NIFTY50", spotPaise: SPOT, vixCenti: 12_00, bars, quotes: [quote(24_700, 60_00)] },
      staleAfterMs: 3_600_000,
    });
  };

  test("states what a lot gains and costs", () => {
    const signal = make(15_00);
    expect(signal.direction).toBe("BULLISH");
    expect(signal.reason).toMatch(
      /One lot gains ₹\d+\.\d\d at the target and costs ₹\d+\.\d\d in spread and charges\.$/,
    );
  });

  test("is NO_TRADE where the target is too near to pay for the trade, and says both figures", () => {
    const signal = make(1_00);
    expect(signal).toMatchObject({ direction: "NO_TRADE", choice: null, targetMovePaise: null });
    expect(signal.confidenceBps).toBeGreaterThan(7_000);
    expect(signal.reason).toMatch(/No trade all the same: .* gains ₹\d+\.\d\d and costs ₹\d+\.\d\d in spread/);
  });
});
