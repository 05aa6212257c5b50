import { describe, expect, it } from "vitest";
import {
  type Dataset,
  daysOf,
  featuresOfRow,
  rowsOfDays,
  sliceRows,
  takeRows,
  underlyingOfRow,
} from "../../../../src/core/prediction/dataset.ts";

const days = [20240102, 20240102, 20240103, 20240105, 20240105];
const dataset: Dataset = {
  features: ["a", "b"],
  columns: [Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(Number.NaN, 10, 20, 30, 40)],
  rows: 5,
  underlying: Uint8Array.of(0, 1, 0, 0, 2),
  day: Int32Array.from(days),
  cycle: Uint8Array.of(1, 1, 1, 1, 1),
  atMs: Float64Array.of(1, 1, 2, 3, 3),
  labelEndMs: Float64Array.of(2, 2, 3, 4, 4),
  direction: Uint8Array.of(0, 1, 2, 255, 0),
  outcome: [Uint8Array.of(0, 1, 0, 1, 255), Uint8Array.of(1, 1, 1, 1, 1), Uint8Array.of(0, 0, 0, 0, 255)],
  outcomeEndMs: Float64Array.of(5, 5, 6, 7, 7),
  vixCenti: Float64Array.of(1_300, 1_300, 1_350, Number.NaN, 1_400),
};

describe("a dataset", () => {
  it("is sliced in every array at once and shares its memory", () => {
    const slice = sliceRows(dataset, 1, 4);
    expect(slice.rows).toBe(3);
    expect([...slice.direction]).toEqual([1, 2, 255]);
    expect([...slice.outcome[0]]).toEqual([1, 0, 1]);
    expect(slice.columns[1]?.buffer).toBe(dataset.columns[1]?.buffer);
    expect(() => sliceRows(dataset, 3, 6)).toThrow();
  });

  it("gives the rows of days, both ends included, and none where there are none", () => {
    expect([...rowsOfDays(dataset, 20240103, 20240105).atMs]).toEqual([2, 3, 3]);
    expect(rowsOfDays(dataset, 20240104, 20240104).rows).toBe(0);
    expect(rowsOfDays(dataset, 20250101, 20200101).rows).toBe(0);
    expect(daysOf(dataset)).toEqual([20240102, 20240103, 20240105]);
  });

  it("takes rows by number in every array", () => {
    const taken = takeRows(dataset, [4, 0]);
    expect([...taken.day]).toEqual([20240105, 20240102]);
    expect([...taken.outcome[2]]).toEqual([255, 0]);
    expect(taken.columns.map((column) => [...column])).toEqual([
      [4, 0],
      [40, Number.NaN],
    ]);
  });

  it("names a row's underlying and features, a missing one staying NaN", () => {
    expect(underlyingOfRow(dataset, 4)).toBe("SENSEX");
    expect([...featuresOfRow(dataset, 0)]).toEqual([0, Number.NaN]);
  });
});
