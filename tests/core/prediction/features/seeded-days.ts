// Days of bars that look like a market's, from a seed: uneven volatility, now and then a bar that is missing.
import type { Underlying } from "../../../../src/core/instrument/contract.ts";
import { paise } from "../../../../src/core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate } from "../../../../src/core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../../../src/core/market/bars.ts";
import type { Bar } from "../../../../src/core/market/market-event.ts";
import type { ChainFigures } from "../../../../src/core/prediction/features/chain-figures.ts";
import type { HistoryFigures } from "../../../../src/core/prediction/features/history-figures.ts";
import { Seeded } from "../../../support/seeded.ts";

export interface SeededDay {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly bars: readonly Bar[];
  readonly chain: readonly ChainFigures[];
  readonly history: HistoryFigures;
  /** India VIX × 100 by minute since the open; null while it is not known. */
  readonly vixAt: (atMs: number) => number | null;
}

export function seededBars(random: Seeded, date: MarketDate, options: { from?: number; holes?: number } = {}): Bar[] {
  const openMs = istInstant(date, "09:15");
  const bars: Bar[] = [];
  let price = options.from ?? 20_000_00 + random.below(500_000);
  const size = 0.0003 + 0.001 * random.next();
  for (let at = 0; at < 125; at += 1) {
    const step = (): number => price * size * (random.next() + random.next() + random.next() - 1.5);
    const open = Math.round(price + 0.2 * step());
    const close = Math.round(open + step());
    const high = Math.max(open, close) + Math.round(Math.abs(step()) / 3);
    const low = Math.min(open, close) - Math.round(Math.abs(step()) / 3);
    price = close;
    if (random.chance(options.holes ?? 0.01)) continue;
    bars.push({
      startMs: epochMs(openMs + at * BAR_INTERVAL_MS),
      openPaise: paise(open),
      highPaise: paise(high),
      lowPaise: paise(low),
      closePaise: paise(close),
    });
  }
  return bars;
}

/** Now and then a figure is missing, as in real data. */
export function seededDay(seed: number, date: MarketDate, underlying: Underlying): SeededDay {
  const random = new Seeded(seed);
  const bars = seededBars(random, date);
  const first = bars[0]?.openPaise ?? 0;
  const maybe = (value: number): number | null => (random.chance(0.15) ? null : value);
  const near = (spread: number): number => first * (1 + spread * (random.next() - 0.5));
  const chain: ChainFigures[] = [];
  if (random.chance(0.6)) {
    let traded = 0;
    for (let minute = 5 + random.below(20); minute < 375; minute += 5 + random.below(30)) {
      traded += random.below(5_000_000);
      chain.push({
        atMs: istInstant(date, "09:15") + minute * 60_000,
        callVolumeUnits: maybe(traded),
        putVolumeUnits: Math.floor(traded * 0.8),
        callOpenInterestUnits: 10_000_000 + random.below(1_000_000),
        putOpenInterestUnits: maybe(8_000_000 + random.below(1_000_000)),
      });
    }
  }
  const vixFrom = istInstant(date, "09:15") + (6 + random.below(60)) * 60_000;
  const hasVix = random.chance(0.7);
  return {
    underlying,
    date,
    bars,
    chain,
    vixAt: (atMs) => (hasVix && atMs >= vixFrom ? 1_200 + Math.floor((atMs - vixFrom) / 60_000) : null),
    history: {
      previousClosePaise: maybe(near(0.01)),
      previousHighPaise: maybe(near(0.01) * 1.006),
      previousLowPaise: maybe(near(0.01) * 0.994),
      closeBeforePaise: maybe(near(0.02)),
      closeFiveBeforePaise: maybe(near(0.04)),
      barVolatility: maybe(0.0004 + 0.0004 * random.next()),
      dailyVolatility: maybe(0.006 + 0.006 * random.next()),
      previousVixCenti: maybe(1_000 + random.below(1_500)),
      vixBeforeCenti: maybe(1_000 + random.below(1_500)),
      spVix: maybe(10 + 20 * random.next()),
      spVixBefore: maybe(10 + 20 * random.next()),
      giftMove: maybe(0.01 * (random.next() - 0.5)),
    },
  };
}
