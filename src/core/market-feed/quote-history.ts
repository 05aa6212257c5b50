// What a contract's quotes have been: the last price that followed from the one before it, and since when nothing has moved. By
// it a price that is a hundred times too high or low is told from a market that moves, and a quote that only its clock moves.
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { isJump } from "../risk/quote-plausibility.ts";

export interface QuoteHistory {
  /** The last price, between bid and ask or else dealt, that was no jump from the one before; null before there was any. */
  readonly steady: { readonly pricePaise: Paise; readonly atMs: EpochMs } | null;
  /** Since when quotes have been off the steady price; null while they follow from it. */
  readonly doubtedSinceMs: EpochMs | null;
  /** Since when bid, ask and last price have all stayed the same, and where the index stood then. */
  readonly still: { readonly sinceMs: EpochMs; readonly spotPaise: Paise | null };
}

/** For so long a price far from the steady one is taken for an error; after that it is what the market has become. */
const BELIEVED_AFTER_MS = 5 * 60_000;

export function historyAfter(
  before: QuoteHistory | undefined,
  held: HeldQuote | undefined,
  quote: HeldQuote,
  spotPaise: Paise | null,
): QuoteHistory {
  const { quotedAtMs: atMs } = quote;
  const isSame =
    before !== undefined &&
    held !== undefined &&
    held.bidPaise === quote.bidPaise &&
    held.askPaise === quote.askPaise &&
    held.lastPaise === quote.lastPaise;
  const still = isSame ? before.still : { sinceMs: atMs, spotPaise };
  const pricePaise = priceOf(quote);
  const last = before?.steady ?? null;
  const doubtedSinceMs = before?.doubtedSinceMs ?? null;
  if (pricePaise === null) return { steady: last, doubtedSinceMs, still };
  const isBelieved = last === null || !isJump(pricePaise, last.pricePaise) || atMs - last.atMs >= BELIEVED_AFTER_MS;
  if (isBelieved) return { steady: { pricePaise, atMs }, doubtedSinceMs: null, still };
  return { steady: last, doubtedSinceMs: doubtedSinceMs ?? atMs, still };
}

function priceOf({ bidPaise, askPaise, lastPaise }: HeldQuote): Paise | null {
  const price = bidPaise !== null && askPaise !== null ? Math.round((bidPaise + askPaise) / 2) : lastPaise;
  return price !== null && price > 0 ? (price as Paise) : null;
}
