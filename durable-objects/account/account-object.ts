// One account: the serial point for its orders, limits, money and day. Every public method is an RPC endpoint; it loads
// nothing but memory, decides with the pure core, writes the decision in one commit, replies, and then acts on it.
import { DurableObject } from "cloudflare:workers";
import { splitChecks } from "../../src/core/account/check-timer.ts";
import type {
  Command,
  ListRequest,
  OrderChanges,
  OrderRequest,
  PriceView,
  StrategyCommand,
  VenueReport,
} from "../../src/core/account/command.ts";
import { lockedAgainst } from "../../src/core/account/decide-breaker.ts";
import type { JournalEntry } from "../../src/core/account/event.ts";
import type { ExitCommand } from "../../src/core/account/exit-command.ts";
import { findOrder } from "../../src/core/account/finished-orders.ts";
import { findOrderOrParent } from "../../src/core/account/lists.ts";
import {
  type AccountLimits,
  type AccountProfile,
  type LimitsPatch,
  patchedLimits,
} from "../../src/core/account/profile.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState, ReconciliationRun } from "../../src/core/account/state.ts";
import { instancesOf } from "../../src/core/account/strategies.ts";
import { type AccountView, accountView } from "../../src/core/account/view.ts";
import type { KycRecord } from "../../src/core/compliance/kyc.ts";
import { required } from "../../src/core/kernel/assert.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import { type EpochMs, epochMs, type MarketDate } from "../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import { type AccountStanding, standingOf } from "../../src/core/risk/account-standing.ts";
import type { SessionClock } from "../../src/core/session/session-clock.ts";
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
  RetoldPage,
  SubmitOutcome,
} from "../../src/ports/objects.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { venuePort } from "../../src/wiring.ts";
import { AccountParts } from "./account-parts.ts";
import { inTime } from "./in-time.ts";
import { guardPrices, withHeldPrices, withInputs } from "./job-inputs.ts";
import { frozen, listOutcomeOf, logFailure, modifyOutcomeOf, outcomeOf, submitOutcomeOf } from "./outcomes.ts";
import { type Feeds, pricesOf } from "./prices.ts";
import { retold } from "./retelling.ts";
import { pollTransfers, type TransferUpdate } from "./transfers.ts";
import { verifyAccount } from "./verification.ts";

type Outcome = Promise<Result<CommandOutcome, AccountRefusal>>;

const ALARM_RETRY_MS = 5_000;
const ALARM_MOMENT_MS = 1_000;
const JOURNAL_PAGE_MAX = 5_000;
const PARKED_PAGE_MAX = 500;
const RETOLD_MAX = 1_000;

export class AccountObject extends DurableObject<AppEnv> implements AccountRpc {
  readonly #parts: AccountParts;

  constructor(ctx: DurableObjectState, env: AppEnv) {
    super(ctx, env);
    // All of this is synchronous, so no event can come in before it is done.
    this.#parts = new AccountParts(
      ctx,
      () => this.env,
      (feeds) => this.venueOf(feeds),
    );
  }

  async open(profile: AccountProfile, atMs: EpochMs): Outcome {
    return this.#replyTo({ type: "OPEN_ACCOUNT", atMs, profile });
  }

  async changeLimits(patch: LimitsPatch, change: LimitsChange = {}): Outcome {
    const prices = await this.#heldPrices("changeLimits");
    // Merged here, in the turn that decides: two changes at once cannot undo each other.
    const limits = patchedLimits((this.#state.profile?.limits ?? {}) as AccountLimits, patch);
    return this.#replyTo({ type: "CHANGE_LIMITS", atMs: this.#nowMs(), limits, prices, ...change });
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
      const compared = await this.#parts.reconciliation.asked(command.jobKey);
      if (!compared.ok) return compared;
      await this.#parts.driver.attempt();
      return ok(outcomeOf(this.#state, []));
    }
    await this.#parts.reconciliation.withJob(command, "BEFORE");
    const done = this.#carryOut(await withInputs(command, this.#state, this.#parts.feeds, this.#parts.venue));
    if (!done.ok) return done;
    await this.#parts.reconciliation.withJob(command, "AFTER");
    await this.#parts.driver.drive();
    return ok(outcomeOf(this.#state, done.value));
  }

  async submitOrder(request: OrderRequest): Promise<Result<SubmitOutcome, AccountRefusal>> {
    const price = this.#needsPrice(request) ? await this.#priceOf(request) : null;
    const isNew = findOrderOrParent(this.#state, request.clientOrderId) === null;
    if (isNew && this.#parts.record.inFlight.size >= Number(this.env.ORDERS_IN_FLIGHT_MAX)) {
      return err({
        code: "OVERLOADED",
        detail: `${this.#parts.record.inFlight.size} orders wait for the venue's answer`,
      });
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
    const price = known === undefined ? null : await this.#parts.prices.of(known.contract, Date.now(), this.#nowMs());
    const command = { type: "MODIFY_ORDER", atMs: this.#nowMs(), clientOrderId, modifyId, changes, price } as const;
    const done = this.#carryOut(command);
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(modifyOutcomeOf(this.#state, clientOrderId, modifyId, done.value));
  }

  async reconcile(): Promise<Result<ReconciliationRun, AccountRefusal>> {
    const done = await this.#parts.reconciliation.run("REQUEST");
    if (!done.ok) return done;
    await this.#parts.driver.attempt();
    return ok(required(this.#state.reconciliations?.at(-1), "the run just made"));
  }

  async submitList(request: ListRequest): Promise<Result<ListOutcome, AccountRefusal>> {
    const contracts = request.legs.map(({ contract }) => contract);
    // A feed that does not answer leaves the list without prices, and it is denied for that.
    const prices = await pricesOf(this.#parts.feeds, contracts)
      .then((legs) => withHeldPrices(legs, this.#state, this.#parts.feeds))
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
    await this.#parts.driver.attempt();
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
    if (checks.length > 0) await this.#parts.flatCheck.onMarketTime(atMs);
    if (checks.length > 0 && levels.length === 0) return;
    const prices = await guardPrices(levels, this.#state, this.#parts.feeds).catch((error: unknown) => {
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
    this.#parts.clock.set({ sessionDate, clock });
  }

  async state(): Promise<AccountState> {
    return this.#state;
  }

  async standing(): Promise<AccountStanding | null> {
    return standingOf(this.#state);
  }

  async view(): Promise<AccountView | null> {
    return accountView(this.#state);
  }

  async journal(afterSequence: number, limit: number): Promise<readonly JournalEntry[]> {
    return [...this.#parts.store.entries(afterSequence, Math.min(limit, JOURNAL_PAGE_MAX))];
  }

  async confirmOutbox(outboxIds: readonly number[]): Promise<void> {
    this.#parts.store.outboxConfirmed(outboxIds);
    this.#parts.outbox.forget(outboxIds);
  }

  async flushOutbox(): Promise<{ readonly pending: number; readonly parked: number }> {
    await this.#parts.outbox.flush("EVERYTHING", Date.now());
    return this.#parts.store.outboxCounts();
  }

  async parkedOutbox(): Promise<readonly ParkedMessage[]> {
    return this.#parts.store.outboxParked(PARKED_PAGE_MAX);
  }

  async replayParked(): Promise<number> {
    const count = this.#parts.store.outboxUnpark(Date.now());
    if (count > 0) this.#parts.alarms.arm("outbox", Date.now());
    return count;
  }

  async verify(): Promise<AccountVerification> {
    return verifyAccount({
      accountId: this.#accountId(),
      state: this.#state,
      head: this.#parts.record.head,
      entries: this.#parts.store.entries(0),
      outbox: this.#parts.store.outboxCounts(),
    });
  }

  async retell(afterSequence: number, limit: number): Promise<RetoldPage> {
    const { store, record } = this.#parts;
    const entries = (after: number, most: number) => store.entries(after, most);
    const told = { sql: this.ctx.storage.sql, state: record.state, entries };
    return this.ctx.storage.transactionSync(() => retold(told, afterSequence, Math.min(limit, RETOLD_MAX)));
  }

  override async fetch(request: Request): Promise<Response> {
    return this.#parts.stream.accept(request);
  }

  override async alarm(): Promise<void> {
    // What was decided by an instance that is gone may not have been handed over.
    if (!this.#parts.driver.isStarted) this.#driveInBackground();
    await this.#parts.alarms.wake(Date.now(), ALARM_RETRY_MS, async (name) => {
      if (name === "breaker") await this.#parts.flatCheck.onWallTime();
      // No alarm rings while one is dealt with, and a proof waits for the next one: what takes longer than a moment goes on
      // beside it, and is looked after once more when the alarm rings again.
      else if (name === "outbox") await inTime(this.#parts.outbox.flush("DUE", Date.now()), ALARM_MOMENT_MS);
      // A failure has set the next attempt already.
      else await inTime(this.#parts.driver.attempt(), ALARM_MOMENT_MS);
    });
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#parts.stream.receive(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#parts.stream.close(socket, code);
  }

  /** Where this account's orders go. */
  protected venueOf(feeds: Feeds): VenuePort {
    return venuePort(this.env, feeds);
  }

  /** Decides and writes, in one turn. */
  #carryOut(command: Command): Result<readonly JournalEntry[], AccountRefusal> {
    return this.#parts.record.carryOut(command);
  }

  get #state(): AccountState {
    return this.#parts.record.state;
  }

  get #frozen(): string | null {
    return this.#parts.record.frozen;
  }

  #replyTo(command: Command): Result<CommandOutcome, AccountRefusal> {
    const done = this.#carryOut(command);
    if (!done.ok) return done;
    this.#driveInBackground();
    return ok(outcomeOf(this.#state, done.value));
  }

  /** At the account's own time, and whether or not a feed answers: what fails is taken up by the checks that follow. */
  async #followSwitch(command: Extract<JobCommand, { readonly type: "FOLLOW_SWITCH" }>): Outcome {
    const prices = await this.#heldPrices("followSwitch");
    const done = this.#carryOut({ ...command, atMs: this.#nowMs(), prices });
    if (!done.ok) return done;
    await this.#parts.driver.attempt();
    return ok(outcomeOf(this.#state, done.value));
  }

  async #pollTransfers({ atMs }: PollTransfers): Outcome {
    const updates = await pollTransfers(this.#parts.rail, this.#state, atMs);
    const entries: JournalEntry[] = [];
    for (const update of updates) {
      const done = this.#carryOut(update);
      if (!done.ok) return done;
      entries.push(...done.value);
    }
    await this.#parts.driver.drive();
    return ok(outcomeOf(this.#state, entries));
  }

  #takeFacts(command: Command): Promise<void> {
    return this.#parts.takeFacts(command);
  }

  #driveInBackground(): void {
    this.#parts.driveInBackground();
  }

  #heldPrices(at: string): Promise<readonly PriceView[]> {
    return this.#parts.heldPrices(at);
  }

  #needsPrice({ clientOrderId }: OrderRequest): boolean {
    return this.#frozen === null && this.#state.day !== null && findOrderOrParent(this.#state, clientOrderId) === null;
  }

  #priceOf({ contract }: OrderRequest): Promise<PriceView | null> {
    return this.#parts.prices.of(contract, Date.now(), this.#nowMs());
  }

  #nowMs(): EpochMs {
    return this.#parts.clock.nowMs();
  }

  #accountId(): string {
    return this.#parts.accountId();
  }
}
