// What a structure of four legs is worth to a view that the index stays: what it takes in, earns where the view holds, costs,
// and loses. Figures of a model become money in `structureOf` only: what is earned is rounded down, what is lost up.
import { accruedChargePaise } from "../charges/contract-note.ts";
import { addPaise, type Paise, paise, subtractPaise, sumPaise, valuePaise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import { carriedSpot } from "../market/quote-volatility.ts";
import { touchOf } from "../matching/touch.ts";
import type { OrderSide } from "../order/order.ts";
import type { TemplateLeg } from "../order-list/template.ts";
import type { StructureChoice, StructureLeg } from "../prediction/signal.ts";
import { deltaBpsOf, EXPIRY_CLOSE } from "./contract-selection.ts";

/** What the view says, and the chain it is priced from. */
export interface StructureMarket {
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly spotPaise: Paise;
  readonly strikeStepPaise: Paise;
  /** Of one expiry. */
  readonly quotes: readonly HeldQuote[];
  /** How far the index must go for the view to have failed. */
  readonly boundPaise: Paise;
  /** When the view lapses. */
  readonly horizonMs: EpochMs;
}

/** A leg at the touch, modelled as the venue does where only a last price is known. Paise of one unit. */
interface PricedLeg extends TemplateLeg {
  readonly bid: Paise;
  readonly ask: Paise;
}

/**
 * Where the index stood at the horizon of a calm view, as shares of its bound, on either side: the median of each fifth of all
 * cases on dates before 2019, those that failed included. `npm run measure-rules` prints them.
 */
const DISTANCES = [0.06, 0.19, 0.34, 0.55, 1.02] as const;
const PLACES = [...DISTANCES, ...DISTANCES.map((distance) => -distance)];

/** One set of the structure; null where a leg has no price or implies no volatility. */
export function structureOf(
  template: StructureChoice["template"],
  templateLegs: readonly TemplateLeg[],
  wingPaise: Paise,
  market: StructureMarket,
): StructureChoice | null {
  const legs = templateLegs.flatMap((leg): PricedLeg[] => {
    const { bid, ask } = touchOf(leg.quote, leg.contract);
    return bid === null || ask === null || ask.pricePaise < bid.pricePaise
      ? []
      : [{ ...leg, bid: bid.pricePaise, ask: ask.pricePaise }];
  });
  const [first] = legs;
  if (first === undefined || legs.length < templateLegs.length) return null;
  const changeAt = repricer(legs, market);
  if (changeAt === null) return null;
  const { lotSize } = first.contract;
  const received = legs.reduce((sum, { side, bid, ask }) => sum + (side === "SELL" ? bid : -ask), 0);
  const creditPaise = paise(received * lotSize);
  const changes = PLACES.map((place) => changeAt(place, market.horizonMs));
  const failing = Math.min(changeAt(-1, market.atMs), changeAt(1, market.atMs));
  return {
    template,
    legs: legs.map((leg) => signalLeg(leg, market)),
    wingPaise,
    creditPaise,
    gainPaise: paise(Math.floor((lotSize * changes.reduce((sum, change) => sum + change, 0)) / changes.length)),
    targetPaise: paise(Math.floor(lotSize * changeAt(0, market.horizonMs))),
    costPaise: roundTripCostPaise(legs, market.date),
    stopLossPaise: paise(Math.max(0, Math.ceil(-failing * lotSize))),
    lossMaxPaise: subtractPaise(valuePaise(wingPaise, lotSize), creditPaise),
  };
}

function signalLeg({ contract, side, ratio, quote }: PricedLeg, market: StructureMarket): StructureLeg {
  const { bidPaise, askPaise, lastPaise, quotedAtMs, source } = quote;
  const deltaBps = deltaBpsOf(quote, market);
  return { contract, side, ratio, bidPaise, askPaise, lastPaise, quotedAtMs, source, deltaBps };
}

/**
 * What one unit of the structure has gained against its middle of now, with the index at a share of the bound from here, at an
 * instant. Each leg keeps the volatility it implies. The index is the one that the chain's own puts and calls say, so that a
 * print older than the premiums bends nothing.
 */
function repricer(
  legs: readonly PricedLeg[],
  { atMs, spotPaise, boundPaise, quotes, strikeStepPaise }: StructureMarket,
): ((place: number, at: EpochMs) => number) | null {
  const { expiry } = (legs[0] as PricedLeg).contract;
  const yearsAt = (at: EpochMs): number => yearsToExpiry(at, expiry, EXPIRY_CLOSE);
  const midOf = (_expiry: MarketDate, strikePaise: Paise, optionType: HeldQuote["optionType"]): number | null => {
    const quote = quotes.find((each) => each.strikePaise === strikePaise && each.optionType === optionType);
    if (quote === undefined) return null;
    const { bidPaise, askPaise, lastPaise } = quote;
    return bidPaise !== null && askPaise !== null ? (bidPaise + askPaise) / 2 : lastPaise;
  };
  const years = yearsAt(atMs);
  const spot = carriedSpot(expiry, years, { spotPaise, strikeStepPaise, midOf }) ?? spotPaise;
  const priced: {
    readonly sign: number;
    readonly now: number;
    readonly value: (spot: number, left: number) => number;
  }[] = [];
  for (const { contract, side, bid, ask } of legs) {
    const terms = { strike: contract.strikePaise, rate: ASSUMED_RATE, optionType: contract.optionType };
    const now = (bid + ask) / 2;
    const implied = impliedVolatility({ ...terms, spot, years, price: now });
    if (!implied.ok) return null;
    const value = (there: number, left: number): number =>
      priceOption({ ...terms, spot: there, years: left, volatility: implied.value }).price;
    priced.push({ sign: side === "BUY" ? 1 : -1, now, value });
  }
  return (place, at) => {
    const left = yearsAt(at);
    return priced.reduce((sum, { sign, now, value }) => sum + sign * (value(spot + place * boundPaise, left) - now), 0);
  };
}

/** The spread of every leg once, and the charges of eight orders, each head rounded up. */
const roundTripCostPaise = (legs: readonly PricedLeg[], date: MarketDate): Paise =>
  sumPaise(legs, ({ contract: { exchange, lotSize }, bid, ask }) => {
    const charge = (side: OrderSide, pricePaise: Paise): Paise =>
      accruedChargePaise({
        date,
        exchange,
        side,
        valuePaise: valuePaise(pricePaise, lotSize),
        firstFillOfOrder: true,
      });
    return addPaise(paise((ask - bid) * lotSize), charge("BUY", ask), charge("SELL", bid));
  });
