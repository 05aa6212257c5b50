import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileOf, HEADER, historyOf, refusalOf, rowsOf, soundRows } from "./history-files.ts";

const ROWS = soundRows(3);
const position = fc.nat(ROWS.length - 1);
const positions = (maxLength: number) => fc.uniqueArray(position, { minLength: 1, maxLength });
/** A row's line: the header is line 1. */
const lineOf = (at: number): number => at + 2;
const changed = (at: number, row: string): string[] => ROWS.with(at, row);
const cells = (at: number, change: (cells: string[]) => readonly string[]): string[] =>
  changed(at, change((ROWS[at] ?? "").split(",")).join());

test("a sound file is taken as it is, and nothing is reported", () => {
  const history = historyOf([fileOf(ROWS)]);
  expect(rowsOf(history)).toEqual(ROWS);
  expect(history.repairs).toEqual([]);
});

test("carriage returns, a byte order mark, empty lines and a missing last newline change nothing", () => {
  const text = `\uFEFF${[HEADER, ...ROWS.slice(0, 200), "", ...ROWS.slice(200)].join("\r\n")}`;
  expect(rowsOf(historyOf([{ file: "f", bytes: new TextEncoder().encode(text) }]))).toEqual(ROWS);
});

test("rows in any order make the same series, and every row after a later one is reported", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), (rows) => {
      const history = historyOf([fileOf(rows)]);
      expect(rowsOf(history)).toEqual(ROWS);
      const late = rows.filter((row, at) => rows.slice(0, at).some((earlier) => earlier > row));
      const reported = history.repairs.filter(({ code }) => code === "BAR_OUT_OF_ORDER");
      expect(reported.reduce((sum, { bars }) => sum + bars, 0)).toBe(late.length);
      expect(reported.every(({ action }) => action === "SORTED")).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("files in any order, cut anywhere and overlapping, make the same series", () => {
  fc.assert(
    fc.property(position, fc.nat(40), fc.boolean(), (cut, overlap, isSwapped) => {
      const files = [fileOf(ROWS.slice(0, cut + overlap), "one.csv"), fileOf(ROWS.slice(cut), "two.csv")];
      const history = historyOf(isSwapped ? files.toReversed() : files);
      expect(rowsOf(history)).toEqual(ROWS);
      const again = history.repairs.filter(({ code }) => code === "BAR_DUPLICATED");
      expect(again.reduce((sum, { bars }) => sum + bars, 0)).toBe(ROWS.slice(cut, cut + overlap).length);
      expect(history.repairs.length).toBe(again.length);
    }),
  );
});

test("a repeated bar is kept once, its repetition reported with its line", () => {
  fc.assert(
    fc.property(position, (at) => {
      const history = historyOf([fileOf(ROWS.toSpliced(at, 0, ROWS[at] ?? ""))]);
      expect(rowsOf(history)).toEqual(ROWS);
      expect(history.repairs).toMatchObject([
        { code: "BAR_DUPLICATED", action: "LEFT_OUT", line: lineOf(at + 1), bars: 1 },
      ]);
    }),
  );
});

test("of bars that contradict each other none is believed", () => {
  fc.assert(
    fc.property(position, (at) => {
      const other = (ROWS[at] ?? "").replace(/,([\d.]+),[\d.]+,,$/, ",$1,$1,,");
      const history = historyOf([fileOf(ROWS.toSpliced(at, 0, other))]);
      expect(rowsOf(history)).toEqual(ROWS.toSpliced(at, 1));
      expect(history.repairs.find(({ code }) => code === "BAR_CONTRADICTED")).toMatchObject({
        line: lineOf(at),
        bars: 2,
      });
    }),
  );
});

test("every missing bar of a session is in a reported hole, and no hole is filled", () => {
  fc.assert(
    fc.property(positions(80), (missing) => {
      // Short of half a session the day itself would go.
      const rows = ROWS.filter((_, at) => !missing.includes(at));
      const history = historyOf([fileOf(rows)]);
      expect(rowsOf(history)).toEqual(rows);
      expect(history.repairs.every(({ code, action }) => code === "GAP" && action === "REPORTED")).toBe(true);
      expect(history.repairs.reduce((sum, { bars }) => sum + bars, 0)).toBe(missing.length);
    }),
    { numRuns: 50 },
  );
});

const DAMAGES: readonly (readonly [string, (at: number) => string[]])[] = [
  ["ROW_MALFORMED", (at) => cells(at, (row) => row.slice(0, 4))],
  ["ROW_MALFORMED", (at) => cells(at, (row) => [...row, "1"])],
  ["TIMESTAMP_MALFORMED", (at) => cells(at, ([, ...row]) => ["2019-12-30 09:15:00", ...row])],
  ["TIMESTAMP_MALFORMED", (at) => cells(at, ([time = "", ...row]) => [time.replace("+05:30", "+00:00"), ...row])],
  [
    "TIMESTAMP_MALFORMED",
    (at) => cells(at, ([time = "", ...row]) => [time.replace(/^\d{4}-\d\d-\d\d/, "2019-02-30"), ...row]),
  ],
  ["TIMESTAMP_MALFORMED", (at) => cells(at, ([time = "", ...row]) => [time.replace(/T\d\d/, "T25"), ...row])],
  ["NUMBER_MALFORMED", (at) => cells(at, ([time = "", , ...row]) => [time, "", ...row])],
  ["NUMBER_MALFORMED", (at) => cells(at, ([time = "", , ...row]) => [time, "1.2e4", ...row])],
  ["NUMBER_MALFORMED", (at) => cells(at, ([time = "", , ...row]) => [time, "NaN", ...row])],
  [
    "PRICE_OUT_OF_RANGE",
    (at) => cells(at, ([time = "", open = "", high = "", , ...row]) => [time, open, high, "-12000.00", ...row]),
  ],
  [
    "PRICE_OUT_OF_RANGE",
    (at) => cells(at, ([time = "", open = "", high = "", , ...row]) => [time, open, high, "0", ...row]),
  ],
  [
    "BAR_INCONSISTENT",
    (at) => cells(at, ([time = "", open = "", high = "", low = "", ...row]) => [time, open, low, high, ...row]),
  ],
  ["BAR_OFF_GRID", (at) => cells(at, ([time = "", ...row]) => [time.replace(":00+", ":01+"), ...row])],
  ["BAR_OUTSIDE_HOURS", (at) => cells(at, ([time = "", ...row]) => [time.replace(/T\d\d:\d\d/, "T18:15"), ...row])],
  ["PRICE_FOREIGN", (at) => cells(at, ([time = ""]) => [time, "1500.00", "1501.00", "1499.00", "1500.50", "", ""])],
  ["PRICE_FOREIGN", (at) => cells(at, ([time = "", open = "", , ...row]) => [time, open, "120000.00", ...row])],
];

describe("a damaged row is left out alone, under its own name and line", () => {
  test.each(DAMAGES)("%s", (code, damage) => {
    fc.assert(
      fc.property(position, (at) => {
        const history = historyOf([fileOf(damage(at))]);
        expect(rowsOf(history)).toEqual(ROWS.toSpliced(at, 1));
        const [repair, ...others] = history.repairs.filter((each) => each.code !== "GAP");
        expect(repair).toMatchObject({
          code,
          action: "LEFT_OUT",
          file: "NIFTY50-3m-2019.csv",
          line: lineOf(at),
          bars: 1,
        });
        expect(others).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

test("a file of which more than 1 % of the rows are damaged is refused, with the first of them", () => {
  fc.assert(
    fc.property(positions(12), (damaged) => {
      const rows = ROWS.map((row, at) => (damaged.includes(at) ? row.replace("T", " ") : row));
      if (damaged.length <= ROWS.length * 0.01) {
        expect(rowsOf(historyOf([fileOf(rows)]))).toEqual(ROWS.filter((_, at) => !damaged.includes(at)));
      } else {
        expect(refusalOf([fileOf(ROWS, "sound.csv"), fileOf(rows)])).toMatchObject({
          code: "FILE_DAMAGED",
          file: "NIFTY50-3m-2019.csv",
          line: lineOf(Math.min(...damaged)),
        });
      }
    }),
  );
});

test("no bytes at all make the reader fail in another way than by a refusal", () => {
  const junk = fc.array(
    fc.constantFrom("\n", ",", "1", ".", "-", "T", ":", "+05:30", "\r", '"', "é", "2019-12-30", "9"),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(junk, fc.boolean(), (parts, hasHeader) => {
      const text = `${hasHeader ? `${HEADER}\n` : ""}${parts.join("")}`;
      const file = { file: "junk", bytes: new TextEncoder().encode(text) };
      if (!hasHeader) expect(refusalOf([file]).code).toBe("HEADER_INVALID");
      else {
        try {
          expect(historyOf([file]).series.length).toBe(0);
        } catch (error) {
          expect(String(error)).toContain("FILE_DAMAGED");
        }
      }
    }),
  );
});

describe("a day", () => {
  const DAY = 125;
  const second = ROWS.slice(DAY, 2 * DAY);

  test("with less than half of a session's bars is left out, unless everything is asked for", () => {
    const rows = [...ROWS.slice(0, DAY), ...second.slice(0, 62), ...ROWS.slice(2 * DAY)];
    const history = historyOf([fileOf(rows)]);
    expect(rowsOf(history)).toEqual(rows.filter((row) => !second.includes(row)));
    expect(history.repairs).toMatchObject([{ code: "DAY_THIN", line: lineOf(DAY), bars: 62 }]);
    expect(rowsOf(historyOf([fileOf(rows)], "ANY"))).toEqual(rows);
    const half = [...ROWS.slice(0, DAY), ...second.slice(0, 63), ...ROWS.slice(2 * DAY)];
    expect(rowsOf(historyOf([fileOf(half)]))).toEqual(half);
  });

  test("of another instrument spoils no more than itself, and in a small file that is too much", () => {
    const foreign = second.map((row) => row.replaceAll(/,1(\d{4}\.\d\d)/g, ",$1"));
    const rows = [...ROWS.slice(0, DAY), ...foreign, ...ROWS.slice(2 * DAY)];
    expect(refusalOf([fileOf(rows)])).toMatchObject({ code: "FILE_DAMAGED", line: lineOf(DAY) });
    const many = soundRows(150);
    const long = many.map((row, at) =>
      at >= 50 * DAY && at < 51 * DAY ? row.replaceAll(/,1(\d{4}\.\d\d)/g, ",$1") : row,
    );
    const history = historyOf([fileOf(long)]);
    expect(history.repairs).toMatchObject([{ code: "DAY_FOREIGN", line: lineOf(50 * DAY), bars: DAY }]);
    expect(history.series.length).toBe(149 * DAY);
  });
});

test.each([
  ["", "the file is empty"],
  ["timestamp,open,high,close,low\n", "expected a header"],
  [`${ROWS.join("\n")}\n`, "expected a header"],
])("a file without the format's header is refused: %j", (text, detail) => {
  const refusal = refusalOf([{ file: "f.csv", bytes: new TextEncoder().encode(text.slice(0, 90)) }]);
  expect(refusal).toMatchObject({ code: "HEADER_INVALID", file: "f.csv", line: 1 });
  expect(refusal.detail).toContain(detail);
});
