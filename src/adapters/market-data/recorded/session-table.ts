// Reads one CSV table of a recorded session row by row: exact header, a fixed number of cells, times of the session's own
// date. What does not hold is refused with the line.
import { CsvError, parse } from "csv-parse/sync";
import type { Paise } from "../../../core/kernel/money.ts";
import {
  type EpochMs,
  epochMs,
  istInstant,
  type MarketDate,
  MS_PER_MINUTE,
  MS_PER_SECOND,
} from "../../../core/kernel/time.ts";
import { type FigureFault, hundredthsOf, priceOf, quantityOf } from "../figures.ts";
import { refuse } from "./refusal.ts";

/** One file of the session, as text. */
export interface SessionText {
  readonly file: string;
  readonly text: string;
  readonly date: MarketDate;
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)\+05:30$/;

/** What the rows of a table share. A snapshot's rows repeat its time, so the last one read is kept. */
class TableReading {
  readonly file: string;
  readonly date: MarketDate;
  readonly position: ReadonlyMap<string, number>;
  readonly #midnightMs: number;
  #lastText: string | null = null;
  #lastMs = 0 as EpochMs;

  constructor(table: SessionText, columns: readonly string[]) {
    this.file = table.file;
    this.date = table.date;
    this.position = new Map(columns.map((column, index) => [column, index]));
    this.#midnightMs = istInstant(table.date, "00:00");
  }

  timestampOf(text: string, line: number): EpochMs {
    if (text === this.#lastText) return this.#lastMs;
    const match = TIMESTAMP.exec(text);
    if (match === null) {
      return refuse("TIMESTAMP_MALFORMED", this.file, line, `"${text.slice(0, 40)}" is not an IST time with +05:30`);
    }
    if (match[1] !== this.date) {
      return refuse("TIMESTAMP_FOREIGN_DATE", this.file, line, `${text} is not on ${this.date}`);
    }
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    this.#lastMs = epochMs(this.#midnightMs + minutes * MS_PER_MINUTE + Number(match[4]) * MS_PER_SECOND);
    this.#lastText = text;
    return this.#lastMs;
  }
}

/** One row; cells are named by the header's columns. */
export class SessionRow<Column extends string> {
  readonly line: number;
  readonly #table: TableReading;
  readonly #cells: readonly string[];

  constructor(table: TableReading, cells: readonly string[], line: number) {
    this.#table = table;
    this.#cells = cells;
    this.line = line;
  }

  get file(): string {
    return this.#table.file;
  }

  text(column: Column): string {
    return this.#cells[this.#table.position.get(column) ?? -1] ?? "";
  }

  timestamp(): EpochMs {
    return this.#table.timestampOf(this.#cells[0] ?? "", this.line);
  }

  /** A price that must be there and above zero. */
  price(column: Column): Paise {
    const value = this.optionalPrice(column);
    if (value === null || value === 0) {
      return refuse(
        "PRICE_OUT_OF_RANGE",
        this.file,
        this.line,
        `${column} is "${this.text(column)}", not a price above 0`,
      );
    }
    return value;
  }

  /** A price, or null for an empty cell. */
  optionalPrice(column: Column): Paise | null {
    const text = this.text(column);
    return text === "" ? null : this.#figure(column, priceOf(text));
  }

  optionalQuantity(column: Column): number | null {
    const text = this.text(column);
    return text === "" ? null : this.#figure(column, quantityOf(text));
  }

  /** Hundredths of a decimal, or null for an empty cell. */
  optionalHundredths(column: Column): number | null {
    const text = this.text(column);
    return text === "" ? null : this.#figure(column, hundredthsOf(text));
  }

  #figure<T extends number>(column: Column, value: T | FigureFault): T {
    if (typeof value === "number") return value;
    const shown = `${column} is "${this.text(column).slice(0, 40)}"`;
    return value === "NEGATIVE"
      ? refuse("PRICE_OUT_OF_RANGE", this.file, this.line, `${shown}, below 0`)
      : refuse("NUMBER_MALFORMED", this.file, this.line, `${shown}, not a plain decimal number`);
  }
}

/** Hands every row of a table to `onRow`, in the order of the file. The first column is the timestamp. */
export function readTable<Column extends string>(
  table: SessionText,
  columns: readonly Column[],
  onRow: (row: SessionRow<Column>) => void,
): void {
  const reading = new TableReading(table, columns);
  let isHeaderSeen = false;
  try {
    parse(table.text, {
      bom: true,
      // The format has no quoted cells; without them a stray quotation mark cannot swallow the lines that follow it.
      quote: false,
      skip_empty_lines: true,
      on_record: (cells: string[], context) => {
        if (isHeaderSeen) onRow(new SessionRow<Column>(reading, cells, context.lines));
        else checkHeader(table, columns, cells);
        isHeaderSeen = true;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : null;
    refuse("ROW_MALFORMED", table.file, line, error.message);
  }
  if (!isHeaderSeen) refuse("HEADER_INVALID", table.file, 1, "the file is empty");
}

function checkHeader(table: SessionText, columns: readonly string[], cells: readonly string[]): void {
  if (cells.join() !== columns.join()) {
    refuse("HEADER_INVALID", table.file, 1, `expected ${columns.join()}, found ${cells.join().slice(0, 200)}`);
  }
}
