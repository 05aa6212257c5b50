// What the history reader did about bars that cannot be taken as they are. The rule, in full:
//
// - Left out: a row that is not a bar (cells, time, figures, a price of 0, a high below the close …), bars that start off the
//   grid of their interval, bars that start together but differ (neither is believed), a bar whose prices are out of all
//   proportion to its day, a day out of all proportion to the one before, and, unless asked for, bars outside the regular hours
//   and days with less than half of a session's bars.
// - Put right: rows out of order of time are sorted; of identical bars one is kept.
// - Left as it is: a hole. Nothing is invented for a silence, and a day cut short by a trading halt is a real day.
// - Refused: a file without the format's header, and one of which more than 1 % of the rows (and more than two) are damaged.
//
// Everything of this is reported with file and line.

export type RepairCode =
  | "ROW_MALFORMED"
  | "TIMESTAMP_MALFORMED"
  | "NUMBER_MALFORMED"
  | "PRICE_OUT_OF_RANGE"
  | "BAR_INCONSISTENT"
  | "BAR_OFF_GRID"
  | "BAR_OUTSIDE_HOURS"
  | "BAR_OUT_OF_ORDER"
  | "BAR_DUPLICATED"
  | "BAR_CONTRADICTED"
  | "PRICE_FOREIGN"
  | "DAY_FOREIGN"
  | "DAY_THIN"
  | "GAP";

export interface Repair {
  readonly code: RepairCode;
  readonly action: "LEFT_OUT" | "SORTED" | "REPORTED";
  readonly file: string;
  /** 1-based, the header being line 1: of the first bar concerned; for a hole, of the bar after it or, at the end, before it. */
  readonly line: number;
  /** Rows concerned; of a hole, the bars that are missing. */
  readonly bars: number;
  readonly detail: string;
}

export interface HistoryRefusal {
  readonly code: "HEADER_INVALID" | "FILE_UNREADABLE" | "FILE_DAMAGED";
  readonly file: string;
  readonly line: number;
  readonly detail: string;
}

const ACTION_OF: Readonly<Partial<Record<RepairCode, Repair["action"]>>> = {
  BAR_OUT_OF_ORDER: "SORTED",
  GAP: "REPORTED",
};

/** What says that the file is damaged, as against merely untidy or of another kind of session. */
const DAMAGE: ReadonlySet<RepairCode> = new Set<RepairCode>([
  "ROW_MALFORMED",
  "TIMESTAMP_MALFORMED",
  "NUMBER_MALFORMED",
  "PRICE_OUT_OF_RANGE",
  "BAR_INCONSISTENT",
  "BAR_OFF_GRID",
  "BAR_CONTRADICTED",
  "PRICE_FOREIGN",
  "DAY_FOREIGN",
]);

const DAMAGED_SHARE_MAX = 0.01;
const DAMAGED_ROWS_ALWAYS_BORNE = 2;

export type NewRepair = Pick<Repair, "code" | "file" | "line" | "detail"> & { readonly bars?: number };

/** Gathers repairs; one of the same kind on the very next line is counted with the one before it. */
export class RepairLog {
  readonly #repairs: Repair[] = [];

  add({ code, file, line, detail, bars = 1 }: NewRepair): void {
    const last = this.#repairs.at(-1);
    if (last?.code === code && code !== "GAP" && last.file === file && last.line + last.bars === line) {
      this.#repairs[this.#repairs.length - 1] = { ...last, bars: last.bars + bars };
    } else this.#repairs.push({ code, action: ACTION_OF[code] ?? "LEFT_OUT", file, line, bars, detail });
  }

  get repairs(): readonly Repair[] {
    return this.#repairs;
  }

  /** Why a file of so many rows is not to be used at all, if so. */
  refusalOf(file: string, rows: number): HistoryRefusal | null {
    const damage = this.#repairs.filter((repair) => repair.file === file && DAMAGE.has(repair.code));
    const damagedRows = damage.reduce((sum, { bars }) => sum + bars, 0);
    const [first] = damage;
    if (first === undefined || damagedRows <= Math.max(DAMAGED_ROWS_ALWAYS_BORNE, rows * DAMAGED_SHARE_MAX))
      return null;
    const detail = `${damagedRows} of ${rows} rows are damaged, more than 1 %; the first: ${first.detail} (${first.code})`;
    return { code: "FILE_DAMAGED", file, line: first.line, detail };
  }
}
