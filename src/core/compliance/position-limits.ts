// SEBI's limits on index-option positions, in rupees of futures-equivalent: net and on each side, dated. An account is judged at
// worst, with a delta of one for every contract; the platform's sum is made with the model's delta.
import type { OptionContract, Underlying } from "../instrument/contract.ts";
import { MARKET_RULES, rowInForce } from "../instrument/market-rules.ts";
import { type Paise, paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

export interface PositionLimits {
  readonly netMaxPaise: Paise;
  /** Of the long and of the short side, each. */
  readonly grossMaxPaise: Paise;
}

const PAISE_PER_CRORE = 1_00_00_000 * 100;

/** During the day where the regulator has a figure for it, else its end-of-day figure. */
export function positionLimitsOn(date: MarketDate): PositionLimits | null {
  const { intraday, endOfDay } = MARKET_RULES.positionLimits;
  const row = rowInForce(intraday, date) ?? rowInForce(endOfDay, date);
  if (row === null) return null;
  return { netMaxPaise: paise(row.netCrore * PAISE_PER_CRORE), grossMaxPaise: paise(row.grossCrore * PAISE_PER_CRORE) };
}

export interface FutureEquivalent {
  readonly longPaise: number;
  readonly shortPaise: number;
  readonly netPaise: number;
}

export interface PositionLeg {
  readonly contract: Pick<OptionContract, "underlying" | "optionType" | "strikePaise">;
  /** Signed units. */
  readonly netUnits: number;
  /** Of one unit, between −1 and 1; null: at worst. */
  readonly delta: number | null;
}

/** What the legs of one underlying come to. Without a spot the strike stands for it. Rounded up, against the holder. */
export function futureEquivalentOf(
  underlying: Underlying,
  legs: readonly PositionLeg[],
  spotPaise: number | null,
): FutureEquivalent {
  let [longPaise, shortPaise] = [0, 0];
  for (const { contract, netUnits, delta } of legs) {
    if (contract.underlying !== underlying) continue;
    const perUnit = delta ?? (contract.optionType === "CALL" ? 1 : -1);
    const signed = perUnit * netUnits * (spotPaise ?? contract.strikePaise);
    longPaise += Math.max(0, Math.ceil(signed));
    shortPaise += Math.max(0, Math.ceil(-signed));
  }
  return { longPaise, shortPaise, netPaise: Math.abs(longPaise - shortPaise) };
}
