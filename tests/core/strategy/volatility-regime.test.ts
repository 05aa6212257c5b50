import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNDERLYINGS, type Underlying } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  adaptiveTradesPerDay,
  annexRRisk,
  indexAllocation,
  indexFactorBps,
  volatilityBand,
  volatilityScaleBps,
} from "../../../src/core/strategy/volatility-regime.ts";

describe("VIX bands", () => {
  test.each([
    ["G-01", 10_00, 10_000, 1_000, 6_600],
    ["G-02", 18_00, 7_500, 800, 6_000],
    ["G-03", 25_00, 5_000, 700, 5_500],
    ["G-04", 35_00, 5_000, 500, 5_000],
    ["G-05", 14_99, 10_000, 1_000, 6_600],
    ["G-05", 15_00, 7_500, 800, 6_000],
    ["G-06", 19_99, 7_500, 800, 6_000],
    ["G-06", 20_00, 5_000, 700, 5_500],
    ["G-07", 29_99, 5_000, 700, 5_500],
    ["G-07", 30_00, 5_000, 500, 5_000],
    ["G-08", 0, 10_000, 1_000, 6_600],
  ])("%s: a VIX of %d hundredths gives capacity %d, return target %d, win-rate target %d", (_, vix, ...expected) => {
    const { capacityBps, returnTargetBps, winRateTargetBps } = volatilityBand(vix);
    expect([capacityBps, returnTargetBps, winRateTargetBps]).toEqual(expected);
  });

  test("G-08: without a VIX the band is the conservative one, with no target", () => {
    const unknown = { name: "UNKNOWN", capacityBps: 5_000, tradesPerDayMax: 90, returnTargetBps: null };
    expect(volatilityBand(null)).toMatchObject(unknown);
    expect(volatilityBand(-1)).toMatchObject(unknown);
  });

  test("the stop is 1 % of capital below a VIX of 20 and 1.5 % from 20 on (C-15)", () => {
    expect([19_99, 20_00, 30_00].map((vix) => volatilityBand(vix).stopBpsOfCapital)).toEqual([100, 150, 150]);
  });

  test("more VIX never allows more", () => {
    const vix = fc.integer({ min: 0, max: 90_00 });
    fc.assert(
      fc.property(vix, vix, (left, right) => {
        const [calm, wild] = [volatilityBand(Math.min(left, right)), volatilityBand(Math.max(left, right))];
        expect(wild.capacityBps).toBeLessThanOrEqual(calm.capacityBps);
        expect(wild.tradesPerDayMax).toBeLessThanOrEqual(calm.tradesPerDayMax);
      }),
    );
  });
});

describe("G-23: Annex R as it is worded", () => {
  test.each([
    [25_00, 5_000_00, 150_00],
    [20_00, 10_000_00, 100_00],
    [20_01, 5_000_00, 150_00],
  ])("risk(%d hundredths, ₹10,000) is (%d, %d) paise", (vix, capacityPaise, stopLossPaise) => {
    expect(annexRRisk(vix, paise(10_000_00))).toEqual({ capacityPaise, stopLossPaise });
  });
});

describe("adaptive trades", () => {
  test.each([
    ["G-26", 25_00, 4_500, 50, 63, "REDUCE", 13],
    ["G-27", 12_00, 8_500, 150, 216, "EXCEED", 66],
    ["G-28", 18_00, 7_000, 100, 135, "FOLLOW", 35],
    ["G-29", 20_00, 8_500, 0, 108, "EXCEED", 108],
    ["G-30", 15_00, 4_500, 0, 94, "REDUCE", 94],
    ["G-38", 22_00, 8_500, 50, 108, "EXCEED", 58],
  ] as const)(
    "%s: VIX %d, confidence %d, %d trades so far allow %d (%s), %d left",
    (_, vixCenti, averageConfidenceBps, currentTrades, adaptiveMax, decision, remaining) => {
      const answer = adaptiveTradesPerDay({ vixCenti, averageConfidenceBps, currentTrades, volatilityBps: 1_500 });
      expect(answer).toMatchObject({ adaptiveMax, decision, remaining, shouldExceed: decision === "EXCEED" });
    },
  );

  test("nothing is exceeded without a VIX, above 30 % volatility, on a warning, or at exactly 80 % confidence", () => {
    const sure = { vixCenti: 12_00, averageConfidenceBps: 9_000, currentTrades: 0 };
    expect(adaptiveTradesPerDay(sure).adaptiveMax).toBe(216);
    expect(adaptiveTradesPerDay({ ...sure, vixCenti: null }).adaptiveMax).toBe(90);
    expect(adaptiveTradesPerDay({ ...sure, volatilityBps: 3_000 }).adaptiveMax).toBe(216);
    expect(adaptiveTradesPerDay({ ...sure, volatilityBps: 3_001 }).adaptiveMax).toBe(180);
    expect(adaptiveTradesPerDay({ ...sure, riskWarning: "NSE ALERT: budget day" })).toMatchObject({
      adaptiveMax: 180,
      reason: "VIX is 12.00; the mean confidence is 90.00 %, and nothing is exceeded: NSE ALERT: budget day",
    });
    expect(adaptiveTradesPerDay({ ...sure, averageConfidenceBps: 8_000 }).adaptiveMax).toBe(180);
    expect(adaptiveTradesPerDay({ ...sure, averageConfidenceBps: null }).adaptiveMax).toBe(180);
  });
});

describe("index allocation", () => {
  test.each([
    [135, [54, 54, 27]],
    [216, [87, 86, 43]],
    [108, [43, 43, 22]],
    [94, [38, 37, 19]],
    [63, [25, 25, 13]],
  ])("G-30b: %d trades are split %j", (total, parts) => {
    const allocation = indexAllocation(total);
    expect(UNDERLYINGS.map((underlying) => allocation[underlying])).toEqual(parts);
  });

  test("sums to the total, each part within one of its share", () => {
    fc.assert(
      fc.property(fc.nat(100_000), (total) => {
        const { NIFTY50, BANKNIFTY, SENSEX } = indexAllocation(total);
        expect(NIFTY50 + BANKNIFTY + SENSEX).toBe(total);
        expect(Math.abs(NIFTY50 - total * 0.4)).toBeLessThan(1);
        expect(Math.abs(SENSEX - total * 0.2)).toBeLessThan(1);
      }),
    );
  });
});

describe("what volatility leaves of an index's share", () => {
  test("is the range of AI-04 from its generous end when calm to its careful end when anxious or unknown", () => {
    const factors = (vixCenti: number | null) => UNDERLYINGS.map((underlying) => indexFactorBps(underlying, vixCenti));
    expect(factors(14_99)).toEqual([10_000, 15_000, 9_500]);
    expect(factors(15_00)).toEqual([10_000, 13_500, 9_250]);
    expect(factors(19_99)).toEqual([10_000, 13_500, 9_250]);
    for (const vixCenti of [20_00, 45_00, null]) expect(factors(vixCenti)).toEqual([10_000, 12_000, 9_000]);
  });

  test("never grows with volatility, and an unknown one gets no more than an anxious market", () => {
    const used = (vixCenti: number | null, underlying: Underlying) =>
      volatilityBand(vixCenti).capacityBps * volatilityScaleBps(vixCenti) * indexFactorBps(underlying, vixCenti);
    for (const underlying of UNDERLYINGS) {
      for (let vixCenti = 1; vixCenti <= 90_00; vixCenti += 1) {
        expect(used(vixCenti, underlying)).toBeLessThanOrEqual(used(vixCenti - 1, underlying));
      }
      expect(used(null, underlying)).toBeLessThanOrEqual(used(29_99, underlying));
    }
    expect(volatilityScaleBps(15_00)).toBe(10_000);
    expect(volatilityScaleBps(18_00)).toBe(8_333);
    expect(volatilityScaleBps(40_00)).toBe(5_000);
  });
});
