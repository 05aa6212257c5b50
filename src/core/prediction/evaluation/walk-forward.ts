// Splits of the past that never look ahead: a window of trading days to learn from, then the days right after it to be judged
// on, then the window moves on. What a label of the window rests on must have ended before the judged days begin (purging), with
// a distance to spare (embargo).
import { assert } from "../../kernel/assert.ts";
import { type Dataset, daysOf } from "../dataset.ts";

export interface WalkForwardOptions {
  /** Trading days to learn from. */
  readonly windowDays?: number;
  /** Trading days judged by one window: the time until it is learned anew. */
  readonly testDays?: number;
  /** Between the end of a learned label and the first judged row. */
  readonly embargoMs?: number;
  /** Only every so manyth split. */
  readonly every?: number;
}

export interface Split {
  /** Rows to learn from, in order. */
  readonly train: Int32Array;
  /** Rows to be judged on: `[testFrom, testTo)`. */
  readonly testFrom: number;
  readonly testTo: number;
}

/** Thirty trading days (C-18), learned anew every week, one cycle of distance. */
export const WALK_FORWARD = { windowDays: 30, testDays: 5, embargoMs: 900_000, every: 1 } as const;

export function walkForwardSplits(dataset: Dataset, options: WalkForwardOptions = {}): readonly Split[] {
  const { windowDays, testDays, embargoMs, every } = { ...WALK_FORWARD, ...options };
  assert(windowDays > 0 && testDays > 0 && every > 0, `windows of ${windowDays} days, judged on ${testDays}`);
  const days = daysOf(dataset);
  const firstRows = firstRowsOf(dataset);
  const splits: Split[] = [];
  for (let day = windowDays, count = 0; day < days.length; day += testDays, count += 1) {
    if (count % every !== 0) continue;
    const testFrom = firstRows[day] as number;
    const train = rowsEndingBefore(
      dataset,
      firstRows[day - windowDays] as number,
      testFrom,
      (dataset.atMs[testFrom] as number) - embargoMs,
    );
    splits.push({ train, testFrom, testTo: firstRows[Math.min(days.length, day + testDays)] as number });
  }
  return splits;
}

/** Rows `[from, to)` whose labels of both kinds rest on nothing after the instant. */
export function rowsEndingBefore(dataset: Dataset, from: number, to: number, beforeMs: number): Int32Array {
  const rows: number[] = [];
  for (let row = from; row < to; row += 1) {
    const endMs = Math.max(dataset.labelEndMs[row] as number, dataset.outcomeEndMs[row] as number);
    if (endMs <= beforeMs) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** The first row of every day, and at last the number of rows. */
export function firstRowsOf({ day, rows }: Dataset): Int32Array {
  const firsts: number[] = [];
  for (let row = 0; row < rows; row += 1) if (row === 0 || day[row] !== day[row - 1]) firsts.push(row);
  return Int32Array.from([...firsts, rows]);
}
