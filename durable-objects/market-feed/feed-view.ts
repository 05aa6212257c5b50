// What a feed says about the market to whoever asks for all of it at once.
import type { PriceView } from "../../src/core/account/command.ts";
import { type InstrumentId, isUnderlying } from "../../src/core/instrument/contract.ts";
import { assert } from "../../src/core/kernel/assert.ts";
import { epochMs } from "../../src/core/kernel/time.ts";
import { coverageOf } from "../../src/core/market-feed/feed-terms.ts";
import { priceViewOf } from "../../src/core/market-feed/price-view.ts";
import type { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";
import type { FeedView } from "../../src/ports/objects.ts";
import type { FeedSession } from "./feed-session.ts";

export const feedViewOf = (
  { board, feed }: { readonly board: QuoteBoard; readonly feed: FeedSession },
  quotes: "ALL" | "NEAR" | "NONE",
): FeedView => ({
  underlying: feed.underlying,
  // Before its first fact a session stands at its open.
  atMs: feed.playedMs === 0 ? feed.session.openMs : feed.playedMs,
  spotPaise: board.spotPaise,
  spotAtMs: board.spotAtMs,
  vixCenti: board.vixCenti,
  bars: board.bars,
  quotes: quotes === "ALL" ? board.quotes : quotes === "NEAR" ? board.nearQuotes() : [],
  coverage: coverageOf(feed),
});

/** The instruments' prices, each with what forbids to open anything on it: a closed gate, a feed that has been silent. */
export function pricesWith(
  memory: { readonly board: QuoteBoard; readonly feed: FeedSession },
  instrumentIds: readonly InstrumentId[],
  { halt, silence }: { readonly halt: PriceView["halt"] | null; readonly silence: PriceView["silence"] | null },
): readonly PriceView[] {
  const marks = { ...(silence == null ? {} : { silence }), ...(halt == null ? {} : { halt }) };
  const prices = instrumentIds.map((instrumentId) => priceViewOf(memory, instrumentId));
  return prices.filter((price) => price !== null).map((price) => ({ ...price, ...marks }));
}

/** Of a feed that has no session yet; it is named after its underlying. */
export function emptyFeedView(name: string): FeedView {
  assert(isUnderlying(name), `a market feed is named after its underlying, not "${name}"`);
  return {
    underlying: name,
    atMs: epochMs(0),
    spotPaise: null,
    spotAtMs: null,
    vixCenti: null,
    bars: [],
    quotes: [],
    coverage: null,
  };
}
