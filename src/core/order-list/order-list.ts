// Several orders that are one intent (FIX NewOrderList): the legs of a combination, or the slices of an order that is larger
// than the exchange takes at once. A leg's slices are its child orders; what has become of the list follows from them.
import type { OptionContract } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type {
  ClientOrderId,
  Cut,
  ExitReason,
  OrderOrigin,
  OrderPurpose,
  OrderSide,
  OrderType,
  TimeInForce,
} from "../order/order.ts";
import type { Denial } from "../risk/denial.ts";

/** COMBINATION: legs that belong together, all filled or none kept. SLICED: one order in parts, each of which stands alone. */
export type ListKind = "COMBINATION" | "SLICED";

export const STRUCTURES = ["STRADDLE", "STRANGLE", "VERTICAL", "IRON_FLY", "IRON_CONDOR", "CUSTOM"] as const;
export type Structure = (typeof STRUCTURES)[number];

/**
 * PROTECTING: what is bought comes first. SELLING: all of it is held, so what is sold is covered. WORKING: the slices of one
 * order, one after the other. UNWINDING: shorts are covered, then longs released. EXITING: a filled list is being left the
 * same way. The others are ends; a late fill opens an end again.
 */
export const LIST_STAGES = [
  "DENIED",
  "PROTECTING",
  "SELLING",
  "WORKING",
  "FILLED",
  "UNWINDING",
  "UNWOUND",
  "EXITING",
  "CLOSED",
  "ENDED",
] as const;
export type ListStage = (typeof LIST_STAGES)[number];

export interface ListLeg {
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Of the whole list: ratio × sets × lot. */
  readonly quantityUnits: number;
  /** No child of this leg deals at a worse price: the limit, or the protection price. */
  readonly limitPricePaise: Paise;
  /** Of a STOP_LIMIT. */
  readonly triggerPricePaise?: Paise;
  /** What is blocked for the whole of a leg that is sold, given all legs; 0 for one that is bought. */
  readonly marginPaise: Paise;
  /** The touch when the list was made; stands in for a price when it has to be unwound and none is known. */
  readonly bidPaise: Paise | null;
  readonly askPaise: Paise | null;
}

export interface OrderListTerms {
  readonly listId: ClientOrderId;
  readonly kind: ListKind;
  readonly structure: Structure | null;
  /** How often the legs' ratio is taken. */
  readonly sets: number;
  readonly legs: readonly ListLeg[];
  readonly purpose: OrderPurpose;
  readonly exitReason: ExitReason | null;
  /** UNWIND: all or none. KEEP_RATIO: what is complete at the deadline is kept, in the legs' ratio, and the rest is given back. */
  readonly onIncomplete: "UNWIND" | "KEEP_RATIO";
  /** Null for SLICED: the day is its deadline. */
  readonly completeByMs: EpochMs | null;
  readonly origin: OrderOrigin;
  readonly cycleId: string | null;
  readonly signalId: string | null;
  /** When the combination is left whatever it is worth; null leaves it to guards and square-off. */
  readonly timeExitMs: EpochMs | null;
  /** The strategy instance whose list it is; absent where it is nobody's. */
  readonly strategyId?: string;
  /** What was asked for where less fitted (SPL-06); absent when all of it did. */
  readonly cut?: Cut;
  /** The request as it came, by which a repetition is known. */
  readonly request: string;
}

export interface OrderList extends OrderListTerms {
  readonly stage: ListStage;
  readonly reason: string | null;
  readonly denial: Denial | null;
  /** Why a filled list is being left; null before. */
  readonly leaving: ExitReason | null;
  /** Sets that are kept once the list has been given up; 0 when none. Null before. */
  readonly keptSets: number | null;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

/** Limits of a deadline: shorter cannot be met by a venue, longer leaves legs standing alone for too long. */
export const COMPLETE_WITHIN_DEFAULT_MS = 10_000;
export const COMPLETE_WITHIN_MIN_MS = 1_000;
export const COMPLETE_WITHIN_MAX_MS = 60_000;
export const LEGS_MAX = 4;
export const RATIO_MAX = 10;

/** Nothing more is meant to happen of its own accord; late fills excepted. */
export const isListOver = (stage: ListStage): boolean =>
  stage === "DENIED" || stage === "FILLED" || stage === "UNWOUND" || stage === "CLOSED" || stage === "ENDED";
