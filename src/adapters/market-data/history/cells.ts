// Reads the cells of a CSV file in place, byte by byte: a year of 1-minute bars takes a few hundredths of a second, and no
// string is made of a cell that is in order. What is not goes through the readers that the recorded sessions use, which name
// the fault; so there is one grammar.
import { isMarketDate, istInstant, type MarketDate, MS_PER_MINUTE, MS_PER_SECOND } from "../../../core/kernel/time.ts";
import { type FigureFault, hundredthsOf } from "../figures.ts";

const NEWLINE = 10;
const RETURN = 13;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const FIVE = 53;
const COLON = 58;
const LETTER_T = 84;
const WHOLE_DIGITS_MAX = 9;
const FRACTION_DIGITS_MAX = 12;
const OFFSET = "+05:30";
const TIME_LENGTH = "2025-08-29T09:15:00+05:30".length;
/** No market data are older; the calendar of instants begins in 1970. */
const FIRST_DAY = 19_800_101;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** The rows of a file, one after the other. Cells are read by their number in the row. */
export class CsvRows {
  readonly #bytes: Uint8Array;
  readonly #starts: number[] = [];
  #next: number;
  #end = 0;
  #line = 0;
  #day = -1;
  #midnightMs = Number.NaN;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#next = BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? BYTE_ORDER_MARK.length : 0;
  }

  /** Goes to the next line that is not empty; false at the end. */
  advance(): boolean {
    const bytes = this.#bytes;
    while (this.#next < bytes.length) {
      const start = this.#next;
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      this.#next = end + 1;
      this.#line += 1;
      this.#end = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
      if (this.#end > start) {
        this.#findCells(start);
        return true;
      }
    }
    return false;
  }

  /** 1-based. */
  get line(): number {
    return this.#line;
  }

  get cellCount(): number {
    return this.#starts.length;
  }

  text(cell: number): string {
    return String.fromCharCode(...this.#bytes.subarray(this.#startOf(cell), this.#endOf(cell)));
  }

  /** Hundredths of a plain decimal, or what is wrong with it. */
  hundredths(cell: number): number | FigureFault {
    const quick = this.#quickHundredths(this.#startOf(cell), this.#endOf(cell));
    return quick < 0 ? hundredthsOf(this.text(cell)) : quick;
  }

  /** The instant of an IST time with +05:30; NaN when it is none. */
  istTime(cell: number): number {
    const bytes = this.#bytes;
    const at = this.#startOf(cell);
    if (this.#endOf(cell) - at !== TIME_LENGTH) return Number.NaN;
    for (let offset = 0; offset < OFFSET.length; offset += 1) {
      if (bytes[at + 19 + offset] !== OFFSET.charCodeAt(offset)) return Number.NaN;
    }
    if (bytes[at + 10] !== LETTER_T || bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return Number.NaN;
    const [hour, minute, second] = [this.#twoDigits(at + 11), this.#twoDigits(at + 14), this.#twoDigits(at + 17)];
    if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
    return this.#midnightOf(at) + (hour * 60 + minute) * MS_PER_MINUTE + second * MS_PER_SECOND;
  }

  #findCells(start: number): void {
    const [bytes, starts, end] = [this.#bytes, this.#starts, this.#end];
    starts.length = 0;
    starts.push(start);
    for (let at = start; at < end; at += 1) if (bytes[at] === COMMA) starts.push(at + 1);
  }

  #startOf(cell: number): number {
    return this.#starts[cell] ?? this.#end;
  }

  #endOf(cell: number): number {
    const next = this.#starts[cell + 1];
    return next === undefined ? this.#end : next - 1;
  }

  /** Rounded half up, as `hundredthsOf` does; -1 where that one is to be asked. */
  #quickHundredths(from: number, to: number): number {
    const bytes = this.#bytes;
    let value = 0;
    let at = from;
    for (; at < to && bytes[at] !== DOT; at += 1) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    if (at === from || at - from > WHOLE_DIGITS_MAX) return -1;
    value *= 100;
    if (at === to) return value;
    const fraction = at + 1;
    if (fraction === to || to - fraction > FRACTION_DIGITS_MAX) return -1;
    for (at = fraction; at < to; at += 1) {
      const byte = bytes[at] as number;
      if (byte < ZERO || byte > ZERO + 9) return -1;
      if (at === fraction) value += (byte - ZERO) * 10;
      else if (at === fraction + 1) value += byte - ZERO;
      else if (at === fraction + 2 && byte >= FIVE) value += 1;
    }
    return value;
  }

  #twoDigits(at: number): number {
    const [tens, ones] = [(this.#bytes[at] as number) - ZERO, (this.#bytes[at + 1] as number) - ZERO];
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
  }

  /** Midnight of the date that starts here. Rows repeat their date, so the last one is kept. */
  #midnightOf(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return Number.NaN;
    const year = this.#twoDigits(at) * 100 + this.#twoDigits(at + 2);
    const day = (year * 100 + this.#twoDigits(at + 5)) * 100 + this.#twoDigits(at + 8);
    if (day !== this.#day) {
      const text = String.fromCharCode(...bytes.subarray(at, at + 10));
      this.#day = day;
      this.#midnightMs = day >= FIRST_DAY && isMarketDate(text) ? istInstant(text as MarketDate, "00:00") : Number.NaN;
    }
    return this.#midnightMs;
  }
}
