// Days of bars for labels: from a function of the minute, or from a seed.
import type { Underlying } from "../../../../src/core/instrument/contract.ts";
import { paise } from "../../../../src/core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate } from "../../../../src/core/kernel/time.ts";
import { seriesOfBars } from "../../../../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../../../src/core/market/bars.ts";
import type { Bar } from "../../../../src/core/market/market-event.ts";
import type { LabelMoment } from "../../../../src/core/prediction/labels/label-moment.ts";

/** Bars of a day whose price at the end of each bar is given; a small wick on both sides. */
export function drawnBars(date: MarketDate, priceAt: (bar: number) => number, wick = 100): Bar[] {
  const openMs = istInstant(date, "09:15");
  return Array.from({ length: 125 }, (_, at) => {
    const [open, close] = [Math.round(priceAt(at - 1)), Math.round(priceAt(at))];
    return {
      startMs: epochMs(openMs + at * BAR_INTERVAL_MS),
      openPaise: paise(open),
      highPaise: paise(Math.max(open, close) + wick),
      lowPaise: paise(Math.min(open, close) - wick),
      closePaise: paise(close),
    };
  });
}

export interface MomentOptions {
  readonly underlying?: Underlying;
  readonly date: MarketDate;
  readonly bars: readonly Bar[];
  readonly cycle: number;
  readonly vixCenti?: number;
  readonly atrPaise?: number | null;
}

export function momentOf({
  underlying = "NIFTY50",
  date,
  bars,
  cycle,
  vixCenti = 1_300,
  atrPaise = 1_000,
}: MomentOptions): LabelMoment {
  const atMs = epochMs(istInstant(date, "09:15") + (cycle - 1) * 900_000);
  const before = bars.findLast((bar) => bar.startMs < atMs);
  const first = bars.findIndex((bar) => bar.startMs >= atMs);
  return {
    path: {
      underlying,
      date,
      bars: seriesOfBars(underlying, BAR_INTERVAL_MS, bars),
      from: 0,
      to: bars.length,
      vixCenti: new Float64Array(bars.length).fill(vixCenti),
    },
    atMs,
    first: first < 0 ? bars.length : first,
    spotPaise: before?.closePaise ?? Number.NaN,
    atrPaise,
    vixCenti: Number.isNaN(vixCenti) ? null : vixCenti,
  };
}
