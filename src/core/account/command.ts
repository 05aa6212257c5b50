// What can be asked of an account. Every command carries the instant it is given at; the core never reads a clock.
import type { KycRecord } from "../compliance/kyc.ts";
import type { Restriction } from "../compliance/restriction.ts";
import type { InstrumentId, OptionContract, Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type {
  ClientOrderId,
  Fill,
  OrderProduct,
  OrderSide,
  OrderType,
  ReplaceableTerms,
  TimeInForce,
} from "../order/order.ts";
import type { OrderListTerms, Structure } from "../order-list/order-list.ts";
import type { SwitchingTerms } from "../prediction/direction-switching.ts";
import type { Signal } from "../prediction/signal.ts";
import type { ReconcileCause } from "../reconciliation/difference.ts";
import type { VenueSnapshot } from "../reconciliation/snapshot.ts";
import type { BreakerScope, Trip } from "../risk/circuit-breaker.ts";
import type { VenueReading } from "../risk/flat-proof.ts";
import type { ChargeHeads } from "../settlement/worksheet.ts";
import type { ParameterValues, StrategyDefinition } from "../strategy/definition/definition.ts";
import type { InstanceAction } from "../strategy/definition/instance.ts";
import type { MarketView } from "../strategy/definition/market-view.ts";
import type { ExitCommand } from "./exit-command.ts";
import type { AccountLimits, AccountProfile, LimitLocks, LimitOverrides } from "./profile.ts";
import type { AccountState } from "./state.ts";

/** The exit and entry side of a contract at one moment. */
export interface PriceView {
  readonly instrumentId: InstrumentId;
  readonly bidPaise: Paise | null;
  readonly askPaise: Paise | null;
  readonly lastPaise: Paise | null;
  readonly quotedAtMs: EpochMs;
  /** Older than this is stale for a new entry. */
  readonly staleAfterMs: number;
  /** The index at that moment, and the contract's implied volatility × 10,000: what margin and greeks are computed from. */
  readonly spotPaise?: Paise | null;
  readonly ivBps?: number | null;
  /** The last price that was no jump from the one before it; and since when the quote has stood still, with the index of then. */
  readonly steady?: { readonly pricePaise: Paise; readonly atMs: EpochMs } | null;
  /** For how long the side has been off the steady price; absent while it follows from it. */
  readonly bidDoubtedMs?: number;
  readonly askDoubtedMs?: number;
  readonly still?: { readonly sinceMs: EpochMs; readonly spotPaise: Paise | null };
  /** The feed's gate is closed: nothing new passes there. Absent while it is open. */
  readonly halt?: FeedHalt;
  /** The feed has been silent for so long, longer than new risk may rest on; absent while it ticks. */
  readonly silence?: { readonly silentMs: number; readonly limitMs: number };
}

export type VenueReport =
  | {
      readonly kind: "ACCEPTED";
      readonly clientOrderId: ClientOrderId;
      readonly venueOrderId: string;
      readonly atMs: EpochMs;
    }
  | {
      readonly kind: "REJECTED";
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      readonly atMs: EpochMs;
    }
  | { readonly kind: "FILLED"; readonly clientOrderId: ClientOrderId; readonly fill: Fill; readonly atMs: EpochMs }
  | {
      readonly kind: "CANCELED";
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      readonly atMs: EpochMs;
      /** FIX 14 CumQty: all that it has dealt by its end, where the venue says so. */
      readonly filledUnits?: number;
    }
  | {
      readonly kind: "EXPIRED";
      readonly clientOrderId: ClientOrderId;
      /** Where it is not the session's end. */
      readonly reason?: string;
      readonly atMs: EpochMs;
      readonly filledUnits?: number;
    }
  /** A STOP_LIMIT's trigger has been reached. */
  | { readonly kind: "TRIGGERED"; readonly clientOrderId: ClientOrderId; readonly atMs: EpochMs }
  /** The order has these terms now. */
  | {
      readonly kind: "REPLACED";
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly terms: ReplaceableTerms;
      readonly atMs: EpochMs;
    }
  /** The order stays as it was. */
  | {
      readonly kind: "REPLACE_REJECTED";
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly reason: string;
      readonly atMs: EpochMs;
    }
  | {
      readonly kind: "CANCEL_REJECTED";
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      readonly atMs: EpochMs;
    };

/** What a modification changes; what is absent stays. */
export type OrderChanges = Partial<ReplaceableTerms>;

/** Why nothing new passes at a feed, as the operator has set it. */
export interface FeedHalt {
  readonly code: "PLATFORM_HALTED" | "UNDERLYING_HALTED";
  readonly reason: string;
}

/** What a person or a program asks for; the account adds the rest. */
export interface OrderRequest {
  readonly clientOrderId: ClientOrderId;
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly product: OrderProduct;
  readonly quantityUnits: number;
  /** Null for MARKET. */
  readonly limitPricePaise: Paise | null;
  /** Of a STOP_LIMIT: the last price at which it becomes a LIMIT order. */
  readonly triggerPricePaise?: Paise;
  /** Send as much as the buying power carries, in whole lots, where all of it does not fit (SPL-06). */
  readonly takeWhatFits?: boolean;
}

/** Several orders as one intent; templates have become legs by now. */
export interface ListRequest {
  readonly listId: ClientOrderId;
  readonly structure: Structure;
  /** How often the ratio of the legs is taken: units of a leg are ratio × sets × lot. */
  readonly sets: number;
  readonly legs: readonly {
    readonly contract: OptionContract;
    readonly side: OrderSide;
    readonly ratio: number;
    /** Null for MARKET. */
    readonly limitPricePaise: Paise | null;
  }[];
  readonly completeWithinMs: number;
  readonly onIncomplete: OrderListTerms["onIncomplete"];
  readonly timeExitMs: EpochMs | null;
  /** The request as it came, by which a repetition is known. */
  readonly request: string;
}

/** What a person asks of the account's strategies. */
export type StrategyCommand =
  | {
      readonly type: "LOAD_STRATEGY";
      readonly instanceId: string;
      readonly strategyId: string;
      readonly definition: StrategyDefinition;
      readonly hash: string;
      readonly underlying: Underlying;
      readonly parameters: ParameterValues;
    }
  | { readonly type: "MOVE_STRATEGY"; readonly instanceId: string; readonly action: InstanceAction }
  /** What is not named stays as it is; from the next window on. */
  | { readonly type: "SET_STRATEGY_PARAMETERS"; readonly instanceId: string; readonly parameters: ParameterValues }
  | { readonly type: "REMOVE_STRATEGY"; readonly instanceId: string };

export type Command =
  | { readonly type: "OPEN_ACCOUNT"; readonly atMs: EpochMs; readonly profile: AccountProfile }
  | {
      readonly type: "CHANGE_LIMITS";
      readonly atMs: EpochMs;
      readonly limits: AccountLimits;
      /** What is absent stays as it is. */
      readonly overrides?: LimitOverrides;
      readonly locks?: LimitLocks;
      readonly capitalPaise?: Paise;
      /** Absent: an operator. */
      readonly by?: "USER" | "OPERATOR";
      /** The key it was done with. */
      readonly actor?: string;
      /** Of what is held, as far as known: whether a new loss limit is reached already is judged by them. */
      readonly prices?: readonly PriceView[];
    }
  | { readonly type: "CHANGE_KYC"; readonly atMs: EpochMs; readonly kyc: KycRecord; readonly actor?: string }
  /** What may not be opened has changed during the day: the whole list as it is now. */
  | {
      readonly type: "CHANGE_RESTRICTIONS";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly date: MarketDate;
      readonly restrictions: readonly Restriction[];
    }
  | {
      readonly type: "OPEN_DAY";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly date: MarketDate;
      readonly openMs: EpochMs;
      readonly closeMs: EpochMs;
      readonly vixCenti: number | null;
      /** In force on the date, as frozen for it. */
      readonly restrictions?: readonly Restriction[];
    }
  | { readonly type: "REQUEST_PULL"; readonly atMs: EpochMs; readonly jobKey: string }
  | { readonly type: "REQUEST_PUSH"; readonly atMs: EpochMs; readonly jobKey: string }
  | {
      /** A pay-out that the rail has called failed or sent back, and has just been asked about once more. */
      readonly type: "RETRY_TRANSFER";
      readonly atMs: EpochMs;
      readonly transferId: string;
    }
  | {
      readonly type: "UPDATE_TRANSFER";
      readonly atMs: EpochMs;
      readonly transferId: string;
      readonly status: "PROCESSING" | "COMPLETED" | "FAILED" | "REVERSED";
      readonly railReference: string | null;
      readonly failure: string | null;
    }
  | {
      readonly type: "RUN_WINDOW";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly cycleId: string;
      readonly window: 1 | 2 | 3;
      readonly vixCenti: number | null;
      /** What the indices have moved today, as a volatility of a year × 10,000; absent or null where it is not known. */
      readonly volatilityBps?: number | null;
      readonly signals: readonly Signal[];
      /** STRATEGIES: only those act on the signals, as where a backtest is to show what a strategy does by itself; else all do. */
      readonly signalsFor?: "STRATEGIES";
      /** How often views may turn, and what is left beforehand; absent: as the rules have it. */
      readonly switching?: SwitchingTerms;
      /** What strategies decide by, for each index that some account's strategy trades; absent when there is none. */
      readonly markets?: readonly MarketView[];
      /** Prices of the signals' contracts and of everything this account holds. */
      readonly prices: readonly PriceView[];
    }
  | {
      readonly type: "SUBMIT_ORDER";
      readonly atMs: EpochMs;
      readonly request: OrderRequest;
      readonly price: PriceView | null;
    }
  | {
      readonly type: "SUBMIT_LIST";
      readonly atMs: EpochMs;
      readonly request: ListRequest;
      /** Of the legs' contracts and of everything this account holds. */
      readonly prices: readonly PriceView[];
    }
  | { readonly type: "CANCEL_LIST"; readonly atMs: EpochMs; readonly listId: ClientOrderId }
  | { readonly type: "CANCEL_ORDER"; readonly atMs: EpochMs; readonly clientOrderId: ClientOrderId }
  /** The same modify id with the same changes is a replay. */
  | {
      readonly type: "MODIFY_ORDER";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly changes: OrderChanges;
      readonly price: PriceView | null;
    }
  /** A request to the venue has left and no answer has come, or none can be told from silence. */
  | {
      readonly type: "NOTE_UNKNOWN";
      readonly atMs: EpochMs;
      readonly unknown: readonly UnknownOutcome[];
    }
  /** Holds the account against what the venue says of it. */
  | {
      readonly type: "RECONCILE";
      readonly atMs: EpochMs;
      /** Of a run by job: it is done once. */
      readonly jobKey?: string;
      readonly cause: ReconcileCause;
      /** The account as it was when the snapshot was asked for: what has come since may not be in it. */
      readonly asked: AccountState;
      readonly snapshot: VenueSnapshot;
    }
  | { readonly type: "APPLY_REPORTS"; readonly atMs: EpochMs; readonly reports: readonly VenueReport[] }
  | {
      readonly type: "FIRE_TRIGGERS";
      readonly atMs: EpochMs;
      readonly fired: readonly { readonly triggerId: string; readonly price: PriceView }[];
      /** Prices of whatever else is held, as far as known: they make the daily loss exact when a LOSS_GUARD has fired. */
      readonly prices?: readonly PriceView[];
    }
  | (ExitCommand & { readonly atMs: EpochMs; readonly prices: readonly PriceView[] })
  | (StrategyCommand & { readonly atMs: EpochMs; readonly prices: readonly PriceView[] })
  | { readonly type: "ENTER_EXIT_ONLY"; readonly atMs: EpochMs; readonly jobKey: string }
  | {
      readonly type: "SQUARE_OFF";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly prices: readonly PriceView[];
    }
  | { readonly type: "SETTLE_PROVISIONAL"; readonly atMs: EpochMs; readonly jobKey: string }
  | {
      readonly type: "SETTLE_FINAL";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly statement: BrokerStatement;
    }
  | { readonly type: "CLOSE_DAY"; readonly atMs: EpochMs; readonly jobKey: string }
  | {
      readonly type: "HALT";
      readonly atMs: EpochMs;
      readonly reason: string;
      readonly prices: readonly PriceView[];
      /** Whose hand it is; the user's unless it says otherwise. */
      readonly by?: "USER" | "OPERATOR";
      /** Only this underlying; everything when absent. */
      readonly underlying?: Underlying;
    }
  | {
      readonly type: "RESUME";
      readonly atMs: EpochMs;
      readonly by?: "USER" | "OPERATOR";
      readonly underlying?: Underlying;
    }
  /** The platform's switch, for every account alike. A switch older than one that was followed already does nothing. */
  | {
      readonly type: "FOLLOW_SWITCH";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly action: "HALT" | "RESUME";
      readonly scope: BreakerScope;
      readonly haltId: string;
      readonly changeNo: number;
      readonly reason: string;
      /** What the platform's own breaker saw; absent where a person threw the switch. */
      readonly seen?: Pick<Trip, "cause" | "evidence">;
      readonly prices: readonly PriceView[];
    }
  /** A look at the venue while a breaker is TRIPPED. `reading` null: it could not be read. */
  | {
      readonly type: "CHECK_FLAT";
      readonly atMs: EpochMs;
      readonly prices: readonly PriceView[];
      readonly reading: VenueReading | null;
    }
  /** The feed has heard nothing for longer than `limitMs`, or hears again. */
  | {
      readonly type: "NOTE_FEED_SILENCE";
      readonly atMs: EpochMs;
      readonly underlying: Underlying;
      readonly isSilent: boolean;
      readonly lastTickMs: EpochMs;
      readonly limitMs: number;
      /** A silence of this length trips the underlying's breaker; null: it only warns and lets nothing new in. */
      readonly tripAfterMs: number | null;
      readonly prices: readonly PriceView[];
    };

export interface UnknownOutcome {
  readonly clientOrderId: ClientOrderId;
  readonly request: "SUBMIT" | "REPLACE" | "CANCEL";
  readonly reason: string;
}

/** The venue's own account of the day, against which the final settlement is made. */
export interface BrokerStatement {
  readonly date: MarketDate;
  readonly fills: number;
  readonly realisedPaise: Paise;
  readonly charges: ChargeHeads;
}
