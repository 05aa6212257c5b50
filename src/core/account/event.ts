// What happened to an account, in the past tense. The journal is a list of these; everything else can be made from it.

import type { KycRecord } from "../compliance/kyc.ts";
import type { Restriction } from "../compliance/restriction.ts";
import type { Transfer } from "../funds/transfer.ts";
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { ClientOrderId, ExitReason, Fill, OrderTerms, PendingReplace, ReplaceableTerms } from "../order/order.ts";
import type { ListStage, OrderListTerms } from "../order-list/order-list.ts";
import type { Difference, ReconcileCause } from "../reconciliation/difference.ts";
import type { RecordedCheck } from "../risk/check-record.ts";
import type { Denial } from "../risk/denial.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import type { BreakerEvent } from "./breaker-event.ts";
import type { ExitGroup } from "./exit-groups.ts";
import type { AccountLimits, AccountProfile, LimitLocks, LimitOverrides } from "./profile.ts";
import type { Reentry } from "./reentry.ts";
import type { ExitPlan, PriceTrigger, TradingState } from "./state.ts";
import type { StrategyEvent } from "./strategy-event.ts";

/** Why an account did or did not act on a signal in a window. */
export interface WindowDecision {
  readonly signalId: string;
  readonly action: "ENTERED" | "HELD" | "EXITED" | "NO_TRADE" | "DENIED";
  readonly reason: string;
  readonly denial: Denial | null;
}

/** What India VIX and confidence made of the day's trades in one window, and why (VIX-04). */
export interface VixDecision {
  readonly guideline: number;
  readonly decision: "EXCEED" | "FOLLOW" | "REDUCE";
  readonly adaptiveMax: number;
  readonly remaining: number;
  /** Over all signals before the gate; null when there was none. */
  readonly averageConfidenceBps: number | null;
  /** What the indices had moved, where that was known, and what warned of more risk than usual. */
  readonly volatilityBps?: number;
  readonly riskWarning?: string;
  /** Of the adaptive figure; the parts sum to it. */
  readonly allocation: Readonly<Record<Underlying, number>>;
  readonly reason: string;
}

export type AccountEvent =
  | { readonly type: "ACCOUNT_OPENED"; readonly atMs: EpochMs; readonly profile: AccountProfile }
  | {
      readonly type: "LIMITS_CHANGED";
      readonly atMs: EpochMs;
      readonly limits: AccountLimits;
      readonly overrides?: LimitOverrides;
      readonly locks?: LimitLocks;
      readonly capitalPaise?: Paise;
      readonly by?: "USER" | "OPERATOR";
      readonly actor?: string;
    }
  | { readonly type: "KYC_CHANGED"; readonly atMs: EpochMs; readonly kyc: KycRecord; readonly actor?: string }
  | {
      readonly type: "RESTRICTIONS_CHANGED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly restrictions: readonly Restriction[];
    }
  | {
      readonly type: "DAY_OPENED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly date: MarketDate;
      readonly openMs: EpochMs;
      readonly closeMs: EpochMs;
      readonly vixCenti: number | null;
      readonly vixTradesMax: number;
      readonly capacityBps: number;
      readonly restrictions?: readonly Restriction[];
      /** Transfers of earlier days that go on, or that the bank may still send back; absent when only those under way do. */
      readonly transfersKept?: readonly string[];
    }
  /** A job that found nothing to do for this account, so that running it again finds nothing either. */
  | { readonly type: "JOB_DONE"; readonly atMs: EpochMs; readonly jobKey: string; readonly note: string }
  | {
      readonly type: "TRANSFER_REQUESTED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly transfer: Transfer;
    }
  | {
      readonly type: "TRANSFER_UPDATED";
      readonly atMs: EpochMs;
      readonly transferId: string;
      readonly status: "PROCESSING" | "COMPLETED" | "FAILED" | "REVERSED";
      readonly railReference: string | null;
      readonly failure: string | null;
    }
  | {
      readonly type: "WINDOW_RUN";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly cycleId: string;
      readonly window: 1 | 2 | 3;
      readonly vixCenti: number | null;
      readonly vixTradesMax: number;
      readonly capacityBps: number;
      readonly decisions: readonly WindowDecision[];
      readonly vixDecision?: VixDecision;
    }
  | {
      readonly type: "ORDER_DENIED";
      readonly atMs: EpochMs;
      readonly terms: OrderTerms;
      readonly denial: Denial;
      /** The rules that had let it pass before. */
      readonly checks?: readonly RecordedCheck[];
    }
  | {
      readonly type: "ORDER_SUBMITTED";
      readonly atMs: EpochMs;
      readonly terms: OrderTerms;
      readonly reservedPaise: Paise;
      /** How the trade is to be left once it is on; null for exits and for orders by request. */
      readonly exitPlanMove: ExitPlanMove | null;
      /** Every rule it passed, with its figures. */
      readonly checks?: readonly RecordedCheck[];
    }
  | {
      readonly type: "ORDER_ACCEPTED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly venueOrderId: string;
    }
  | {
      readonly type: "ORDER_REJECTED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      /** An exit that no reading has shown: it may still arrive, and is asked back. */
      readonly isGivenUp?: true;
    }
  | {
      readonly type: "ORDER_FILLED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly fill: Fill;
      readonly realisedPaise: Paise;
      readonly closedCostPaise: Paise;
      readonly accruedChargesPaise: Paise;
      readonly exitPlan: ExitPlan | null;
    }
  | { readonly type: "LIST_SUBMITTED"; readonly atMs: EpochMs; readonly terms: OrderListTerms }
  | {
      readonly type: "LIST_DENIED";
      readonly atMs: EpochMs;
      readonly terms: OrderListTerms;
      readonly denial: Denial;
      /** The rules that had let its legs pass before, leg by leg. */
      readonly checks?: readonly RecordedCheck[];
    }
  /** A list has come to another stage. Orders it sends are events of their own. */
  | {
      readonly type: "LIST_MOVED";
      readonly atMs: EpochMs;
      readonly listId: ClientOrderId;
      readonly stage: ListStage;
      readonly reason: string | null;
      readonly keptSets: number | null;
      readonly leaving: ExitReason | null;
    }
  | { readonly type: "CANCEL_REQUESTED"; readonly atMs: EpochMs; readonly clientOrderId: ClientOrderId }
  | {
      readonly type: "ORDER_CANCELED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      /** What it had dealt by its end, where that was more than had reached us. */
      readonly filledUnits?: number;
    }
  | {
      readonly type: "ORDER_EXPIRED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly reason?: string;
      readonly filledUnits?: number;
    }
  /** It left, or may have left, and nobody knows what became of it: it is looked up and never sent again. */
  | {
      readonly type: "ORDER_OUTCOME_UNKNOWN";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly request: "SUBMIT" | "REPLACE" | "CANCEL";
      readonly reason: string;
    }
  /** The venue's book was read and the order was not in it. Once is not enough: it may still be on its way. */
  | {
      readonly type: "ORDER_NOT_FOUND";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      /** The order was listed, and with the terms from before this modification. */
      readonly modifyId?: string;
      readonly readAtMs: EpochMs;
      /** Given up, asked back, and in no book after the answer: it does not arrive any more. */
      readonly isGone?: true;
    }
  | { readonly type: "ORDER_TRIGGERED"; readonly atMs: EpochMs; readonly clientOrderId: ClientOrderId }
  | {
      readonly type: "REPLACE_REQUESTED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly replace: Omit<PendingReplace, "requestedAtMs" | "unknownSinceMs" | "missedAtMs">;
      /** What the order holds from now on: the larger of what it needs with the old and with the new terms. */
      readonly reservedPaise: Paise;
      /** Every rule it passed as the order it would become, with its figures. */
      readonly checks?: readonly RecordedCheck[];
    }
  /** A modification that we refused before it left; the order stays as it is. */
  | {
      readonly type: "REPLACE_DENIED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly terms: ReplaceableTerms;
      readonly denial: Denial;
      readonly checks?: readonly RecordedCheck[];
    }
  | {
      readonly type: "ORDER_REPLACED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly terms: ReplaceableTerms;
    }
  | {
      readonly type: "REPLACE_REJECTED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly modifyId: string;
      readonly reason: string;
    }
  | {
      readonly type: "CANCEL_REJECTED";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly reason: string;
      /** The order works by our record and cannot be canceled at the venue: its book has to say what it is. */
      readonly isDoubted?: true;
      /** The answer to asking back what was given up, whatever it says. */
      readonly isRecall?: true;
    }
  /** An order that has ended here is alive at the venue: it is to be taken out there. */
  | {
      readonly type: "ORDER_STRAY";
      readonly atMs: EpochMs;
      readonly clientOrderId: ClientOrderId;
      readonly venueOrderId: string;
    }
  | { readonly type: "ORDER_STRAY_ENDED"; readonly atMs: EpochMs; readonly clientOrderId: ClientOrderId }
  /** The account was held against the venue. What could be repaired was repaired by the events before this one. */
  | {
      readonly type: "RECONCILED";
      readonly atMs: EpochMs;
      readonly jobKey?: string;
      readonly cause: ReconcileCause;
      readonly readAtMs: EpochMs;
      /** What was compared. */
      readonly compared: { readonly orders: number; readonly fills: number; readonly positions: number };
      readonly differences: readonly Difference[];
      /** How many more there were than are kept; absent when all are. */
      readonly differencesBeyond?: number;
      /** Something reached us between the asking and the answer: totals, positions and cash were not compared. */
      readonly isOvertaken?: true;
      /** What an earlier run has raised that forbids entries and that this one has not compared; absent where it is nothing. */
      readonly standing?: readonly Difference[];
      /** Orders whose cancel was refused after the asking: this reading does not answer for them. Absent: none. */
      readonly cancelsUnread?: readonly ClientOrderId[];
    }
  | {
      readonly type: "TRIGGERS_SET";
      readonly atMs: EpochMs;
      readonly instrumentId: InstrumentId;
      readonly triggers: readonly PriceTrigger[];
      readonly exitPlan: ExitPlan | null;
    }
  | {
      readonly type: "TRIGGER_FIRED";
      readonly atMs: EpochMs;
      readonly instrumentId: InstrumentId;
      readonly triggerId: string;
      readonly kind: PriceTrigger["kind"];
      readonly pricePaise: Paise;
      /** What the position counts at instead, where the quote has jumped; and until when that need not be looked at again. */
      readonly believedPaise?: Paise;
      readonly doubtedUntilMs?: EpochMs;
    }
  /** An exit of several positions together was made, changed by a person, or its stop tightened. */
  | { readonly type: "EXIT_GROUP_SET"; readonly atMs: EpochMs; readonly group: ExitGroup }
  /** Everything the group holds is being left; orders that leave it are events of their own. */
  | {
      readonly type: "EXIT_GROUP_LEFT";
      readonly atMs: EpochMs;
      readonly group: ExitGroup;
      readonly reason: ExitReason;
      readonly resultPaise: Paise;
    }
  | { readonly type: "EXIT_GROUP_REMOVED"; readonly atMs: EpochMs; readonly groupId: string }
  | { readonly type: "REENTRY_SET"; readonly atMs: EpochMs; readonly reentry: Reentry }
  | {
      readonly type: "REENTRY_ENDED";
      readonly atMs: EpochMs;
      readonly instrumentId: InstrumentId;
      readonly reason: string;
    }
  | { readonly type: "EXIT_ONLY_ENTERED"; readonly atMs: EpochMs; readonly jobKey: string }
  | {
      readonly type: "SQUARE_OFF_STARTED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly openTrades: number;
    }
  | {
      readonly type: "DAY_SETTLED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly worksheet: SettlementWorksheet;
    }
  /** The difference to the provisional settlement, booked when the broker's statement says otherwise. */
  | {
      readonly type: "SETTLEMENT_FINALISED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly worksheet: SettlementWorksheet;
      readonly chargesDifferencePaise: Paise;
    }
  | {
      readonly type: "DAY_CLOSED";
      readonly atMs: EpochMs;
      readonly jobKey: string;
      readonly date: MarketDate;
      readonly nextCapitalPaise: Paise;
      readonly accumulatedProfitPaise: Paise;
    }
  | {
      readonly type: "TRADING_STATE_CHANGED";
      readonly atMs: EpochMs;
      readonly state: TradingState;
      readonly reason: string;
    }
  | StrategyEvent
  | BreakerEvent;

/** Distances in premium paise from the entry price; made absolute when the entry fills. */
export interface ExitPlanMove {
  readonly stopPaise: Paise;
  readonly targetPaise: Paise;
  readonly trailFromPaise: Paise;
  readonly trailStepPaise: Paise;
  readonly timeExitMs: EpochMs;
}

/** An event as it stands in the journal: numbered and chained to the one before it. */
export interface JournalEntry {
  readonly sequence: number;
  readonly event: AccountEvent;
  /** Hex SHA-256 over the previous hash and this entry's canonical JSON. */
  readonly hash: string;
}
