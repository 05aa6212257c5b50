// A market feed in memory: it takes facts in, watches price levels and is the simulated venue, in the order in which the
// platform's feed does it. What it decides is decided by the same board, trigger book and matching; this is their loop alone.
import type { PriceView } from "../account/command.ts";
import type { PriceTrigger } from "../account/state.ts";
import type { InstrumentId, OptionContract, Underlying } from "../instrument/contract.ts";
import { type EpochMs, epochMs } from "../kernel/time.ts";
import type { RecordedSession, SessionUnderlying } from "../market/recorded-session.ts";
import { coverageOf, type FeedTerms, venueRulesOf } from "../market-feed/feed-terms.ts";
import { bundled, deliveriesOf, priceViewOf, type TimedDelivery } from "../market-feed/price-view.ts";
import { TriggerBook } from "../market-feed/trigger-book.ts";
import { VenueBooks } from "../matching/venue-books.ts";
import { VENUE_LATENCY_MS } from "../matching/venue-order.ts";
import type { MarketBoard, MarketSource } from "./market-source.ts";

/** Instants at which only orders come or expire are told about together within this time. */
const BUNDLE_MS = VENUE_LATENCY_MS - 1;

export class BacktestFeed {
  readonly underlying: Underlying;
  readonly coverage: SessionUnderlying | null;
  readonly venue: VenueBooks;
  readonly #terms: FeedTerms;
  readonly #source: MarketSource;
  readonly #triggers = new TriggerBook();
  readonly #deliver: (delivery: TimedDelivery) => void;
  #pending: TimedDelivery[] = [];
  #playedMs: EpochMs = epochMs(0);

  constructor(
    underlying: Underlying,
    session: RecordedSession,
    source: MarketSource,
    deliver: (delivery: TimedDelivery) => void,
  ) {
    this.underlying = underlying;
    this.#terms = { underlying, session };
    this.coverage = coverageOf(this.#terms);
    this.venue = new VenueBooks(venueRulesOf(this.#terms));
    this.#source = source;
    this.#deliver = deliver;
  }

  get board(): MarketBoard {
    return this.#source.board;
  }

  get playedMs(): EpochMs {
    return this.#playedMs;
  }

  prices(instrumentIds: readonly InstrumentId[]): readonly PriceView[] {
    return instrumentIds.map((id) => this.#priceOf(id)).filter((price) => price !== null);
  }

  setTriggers(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    this.#triggers.replace(accountId, instrumentId, triggers);
  }

  learn(contract: OptionContract): void {
    this.#source.learn?.(contract);
  }

  /** When something is due here next; null when nothing is. */
  nextDueMs(): EpochMs | null {
    const dueMs = this.#nextInstantMs();
    const first = this.#pending[0];
    if (first === undefined) return dueMs;
    return dueMs === null || first.atMs < dueMs ? first.atMs : dueMs;
  }

  /** The board as of an instant at which nothing is due. */
  standAt(now: EpochMs): void {
    if (!this.#isWatched) this.#source.take(now, NOBODY);
  }

  /** Plays every instant up to `atMs` at which something is due. The account may call back while it is told. */
  playUntil(atMs: EpochMs): void {
    let bundleEndMs: number | null = null;
    for (;;) {
      const dueMs = this.#nextInstantMs();
      const isDue = dueMs !== null && dueMs <= atMs;
      const isBundled = isDue && bundleEndMs !== null && dueMs <= bundleEndMs && !this.#factIsDue(dueMs);
      if (!isBundled && this.#pending.length > 0) {
        this.#tell();
        bundleEndMs = null;
        continue;
      }
      if (!isDue) return;
      const facts = this.#playInstant(dueMs);
      bundleEndMs = facts > 0 ? null : (bundleEndMs ?? dueMs + BUNDLE_MS);
    }
  }

  /** One instant, from the facts to what the account is to be told. */
  #playInstant(now: EpochMs): number {
    const { facts, quoted } = this.#source.take(now, this.#watched);
    const board = this.#source.board;
    const crossed =
      facts === 0
        ? []
        : this.#triggers.cross(quoted, (instrumentId) => {
            const touch = board.touch(instrumentId);
            return touch === null
              ? null
              : { bidPaise: touch.bid?.pricePaise ?? null, askPaise: touch.ask?.pricePaise ?? null };
          });
    const due = this.#triggers.due(now);
    const fired = due.length === 0 ? crossed : [...due, ...crossed];
    const reported = this.venue.advance(now, quoted, (id) => board.quote(id));
    if (reported.length > 0 || fired.length > 0) {
      const market = { board, feed: { ...this.#terms, playedMs: this.#playedMs } };
      for (const delivery of deliveriesOf(market, reported, fired)) this.#pending.push({ ...delivery, atMs: now });
    }
    this.#playedMs = now;
    return facts;
  }

  #tell(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { delivery } of bundled(pending)) this.#deliver(delivery);
  }

  #priceOf(instrumentId: InstrumentId): PriceView | null {
    return priceViewOf({ board: this.#source.board, feed: { ...this.#terms, playedMs: this.#playedMs } }, instrumentId);
  }

  get #isWatched(): boolean {
    return this.#triggers.isWaiting || this.venue.nextDueMs() !== null;
  }

  readonly #watched = (): readonly InstrumentId[] => [...this.#triggers.instrumentIds, ...this.venue.quotedFor];

  #factIsDue(atMs: EpochMs): boolean {
    const nextMs = this.#source.nextFactMs(this.#isWatched);
    return nextMs !== null && nextMs <= atMs;
  }

  #nextInstantMs(): EpochMs | null {
    const venueMs = this.venue.nextDueMs();
    const factMs = this.#source.nextFactMs(venueMs !== null || this.#triggers.isWaiting);
    const first = earlier(earlier(factMs, venueMs), this.#triggers.nextDueMs());
    return first === null ? null : epochMs(Math.max(first, this.#playedMs));
  }
}

const NOBODY = (): readonly InstrumentId[] => [];

const earlier = (one: EpochMs | null, other: EpochMs | null): EpochMs | null =>
  one === null || (other !== null && other < one) ? other : one;
