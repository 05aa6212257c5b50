// How much an index has moved today, as a volatility of a year. Simple returns in place of logarithms: between bars of three
// minutes they differ in the fifth decimal, and every machine comes to the same figure.
import { BAR_INTERVAL_MS } from "./bars.ts";
import type { Bar } from "./market-event.ts";

/** Fewer say nothing. */
const BARS_MIN = 6;
const BARS_PER_YEAR = (125 * 252 * 3 * 60_000) / BAR_INTERVAL_MS;

/** Root mean square of the returns between the day's completed bars, for a year × 10,000; the last bar may still run. */
export function realisedVolatilityBps(bars: readonly Bar[]): number | null {
  const completed = bars.length - 1;
  if (completed < BARS_MIN) return null;
  let sum = 0;
  for (let index = 1; index < completed; index += 1) {
    const before = (bars[index - 1] as Bar).closePaise;
    const change = ((bars[index] as Bar).closePaise - before) / before;
    sum += change * change;
  }
  return Math.round(Math.sqrt((sum / (completed - 1)) * BARS_PER_YEAR) * 10_000);
}

/** Of several indices the one that moves most; null where none has moved long enough to tell. */
export function highestVolatilityBps(indices: readonly (readonly Bar[])[]): number | null {
  const known = indices.map(realisedVolatilityBps).filter((bps) => bps !== null);
  return known.length === 0 ? null : Math.max(...known);
}
