// The price a MARKET order is sent with. No order leaves without one: it bounds what a thin book can do to the account.
import { type Paise, paise } from "../kernel/money.ts";
import type { OrderSide } from "./order.ts";

/** Best prices as far as they are known. */
export interface KnownPrices {
  readonly bidPaise: Paise | null;
  readonly askPaise: Paise | null;
  readonly lastPaise: Paise | null;
}

/** How far from the touch an order may deal. */
export interface ProtectionBand {
  readonly bps: number;
  readonly ticks: number;
}

/** Entries can wait for the next cycle, so they pay little more than the touch. */
export const ENTRY_BAND: ProtectionBand = { bps: 200, ticks: 2 };
/** Exits must get out. */
export const EXIT_BAND: ProtectionBand = { bps: 500, ticks: 2 };
/** Exits that have been tried before, near the close. Within the exchanges' limit price protection of 40 % (₹20 below ₹50). */
export const WIDE_EXIT_BAND: ProtectionBand = { bps: 2_000, ticks: 10 };

/** The last resort of an exit that must not fail: all that the exchanges' limit price protection leaves. */
const WIDEST_EXIT_BAND: ProtectionBand = { bps: 4_000, ticks: 10 };

/** The band of an exit that has failed so often before. */
export const bandAfter = (failures: number): ProtectionBand =>
  failures === 0 ? EXIT_BAND : failures === 1 ? WIDE_EXIT_BAND : WIDEST_EXIT_BAND;

/** The ask with the band on top, on the tick; the last price stands in for a missing ask. Null when neither is known. */
export function buyProtectionPaise(prices: KnownPrices, tickSizePaise: Paise, band: ProtectionBand): Paise | null {
  const touchPaise = prices.askPaise ?? prices.lastPaise;
  if (touchPaise === null || touchPaise <= 0) return null;
  return paise(Math.ceil((touchPaise + widthPaise(touchPaise, tickSizePaise, band)) / tickSizePaise) * tickSizePaise);
}

/** The bid less the band, on the tick and at least one tick; the last price stands in for a missing bid. */
export function sellProtectionPaise(prices: KnownPrices, tickSizePaise: Paise, band: ProtectionBand): Paise | null {
  const touchPaise = prices.bidPaise ?? prices.lastPaise;
  if (touchPaise === null || touchPaise <= 0) return null;
  const ticks = Math.floor((touchPaise - widthPaise(touchPaise, tickSizePaise, band)) / tickSizePaise);
  return paise(Math.max(1, ticks) * tickSizePaise);
}

export const protectionPaise = (
  side: OrderSide,
  prices: KnownPrices,
  tickSizePaise: Paise,
  band: ProtectionBand,
): Paise | null =>
  side === "BUY" ? buyProtectionPaise(prices, tickSizePaise, band) : sellProtectionPaise(prices, tickSizePaise, band);

const widthPaise = (touchPaise: Paise, tickSizePaise: Paise, { bps, ticks }: ProtectionBand): number =>
  Math.max(Math.ceil((touchPaise * bps) / 10_000), ticks * tickSizePaise);
