// The facts a market feed takes in. A live feed and a recorded session speak exactly this language, so that both go through
// the same ingestion.
import type { InstrumentId, OptionType, Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";

export type IndexName = Underlying | "INDIAVIX";

/** One option contract in a chain snapshot. `null` means that the source does not have the figure; it is never a silent 0. */
export interface Quote {
  readonly instrumentId: InstrumentId;
  readonly expiry: MarketDate;
  readonly strikePaise: Paise;
  readonly optionType: OptionType;
  readonly lastPaise: Paise | null;
  readonly bidPaise: Paise | null;
  readonly bidUnits: number | null;
  readonly askPaise: Paise | null;
  readonly askUnits: number | null;
  /** Units traded since the open. */
  readonly volumeUnits: number | null;
  readonly openInterestUnits: number | null;
  /** Implied volatility as a fraction × 10,000 (12.5 % = 1250). */
  readonly ivBps: number | null;
}

export type QuoteSource = "RECORDED" | "MODELLED" | "LIVE";

/** A print of an index. India VIX comes in the same form: 12.15 is 1215. */
export interface IndexPrint {
  readonly kind: "INDEX_PRINT";
  readonly atMs: EpochMs;
  readonly index: IndexName;
  readonly pricePaise: Paise;
}

/** Quotes of one moment. Contracts that are absent keep their earlier quote. */
export interface ChainSnapshot {
  readonly kind: "CHAIN_SNAPSHOT";
  readonly atMs: EpochMs;
  readonly underlying: Underlying;
  readonly source: QuoteSource;
  readonly quotes: readonly Quote[];
}

export type MarketEvent = IndexPrint | ChainSnapshot;

/** A quote as the feed holds it. */
export interface HeldQuote extends Quote {
  readonly quotedAtMs: EpochMs;
  readonly source: QuoteSource;
}

/** Open, high, low, close of one interval; `startMs` is its start, as in every source. */
export interface Bar {
  readonly startMs: EpochMs;
  readonly openPaise: Paise;
  readonly highPaise: Paise;
  readonly lowPaise: Paise;
  readonly closePaise: Paise;
}
