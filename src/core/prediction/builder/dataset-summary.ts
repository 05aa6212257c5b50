// A dataset in figures, for people: how its classes are shared out, what each feature lacks, how often each structure made money.
import { CLASSES, type Dataset, UNKNOWN_LABEL } from "../dataset.ts";

export interface LabelShares {
  /** Rows with a known label. */
  readonly known: number;
  /** Share of the known ones, by class; for an outcome the share that made money. */
  readonly shares: readonly number[];
}

export interface DatasetSummary {
  readonly rows: number;
  readonly days: number;
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  readonly direction: LabelShares;
  /** In the order of the classes. */
  readonly outcomes: readonly (LabelShares & { readonly view: (typeof CLASSES)[number] })[];
  /** Share of rows in which a feature is missing. */
  readonly missing: readonly { readonly feature: string; readonly share: number }[];
}

export function datasetSummary(dataset: Dataset): DatasetSummary {
  const { rows, day, direction, outcome, features, columns } = dataset;
  return {
    rows,
    days: new Set(day).size,
    firstDay: day[0] ?? null,
    lastDay: day.at(-1) ?? null,
    direction: sharesOf(direction, CLASSES.length),
    outcomes: CLASSES.map((view, at) => {
      const { known, shares } = sharesOf(outcome[at] as Uint8Array, 2);
      return { view, known, shares: [shares[1] ?? Number.NaN] };
    }),
    missing: features.map((feature, at) => {
      const gaps = (columns[at] as Float64Array).reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
      return { feature, share: gaps / rows };
    }),
  };
}

function sharesOf(labels: Uint8Array, classes: number): LabelShares {
  const counts = new Array<number>(classes).fill(0);
  let known = 0;
  for (const label of labels) {
    if (label === UNKNOWN_LABEL) continue;
    known += 1;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return { known, shares: counts.map((count) => count / known) };
}
