// From the rows of bar files to columns of numbers. What is not a bar, lies off the grid or outside the hours stays behind with
// a report; order is not looked at here.
import { err, ok, type Result } from "../../../core/kernel/result.ts";
import { epochMs, formatIstTime, istMsOfDay, MS_PER_MINUTE } from "../../../core/kernel/time.ts";
import { CsvRows } from "./cells.ts";
import type { HistoryRefusal, RepairCode, RepairLog } from "./repair.ts";

/** A file's bytes, unzipped, under the name that reports use. */
export interface HistoryFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** REGULAR: 09:15 to 15:30 and days with at least half of such a session's bars. ANY: everything there is. */
export type HistoryHours = "REGULAR" | "ANY";

export const OPEN_MS = (9 * 60 + 15) * MS_PER_MINUTE;
export const CLOSE_MS = (15 * 60 + 30) * MS_PER_MINUTE;
const HEADER = ["timestamp", "open", "high", "low", "close"] as const;
const NEWLINE = 10;

/** Bars as read, each with where it stands. */
export interface RawBars {
  readonly files: readonly string[];
  readonly startMs: Float64Array;
  readonly openPaise: Float64Array;
  readonly highPaise: Float64Array;
  readonly lowPaise: Float64Array;
  readonly closePaise: Float64Array;
  /** Position in `files`. */
  readonly file: Uint16Array;
  readonly line: Uint32Array;
  length: number;
}

export function roomFor(files: readonly HistoryFile[]): RawBars {
  let rows = 0;
  for (const { bytes } of files) {
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) rows += 1;
    rows += 1;
  }
  const column = () => new Float64Array(rows);
  return {
    files: files.map(({ file }) => file),
    startMs: column(),
    openPaise: column(),
    highPaise: column(),
    lowPaise: column(),
    closePaise: column(),
    file: new Uint16Array(rows),
    line: new Uint32Array(rows),
    length: 0,
  };
}

interface Reading {
  readonly bars: RawBars;
  readonly intervalMs: number;
  readonly hours: HistoryHours;
  readonly log: RepairLog;
}

/** Adds the bars of one file and answers with the number of its rows. */
export function readBarRows(
  { file, bytes }: HistoryFile,
  fileNumber: number,
  reading: Reading,
): Result<number, HistoryRefusal> {
  const rows = new CsvRows(bytes);
  if (!rows.advance()) return err({ code: "HEADER_INVALID", file, line: 1, detail: "the file is empty" });
  const names = Array.from({ length: rows.cellCount }, (_, cell) => rows.text(cell));
  if (HEADER.some((name, cell) => names[cell] !== name)) {
    const detail = `expected a header that begins with ${HEADER.join()}, found ${names.join().slice(0, 120)}`;
    return err({ code: "HEADER_INVALID", file, line: rows.line, detail });
  }
  let count = 0;
  while (rows.advance()) {
    count += 1;
    const fault = rows.cellCount === names.length ? takeRow(rows, fileNumber, reading) : cellFault(rows, names.length);
    if (fault !== null) reading.log.add({ ...fault, file, line: rows.line });
  }
  return ok(count);
}

interface Fault {
  readonly code: RepairCode;
  readonly detail: string;
}

const cellFault = (rows: CsvRows, expected: number): Fault => ({
  code: "ROW_MALFORMED",
  detail: `${rows.cellCount} cells where the header has ${expected}`,
});

function takeRow(rows: CsvRows, fileNumber: number, { bars, intervalMs, hours }: Reading): Fault | null {
  const startMs = rows.istTime(0);
  if (Number.isNaN(startMs)) {
    return { code: "TIMESTAMP_MALFORMED", detail: `"${rows.text(0).slice(0, 40)}" is not an IST time with +05:30` };
  }
  const [open, high, low, close] = [rows.hundredths(1), rows.hundredths(2), rows.hundredths(3), rows.hundredths(4)];
  if (typeof open === "string" || typeof high === "string" || typeof low === "string" || typeof close === "string") {
    return figureFault(rows);
  }
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) {
    return { code: "PRICE_OUT_OF_RANGE", detail: `a price of 0 in ${shown(rows)}` };
  }
  if (low > open || low > close || high < open || high < close) {
    return { code: "BAR_INCONSISTENT", detail: `not a bar: ${shown(rows)}` };
  }
  const ofDay = istMsOfDay(epochMs(startMs));
  if ((ofDay - OPEN_MS) % intervalMs !== 0) {
    return {
      code: "BAR_OFF_GRID",
      detail: `${rows.text(0)} does not start a bar of ${intervalMs / MS_PER_MINUTE} min`,
    };
  }
  if (hours === "REGULAR" && (ofDay < OPEN_MS || ofDay >= CLOSE_MS)) {
    return { code: "BAR_OUTSIDE_HOURS", detail: `${formatIstTime(epochMs(startMs))} is outside 09:15 to 15:30` };
  }
  const at = bars.length;
  bars.startMs[at] = startMs;
  bars.openPaise[at] = open;
  bars.highPaise[at] = high;
  bars.lowPaise[at] = low;
  bars.closePaise[at] = close;
  bars.file[at] = fileNumber;
  bars.line[at] = rows.line;
  bars.length += 1;
  return null;
}

function figureFault(rows: CsvRows): Fault {
  const cell = [1, 2, 3, 4].find((number) => typeof rows.hundredths(number) === "string") ?? 1;
  const text = `${HEADER[cell]} is "${rows.text(cell).slice(0, 40)}"`;
  return rows.hundredths(cell) === "NEGATIVE"
    ? { code: "PRICE_OUT_OF_RANGE", detail: `${text}, below 0` }
    : { code: "NUMBER_MALFORMED", detail: `${text}, not a plain decimal number` };
}

const shown = (rows: CsvRows): string =>
  `open ${rows.text(1)}, high ${rows.text(2)}, low ${rows.text(3)}, close ${rows.text(4)}`;
