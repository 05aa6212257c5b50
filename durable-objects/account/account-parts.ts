// What an account is made of, and what each part may ask of the others. Putting them together is synchronous: an account that can
// be called is complete.
import type { Command, PriceView } from "../../src/core/account/command.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { AppEnv } from "../../src/env.ts";
import type { PaymentRail } from "../../src/ports/payments.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { paymentRail } from "../../src/wiring.ts";
import { AccountClock } from "./account-clock.ts";
import { AccountRecord } from "./account-record.ts";
import { NamedAlarms } from "./alarms.ts";
import { Driver } from "./driver.ts";
import { FlatCheck } from "./flat-check.ts";
import { knownHeldPrices } from "./job-inputs.ts";
import { Outbox } from "./outbox.ts";
import { logFailure } from "./outcomes.ts";
import { answeredOf, type Feeds, PriceBook } from "./prices.ts";
import { Reconciliation } from "./reconciliation.ts";
import { AccountStore } from "./store.ts";
import { AccountStream } from "./stream.ts";
import { Submission } from "./submission.ts";

type AlarmName = "outbox" | "drive" | "breaker";

export class AccountParts {
  readonly #ctx: DurableObjectState;
  readonly #env: () => AppEnv;
  readonly store: AccountStore;
  readonly record: AccountRecord;
  readonly clock: AccountClock;
  readonly alarms: NamedAlarms<AlarmName>;
  readonly rail: PaymentRail;
  readonly feeds: Feeds;
  readonly prices: PriceBook;
  readonly venue: VenuePort;
  readonly reconciliation: Reconciliation;
  readonly driver: Driver;
  readonly flatCheck: FlatCheck;
  readonly outbox: Outbox;
  readonly stream: AccountStream;

  /** Bindings are looked up when they are used, as an object's own code does. */
  constructor(ctx: DurableObjectState, env: () => AppEnv, venueOf: (feeds: Feeds) => VenuePort) {
    this.#ctx = ctx;
    this.#env = env;
    this.store = new AccountStore(ctx.storage);
    this.alarms = new NamedAlarms<AlarmName>({
      load: () => this.store.alarms(),
      save: (name, dueAtMs) => this.store.saveAlarm(name, dueAtMs),
      setPlatformAlarm: (atMs) => void ctx.storage.setAlarm(atMs),
    });
    this.record = new AccountRecord({
      store: this.store,
      sendTimeMs: (wallMs) => this.outbox.sendTimeMs(wallMs),
      written: (sendAtMs) => {
        this.alarms.arm("outbox", sendAtMs);
        this.flatCheck.wake();
        this.stream.changed();
      },
    });
    if (this.record.frozen !== null) logFailure("load", this.accountId(), this.record.frozen);
    this.clock = new AccountClock({
      isLive: () => env().TRADING_MODE === "PAPER",
      load: () => this.store.clock(),
      save: (clock) => this.store.saveClock(clock),
      lastEventMs: () => this.#state.lastEventMs,
    });
    this.rail = paymentRail(env());
    this.feeds = (underlying) => env().MARKET_FEED.getByName(underlying);
    this.prices = new PriceBook(this.feeds, answeredOf(env()));
    this.venue = venueOf(this.feeds);
    this.reconciliation = new Reconciliation({
      ...this.#shared(),
      settled: () => this.driveInBackground(),
      carryOut: (command) => this.record.carryOut(command),
    });
    this.driver = this.#newDriver();
    this.flatCheck = this.#newFlatCheck();
    this.outbox = this.#newOutbox();
    this.stream = new AccountStream({
      ctx,
      state: () => this.#state,
      entries: (after, limit) => this.store.entries(after, limit),
    });
  }

  accountId(): string {
    return this.#state.profile?.accountId ?? this.#ctx.id.name ?? this.#ctx.id.toString();
  }

  driveInBackground(): void {
    this.#ctx.waitUntil(this.driver.attempt());
  }

  /** Facts are never refused to whoever brings them. A frozen account leaves them with the venue, which keeps them. */
  async takeFacts(command: Command, isHandedOver = true): Promise<void> {
    const done = this.record.carryOut(command);
    if (!done.ok) logFailure(command.type, this.accountId(), done.error.detail);
    if (isHandedOver) await this.driver.drive();
    else this.driveInBackground();
  }

  /** `at` says for which of the account's doings, should a feed not answer. */
  heldPrices(at: string): Promise<readonly PriceView[]> {
    const failed = (error: unknown) => logFailure(at, this.accountId(), error);
    return knownHeldPrices(this.#state, this.feeds, this.#isReplay, failed);
  }

  get #state(): AccountState {
    return this.record.state;
  }

  get #isReplay(): boolean {
    return this.#env().TRADING_MODE === "REPLAY";
  }

  #shared() {
    return {
      state: () => this.#state,
      nowMs: () => this.clock.nowMs(),
      venue: this.venue,
      isReplay: this.#isReplay,
    };
  }

  #newDriver(): Driver {
    const submission = new Submission(
      {
        ...this.#shared(),
        feeds: this.feeds,
        rail: this.rail,
        carryOut: (command) => void this.record.carryOut(command),
        recover: () => this.reconciliation.recover(),
        lookUp: () => this.reconciliation.lookUp(),
        again: () => this.driver.again(),
      },
      this.record.inFlight,
    );
    return new Driver({
      state: () => this.#state,
      isFrozen: () => this.record.frozen !== null,
      handOver: () => submission.drive(),
      wakeAt: (wallMs) => this.alarms.arm("drive", wallMs),
      failed: (error) => logFailure("drive", this.accountId(), error),
    });
  }

  #newFlatCheck(): FlatCheck {
    return new FlatCheck({
      ...this.#shared(),
      accountId: () => this.accountId(),
      isBehindRecord: () => this.clock.isBehindRecord(),
      wakeAt: (wallMs) => this.alarms.arm("breaker", wallMs),
      heldPrices: () => this.heldPrices("checkFlat"),
      takeFacts: (command) => this.takeFacts(command, this.#isReplay),
      isLookUpDue: () => this.reconciliation.isLookUpDue(),
      reconcile: () => this.reconciliation.run("FLAT_CHECK"),
      failed: (error) => logFailure("checkFlat", this.accountId(), error),
    });
  }

  #newOutbox(): Outbox {
    return new Outbox({
      accountId: () => this.accountId(),
      pending: (dueByMs, limit, afterId) => this.store.outboxPending(dueByMs, limit, afterId),
      nextDueMs: () => this.store.outboxNextDueMs(),
      sent: (id, attempts, dueAtMs) => this.store.outboxSent(id, attempts, dueAtMs),
      park: (id) => this.store.outboxPark(id),
      wakeAt: (dueAtMs) => this.alarms.arm("outbox", dueAtMs),
      sendLedger: async (messages) => void (await this.#env().LEDGER.sendBatch(messages.map((body) => ({ body })))),
      sendNotifications: async (messages) =>
        void (await this.#env().NOTIFICATIONS.sendBatch(messages.map((body) => ({ body })))),
    });
  }
}
