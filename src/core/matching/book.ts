// What the simulated venue shows of one account: its orders, its executions and what they come to. Orders in transit are not
// in its book yet.
import type { VenueReport } from "../account/command.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import { paise, valuePaise } from "../kernel/money.ts";
import type { ClientOrderId, Fill } from "../order/order.ts";
import type { VenueOrderView, VenuePositionView, VenueSnapshot } from "../reconciliation/snapshot.ts";
import { isArmed, type VenueOrderState } from "./venue-order.ts";

/** `orders` in the order in which they were taken, `reports` in that in which they were made. */
export function bookOf(
  orders: readonly VenueOrderState[],
  reports: readonly VenueReport[],
): Omit<VenueSnapshot, "readAtMs" | "cashPaise"> {
  const fills = reports.flatMap((report): Fill[] => (report.kind === "FILLED" ? [report.fill] : []));
  const byOrder = Map.groupBy(fills, (fill) => fill.clientOrderId);
  const listed = orders.filter((order) => order.status !== "ARRIVING");
  const net = new Map<InstrumentId, number>();
  let traded = 0;
  for (const { terms } of listed) {
    const { clientOrderId, contract, side } = terms;
    for (const { units, pricePaise } of byOrder.get(clientOrderId) ?? []) {
      const signed = side === "BUY" ? units : -units;
      net.set(contract.instrumentId, (net.get(contract.instrumentId) ?? 0) + signed);
      traded -= valuePaise(pricePaise, signed);
    }
  }
  return {
    orders: listed.map((order) => viewOf(order, byOrder.get(order.terms.clientOrderId) ?? [])),
    fills,
    positions: [...net].map(([instrumentId, netUnits]): VenuePositionView => ({ instrumentId, netUnits })),
    tradedPaise: paise(traded),
  };
}

function viewOf(order: VenueOrderState, fills: readonly Fill[]): VenueOrderView {
  const { terms, venueOrderId, filledUnits, reason } = order;
  return {
    clientOrderId: terms.clientOrderId as ClientOrderId,
    venueOrderId,
    instrumentId: terms.contract.instrumentId,
    side: terms.side,
    status: statusOf(order),
    quantityUnits: terms.quantityUnits,
    limitPricePaise: terms.limitPricePaise,
    ...(terms.triggerPricePaise === undefined ? {} : { triggerPricePaise: terms.triggerPricePaise }),
    filledUnits,
    filledValuePaise: paise(fills.reduce((sum, { units, pricePaise }) => sum + units * pricePaise, 0)),
    reason: reason ?? null,
  };
}

function statusOf(order: VenueOrderState): VenueOrderView["status"] {
  if (order.status === "RESTING") return isArmed(order) ? "TRIGGER_PENDING" : "WORKING";
  return order.status === "ARRIVING" ? "WORKING" : order.status;
}
