import { describe, expect, test } from "vitest";
import { readDailyHistory } from "../../../src/adapters/market-data/history/daily-history.ts";

const HEADER = "date,open,high,low,close,volume";
const ROWS = [
  "2020-01-01,11.5,12.25,11,12,",
  "2020-01-02,,,,13.125,",
  "2020-01-03,17.240000,17.240000,17.240000,17.240000,5",
];
const read = (rows: readonly string[], header = HEADER) =>
  readDailyHistory({ file: "d.csv", bytes: new TextEncoder().encode([header, ...rows].join("\n")) });
const kept = (rows: readonly string[]) => {
  const result = read(rows);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};

test("daily figures are the source's own, and what the source does not have is not a number", () => {
  const { series, repairs } = kept(ROWS);
  expect(series.day).toEqual(Int32Array.of(20200101, 20200102, 20200103));
  expect(series.close).toEqual(Float64Array.of(12, 13.125, 17.24));
  expect(series.high).toEqual(Float64Array.of(12.25, Number.NaN, 17.24));
  expect(repairs).toEqual([]);
});

describe("repairs", () => {
  const days = (rows: readonly string[]) => [...kept(rows).series.day];
  const codes = (rows: readonly string[]) => kept(rows).repairs.map(({ code, line }) => [code, line]);
  const [first = "", second = "", third = ""] = ROWS;
  test("rows out of order are sorted", () => {
    expect(days([third, first, second])).toEqual([20200101, 20200102, 20200103]);
    expect(codes([third, first, second])).toEqual([["BAR_OUT_OF_ORDER", 3]]);
  });
  test("a repeated row is kept once, contradicting ones not at all", () => {
    expect(codes([first, second, second, third])).toEqual([["BAR_DUPLICATED", 4]]);
    expect(days([first, second, second, third])).toHaveLength(3);
    const other = "2020-01-02,,,,14,";
    expect(days([first, second, other, third])).toEqual([20200101, 20200103]);
    expect(codes([first, second, other, third])).toEqual([["BAR_CONTRADICTED", 3]]);
  });
  test.each([
    ["2020-02-30,1,1,1,1,", "TIMESTAMP_MALFORMED"],
    ["2020-01-06,1,1,1,1", "ROW_MALFORMED"],
    ["2020-01-06,1,1,1,one,", "NUMBER_MALFORMED"],
    ["2020-01-06,1,1,1,,", "PRICE_OUT_OF_RANGE"],
    ["2020-01-06,1,1,1,2,", "BAR_INCONSISTENT"],
  ])("%s is left out as %s", (row, code) => {
    expect(days([...ROWS, row])).toHaveLength(3);
    expect(codes([...ROWS, row])).toEqual([[code, 5]]);
  });
});

test("a file of mostly damaged rows, or without the header, is refused", () => {
  expect(read(["a,1,1,1,1,", "b,1,1,1,1,", "c,1,1,1,1,"])).toMatchObject({
    ok: false,
    error: { code: "FILE_DAMAGED", line: 2 },
  });
  expect(read(ROWS, "day,close")).toMatchObject({ ok: false, error: { code: "HEADER_INVALID", line: 1 } });
});
