// An order and its executions, in the words of FIX. Position and money follow quantities; a status word only says what may
// still happen.
import type { ExitPlanMove } from "../account/event.ts";
import type { OptionContract } from "../instrument/contract.ts";
import type { Brand } from "../kernel/brand.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Denial } from "../risk/denial.ts";

/** FIX 11 ClOrdID. Ours, made before the order leaves, and the key by which nothing is done twice. */
export type ClientOrderId = Brand<string, "ClientOrderId">;

export type OrderSide = "BUY" | "SELL";
/** STOP_LIMIT rests at the venue until the last price reaches its trigger; from then on it is a LIMIT order. */
export type OrderType = "MARKET" | "LIMIT" | "STOP_LIMIT";
export type TimeInForce = "DAY" | "IOC";

/**
 * DENIED: refused by us before it left. REJECTED: refused by the venue. UNKNOWN: it left and no answer came; it is looked up
 * and never sent again.
 */
export const ORDER_STATUSES = [
  "DENIED",
  "SUBMITTED",
  "UNKNOWN",
  "ACCEPTED",
  "TRIGGER_PENDING",
  "PARTIALLY_FILLED",
  "PENDING_REPLACE",
  "PENDING_CANCEL",
  "FILLED",
  "CANCELED",
  "REJECTED",
  "EXPIRED",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export type OrderOrigin = "STRATEGY" | "GUARDRAIL" | "API";
export type OrderPurpose = "ENTRY" | "EXIT";
export type ExitReason =
  | "STOP"
  | "TARGET"
  | "TRAILING_STOP"
  | "TIME"
  | "DIRECTION_SWITCH"
  | "PREVENTIVE"
  | "SQUARE_OFF"
  | "KILL_SWITCH"
  | "DAILY_LOSS"
  | "DRAWDOWN"
  | "CIRCUIT_BREAKER"
  | "LIST_UNWIND"
  | "STRATEGY"
  | "REQUEST";

/** INTRADAY is closed by the day's end; CARRY may stay, where an account is allowed to. */
export type OrderProduct = "INTRADAY" | "CARRY";

/** What a modification can change. `triggerPricePaise` only of a STOP_LIMIT. */
export interface ReplaceableTerms {
  readonly quantityUnits: number;
  readonly limitPricePaise: Paise;
  readonly triggerPricePaise?: Paise;
}

/** The terms of an order: what the idempotency of a client order id is checked against. Only a replacement changes them. */
export interface OrderTerms extends ReplaceableTerms {
  readonly clientOrderId: ClientOrderId;
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantityUnits: number;
  /** LIMIT, STOP_LIMIT: the limit. MARKET: the protection price it is sent with (an unprotected market order never leaves). */
  readonly limitPricePaise: Paise;
  /** Absent in journals that are older than the field: INTRADAY. */
  readonly product?: OrderProduct;
  readonly purpose: OrderPurpose;
  readonly exitReason: ExitReason | null;
  readonly origin: OrderOrigin;
  readonly cycleId: string | null;
  readonly signalId: string | null;
  /** The list it is a child of, and the leg; absent for an order that stands alone. */
  readonly listId?: ClientOrderId;
  readonly legIndex?: number;
  /** The strategy instance whose order it is; absent where it is nobody's, and in older journals. */
  readonly strategyId?: string;
  /** The exchange's tag for an order that a program has made; every approved order carries one, older journals do not. */
  readonly algoId?: string;
  /** Not to be sent before this instant: the order rate (see order-rate.ts). Absent: at once. */
  readonly releaseAtMs?: EpochMs;
  /** Of a sale that opens a short: what is blocked for all of it. */
  readonly marginPaise?: Paise;
  /** Of an exit that leaves a part: the level of the plan's target that it is given for. */
  readonly exitTargetPaise?: Paise;
  /** Where less was sent than was asked for (SPL-06). */
  readonly cut?: Cut;
}

/** Taking what fits: how much was asked for, sent and left, in units and in paise of exposure. */
export interface Cut {
  readonly requestedUnits: number;
  readonly executedUnits: number;
  readonly remainingUnits: number;
  readonly executedExposurePaise: Paise;
  readonly remainingExposurePaise: Paise;
}

/** A replacement on its way to the venue. */
export interface PendingReplace extends ReplaceableTerms {
  readonly modifyId: string;
  readonly requestedAtMs: EpochMs;
  readonly releaseAtMs?: EpochMs;
  /** Since when it is not known whether the venue has it; absent while an answer is still expected. */
  readonly unknownSinceMs?: EpochMs;
  /** When the venue's book was first read, by its own clock, with the order in it as it was before. */
  readonly missedAtMs?: EpochMs;
}

/** A modification that was asked for: the memory by which its id is done once. */
export interface Modification extends ReplaceableTerms {
  readonly modifyId: string;
  readonly outcome: "PENDING" | "REPLACED" | "DENIED" | "REJECTED" | "SUPERSEDED";
  /** Why it was denied or rejected. */
  readonly reason?: string;
  readonly denial?: Denial;
}

export interface Order extends OrderTerms {
  readonly status: OrderStatus;
  readonly filledUnits: number;
  /** Σ price × units over its fills. */
  readonly filledValuePaise: Paise;
  /** Cash held for what is not filled yet. */
  readonly reservedPaise: Paise;
  readonly venueOrderId: string | null;
  readonly denial: Denial | null;
  readonly rejectReason: string | null;
  /** How its trade is to be left once it is on; absent for exits and for orders by request. */
  readonly exitPlanMove?: ExitPlanMove;
  /** A STOP_LIMIT whose trigger has been reached. */
  readonly isTriggered?: true;
  /** Present exactly while a replacement is on its way. */
  readonly pendingReplace?: PendingReplace;
  /** Every modification that was asked for, oldest first. */
  readonly modifications?: readonly Modification[];
  /** What was asked for in the first place, once a replacement has changed it. */
  readonly original?: ReplaceableTerms;
  /** Since when it is not known whether the venue has the order; absent when it is known. */
  readonly unknownSinceMs?: EpochMs;
  /** When the venue's book was first read without finding it, by the venue's clock. */
  readonly missedAtMs?: EpochMs;
  /** When the venue refused to cancel it although it works by our record; absent once its book has been read after that. */
  readonly cancelRefusedAtMs?: EpochMs;
  /** What it had dealt by its end as the venue counts it, where its end has overtaken its fills. */
  readonly endedUnits?: number;
  /**
   * Of an exit that was given up: it may still arrive. ASKED: the venue has not answered yet that it is to be taken out.
   * ANSWERED: it has, and its book is to show that the order is not there. Absent once that is proven, or it has turned up.
   */
  readonly recall?: "ASKED" | "ANSWERED";
  /** The venue still works on it although it has ended here: it is to be canceled. */
  readonly strayAtMs?: EpochMs;
  /** Of a parent of slices, which is made from them and never kept: how many there are. */
  readonly slices?: number;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

/** One execution (FIX 17 ExecID, 31 LastPx, 32 LastQty). */
export interface Fill {
  readonly executionId: string;
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: string;
  readonly units: number;
  readonly pricePaise: Paise;
  readonly atMs: EpochMs;
  /** True when the price rests on a modelled quote or spread, not on a recorded bid or ask. */
  readonly modelled: boolean;
}

export const isTerminal = (status: OrderStatus): boolean =>
  status === "DENIED" || status === "FILLED" || status === "CANCELED" || status === "REJECTED" || status === "EXPIRED";

/** Dealt at the venue before the order's end, and not told to us yet. */
export const untoldUnits = ({ endedUnits = 0, filledUnits }: Pick<Order, "endedUnits" | "filledUnits">): number =>
  Math.max(0, endedUnits - filledUnits);

/** Ended here with all its fills, and not at work at the venue either, as far as is known. */
export const isOver = (order: Pick<Order, "status" | "strayAtMs" | "endedUnits" | "filledUnits">): boolean =>
  isTerminal(order.status) && order.strayAtMs === undefined && untoldUnits(order) === 0;

/** At work at the venue, or thought to be: it can still be told to deal. */
export const isAtWork = (order: Pick<Order, "status" | "strayAtMs">): boolean =>
  !isTerminal(order.status) || order.strayAtMs !== undefined;

/** What an order that is not over can still come to, whatever its status: 0 for one that is. */
export const possibleUnits = (
  order: Pick<Order, "status" | "strayAtMs" | "quantityUnits" | "filledUnits" | "pendingReplace" | "endedUnits">,
): number => (isOver(order) ? 0 : openUnits(order));

/** What is left to deal, counting a replacement under way at its larger quantity: the most that can still happen. */
export const openUnits = (
  order: Pick<Order, "quantityUnits" | "filledUnits" | "pendingReplace" | "endedUnits">,
): number =>
  order.endedUnits === undefined
    ? Math.max(0, Math.max(order.quantityUnits, order.pendingReplace?.quantityUnits ?? 0) - order.filledUnits)
    : untoldUnits(order);

/** The part of an order that a replacement changes. */
export const replaceableOf = ({
  quantityUnits,
  limitPricePaise,
  triggerPricePaise,
}: ReplaceableTerms): ReplaceableTerms => ({
  quantityUnits,
  limitPricePaise,
  ...(triggerPricePaise === undefined ? {} : { triggerPricePaise }),
});
