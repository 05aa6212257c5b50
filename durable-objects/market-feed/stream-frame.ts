// The frames of the quote stream. Prices are decimal strings of rupees, instants RFC 3339; a snapshot says everything, a tick
// what has changed since the frame before.
import type { InstrumentId, Underlying } from "../../src/core/instrument/contract.ts";
import { formatRupees, type Paise, paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, formatInstant } from "../../src/core/kernel/time.ts";
import type { Bar, HeldQuote } from "../../src/core/market/market-event.ts";

interface StreamQuote {
  readonly instrumentId: InstrumentId;
  readonly expiry: string;
  readonly strike: string;
  readonly optionType: "CALL" | "PUT";
  readonly last: string | null;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly openInterestUnits: number | null;
  readonly source: "RECORDED" | "MODELLED" | "LIVE";
  readonly quotedAt: string;
}

interface StreamBar {
  readonly start: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

interface MarketFrame {
  readonly underlying: Underlying;
  /** Counts up by one from a snapshot on. A snapshot may come at any time and starts the count anew. */
  readonly sequence: number;
  /** The market instant; null before the first fact of the day. */
  readonly at: string | null;
  readonly spot: string | null;
  readonly vix: string | null;
  readonly quotes: readonly StreamQuote[];
}

export interface SnapshotFrame extends MarketFrame {
  readonly type: "snapshot";
  readonly bars: readonly StreamBar[];
}

export interface TickFrame extends MarketFrame {
  readonly type: "tick";
  /** The running bar. */
  readonly bar: StreamBar | null;
}

/** What a client may send: the contracts it wants quotes of besides those near the money. */
interface SubscribeMessage {
  readonly subscribe: readonly InstrumentId[];
}

const SUBSCRIPTIONS_MAX = 50;
const MESSAGE_LENGTH_MAX = 8_192;
const INSTRUMENT_ID = /^[A-Z0-9.]{1,40}$/;

export interface FrameSource {
  readonly underlying: Underlying;
  readonly atMs: EpochMs | null;
  readonly spotPaise: Paise | null;
  readonly vixCenti: number | null;
  readonly bars: readonly Bar[];
}

export const snapshotFrame = (source: FrameSource, sequence: number, quotes: readonly HeldQuote[]): SnapshotFrame => ({
  type: "snapshot",
  ...marketFrame(source, sequence, quotes),
  bars: source.bars.map(streamBar),
});

export function tickFrame(source: FrameSource, sequence: number, quotes: readonly HeldQuote[]): TickFrame {
  const bar = source.bars.at(-1);
  return { type: "tick", ...marketFrame(source, sequence, quotes), bar: bar === undefined ? null : streamBar(bar) };
}

/** Null when the message is not a subscription to at most 50 well-formed instrument ids. */
export function parseSubscribe(text: string): SubscribeMessage | null {
  if (text.length > MESSAGE_LENGTH_MAX) return null;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== "object" || message === null || !("subscribe" in message)) return null;
  const { subscribe } = message;
  if (!Array.isArray(subscribe) || subscribe.length > SUBSCRIPTIONS_MAX) return null;
  const isWellFormed = subscribe.every((id: unknown) => typeof id === "string" && INSTRUMENT_ID.test(id));
  return isWellFormed ? { subscribe: [...new Set(subscribe as InstrumentId[])] } : null;
}

const marketFrame = (source: FrameSource, sequence: number, quotes: readonly HeldQuote[]): MarketFrame => ({
  underlying: source.underlying,
  sequence,
  at: source.atMs === null ? null : formatInstant(source.atMs),
  spot: rupees(source.spotPaise),
  vix: rupees(source.vixCenti === null ? null : paise(source.vixCenti)),
  quotes: quotes.map(streamQuote),
});

const rupees = (amount: Paise | null): string | null => (amount === null ? null : formatRupees(amount));

const streamQuote = (quote: HeldQuote): StreamQuote => ({
  instrumentId: quote.instrumentId,
  expiry: quote.expiry,
  strike: formatRupees(quote.strikePaise),
  optionType: quote.optionType,
  last: rupees(quote.lastPaise),
  bid: rupees(quote.bidPaise),
  ask: rupees(quote.askPaise),
  openInterestUnits: quote.openInterestUnits,
  source: quote.source,
  quotedAt: formatInstant(quote.quotedAtMs),
});

const streamBar = (bar: Bar): StreamBar => ({
  start: formatInstant(bar.startMs),
  open: formatRupees(bar.openPaise),
  high: formatRupees(bar.highPaise),
  low: formatRupees(bar.lowPaise),
  close: formatRupees(bar.closePaise),
});
