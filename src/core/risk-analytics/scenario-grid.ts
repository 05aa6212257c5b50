// What the open positions would gain or lose if all indices moved by so much, volatility by so much, and time went on: every
// position valued anew by Black-Scholes in every cell. Model figures in rupees, never money.
import { MS_PER_DAY, MS_PER_MINUTE } from "../kernel/time.ts";
import { type ModelledBook, revaluer } from "./modelled-book.ts";

export interface ScenarioCell {
  /** Relative moves as fractions. */
  readonly spot: number;
  readonly volatility: number;
  readonly forwardMinutes: number;
  readonly resultRupees: number;
}

export interface ScenarioAxes {
  readonly spots: readonly number[];
  readonly volatilities: readonly number[];
  readonly forwardMinutes: readonly number[];
}

export const SCENARIO_SPOTS = [-0.05, -0.03, -0.02, -0.01, -0.005, 0, 0.005, 0.01, 0.02, 0.03, 0.05] as const;
export const SCENARIO_VOLATILITIES = [-0.25, 0, 0.25, 0.5] as const;

/** Now, an hour on, and a calendar day on. */
const FORWARD_MINUTES = [0, 60, MS_PER_DAY / MS_PER_MINUTE] as const;

export const SCENARIO_AXES: ScenarioAxes = {
  spots: SCENARIO_SPOTS,
  volatilities: SCENARIO_VOLATILITIES,
  forwardMinutes: FORWARD_MINUTES,
};

/** Cells in the order of the axes: time outermost, then volatility, then spot. */
export function scenarioGrid(book: ModelledBook, axes: ScenarioAxes = SCENARIO_AXES): ScenarioCell[] {
  const resultOf = revaluer(book);
  return axes.forwardMinutes.flatMap((forwardMinutes) =>
    axes.volatilities.flatMap((volatility) =>
      axes.spots.map((spot) => ({
        spot,
        volatility,
        forwardMinutes,
        resultRupees: resultOf(() => ({ spot, volatility, forwardMs: forwardMinutes * MS_PER_MINUTE })),
      })),
    ),
  );
}
