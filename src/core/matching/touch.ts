// The best bid and ask one can deal at. A side that was recorded is taken as it is; a side that is missing is modelled from
// the last price and says so; without a last price there is no such side.

import type { OptionContract } from "../instrument/contract.ts";
import { type Paise, paise } from "../kernel/money.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { modelledSpreadPaise } from "../market/spread-model.ts";

interface TouchSide {
  readonly pricePaise: Paise;
  /** Displayed size; null where the source does not tell. */
  readonly units: number | null;
  readonly modelled: boolean;
}

export interface Touch {
  readonly bid: TouchSide | null;
  readonly ask: TouchSide | null;
}

/** Bid and ask on the contract's tick: a bid is never rounded up, an ask never down, so that rounding helps nobody. */
export function touchOf(quote: HeldQuote, contract: OptionContract): Touch {
  const { tickSizePaise, underlying } = contract;
  const recordedBid = recordedSide(quote.bidPaise, quote.bidUnits, quote, tickSizePaise, floorToTick);
  const recordedAsk = recordedSide(quote.askPaise, quote.askUnits, quote, tickSizePaise, ceilToTick);
  if ((recordedBid !== null && recordedAsk !== null) || quote.lastPaise === null || quote.lastPaise <= 0) {
    return { bid: recordedBid, ask: recordedAsk };
  }
  const spreadPaise = modelledSpreadPaise(quote.lastPaise, underlying);
  const halfBelowPaise = Math.floor(spreadPaise / 2);
  const belowLastPaise = floorToTick(quote.lastPaise - halfBelowPaise, tickSizePaise);
  const aboveLastPaise = ceilToTick(quote.lastPaise + spreadPaise - halfBelowPaise, tickSizePaise);
  // A modelled side stays a tick away from the other one. But what has traded today can be given away at the lowest price
  // there is: near its end a worthless option still finds buyers at one tick, who close what they had sold.
  const bidPaise = Math.max(
    Math.min(belowLastPaise, (recordedAsk?.pricePaise ?? aboveLastPaise) - tickSizePaise),
    tickSizePaise,
  );
  const askPaise = Math.max(aboveLastPaise, (recordedBid?.pricePaise ?? bidPaise) + tickSizePaise);
  return { bid: recordedBid ?? modelledSide(bidPaise), ask: recordedAsk ?? modelledSide(askPaise) };
}

const floorToTick = (pricePaise: number, tickSizePaise: number): number =>
  Math.floor(pricePaise / tickSizePaise) * tickSizePaise;
const ceilToTick = (pricePaise: number, tickSizePaise: number): number =>
  Math.ceil(pricePaise / tickSizePaise) * tickSizePaise;

function recordedSide(
  pricePaise: Paise | null,
  units: number | null,
  quote: HeldQuote,
  tickSizePaise: Paise,
  toTick: (pricePaise: number, tickSizePaise: number) => number,
): TouchSide | null {
  if (pricePaise === null || units === 0) return null;
  const onTickPaise = toTick(pricePaise, tickSizePaise);
  return onTickPaise <= 0 ? null : { pricePaise: paise(onTickPaise), units, modelled: quote.source === "MODELLED" };
}

const modelledSide = (pricePaise: number): TouchSide => ({
  pricePaise: paise(pricePaise),
  units: null,
  modelled: true,
});
