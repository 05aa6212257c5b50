// How many trades an account has made or is about to make. An entry under way counts as if it were done, so that several at
// once cannot pass a limit together.
import type { AccountState } from "../account/state.ts";
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import type { Order } from "../order/order.ts";
import { workingOrders } from "./working-orders.ts";

export const cycleTradesKey = (cycleId: string, underlying: Underlying): string => `${cycleId}/${underlying}`;

/** Entries that have not dealt yet; from the first fill on they are counted as trades. */
export const pendingEntries = (state: AccountState): readonly Order[] => workingOrders(state).pendingEntries;

export const tradesOfDay = (state: AccountState, pending: readonly Order[]): number =>
  (state.day?.trades ?? 0) + pending.length;

export function tradesOfCycle(
  state: AccountState,
  pending: readonly Order[],
  cycleId: string,
  underlying: Underlying,
): number {
  const made = state.day?.tradesByCycle[cycleTradesKey(cycleId, underlying)] ?? 0;
  return made + pending.filter((order) => order.cycleId === cycleId && order.contract.underlying === underlying).length;
}

/** Instruments that are open or about to be. */
export function openInstruments(state: AccountState, pending: readonly Order[]): ReadonlySet<InstrumentId> {
  return new Set([
    ...Object.values(state.openTrades).map(({ position }) => position.contract.instrumentId),
    ...pending.map((order) => order.contract.instrumentId),
  ]);
}

/** Units that may still be given for exit: what is held less what exits under way may take of it. Signed like the position. */
export function closableUnits(state: AccountState, instrumentId: InstrumentId): number {
  const held = state.openTrades[instrumentId]?.position.netUnits ?? 0;
  const leaving = workingOrders(state).leavingUnits.get(instrumentId) ?? 0;
  return held > 0 ? Math.max(0, held - leaving) : Math.min(0, held + leaving);
}

export const hasExitUnderWay = (state: AccountState, instrumentId: InstrumentId): boolean =>
  workingOrders(state).leavingUnits.has(instrumentId);
