import fc from "fast-check";
import { expect, test } from "vitest";
import { hundredthsOf } from "../../../src/adapters/market-data/figures.ts";
import { CsvRows } from "../../../src/adapters/market-data/history/cells.ts";
import { ist } from "./history-files.ts";

const rowOf = (text: string): CsvRows => {
  const rows = new CsvRows(new TextEncoder().encode(text));
  rows.advance();
  return rows;
};

test("a figure is read as the reader of recorded sessions reads it, fault for fault", () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`));
  const decimal = fc
    .tuple(fc.constantFrom("", "-", "+"), digits(11), fc.option(digits(14)))
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? "" : `.${fraction}`}`);
  const rubbish = fc.stringMatching(/^[0-9.eE+-]{1,8}$/);
  fc.assert(
    fc.property(fc.oneof(decimal, rubbish), (text) => {
      expect(rowOf(`x,${text},y`).hundredths(1)).toBe(hundredthsOf(text));
    }),
    { numRuns: 1_000 },
  );
});

test("a time is read as the platform reads it, and a text that is none is none", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 315_513_000, max: 4_102_444_800 }),
      fc.nat(24),
      fc.constantFrom("x", "0", " ", ":"),
      (second, at, letter) => {
        const text = ist(second * 1_000);
        expect(rowOf(`${text},1`).istTime(0)).toBe(second * 1_000);
        const bent = `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
        const read = rowOf(`${bent},1`).istTime(0);
        if (Number.isNaN(read)) expect(bent).not.toBe(text);
        else expect(ist(read)).toBe(bent);
        expect(rowOf(`1979-12-31${text.slice(10)}`).istTime(0)).toBeNaN();
      },
    ),
    { numRuns: 1_000 },
  );
});
