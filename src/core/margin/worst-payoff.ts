// The most that legs of one expiry can be worth to the other side when they expire: the width of a covered vertical, the
// wider wing of a condor. Exact integers of paise; Infinity where a short call is not covered.
import type { MarginLeg } from "./leg-values.ts";

/** Never negative. The payoff is straight between strikes, so that its lowest point lies at zero, at a strike, or nowhere. */
export function worstPayoffPaise(legs: readonly MarginLeg[]): number {
  let callUnits = 0;
  for (const leg of legs) if (leg.contract.optionType === "CALL") callUnits += leg.netUnits;
  if (callUnits < 0) return Number.POSITIVE_INFINITY;
  let worst = -payoffAt(legs, 0);
  for (const leg of legs) worst = Math.max(worst, -payoffAt(legs, leg.contract.strikePaise));
  return Math.max(0, worst);
}

/** What the legs pay at expiry at a price of the underlying, in paise. */
export function payoffAt(legs: readonly MarginLeg[], spotPaise: number): number {
  let sum = 0;
  for (const { contract, netUnits } of legs) {
    const inside = contract.optionType === "CALL" ? spotPaise - contract.strikePaise : contract.strikePaise - spotPaise;
    if (inside > 0) sum += inside * netUnits;
  }
  return sum;
}
