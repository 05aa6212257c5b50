// What the market looks like now: spot, volatility index, bars and the last quote of every contract. A pure fold of market
// events; the same events give the same board, however they came in.

import type { InstrumentId, OptionContract, Underlying } from "../instrument/contract.ts";
import { contractOf, strikeStepPaiseOf } from "../instrument/contract-tables.ts";
import { required } from "../kernel/assert.ts";
import type { Paise } from "../kernel/money.ts";
import { type EpochMs, type MarketDate, MS_PER_MINUTE } from "../kernel/time.ts";
import { addPrint, BAR_INTERVAL_MS } from "../market/bars.ts";
import type { Bar, ChainSnapshot, HeldQuote, IndexPrint, MarketEvent } from "../market/market-event.ts";
import { quoteIvBps } from "../market/quote-volatility.ts";
import { type Touch, touchOf } from "../matching/touch.ts";
import { historyAfter, type QuoteHistory } from "./quote-history.ts";

/** A volatility index that has said nothing for so long says nothing about now (VIX-03). */
const VIX_STALE_AFTER_MS = 15 * MS_PER_MINUTE;

/** Strikes on each side of the spot that count as near. */
const NEAR_STRIKES = 12;

export class QuoteBoard {
  readonly #underlying: Underlying;
  readonly #date: MarketDate;
  readonly #quotes = new Map<InstrumentId, HeldQuote>();
  readonly #histories = new Map<InstrumentId, QuoteHistory>();
  readonly #contracts = new Map<InstrumentId, OptionContract | null>();
  readonly #byTerms = new Map<string, InstrumentId>();
  /** Reckoned when somebody asks, once per quote. */
  readonly #ivBps = new WeakMap<HeldQuote, number | null>();
  #spot: IndexPrint | null = null;
  #vix: IndexPrint | null = null;
  #bars: readonly Bar[] = [];
  /** Of the latest fact of any kind: as of when the board stands. */
  #asOfMs = 0;

  constructor(underlying: Underlying, date: MarketDate) {
    this.#underlying = underlying;
    this.#date = date;
  }

  get spotPaise(): Paise | null {
    return this.#spot?.pricePaise ?? null;
  }

  get spotAtMs(): EpochMs | null {
    return this.#spot?.atMs ?? null;
  }

  /** Null while it is not known, and once it has fallen behind what else the board knows. */
  get vixCenti(): number | null {
    const vix = this.#vix;
    return vix === null || this.#asOfMs - vix.atMs > VIX_STALE_AFTER_MS ? null : vix.pricePaise;
  }

  /** 3-minute bars of the underlying, oldest first, the last one still running. */
  get bars(): readonly Bar[] {
    return this.#bars;
  }

  get quotes(): readonly HeldQuote[] {
    return [...this.#quotes.values()];
  }

  /** Takes a fact in and names the contracts quoted by it. What is older than what is held is no news and changes nothing. */
  take(event: MarketEvent): readonly InstrumentId[] {
    this.#asOfMs = Math.max(this.#asOfMs, event.atMs);
    if (event.kind === "INDEX_PRINT") {
      this.#takePrint(event);
      return [];
    }
    return event.underlying === this.#underlying ? this.#takeSnapshot(event) : [];
  }

  quote(instrumentId: InstrumentId): HeldQuote | null {
    return this.#quotes.get(instrumentId) ?? null;
  }

  /** What its quotes have been; nothing for what has never been quoted. */
  history(instrumentId: InstrumentId): QuoteHistory | undefined {
    return this.#histories.get(instrumentId);
  }

  /** The terms of a quoted contract on the session's date; null when it is not quoted or its terms are not known. */
  contract(instrumentId: InstrumentId): OptionContract | null {
    const known = this.#contracts.get(instrumentId);
    if (known !== undefined) return known;
    const quote = this.#quotes.get(instrumentId);
    if (quote === undefined) return null;
    const { expiry, strikePaise, optionType } = quote;
    const terms = contractOf({ underlying: this.#underlying, expiry, strikePaise, optionType }, this.#date);
    const contract = terms.ok ? terms.value : null;
    this.#contracts.set(instrumentId, contract);
    return contract;
  }

  /** Bid and ask one could deal at, modelled where the source has none; null for what cannot be traded. */
  touch(instrumentId: InstrumentId): Touch | null {
    const contract = this.contract(instrumentId);
    return contract === null ? null : touchOf(required(this.#quotes.get(instrumentId), instrumentId), contract);
  }

  /** The volatility the contract's last quote trades at, × 10,000; null where nothing explains it. */
  ivBps(instrumentId: InstrumentId): number | null {
    const quote = this.#quotes.get(instrumentId);
    if (quote === undefined) return null;
    const known = this.#ivBps.get(quote);
    if (known !== undefined) return known;
    const ivBps = quoteIvBps(quote, {
      spotPaise: this.spotPaise,
      strikeStepPaise: strikeStepPaiseOf(this.#underlying),
      midOf: (expiry, strikePaise, optionType) => {
        const other = this.#byTerms.get(termsKey({ expiry, strikePaise, optionType }));
        const touch = other === undefined ? null : this.touch(other);
        return touch?.bid && touch.ask ? (touch.bid.pricePaise + touch.ask.pricePaise) / 2 : null;
      },
    });
    this.#ivBps.set(quote, ivBps);
    return ivBps;
  }

  /** Quotes of the nearest expiry, of the strikes closest to the spot. */
  nearQuotes(): readonly HeldQuote[] {
    const { spotPaise } = this;
    let expiry: MarketDate | null = null;
    for (const quote of this.#quotes.values()) {
      if (quote.expiry >= this.#date && (expiry === null || quote.expiry < expiry)) expiry = quote.expiry;
    }
    if (spotPaise === null || expiry === null) return [];
    const ofExpiry = this.quotes.filter((quote) => quote.expiry === expiry);
    const strikes = [...new Set(ofExpiry.map((quote) => quote.strikePaise))]
      .sort((left, right) => Math.abs(left - spotPaise) - Math.abs(right - spotPaise) || left - right)
      .slice(0, 2 * NEAR_STRIKES + 1);
    const near = new Set(strikes);
    return ofExpiry.filter((quote) => near.has(quote.strikePaise));
  }

  #takePrint(print: IndexPrint): void {
    if (print.index === "INDIAVIX") {
      if (this.#vix === null || print.atMs >= this.#vix.atMs) this.#vix = print;
      return;
    }
    if (print.index !== this.#underlying || (this.#spot !== null && print.atMs < this.#spot.atMs)) return;
    this.#spot = print;
    this.#bars = addPrint(this.#bars, print.atMs, print.pricePaise, BAR_INTERVAL_MS);
  }

  #takeSnapshot(snapshot: ChainSnapshot): readonly InstrumentId[] {
    const quoted: InstrumentId[] = [];
    for (const quote of snapshot.quotes) {
      const held = this.#quotes.get(quote.instrumentId);
      if (held !== undefined && held.quotedAtMs > snapshot.atMs) continue;
      if (held === undefined) this.#byTerms.set(termsKey(quote), quote.instrumentId);
      const taken: HeldQuote = { ...quote, quotedAtMs: snapshot.atMs, source: snapshot.source };
      this.#quotes.set(quote.instrumentId, taken);
      const market = { spotPaise: this.spotPaise, touch: this.touch(quote.instrumentId) };
      const history = historyAfter(this.#histories.get(quote.instrumentId), held, taken, market);
      this.#histories.set(quote.instrumentId, history);
      quoted.push(quote.instrumentId);
    }
    return quoted;
  }
}

const termsKey = ({
  expiry,
  strikePaise,
  optionType,
}: Pick<HeldQuote, "expiry" | "strikePaise" | "optionType">): string => `${expiry}/${strikePaise}/${optionType}`;
