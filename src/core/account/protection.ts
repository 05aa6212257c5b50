// Which longs bound the loss of which shorts: those of the same underlying, expiry and type. A long that does is left after the
// short, never before it; a short that nothing bounds is closed unless the account may hold it.
import { coverageOf, coverKey, NO_COVERAGE } from "../order-list/coverage.ts";
import type { Position } from "../position/position.ts";
import { shortOptionsOf } from "../risk/effective-limits.ts";
import type { AccountState } from "./state.ts";

/** A long beside which a short of its kind is open. */
export const isProtecting = (state: AccountState, { contract, netUnits }: Position): boolean =>
  netUnits > 0 &&
  Object.values(state.openTrades).some(
    ({ position }) => position.netUnits < 0 && coverKey(position.contract) === coverKey(contract),
  );

/** A short that the account may not hold: it came about by an execution that was larger than its order, or lost its cover. */
export function isForbiddenShort(state: AccountState, { contract, netUnits }: Position): boolean {
  if (netUnits >= 0) return false;
  const allowed = shortOptionsOf(state.profile);
  if (allowed !== "DEFINED_RISK") return allowed === "NONE";
  const holdings = Object.values(state.openTrades).map(({ position }) => ({
    contract: position.contract,
    netUnits: position.netUnits,
    sellingUnits: 0,
  }));
  const { soldUnits, protectingUnits } = coverageOf(holdings).get(coverKey(contract)) ?? NO_COVERAGE;
  return soldUnits > protectingUnits;
}
