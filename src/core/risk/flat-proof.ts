// Whether a breaker's scope is flat: by the account's own record and by what the venue says, which must agree. Nothing is
// proven by one reading, and nothing by our record alone.
import type { AccountState } from "../account/state.ts";
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId } from "../order/order.ts";
import { isOver } from "../order/order.ts";
import { type BreakerScope, isInScope } from "./circuit-breaker.ts";

/**
 * What the venue shows of one account at one moment, over all underlyings. Positions of zero may be absent. What is of no
 * underlying of ours, or carries no id of ours, somebody has placed elsewhere: it is in every scope.
 */
export interface VenueReading {
  readonly atMs: EpochMs;
  readonly positions: readonly {
    readonly instrumentId: InstrumentId;
    readonly underlying: Underlying | null;
    readonly netUnits: number;
  }[];
  readonly working: readonly { readonly clientOrderId: ClientOrderId | null; readonly underlying: Underlying | null }[];
}

export type FlatFinding = "OPEN" | "VENUE_DIFFERS" | "VENUE_UNREADABLE";

export interface FlatLook {
  /** Null: nothing in scope is left, here or there. */
  readonly finding: FlatFinding | null;
  readonly openPositions: number;
  readonly workingOrders: number;
  readonly detail: string;
}

export function lookAt(state: AccountState, scope: BreakerScope, reading: VenueReading | null): FlatLook {
  const open = Object.values(state.openTrades).filter(({ position }) => isInScope(scope, position.contract.underlying));
  const working = Object.values(state.orders).filter(
    (order) => !isOver(order) && isInScope(scope, order.contract.underlying),
  );
  const ours = { openPositions: open.length, workingOrders: working.length };
  if (open.length + working.length > 0) {
    return { ...ours, finding: "OPEN", detail: `${count(ours)} by this account's own record` };
  }
  if (reading === null) return { ...ours, finding: "VENUE_UNREADABLE", detail: "the venue's book could not be read" };
  const isOfScope = ({ underlying }: { readonly underlying: Underlying | null }): boolean =>
    underlying === null || isInScope(scope, underlying);
  const theirs = {
    openPositions: reading.positions.filter((position) => position.netUnits !== 0 && isOfScope(position)).length,
    workingOrders: reading.working.filter(isOfScope).length,
  };
  return theirs.openPositions + theirs.workingOrders > 0
    ? { ...theirs, finding: "VENUE_DIFFERS", detail: `${count(theirs)} by the venue's book, none by this account's` }
    : { ...theirs, finding: null, detail: "nothing is left" };
}

/**
 * Whether the venue's book contradicts our record in a way that only facts we have not heard of explain: units held that are not
 * ours or the other way round, or an order that works here, was answered for, and does not work there. An order of which the
 * venue has not said anything may still be on its way.
 */
export function differs({ openTrades, orders }: AccountState, reading: VenueReading): boolean {
  const held = new Map(reading.positions.map(({ instrumentId, netUnits }) => [instrumentId, netUnits]));
  for (const { position } of Object.values(openTrades)) {
    const { instrumentId } = position.contract;
    if ((held.get(instrumentId) ?? 0) !== position.netUnits) return true;
    held.delete(instrumentId);
  }
  if ([...held.values()].some((units) => units !== 0)) return true;
  const working = new Set(reading.working.map(({ clientOrderId }) => clientOrderId));
  const ours = Object.values(orders);
  return (
    ours.some((order) => !isOver(order) && order.venueOrderId !== null && !working.has(order.clientOrderId)) ||
    ours.some((order) => isOver(order) && working.has(order.clientOrderId))
  );
}

/** An order that deals at once or not at all has ended at the venue this long after it was taken in. */
const AT_ONCE_MS = 3_000;

/** Whether something must have ended at the venue without our having heard of it. */
export const hasOverdueOrder = ({ orders }: AccountState, nowMs: EpochMs): boolean =>
  Object.values(orders).some(
    (order) =>
      order.timeInForce === "IOC" &&
      order.venueOrderId !== null &&
      !isOver(order) &&
      nowMs - order.updatedAtMs >= AT_ONCE_MS,
  );

const count = ({ openPositions, workingOrders }: Pick<FlatLook, "openPositions" | "workingOrders">): string =>
  `${openPositions} open positions and ${workingOrders} working orders`;
