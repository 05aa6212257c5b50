// The figures that models are judged by, for some of the judged rows: one index, one VIX band, one time of day, or all.
import { UNDERLYINGS } from "../../src/core/instrument/contract.ts";
import { type DirectionFigures, directionFigures } from "../../src/core/prediction/evaluation/direction-figures.ts";
import { type JudgedModel, type JudgedRows, positionsWith } from "../../src/core/prediction/evaluation/judged-rows.ts";
import {
  type FigureOptions,
  type ViewFigures,
  viewFigures,
} from "../../src/core/prediction/evaluation/view-figures.ts";
import { volatilityBand } from "../../src/core/strategy/volatility-regime.ts";

/**
 * Four ways of training were compared before one was taken: windows of 30, 60 and 250 days, and deeper trees on the last. They
 * are reckoned as seven, because what is dropped while it is built has been tried too.
 */
export const VARIANTS_TRIED = 7;
export const FIGURES: FigureOptions = { seed: 1, repetitions: 1_000, trials: VARIANTS_TRIED };

export interface GroupFigures extends DirectionFigures, ViewFigures {
  readonly group: string;
}

type IsIn = (row: number) => boolean;

/** Empty groups are left out. */
export function groupsOf(
  judged: JudgedRows,
  groups: readonly (readonly [string, IsIn])[],
  base: Float64Array | null = null,
) {
  return groups.flatMap(([group, isIn]): GroupFigures[] => {
    const positions = positionsWith(judged, isIn);
    if (positions.length === 0) return [];
    return [
      {
        group,
        ...directionFigures(judged, "hybrid", positions, FIGURES, base),
        ...viewFigures(judged, positions, FIGURES),
      },
    ];
  });
}

export const byIndex = ({ dataset }: JudgedRows): readonly (readonly [string, IsIn])[] =>
  UNDERLYINGS.map((name, at) => [name, (row) => dataset.underlying[row] === at]);

const BANDS = [
  ["VIX below 15", "BELOW_15"],
  ["VIX 15 to below 20", "FROM_15"],
  ["VIX 20 to below 30", "FROM_20"],
  ["VIX from 30", "FROM_30"],
  ["VIX not known", "UNKNOWN"],
] as const;

export const byBand = ({ dataset }: JudgedRows): readonly (readonly [string, IsIn])[] =>
  BANDS.map(([words, name]) => [
    words,
    (row) => {
      const vix = dataset.vixCenti[row] as number;
      return volatilityBand(Number.isNaN(vix) ? null : vix).name === name;
    },
  ]);

/** By the number of the cycle: 1 begins at 09:15. */
const TIMES = [
  ["09:15 to 10:15", 1, 4],
  ["10:15 to 12:15", 5, 12],
  ["12:15 to 14:15", 13, 20],
  ["from 14:15", 21, 25],
] as const;

export const byTime = ({ dataset }: JudgedRows): readonly (readonly [string, IsIn])[] =>
  TIMES.map(([words, from, to]) => [
    words,
    (row) => (dataset.cycle[row] as number) >= from && (dataset.cycle[row] as number) <= to,
  ]);

export function modelFigures(judged: JudgedRows): readonly (DirectionFigures & { readonly model: JudgedModel })[] {
  const positions = positionsWith(judged);
  const models = Object.keys(judged.shares) as JudgedModel[];
  return models.map((model) => ({ model, ...directionFigures(judged, model, positions, FIGURES) }));
}
