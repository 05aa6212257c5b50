// Sources count volume and open interest either in units (shares) or in contracts, and do not say which. They tell by their
// divisibility: what is counted in units comes in whole lots without exception, what is counted in contracts hardly ever.

export type FigureUnit = "UNITS" | "CONTRACTS" | "UNKNOWN";

/** With fewer figures than this, chance could make them all divisible. */
const FIGURES_MIN = 8;
/** A stray odd figure among thousands must not multiply a whole column. */
const WHOLE_LOTS_SHARE_MIN = 0.99;

/** Gathers one column of one file. */
export class UnitEvidence {
  #figures = 0;
  #wholeLots = 0;

  add(figure: number | null, lotSize: number): void {
    if (figure === null || figure === 0 || lotSize === 1) return;
    this.#figures += 1;
    if (figure % lotSize === 0) this.#wholeLots += 1;
  }

  get unit(): FigureUnit {
    if (this.#figures < FIGURES_MIN) return "UNKNOWN";
    return this.#wholeLots >= this.#figures * WHOLE_LOTS_SHARE_MIN ? "UNITS" : "CONTRACTS";
  }

  get isEmpty(): boolean {
    return this.#figures === 0;
  }
}

/** A figure in units; null when the unit could not be told, except that nothing is nothing in any unit. */
export function inUnits(figure: number | null, unit: FigureUnit, lotSize: number): number | null {
  if (figure === null || figure === 0) return figure;
  if (unit === "UNKNOWN") return null;
  return Math.round(unit === "CONTRACTS" ? figure * lotSize : figure);
}
