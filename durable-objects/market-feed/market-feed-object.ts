// One market feed per underlying: it holds the day's bars and quotes, watches the accounts' price triggers and is the
// simulated venue. What it is told is written down before it is acted on, so a kill at any point loses nothing.
import { DurableObject } from "cloudflare:workers";
import type { PriceView, VenueReport } from "../../src/core/account/command.ts";
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId, OptionContract, Underlying } from "../../src/core/instrument/contract.ts";
import { assert, required } from "../../src/core/kernel/assert.ts";
import type { Result } from "../../src/core/kernel/result.ts";
import { type EpochMs, epochMs, type MarketDate } from "../../src/core/kernel/time.ts";
import type { MarketEvent } from "../../src/core/market/market-event.ts";
import type { RecordedSession } from "../../src/core/market/recorded-session.ts";
import { venueRulesOf } from "../../src/core/market-feed/feed-terms.ts";
import { deliveriesOf } from "../../src/core/market-feed/price-view.ts";
import { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";
import type { RegisteredTrigger, TriggerBook } from "../../src/core/market-feed/trigger-book.ts";
import { VENUE_LATENCY_MS } from "../../src/core/matching/venue-order.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import type { AppEnv } from "../../src/env.ts";
import type {
  FeedGate,
  FeedView,
  MarketFeedRpc,
  TapeRefusal,
  UntoldAccount,
  VenueBook,
  VenueOrder,
  VenueReplaceRequest,
} from "../../src/ports/objects.ts";
import { Deliveries } from "./deliveries.ts";
import { type FeedSession, readSession, writeAnchor, writeSession, writeWatermark } from "./feed-session.ts";
import { emptyFeedView, feedViewOf, pricesWith } from "./feed-view.ts";
import { Gates } from "./gates.ts";
import { LiveAlarm } from "./live-alarm.ts";
import { DOUBT_MS, isInDoubt, type LiveAnchor, marketTimeAt } from "./live-clock.ts";
import { logFailure } from "./log-failure.ts";
import { MarketStream, type StreamSource } from "./market-stream.ts";
import { OrderIntake } from "./order-intake.ts";
import { Silence, silenceOf } from "./silence.ts";
import { clearSession, migrate } from "./store.ts";
import { Tape, type TapeEvent } from "./tape.ts";
import { TriggerStore } from "./trigger-store.ts";
import { VenueStore } from "./venue-store.ts";

interface Played {
  readonly ingested: number;
  readonly triggersFired: number;
  readonly reports: number;
  /** Accounts that could not be told and are tried again; absent where there are none. */
  readonly untold?: number;
}

/** What is held in memory: all of it can be made again from disk. */
interface Memory {
  feed: FeedSession;
  readonly board: QuoteBoard;
  readonly triggers: TriggerBook;
}

/**
 * Instants at which only orders come or expire are told about together within this time. Nothing an account does about them can
 * matter within it, because its orders take the venue's latency to arrive.
 */
const BUNDLE_MS = VENUE_LATENCY_MS - 1;
/** An alarm that failed half-way is tried again after this long. */
const ALARM_RETRY_MS = 1_000;

export class MarketFeedObject extends DurableObject<AppEnv> implements MarketFeedRpc {
  readonly #sql: SqlStorage;
  readonly #tape: Tape;
  readonly #triggers: TriggerStore;
  readonly #venue: VenueStore;
  readonly #deliveries: Deliveries;
  readonly #gates: Gates;
  readonly #silence: Silence;
  readonly #stream: MarketStream;
  /** Null until it is needed, and again after a step has failed half-way. */
  #memory: Memory | null = null;
  /** The step that is running or was the last to run: steps take turns, since each waits for accounts. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #intake = new OrderIntake((orders) => this.#takeOrders(orders));
  readonly #alarm: LiveAlarm;

  constructor(ctx: DurableObjectState, env: AppEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    ctx.storage.transactionSync(() => migrate(this.#sql));
    this.#tape = new Tape(this.#sql);
    this.#triggers = new TriggerStore(this.#sql);
    this.#venue = new VenueStore(this.#sql);
    this.#deliveries = new Deliveries(this.#sql);
    this.#gates = new Gates(this.#sql);
    this.#alarm = new LiveAlarm(ctx.storage);
    const tripAfterMs = Number(env.STALE_DATA_TRIP_MS);
    this.#silence = new Silence(this.#sql, {
      holders: () => this.#triggers.accounts(),
      account: (accountId) => this.env.ACCOUNT.getByName(accountId),
      tripAfterMs: tripAfterMs > 0 ? tripAfterMs : null,
      failed: (error) => logFailure("silence", error),
    });
    this.#stream = new MarketStream(ctx, () => this.#streamSource());
  }

  async loadSession(session: RecordedSession, underlying: Underlying): Promise<void> {
    await this.#inTurn(async () => {
      this.#write(() => {
        clearSession(this.#sql);
        writeSession(this.#sql, { underlying, session, playedPosition: -1, playedMs: epochMs(0), anchor: null });
        this.#tape.rewind();
      });
      this.#deliveries.forget();
      this.#memory = null;
      this.#stream.restart();
    });
  }

  async appendTape(
    date: MarketDate,
    chunk: number,
    events: readonly MarketEvent[],
  ): Promise<Result<number, TapeRefusal>> {
    const { feed } = this.#loaded();
    assert(feed.session.date === date, `the tape of ${date} does not belong to the session of ${feed.session.date}`);
    return this.#write(() => this.#tape.append(chunk, events));
  }

  async ingest(events: readonly MarketEvent[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    await this.#inTurn(async () => {
      const memory = this.#loaded();
      const latestMs = events.reduce((latest, event) => Math.max(latest, event.atMs), 0);
      const anchor: LiveAnchor = { marketMs: epochMs(latestMs), wallMs: epochMs(Date.now()) };
      this.#write(() => {
        this.#tape.appendLive(events);
        writeAnchor(this.#sql, anchor);
        memory.feed = { ...memory.feed, anchor };
      });
      const nowMs = epochMs(Math.max(latestMs, memory.feed.playedMs));
      await this.#silence.heard(memory.feed.underlying, nowMs);
      await this.#play(nowMs);
      this.#setAlarm();
    });
  }

  playUntil(atMs: EpochMs): Promise<Played> {
    return this.#inTurn(() => this.#play(atMs));
  }

  async nextDueMs(): Promise<EpochMs | null> {
    const memory = this.#remember();
    if (memory === null) return null;
    this.#intake.flush();
    const undeliveredMs = this.#deliveries.firstAtMs(Date.now());
    const dueMs = this.#nextInstantMs(memory);
    if (undeliveredMs === null) return dueMs;
    return dueMs === null || undeliveredMs < dueMs ? undeliveredMs : dueMs;
  }

  async untold({ tryNow }: { readonly tryNow: boolean }): Promise<readonly UntoldAccount[]> {
    if (tryNow) {
      await this.#inTurn(async () => {
        this.#deliveries.hasten(Date.now());
        while (this.#deliveries.firstAtMs(Date.now()) !== null) await this.#deliver();
      });
    }
    return this.#deliveries.untold();
  }

  async view(options: { readonly quotes: "ALL" | "NEAR" | "NONE" }): Promise<FeedView> {
    const memory = this.#remember();
    return memory === null ? emptyFeedView(this.ctx.id.name ?? "") : feedViewOf(memory, options.quotes);
  }

  async liveSilentMs(): Promise<number | null> {
    const anchor = this.#remember()?.feed.anchor ?? null;
    return anchor === null ? null : Math.max(0, Date.now() - anchor.wallMs);
  }

  async prices(instrumentIds: readonly InstrumentId[]): Promise<readonly PriceView[]> {
    const memory = this.#remember();
    if (memory === null) return [];
    const silence = silenceOf(memory.feed.anchor, Date.now());
    return pricesWith(memory, instrumentIds, { halt: this.#gates.halt, silence });
  }

  async contract(instrumentId: InstrumentId): Promise<OptionContract | null> {
    return this.#remember()?.board.contract(instrumentId) ?? null;
  }

  async setTriggers(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): Promise<void> {
    assert(
      triggers.every((trigger) => trigger.instrumentId === instrumentId),
      "triggers of one instrument at a time",
    );
    const memory = this.#loaded();
    if (this.#triggers.has(accountId, instrumentId, triggers)) return;
    this.#write(() => {
      this.#triggers.replace(accountId, instrumentId, triggers);
      memory.triggers.replace(accountId, instrumentId, triggers);
    });
    this.#setAlarm();
  }

  /** Answers when the orders are on disk. Those of different accounts that come within a moment share one commit. */
  async venueSubmit(orders: readonly VenueOrder[]): Promise<void> {
    const { feed } = this.#loaded();
    for (const { terms } of orders) {
      assert(terms.contract.underlying === feed.underlying, `${terms.contract.instrumentId} is not traded here`);
    }
    await this.#intake.add(orders);
  }

  #takeOrders(orders: readonly VenueOrder[]): void {
    const rules = venueRulesOf(this.#loaded().feed);
    this.#write(() => {
      for (const order of orders) this.#venue.submit(order, rules, this.#gates.halt?.code ?? null);
    });
  }

  async venueCancel(accountId: string, clientOrderIds: readonly ClientOrderId[], atMs: EpochMs): Promise<void> {
    this.#intake.flush();
    const rules = venueRulesOf(this.#loaded().feed);
    this.#write(() => {
      for (const clientOrderId of clientOrderIds) this.#venue.cancel(accountId, clientOrderId, atMs, rules);
    });
  }

  async venueReplace(requests: readonly VenueReplaceRequest[]): Promise<readonly ClientOrderId[]> {
    this.#intake.flush();
    const rules = venueRulesOf(this.#loaded().feed);
    return this.#write(() =>
      requests.filter((request) => !this.#venue.replace(request, rules)).map(({ clientOrderId }) => clientOrderId),
    );
  }

  async venueBook(accountId: string, date: MarketDate): Promise<VenueBook | null> {
    const memory = this.#remember();
    if (memory?.feed.session.date !== date) return null;
    this.#intake.flush();
    return { atMs: memory.feed.playedMs, ...this.#venue.book(accountId) };
  }

  async venueReports(accountId: string, clientOrderIds: readonly ClientOrderId[]): Promise<readonly VenueReport[]> {
    this.#intake.flush();
    return this.#venue.reports(accountId, clientOrderIds);
  }

  async setGate(gate: FeedGate): Promise<void> {
    this.#write(() => this.#gates.set(gate));
  }

  override async fetch(request: Request): Promise<Response> {
    return this.#stream.accept(request);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    this.#stream.receive(socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#stream.close(socket, code);
  }

  /**
   * Timers of a live market that came due while no fact did. In a replay there is no alarm: its clock is not the wall's. A
   * failure is tried again, because nobody else may ever come.
   */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    try {
      const anchor = this.#remember()?.feed.anchor ?? null;
      if (anchor !== null && isInDoubt(anchor, Date.now())) await scheduler.wait(DOUBT_MS);
      await this.#inTurn(async () => {
        // Facts that came meanwhile have set the clock right, and their timers have fired.
        const latest = this.#remember()?.feed.anchor ?? null;
        if (latest === null) return;
        await this.#silence.tell(this.#loaded().feed.underlying, latest, Date.now());
        await this.#play(marketTimeAt(latest, Date.now()));
      });
      this.#setAlarm();
    } catch (error) {
      logFailure("alarm", error);
      await this.ctx.storage.setAlarm(Date.now() + ALARM_RETRY_MS);
    }
  }

  /** Wakes a live feed when its next timer is due by the wall's clock, should no fact come before. */
  #setAlarm(): void {
    const memory = this.#remember();
    if (memory === null || memory.feed.anchor === null) return;
    const { anchor } = memory.feed;
    const wallMs = [this.#silence.dueWallMs(anchor), this.#deliveries.retryWallMs()];
    this.#alarm.set(anchor, memory.triggers.nextDueMs(), wallMs);
  }

  /** Plays every instant up to `atMs` at which something is due. Accounts may call back in while it waits for them. */
  async #play(atMs: EpochMs): Promise<Played> {
    this.#intake.flush();
    const total = { ingested: 0, triggersFired: 0, reports: 0 };
    let bundleEndMs: number | null = null;
    for (;;) {
      const memory = this.#remember();
      const dueMs = memory === null ? null : this.#nextInstantMs(memory);
      const isDue = memory !== null && dueMs !== null && dueMs <= atMs;
      const isBundled = isDue && bundleEndMs !== null && dueMs <= bundleEndMs && !this.#tapeIsDue(memory, dueMs);
      if (!isBundled && this.#deliveries.firstAtMs(Date.now()) !== null) {
        await this.#deliver();
        bundleEndMs = null;
        continue;
      }
      if (!isDue) return this.#withUntold(total);
      const played = this.#playInstant(memory, dueMs);
      total.ingested += played.ingested;
      total.triggersFired += played.triggersFired;
      total.reports += played.reports;
      bundleEndMs = played.ingested > 0 ? null : (bundleEndMs ?? dueMs + BUNDLE_MS);
    }
  }

  /**
   * One instant, from the facts to what the accounts are to be told, in one turn and one transaction: either all of it has
   * happened, including the watermark, or none. Nothing leaves before it is durable, which the platform's output gate sees to.
   */
  #playInstant(memory: Memory, now: EpochMs): Played {
    const played = this.#write(() => {
      const events = this.#tape.due(memory.feed.playedPosition, now);
      const quoted = this.#take(memory, events);
      // Levels are compared when facts come in, never because of some other account's order.
      const crossed = events.length === 0 ? [] : this.#cross(memory, quoted);
      const fired = [...memory.triggers.due(now), ...crossed];
      for (const trigger of fired) this.#triggers.remove(trigger);
      const reported = this.#venue.advance(now, quoted, (id) => memory.board.quote(id), venueRulesOf(memory.feed));
      for (const delivery of deliveriesOf(memory, reported, fired)) this.#deliveries.add(delivery, now);
      const playedPosition = events.at(-1)?.position ?? memory.feed.playedPosition;
      writeWatermark(this.#sql, playedPosition, now);
      memory.feed = { ...memory.feed, playedPosition, playedMs: now };
      return { ingested: events.length, triggersFired: fired.length, reports: reported.length, quoted };
    });
    if (played.ingested > 0) this.#stream.changed(played.quoted);
    return played;
  }

  /** The one way by which facts reach the board, recorded or live. */
  #take(memory: Memory, events: readonly TapeEvent[]): Set<InstrumentId> {
    const quoted = new Set<InstrumentId>();
    for (const { event } of events) {
      for (const instrumentId of memory.board.take(event)) quoted.add(instrumentId);
    }
    return quoted;
  }

  #cross({ board, triggers }: Memory, quoted: ReadonlySet<InstrumentId>): readonly RegisteredTrigger[] {
    return triggers.cross(quoted, (instrumentId) => {
      const touch = board.touch(instrumentId);
      return touch === null
        ? null
        : { bidPaise: touch.bid?.pricePaise ?? null, askPaise: touch.ask?.pricePaise ?? null };
    });
  }

  #tapeIsDue({ feed }: Memory, atMs: EpochMs): boolean {
    const next = this.#tape.next(feed.playedPosition);
    return next !== null && next.atMs <= atMs;
  }

  #deliver(): Promise<void> {
    const isLive = this.#remember()?.feed.anchor != null;
    return this.#deliveries.send((accountId) => this.env.ACCOUNT.getByName(accountId), isLive);
  }

  #withUntold(played: Played): Played {
    const untold = this.#deliveries.untold().length;
    return untold === 0 ? played : { ...played, untold };
  }

  /** The next instant at which something is due, never before the one played last. */
  #nextInstantMs({ feed, triggers }: Memory): EpochMs | null {
    const due = [this.#tape.next(feed.playedPosition)?.atMs ?? null, this.#venue.nextDueMs(), triggers.nextDueMs()];
    const known = due.filter((dueMs) => dueMs !== null);
    return known.length === 0 ? null : epochMs(Math.max(Math.min(...known), feed.playedMs));
  }

  /** What is known of the session, folded from the tape up to the watermark when this instance has not done so yet. */
  #remember(): Memory | null {
    if (this.#memory !== null) return this.#memory;
    const feed = readSession(this.#sql);
    if (feed === null) return null;
    const board = new QuoteBoard(feed.underlying, feed.session.date);
    for (const event of this.#tape.played(feed.playedPosition)) board.take(event);
    this.#memory = { feed, board, triggers: this.#triggers.book() };
    return this.#memory;
  }

  #loaded(): Memory {
    return required(this.#remember(), "a loaded session");
  }

  /** All or nothing on disk; after a failure what is in memory is made anew. */
  #write<T>(change: () => T): T {
    try {
      return this.ctx.storage.transactionSync(change);
    } catch (failure) {
      this.#memory = null;
      this.#tape.rewind();
      throw failure;
    }
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(step, step);
    this.#turn = turn;
    return turn;
  }

  #streamSource(): StreamSource {
    const memory = this.#remember();
    if (memory === null) return null;
    const { board, feed } = memory;
    const { spotPaise, vixCenti, bars } = board;
    const atMs = feed.playedMs === 0 ? null : feed.playedMs;
    return { board, frame: { underlying: feed.underlying, atMs, spotPaise, vixCenti, bars } };
  }
}
