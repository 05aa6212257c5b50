import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Atr, type AtrSeed, atrInto } from "../../../src/core/market/indicators/atr.ts";
import { Bollinger, bollingerInto } from "../../../src/core/market/indicators/bollinger.ts";
import { Ema, emaInto } from "../../../src/core/market/indicators/ema.ts";
import {
  MACD_12_26_9,
  Macd,
  type MacdPeriods,
  type MacdStart,
  macdInto,
  macdWarmUp,
} from "../../../src/core/market/indicators/macd.ts";
import { Rsi, rsiInto } from "../../../src/core/market/indicators/rsi.ts";
import { inRupees, syntheticBars } from "./synthetic-bars.ts";

const price = fc.double({ min: 1, max: 90_000, noNaN: true });
const prices = fc.array(price, { maxLength: 120 }).map((drawn) => Float64Array.from(drawn));
const period = fc.integer({ min: 2, max: 30 });
const seed = fc.constantFrom<AtrSeed>("FIRST_BAR", "SECOND_BAR");
const start = fc.constantFrom<MacdStart>("TOGETHER", "APART");

interface Bars {
  readonly highPaise: Float64Array;
  readonly lowPaise: Float64Array;
  readonly closePaise: Float64Array;
}
const barsOf = (rows: readonly (readonly [high: number, low: number, close: number])[]): Bars => ({
  highPaise: Float64Array.from(rows, ([high]) => high),
  lowPaise: Float64Array.from(rows, ([, low]) => low),
  closePaise: Float64Array.from(rows, ([, , close]) => close),
});
const bars = fc
  .array(fc.tuple(price, price, price), { maxLength: 120 })
  .map((rows) => barsOf(rows.map(([a, b, c]) => [Math.max(a, b, c), Math.min(a, b, c), b] as const)));

// Written over what an earlier use left behind, so that a position that is not written shows.
const made = (length: number, fill: (out: Float64Array) => void): Float64Array => {
  const out = new Float64Array(length).fill(-7);
  fill(out);
  return out;
};
const rsis = (closes: Float64Array, n: number) => made(closes.length, (out) => rsiInto(closes, n, out));
const emas = (values: Float64Array, n: number) => made(values.length, (out) => emaInto(values, n, out));
const atrs = (of: Bars, n: number, from?: AtrSeed) => made(of.closePaise.length, (out) => atrInto(of, n, out, from));
const lines = (length: number) => () => new Float64Array(length).fill(-7);
function macds(closes: Float64Array, periods: MacdPeriods, from?: MacdStart) {
  const line = lines(closes.length);
  const out = { macd: line(), signal: line(), histogram: line() };
  macdInto(closes, periods, out, from);
  return out;
}
function bollingers(values: Float64Array, n: number, deviations: number) {
  const line = lines(values.length);
  const out = { upper: line(), middle: line(), lower: line() };
  bollingerInto(values, n, deviations, out);
  return out;
}
const none = (count: number): number[] => Array(count).fill(Number.NaN);
const cents = (answers: Float64Array): number[] => [...answers].map((answer) => Number(answer.toFixed(2)));

interface TalibFigures {
  readonly positions: readonly number[];
  readonly paise: Readonly<Record<string, readonly (number | null)[]>>;
  readonly rupees: Readonly<Record<string, readonly (number | null)[]>>;
}
const talib: TalibFigures = JSON.parse(readFileSync(path.join(import.meta.dirname, "talib-figures.json"), "utf8"));

describe("against TA-Lib, over 100,000 bars", () => {
  test.each(["paise", "rupees"] as const)(
    "every figure in %s is within 1e-9, and missing exactly where TA-Lib has none",
    (unit) => {
      const synthetic = syntheticBars();
      const scaled = unit === "paise" ? (column: Float64Array) => column : inRupees;
      const closes = scaled(synthetic.closePaise);
      const macd = macds(closes, MACD_12_26_9);
      const bollinger = bollingers(closes, 20, 2);
      const ours: Readonly<Record<string, Float64Array>> = {
        rsi14: rsis(closes, 14),
        atr14: atrs(
          { highPaise: scaled(synthetic.highPaise), lowPaise: scaled(synthetic.lowPaise), closePaise: closes },
          14,
        ),
        ema20: emas(closes, 20),
        macd: macd.macd,
        macdSignal: macd.signal,
        macdHistogram: macd.histogram,
        bollingerUpper: bollinger.upper,
        bollingerMiddle: bollinger.middle,
        bollingerLower: bollinger.lower,
      };
      expect(Object.keys(ours)).toEqual(Object.keys(talib[unit]));
      for (const [name, figures] of Object.entries(talib[unit])) {
        for (const [at, position] of talib.positions.entries()) {
          const [theirs, own] = [figures[at] ?? Number.NaN, ours[name]?.[position] ?? 0];
          if (Number.isNaN(theirs)) expect(own, `${name} ${position}`).toBeNaN();
          else expect(Math.abs(own - theirs), `${name} ${position}`).toBeLessThan(1e-9);
        }
      }
    },
  );
});

describe("against published figures", () => {
  // StockCharts ChartSchool, "Relative Strength Index", worked example (cs-rsi.xls): QQQQ, 14 Dec 2009 to 1 Feb 2010.
  test("RSI(14) is that of the StockCharts example", () => {
    const closes = Float64Array.of(
      44.3389,
      44.0902,
      44.1497,
      43.6124,
      44.3278,
      44.8264,
      45.0955,
      45.4245,
      45.8433,
      46.0826,
      45.8931,
      46.0328,
      45.614,
      46.282,
      46.282,
      46.0028,
      46.0328,
      46.4116,
      46.2222,
      45.6439,
      46.2122,
      46.2521,
      45.7137,
      46.4515,
      45.7835,
      45.3548,
      44.0288,
      44.1783,
      44.2181,
      44.5672,
      43.4205,
      42.6628,
      43.1314,
    );
    const published = [
      70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46,
      37.3, 33.08, 37.77,
    ];
    const answers = rsis(closes, 14);
    expect([...answers.slice(0, 14)]).toEqual(none(14));
    expect(cents(answers.slice(14))).toEqual(published);
  });

  // StockCharts ChartSchool, "Average True Range", worked example (cs-atr.xls): QQQQ, April and May 2010. The sheet's own
  // prices carry more decimals than it prints, hence the tolerance of a cent.
  test("ATR(14) is that of the StockCharts example", () => {
    const table: readonly (readonly [number, number, number])[] = [
      [48.7, 47.79, 48.16],
      [48.72, 48.14, 48.61],
      [48.9, 48.39, 48.75],
      [48.87, 48.37, 48.63],
      [48.82, 48.24, 48.74],
      [49.05, 48.64, 49.03],
      [49.2, 48.94, 49.07],
      [49.35, 48.86, 49.32],
      [49.92, 49.5, 49.91],
      [50.19, 49.87, 50.13],
      [50.12, 49.2, 49.53],
      [49.66, 48.9, 49.5],
      [49.88, 49.43, 49.75],
      [50.19, 49.73, 50.03],
      [50.36, 49.26, 50.31],
      [50.57, 50.09, 50.52],
      [50.65, 50.3, 50.41],
      [50.43, 49.21, 49.34],
      [49.63, 48.98, 49.37],
      [50.33, 49.61, 50.23],
      [50.29, 49.2, 49.24],
      [50.17, 49.43, 49.93],
      [49.32, 48.08, 48.43],
      [48.5, 47.64, 48.18],
      [48.32, 41.55, 46.57],
      [46.8, 44.28, 45.41],
      [47.8, 47.31, 47.77],
      [48.39, 47.2, 47.72],
      [48.66, 47.9, 48.62],
      [48.79, 47.73, 47.85],
    ];
    const published = [
      0.56, 0.59, 0.59, 0.57, 0.62, 0.62, 0.64, 0.67, 0.69, 0.78, 0.78, 1.21, 1.3, 1.38, 1.37, 1.34, 1.32,
    ];
    const answers = atrs(barsOf(table), 14, "FIRST_BAR");
    expect([...answers.slice(0, 13)]).toEqual(none(13));
    published.forEach((value, at) => {
      expect(Math.abs((answers[13 + at] ?? 0) - value)).toBeLessThan(0.011);
    });
  });

  // StockCharts ChartSchool, "Moving Averages", worked example (cs-movavg.xls): Intel, 24 Mar to 5 May 2010.
  test("EMA(10) is that of the StockCharts example", () => {
    const closes = Float64Array.of(
      22.27,
      22.19,
      22.08,
      22.17,
      22.18,
      22.13,
      22.23,
      22.43,
      22.24,
      22.29,
      22.15,
      22.39,
      22.38,
      22.61,
      23.36,
      24.05,
      23.75,
      23.83,
      23.95,
      23.63,
      23.82,
      23.87,
      23.65,
      23.19,
      23.1,
      23.33,
      22.68,
      23.1,
      22.4,
      22.17,
    );
    const published = [
      22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.8, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.53, 23.47, 23.4,
      23.39, 23.26, 23.23, 23.08, 22.92,
    ];
    expect(cents(emas(closes, 10).slice(9))).toEqual(published);
  });

  // investexcel.net, "How to calculate MACD in Excel": Apple, 19 Feb to 22 May 2013.
  test("MACD(12, 26, 9) is that of the Invest Excel example to nine decimals", () => {
    const closes = Float64Array.of(
      459.99,
      448.85,
      446.06,
      450.81,
      442.8,
      448.97,
      444.57,
      441.4,
      430.47,
      420.05,
      431.14,
      425.66,
      430.58,
      431.72,
      437.87,
      428.43,
      428.35,
      432.5,
      443.66,
      455.72,
      454.49,
      452.08,
      452.73,
      461.91,
      463.58,
      461.14,
      452.08,
      442.66,
      428.91,
      429.79,
      431.99,
      427.72,
      423.2,
      426.21,
      426.98,
    );
    const { macd, signal, histogram } = macds(closes, MACD_12_26_9, "APART");
    expect([...macd.slice(0, 33)]).toEqual(none(33));
    expect(macd[33]).toBeCloseTo(-2.0705581901, 9);
    expect(signal[33]).toBeCloseTo(3.0375258687, 9);
    expect(signal[34]).toBeCloseTo(1.9056522293, 9);
    expect(histogram[34]).toBeCloseTo(-4.5274945576, 9);
  });
});

describe("too few bars", () => {
  test("G-54: four closes give no RSI(14), no ATR and no MACD: NaN, never 0", () => {
    const closes = Float64Array.of(100, 105, 98, 102);
    const [rsi, atr, macd, bands] = [new Rsi(14), new Atr(14), new Macd(MACD_12_26_9), new Bollinger(20, 2)];
    for (const close of closes) {
      macd.next(close);
      bands.next(close);
      expect([rsi.next(close), atr.next(close, close, close), macd.macd, macd.signal, bands.upper]).toEqual(none(5));
    }
    expect([...rsis(closes, 14)]).toEqual(none(4));
    expect([...macds(closes, MACD_12_26_9).histogram]).toEqual(none(4));
  });

  test("the first answer comes exactly when it can", () => {
    fc.assert(
      fc.property(prices, period, start, (closes, n, from) => {
        const firstOf = (answers: Float64Array): number => answers.findIndex((answer) => !Number.isNaN(answer));
        const due = (needed: number): number => (closes.length >= needed ? needed - 1 : -1);
        const flat = { highPaise: closes, lowPaise: closes, closePaise: closes };
        expect(firstOf(rsis(closes, n))).toBe(due(n + 1));
        expect(firstOf(emas(closes, n))).toBe(due(n));
        expect(firstOf(atrs(flat, n, "FIRST_BAR"))).toBe(due(n));
        expect(firstOf(atrs(flat, n, "SECOND_BAR"))).toBe(due(n + 1));
        expect(firstOf(bollingers(closes, n, 2).upper)).toBe(due(n));
        expect(firstOf(macds(closes, MACD_12_26_9, from).macd)).toBe(due(macdWarmUp(MACD_12_26_9)));
      }),
    );
  });
});

describe("value by value", () => {
  test("every indicator answers as over the whole series, to the last bit", () => {
    fc.assert(
      fc.property(prices, bars, period, seed, start, (closes, highsAndLows, n, atrSeed, macdStart) => {
        const [rsi, ema, atr] = [new Rsi(n), new Ema(n), new Atr(n, atrSeed)];
        const periods = { fast: n, slow: n + 7, signal: 5 };
        const [macd, bands] = [new Macd(periods, macdStart), new Bollinger(n, 2)];
        expect(closes.map((close) => rsi.next(close))).toEqual(rsis(closes, n));
        expect(closes.map((close) => ema.next(close))).toEqual(emas(closes, n));
        const { highPaise, lowPaise, closePaise } = highsAndLows;
        const ranges = closePaise.map((close, at) => atr.next(highPaise[at] ?? 0, lowPaise[at] ?? 0, close));
        expect(ranges).toEqual(atrs(highsAndLows, n, atrSeed));
        const [macdLines, bandLines] = [macds(closes, periods, macdStart), bollingers(closes, n, 2)];
        for (const [at, close] of closes.entries()) {
          macd.next(close);
          bands.next(close);
          expect([macd.macd, macd.signal, macd.histogram]).toEqual([
            macdLines.macd[at],
            macdLines.signal[at],
            macdLines.histogram[at],
          ]);
          expect([bands.upper, bands.middle, bands.lower]).toEqual([
            bandLines.upper[at],
            bandLines.middle[at],
            bandLines.lower[at],
          ]);
        }
      }),
    );
  });

  test("RSI stays within 0 and 100, and mirrors when prices do", () => {
    fc.assert(
      fc.property(fc.array(price, { minLength: 16, maxLength: 60 }), (drawn) => {
        const closes = Float64Array.from(drawn);
        const mirrored = rsis(
          closes.map((close) => -close),
          14,
        );
        for (const [at, answer] of rsis(closes, 14).entries()) {
          if (Number.isNaN(answer)) continue;
          expect(answer).toBeGreaterThanOrEqual(0);
          expect(answer).toBeLessThanOrEqual(100);
          expect(answer + (mirrored[at] ?? 0)).toBeCloseTo(100, 6);
        }
      }),
    );
  });

  test("RSI of a price that only rises is 100, only falls is 0, stands still is 50", () => {
    const last = (closes: readonly number[]): number | undefined => rsis(Float64Array.from(closes), 14).at(-1);
    const steps = Array.from({ length: 20 }, (_, at) => 100 + at);
    expect([last(steps), last(steps.toReversed()), last(Array(20).fill(100))]).toEqual([100, 0, 50]);
  });

  test("bands of a price that stood still lie on it", () => {
    const { upper, lower } = bollingers(new Float64Array(40).fill(123.45), 20, 2);
    expect([upper.at(-1), lower.at(-1)].map((band) => Math.abs((band ?? 0) - 123.45) < 1e-5)).toEqual([true, true]);
  });
});
