// What a contract's quotes have been: the last price that followed from the one before it, and since when nothing has moved. By
// it a price that is a hundred times too high or low is told from a market that moves, and a quote that only its clock moves.
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { Touch } from "../matching/touch.ts";
import { isJump } from "../risk/quote-plausibility.ts";

/** Since when a side has been off the steady price, to the same side of it. */
export interface SideDoubt {
  readonly sinceMs: EpochMs;
  readonly isBelow: boolean;
}

export interface QuoteHistory {
  /** The last price, between bid and ask or else dealt, that was no jump from the one before; null before there was any. */
  readonly steady: { readonly pricePaise: Paise; readonly atMs: EpochMs } | null;
  /** Each side by itself: a bid that collapses under an ask that stands hardly moves what lies between them. */
  readonly bidDoubt: SideDoubt | null;
  readonly askDoubt: SideDoubt | null;
  /** Since when bid, ask and last price have all stayed the same, and where the index stood then. */
  readonly still: { readonly sinceMs: EpochMs; readonly spotPaise: Paise | null };
}

/** For so long a price far from the steady one is taken for an error; after that it is what the market has become. */
const BELIEVED_AFTER_MS = 5 * 60_000;

export function historyAfter(
  before: QuoteHistory | undefined,
  held: HeldQuote | undefined,
  quote: HeldQuote,
  { spotPaise, touch }: { readonly spotPaise: Paise | null; readonly touch: Touch | null },
): QuoteHistory {
  const { quotedAtMs: atMs } = quote;
  const isSame =
    before !== undefined &&
    held !== undefined &&
    held.bidPaise === quote.bidPaise &&
    held.askPaise === quote.askPaise &&
    held.lastPaise === quote.lastPaise;
  const still = isSame ? before.still : { sinceMs: atMs, spotPaise };
  const steady = steadyAfter(before?.steady ?? null, quote);
  const doubtOf = (sidePaise: Paise | null, earlier: SideDoubt | null = null): SideDoubt | null => {
    if (sidePaise === null || steady === null) return earlier;
    if (!isJump(sidePaise, steady.pricePaise)) return null;
    const isBelow = sidePaise < steady.pricePaise;
    return earlier?.isBelow === isBelow ? earlier : { sinceMs: atMs, isBelow };
  };
  return {
    steady,
    bidDoubt: doubtOf(touch?.bid?.pricePaise ?? quote.lastPaise, before?.bidDoubt),
    askDoubt: doubtOf(touch?.ask?.pricePaise ?? quote.lastPaise, before?.askDoubt),
    still,
  };
}

function steadyAfter(last: QuoteHistory["steady"], quote: HeldQuote): QuoteHistory["steady"] {
  const { quotedAtMs: atMs } = quote;
  const pricePaise = priceOf(quote);
  if (pricePaise === null) return last;
  const isBelieved = last === null || !isJump(pricePaise, last.pricePaise) || atMs - last.atMs >= BELIEVED_AFTER_MS;
  return isBelieved ? { pricePaise, atMs } : last;
}

function priceOf({ bidPaise, askPaise, lastPaise }: HeldQuote): Paise | null {
  const price = bidPaise !== null && askPaise !== null ? Math.round((bidPaise + askPaise) / 2) : lastPaise;
  return price !== null && price > 0 ? (price as Paise) : null;
}
