// Bars made out of prints. A bar exists only for an interval in which something printed; nothing is invented for a silence.
import { assert } from "../kernel/assert.ts";
import { maxPaise, minPaise, type Paise } from "../kernel/money.ts";
import { type EpochMs, epochMs, istMsOfDay, MS_PER_MINUTE } from "../kernel/time.ts";
import type { Bar } from "./market-event.ts";

export const BAR_INTERVAL_MS = 3 * MS_PER_MINUTE;

/** Bars are counted from here, so that the grid is the market's: 09:15, 09:18, … */
const GRID_ORIGIN_MS = (9 * 60 + 15) * MS_PER_MINUTE;

/** Start of the bar that an instant falls in. Before the origin the grid goes on backwards. */
export function barStartMs(atMs: EpochMs, intervalMs: number): EpochMs {
  const originMs = atMs - istMsOfDay(atMs) + GRID_ORIGIN_MS;
  return epochMs(originMs + Math.floor((atMs - originMs) / intervalMs) * intervalMs);
}

/**
 * The bars with one more print. The last bar is replaced or a new one begins; the earlier ones are shared with `bars`.
 * Prints must come in order of time: one of an earlier bar is a programming error.
 */
export function addPrint(bars: readonly Bar[], atMs: EpochMs, pricePaise: Paise, intervalMs: number): Bar[] {
  const last = bars.at(-1);
  if (last !== undefined && last.startMs <= atMs && atMs < last.startMs + intervalMs) {
    const next = bars.slice();
    next[next.length - 1] = {
      startMs: last.startMs,
      openPaise: last.openPaise,
      highPaise: maxPaise(last.highPaise, pricePaise),
      lowPaise: minPaise(last.lowPaise, pricePaise),
      closePaise: pricePaise,
    };
    return next;
  }
  assert(last === undefined || atMs >= last.startMs, `print at ${atMs} belongs to an earlier bar`);
  return [...bars, barOfOnePrint(barStartMs(atMs, intervalMs), pricePaise)];
}

/** The bars whose interval is over at an instant. `bars` are in order, so only the last can still run. */
export function completedBars(bars: readonly Bar[], atMs: EpochMs, intervalMs: number): readonly Bar[] {
  let end = bars.length;
  for (let bar = bars[end - 1]; bar !== undefined && bar.startMs + intervalMs > atMs; bar = bars[end - 1]) end -= 1;
  return end === bars.length ? bars : bars.slice(0, end);
}

/** Bars of a longer interval out of bars of a shorter one that divides it. */
export function mergeBars(bars: readonly Bar[], intervalMs: number): Bar[] {
  const merged: Bar[] = [];
  for (const bar of bars) {
    const startMs = barStartMs(bar.startMs, intervalMs);
    const last = merged.at(-1);
    if (last?.startMs === startMs) {
      merged[merged.length - 1] = {
        startMs,
        openPaise: last.openPaise,
        highPaise: maxPaise(last.highPaise, bar.highPaise),
        lowPaise: minPaise(last.lowPaise, bar.lowPaise),
        closePaise: bar.closePaise,
      };
    } else merged.push({ ...bar, startMs });
  }
  return merged;
}

const barOfOnePrint = (startMs: EpochMs, pricePaise: Paise): Bar => ({
  startMs,
  openPaise: pricePaise,
  highPaise: pricePaise,
  lowPaise: pricePaise,
  closePaise: pricePaise,
});
