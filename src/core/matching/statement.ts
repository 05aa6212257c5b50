// The venue's own account of a day, which the final settlement is checked against.
import type { InstrumentId } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { ClientOrderId, Fill, OrderSide, OrderTerms } from "../order/order.ts";

interface StatementFill {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly side: OrderSide;
  readonly units: number;
  readonly pricePaise: Paise;
}

interface Statement {
  readonly fills: readonly StatementFill[];
  /** Orders of which at least one unit was executed: what brokerage is charged on. */
  readonly executedOrders: number;
}

/** Every execution once, in the order they happened, and the number of orders they belong to. */
export function statementOf(executed: readonly { readonly terms: OrderTerms; readonly fill: Fill }[]): Statement {
  return {
    fills: executed.map(({ terms, fill }) => ({
      clientOrderId: fill.clientOrderId,
      instrumentId: terms.contract.instrumentId,
      side: terms.side,
      units: fill.units,
      pricePaise: fill.pricePaise,
    })),
    executedOrders: new Set(executed.map(({ fill }) => fill.clientOrderId)).size,
  };
}
