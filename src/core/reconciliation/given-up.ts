// Orders that were given up because no reading showed them. A venue that holds orders back looks like one that has lost them,
// and whatever it holds back may deal together. So each exit of a contract that is given up makes the proof of the next one's
// absence take twice as long, and after a few in a row no more is sent until the venue has answered something or somebody asks.
import type { AccountState } from "../account/state.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Order, PendingReplace } from "../order/order.ts";

/** Why an order is rejected that was in the venue's book at neither of two readings. */
export const NOT_RECEIVED = "NOT_RECEIVED";
/** How far apart two readings must be for the second to prove that an order is not on its way any more. */
export const SETTLE_MS = 2_000;
const SETTLE_MOST_MS = 60_000;
/** So many exits of a contract may be given up in a row. */
export const GIVEN_UP_MAX = 3;

interface GivenUp {
  /** Slices that were given at one instant are one. */
  readonly attempts: number;
  readonly units: number;
  readonly lastMs: EpochMs | null;
}

/** The exits of a contract that were given up since the venue last answered for one, of those made before an instant. */
export function givenUpExits(
  { orders }: Pick<AccountState, "orders">,
  instrumentId: InstrumentId,
  beforeMs: number = Number.POSITIVE_INFINITY,
): GivenUp {
  const exits = Object.values(orders)
    .filter((order) => order.purpose === "EXIT" && order.contract.instrumentId === instrumentId)
    .filter(({ createdAtMs }) => createdAtMs < beforeMs)
    .sort((one, other) => other.createdAtMs - one.createdAtMs);
  const attempts = new Set<EpochMs>();
  let units = 0;
  for (const order of exits) {
    if (isAnswered(order)) break;
    if (!isGivenUp(order)) continue;
    attempts.add(order.createdAtMs);
    units += order.quantityUnits;
  }
  const [lastMs = null] = attempts;
  return { attempts: attempts.size, units, lastMs };
}

/** Whether what was given up in a contract is as much as may still arrive at once; any answer to a later order ends it. */
export function isWithheld(state: Pick<AccountState, "orders">, instrumentId: InstrumentId): boolean {
  const { attempts, lastMs } = givenUpExits(state, instrumentId);
  if (lastMs === null || attempts < GIVEN_UP_MAX) return false;
  return !Object.values(state.orders).some((order) => order.createdAtMs > lastMs && isAnswered(order));
}

/** From which instant of the venue's clock on a reading without the order proves its absence; null before one has missed it. */
export function absentFromMs(state: Pick<AccountState, "orders">, order: Order): EpochMs | null {
  const { purpose, contract, missedAtMs, createdAtMs, releaseAtMs = createdAtMs } = order;
  if (missedAtMs === undefined) return null;
  const attempts = purpose === "EXIT" ? givenUpExits(state, contract.instrumentId, createdAtMs).attempts : 0;
  return settled(missedAtMs, Math.min(SETTLE_MOST_MS, SETTLE_MS * 2 ** attempts), releaseAtMs - createdAtMs);
}

/** The same for a replacement, of which the order's old terms are the absence. */
export function unchangedFromMs({ missedAtMs, requestedAtMs, releaseAtMs = requestedAtMs }: PendingReplace) {
  return missedAtMs === undefined ? null : settled(missedAtMs, SETTLE_MS, releaseAtMs - requestedAtMs);
}

/** Its release may have held a request back for so long after it was asked for, and so after the first reading at most. */
const settled = (missedAtMs: EpochMs, settleMs: number, heldBackMs: number): EpochMs =>
  (missedAtMs + settleMs + Math.max(0, heldBackMs)) as EpochMs;

/** One that turned up after all has a name at the venue. */
const isGivenUp = ({ status, rejectReason, venueOrderId }: Order): boolean =>
  status === "REJECTED" && rejectReason === NOT_RECEIVED && venueOrderId === null;

const isAnswered = (order: Order): boolean =>
  order.venueOrderId !== null ||
  order.filledUnits > 0 ||
  (order.status === "REJECTED" && order.rejectReason !== NOT_RECEIVED);
