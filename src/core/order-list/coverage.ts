// Whether what is sold is covered by what is held: units of the same underlying, expiry and type, bought at any strike. A loss
// is then bounded by the distance of the strikes. Counted at its worst: everything under way that sells may deal before
// anything under way that buys.
import type { OptionContract } from "../instrument/contract.ts";

/** One instrument as the account holds it, with what is under way. */
export interface Holding {
  readonly contract: Pick<OptionContract, "instrumentId" | "underlying" | "expiry" | "optionType">;
  readonly netUnits: number;
  /** Not dealt yet of sales under way: those that open a short, and those that leave a long. */
  readonly sellingUnits: number;
}

export const coverKey = ({ underlying, expiry, optionType }: Holding["contract"]): string =>
  `${underlying}/${expiry}/${optionType}`;

export interface Coverage {
  /** Sold, or about to be. */
  readonly soldUnits: number;
  /** Held, and not about to be sold. */
  readonly protectingUnits: number;
}

export const NO_COVERAGE: Coverage = { soldUnits: 0, protectingUnits: 0 };

/** By underlying, expiry and type. */
export function coverageOf(holdings: Iterable<Holding>): ReadonlyMap<string, Coverage> {
  const byKey = new Map<string, Coverage>();
  for (const { contract, netUnits, sellingUnits } of holdings) {
    const key = coverKey(contract);
    const { soldUnits, protectingUnits } = byKey.get(key) ?? NO_COVERAGE;
    const worst = netUnits - sellingUnits;
    byKey.set(key, {
      soldUnits: soldUnits + Math.max(0, -worst),
      protectingUnits: protectingUnits + Math.max(0, worst),
    });
  }
  return byKey;
}

/** Units that could still be sold, short or out of the protection, without leaving anything uncovered. */
export const spareUnits = ({ soldUnits, protectingUnits }: Coverage): number =>
  Math.max(0, protectingUnits - soldUnits);
