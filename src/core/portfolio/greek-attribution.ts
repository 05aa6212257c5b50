// Why a position's value changed between two marks: by the index, by the curvature, by time, by volatility, and what these do
// not explain. The parts are model figures in rupees; with the residual they add up to the change there really was.
import type { OptionTerms } from "../instrument/option-terms.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import { modelBook, unitValue } from "../risk-analytics/modelled-book.ts";

/** A contract's price and its index at one instant. */
export interface Mark {
  readonly atMs: EpochMs;
  readonly pricePaise: Paise;
  readonly spotPaise: Paise;
}

export interface GreekAttribution {
  /** The change itself: price after less price before, times the units. */
  readonly actualRupees: number;
  readonly deltaRupees: number;
  readonly gammaRupees: number;
  readonly thetaRupees: number;
  readonly vegaRupees: number;
  readonly residualRupees: number;
}

const MS_PER_YEAR = 365 * 86_400_000;

/** Null where a price at either mark is explained by no volatility: then only the change itself is known. */
export function greekAttribution(
  contract: OptionTerms,
  netUnits: number,
  before: Mark,
  after: Mark,
): GreekAttribution | null {
  const [from, to] = [markedHolding(contract, before), markedHolding(contract, after)];
  if (from === null || to === null) return null;
  const unit = unitValue(from, before.atMs);
  const points = to.spot - from.spot;
  const parts = {
    deltaRupees: unit.delta * points * netUnits,
    gammaRupees: ((unit.gamma * points * points) / 2) * netUnits,
    thetaRupees: ((unit.theta * (after.atMs - before.atMs)) / MS_PER_YEAR) * netUnits,
    vegaRupees: unit.vega * (to.volatility - from.volatility) * netUnits,
  };
  const actualRupees = ((after.pricePaise - before.pricePaise) * netUnits) / 100;
  const explained = parts.deltaRupees + parts.gammaRupees + parts.thetaRupees + parts.vegaRupees;
  return { actualRupees, ...parts, residualRupees: actualRupees - explained };
}

function markedHolding(contract: OptionTerms, { atMs, pricePaise, spotPaise }: Mark) {
  const { instrumentId, underlying } = contract;
  const price = {
    instrumentId,
    bidPaise: null,
    askPaise: null,
    lastPaise: pricePaise,
    quotedAtMs: atMs,
    staleAfterMs: 0,
  };
  const book = modelBook([{ contract, netUnits: 1 }], {
    atMs,
    spots: { [underlying]: spotPaise },
    prices: [price],
    vixCenti: null,
  });
  return book.holdings[0] ?? null;
}
