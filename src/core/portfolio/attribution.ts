// Where the realised result came from: the closed lots by who opened them, in which index, as what leg, and why they were closed.
// Every dimension adds up to the same total.
import { addPaise, type Paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { ClosedLot } from "./tax-lots.ts";

export const ATTRIBUTION_DIMENSIONS = ["strategy", "underlying", "leg", "exitReason"] as const;
export type AttributionDimension = (typeof ATTRIBUTION_DIMENSIONS)[number];

export interface AttributedResult {
  readonly name: string;
  readonly lots: number;
  readonly winners: number;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
}

const nameOf: Readonly<Record<AttributionDimension, (lot: ClosedLot) => string>> = {
  strategy: ({ opened }) => opened.strategy,
  underlying: ({ opened }) => opened.underlying,
  leg: (lot) => legOf(lot),
  exitReason: ({ closed }) => closed.exitReason ?? "NONE",
};

/** "LONG CALL"; within a list of orders "Leg 1 LONG CALL". */
function legOf({ opened, direction }: ClosedLot): string {
  const kind = `${direction} ${opened.optionType ?? "OPTION"}`;
  return typeof opened.legIndex === "number" ? `Leg ${opened.legIndex + 1} ${kind}` : kind;
}

/** Largest net result first; equal ones by name. */
export function attributionBy(dimension: AttributionDimension, lots: readonly ClosedLot[]): AttributedResult[] {
  return [...Map.groupBy(lots, nameOf[dimension])]
    .map(([name, group]) => attributed(name, group))
    .sort((left, right) => right.netPaise - left.netPaise || (left.name < right.name ? -1 : 1));
}

export const attributionTotal = (lots: readonly ClosedLot[]): AttributedResult => attributed("TOTAL", lots);

function attributed(name: string, lots: readonly ClosedLot[]): AttributedResult {
  let [realisedPaise, chargesPaise] = [ZERO_PAISE, ZERO_PAISE];
  for (const lot of lots) {
    realisedPaise = addPaise(realisedPaise, lot.realisedPaise);
    chargesPaise = addPaise(chargesPaise, lot.chargesPaise);
  }
  return {
    name,
    lots: lots.length,
    winners: lots.filter((lot) => lot.realisedPaise > 0).length,
    realisedPaise,
    chargesPaise,
    netPaise: subtractPaise(realisedPaise, chargesPaise),
  };
}
