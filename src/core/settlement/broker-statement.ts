// The venue's own fills of a day, made into the statement the final settlement is made against: what they realised and what
// the contract notes of both exchanges charge for them.
import type { BrokerStatement } from "../account/command.ts";
import { combineCharges, contractNote } from "../charges/contract-note.ts";
import { EXCHANGE_OF, type Exchange, type Underlying } from "../instrument/contract.ts";
import { underlyingOfContract } from "../instrument/contract-tables.ts";
import { type Paise, subtractPaise, sumPaise, valuePaise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { OrderSide } from "../order/order.ts";
import { ordersByFill, type VenueSnapshot } from "../reconciliation/snapshot.ts";

/** What one underlying's venue says of an account's day. */
export interface VenueDay {
  readonly underlying: Underlying;
  readonly fills: readonly { readonly side: OrderSide; readonly units: number; readonly pricePaise: Paise }[];
  /** Orders of which at least one unit was executed. */
  readonly executedOrders: number;
}

/** The executions of a venue's book by underlying. Throws when one belongs to no order it shows: a statement is whole or none. */
export function daysOf({ orders, fills }: Pick<VenueSnapshot, "orders" | "fills">): readonly VenueDay[] {
  const orderOf = ordersByFill(orders);
  const dealt = fills.map((fill) => {
    const { instrumentId, side, venueOrderId } = orderOf(fill);
    const underlying = underlyingOfContract(instrumentId);
    if (underlying === null) throw new Error(`no statement can be made of ${instrumentId}: it is no option of ours`);
    return { underlying, venueOrderId, side, units: fill.units, pricePaise: fill.pricePaise };
  });
  return [...Map.groupBy(dealt, ({ underlying }) => underlying)].map(([underlying, ofDay]) => ({
    underlying,
    fills: ofDay,
    executedOrders: new Set(ofDay.map(({ venueOrderId }) => venueOrderId)).size,
  }));
}

/** The day must be flat: only then is what was realised the difference of what was sold and what was bought. */
export function brokerStatementOf(date: MarketDate, days: readonly VenueDay[]): BrokerStatement {
  const notes = [...Map.groupBy(days, (day) => EXCHANGE_OF[day.underlying])]
    .filter(([, ofExchange]) => ofExchange.some((day) => day.fills.length > 0))
    .map(([exchange, ofExchange]) => noteOf(date, exchange, ofExchange));
  const fills = days.flatMap((day) => day.fills);
  return {
    date,
    fills: fills.length,
    realisedPaise: subtractPaise(tradedPaise(fills, "SELL"), tradedPaise(fills, "BUY")),
    charges: combineCharges(notes),
  };
}

function noteOf(date: MarketDate, exchange: Exchange, days: readonly VenueDay[]) {
  const fills = days.flatMap((day) => day.fills);
  return contractNote({
    date,
    exchange,
    buyValuePaise: tradedPaise(fills, "BUY"),
    sellValuePaise: tradedPaise(fills, "SELL"),
    executedOrders: days.reduce((sum, day) => sum + day.executedOrders, 0),
  });
}

const tradedPaise = (fills: VenueDay["fills"], side: OrderSide): Paise =>
  sumPaise(
    fills.filter((fill) => fill.side === side),
    (fill) => valuePaise(fill.pricePaise, fill.units),
  );
