// One execution as portfolio accounting takes it: what was dealt, what it cost, and by whom and why it was done. Nothing here knows
// where it was stored.
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { OrderSide } from "../order/order.ts";

export interface Execution {
  readonly executionId: string;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly instrumentId: string;
  readonly underlying: string;
  readonly side: OrderSide;
  readonly units: number;
  readonly pricePaise: Paise;
  /** Accrued by this execution; the contract note decides in the end. */
  readonly chargesPaise: Paise;
  readonly strategy: string;
  readonly signalId: string | null;
  readonly exitReason: string | null;
  /** What the contract is, where known: it names the leg, and lets a model explain what it came to. */
  readonly optionType?: string | null;
  readonly strikePaise?: Paise | null;
  readonly expiry?: MarketDate | null;
  readonly listId?: string | null;
  readonly legIndex?: number | null;
}

export const signedUnits = ({ side, units }: Execution): number => (side === "BUY" ? units : -units);
