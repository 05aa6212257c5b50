// How large one order of a contract may be.
import type { OrderTerms } from "../order/order.ts";
import { LOTS_PER_ORDER_MAX } from "../strategy/sizing.ts";

/** Largest order of a contract in units: whole lots within the freeze quantity and the owner's cap on one order (C-04). */
export const orderUnitsMax = ({ contract }: Pick<OrderTerms, "contract">): number =>
  Math.min(Math.floor(contract.freezeQuantity / contract.lotSize), LOTS_PER_ORDER_MAX) * contract.lotSize;
