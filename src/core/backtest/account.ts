// One account in memory: it decides with the platform's `decide`, folds with its `evolve`, and hands over what its state says is
// outstanding, in the order in which the platform's account does. Nothing here decides anything.
import { type CheckTimer, checkTimer, splitChecks } from "../account/check-timer.ts";
import type { Command, PriceView } from "../account/command.ts";
import { decide } from "../account/decide.ts";
import type { AccountEvent } from "../account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../account/evolve.ts";
import { hasGuardFired, heldContracts } from "../account/held-contracts.ts";
import { flatCheckOf, isUnanswered, outstandingWork } from "../account/outstanding.ts";
import type { AccountProfile } from "../account/profile.ts";
import type { AccountRefusal } from "../account/refusal.ts";
import type { AccountState } from "../account/state.ts";
import { GivenTriggers } from "../account/triggers-given.ts";
import { isSimulatedTransferOver, simulatedReference } from "../funds/simulated-transfer.ts";
import { type OptionContract, UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { assert, required } from "../kernel/assert.ts";
import { paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type EpochMs, epochMs } from "../kernel/time.ts";
import type { TimedDelivery } from "../market-feed/price-view.ts";
import { type Order, replaceableOf } from "../order/order.ts";
import { termsOf } from "../order/terms-of.ts";
import type { ReconcileCause } from "../reconciliation/difference.ts";
import type { VenueSnapshot } from "../reconciliation/snapshot.ts";
import { nextCheckMs } from "../risk/circuit-breaker.ts";
import { readingOf } from "../risk/venue-reading.ts";
import { brokerStatementOf, daysOf } from "../settlement/broker-statement.ts";
import type { BacktestFeed } from "./feed.ts";

export type Feeds = Readonly<Record<Underlying, BacktestFeed>>;

/** Told of every event with the states around it. */
export type Observer = (event: AccountEvent, before: AccountState, after: AccountState) => void;

/** Far more rounds than any decision leads to: a state that is never done is a broken invariant, not a long day. */
const ROUNDS_MAX = 10_000;

export class BacktestAccount {
  readonly #observe: Observer | null;
  #state: AccountState = EMPTY_ACCOUNT;
  #feeds: Feeds | null = null;
  #triggers = new GivenTriggers();
  #ordersGiven = new Set<string>();
  #replacesGiven = new Set<string>();
  #cancelsGiven = new Set<string>();
  readonly #transfersGiven = new Set<string>();
  /** The state of which everything has been handed over. */
  #driven: AccountState | null = null;

  /** Opens the account, or goes on with what an earlier run has left. */
  constructor(
    profile: AccountProfile,
    openedAtMs: EpochMs,
    observe: Observer | null = null,
    state: AccountState | null = null,
  ) {
    this.#observe = observe;
    if (state !== null) {
      this.#state = state;
      return;
    }
    const opened = this.carryOut({ type: "OPEN_ACCOUNT", atMs: openedAtMs, profile });
    assert(opened.ok, "an account of a backtest can be opened");
  }

  get state(): AccountState {
    return this.#state;
  }

  get accountId(): string {
    return required(this.#state.profile, "an open account").accountId;
  }

  /** The feeds of the day that begins. What was told to those of the day before does not count. */
  trade(feeds: Feeds): void {
    this.#feeds = feeds;
    this.#driven = null;
    this.#triggers = new GivenTriggers();
    this.#ordersGiven.clear();
    this.#replacesGiven.clear();
    this.#cancelsGiven.clear();
  }

  /** Decides and folds. An empty list of events means that there was nothing left to do. */
  carryOut(command: Command): Result<readonly AccountEvent[], AccountRefusal> {
    const decided = decide(this.#state, command);
    if (!decided.ok) return decided;
    for (const event of decided.value) {
      const before = this.#state;
      this.#state = evolve(before, event);
      this.#observe?.(event, before, this.#state);
    }
    return decided;
  }

  /** A command that may lead to orders; everything that follows from it is handed over before this returns. */
  run(command: Command): Result<readonly AccountEvent[], AccountRefusal> {
    const done = this.carryOut(command);
    if (done.ok) this.drive();
    return done;
  }

  /** What the venue reports, and what has fired, as one feed tells it. */
  take({ reports, fired, atMs }: TimedDelivery): void {
    if (reports.length > 0) this.#takeFacts({ type: "APPLY_REPORTS", atMs, reports });
    if (fired.length === 0) return;
    const [checks, levels] = splitChecks(fired);
    if (checks.length > 0) this.#lookAtVenue(atMs);
    if (levels.length === 0) return;
    const given = levels.map(({ price }) => price);
    const prices = hasGuardFired(levels, this.#state) ? this.heldPrices(given).slice(given.length) : [];
    this.#takeFacts({ type: "FIRE_TRIGGERS", atMs, fired: levels, prices });
  }

  /** The given prices, and those of everything held that is not among them. */
  heldPrices(given: readonly PriceView[] = []): readonly PriceView[] {
    const priced = new Set(given.map((price) => price.instrumentId));
    const missing = heldContracts(this.#state).filter(({ instrumentId }) => !priced.has(instrumentId));
    return missing.length === 0 ? given : [...given, ...this.pricesOf(missing)];
  }

  pricesOf(contracts: readonly OptionContract[]): readonly PriceView[] {
    return [...Map.groupBy(contracts, ({ underlying }) => underlying)].flatMap(([underlying, group]) =>
      this.#feed(underlying).prices(group.map(({ instrumentId }) => instrumentId)),
    );
  }

  /** Holds the account against the venue's books, once under its key. */
  reconcile(cause: ReconcileCause, atMs: EpochMs, jobKey: string): Result<null, AccountRefusal> {
    if (this.#state.jobsDone[jobKey] === true) return ok(null);
    const done = this.carryOut({
      type: "RECONCILE",
      atMs,
      jobKey,
      cause,
      asked: this.#state,
      snapshot: this.#snapshot(atMs),
    });
    return done.ok ? ok(null) : err(done.error);
  }

  /** The venue's statement of the day. */
  settleFinal(atMs: EpochMs, jobKey: string): Result<readonly AccountEvent[], AccountRefusal> {
    const { date } = required(this.#state.day, "a day");
    return this.run({
      type: "SETTLE_FINAL",
      atMs,
      jobKey,
      statement: brokerStatementOf(date, daysOf(this.#snapshot(atMs))),
    });
  }

  pollTransfers(atMs: EpochMs): void {
    for (const transfer of Object.values(this.#state.transfers)) {
      if (transfer.status !== "PROCESSING" || !isSimulatedTransferOver(transfer, atMs)) continue;
      this.carryOut({
        type: "UPDATE_TRANSFER",
        atMs,
        transferId: transfer.transferId,
        status: "COMPLETED",
        railReference: simulatedReference(transfer),
        failure: null,
      });
    }
    this.drive();
  }

  /** Hands over until nothing is outstanding that has not been given. */
  drive(): void {
    for (let round = 0; this.#state !== this.#driven; round += 1) {
      assert(round < ROUNDS_MAX, "an account comes to rest");
      this.#driven = this.#state;
      this.#round();
    }
    // A recording that no feed moves for this account: it looks at once.
    const check = flatCheckOf(this.#state);
    if (check !== null && check.dueMs !== null && check.underlying === null) {
      this.#lookAtVenue(epochMs(Math.max(check.dueMs, this.#state.lastEventMs)));
    }
  }

  /** What a state has outstanding is handed over at once; there is more only where that has led to another state. */
  #round(): void {
    const work = outstandingWork(this.#state);
    const submit = work.submit.filter(({ clientOrderId }) => !this.#ordersGiven.has(clientOrderId));
    const replace = work.replace.filter((order) => !this.#replacesGiven.has(replaceKey(order)));
    const cancel = work.cancel.filter(({ clientOrderId }) => !this.#cancelsGiven.has(clientOrderId));
    const triggers = this.#triggers.changed(this.#state, work.triggers);
    const transfers = work.transfers.filter(({ transferId }) => !this.#transfersGiven.has(transferId));
    const timer = this.#timerToSet();
    if (timer !== null) this.#setTriggers(timer);
    const size = submit.length + replace.length + cancel.length + triggers.length;
    for (const underlying of size === 0 ? [] : UNDERLYINGS) {
      const isHere = ({ contract }: Order): boolean => contract.underlying === underlying;
      this.#submit(submit.filter(isHere));
      this.#replace(replace.filter(isHere));
      this.#cancel(cancel.filter(isHere));
      for (const wanted of triggers) if (wanted.underlying === underlying) this.#setTriggers(wanted);
    }
    for (const transfer of transfers) {
      this.#transfersGiven.add(transfer.transferId);
      const railReference = simulatedReference(transfer);
      const { lastEventMs: atMs } = this.#state;
      const told = { transferId: transfer.transferId, railReference, failure: null } as const;
      this.carryOut({ type: "UPDATE_TRANSFER", atMs, status: "PROCESSING", ...told });
    }
  }

  #submit(orders: readonly Order[]): void {
    for (const order of orders) {
      this.#ordersGiven.add(order.clientOrderId);
      const now = this.#state.orders[order.clientOrderId];
      if (now !== undefined && now.status === "PENDING_CANCEL" && isUnanswered(now)) {
        // It has never left, so it ends here.
        const atMs = this.#state.lastEventMs;
        const { clientOrderId } = order;
        const report = { kind: "CANCELED", clientOrderId, reason: "NOT_SENT", atMs, filledUnits: 0 } as const;
        this.carryOut({ type: "APPLY_REPORTS", atMs, reports: [report] });
        continue;
      }
      const feed = this.#feed(order.contract.underlying);
      feed.learn(order.contract);
      feed.venue.submit(this.accountId, termsOf(order), order.createdAtMs);
    }
  }

  #replace(orders: readonly Order[]): void {
    for (const order of orders) {
      this.#replacesGiven.add(replaceKey(order));
      const pending = required(order.pendingReplace, "a replacement");
      const { modifyId, requestedAtMs, releaseAtMs = requestedAtMs } = pending;
      const request = { modifyId, terms: replaceableOf(pending), sentAtMs: releaseAtMs };
      this.#feed(order.contract.underlying).venue.replace(this.accountId, order.clientOrderId, request);
    }
  }

  #cancel(orders: readonly Order[]): void {
    for (const { clientOrderId, contract, updatedAtMs } of orders) {
      this.#cancelsGiven.add(clientOrderId);
      this.#feed(contract.underlying).venue.cancel(this.accountId, clientOrderId, updatedAtMs);
    }
  }

  #setTriggers({ underlying, instrumentId, triggers }: CheckTimer): void {
    this.#feed(underlying).setTriggers(this.accountId, instrumentId, triggers);
    this.#triggers.given(instrumentId, triggers);
  }

  #timerToSet(): CheckTimer | null {
    const timer = checkTimer(flatCheckOf(this.#state), true);
    return timer === null || this.#triggers.isGiven(timer.instrumentId, timer.triggers) ? null : timer;
  }

  #takeFacts(command: Command): void {
    this.carryOut(command);
    this.drive();
  }

  /** For the proof of a breaker. */
  #lookAtVenue(atMs: EpochMs): void {
    const dueMs = nextCheckMs(this.#state.breakers);
    if (dueMs === null || dueMs > atMs) return;
    const reading = readingOf(this.#snapshot(atMs), atMs);
    const now = epochMs(Math.max(atMs, this.#state.lastEventMs));
    this.#takeFacts({ type: "CHECK_FLAT", atMs: now, prices: this.heldPrices(), reading });
  }

  #snapshot(nowMs: EpochMs): VenueSnapshot {
    const feeds = UNDERLYINGS.map((underlying) => this.#feed(underlying));
    const books = feeds.map(({ venue }) => venue.book(this.accountId));
    return {
      readAtMs: epochMs(Math.max(nowMs, ...feeds.map(({ playedMs }) => playedMs))),
      orders: books.flatMap(({ orders }) => orders),
      fills: books.flatMap(({ fills }) => fills),
      positions: books.flatMap(({ positions }) => positions ?? []),
      tradedPaise: paise(books.reduce((sum, { tradedPaise }) => sum + (tradedPaise ?? 0), 0)),
      cashPaise: null,
    };
  }

  #feed(underlying: Underlying): BacktestFeed {
    return required(this.#feeds, "the feeds of a day")[underlying];
  }
}

const replaceKey = ({ clientOrderId, pendingReplace }: Order): string =>
  `${clientOrderId}/${pendingReplace?.modifyId ?? ""}`;
