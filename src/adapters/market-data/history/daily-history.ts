// Reads the daily figures of an index: one row per date, in points as the source has
// them (India VIX carries four decimals), NaN where it has none. A close is what every row
// must have. Rows that are none are left out, rows out of order sorted, contradicting ones both left out, each reported; a file
// without the header or with more than 1 % of damage is refused, as for bars.
import { err, ok, type Result } from "../../../core/kernel/result.ts";
import { dayNumberOf, isMarketDate } from "../../../core/kernel/time.ts";
import type { FigureFault } from "../figures.ts";
import type { HistoryFile } from "./bar-rows.ts";
import { CsvRows } from "./cells.ts";
import { type HistoryRefusal, type Repair, RepairLog } from "./repair.ts";

export interface DailySeries {
  readonly length: number;
  /** Dates as yyyymmdd, in order. */
  readonly day: Int32Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

const HEADER = ["date", "open", "high", "low", "close"] as const;

interface DailyRow {
  readonly day: number;
  readonly line: number;
  readonly figures: readonly [open: number, high: number, low: number, close: number];
}

export function readDailyHistory({
  file,
  bytes,
}: HistoryFile): Result<{ readonly series: DailySeries; readonly repairs: readonly Repair[] }, HistoryRefusal> {
  const cells = new CsvRows(bytes);
  if (!cells.advance()) return err({ code: "HEADER_INVALID", file, line: 1, detail: "the file is empty" });
  const names = Array.from({ length: cells.cellCount }, (_, cell) => cells.text(cell));
  if (HEADER.some((name, cell) => names[cell] !== name)) {
    const detail = `expected a header that begins with ${HEADER.join()}, found ${names.join().slice(0, 120)}`;
    return err({ code: "HEADER_INVALID", file, line: cells.line, detail });
  }
  const log = new RepairLog();
  const rows: DailyRow[] = [];
  let count = 0;
  while (cells.advance()) {
    count += 1;
    const row = rowOf(cells, names.length);
    if ("code" in row) log.add({ ...row, file, line: cells.line });
    else rows.push(row);
  }
  const kept = settled(file, inOrder(file, rows, log), log);
  const refusal = log.refusalOf(file, count);
  return refusal === null ? ok({ series: seriesOf(kept), repairs: log.repairs }) : err(refusal);
}

function rowOf(cells: CsvRows, cellCount: number): DailyRow | Pick<Repair, "code" | "detail"> {
  if (cells.cellCount !== cellCount) {
    return { code: "ROW_MALFORMED", detail: `${cells.cellCount} cells where the header has ${cellCount}` };
  }
  const date = cells.text(0);
  if (!isMarketDate(date)) return { code: "TIMESTAMP_MALFORMED", detail: `"${date.slice(0, 40)}" is not a date` };
  const read = (cell: number): number | FigureFault => {
    const fault = cells.text(cell) === "" ? Number.NaN : cells.hundredths(cell);
    return typeof fault === "string" ? fault : Number(cells.text(cell) || Number.NaN);
  };
  const [open, high, low, close] = [read(1), read(2), read(3), read(4)];
  if (typeof open === "string" || typeof high === "string" || typeof low === "string" || typeof close === "string") {
    return { code: "NUMBER_MALFORMED", detail: `a figure of ${date} is not a plain decimal number from 0` };
  }
  if (!(close > 0)) return { code: "PRICE_OUT_OF_RANGE", detail: `${date} has no close above 0` };
  if (low > Math.min(high, close) || high < close) {
    return { code: "BAR_INCONSISTENT", detail: `the close of ${date} is not between its low and its high` };
  }
  return { day: dayNumberOf(date), line: cells.line, figures: [open, high, low, close] };
}

function inOrder(file: string, rows: readonly DailyRow[], log: RepairLog): readonly DailyRow[] {
  let latest = 0;
  for (const { day, line } of rows) {
    if (day < latest) log.add({ code: "BAR_OUT_OF_ORDER", file, line, detail: `${day} comes after ${latest}` });
    latest = Math.max(latest, day);
  }
  return rows.toSorted((left, right) => left.day - right.day);
}

function settled(file: string, rows: readonly DailyRow[], log: RepairLog): DailyRow[] {
  const byDay = Map.groupBy(rows, ({ day }) => day);
  return [...byDay.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) return group;
    const isSame = others.every(({ figures }) => figures.every((figure, at) => Object.is(figure, first.figures[at])));
    for (const { day, line } of isSame ? others : group) {
      log.add(
        isSame
          ? { code: "BAR_DUPLICATED", file, line, detail: `again the row of ${day}` }
          : { code: "BAR_CONTRADICTED", file, line, detail: `differs from another row of ${day}` },
      );
    }
    return isSame ? [first] : [];
  });
}

const seriesOf = (rows: readonly DailyRow[]): DailySeries => {
  const column = (at: 0 | 1 | 2 | 3) => Float64Array.from(rows, ({ figures }) => figures[at]);
  return {
    length: rows.length,
    day: Int32Array.from(rows, ({ day }) => day),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
  };
};
