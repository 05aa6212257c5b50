// From journal events to the rows other people read. Each row carries the sequence of the event that last changed it.
import type { EpochMs, MarketDate } from "../kernel/time.ts";

export interface OrderRow {
  readonly table: "orders";
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  readonly instrumentId: string;
  readonly underlying: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly quantityUnits: number;
  readonly limitPricePaise: number;
  readonly purpose: string;
  readonly exitReason: string | null;
  readonly origin: string;
  readonly cycleId: string | null;
  readonly signalId: string | null;
  readonly status: string;
  readonly filledUnits: number;
  readonly filledValuePaise: number;
  readonly venueOrderId: string | null;
  readonly denialCode: string | null;
  /** JSON of the Denial: limit, value and what would pass. */
  readonly denial: string | null;
  readonly rejectReason: string | null;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
  readonly triggerPricePaise: number | null;
  readonly product: string;
  /** The list it is a child of and its leg there, from 0. */
  readonly listId: string | null;
  readonly legIndex: number | null;
  /** Not to be sent before this instant, for the order rate. */
  readonly releaseAtMs: EpochMs | null;
  readonly algoId: string | null;
  /** Of the parent of slices: how many it has sent so far. Null for an order that is one order, slices themselves included. */
  readonly slices: number | null;
}

/** Several orders as one intent: what was asked for and how far it has come. What its orders did is in their own rows. */
export interface OrderListRow {
  readonly table: "order_lists";
  readonly accountId: string;
  readonly listId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  /** COMBINATION or SLICED. */
  readonly kind: string;
  /** The template's name; null for slices. */
  readonly structure: string | null;
  readonly stage: string;
  readonly reason: string | null;
  readonly sets: number;
  readonly keptSets: number | null;
  readonly purpose: string;
  readonly exitReason: string | null;
  readonly onIncomplete: string;
  readonly completeByMs: EpochMs | null;
  readonly timeExitMs: EpochMs | null;
  readonly origin: string;
  readonly strategyId: string | null;
  readonly cycleId: string | null;
  readonly signalId: string | null;
  readonly denialCode: string | null;
  /** JSON of the Denial: limit, value and what would pass. */
  readonly denial: string | null;
  /** JSON array of ListLegSummary. */
  readonly legs: string;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

/** A leg as its list's row keeps it. */
export interface ListLegSummary {
  readonly instrumentId: string;
  readonly side: string;
  readonly quantityUnits: number;
  readonly limitPricePaise: number;
  readonly marginPaise: number;
}

/** One decision about one order, with every rule that was asked. */
export interface OrderCheckRow {
  readonly table: "order_checks";
  readonly accountId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  readonly clientOrderId: string;
  readonly purpose: string;
  readonly status: string;
  readonly ruleId: string | null;
  readonly algoId: string | null;
  readonly checks: string;
  readonly denial: string | null;
  readonly atMs: EpochMs;
}

/** One execution: the trade history (TRH-01). */
export interface TradeRow {
  readonly table: "trades";
  readonly accountId: string;
  readonly executionId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly underlying: string;
  readonly side: string;
  readonly purpose: string;
  readonly units: number;
  readonly pricePaise: number;
  readonly realisedPaise: number;
  readonly accruedChargesPaise: number;
  readonly modelled: boolean;
  readonly strategy: string;
  readonly signalId: string | null;
  readonly exitReason: string | null;
  readonly atMs: EpochMs;
  readonly optionType: string;
  readonly strikePaise: number;
  readonly expiry: MarketDate;
  /** The list of orders it belongs to and its leg there, from 0. */
  readonly listId: string | null;
  readonly legIndex: number | null;
}

/** The state of one instrument's position after an execution. */
export interface PositionRow {
  readonly table: "positions";
  readonly accountId: string;
  readonly date: MarketDate;
  readonly instrumentId: string;
  readonly sequence: number;
  readonly underlying: string;
  readonly netUnits: number;
  readonly costPaise: number;
  readonly realisedPaise: number;
  readonly openedAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

export interface SettlementRow {
  readonly table: "settlements";
  readonly accountId: string;
  readonly date: MarketDate;
  readonly stage: "PROVISIONAL" | "FINAL";
  readonly sequence: number;
  readonly realisedPaise: number;
  readonly chargesPaise: number;
  readonly grossProfitPaise: number;
  readonly feePaise: number;
  readonly gstOnFeePaise: number;
  readonly taxLockPaise: number;
  readonly netToSavingsPaise: number;
  readonly roundingBufferPaise: number;
  readonly payoutPaise: number;
  /** The whole worksheet as JSON. */
  readonly worksheet: string;
  readonly atMs: EpochMs;
}

export interface TransferRow {
  readonly table: "transfers";
  readonly accountId: string;
  readonly transferId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  readonly kind: string;
  readonly amountPaise: number;
  readonly taxLockPaise: number;
  readonly status: string;
  readonly rail: string;
  readonly railReference: string | null;
  readonly failure: string | null;
  readonly requestedAtMs: EpochMs;
  readonly completedAtMs: EpochMs | null;
}

/** The daily report (REP-01): one per account and day. */
export interface ReportRow {
  readonly table: "reports";
  readonly accountId: string;
  readonly date: MarketDate;
  readonly sequence: number;
  readonly report: string;
  readonly atMs: EpochMs;
}

/** How far an account has come with a halt of the platform: one per account and halt. */
export interface HaltProofRow {
  readonly table: "haltProofs";
  readonly accountId: string;
  readonly haltId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  readonly scope: string;
  readonly status: string;
  readonly trippedAtMs: EpochMs;
  readonly provenAtMs: EpochMs | null;
  readonly durationMs: number | null;
  readonly finding: string | null;
}

/** One comparison with the venue. */
export interface ReconciliationRow {
  readonly table: "reconciliations";
  readonly accountId: string;
  readonly sequence: number;
  readonly date: MarketDate;
  /** Of the run it is part of; null for one that stands alone. */
  readonly jobKey: string | null;
  readonly cause: string;
  readonly atMs: EpochMs;
  readonly readAtMs: EpochMs;
  readonly ordersCompared: number;
  readonly fillsCompared: number;
  readonly positionsCompared: number;
  /** How many there were, and how many of those kept are for a person. */
  readonly found: number;
  readonly raised: number;
  /** JSON array of Difference; `found` may count more. */
  readonly differences: string;
}

export type ReadModelRow =
  | OrderRow
  | OrderListRow
  | OrderCheckRow
  | TradeRow
  | PositionRow
  | SettlementRow
  | TransferRow
  | ReportRow
  | HaltProofRow
  | ReconciliationRow;
