// What a parent order is, from its children (SPL-03): FILLED when all of it is, PARTIALLY_FILLED when some is, REJECTED only
// when every child was.
import type { OrderStatus } from "../order/order.ts";
import { type Child, isOver } from "./children.ts";

export function parentStatus(quantityUnits: number, children: readonly Child[], isEnded: boolean): OrderStatus {
  const filledUnits = children.reduce((sum, child) => sum + child.filledUnits, 0);
  if (filledUnits >= quantityUnits && quantityUnits > 0) return "FILLED";
  if (filledUnits > 0) return "PARTIALLY_FILLED";
  const statuses = new Set(children.map(({ status }) => status));
  if (!isEnded) {
    if (children.some((child) => child.status === "PENDING_CANCEL")) return "PENDING_CANCEL";
    return children.some((child) => !isOver(child) && child.status !== "SUBMITTED") ? "ACCEPTED" : "SUBMITTED";
  }
  if (statuses.size === 0 || (statuses.size === 1 && statuses.has("DENIED"))) return "DENIED";
  if (statuses.size === 1 && statuses.has("REJECTED")) return "REJECTED";
  return statuses.has("EXPIRED") ? "EXPIRED" : "CANCELED";
}
