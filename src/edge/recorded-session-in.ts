// A recorded session and its tape as requests bring them: facts for machines, so instants are epoch milliseconds and money is
// whole paise. Everything is checked, because a feed takes it as the truth.
import * as z from "zod";
import { EpochMsIn, InstrumentIdIn, MarketDateIn, PricePaiseIn, UnderlyingName } from "./schemas.ts";

/** Far above what any market counts, and a sum over the largest chain is still exact. */
const COUNT_MAX = 100_000_000_000;
const Count = z.number().int().min(0).max(COUNT_MAX);

export const RecordedSessionIn = z
  .strictObject({
    date: MarketDateIn,
    source: z.string().max(2_000),
    openMs: EpochMsIn,
    closeMs: EpochMsIn,
    hasVix: z.boolean(),
    previousVixCenti: Count.nullable(),
    underlyings: z
      .array(
        z.strictObject({
          underlying: UnderlyingName,
          chain: z.enum(["RECORDED", "MODELLED", "NONE"]),
          quoteCadenceMs: Count,
          previousClosePaise: PricePaiseIn.nullable(),
          events: Count,
        }),
      )
      .min(1)
      .max(3),
    remarks: z.array(z.string().max(2_000)).max(500),
  })
  .refine((session) => session.openMs < session.closeMs, { path: ["closeMs"], message: "after openMs" })
  .openapi("RecordedSession");

const Quote = z.strictObject({
  instrumentId: InstrumentIdIn,
  expiry: MarketDateIn,
  strikePaise: PricePaiseIn,
  optionType: z.enum(["CALL", "PUT"]),
  lastPaise: PricePaiseIn.nullable(),
  bidPaise: PricePaiseIn.nullable(),
  bidUnits: Count.nullable(),
  askPaise: PricePaiseIn.nullable(),
  askUnits: Count.nullable(),
  volumeUnits: Count.nullable(),
  openInterestUnits: Count.nullable(),
  ivBps: Count.nullable(),
});

const MarketEventIn = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("INDEX_PRINT"),
    atMs: EpochMsIn,
    index: z.enum(["NIFTY50", "BANKNIFTY", "SENSEX", "INDIAVIX"]),
    pricePaise: PricePaiseIn,
  }),
  z.strictObject({
    kind: z.literal("CHAIN_SNAPSHOT"),
    atMs: EpochMsIn,
    underlying: UnderlyingName,
    source: z.enum(["RECORDED", "MODELLED", "LIVE"]),
    quotes: z.array(Quote).max(20_000),
  }),
]);

export const TapeChunkIn = z.array(MarketEventIn).min(1).max(100_000).openapi("TapeChunk");
