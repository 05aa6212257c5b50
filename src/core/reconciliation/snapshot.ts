// What a venue says of one account at one moment, in our words. Everything is a quantity or a fact; where a venue cannot tell,
// the field is null, and nothing is concluded from it.
import type { InstrumentId } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId, Fill, OrderSide } from "../order/order.ts";

/** Status texts are no closed list: what an adapter does not know is UNRECOGNISED, is taken for working, and is reported. */
export type VenueOrderStatus =
  | "WORKING"
  | "TRIGGER_PENDING"
  | "FILLED"
  | "CANCELED"
  | "REJECTED"
  | "EXPIRED"
  | "UNRECOGNISED";

export interface VenueOrderView {
  /** Null for an order that does not carry an id of ours: somebody has placed it elsewhere. */
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: string;
  readonly instrumentId: InstrumentId;
  readonly side: OrderSide;
  readonly status: VenueOrderStatus;
  /** The venue's own word, where it has one. */
  readonly statusText?: string;
  readonly quantityUnits: number;
  readonly limitPricePaise: Paise | null;
  readonly triggerPricePaise?: Paise;
  /** What the venue's order book says was executed; the fills are beside it and may say otherwise. */
  readonly filledUnits: number;
  /** Σ price × units by the venue's order book; null where it only tells a rounded average. */
  readonly filledValuePaise: Paise | null;
  readonly reason: string | null;
}

/** Which order of the book an execution belongs to, by our id and else by the venue's: a lookup. Throws where it is of none. */
export function ordersByFill(orders: readonly VenueOrderView[]): (fill: Fill) => VenueOrderView {
  const byClient = new Map(orders.map((order) => [order.clientOrderId, order]));
  const byVenue = new Map(orders.map((order) => [order.venueOrderId, order]));
  return ({ clientOrderId, venueOrderId, executionId }) => {
    const order = byClient.get(clientOrderId) ?? byVenue.get(venueOrderId);
    if (order === undefined) throw new Error(`the venue's book has an execution of no order: ${executionId}`);
    return order;
  };
}

export interface VenuePositionView {
  readonly instrumentId: InstrumentId;
  /** Signed: positive long, negative short. */
  readonly netUnits: number;
}

export interface VenueSnapshot {
  /** The instant the venue's answer is true for, by the venue's clock; of one account all readings by the same clock. */
  readonly readAtMs: EpochMs;
  /** Of the day, whatever became of them. */
  readonly orders: readonly VenueOrderView[];
  readonly fills: readonly Fill[];
  /** Of the day; null where the venue cannot say. Instruments that are flat may be absent. */
  readonly positions: readonly VenuePositionView[] | null;
  /** What the day's sales brought less what its purchases cost, before charges; null where the venue cannot say. */
  readonly tradedPaise: Paise | null;
  /** Cash in the trading account as the venue counts it; null where it cannot say. */
  readonly cashPaise: Paise | null;
}
