// Makes one series out of the bar files of an index. Either everything holds and what had to be done to it is listed, or the
// file that spoils it is refused; the rule is in `repair.ts`.
import { err, ok, type Result } from "../../../core/kernel/result.ts";
import { type BarSeries, blankSeries } from "../../../core/market/bar-series.ts";
import type { IndexName } from "../../../core/market/market-event.ts";
import { soundDays } from "./bar-days.ts";
import { orderedBars } from "./bar-order.ts";
import { type HistoryFile, type HistoryHours, type RawBars, readBarRows, roomFor } from "./bar-rows.ts";
import { type HistoryRefusal, type Repair, RepairLog } from "./repair.ts";

export interface History {
  readonly series: BarSeries;
  readonly repairs: readonly Repair[];
}

export interface HistoryOptions {
  readonly index: IndexName;
  readonly intervalMs: number;
  readonly hours: HistoryHours;
}

/** Reads files of one index and interval; their order matters only to reports. */
export function readHistory(files: readonly HistoryFile[], options: HistoryOptions): Result<History, HistoryRefusal> {
  const log = new RepairLog();
  const bars = roomFor(files);
  const rowsOf: number[] = [];
  for (const [number, file] of files.entries()) {
    const rows = readBarRows(file, number, { bars, log, ...options });
    if (!rows.ok) return rows;
    rowsOf.push(rows.value);
  }
  const order = orderedBars(bars, log);
  const ordered = seriesAt(bars, order, options);
  const places = { files: bars.files, file: bars.file, line: bars.line, order };
  const kept = soundDays(ordered, places, options.hours, log);
  for (const [number, { file }] of files.entries()) {
    const refusal = log.refusalOf(file, rowsOf[number] ?? 0);
    if (refusal !== null) return err(refusal);
  }
  return ok({
    series: kept.includes(0) ? seriesAt(ordered, positionsOf(kept), options) : ordered,
    repairs: log.repairs,
  });
}

type Columns = Omit<RawBars, "files" | "file" | "line" | "length">;

function seriesAt(bars: Columns, positions: Uint32Array, { index, intervalMs }: HistoryOptions): BarSeries {
  const series = blankSeries(index, intervalMs, positions.length);
  for (const column of COLUMNS) {
    const [from, to] = [bars[column], series[column]];
    for (let at = 0; at < positions.length; at += 1) to[at] = from[positions[at] as number] as number;
  }
  return series;
}

const COLUMNS = ["startMs", "openPaise", "highPaise", "lowPaise", "closePaise"] as const;

function positionsOf(marks: Uint8Array): Uint32Array {
  const positions = new Uint32Array(marks.length);
  let count = 0;
  for (let at = 0; at < marks.length; at += 1) {
    if (marks[at] === 0) continue;
    positions[count] = at;
    count += 1;
  }
  return positions.subarray(0, count);
}
