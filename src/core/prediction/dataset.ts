// The table that models learn from and are judged on: one row per underlying, day and cycle, features as columns. A row holds
// only what was known at its instant; a label says until when the future it was made of reaches, so that a split can keep apart
// what overlaps. NaN is a missing figure and 255 an unknown label; neither is ever a value.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { assert, required } from "../kernel/assert.ts";

/** The order of every class array (AI-06). */
export const CLASSES = ["BEARISH", "NEUTRAL", "BULLISH"] as const;
export type ViewClass = (typeof CLASSES)[number];
export const BEARISH = 0;
export const NEUTRAL = 1;
export const BULLISH = 2;
/** A label that cannot be known. */
export const UNKNOWN_LABEL = 255;

/** Rows are in the order of `atMs`, then of `underlying`. */
export interface Dataset {
  readonly features: readonly string[];
  /** One array per feature, by row; NaN where the figure is missing. */
  readonly columns: readonly Float64Array[];
  readonly rows: number;
  /** Index into UNDERLYINGS. */
  readonly underlying: Uint8Array;
  /** The date as the number yyyymmdd. */
  readonly day: Int32Array;
  /** 1 is the cycle of the open. */
  readonly cycle: Uint8Array;
  /** The instant at which the row is known: the start of its cycle. */
  readonly atMs: Float64Array;
  /** The direction label rests on nothing after this instant. */
  readonly labelEndMs: Float64Array;
  /** Class of the next cycle's move, or `UNKNOWN_LABEL`. */
  readonly direction: Uint8Array;
  /** By class: 1 if the structure of that view made money after all costs, 0 if not, `UNKNOWN_LABEL`. */
  readonly outcome: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** By class: what one lot, or one set of the structure, earned after all costs; NaN where the outcome is unknown. */
  readonly netPaise?: readonly [Float64Array, Float64Array, Float64Array];
  /** The outcome labels rest on nothing after this instant. */
  readonly outcomeEndMs: Float64Array;
  /** India VIX × 100 as known at the row; NaN where it is not. */
  readonly vixCenti: Float64Array;
}

export const underlyingOfRow = (dataset: Dataset, row: number): Underlying =>
  required(UNDERLYINGS[dataset.underlying[row] ?? -1], `the underlying of row ${row}`);

/** The features of one row, into `into` where given. */
export function featuresOfRow(dataset: Dataset, row: number, into = new Float64Array(dataset.columns.length)) {
  for (const [at, column] of dataset.columns.entries()) into[at] = column[row] ?? Number.NaN;
  return into;
}

/** The rows `[from, to)` as a view: nothing is copied. */
export function sliceRows(dataset: Dataset, from: number, to: number): Dataset {
  assert(0 <= from && from <= to && to <= dataset.rows, `rows ${from} to ${to} of ${dataset.rows}`);
  return mapRows(dataset, to - from, (array) => array.subarray(from, to) as typeof array);
}

/** Copies of the rows named, in that order; the caller keeps them in order of time. */
export function takeRows(dataset: Dataset, rows: ArrayLike<number>): Dataset {
  return mapRows(dataset, rows.length, (array) => {
    const taken = new (array.constructor as new (length: number) => typeof array)(rows.length);
    for (let at = 0; at < rows.length; at += 1) taken[at] = array[rows[at] as number] as number;
    return taken;
  });
}

/** The rows whose day lies within `[fromDay, toDay]`, as a view. */
export function rowsOfDays(dataset: Dataset, fromDay: number, toDay: number): Dataset {
  const from = firstRowFrom(dataset.day, fromDay);
  return sliceRows(dataset, from, Math.max(from, firstRowFrom(dataset.day, toDay + 1)));
}

/** The days there are, each once, in order. */
export function daysOf({ day }: Dataset): number[] {
  const days: number[] = [];
  for (const each of day) if (each !== days.at(-1)) days.push(each);
  return days;
}

type RowArray = Float64Array | Uint8Array | Int32Array;

function mapRows(dataset: Dataset, rows: number, map: <A extends RowArray>(array: A) => A): Dataset {
  const [bearish, neutral, bullish] = dataset.outcome;
  const { netPaise } = dataset;
  return {
    features: dataset.features,
    columns: dataset.columns.map((column) => map(column)),
    rows,
    underlying: map(dataset.underlying),
    day: map(dataset.day),
    cycle: map(dataset.cycle),
    atMs: map(dataset.atMs),
    labelEndMs: map(dataset.labelEndMs),
    direction: map(dataset.direction),
    outcome: [map(bearish), map(neutral), map(bullish)],
    ...(netPaise === undefined ? {} : { netPaise: [map(netPaise[0]), map(netPaise[1]), map(netPaise[2])] }),
    outcomeEndMs: map(dataset.outcomeEndMs),
    vixCenti: map(dataset.vixCenti),
  };
}

function firstRowFrom(days: Int32Array, day: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] as number) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
