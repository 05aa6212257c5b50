// Orders that were given up because no reading showed them. A venue that holds orders back looks like one that has lost them,
// and whatever it holds back may deal together. So an exit that was given up is asked back. Once the venue has answered a request
// that followed it on the same way, and two readings after that answer do not show it, it never arrives. Until then it counts:
// each one that counts makes the proof of the next one's absence take twice as long, and after a few no more are sent by
// themselves. What sells too often is a naked short; what buys a short back too often is a long.
import type { AccountState } from "../account/state.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Order, OrderSide, PendingReplace } from "../order/order.ts";

/** Why an order is rejected that was in the venue's book at neither of two readings. */
export const NOT_RECEIVED = "NOT_RECEIVED";
/** How far apart two readings must be for the second to prove that an order is not on its way any more. */
export const SETTLE_MS = 2_000;
const SETTLE_MOST_MS = 60_000;
/** So many exits of a contract may be given up while none of them is proven gone. */
export const GIVEN_UP_MAX: Readonly<Record<OrderSide, number>> = { SELL: 3, BUY: 10 };

interface GivenUp {
  /** Slices that were given at one instant are one. */
  readonly attempts: number;
  readonly units: number;
}

/** The exits of a contract on one side that were given up and may still arrive, of those made before an instant. */
export function givenUpExits(
  { orders }: Pick<AccountState, "orders">,
  instrumentId: InstrumentId,
  side: OrderSide,
  beforeMs: number = Number.POSITIVE_INFINITY,
): GivenUp {
  const attempts = new Set<EpochMs>();
  let units = 0;
  for (const order of Object.values(orders)) {
    if (order.recall === undefined || order.contract.instrumentId !== instrumentId || order.side !== side) continue;
    if (order.createdAtMs >= beforeMs) continue;
    attempts.add(order.createdAtMs);
    units += order.quantityUnits;
  }
  return { attempts: attempts.size, units };
}

/** Whether what was given up on a side of a contract is as much as may still arrive at once. */
export const isWithheld = (state: Pick<AccountState, "orders">, instrumentId: InstrumentId, side: OrderSide): boolean =>
  givenUpExits(state, instrumentId, side).attempts >= GIVEN_UP_MAX[side];

/** The side a position is left at. */
export const exitSideOf = (units: number): OrderSide => (units > 0 ? "SELL" : "BUY");

/**
 * Whether the venue has answered something that was given after an exit that was given up: that it is to be taken out, or an
 * order made later for the same exchange, which it has named.
 */
export function isRecallAnswered({ orders }: Pick<AccountState, "orders">, lost: Order): boolean {
  if (lost.recall !== "ASKED") return lost.recall === "ANSWERED";
  const { createdAtMs, releaseAtMs = createdAtMs } = lost;
  return Object.values(orders).some(
    (order) =>
      order.venueOrderId !== null &&
      order.contract.exchange === lost.contract.exchange &&
      order.createdAtMs > Math.max(createdAtMs, releaseAtMs),
  );
}

/** From which instant of the venue's clock on a reading without the order proves its absence; null before one has missed it. */
export function absentFromMs(state: Pick<AccountState, "orders">, order: Order): EpochMs | null {
  const { purpose, contract, side, recall, missedAtMs, createdAtMs, releaseAtMs = createdAtMs } = order;
  if (missedAtMs === undefined) return null;
  const isFirst = purpose !== "EXIT" || recall !== undefined;
  const attempts = isFirst ? 0 : givenUpExits(state, contract.instrumentId, side, createdAtMs).attempts;
  return settled(missedAtMs, Math.min(SETTLE_MOST_MS, SETTLE_MS * 2 ** attempts), releaseAtMs - createdAtMs);
}

/** The same for a replacement, of which the order's old terms are the absence. */
export function unchangedFromMs({ missedAtMs, requestedAtMs, releaseAtMs = requestedAtMs }: PendingReplace) {
  return missedAtMs === undefined ? null : settled(missedAtMs, SETTLE_MS, releaseAtMs - requestedAtMs);
}

/** Its release may have held a request back for so long after it was asked for, and so after the first reading at most. */
const settled = (missedAtMs: EpochMs, settleMs: number, heldBackMs: number): EpochMs =>
  (missedAtMs + settleMs + Math.max(0, heldBackMs)) as EpochMs;
