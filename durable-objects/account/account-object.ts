// One account: the serial point for its orders, limits, money and day. Every public method is an RPC endpoint; it loads
// nothing but memory, decides with the pure core, writes the decision in one commit, replies, and then acts on it.
import { DurableObject } from "cloudflare:workers";
import { splitChecks } from "../../src/core/account/check-timer.ts";
import type {
  Command,
  ExitCommand,
  ListRequest,
  OrderChanges,
  OrderRequest,
  PriceView,
  StrategyCommand,
  VenueReport,
} from "../../src/core/account/command.ts";
import { lockedAgainst } from "../../src/core/account/decide-breaker.ts";
import type { JournalEntry } from "../../src/core/account/event.ts";
import { findOrder } from "../../src/core/account/finished-orders.ts";
import { findOrderOrParent } from "../../src/core/account/lists.ts";
import type { AccountLimits, AccountProfile } from "../../src/core/account/profile.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState, ReconciliationRun } from "../../src/core/account/state.ts";
import { instancesOf } from "../../src/core/account/strategies.ts";
import { type AccountView, accountView } from "../../src/core/account/view.ts";
import type { KycRecord } from "../../src/core/compliance/kyc.ts";
import { required } from "../../src/core/kernel/assert.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import { type EpochMs, epochMs, type MarketDate } from "../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import { marketNow, type SessionClock, WALL_CLOCK } from "../../src/core/session/session-clock.ts";
import type { StrategyInstance } from "../../src/core/strategy/definition/instance.ts";
import type { AppEnv } from "../../src/env.ts";
import type {
  AccountRpc,
  AccountVerification,
  CommandOutcome,
  FeedSilence,
  Hand,
  JobCommand,
  LimitsChange,
  ListOutcome,
  ModifyOutcome,
  ParkedMessage,
  PollTransfers,
  SubmitOutcome,
} from "../../src/ports/objects.ts";
import type { PaymentRail } from "../../src/ports/payments.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { paymentRail, venuePort } from "../../src/wiring.ts";
import { AccountRecord } from "./account-record.ts";
import { NamedAlarms } from "./alarms.ts";
import { Driver } from "./driver.ts";
import { FlatCheck } from "./flat-check.ts";
import { inTime } from "./in-time.ts";
import { guardPrices, knownHeldPrices, withHeldPrices, withInputs } from "./job-inputs.ts";
import { Outbox } from "./outbox.ts";
import { frozen, listOutcomeOf, logFailure, modifyOutcomeOf, outcomeOf, submitOutcomeOf } from "./outcomes.ts";
import { type Feeds, PriceBook, pricesOf } from "./prices.ts";
import { Reconciliation } from "./reconciliation.ts";
import { AccountStore, type StoredClock } from "./store.ts";
import { AccountStream } from "./stream.ts";
import { Submission } from "./submission.ts";
import { pollTransfers, type TransferUpdate } from "./transfers.ts";
import { verifyAccount } from "./verification.ts";

type AlarmName = "outbox" | "drive" | "breaker";
type Outcome = Promise<Result<CommandOutcome, AccountRefusal>>;

const ALARM_RETRY_MS = 5_000;
const ALARM_MOMENT_MS = 1_000;
const JOURNAL_PAGE_MAX = 5_000;
const PARKED_PAGE_MAX = 500;

export class AccountObject extends DurableObject<AppEnv> implements AccountRpc {
  readonly #store: AccountStore;
  readonly #record: AccountRecord;
  readonly #alarms: NamedAlarms<AlarmName>;
  readonly #rail: PaymentRail;
  readonly #feeds: Feeds;
  readonly #prices: PriceBook;
  readonly #reconciliation: Reconciliation;
  readonly #driver: Driver;
  readonly #venue: VenuePort;
  readonly #flatCheck: FlatCheck;
  readonly #outbox: Outbox;
  readonly #stream: AccountStream;
  #clock: StoredClock | null = null;

  constructor(ctx: DurableObjectState, env: AppEnv) {
    super(ctx, env);
    // All of this is synchronous, so no event can come in before it is done.
    this.#store = new AccountStore(ctx.storage);
    this.#alarms = new NamedAlarms<AlarmName>({
      load: () => this.#store.alarms(),
      save: (name, dueAtMs) => this.#store.saveAlarm(name, dueAtMs),
      setPlatformAlarm: (atMs) => void ctx.storage.setAlarm(atMs),
    });
    this.#clock = this.#store.clock();
    this.#record = new AccountRecord({
      store: this.#store,
      sendTimeMs: (wallMs) => this.#outbox.sendTimeMs(wallMs),
      written: (sendAtMs) => {
        this.#alarms.arm("outbox", sendAtMs);
        this.#flatCheck.wake();
        this.#stream.schedule();
      },
    });
    if (this.#frozen !== null) logFailure("load", this.#accountId(), this.#frozen);
    this.#rail = paymentRail(env);
    this.#feeds = (underlying) => this.env.MARKET_FEED.getByName(underlying);
    this.#prices = new PriceBook(this.#feeds);
    const venue = this.venueOf(this.#feeds);
    this.#venue = venue;
    const isReplay = env.TRADING_MODE === "REPLAY";
    const shared = { state: () => this.#state, nowMs: () => this.#nowMs(), venue };
    this.#reconciliation = new Reconciliation({ ...shared, isReplay, carryOut: (command) => this.#carryOut(command) });
    const submission = new Submission(
      {
        ...shared,
        feeds: this.#feeds,
        rail: this.#rail,
        isReplay,
        carryOut: (command) => void this.#carryOut(command),
        recover: () => this.#reconciliation.recover(),
        lookUp: () => this.#reconciliation.lookUp(),
        again: () => this.#driver.again(),
      },
      this.#record.inFlight,
    );
    this.#driver = new Driver({
      state: () => this.#state,
      isFrozen: () => this.#frozen !== null,
      handOver: () => submission.drive(),
      wakeAt: (wallMs) => this.#alarms.arm("drive", wallMs),
      failed: (error) => logFailure("drive", this.#accountId(), error),
    });
    this.#flatCheck = new FlatCheck({
      accountId: () => this.#accountId(),
      state: () => this.#state,
      venue,
      isReplay,
      nowMs: () => this.#nowMs(),
      isBehindRecord: () => this.#clockMs() < this.#state.lastEventMs,
      wakeAt: (wallMs) => this.#alarms.arm("breaker", wallMs),
      heldPrices: () => this.#heldPrices("checkFlat"),
      takeFacts: (command) => this.#takeFacts(command, isReplay),
      isLookUpDue: () => this.#reconciliation.isLookUpDue(),
      reconcile: () => this.#reconciliation.run("FLAT_CHECK"),
      failed: (error) => logFailure("checkFlat", this.#accountId(), error),
    });
    this.#outbox = new Outbox({
      accountId: () => this.#accountId(),
      pending: (dueByMs, limit, afterId) => this.#store.outboxPending(dueByMs, limit, afterId),
      nextDueMs: () => this.#store.outboxNextDueMs(),
      sent: (id, attempts, dueAtMs) => this.#store.outboxSent(id, attempts, dueAtMs),
      park: (id) => this.#store.outboxPark(id),
      wakeAt: (dueAtMs) => this.#alarms.arm("outbox", dueAtMs),
      sendLedger: async (messages) => void (await this.env.LEDGER.sendBatch(messages.map((body) => ({ body })))),
      sendNotifications: async (messages) =>
        void (await this.env.NOTIFICATIONS.sendBatch(messages.map((body) => ({ body })))),
    });
    this.#stream = new AccountStream({
      ctx,
      state: () => this.#state,
      entries: (after, limit) => this.#store.entries(after, limit),
    });
  }

  async open(profile: AccountProfile, atMs: EpochMs): Outcome {
    return this.#replyTo({ type: "OPEN_ACCOUNT", atMs, profile });
  }

  async changeLimits(limits: Partial<AccountLimits>, change: LimitsChange = {}): Outcome {
    const prices = await this.#heldPrices("changeLimits");
    // Merged here, in the turn that decides: two changes at once cannot undo each other.
    const merged = { ...this.#state.profile?.limits, ...limits } as AccountLimits;
    return this.#replyTo({ type: "CHANGE_LIMITS", atMs: this.#nowMs(), limits: merged, prices, ...change });
  }

  async changeKyc(kyc: Omit<KycRecord, "changedAtMs">, actor: string): Outcome {
    const atMs = this.#nowMs();
    return this.#replyTo({ type: "CHANGE_KYC", atMs, kyc: { ...kyc, changedAtMs: atMs }, actor });
  }

  async runJob(command: JobCommand): Outcome {
    if (this.#frozen !== null) return err(frozen(this.#frozen));
    if (command.type === "POLL_TRANSFERS") return this.#pollTransfers(command);
    if (command.type === "FOLLOW_SWITCH") return this.#followSwitch(command);
    if (command.type === "COMPARE_WITH_VENUE") {
      const compared = await this.#reconciliation.asked(command.jobKey);
      if (!compared.ok) return compared;
      await this.#driver.attempt();
      return ok(outcomeOf(this.#state, []));
    }
    await this.#reconciliation.withJob(command, "BEFORE");
    const done = this.#carryOut(await withInputs(command, this.#state, this.#feeds, this.#venue));
    if (!done.ok) return done;
    await this.#reconciliation.withJob(command, "AFTER");
    await this.#drive();
    return ok(outcomeOf(this.#state, done.value));
  }

  async submitOrder(request: OrderRequest): Promise<Result<SubmitOutcome, AccountRefusal>> {
    const price = this.#needsPrice(request) ? await this.#priceOf(request) : null;
    const isNew = findOrderOrParent(this.#state, request.clientOrderId, findOrder) === null;
    if (isNew && this.#record.inFlight.size >= Number(this.env.ORDERS_IN_FLIGHT_MAX)) {
      return err({ code: "OVERLOADED", detail: `${this.#record.inFlight.size} orders wait for the venue's answer` });
    }
    const done = this.#carryOut({ type: "SUBMIT_ORDER", atMs: this.#nowMs(), request, price });
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(submitOutcomeOf(this.#state, request.clientOrderId, done.value));
  }

  async cancelOrder(clientOrderId: ClientOrderId): Promise<Result<SubmitOutcome, AccountRefusal>> {
    const done = this.#carryOut({ type: "CANCEL_ORDER", atMs: this.#nowMs(), clientOrderId });
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(submitOutcomeOf(this.#state, clientOrderId, done.value));
  }

  async modifyOrder(
    clientOrderId: ClientOrderId,
    modifyId: string,
    changes: OrderChanges,
  ): Promise<Result<ModifyOutcome, AccountRefusal>> {
    const known = findOrder(this.#state, clientOrderId);
    const price = known === undefined ? null : await this.#prices.of(known.contract, Date.now(), this.#nowMs());
    const command = { type: "MODIFY_ORDER", atMs: this.#nowMs(), clientOrderId, modifyId, changes, price } as const;
    const done = this.#carryOut(command);
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(modifyOutcomeOf(this.#state, clientOrderId, modifyId, done.value));
  }

  async reconcile(): Promise<Result<ReconciliationRun, AccountRefusal>> {
    const done = await this.#reconciliation.run("REQUEST");
    if (!done.ok) return done;
    await this.#driver.attempt();
    return ok(required(this.#state.reconciliations?.at(-1), "the run just made"));
  }

  async submitList(request: ListRequest): Promise<Result<ListOutcome, AccountRefusal>> {
    const contracts = request.legs.map(({ contract }) => contract);
    // A feed that does not answer leaves the list without prices, and it is denied for that.
    const prices = await pricesOf(this.#feeds, contracts)
      .then((legs) => withHeldPrices(legs, this.#state, this.#feeds))
      .catch((error: unknown) => {
        logFailure("submitList", this.#accountId(), error);
        return [];
      });
    const done = this.#carryOut({ type: "SUBMIT_LIST", atMs: this.#nowMs(), request, prices });
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(listOutcomeOf(this.#state, request.listId, done.value));
  }

  async cancelList(listId: ClientOrderId): Promise<Result<ListOutcome, AccountRefusal>> {
    const done = this.#carryOut({ type: "CANCEL_LIST", atMs: this.#nowMs(), listId });
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(listOutcomeOf(this.#state, listId, done.value));
  }

  async exit(command: ExitCommand): Outcome {
    const prices = await this.#heldPrices("exit");
    return this.#replyTo({ ...command, atMs: this.#nowMs(), prices });
  }

  async strategy(command: StrategyCommand): Outcome {
    const prices = await this.#heldPrices("strategy");
    return this.#replyTo({ ...command, atMs: this.#nowMs(), prices });
  }

  async strategies(): Promise<readonly StrategyInstance[]> {
    return instancesOf(this.#state);
  }

  async halt(reason: string, hand: Hand = {}): Outcome {
    // The switch works even when no feed answers: what is held is then closed without a price of its own.
    const prices = await this.#heldPrices("halt");
    const reply = this.#replyTo({ type: "HALT", atMs: this.#nowMs(), reason, prices, ...hand });
    await this.#driver.attempt();
    return reply;
  }

  async resume(hand: Hand = {}): Outcome {
    const reply = this.#replyTo({ type: "RESUME", atMs: this.#nowMs(), ...hand });
    const locked = reply.ok && reply.value.replayed ? lockedAgainst(this.#state, hand) : null;
    return locked === null ? reply : err(locked);
  }

  async applyReports(reports: readonly VenueReport[], atMs: EpochMs): Promise<void> {
    await this.#takeFacts({ type: "APPLY_REPORTS", atMs, reports });
  }

  async fireTriggers(fired: Parameters<AccountRpc["fireTriggers"]>[0], atMs: EpochMs): Promise<void> {
    const [checks, levels] = splitChecks(fired);
    if (checks.length > 0) await this.#flatCheck.onMarketTime(atMs);
    if (checks.length > 0 && levels.length === 0) return;
    const prices = await guardPrices(levels, this.#state, this.#feeds).catch((error: unknown) => {
      logFailure("fireTriggers", this.#accountId(), error);
      return [] as readonly PriceView[];
    });
    await this.#takeFacts({ type: "FIRE_TRIGGERS", atMs, fired: levels, prices });
  }

  async noteFeedSilence(silence: FeedSilence): Promise<void> {
    const prices = await this.#heldPrices("noteFeedSilence");
    const atMs = epochMs(Math.max(silence.atMs, this.#state.lastEventMs));
    await this.#takeFacts({ type: "NOTE_FEED_SILENCE", ...silence, atMs, prices });
  }

  async updateTransfer(command: TransferUpdate): Promise<void> {
    await this.#takeFacts(command);
  }

  async setClock(sessionDate: MarketDate, clock: SessionClock): Promise<void> {
    this.#clock = { sessionDate, clock };
    this.#store.saveClock(this.#clock);
  }

  async state(): Promise<AccountState> {
    return this.#state;
  }

  async view(): Promise<AccountView | null> {
    return accountView(this.#state);
  }

  async journal(afterSequence: number, limit: number): Promise<readonly JournalEntry[]> {
    return [...this.#store.entries(afterSequence, Math.min(limit, JOURNAL_PAGE_MAX))];
  }

  async confirmOutbox(outboxIds: readonly number[]): Promise<void> {
    this.#store.outboxConfirmed(outboxIds);
    this.#outbox.forget(outboxIds);
  }

  async flushOutbox(): Promise<{ readonly pending: number; readonly parked: number }> {
    await this.#outbox.flush("EVERYTHING", Date.now());
    return this.#store.outboxCounts();
  }

  async parkedOutbox(): Promise<readonly ParkedMessage[]> {
    return this.#store.outboxParked(PARKED_PAGE_MAX);
  }

  async replayParked(): Promise<number> {
    const count = this.#store.outboxUnpark(Date.now());
    if (count > 0) this.#alarms.arm("outbox", Date.now());
    return count;
  }

  async verify(): Promise<AccountVerification> {
    return verifyAccount({
      accountId: this.#accountId(),
      state: this.#state,
      head: this.#record.head,
      entries: this.#store.entries(0),
      outbox: this.#store.outboxCounts(),
    });
  }

  override async fetch(request: Request): Promise<Response> {
    return this.#stream.upgrade(request);
  }

  override async alarm(): Promise<void> {
    // What was decided by an instance that is gone may not have been handed over.
    if (!this.#driver.isStarted) this.#driveInBackground();
    await this.#alarms.wake(Date.now(), ALARM_RETRY_MS, async (name) => {
      if (name === "breaker") await this.#flatCheck.onWallTime();
      // No alarm rings while one is dealt with, and a proof waits for the next one: what takes longer than a moment goes on
      // beside it, and is looked after once more when the alarm rings again.
      else if (name === "outbox") await inTime(this.#outbox.flush("DUE", Date.now()), ALARM_MOMENT_MS);
      // A failure has set the next attempt already.
      else await inTime(this.#driver.attempt(), ALARM_MOMENT_MS);
    });
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#stream.message(socket);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#stream.close(socket, code, reason);
  }

  /** Where this account's orders go. */
  protected venueOf(feeds: Feeds): VenuePort {
    return venuePort(this.env, feeds);
  }

  /** Decides and writes, in one turn. */
  #carryOut(command: Command): Result<readonly JournalEntry[], AccountRefusal> {
    return this.#record.carryOut(command);
  }

  get #state(): AccountState {
    return this.#record.state;
  }

  get #frozen(): string | null {
    return this.#record.frozen;
  }

  #replyTo(command: Command): Result<CommandOutcome, AccountRefusal> {
    const done = this.#carryOut(command);
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(outcomeOf(this.#state, done.value));
  }

  /** Facts are never refused to whoever brings them. A frozen account leaves them with the venue, which keeps them. */
  async #takeFacts(command: Command, isHandedOver = true): Promise<void> {
    const done = this.#carryOut(command);
    if (!done.ok) logFailure(command.type, this.#accountId(), done.error.detail);
    if (isHandedOver) await this.#drive();
    else this.#driveInBackground();
  }

  /** At the account's own time, and whether or not a feed answers: what fails is taken up by the checks that follow. */
  async #followSwitch(command: Extract<JobCommand, { readonly type: "FOLLOW_SWITCH" }>): Outcome {
    const prices = await this.#heldPrices("followSwitch");
    const done = this.#carryOut({ ...command, atMs: this.#nowMs(), prices });
    if (!done.ok) return done;
    await this.#driver.attempt();
    return ok(outcomeOf(this.#state, done.value));
  }

  async #pollTransfers({ atMs }: PollTransfers): Outcome {
    const updates = await pollTransfers(this.#rail, this.#state, atMs);
    const entries: JournalEntry[] = [];
    for (const update of updates) {
      const done = this.#carryOut(update);
      if (!done.ok) return done;
      entries.push(...done.value);
    }
    await this.#drive();
    return ok(outcomeOf(this.#state, entries));
  }

  #drive(): Promise<void> {
    return this.#driver.drive();
  }

  #driveInBackground(): void {
    this.ctx.waitUntil(this.#driver.attempt());
  }

  #heldPrices(at: string): Promise<readonly PriceView[]> {
    const isReplay = this.env.TRADING_MODE === "REPLAY";
    return knownHeldPrices(this.#state, this.#feeds, isReplay, (error) => logFailure(at, this.#accountId(), error));
  }

  #needsPrice({ clientOrderId }: OrderRequest): boolean {
    return (
      this.#frozen === null &&
      this.#state.day !== null &&
      findOrderOrParent(this.#state, clientOrderId, findOrder) === null
    );
  }

  #priceOf({ contract }: OrderRequest): Promise<PriceView | null> {
    return this.#prices.of(contract, Date.now(), this.#nowMs());
  }

  /** The market's time as this account knows it; never earlier than what it has already written. */
  #nowMs(): EpochMs {
    return epochMs(Math.max(this.#state.lastEventMs, this.#clockMs()));
  }

  #clockMs(): EpochMs {
    // Only a replay has a clock of its own; without one its time stands where its events have brought it.
    const clock = this.env.TRADING_MODE === "PAPER" ? WALL_CLOCK : this.#clock?.clock;
    return clock === undefined ? this.#state.lastEventMs : marketNow(clock, epochMs(Date.now()));
  }

  #accountId(): string {
    return this.#state.profile?.accountId ?? this.ctx.id.name ?? this.ctx.id.toString();
  }
}
