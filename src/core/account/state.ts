// What an account knows: the fold of its journal, nothing else.

import type { Restriction } from "../compliance/restriction.ts";
import type { Transfer } from "../funds/transfer.ts";
import type { Exchange, InstrumentId, Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { ClientOrderId, ExitReason, Order } from "../order/order.ts";
import type { OrderList } from "../order-list/order-list.ts";
import type { Position } from "../position/position.ts";
import type { Difference, ReconcileCause } from "../reconciliation/difference.ts";
import type { Breakers } from "../risk/circuit-breaker.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import type { StrategyInstance } from "../strategy/definition/instance.ts";
import type { VixDecision } from "./event.ts";
import type { ExitGroup } from "./exit-groups.ts";
import type { AccountProfile } from "./profile.ts";
import type { Reentry, ReentryTerms } from "./reentry.ts";
import type { StopRule } from "./stop-rules.ts";

/** ACTIVE: may open and close. REDUCING: may only close. HALTED: kill switch; everything is closed and stays closed. */
export type TradingState = "ACTIVE" | "REDUCING" | "HALTED";

/** OPEN → EXIT_ONLY → FLAT → PROVISIONAL → PAID_OUT → FINAL → CLOSED */
export type DayStatus = "OPEN" | "EXIT_ONLY" | "FLAT" | "PROVISIONAL" | "PAID_OUT" | "FINAL" | "CLOSED";

export interface DayState {
  readonly date: MarketDate;
  readonly status: DayStatus;
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
  readonly vixCenti: number | null;
  /** Entries made, in all and by `${cycleId}/${underlying}`. */
  readonly trades: number;
  readonly tradesByCycle: Readonly<Record<string, number>>;
  /** The day's adaptive figure from the VIX band (VIX-03); binds together with the user's own limit (C-59). */
  readonly vixTradesMax: number;
  /** How the last window came to that figure; absent before the first, and in older journals. */
  readonly vixDecision?: VixDecision;
  /** Share of buying power the VIX band allows, × 10,000. */
  readonly capacityBps: number;
  /** Realised before charges, from fills. */
  readonly realisedPaise: Paise;
  /** Charges as they accrue per fill, rounded up: what the guardrails count with. The contract note decides in the end. */
  readonly accruedChargesPaise: Paise;
  readonly provisional: SettlementWorksheet | null;
  readonly final: SettlementWorksheet | null;
  /** The day's loss limit has been reached, whatever was earned since; absent before. */
  readonly isLossLimited?: true;
  /** The exit group of the whole account that has ended the day for entries; absent while none has. */
  readonly endedBy?: DayEnd;
  /** The day's best result so far, open positions included; absent while it has not been above zero. */
  readonly peakResultPaise?: Paise;
  /** What may not be opened or needs a warning on this day; absent: nobody has said anything. */
  readonly restrictions?: readonly Restriction[];
  readonly ordersSubmitted: number;
  readonly ordersDenied: number;
  /** Instants at which orders leave for an exchange, ascending: the latest that can still bear on the order rate. */
  readonly releases?: Readonly<Partial<Record<Exchange, readonly EpochMs[]>>>;
}

/** What ended a day for entries: the group, the level of its result that was reached, and the result. */
export interface DayEnd {
  readonly groupId: string;
  readonly reason: ExitReason;
  readonly levelPaise: Paise;
  readonly resultPaise: Paise;
}

/** One run of the reconciliation, as it was journaled. */
export interface ReconciliationRun {
  readonly sequence: number;
  readonly atMs: EpochMs;
  readonly cause: ReconcileCause;
  readonly readAtMs: EpochMs;
  readonly compared: { readonly orders: number; readonly fills: number; readonly positions: number };
  readonly differences: readonly Difference[];
  /** How many more there were than are kept; absent when all are. */
  readonly differencesBeyond?: number;
  /** The reading was overtaken by what reached us after the asking: totals, positions and cash were not compared. */
  readonly isOvertaken?: true;
  /** What an earlier run has raised that forbids entries and that this one has not compared; absent where it is nothing. */
  readonly standing?: readonly Difference[];
}

/** A price level, or an instant, that the market feed watches for this account. */
export interface PriceTrigger {
  readonly triggerId: string;
  readonly instrumentId: InstrumentId;
  readonly kind:
    | "STOP"
    | "TARGET"
    | "TRAIL_STEP"
    | "LOSS_GUARD"
    | "GROUP_FALL"
    | "GROUP_RISE"
    /** In place of guards whose price was not believed: at the price that would be, and at the instant when the doubt is over. */
    | "DOUBT_CHANGES"
    | "DOUBT_ENDS"
    | "REENTRY"
    | "TIMER"
    /** One of several targets: a part of the position goes. A plan may have a few of them; their levels tell them apart. */
    | "SCALE_OUT";
  /** Fires when the exit side is at or beyond the level. */
  readonly fires: "AT_OR_BELOW" | "AT_OR_ABOVE";
  readonly levelPaise: Paise;
  /** The side the position is left at: the bid of a long, which is meant when it is absent, or the ask of a short. */
  readonly watches?: "BID" | "ASK";
  /** The market instant at which it fires, whatever the price: of every TIMER and DOUBT_ENDS. Its level is zero and means nothing. */
  readonly dueMs?: EpochMs;
}

/**
 * How an open trade is to be left. Prices are premiums of the contract; those of a short lie mirrored: its stop above, its target
 * below. Null stands for none.
 */
export interface ExitPlan {
  readonly stopPaise: Paise | null;
  readonly targetPaise: Paise | null;
  /** Once the exit side reaches this, the stop moves by `trailStepPaise` towards the gain and so does this level. */
  readonly trailFromPaise: Paise | null;
  readonly trailStepPaise: Paise;
  readonly timeExitMs: EpochMs | null;
  readonly stopReason: Extract<ExitReason, "STOP" | "TRAILING_STOP">;
  /** What else tightens the stop: trailing from a person's distances, to cost, locking profit. */
  readonly rules?: readonly StopRule[];
  /** Whether and how the trade is entered again after its stop. */
  readonly reentry?: ReentryTerms;
  /**
   * Nearer than `targetPaise`: where a part of the position goes, the nearest first, with what has not dealt of each. Absent
   * where there is none, or none any more.
   */
  readonly targets?: readonly ScaleTarget[];
}

/** How much is left at a level: asked for in whole lots, and less by what has dealt. */
export interface ScaleTarget {
  readonly pricePaise: Paise;
  readonly units: number;
}

export interface PriceDoubt {
  readonly pricePaise: Paise;
  /** What the position counted at instead. */
  readonly believedPaise: Paise;
  readonly untilMs: EpochMs;
}

export interface OpenTrade {
  readonly position: Position;
  readonly signalId: string | null;
  readonly cycleId: string | null;
  readonly exitPlan: ExitPlan | null;
  readonly triggers: readonly PriceTrigger[];
  /** What it could be left at, as far as that was believed, when one of its triggers last fired; absent before. */
  readonly lastExitPaise?: Paise;
  /** Its price was not believed when one of its triggers last fired; absent where it was. */
  readonly doubt?: PriceDoubt;
  /** The list that opened it; absent for a trade of its own. */
  readonly listId?: ClientOrderId;
  /** The strategy instance that opened it; absent where none did. */
  readonly strategyId?: string;
  /** Blocked for what is short of it; absent for a long, and for a short that nobody meant to open. */
  readonly marginPaise?: Paise;
}

export interface SilentFeed {
  readonly lastTickMs: EpochMs;
  readonly limitMs: number;
}

export interface AccountState {
  readonly profile: AccountProfile | null;
  /** Sequence number of the last event folded in; 0 = none. */
  readonly sequence: number;
  readonly lastEventMs: EpochMs;
  readonly tradingState: TradingState;
  readonly haltReason: string | null;
  /** Free and reserved cash in the trading account. */
  readonly cashPaise: Paise;
  readonly savingsPaise: Paise;
  /** Set aside for tax within savings (SET-03). */
  readonly taxLockPaise: Paise;
  /** Settled profit since the last ladder step (INC-03). */
  readonly accumulatedProfitPaise: Paise;
  readonly day: DayState | null;
  /** Orders of the day, by client order id; of those that ended without dealing, the latest. */
  readonly orders: Readonly<Record<ClientOrderId, Order>>;
  /** The others that ended without dealing, in buckets; `findOrder` knows both places. Absent while there are few. */
  readonly finishedOrders?: readonly (readonly Order[])[];
  /** Lists of the day and parents of sliced orders, by id; absent while there are none. */
  readonly lists?: Readonly<Record<ClientOrderId, OrderList>>;
  /** Open trades by instrument id. */
  readonly openTrades: Readonly<Record<InstrumentId, OpenTrade>>;
  /** Exits of several positions together, by group id; absent while there never was one. */
  readonly exitGroups?: Readonly<Record<string, ExitGroup>>;
  /** Trades that were stopped and may be entered again, by instrument id; absent while there never was one. */
  readonly reentries?: Readonly<Record<InstrumentId, Reentry>>;
  /** Strategy instances by id; absent while there never was one. */
  readonly strategies?: Readonly<Record<string, StrategyInstance>>;
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** Job keys already carried out on this day. */
  readonly jobsDone: Readonly<Record<string, true>>;
  /** Executions already booked, so that a repeated report changes nothing. */
  readonly executionsSeen: Readonly<Record<string, true>>;
  /** Circuit breakers that have ever tripped; absent ones are ARMED. */
  readonly breakers?: Breakers;
  /** Feeds that were silent for longer than they may while something of theirs was held; absent ones speak. */
  readonly silentFeeds?: Readonly<Partial<Record<Underlying, SilentFeed>>>;
  /** The last runs of the reconciliation, latest last; absent before the first. */
  readonly reconciliations?: readonly ReconciliationRun[];
}
