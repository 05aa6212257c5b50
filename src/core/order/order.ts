// An order and its executions, in the words of FIX.
import type { ExitPlanMove } from "../account/event.ts";
import type { OptionContract } from "../instrument/contract.ts";
import type { Brand } from "../kernel/brand.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Denial } from "../risk/denial.ts";

/** FIX 11 ClOrdID. Ours, made before the order leaves, and the key by which nothing is done twice. */
export type ClientOrderId = Brand<string, "ClientOrderId">;

export type OrderSide = "BUY" | "SELL";
export type OrderType = "MARKET" | "LIMIT";
export type TimeInForce = "DAY" | "IOC";

/** DENIED: refused by us before it left. REJECTED: refused by the venue. */
export type OrderStatus =
  | "DENIED"
  | "SUBMITTED"
  | "ACCEPTED"
  | "PARTIALLY_FILLED"
  | "PENDING_CANCEL"
  | "FILLED"
  | "CANCELED"
  | "REJECTED"
  | "EXPIRED";

export type OrderOrigin = "STRATEGY" | "GUARDRAIL" | "API";
export type OrderPurpose = "ENTRY" | "EXIT";
export type ExitReason =
  | "STOP"
  | "TARGET"
  | "TRAILING_STOP"
  | "TIME"
  | "DIRECTION_SWITCH"
  | "SQUARE_OFF"
  | "KILL_SWITCH"
  | "DAILY_LOSS"
  | "DRAWDOWN"
  | "CIRCUIT_BREAKER"
  | "REQUEST";

/** The terms of an order: what the idempotency of a client order id is checked against. */
export interface OrderTerms {
  readonly clientOrderId: ClientOrderId;
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantityUnits: number;
  /** LIMIT: the limit. MARKET: the protection price it is sent with (an unprotected market order never leaves). */
  readonly limitPricePaise: Paise;
  readonly purpose: OrderPurpose;
  readonly exitReason: ExitReason | null;
  readonly origin: OrderOrigin;
  readonly cycleId: string | null;
  readonly signalId: string | null;
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
