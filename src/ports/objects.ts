// What the objects answer to, as types: the RPC surface of each Durable Object. Everything that crosses is plain data;
// failures that are expected are values.

import type {
  Command,
  ListRequest,
  OrderChanges,
  OrderRequest,
  PriceView,
  StrategyCommand,
  VenueReport,
} from "../core/account/command.ts";
import type { JournalEntry } from "../core/account/event.ts";
import type { ExitCommand } from "../core/account/exit-command.ts";
import type { AccountProfile, LimitsPatch } from "../core/account/profile.ts";
import type { AccountRefusal } from "../core/account/refusal.ts";
import type { AccountState, PriceTrigger, ReconciliationRun } from "../core/account/state.ts";
import type { AccountView } from "../core/account/view.ts";
import type { KycRecord } from "../core/compliance/kyc.ts";
import type { InstrumentId, OptionContract, Underlying } from "../core/instrument/contract.ts";
import type { Paise } from "../core/kernel/money.ts";
import type { Result } from "../core/kernel/result.ts";
import type { EpochMs, MarketDate } from "../core/kernel/time.ts";
import type { Bar, HeldQuote, MarketEvent } from "../core/market/market-event.ts";
import type { RecordedSession, SessionUnderlying } from "../core/market/recorded-session.ts";
import type { ClientOrderId, Modification, Order, OrderTerms, ReplaceableTerms } from "../core/order/order.ts";
import type { OrderList } from "../core/order-list/order-list.ts";
import type { VenueSnapshot } from "../core/reconciliation/snapshot.ts";
import type { Consequences } from "../core/reporting/project.ts";
import type { AccountStanding } from "../core/risk/account-standing.ts";
import type { Denial } from "../core/risk/denial.ts";
import type { CyclePhase } from "../core/session/cycle.ts";
import type { SessionClock } from "../core/session/session-clock.ts";
import type { StrategyInstance } from "../core/strategy/definition/instance.ts";

// ── Account ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a command came to. `replayed` is true when it had been carried out before and nothing was done again. */
export interface CommandOutcome {
  readonly sequence: number;
  readonly replayed: boolean;
}

export interface SubmitOutcome extends CommandOutcome {
  readonly order: Order;
  readonly denial: Denial | null;
}

export interface ModifyOutcome extends SubmitOutcome {
  readonly modification: Modification;
}

export interface ListOutcome extends CommandOutcome {
  /** Null where the id belongs to an order, which is then the reason of the denial. */
  readonly list: OrderList | null;
  readonly denial: Denial | null;
}

/** Asks the rail about every transfer that is under way, and books what it says (FND-06). */
export interface PollTransfers {
  readonly type: "POLL_TRANSFERS";
  readonly atMs: EpochMs;
  readonly jobKey: string;
}

/** Holds the account against the venue. An account without a day, or whose day is over, has nothing to compare. */
export interface CompareWithVenue {
  readonly type: "COMPARE_WITH_VENUE";
  readonly atMs: EpochMs;
  readonly jobKey: string;
}

/** The commands that jobs give, all identified by their job key. */
export type JobCommand = Extract<Command, { readonly jobKey: string }> | PollTransfers | CompareWithVenue;

/** A message the consumers have not confirmed after the last attempt; it waits for a person. */
export interface ParkedMessage {
  readonly outboxId: number;
  readonly topic: "ledger" | "notifications";
  readonly attempts: number;
  readonly body: string;
}

/** What a stretch of the journal means for everybody outside, made again from nothing. */
export interface RetoldPage extends Consequences {
  /** Null: there is no such account. */
  readonly profile: Pick<AccountProfile, "displayName" | "category"> | null;
  readonly openedAtMs: EpochMs | null;
  readonly throughSequence: number;
  readonly isComplete: boolean;
}

export interface AccountVerification {
  readonly accountId: string;
  readonly entries: number;
  readonly headHash: string;
  readonly chainIntact: boolean;
  readonly foldEqualsSnapshot: boolean;
  readonly ledgerEntries: number;
  readonly ledgerBalanced: boolean;
  readonly cashReconciles: boolean;
  readonly openPositions: number;
  readonly outboxPending: number;
  readonly outboxParked: number;
  /** SHA-256 over the read-model rows that the journal folds to, for comparison with D1. */
  readonly projectionHash: string;
}

/** A live feed that has not ticked for `limitMs`, or ticks again. */
export interface FeedSilence {
  readonly underlying: Underlying;
  readonly isSilent: boolean;
  readonly lastTickMs: EpochMs;
  readonly atMs: EpochMs;
  readonly limitMs: number;
  /** A silence of this length trips the underlying's breaker; null: none does. */
  readonly tripAfterMs: number | null;
}

export interface Hand {
  readonly by?: "USER" | "OPERATOR";
  readonly underlying?: Underlying;
}

/** What else may be changed with the limits, and who does it. */
export type LimitsChange = Pick<
  Extract<Command, { readonly type: "CHANGE_LIMITS" }>,
  "overrides" | "locks" | "capitalPaise" | "by" | "actor"
>;

export interface AccountRpc {
  open(profile: AccountProfile, atMs: EpochMs): Promise<Result<CommandOutcome, AccountRefusal>>;
  /** What is not named stays as it is. */
  changeLimits(limits: LimitsPatch, change?: LimitsChange): Promise<Result<CommandOutcome, AccountRefusal>>;
  changeKyc(kyc: Omit<KycRecord, "changedAtMs">, actor: string): Promise<Result<CommandOutcome, AccountRefusal>>;
  /** Carries out one step of the day. Returns when everything it caused has been handed to the venue or the rail. */
  runJob(command: JobCommand): Promise<Result<CommandOutcome, AccountRefusal>>;
  submitOrder(request: OrderRequest): Promise<Result<SubmitOutcome, AccountRefusal>>;
  cancelOrder(clientOrderId: ClientOrderId): Promise<Result<SubmitOutcome, AccountRefusal>>;
  submitList(request: ListRequest): Promise<Result<ListOutcome, AccountRefusal>>;
  cancelList(listId: ClientOrderId): Promise<Result<ListOutcome, AccountRefusal>>;
  /** Plans and exits by request: of one position, of several together, of all. */
  exit(command: ExitCommand): Promise<Result<CommandOutcome, AccountRefusal>>;
  /** The account's strategy instances: loading, moving along their states, parameters, removing. */
  strategy(command: StrategyCommand): Promise<Result<CommandOutcome, AccountRefusal>>;
  strategies(): Promise<readonly StrategyInstance[]>;
  /** Stops everything, or one underlying; `by` is the user's own hand unless it says otherwise. */
  halt(reason: string, hand?: Hand): Promise<Result<CommandOutcome, AccountRefusal>>;
  resume(hand?: Hand): Promise<Result<CommandOutcome, AccountRefusal>>;
  /** The same modify id with the same changes changes nothing again. */
  modifyOrder(
    clientOrderId: ClientOrderId,
    modifyId: string,
    changes: OrderChanges,
  ): Promise<Result<ModifyOutcome, AccountRefusal>>;
  /** Holds the account against the venue now and returns what was found. */
  reconcile(): Promise<Result<ReconciliationRun, AccountRefusal>>;
  /** Facts from the venue and the feed. Repeating them changes nothing. */
  applyReports(reports: readonly VenueReport[], atMs: EpochMs): Promise<void>;
  fireTriggers(
    fired: readonly { readonly triggerId: string; readonly price: PriceView }[],
    atMs: EpochMs,
  ): Promise<void>;
  noteFeedSilence(silence: FeedSilence): Promise<void>;
  updateTransfer(command: Extract<Command, { readonly type: "UPDATE_TRANSFER" }>): Promise<void>;
  /** The session tells what time it is; used for orders that come in between the session's own steps. */
  setClock(sessionDate: MarketDate, clock: SessionClock): Promise<void>;
  state(): Promise<AccountState>;
  /** What the platform's breaker asks of it; null as long as it has nothing at stake today. */
  standing(): Promise<AccountStanding | null>;
  /** What a person sees of the account, money as decimal strings. Null before it is opened. */
  view(): Promise<AccountView | null>;
  journal(afterSequence: number, limit: number): Promise<readonly JournalEntry[]>;
  /** The consumers confirm what they have stored; only then does the outbox forget it. */
  confirmOutbox(outboxIds: readonly number[]): Promise<void>;
  /** Sends everything pending now and says how much is left unconfirmed. */
  flushOutbox(): Promise<{ readonly pending: number; readonly parked: number }>;
  parkedOutbox(): Promise<readonly ParkedMessage[]>;
  /** Gives every parked message a new set of attempts and says how many there were. */
  replayParked(): Promise<number>;
  verify(): Promise<AccountVerification>;
  /** The consequences of up to `limit` events after `afterSequence`, for read models that are to be made again. */
  retell(afterSequence: number, limit: number): Promise<RetoldPage>;
}

// ── Market feed ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface FeedView {
  readonly underlying: Underlying;
  readonly atMs: EpochMs;
  readonly spotPaise: Paise | null;
  readonly spotAtMs: EpochMs | null;
  readonly vixCenti: number | null;
  /** Completed and running 3-minute bars of the day, oldest first. */
  readonly bars: readonly Bar[];
  readonly quotes: readonly HeldQuote[];
  readonly coverage: SessionUnderlying | null;
}

/** An order as the simulated venue takes it. */
export interface VenueOrder {
  readonly accountId: string;
  readonly terms: OrderTerms;
  readonly submittedAtMs: EpochMs;
}

/** A request to change an order, as the simulated venue takes it. */
export interface VenueReplaceRequest {
  readonly accountId: string;
  readonly clientOrderId: ClientOrderId;
  readonly modifyId: string;
  readonly terms: ReplaceableTerms;
  readonly sentAtMs: EpochMs;
}

/** One underlying's part of what the simulated venue shows of an account. */
export interface VenueBook extends Omit<VenueSnapshot, "readAtMs" | "cashPaise"> {
  readonly atMs: EpochMs;
}

/** A switch of the operator at a feed. `reason` null opens the gate again; a lower `changeNo` than the last is out of date. */
export interface FeedGate {
  readonly scope: "PLATFORM" | "UNDERLYING";
  readonly changeNo: number;
  readonly reason: string | null;
}

/** A chunk that does not continue the tape. */
export interface TapeRefusal {
  readonly code: "TAPE_CHUNK_OUT_OF_ORDER" | "TAPE_TIME_GOES_BACK";
  readonly detail: string;
}

/** An account that fails to take what its feed tells it. Instants are the wall's. */
export interface UntoldAccount {
  readonly accountId: string;
  /** What it has not heard. */
  readonly deliveries: number;
  readonly sinceMs: EpochMs;
  /** In a row. */
  readonly failures: number;
  readonly retryMs: EpochMs;
  readonly error: string;
}

export interface MarketFeedRpc {
  /** Prepares for a session; an earlier session's data is dropped. */
  loadSession(session: RecordedSession, underlying: Underlying): Promise<void>;
  /** Takes a chunk whole or not at all. One that was taken before changes nothing. Returns how many events it has. */
  appendTape(date: MarketDate, chunk: number, events: readonly MarketEvent[]): Promise<Result<number, TapeRefusal>>;
  /** Takes facts in: updates bars and quotes, fires triggers, matches orders. Live feeds call this; so does the replay. */
  ingest(events: readonly MarketEvent[]): Promise<void>;
  /** Plays recorded events and due venue work of exactly the instants up to `atMs`; returns when every account has been told or has fallen behind. */
  playUntil(atMs: EpochMs): Promise<{
    readonly ingested: number;
    readonly triggersFired: number;
    readonly reports: number;
    /** Accounts that could not be told and are tried again; absent where there are none. */
    readonly untold?: number;
  }>;
  /** The earliest instant at which something is due here, or null when nothing is left. */
  nextDueMs(): Promise<EpochMs | null>;
  /** Who could not be told and is tried again, by itself or right now. */
  untold(options: { readonly tryNow: boolean }): Promise<readonly UntoldAccount[]>;
  view(options: { readonly quotes: "ALL" | "NEAR" | "NONE" }): Promise<FeedView>;
  /** How long it has heard nothing, by the wall's clock; null in a replay, and where nothing live has ticked yet. */
  liveSilentMs(): Promise<number | null>;
  prices(instrumentIds: readonly InstrumentId[]): Promise<readonly PriceView[]>;
  contract(instrumentId: InstrumentId): Promise<OptionContract | null>;
  /** Replaces the account's triggers on one instrument; an empty list removes them. */
  setTriggers(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): Promise<void>;
  /** The simulated venue. Submitting the same client order id again changes nothing. */
  venueSubmit(orders: readonly VenueOrder[]): Promise<void>;
  venueCancel(accountId: string, clientOrderIds: readonly ClientOrderId[], atMs: EpochMs): Promise<void>;
  /** Returns the orders the venue has never seen; what becomes of the other requests comes as reports. */
  venueReplace(requests: readonly VenueReplaceRequest[]): Promise<readonly ClientOrderId[]>;
  /** Null when the feed does not hold that day (any more). */
  venueBook(accountId: string, date: MarketDate): Promise<VenueBook | null>;
  /** What the venue has reported on these orders so far, for reconciliation. Unknown orders are absent. */
  venueReports(accountId: string, clientOrderIds: readonly ClientOrderId[]): Promise<readonly VenueReport[]>;
  /** Durable, and outlasting every session: while a gate is closed no entry passes, exits and cancels do. */
  setGate(gate: FeedGate): Promise<void>;
}

// ── Session ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type SessionStatus = "NONE" | "LOADING" | "READY" | "RUNNING" | "PAUSED" | "FINISHED" | "STOPPED" | "FAILED";

export interface SessionView {
  readonly status: SessionStatus;
  readonly mode: "REPLAY" | "PAPER";
  readonly session: RecordedSession | null;
  readonly nowMs: EpochMs | null;
  readonly speed: number | null;
  readonly cycle: number | null;
  readonly phase: CyclePhase;
  readonly accounts: number;
  readonly waitingFor: readonly string[];
  readonly failure: string | null;
}

export type { CyclePhase };

export interface SessionRefusal {
  readonly code:
    | "SESSION_NOT_FOUND"
    | "SESSION_NOT_READY"
    | "SESSION_RUNNING"
    | "SESSION_OVER"
    | "SESSION_ACCOUNT_UNKNOWN"
    | "SPEED_OUT_OF_RANGE";
  readonly detail: string;
}

export interface SessionRpc {
  /** Prepares a replay. The tape follows through the feeds; `ready` closes the loading. */
  load(session: RecordedSession, accountIds: readonly string[]): Promise<Result<SessionView, SessionRefusal>>;
  ready(): Promise<Result<SessionView, SessionRefusal>>;
  /**
   * speed: market seconds per wall second, 1 to 3600, or null for as fast as it goes. A session that has failed goes on as
   * well, once no job of its day stands as failed.
   */
  start(speed: number | null): Promise<Result<SessionView, SessionRefusal>>;
  pause(): Promise<Result<SessionView, SessionRefusal>>;
  setSpeed(speed: number | null): Promise<Result<SessionView, SessionRefusal>>;
  stop(): Promise<Result<SessionView, SessionRefusal>>;
  view(): Promise<SessionView>;
  /** A consumer reports a batch of account work as carried out, so that the clock may move on. */
  batchDone(batchId: string, failure: string | null): Promise<void>;
}
