// What it costs to get in and out of a modelled option: the model's own spread, a tick of slippage on every fill, and all charges.
import { CHARGES_FROM } from "../../charges/charge-rates.ts";
import { accruedChargePaise } from "../../charges/contract-note.ts";
import type { OptionContract } from "../../instrument/contract.ts";
import { addPaise, type Paise, paise, valuePaise } from "../../kernel/money.ts";
import type { MarketDate } from "../../kernel/time.ts";
import type { OrderSide } from "../../order/order.ts";

/** By how many ticks every fill is worse than the quote. */
const SLIPPAGE_TICKS = 1;

export const slippagePaise = ({ tickSizePaise }: OptionContract): number => SLIPPAGE_TICKS * tickSizePaise;

/** Before the oldest rates that are known those stand in: a label is about today's trade on the prices of then. */
export const chargesDate = (date: MarketDate): MarketDate => (date < CHARGES_FROM ? CHARGES_FROM : date);

/** All charges of one order of one lot, each head rounded up. */
export const orderChargesPaise = (
  date: MarketDate,
  { exchange, lotSize }: OptionContract,
  side: OrderSide,
  pricePaise: number,
): Paise =>
  accruedChargePaise({
    date: chargesDate(date),
    exchange,
    side,
    valuePaise: valuePaise(paise(pricePaise), lotSize),
    firstFillOfOrder: true,
  });

/** Charges of buying and of selling one lot at a price, as the exit plan reckons with them. */
export const roundTripChargesPaise = (date: MarketDate, contract: OptionContract, pricePaise: number): Paise =>
  addPaise(orderChargesPaise(date, contract, "BUY", pricePaise), orderChargesPaise(date, contract, "SELL", pricePaise));
