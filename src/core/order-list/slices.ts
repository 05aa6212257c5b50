// How an order above what the exchange takes at once becomes several (SPL-01, SPL-02, SPL-05): whole lots, each slice within the
// dated freeze quantity and the owner's 250 lots, at most ten of them, named after their parent so that naming is repeatable.
import type { OptionContract } from "../instrument/contract.ts";
import type { ClientOrderId } from "../order/order.ts";

/** The owner's ceiling for one order (SPL-01, C-04). */
export const LOTS_PER_SLICE_MAX = 250;
/** More at once would take the whole of a second's order rate. */
export const SLICES_MAX = 10;

/** Largest order of a contract in units: whole lots within both ceilings. */
export const sliceUnitsMax = ({
  freezeQuantity,
  lotSize,
}: Pick<OptionContract, "freezeQuantity" | "lotSize">): number =>
  Math.min(Math.floor(freezeQuantity / lotSize), LOTS_PER_SLICE_MAX) * lotSize;

/** Largest quantity that ten slices carry. */
export const slicedUnitsMax = (contract: Pick<OptionContract, "freezeQuantity" | "lotSize">): number =>
  SLICES_MAX * sliceUnitsMax(contract);

/** The slices of a quantity of whole lots: as many full ones as go, then the rest. Empty when it takes more than ten. */
export function sliceUnits(
  quantityUnits: number,
  contract: Pick<OptionContract, "freezeQuantity" | "lotSize">,
): readonly number[] {
  const unitsMax = sliceUnitsMax(contract);
  if (unitsMax === 0 || quantityUnits > SLICES_MAX * unitsMax) return [];
  const full = Array.from({ length: Math.floor(quantityUnits / unitsMax) }, () => unitsMax);
  const rest = quantityUnits % unitsMax;
  return rest === 0 ? full : [...full, rest];
}

/** `${parent}_split_${i}`, counted from 1. */
export const sliceId = (parent: string, slice: number): ClientOrderId => `${parent}_split_${slice}` as ClientOrderId;

/** The nth attempt at the same slice after one that failed: `${child}_r${n}`; the first attempt has no suffix. */
export const attemptId = (child: ClientOrderId, attempt: number): ClientOrderId =>
  attempt === 0 ? child : (`${child}_r${attempt}` as ClientOrderId);

/** The legs of a combination have parents of their own; the one leg of a sliced order is the order. */
export const legParent = (list: { readonly listId: ClientOrderId; readonly kind: string }, legIndex: number): string =>
  list.kind === "SLICED" ? list.listId : `${list.listId}_leg_${legIndex + 1}`;
