// Index bars as prints: the open at the bar's start, low and high at one and two thirds (low first when the bar rose), the close
// one second before its end. The order inside a bar is in no recording; this one is a convention, and the only one there is.
import { MS_PER_MINUTE, MS_PER_SECOND } from "../kernel/time.ts";

export const PRINTS_PER_BAR = 4;

/** Where an index has no premiums beside it, a chain is modelled this often. */
export const MODELLED_CADENCE_MS = MS_PER_MINUTE;

/** From the bar's start to its n-th print, counted from 0. */
export function printOffsetMs(intervalMs: number, print: number): number {
  const thirdMs = Math.floor(intervalMs / 3);
  return print === PRINTS_PER_BAR - 1 ? intervalMs - MS_PER_SECOND : print * thirdMs;
}

/** What the n-th print of a bar says. */
export function printedPaise<Price extends number>(
  print: number,
  openPaise: Price,
  highPaise: Price,
  lowPaise: Price,
  closePaise: Price,
): Price {
  if (print === 0) return openPaise;
  if (print === PRINTS_PER_BAR - 1) return closePaise;
  const isLow = (print === 1) === closePaise >= openPaise;
  return isLow ? lowPaise : highPaise;
}
