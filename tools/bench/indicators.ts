// Indicators over 100,000 bars, whole columns and value by value, beside a hand loop of the same run and what others were
// measured at on this kind of machine.
import { Atr, atrInto } from "../../src/core/market/indicators/atr.ts";
import { Bollinger, bollingerInto } from "../../src/core/market/indicators/bollinger.ts";
import { Ema, emaInto } from "../../src/core/market/indicators/ema.ts";
import { MACD_12_26_9, Macd, macdInto } from "../../src/core/market/indicators/macd.ts";
import { Rsi, rsiInto } from "../../src/core/market/indicators/rsi.ts";
import { SYNTHETIC_BARS, syntheticBars } from "../../tests/core/market/synthetic-bars.ts";
import { bestSeconds, millionsPerSecond, ratioOf } from "./best-of.ts";

const REPETITIONS = 200;
const STREAM_REPETITIONS = 40;

interface IndicatorSpeed {
  readonly indicator: string;
  readonly millionValuesPerSecond: number;
  /** Against the plain exponential average written out here; 1 is as fast. */
  readonly toHandLoop: number;
  readonly streamMillionValuesPerSecond: number;
  /** Millions of values a second. */
  readonly peers: Readonly<Record<string, number>>;
}

export interface IndicatorsBench {
  readonly name: "indicators";
  readonly bars: number;
  readonly handLoopMillionValuesPerSecond: number;
  readonly indicators: readonly IndicatorSpeed[];
}

const column = () => new Float64Array(SYNTHETIC_BARS);

export async function benchIndicators(progress: (line: string) => void): Promise<IndicatorsBench> {
  const bars = syntheticBars();
  const { highPaise, lowPaise, closePaise: closes } = bars;
  const out = column();
  const lines = { macd: column(), signal: column(), histogram: column() };
  const bands = { upper: column(), middle: column(), lower: column() };
  const hand = bestSeconds(() => handLoop(closes, out), REPETITIONS);
  const each = (next: (close: number, at: number) => void) => () => {
    for (let at = 0; at < SYNTHETIC_BARS; at += 1) next(closes[at] as number, at);
  };
  const cases: readonly (readonly [string, () => void, () => void, IndicatorSpeed["peers"]])[] = [
    [
      "RSI 14",
      () => rsiInto(closes, 14, out),
      () => {
        const rsi = new Rsi(14);
        each((close) => rsi.next(close))();
      },
      { "TA-Lib C": 184, indicatorts: 23, technicalindicators: 5.1 },
    ],
    [
      "ATR 14",
      () => atrInto(bars, 14, out),
      () => {
        const atr = new Atr(14);
        each((close, at) => atr.next(highPaise[at] as number, lowPaise[at] as number, close))();
      },
      { "TA-Lib C": 171, technicalindicators: 8.7, indicatorts: 4.8 },
    ],
    [
      "EMA 20",
      () => emaInto(closes, 20, out),
      () => {
        const ema = new Ema(20);
        each((close) => ema.next(close))();
      },
      { "TA-Lib C": 511, indicatorts: 178, technicalindicators: 23 },
    ],
    [
      "MACD 12, 26, 9",
      () => macdInto(closes, MACD_12_26_9, lines),
      () => {
        const macd = new Macd(MACD_12_26_9);
        each((close) => macd.next(close))();
      },
      { "TA-Lib C": 96, indicatorts: 43, technicalindicators: 4.3 },
    ],
    [
      "Bollinger 20, 2",
      () => bollingerInto(closes, 20, 2, bands),
      () => {
        const bollinger = new Bollinger(20, 2);
        each((close) => bollinger.next(close))();
      },
      { "TA-Lib C": 229, indicatorts: 21, technicalindicators: 0.9 },
    ],
  ];
  const indicators = cases.map(([indicator, whole, stream, peers]): IndicatorSpeed => {
    const seconds = bestSeconds(whole, REPETITIONS);
    const speed = {
      indicator,
      millionValuesPerSecond: millionsPerSecond(SYNTHETIC_BARS, seconds),
      toHandLoop: ratioOf(hand, seconds),
      streamMillionValuesPerSecond: millionsPerSecond(SYNTHETIC_BARS, bestSeconds(stream, STREAM_REPETITIONS)),
      peers,
    };
    progress(
      `${indicator}: ${speed.millionValuesPerSecond} M values/s (${speed.toHandLoop} of a hand loop), one by one ${speed.streamMillionValuesPerSecond}`,
    );
    return speed;
  });
  return {
    name: "indicators",
    bars: SYNTHETIC_BARS,
    handLoopMillionValuesPerSecond: millionsPerSecond(SYNTHETIC_BARS, hand),
    indicators,
  };
}

/** An exponential average as anybody would write it. */
function handLoop(values: Float64Array, out: Float64Array): void {
  let average = values[0] as number;
  for (let at = 0; at < values.length; at += 1) {
    average += ((values[at] as number) - average) * 0.1;
    out[at] = average;
  }
}
