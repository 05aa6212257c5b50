// What the day's orders come to, in one pass over them: what is under way, what has dealt, and which belong together. Remembered
// for as long as the record of orders is the same one: few events change it, and every level of every trade asks.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { rememberingLast } from "../kernel/remembered.ts";
import type { ClientOrderId, Order } from "../order/order.ts";
import { isOver, openUnits } from "../order/order.ts";

export interface WorkingOrders {
  /** Entries that have not dealt yet; from the first fill on they are counted as trades. */
  readonly pendingEntries: readonly Order[];
  /** Every entry that may still deal, whether or not some of it has. */
  readonly entries: readonly Order[];
  /** Whatever is not over, in the order in which it was made. */
  readonly underWay: readonly Order[];
  /** Units of each instrument that exits under way may still take. */
  readonly leavingUnits: ReadonlyMap<InstrumentId, number>;
  readonly reservedPaise: number;
  /** Trades that have been made, by underlying: a list is one. */
  readonly tradesOf: Readonly<Record<Underlying, number>>;
  /** Σ price × units of everything that has dealt today, both sides. */
  readonly tradedPaise: number;
}

type Orders = Readonly<Record<ClientOrderId, Order>>;

const summary = rememberingLast(summaryOf);

export const workingOrders = ({ orders }: { readonly orders: Orders }): WorkingOrders => summary(orders);

function summaryOf(orders: Orders): WorkingOrders {
  const pendingEntries: Order[] = [];
  const entries: Order[] = [];
  const underWay: Order[] = [];
  const leavingUnits = new Map<InstrumentId, number>();
  const tradesOf: Record<Underlying, number> = { NIFTY50: 0, BANKNIFTY: 0, SENSEX: 0 };
  const dealt = new Set<string>();
  let reservedPaise = 0;
  let tradedPaise = 0;
  for (const order of Object.values(orders)) {
    const { purpose, filledUnits, contract, listId } = order;
    reservedPaise += order.reservedPaise;
    tradedPaise += order.filledValuePaise;
    if (purpose === "ENTRY" && filledUnits > 0 && !dealt.has(listId ?? order.clientOrderId)) {
      dealt.add(listId ?? order.clientOrderId);
      tradesOf[contract.underlying] += 1;
    }
    if (isOver(order)) continue;
    underWay.push(order);
    if (purpose === "ENTRY") {
      entries.push(order);
      if (filledUnits === 0) pendingEntries.push(order);
    } else {
      const leaving = leavingUnits.get(contract.instrumentId) ?? 0;
      leavingUnits.set(contract.instrumentId, leaving + openUnits(order));
    }
  }
  return { pendingEntries, entries, underWay, leavingUnits, reservedPaise, tradesOf, tradedPaise };
}

const NONE: readonly Order[] = [];

const exits = rememberingLast((orders: Orders) =>
  Map.groupBy(
    Object.values(orders).filter(({ purpose }) => purpose === "EXIT"),
    ({ contract }) => contract.instrumentId,
  ),
);

/** What leaves or has left a contract, in the order in which it was made. */
export const exitsOf = ({ orders }: { readonly orders: Orders }, instrumentId: InstrumentId): readonly Order[] =>
  exits(orders).get(instrumentId) ?? NONE;

export const exitsUnderWay = (state: { readonly orders: Orders }, instrumentId: InstrumentId): readonly Order[] =>
  exitsOf(state, instrumentId).filter((order) => !isOver(order));

/** It stays in the book, and nobody has asked for its end. */
export const isResting = ({ timeInForce, status }: Order): boolean =>
  timeInForce === "DAY" && status !== "PENDING_CANCEL";

const listed = rememberingLast((orders: Orders) => Map.groupBy(Object.values(orders), ({ listId }) => listId));

/** The orders of a list, in the order in which they were made. */
export const ordersOfList = ({ orders }: { readonly orders: Orders }, listId: ClientOrderId): readonly Order[] =>
  listed(orders).get(listId) ?? NONE;

/** Instruments that have dealt today, whether or not anything of them is held. */
export const dealtIn = rememberingLast(
  (orders: Orders): ReadonlyMap<InstrumentId, Underlying> =>
    new Map(
      Object.values(orders)
        .filter(({ filledUnits }) => filledUnits > 0)
        .map(({ contract }) => [contract.instrumentId, contract.underlying]),
    ),
);
