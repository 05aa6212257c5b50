import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atrSeries, emaSeries, macdSeries, rsiSeries } from "../../../src/core/market/indicator-series.ts";
import {
  atrStream,
  emaStream,
  type HighLowClose,
  MACD_12_26_9,
  macdStream,
  macdWarmUp,
  rsiStream,
} from "../../../src/core/market/indicators.ts";

const price = fc.double({ min: 1, max: 90_000, noNaN: true });
const prices = fc.array(price, { maxLength: 120 });
const bars = fc.array(
  fc
    .tuple(price, price, price)
    .map(([a, b, c]): HighLowClose => ({ high: Math.max(a, b, c), low: Math.min(a, b, c), close: b })),
  { maxLength: 120 },
);
const period = fc.integer({ min: 2, max: 30 });

describe("against published figures", () => {
  // StockCharts ChartSchool, "Relative Strength Index", worked example (cs-rsi.xls): QQQQ, 14 Dec 2009 to 1 Feb 2010.
  test("RSI(14) is that of the StockCharts example", () => {
    const closes = [
      44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328,
      45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835,
      45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
    ];
    const published = [
      70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46,
      37.3, 33.08, 37.77,
    ];
    const answers = rsiSeries(closes, 14);
    expect(answers.slice(0, 14)).toEqual(Array(14).fill(null));
    expect(answers.slice(14).map((answer) => Number(answer?.toFixed(2)))).toEqual(published);
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
    const answers = atrSeries(
      table.map(([high, low, close]) => ({ high, low, close })),
      14,
    );
    expect(answers.slice(0, 13)).toEqual(Array(13).fill(null));
    published.forEach((value, at) => {
      expect(Math.abs((answers[13 + at] ?? 0) - value)).toBeLessThan(0.011);
    });
  });

  // StockCharts ChartSchool, "Moving Averages", worked example (cs-movavg.xls): Intel, 24 Mar to 5 May 2010.
  test("EMA(10) is that of the StockCharts example", () => {
    const closes = [
      22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61, 23.36, 24.05,
      23.75, 23.83, 23.95, 23.63, 23.82, 23.87, 23.65, 23.19, 23.1, 23.33, 22.68, 23.1, 22.4, 22.17,
    ];
    const published = [
      22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.8, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.53, 23.47, 23.4,
      23.39, 23.26, 23.23, 23.08, 22.92,
    ];
    const answers = emaSeries(closes, 10).slice(9);
    expect(answers.map((answer) => Number(answer?.toFixed(2)))).toEqual(published);
  });

  // investexcel.net, "How to calculate MACD in Excel": Apple, 19 Feb to 22 May 2013.
  test("MACD(12, 26, 9) is that of the Invest Excel example to nine decimals", () => {
    const closes = [
      459.99, 448.85, 446.06, 450.81, 442.8, 448.97, 444.57, 441.4, 430.47, 420.05, 431.14, 425.66, 430.58, 431.72,
      437.87, 428.43, 428.35, 432.5, 443.66, 455.72, 454.49, 452.08, 452.73, 461.91, 463.58, 461.14, 452.08, 442.66,
      428.91, 429.79, 431.99, 427.72, 423.2, 426.21, 426.98,
    ];
    const answers = macdSeries(closes, MACD_12_26_9);
    expect(answers.slice(0, 33)).toEqual(Array(33).fill(null));
    expect(answers[33]?.macd).toBeCloseTo(-2.0705581901, 9);
    expect(answers[33]?.signal).toBeCloseTo(3.0375258687, 9);
    expect(answers[34]?.signal).toBeCloseTo(1.9056522293, 9);
    expect(answers[34]?.histogram).toBeCloseTo(-4.5274945576, 9);
  });
});

describe("too few bars", () => {
  test("G-54: four closes give no RSI(14), no ATR and no MACD: null, never 0", () => {
    const closes = [100, 105, 98, 102];
    const rsi = rsiStream(14);
    const macd = macdStream(MACD_12_26_9);
    const atr = atrStream(14);
    for (const close of closes) {
      expect(rsi(close)).toBeNull();
      expect(macd(close)).toBeNull();
      expect(atr({ high: close, low: close, close })).toBeNull();
    }
  });

  test("the first answer comes exactly when it can", () => {
    fc.assert(
      fc.property(prices, period, (closes, n) => {
        const firstOf = (answers: readonly unknown[]): number => answers.findIndex((answer) => answer !== null);
        const due = (needed: number): number => (closes.length >= needed ? needed - 1 : -1);
        expect(firstOf(closes.map(rsiStream(n)))).toBe(due(n + 1));
        expect(firstOf(closes.map(emaStream(n)))).toBe(due(n));
        expect(firstOf(closes.map(macdStream(MACD_12_26_9)))).toBe(due(macdWarmUp(MACD_12_26_9)));
      }),
    );
  });
});

describe("a stream", () => {
  const near = (left: number | null | undefined, right: number | null | undefined): void => {
    if (left === null || left === undefined || right === null || right === undefined) expect(left).toBe(right);
    else expect(Math.abs(left - right)).toBeLessThan(1e-6 * Math.max(1, Math.abs(left)));
  };

  test("answers as the whole series does", () => {
    fc.assert(
      fc.property(prices, bars, period, (closes, highsAndLows, n) => {
        const [rsi, ema, macd, atr] = [rsiStream(n), emaStream(n), macdStream(MACD_12_26_9), atrStream(n)];
        const [rsis, emas, macds] = [rsiSeries(closes, n), emaSeries(closes, n), macdSeries(closes, MACD_12_26_9)];
        closes.forEach((close, at) => {
          near(rsi(close), rsis[at]);
          near(ema(close), emas[at]);
          const [streamed, listed] = [macd(close), macds[at]];
          near(streamed?.macd ?? null, listed?.macd ?? null);
          // The histogram is a small difference of large numbers.
          if (streamed && listed) expect(Math.abs(streamed.histogram - listed.histogram)).toBeLessThan(1e-6);
        });
        const atrs = atrSeries(highsAndLows, n);
        highsAndLows.forEach((bar, at) => {
          near(atr(bar), atrs[at]);
        });
      }),
    );
  });

  test("RSI stays within 0 and 100, and mirrors when prices do", () => {
    fc.assert(
      fc.property(fc.array(price, { minLength: 16, maxLength: 60 }), (closes) => {
        const [up, down] = [rsiStream(14), rsiStream(14)];
        for (const close of closes) {
          const [answer, mirrored] = [up(close), down(-close)];
          if (answer === null || mirrored === null) continue;
          expect(answer).toBeGreaterThanOrEqual(0);
          expect(answer).toBeLessThanOrEqual(100);
          expect(answer + mirrored).toBeCloseTo(100, 6);
        }
      }),
    );
  });

  test("RSI of a price that only rises is 100, only falls is 0, stands still is 50", () => {
    const last = (closes: readonly number[]): number | null | undefined => closes.map(rsiStream(14)).at(-1);
    const steps = Array.from({ length: 20 }, (_, at) => 100 + at);
    expect([last(steps), last(steps.toReversed()), last(Array(20).fill(100))]).toEqual([100, 0, 50]);
  });
});
