// What a book gains or loses when the market moves a little, by underlying. Model figures, never money: they add up over the
// contracts of an index, and only those in rupees add up over indices.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { type ModelledBook, unitValue } from "./modelled-book.ts";

export interface BookGreeks {
  /** Rupees per 1 % of the spot, and how that changes per further 1 %. */
  readonly deltaRupeesPerPercent: number;
  readonly gammaRupeesPerPercent: number;
  /** Rupees per calendar day that passes. */
  readonly thetaRupeesPerDay: number;
  /** Rupees per point (0.01) of volatility. */
  readonly vegaRupeesPerPoint: number;
}

export interface UnderlyingExposure extends BookGreeks {
  readonly underlying: Underlying;
  readonly spot: number;
  readonly contracts: number;
  /** Units of the index the book moves like: the delta of the position limits (futures equivalent). */
  readonly deltaUnits: number;
  /** The same in lots, and in rupees at the spot. */
  readonly deltaLots: number;
  readonly deltaRupees: number;
  /** Change of `deltaUnits` per point of the index. */
  readonly gammaUnitsPerPoint: number;
  /** Σ |units| × spot: what the contracts refer to, whatever they cost. Exact. */
  readonly notionalPaise: Paise;
}

const DAYS_PER_YEAR = 365;
const POINT = 0.01;
const NOTHING: BookGreeks = {
  deltaRupeesPerPercent: 0,
  gammaRupeesPerPercent: 0,
  thetaRupeesPerDay: 0,
  vegaRupeesPerPoint: 0,
};

/** One entry for each underlying in which something is held. */
export function exposureByUnderlying(book: ModelledBook): UnderlyingExposure[] {
  return UNDERLYINGS.flatMap((underlying) => {
    const held = book.holdings.filter(({ contract }) => contract.underlying === underlying);
    const first = held[0];
    if (first === undefined) return [];
    let [delta, gamma, theta, vega, lots, notional] = [0, 0, 0, 0, 0, 0];
    for (const holding of held) {
      const unit = unitValue(holding, book.atMs);
      delta += unit.delta * holding.netUnits;
      gamma += unit.gamma * holding.netUnits;
      theta += unit.theta * holding.netUnits;
      vega += unit.vega * holding.netUnits;
      lots += (unit.delta * holding.netUnits) / holding.contract.lotSize;
      notional += Math.abs(holding.netUnits) * Math.round(holding.spot * 100);
    }
    const percent = first.spot * POINT;
    return [
      {
        underlying,
        spot: first.spot,
        contracts: held.length,
        deltaUnits: delta,
        deltaLots: lots,
        deltaRupees: delta * first.spot,
        gammaUnitsPerPoint: gamma,
        notionalPaise: paise(notional),
        deltaRupeesPerPercent: delta * percent,
        gammaRupeesPerPercent: gamma * percent * percent,
        thetaRupeesPerDay: theta / DAYS_PER_YEAR,
        vegaRupeesPerPoint: vega * POINT,
      },
    ];
  });
}

export const totalGreeks = (exposures: readonly BookGreeks[]): BookGreeks =>
  exposures.reduce<BookGreeks>(
    (sum, one) => ({
      deltaRupeesPerPercent: sum.deltaRupeesPerPercent + one.deltaRupeesPerPercent,
      gammaRupeesPerPercent: sum.gammaRupeesPerPercent + one.gammaRupeesPerPercent,
      thetaRupeesPerDay: sum.thetaRupeesPerDay + one.thetaRupeesPerDay,
      vegaRupeesPerPoint: sum.vegaRupeesPerPoint + one.vegaRupeesPerPoint,
    }),
    NOTHING,
  );
