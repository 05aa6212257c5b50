import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IndexSetup } from "../../../src/core/backtest/index-engine/index-rule.ts";
import { runIndexRule } from "../../../src/core/backtest/index-engine/index-run.ts";
import { IndexHistory } from "../../../src/core/backtest/index-engine/stances.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { addDays, epochMs, type IstTime, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { seriesOfBars } from "../../../src/core/market/bar-series.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { slowIndexRun } from "./slow-index-run.ts";

const FIRST = marketDate("2019-12-30");
const BARS_A_DAY = 26;

/** A quarter of an hour a bar, a few days, prices that jump about. */
const history = fc
  .array(
    fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -1_200, max: 1_200 }), fc.nat(500), fc.nat(500)),
    {
      minLength: 30,
      maxLength: 78,
    },
  )
  .map((moves) => {
    let before = 1_000_000;
    return moves.map(([gap, move, above, below], at): Bar => {
      const open = before + gap;
      const close = open + move;
      before = close;
      const day = addDays(FIRST, Math.floor(at / BARS_A_DAY));
      return {
        startMs: epochMs(istInstant(day, "09:15") + (at % BARS_A_DAY) * 900_000),
        openPaise: paise(open),
        highPaise: paise(Math.max(open, close) + above),
        lowPaise: paise(Math.min(open, close) - below),
        closePaise: paise(close),
      };
    });
  });

const distance = fc.option(
  fc.oneof(
    fc.record({ unit: fc.constant("PAISE" as const), value: fc.integer({ min: 100, max: 3_000 }) }),
    fc.record({ unit: fc.constant("PPM" as const), value: fc.integer({ min: 100, max: 3_000 }) }),
    fc.record({ unit: fc.constant("ATR_CENTI" as const), value: fc.integer({ min: 20, max: 300 }) }),
  ),
);
const setup: fc.Arbitrary<IndexSetup> = fc.record({
  rule: fc.record({
    signal: fc.record({
      kind: fc.constant("RSI" as const),
      period: fc.integer({ min: 2, max: 6 }),
      upper: fc.integer({ min: 52, max: 75 }),
      lower: fc.integer({ min: 25, max: 48 }),
      polarity: fc.constantFrom("MOMENTUM", "CONTRARIAN"),
      trigger: fc.constantFrom("LEVEL", "CROSS"),
    }),
    sides: fc.constantFrom("BOTH", "LONG_ONLY", "SHORT_ONLY"),
    memory: fc.constantFrom("CONTINUOUS", "DAILY"),
  }),
  costs: fc.record({
    chargesPpm: fc.nat(300),
    spreadPaise: fc.nat(101),
    slippagePpm: fc.nat(120),
  }),
  risk: fc.record({
    sizing: fc.oneof(
      fc.record({ by: fc.constant("UNITS" as const), units: fc.integer({ min: 1, max: 100 }) }),
      fc.record({ by: fc.constant("EQUITY_PERCENT" as const), percent: fc.integer({ min: 1, max: 500 }) }),
    ),
    maxUnits: fc.integer({ min: 1, max: 80 }),
    stop: distance,
    target: distance,
    flatFrom: fc.constantFrom<IstTime | null>(null, "14:00", "15:15", "16:00"),
    noEntryFrom: fc.constantFrom<IstTime | null>(null, "12:00", "15:00"),
    dailyLossPaise: fc.option(fc.integer({ min: 1_000, max: 100_000 })),
    entriesPerDay: fc.option(fc.integer({ min: 1, max: 4 })),
  }),
  capitalPaise: fc.constantFrom(10_000_000, 500_000_000),
});

// The slow engine is slow: a second alone, several where other work has the cores.
const TIMEOUT = { timeout: 30_000 };

test("every trade, price and paisa is what the rules say when they are played out slowly", TIMEOUT, () => {
  let trades = 0;
  fc.assert(
    fc.property(history, setup, (bars, drawn) => {
      const series = seriesOfBars("NIFTY50", 900_000, bars);
      const fast = runIndexRule(new IndexHistory(series), drawn);
      const slow = slowIndexRun(bars, drawn);
      const rows = fast.log
        .trades(series.startMs)
        .map(({ entryBar, exitBar, side, units, entryPaise, exitPaise, netPaise, reason }) => ({
          entryBar,
          exitBar,
          side,
          units,
          entryPaise,
          exitPaise,
          netPaise,
          reason,
        }));
      expect(rows).toEqual(slow.trades);
      expect([...fast.equityPaise]).toEqual(slow.equities);
      expect(fast.balances.cashPaise).toBe(slow.cash);
      trades += rows.length;
    }),
    { numRuns: 400 },
  );
  expect(trades).toBeGreaterThan(120);
});

test("the books sum to nothing, hold nothing at the end, and hold what the trades come to", () => {
  fc.assert(
    fc.property(history, setup, (bars, drawn) => {
      const series = seriesOfBars("NIFTY50", 900_000, bars);
      const { log, balances, barsHeld } = runIndexRule(new IndexHistory(series), drawn);
      const { cashPaise, holdingsPaise, chargesPaise, capitalPaise, resultPaise } = balances;
      expect(cashPaise + holdingsPaise + chargesPaise + capitalPaise + resultPaise).toBe(0);
      expect(holdingsPaise).toBe(0);
      const trades = log.trades(series.startMs);
      const sum = (of: (trade: (typeof trades)[number]) => number): number =>
        trades.reduce((total, trade) => total + of(trade), 0);
      expect(chargesPaise).toBe(sum((trade) => trade.chargesPaise));
      expect(resultPaise + sum(({ grossPaise }) => grossPaise)).toBe(0);
      expect(cashPaise).toBe(drawn.capitalPaise + sum(({ netPaise }) => netPaise));
      expect(barsHeld).toBeLessThanOrEqual(series.length);
    }),
    { numRuns: 50 },
  );
});

test("nothing of the future changes a trade that was over before", () => {
  fc.assert(
    fc.property(history, setup, fc.nat(), (bars, drawn, cut) => {
      const kept = 20 + (cut % (bars.length - 20));
      const played = (of: readonly Bar[]) => {
        const series = seriesOfBars("NIFTY50", 900_000, of);
        return runIndexRule(new IndexHistory(series), drawn).log.trades(series.startMs);
      };
      const before = (trade: { exitBar: number }): boolean => trade.exitBar < kept - 1;
      expect(played(bars.slice(0, kept)).filter(before)).toEqual(played(bars).filter(before));
    }),
    { numRuns: 50 },
  );
});

describe("by hand", () => {
  const bar = (at: number, open: number, high: number, low: number, close: number): Bar => ({
    startMs: epochMs(istInstant(FIRST, "09:15") + at * 900_000),
    openPaise: paise(open),
    highPaise: paise(high),
    lowPaise: paise(low),
    closePaise: paise(close),
  });
  // RSI(2) after the third bar: two falls, so 0: contrarian, it is bought at 9,000, the fourth bar's open.
  const bars = [
    bar(0, 10_000, 10_000, 10_000, 10_000),
    bar(1, 9_500, 9_500, 9_500, 9_500),
    bar(2, 9_000, 9_000, 9_000, 9_000),
    bar(3, 9_000, 9_300, 8_950, 9_250),
    bar(4, 9_600, 9_950, 9_500, 9_900),
    bar(5, 9_700, 9_700, 9_700, 9_700),
  ];
  const plain: IndexSetup = {
    rule: {
      signal: { kind: "RSI", period: 2, upper: 70, lower: 30, polarity: "CONTRARIAN", trigger: "LEVEL" },
      sides: "LONG_ONLY",
      memory: "CONTINUOUS",
    },
    costs: { chargesPpm: 0, spreadPaise: 0, slippagePpm: 0 },
    risk: {
      sizing: { by: "UNITS", units: 10 },
      maxUnits: 10,
      stop: null,
      target: null,
      flatFrom: null,
      noEntryFrom: null,
      dailyLossPaise: null,
      entriesPerDay: null,
    },
    capitalPaise: 1_000_000,
  };
  const tradesOf = (change: Partial<IndexSetup["risk"]>, costs = plain.costs) => {
    const series = seriesOfBars("NIFTY50", 900_000, bars);
    return runIndexRule(new IndexHistory(series), { ...plain, costs, risk: { ...plain.risk, ...change } }).log.trades(
      series.startMs,
    );
  };

  test("what is said after a bar is done at the next one's open", () => {
    expect(tradesOf({})).toMatchObject([
      { entryBar: 3, entryPaise: 9_000, exitBar: 5, exitPaise: 9_700, grossPaise: 7_000, reason: "SIGNAL" },
    ]);
  });
  test("a stop within the bar is met at its level, and before a target of the same bar", () => {
    expect(tradesOf({ stop: { unit: "PAISE", value: 40 }, target: { unit: "PAISE", value: 100 } })).toMatchObject([
      { entryBar: 3, exitBar: 3, exitPaise: 8_960, reason: "STOP" },
    ]);
  });
  test("a target that the bar opens beyond is met at the open", () => {
    expect(tradesOf({ target: { unit: "PAISE", value: 400 } })).toMatchObject([
      { exitBar: 4, exitPaise: 9_600, reason: "TARGET" },
    ]);
  });
  test("spread and slippage are in both prices, charges on top, each rounded up", () => {
    // 9,000 + ⌈25/2⌉ + ⌈9,000 × 50 ppm⌉ = 9,014; 9,700 − 13 − 1 = 9,686; charges ⌈90,140 × 100 ppm⌉ + ⌈96,860 × 100 ppm⌉ = 10 + 10.
    expect(tradesOf({}, { chargesPpm: 100, spreadPaise: 25, slippagePpm: 50 })).toMatchObject([
      { entryPaise: 9_014, exitPaise: 9_686, chargesPaise: 20, netPaise: 6_700 },
    ]);
  });
  test("what is open at the time to be flat is left at that bar's open", () => {
    expect(tradesOf({ flatFrom: "10:15" })).toMatchObject([{ exitBar: 4, exitPaise: 9_600, reason: "FLAT_TIME" }]);
  });
});
