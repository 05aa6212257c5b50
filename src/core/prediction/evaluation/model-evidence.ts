// What judged rows say about whether a model may be live: the evidence that promotion and drift ask for.
import { daysOf, takeRows } from "../dataset.ts";
import type { ModelEvidence } from "../promotion.ts";
import { directionFigures } from "./direction-figures.ts";
import { type JudgedRows, positionsWith } from "./judged-rows.ts";
import { type FigureOptions, outcomeReliability, viewFigures } from "./view-figures.ts";

/** `base`: shares of the classes known beforehand, where no base rates were judged beside. Null without a known direction. */
export function modelEvidence(
  judged: JudgedRows,
  options: FigureOptions,
  base: Float64Array | null = null,
): ModelEvidence | null {
  const positions = positionsWith(judged);
  if (positions.length === 0) return null;
  const { rows, gain, gainInterval } = directionFigures(judged, "hybrid", positions, options, base);
  const { ece, bins } = outcomeReliability(judged);
  return {
    days: daysOf(takeRows(judged.dataset, judged.rows)).length,
    rows,
    gain: gain ?? Number.NaN,
    gainInterval: gainInterval ?? { low: Number.NaN, high: Number.NaN },
    // What is spoken are the probabilities of outcomes, so their calibration is what counts.
    ece,
    eceOf: "OUTCOMES",
    above70: viewFigures(judged, positions, options).above70,
    outcomeReliability: bins.map((bin) => ({ rows: bin.rows, stated: bin.stated, observed: bin.observed })),
  };
}
