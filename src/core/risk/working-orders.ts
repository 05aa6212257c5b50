// What the day's orders come to for the checks, in one pass over them: what is under way and what has dealt. Remembered for as
// long as the record of orders is the same one, so that the rules of one check share a single pass.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import type { ClientOrderId, Order } from "../order/order.ts";
import { isOver, openUnits } from "../order/order.ts";

export interface WorkingOrders {
  /** Entries that have not dealt yet; from the first fill on they are counted as trades. */
  readonly pendingEntries: readonly Order[];
  /** Every entry that may still deal, whether or not some of it has. */
  readonly entries: readonly Order[];
  /** Units of each instrument that exits under way may still take. */
  readonly leavingUnits: ReadonlyMap<InstrumentId, number>;
  readonly reservedPaise: number;
  /** Trades that have been made, by underlying: a list is one. */
  readonly tradesOf: Readonly<Record<Underlying, number>>;
  /** Σ price × units of everything that has dealt today, both sides. */
  readonly tradedPaise: number;
}

type Orders = Readonly<Record<ClientOrderId, Order>>;

const known = new WeakMap<Orders, WorkingOrders>();

export function workingOrders({ orders }: { readonly orders: Orders }): WorkingOrders {
  const remembered = known.get(orders);
  if (remembered !== undefined) return remembered;
  const summary = summaryOf(orders);
  known.set(orders, summary);
  return summary;
}

function summaryOf(orders: Orders): WorkingOrders {
  const pendingEntries: Order[] = [];
  const entries: Order[] = [];
  const leavingUnits = new Map<InstrumentId, number>();
  const tradesOf: Record<Underlying, number> = { NIFTY50: 0, BANKNIFTY: 0, SENSEX: 0 };
  const dealt = new Set<string>();
  let reservedPaise = 0;
  let tradedPaise = 0;
  for (const order of Object.values(orders)) {
    const { purpose, filledUnits, contract } = order;
    reservedPaise += order.reservedPaise;
    tradedPaise += order.filledValuePaise;
    if (purpose === "ENTRY" && filledUnits > 0 && !dealt.has(order.listId ?? order.clientOrderId)) {
      dealt.add(order.listId ?? order.clientOrderId);
      tradesOf[contract.underlying] += 1;
    }
    if (isOver(order)) continue;
    if (purpose === "ENTRY") {
      entries.push(order);
      if (filledUnits === 0) pendingEntries.push(order);
    } else {
      const leaving = leavingUnits.get(contract.instrumentId) ?? 0;
      leavingUnits.set(contract.instrumentId, leaving + openUnits(order));
    }
  }
  return { pendingEntries, entries, leavingUnits, reservedPaise, tradesOf, tradedPaise };
}
