// The terms of an order as they are sent: nothing of what the account has made of it since.
import type { Order, OrderTerms } from "./order.ts";

export function termsOf(order: Order): OrderTerms {
  const { triggerPricePaise, product, listId, legIndex, algoId, releaseAtMs } = order;
  return {
    clientOrderId: order.clientOrderId,
    contract: order.contract,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    quantityUnits: order.quantityUnits,
    limitPricePaise: order.limitPricePaise,
    purpose: order.purpose,
    exitReason: order.exitReason,
    origin: order.origin,
    cycleId: order.cycleId,
    signalId: order.signalId,
    ...(triggerPricePaise === undefined ? {} : { triggerPricePaise }),
    ...(product === undefined ? {} : { product }),
    ...(listId === undefined ? {} : { listId }),
    ...(legIndex === undefined ? {} : { legIndex }),
    ...(algoId === undefined ? {} : { algoId }),
    ...(releaseAtMs === undefined ? {} : { releaseAtMs }),
  };
}
