// Executions, positions and cash as totals, held against the venue's after what could be repaired has been. Nothing of this is
// repaired by itself: a total that is wrong says that facts are missing, and which they are is for a person to find.
import { findOrder } from "../account/finished-orders.ts";
import type { AccountState } from "../account/state.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { Difference } from "./difference.ts";
import type { VenueSnapshot } from "./snapshot.ts";

/** `state` as it is after the repairs. */
export const compareBooks = (state: AccountState, snapshot: VenueSnapshot): readonly Difference[] => [
  ...missingFills(state, snapshot),
  ...positions(state, snapshot),
  ...cash(state, snapshot),
];

/** What has reached us since the asking may not be in the venue's totals: they are not compared, and nothing is concluded. */
export const isOvertaken = (state: AccountState, asked: AccountState): boolean =>
  state.orders !== asked.orders &&
  Object.values(state.orders).some((order) => findOrder(asked, order.clientOrderId) !== order);

function missingFills(state: AccountState, { fills }: VenueSnapshot): Difference[] {
  const listed = new Set(fills.map(({ executionId }) => executionId));
  return Object.keys(state.executionsSeen)
    .filter((executionId) => !listed.has(executionId))
    .map((executionId) => ({
      code: "FILL_NOT_AT_VENUE",
      outcome: "RAISED",
      subject: executionId,
      ours: executionId,
      theirs: null,
      detail: "it is booked here and the venue does not list it",
    }));
}

function positions(state: AccountState, snapshot: VenueSnapshot): Difference[] {
  if (snapshot.positions === null) return [];
  const theirs = new Map(snapshot.positions.map(({ instrumentId, netUnits }) => [instrumentId, netUnits]));
  const ours = new Map(
    Object.values(state.openTrades).map(({ position }) => [position.contract.instrumentId, position.netUnits]),
  );
  const instruments = [...new Set<InstrumentId>([...ours.keys(), ...theirs.keys()])].sort();
  return instruments.flatMap((instrumentId): Difference[] => {
    const [here, there] = [ours.get(instrumentId) ?? 0, theirs.get(instrumentId) ?? 0];
    const detail = `${here} units here, ${there} at the venue`;
    return here === there
      ? []
      : [{ code: "POSITION_DIFFERS", outcome: "RAISED", subject: instrumentId, ours: here, theirs: there, detail }];
  });
}

function cash(state: AccountState, { tradedPaise, cashPaise }: VenueSnapshot): Difference[] {
  const traded = Object.values(state.orders).reduce(
    (sum, { side, filledValuePaise }) => sum + (side === "SELL" ? filledValuePaise : -filledValuePaise),
    0,
  );
  const differs = (subject: string, ours: number, theirs: number | null): Difference[] =>
    theirs === null || theirs === ours
      ? []
      : [{ code: "CASH_DIFFERS", outcome: "RAISED", subject, ours, theirs, detail: "in paise" }];
  return [...differs("traded", traded, tradedPaise), ...differs("cash", state.cashPaise, cashPaise)];
}
