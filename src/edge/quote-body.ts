// The market as the API shows it: index, bars, and the quotes of the chain.
import * as z from "zod";
import type { Bar, HeldQuote } from "../core/market/market-event.ts";
import type { FeedView } from "../ports/objects.ts";
import {
  Instant,
  instant,
  instantOrNull,
  MarketDateOut,
  Rupees,
  rupees,
  rupeesOrNull,
  UnderlyingName,
} from "./schemas.ts";

export const QuoteBody = z
  .object({
    instrumentId: z.string(),
    expiry: MarketDateOut,
    strike: Rupees,
    optionType: z.enum(["CALL", "PUT"]),
    last: Rupees.nullable(),
    bid: Rupees.nullable(),
    bidUnits: z.number().int().nullable(),
    ask: Rupees.nullable(),
    askUnits: z.number().int().nullable(),
    volumeUnits: z.number().int().nullable(),
    openInterestUnits: z.number().int().nullable(),
    ivBps: z.number().int().nullable().openapi({ description: "Implied volatility × 10,000: 12.5 % is 1250." }),
    source: z.enum(["RECORDED", "MODELLED", "LIVE"]),
    quotedAt: Instant,
  })
  .openapi("Quote");

const BarBody = z.object({ start: Instant, open: Rupees, high: Rupees, low: Rupees, close: Rupees }).openapi("Bar");

export const MarketBody = z
  .object({
    underlying: UnderlyingName,
    at: Instant,
    spot: Rupees.nullable(),
    spotAt: Instant.nullable(),
    vix: z.string().nullable().openapi({ example: "12.15" }),
    bars: z.array(BarBody).openapi({ description: "Three-minute bars of the day, oldest first." }),
    chain: z.array(QuoteBody),
    coverage: z
      .object({
        chain: z.enum(["RECORDED", "MODELLED", "NONE"]),
        quoteCadenceMs: z.number().int(),
        previousClose: Rupees.nullable(),
      })
      .nullable()
      .openapi({ description: "What the session holds of this underlying; null when no session is loaded." }),
  })
  .openapi("Market");

export const marketBody = (view: FeedView): z.infer<typeof MarketBody> => ({
  underlying: view.underlying,
  at: instant(view.atMs),
  spot: rupeesOrNull(view.spotPaise),
  spotAt: instantOrNull(view.spotAtMs),
  vix: rupeesOrNull(view.vixCenti),
  bars: view.bars.map(barBody),
  chain: view.quotes.map(quoteBody),
  coverage:
    view.coverage === null
      ? null
      : {
          chain: view.coverage.chain,
          quoteCadenceMs: view.coverage.quoteCadenceMs,
          previousClose: rupeesOrNull(view.coverage.previousClosePaise),
        },
});

const barBody = (bar: Bar): z.infer<typeof BarBody> => ({
  start: instant(bar.startMs),
  open: rupees(bar.openPaise),
  high: rupees(bar.highPaise),
  low: rupees(bar.lowPaise),
  close: rupees(bar.closePaise),
});

export const quoteBody = (quote: HeldQuote): z.infer<typeof QuoteBody> => ({
  instrumentId: quote.instrumentId,
  expiry: quote.expiry,
  strike: rupees(quote.strikePaise),
  optionType: quote.optionType,
  last: rupeesOrNull(quote.lastPaise),
  bid: rupeesOrNull(quote.bidPaise),
  bidUnits: quote.bidUnits,
  ask: rupeesOrNull(quote.askPaise),
  askUnits: quote.askUnits,
  volumeUnits: quote.volumeUnits,
  openInterestUnits: quote.openInterestUnits,
  ivBps: quote.ivBps,
  source: quote.source,
  quotedAt: instant(quote.quotedAtMs),
});
