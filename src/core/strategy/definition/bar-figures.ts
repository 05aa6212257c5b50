// Figures that every strategy can name without a model: of the day's completed 3-minute bars. Prices and distances are points of
// the index. What the bars cannot tell yet is null.

import { type EpochMs, MS_PER_MINUTE } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../../market/bars.ts";
import { Atr } from "../../market/indicators/atr.ts";
import { Ema } from "../../market/indicators/ema.ts";
import { MACD_12_26_9, Macd } from "../../market/indicators/macd.ts";
import { Rsi } from "../../market/indicators/rsi.ts";
import type { Bar } from "../../market/market-event.ts";

export const BAR_FIGURES = [
  "bar.open",
  "bar.high",
  "bar.low",
  "bar.close",
  "bar.rsi14",
  "bar.atr14",
  "bar.ema9",
  "bar.ema21",
  "bar.macd",
  "bar.macdHistogram",
  "bar.dayOpen",
  "bar.dayHigh",
  "bar.dayLow",
  "bar.openingHigh15",
  "bar.openingLow15",
  "bar.openingHigh30",
  "bar.openingLow30",
] as const;
export type BarFigure = (typeof BAR_FIGURES)[number];
export type BarFigures = Readonly<Record<BarFigure, number | null>>;

const PAISE_PER_POINT = 100;

/**
 * As of each of the instants given, ascending: each sees the bars that were complete then. `openMs` is where the opening range
 * begins; it is known once every bar of it is there.
 */
export function barFiguresAt(
  bars: readonly Bar[],
  openMs: EpochMs,
  instants: readonly EpochMs[],
): readonly BarFigures[] {
  const next = barFigureStream(openMs);
  const last = instants.at(-1);
  const done = last === undefined ? [] : completedBars(bars, last, BAR_INTERVAL_MS);
  let [taken, figures] = [0, NO_FIGURES];
  return instants.map((atMs) => {
    for (; taken < done.length; taken += 1) {
      const bar = done[taken] as Bar;
      if (bar.startMs + BAR_INTERVAL_MS > atMs) break;
      figures = next(bar);
    }
    return figures;
  });
}

/** The figures after each bar of a day, oldest first. */
export function barFigureStream(openMs: EpochMs): (bar: Bar) => BarFigures {
  // As the rules read them: averages begin at the day's first bar.
  const [rsi, atr, macd] = [new Rsi(14), new Atr(14, "FIRST_BAR"), new Macd(MACD_12_26_9, "APART")];
  const [ema9, ema21] = [new Ema(9), new Ema(21)];
  const [first15, first30] = [openingRange(openMs, 15), openingRange(openMs, 30)];
  let [dayOpen, dayHigh, dayLow] = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return (bar) => {
    const { openPaise, highPaise, lowPaise, closePaise } = bar;
    if (Number.isNaN(dayOpen)) dayOpen = openPaise;
    dayHigh = Math.max(dayHigh, highPaise);
    dayLow = Math.min(dayLow, lowPaise);
    macd.next(closePaise);
    const [range15, range30] = [first15(bar), first30(bar)];
    return {
      "bar.open": points(openPaise),
      "bar.high": points(highPaise),
      "bar.low": points(lowPaise),
      "bar.close": points(closePaise),
      "bar.rsi14": known(rsi.next(closePaise)),
      "bar.atr14": points(known(atr.next(highPaise, lowPaise, closePaise))),
      "bar.ema9": points(known(ema9.next(closePaise))),
      "bar.ema21": points(known(ema21.next(closePaise))),
      "bar.macd": points(known(macd.macd)),
      "bar.macdHistogram": points(known(macd.histogram)),
      "bar.dayOpen": points(dayOpen),
      "bar.dayHigh": points(dayHigh),
      "bar.dayLow": points(dayLow),
      "bar.openingHigh15": points(range15?.high ?? null),
      "bar.openingLow15": points(range15?.low ?? null),
      "bar.openingHigh30": points(range30?.high ?? null),
      "bar.openingLow30": points(range30?.low ?? null),
    };
  };
}

/** High and low of the first minutes; null until they are over, and where a bar of them is missing. */
function openingRange(openMs: EpochMs, minutes: number): (bar: Bar) => { high: number; low: number } | null {
  const endMs = openMs + minutes * MS_PER_MINUTE;
  const wanted = (minutes * MS_PER_MINUTE) / BAR_INTERVAL_MS;
  let [seen, high, low] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return ({ startMs, highPaise, lowPaise }) => {
    if (startMs >= openMs && startMs < endMs) {
      seen += 1;
      high = Math.max(high, highPaise);
      low = Math.min(low, lowPaise);
    }
    return seen === wanted ? { high, low } : null;
  };
}

const known = (figure: number): number | null => (Number.isNaN(figure) ? null : figure);
const points = (paise: number | null): number | null => (paise === null ? null : paise / PAISE_PER_POINT);

const NO_FIGURES = Object.fromEntries(BAR_FIGURES.map((name) => [name, null])) as unknown as BarFigures;
