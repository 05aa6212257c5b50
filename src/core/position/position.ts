// A position and what closing it earns. Cost is kept as a total in whole paise, so that no paisa is lost to an average.
import type { OptionContract } from "../instrument/contract.ts";
import {
  divFloor,
  mulDivFloor,
  negatePaise,
  type Paise,
  paise,
  subtractPaise,
  valuePaise,
  ZERO_PAISE,
} from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { OrderSide } from "../order/order.ts";

export interface Position {
  readonly contract: OptionContract;
  /** Signed units: positive long, negative short. */
  readonly netUnits: number;
  /** Signed total cost of what is open: paid for a long (positive), received for a short (negative). */
  readonly costPaise: Paise;
  readonly realisedPaise: Paise;
  readonly openedAtMs: EpochMs;
}

export interface PositionChange {
  readonly position: Position;
  /** Realised by this execution (PAP-06). */
  readonly realisedPaise: Paise;
  /** Cost of the part this execution closed (signed like `costPaise`), 0 when it only opened. */
  readonly closedCostPaise: Paise;
}

export const openedNowhere = (contract: OptionContract, atMs: EpochMs): Position => ({
  contract,
  netUnits: 0,
  costPaise: ZERO_PAISE,
  realisedPaise: ZERO_PAISE,
  openedAtMs: atMs,
});

/**
 * Applies one execution (PAP-06). A fill against the position closes first and opens the rest in the other direction; the
 * cost of the closed part is its share of the total, floored, and the last unit takes what is left.
 */
export function applyFill(
  before: Position,
  side: OrderSide,
  units: number,
  pricePaise: Paise,
  atMs: EpochMs,
): PositionChange {
  const signedUnits = side === "BUY" ? units : -units;
  const closing = before.netUnits !== 0 && Math.sign(before.netUnits) !== Math.sign(signedUnits);
  const closedUnits = closing ? Math.min(units, Math.abs(before.netUnits)) : 0;
  const openedUnits = units - closedUnits;
  const direction = Math.sign(before.netUnits);
  const closedCostPaise =
    closedUnits === 0
      ? ZERO_PAISE
      : closedUnits === Math.abs(before.netUnits)
        ? before.costPaise
        : mulDivFloor(before.costPaise, closedUnits, Math.abs(before.netUnits));
  const closedValuePaise = valuePaise(pricePaise, closedUnits * direction);
  const realisedPaise = subtractPaise(closedValuePaise, closedCostPaise);
  const openedCostPaise = valuePaise(pricePaise, Math.sign(signedUnits) * openedUnits);
  const netUnits = before.netUnits + signedUnits;
  return {
    realisedPaise,
    closedCostPaise,
    position: {
      contract: before.contract,
      netUnits,
      costPaise: paise(before.costPaise - closedCostPaise + openedCostPaise),
      realisedPaise: paise(before.realisedPaise + realisedPaise),
      openedAtMs: before.netUnits === 0 || (openedUnits > 0 && closedUnits > 0) ? atMs : before.openedAtMs,
    },
  };
}

/** Value of the open part at a price, minus its cost. */
export const unrealisedPaise = (position: Position, pricePaise: Paise): Paise =>
  subtractPaise(valuePaise(pricePaise, position.netUnits), position.costPaise);

/** Average entry price, floored to whole paise: for display only, never for money. */
export const averagePricePaise = (position: Position): Paise =>
  position.netUnits === 0
    ? ZERO_PAISE
    : paise(
        divFloor(
          position.netUnits > 0 ? position.costPaise : negatePaise(position.costPaise),
          Math.abs(position.netUnits),
        ),
      );
