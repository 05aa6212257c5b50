// Round trips: everything between opening a position and being flat in it again, with its result from the orders' executions.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, negatePaise, type Paise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ExitReason, Order } from "../order/order.ts";

export interface ClosedTrade {
  readonly instrumentId: InstrumentId;
  readonly underlying: Underlying;
  readonly signalId: string | null;
  readonly direction: "LONG" | "SHORT";
  /** Units bought, which are as many as were sold. */
  readonly units: number;
  readonly boughtPaise: Paise;
  readonly soldPaise: Paise;
  /** Sold less bought, before charges. */
  readonly realisedPaise: Paise;
  /** Why the last exit was made; null when it was an order without a reason. */
  readonly exitReason: ExitReason | null;
  readonly openedAtMs: EpochMs;
  readonly closedAtMs: EpochMs;
}

/** The closed trades that a day's orders make up, in the order in which they were closed. */
export const closedTrades = (orders: Iterable<Order>): ClosedTrade[] =>
  roundTripsOf(orders)
    .map(roundTrip)
    .sort((a, b) => a.closedAtMs - b.closedAtMs || (a.instrumentId < b.instrumentId ? -1 : 1));

/** The executed orders of a day between opening a position and being flat in it again, contract by contract. */
export function roundTripsOf(orders: Iterable<Order>): (readonly Order[])[] {
  const byInstrument = new Map<InstrumentId, Order[]>();
  for (const order of orders) {
    if (order.filledUnits === 0) continue;
    const { instrumentId } = order.contract;
    byInstrument.set(instrumentId, [...(byInstrument.get(instrumentId) ?? []), order]);
  }
  return [...byInstrument.values()].flatMap(splitAtFlat);
}

function splitAtFlat(orders: readonly Order[]): (readonly Order[])[] {
  const inTime = [...orders].sort(
    (a, b) =>
      a.createdAtMs - b.createdAtMs || a.updatedAtMs - b.updatedAtMs || (a.clientOrderId < b.clientOrderId ? -1 : 1),
  );
  const trades: (readonly Order[])[] = [];
  let open: Order[] = [];
  let netUnits = 0;
  for (const order of inTime) {
    open = [...open, order];
    netUnits += order.side === "BUY" ? order.filledUnits : -order.filledUnits;
    if (netUnits !== 0) continue;
    trades.push(open);
    open = [];
  }
  return trades;
}

function roundTrip(orders: readonly Order[]): ClosedTrade {
  const first = required(orders[0], "an order of the round trip");
  const last = required(orders.at(-1), "an order of the round trip");
  const bought = orders.filter(({ side }) => side === "BUY");
  const boughtPaise = filledValueOf(bought);
  const soldPaise = filledValueOf(orders.filter(({ side }) => side === "SELL"));
  return {
    instrumentId: first.contract.instrumentId,
    underlying: first.contract.underlying,
    signalId: first.signalId,
    direction: first.side === "BUY" ? "LONG" : "SHORT",
    units: bought.reduce((sum, { filledUnits }) => sum + filledUnits, 0),
    boughtPaise,
    soldPaise,
    realisedPaise: addPaise(soldPaise, negatePaise(boughtPaise)),
    exitReason: last.exitReason,
    openedAtMs: first.createdAtMs,
    closedAtMs: last.updatedAtMs,
  };
}

const filledValueOf = (orders: readonly Order[]): Paise =>
  orders.reduce((sum, { filledValuePaise }) => addPaise(sum, filledValuePaise), ZERO_PAISE);
