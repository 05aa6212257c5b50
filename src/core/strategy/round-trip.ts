// Whether a view can pay for its own trade: what one lot gains when the index reaches the target, and what buying and selling
// it costs. A trade that cannot earn its costs even when the view comes true is not worth making.
import { accruedChargePaise } from "../charges/contract-note.ts";
import type { OptionContract } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, type Paise, paise, valuePaise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { Quote } from "../market/market-event.ts";
import { modelledSpreadPaise } from "../market/spread-model.ts";
import type { OrderSide } from "../order/order.ts";
import { DELTA_WHEN_UNKNOWN_BPS } from "./exit-plan.ts";

export interface RoundTripInput {
  readonly date: MarketDate;
  readonly contract: OptionContract;
  readonly quote: Pick<Quote, "bidPaise" | "askPaise" | "lastPaise">;
  /** Delta × 10,000, negative for puts; null counts as the delta that exits assume then. */
  readonly deltaBps: number | null;
  /** How far the index must go for the view to have paid. */
  readonly targetMovePaise: Paise;
}

export interface RoundTrip {
  /** What the premium of one lot gains at the target: move × |delta|, floored. */
  readonly gainPaise: Paise;
  /** The spread across one lot, and the charges of its two orders each head rounded up. */
  readonly costPaise: Paise;
}

/** Gain and cost of one lot, whose quote has an ask or a last price. Bought at the ask, sold at the bid plus the gain. */
export function roundTripOf({ date, contract, quote, deltaBps, targetMovePaise }: RoundTripInput): RoundTrip {
  const { lotSize, underlying, exchange } = contract;
  const buyPaise = required(quote.askPaise ?? quote.lastPaise, "a price to buy at");
  const spreadPaise =
    quote.askPaise !== null && quote.bidPaise !== null
      ? Math.max(0, quote.askPaise - quote.bidPaise)
      : modelledSpreadPaise(buyPaise, underlying);
  const movePaise = Math.floor((targetMovePaise * Math.abs(deltaBps ?? DELTA_WHEN_UNKNOWN_BPS)) / 10_000);
  const sellPaise = paise(Math.max(0, buyPaise - spreadPaise + movePaise));
  const chargeOf = (side: OrderSide, pricePaise: Paise): Paise =>
    accruedChargePaise({
      date,
      exchange,
      side,
      valuePaise: valuePaise(pricePaise, lotSize),
      firstFillOfOrder: true,
    });
  return {
    gainPaise: paise(movePaise * lotSize),
    costPaise: addPaise(paise(spreadPaise * lotSize), chargeOf("BUY", buyPaise), chargeOf("SELL", sellPaise)),
  };
}

/** Earning exactly the costs is not yet a loss, so it counts. */
export const coversItsCosts = ({ gainPaise, costPaise }: RoundTrip): boolean => gainPaise >= costPaise;
