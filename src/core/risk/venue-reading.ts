// What the venue's snapshot of an account says for the proof of flat: what is held, and what may still deal. Only the snapshot is
// asked, so that a broker's answer proves as much as the simulated venue's.
import type { InstrumentId } from "../instrument/contract.ts";
import { underlyingOfContract } from "../instrument/contract-tables.ts";
import type { EpochMs } from "../kernel/time.ts";
import { ordersByFill, type VenueSnapshot } from "../reconciliation/snapshot.ts";
import type { VenueReading } from "./flat-proof.ts";

/** A venue without a book of the day shows nothing. */
export function readingOf(snapshot: VenueSnapshot | null, atMs: EpochMs): VenueReading {
  if (snapshot === null) return { atMs, positions: [], working: [] };
  const positions = snapshot.positions ?? positionsByFills(snapshot);
  return {
    atMs,
    positions: positions
      .filter(({ netUnits }) => netUnits !== 0)
      .map((position) => ({ ...position, underlying: underlyingOfContract(position.instrumentId) })),
    working: snapshot.orders
      .filter(({ status }) => status === "WORKING" || status === "TRIGGER_PENDING" || status === "UNRECOGNISED")
      .map(({ clientOrderId, instrumentId }) => ({ clientOrderId, underlying: underlyingOfContract(instrumentId) })),
  };
}

/** Where the venue does not say what is held, its executions do. Throws when one of them belongs to no order it shows. */
function positionsByFills({ orders, fills }: VenueSnapshot) {
  const orderOf = ordersByFill(orders);
  const net = new Map<InstrumentId, number>();
  for (const fill of fills) {
    const { instrumentId, side } = orderOf(fill);
    net.set(instrumentId, (net.get(instrumentId) ?? 0) + (side === "BUY" ? fill.units : -fill.units));
  }
  return [...net].map(([instrumentId, netUnits]) => ({ instrumentId, netUnits }));
}
